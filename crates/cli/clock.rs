//! The one place that reads the clock.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, TimeDelta, Utc};

/// The present time in whole seconds, which is all that ages need.
#[expect(clippy::disallowed_methods, reason = "time enters the program here")]
pub fn now() -> DateTime<Utc> {
    instant(SystemTime::now()).unwrap_or(DateTime::UNIX_EPOCH)
}

/// A time of the system, such as that of a file, in whole seconds.
pub fn instant(time: SystemTime) -> Option<DateTime<Utc>> {
    let since_1970 = match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).ok()?,
        Err(before) => -i64::try_from(before.duration().as_secs()).ok()?,
    };
    DateTime::UNIX_EPOCH.checked_add_signed(TimeDelta::try_seconds(since_1970)?)
}
