//! Ages and sizes for people.

use borgq_query::quantity::{Duration, Size};
use chrono::TimeDelta;

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

/// A size with a binary unit: `512 B`, `1.5 GiB`.
///
/// ```
/// assert_eq!(borgq_report::human::size(1536), "1.5 KiB");
/// ```
#[must_use]
pub fn size(bytes: u64) -> String {
    Size::from_bytes(bytes).human()
}
