//! [`Range`]: the limits of the monitoring plugin guidelines, with units.

use std::fmt;
use std::str::FromStr;

use crate::quantity::Duration;
use crate::state::State;

/// A value that a [`Range`] can limit.
pub trait Limit: Ord + Copy + FromStr<Err: fmt::Display> + fmt::Display {
    /// Where a range begins that names only its end.
    const ZERO: Self;

    /// The number in the base unit, without the unit, as performance data has it.
    fn plain(&self) -> String;
}

impl Limit for Duration {
    const ZERO: Self = Self::ZERO;

    fn plain(&self) -> String {
        self.seconds_text()
    }
}

/// Which values are good: `[@]start:end`, both ends included.
///
/// | range | alerts |
/// | --- | --- |
/// | `26h` | below 0 or above 26 hours |
/// | `26h:` | below 26 hours |
/// | `~:26h` | above 26 hours |
/// | `1h:26h` | below 1 hour or above 26 hours |
/// | `@1h:26h` | from 1 hour to 26 hours, the ends included |
///
/// Printing then reading gives the same range.
///
/// ```
/// use borgq_query::quantity::Duration;
/// use borgq_query::threshold::Range;
///
/// let range: Range<Duration> = "26h".parse()?;
/// assert!(!range.alerts("26h".parse()?));
/// assert!(range.alerts("93601s".parse()?));
/// assert_eq!(range.plain(), "93600");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Range<T> {
    /// The first good value. `None` is minus infinity.
    start: Option<T>,
    /// The last good value. `None` is infinity.
    end: Option<T>,
    /// `@`: alert inside instead of outside.
    inside: bool,
}

impl<T: Limit> Range<T> {
    /// Whether a value alerts.
    #[must_use]
    pub fn alerts(&self, value: T) -> bool {
        let within = self.start.is_none_or(|start| start <= value)
            && self.end.is_none_or(|end| value <= end);
        within == self.inside
    }

    /// The range in base units, without the unit, as performance data has it.
    #[must_use]
    pub fn plain(&self) -> String {
        self.text(T::plain)
    }

    fn text(&self, print: impl Fn(&T) -> String) -> String {
        let mut text = String::from(if self.inside { "@" } else { "" });
        match &self.start {
            Some(start) if *start == T::ZERO && self.end.is_some() => {}
            Some(start) => text.push_str(&format!("{}:", print(start))),
            None => text.push_str("~:"),
        }
        if let Some(end) = &self.end {
            text.push_str(&print(end));
        }
        text
    }
}

impl<T: Limit> fmt::Display for Range<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text(T::to_string))
    }
}

/// Why a text is no [`Range`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RangeError(String);

impl fmt::Display for RangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for RangeError {}

impl<T: Limit> FromStr for Range<T> {
    type Err = RangeError;

    fn from_str(text: &str) -> Result<Self, RangeError> {
        let error = |reason: String| RangeError(format!("{text:?} is no range: {reason}"));
        let (rest, inside) = match text.strip_prefix('@') {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let limit = |text: &str| {
            text.parse::<T>()
                .map_err(|reason| error(reason.to_string()))
        };
        let (start, end) = match rest.split_once(':') {
            None => (Some(T::ZERO), Some(limit(rest)?)),
            Some(("", "")) => {
                return Err(error(
                    "it has no limit, expected one such as 26h or 1h:26h".into(),
                ));
            }
            Some((start, end)) => {
                let start = match start {
                    "~" => None,
                    "" => Some(T::ZERO),
                    start => Some(limit(start)?),
                };
                let end = if end.is_empty() {
                    None
                } else {
                    Some(limit(end)?)
                };
                (start, end)
            }
        };
        match (start, end) {
            (None, None) => Err(error("it has no limit, expected one such as ~:26h".into())),
            (Some(start), Some(end)) if start > end => {
                Err(error(format!("its start {start} is above its end {end}")))
            }
            _ => Ok(Self { start, end, inside }),
        }
    }
}

/// The limits of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limits<T> {
    /// Outside of it: WARNING.
    pub warning: Option<Range<T>>,
    /// Outside of it: CRITICAL. It is judged first.
    pub critical: Option<Range<T>>,
}

