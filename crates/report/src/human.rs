//! Ages and sizes for people.

use borgq_query::quantity::{Duration, Size};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

/// An age in its two largest units: `1d 2h`, `3m 5s`, `0s`.
///
/// ```
/// use borgq_report::human;
///
/// assert_eq!(human::duration(chrono::TimeDelta::seconds(93_600)), "1d 2h");
/// ```
#[must_use]
pub fn duration(duration: TimeDelta) -> String {
    Duration::try_from(duration)
        .unwrap_or(Duration::from_microseconds(i64::MAX))
        .human()
}

/// An instant in UTC to the second, the fraction cut off.
///
/// ```
/// let instant = "2025-03-01T03:00:00.5+01:00".parse().unwrap();
/// assert_eq!(borgq_report::human::instant(instant), "2025-03-01T02:00:00Z");
/// ```
#[must_use]
pub fn instant(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A size with a binary unit: `512 B`, `1.5 GiB`.
///
/// ```
/// assert_eq!(borgq_report::human::size(1536), "1.5 KiB");
/// ```
#[must_use]
pub fn size(bytes: u64) -> String {
    Size::from_bytes(bytes).human()
}
