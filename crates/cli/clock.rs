//! The one place that reads the clock.

use chrono::{DateTime, TimeDelta, Utc};

/// The present time in whole seconds, which is all that ages need.
#[expect(clippy::disallowed_methods, reason = "time enters the program here")]
pub fn now() -> DateTime<Utc> {
    let since_1970 = match std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_secs()).map_or(i64::MIN, |secs| -secs),
    };
    TimeDelta::try_seconds(since_1970)
        .and_then(|since| DateTime::UNIX_EPOCH.checked_add_signed(since))
        .unwrap_or(DateTime::UNIX_EPOCH)
}