impl<T: Limit> Limits<T> {
    /// CRITICAL, WARNING or OK.
    #[must_use]
    pub fn judge(&self, value: T) -> State {
        if self.critical.is_some_and(|range| range.alerts(value)) {
            State::Critical
        } else if self.warning.is_some_and(|range| range.alerts(value)) {
            State::Warning
        } else {
            State::Ok
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn range(text: &str) -> Range<Duration> {
        text.parse().unwrap()
    }

    fn seconds(seconds: u32) -> Duration {
        seconds.to_string().parse().unwrap()
    }

    #[track_caller]
    fn alerts(text: &str, yes: &[u32], no: &[u32]) {
        for value in yes {
            assert!(
                range(text).alerts(seconds(*value)),
                "{text} is silent at {value}"
            );
        }
        for value in no {
            assert!(
                !range(text).alerts(seconds(*value)),
                "{text} alerts at {value}"
            );
        }
    }

    #[test]
    fn ranges_mean_what_the_plugin_guidelines_say() {
        alerts("10", &[11], &[0, 10]);
        alerts("10:", &[0, 9], &[10, 11]);
        alerts("~:10", &[11], &[0, 10]);
        alerts("10:20", &[9, 21], &[10, 20]);
        alerts("@10:20", &[10, 15, 20], &[9, 21]);
        alerts("0", &[1], &[0]);
        alerts("@0", &[0], &[1]);
        alerts(":10", &[11], &[0, 10]);
        alerts("1m:1h", &[59, 3601], &[60, 3600]);
    }

    #[test]
    fn critical_is_judged_first() {
        let limits = Limits {
            warning: Some(range("1h")),
            critical: Some(range("1m")),
        };
        assert_eq!(limits.judge(seconds(61)), State::Critical);
        assert_eq!(limits.judge(seconds(60)), State::Ok);
    }

    #[track_caller]
    fn refuses(text: &str, reason: &str) {
        let error = text.parse::<Range<Duration>>().unwrap_err().to_string();
        assert_eq!(error, format!("{text:?} is no range: {reason}"));
    }

    #[test]
    fn what_is_no_range_is_refused_with_a_reason() {
        refuses("30:10", "its start 30s is above its end 10s");
        refuses(":", "it has no limit, expected one such as 26h or 1h:26h");
        refuses("~:", "it has no limit, expected one such as ~:26h");
        let duration = |text: &str, reason: &str| {
            format!("{text:?} is no duration: {reason}, expected one such as 90s, 26h or 1d12h")
        };
        refuses("", &duration("", "it is empty"));
        refuses("@", &duration("", "it is empty"));
        refuses(
            "abc",
            &duration("abc", "found \"abc\" in place of a number"),
        );
        refuses("10:~", &duration("~", "found \"~\" in place of a number"));
        refuses("1:2:3", &duration("2:3", "\":\" is no unit of time"));
        refuses("-5", &duration("-5", "found \"-5\" in place of a number"));
        refuses("@@5", &duration("@5", "found \"@5\" in place of a number"));
    }

    #[test]
    fn performance_data_has_plain_seconds() {
        assert_eq!(range("26h").plain(), "93600");
        assert_eq!(range("@1m:1h").plain(), "@60:3600");
        assert_eq!(range("~:0.5").plain(), "~:0.5");
        assert_eq!(range("10:").plain(), "10:");
    }

    proptest! {
        #[test]
        fn printing_then_reading_a_range_is_identity(
            ends in prop::option::of((0..1_000_000u32, 0..1_000_000u32)), at: bool, open: bool,
        ) {
            let (start, end) = ends.unwrap_or((0, 5));
            let (start, end) = (start.min(end), start.max(end));
            let at = if at { "@" } else { "" };
            let text = if open { format!("{at}{start}:") } else { format!("{at}{start}:{end}") };
            let range = range(&text);
            prop_assert_eq!(range.to_string().parse::<Range<Duration>>().unwrap(), range);
            prop_assert_eq!(range.plain().parse::<Range<Duration>>().unwrap(), range);
        }
    }
}
