//! Durations such as `26h` and `1d2h`.

use std::fmt;
use std::str::FromStr;

use chrono::TimeDelta;

use super::error::ParseQuantityError;
use super::number::{Number, Trouble, Written};

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The units in which durations are written, largest first. `min` is another name of `m`.
const UNITS: [(&str, i64); 7] = [
    ("w", 7 * DAY),
    ("d", DAY),
    ("h", HOUR),
    ("m", MINUTE),
    ("min", MINUTE),
    ("s", SECOND),
    ("ms", SECOND / 1000),
];

/// A span of time, exact to the microsecond; it may be negative.
///
/// Written as numbers with units, the largest unit first: `90s`, `26h`, `1d2h`
/// or `1d 2h`, `2w`, `500ms`. The last number may have a fraction (`1.5h`). A
/// number alone is seconds. A day is 24 hours and a week 7 days. Months and
/// years have no fixed length and are refused.
///
/// ```
/// use borgq_query::quantity::Duration;
/// let duration: Duration = "1d 2h".parse()?;
/// assert_eq!(duration, Duration::from_seconds(93_600));
/// assert_eq!(duration.to_string(), "26h");
/// assert_eq!(duration.human(), "1d 2h");
/// # Ok::<(), borgq_query::quantity::ParseQuantityError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(i64);

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// From microseconds.
    #[must_use]
    pub const fn from_microseconds(microseconds: i64) -> Self {
        Self(microseconds)
    }

    /// From whole seconds. More than 292,000 years become the longest duration there is.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(SECOND))
    }

    /// From seconds as a float, the way borg prints a run's duration, rounded to the microsecond.
    /// None if it is no number or too large.
    #[must_use]
    pub fn from_seconds_f64(seconds: f64) -> Option<Self> {
        const LIMIT: f64 = 9.2e18;
        let microseconds = (seconds * 1e6).round();
        (microseconds.abs() < LIMIT).then_some(Self(microseconds as i64))
    }

    /// The whole of it in microseconds.
    #[must_use]
    pub const fn microseconds(self) -> i64 {
        self.0
    }

    /// The plain number of seconds, exact.
    #[must_use]
    pub const fn seconds(self) -> Number {
        Number::new(self.0 as i128, 6)
    }

    /// A short text for people: the largest unit and the one below it, the rest cut off:
    /// `1d 2h`, `3m 5s`, `45s`, `350ms`.
    #[must_use]
    pub fn human(self) -> String {
        const STEPS: [(u64, &str); 5] = [
            (DAY.unsigned_abs(), "d"),
            (HOUR.unsigned_abs(), "h"),
            (MINUTE.unsigned_abs(), "m"),
            (SECOND.unsigned_abs(), "s"),
            (SECOND.unsigned_abs() / 1000, "ms"),
        ];
        let length = self.0.unsigned_abs();
        let mut steps = STEPS.iter().skip_while(|(unit, _)| length < *unit);
        let Some((unit, name)) = steps.next() else {
            return "0s".to_owned();
        };
        let sign = if self.0 < 0 { "-" } else { "" };
        let mut text = format!("{sign}{}{name}", length / unit);
        if let Some((below, name)) = steps.next().filter(|(_, name)| *name != "ms") {
            let count = length % unit / below;
            if count > 0 {
                text.push_str(&format!(" {count}{name}"));
            }
        }
        text
    }
}

impl FromStr for Duration {
    type Err = ParseQuantityError;

    fn from_str(text: &str) -> Result<Self, ParseQuantityError> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let mut parts = Parts {
            text,
            at: text.len() - unsigned.len(),
        };
        let mut total: i128 = 0;
        let mut last_unit = i64::MAX;
        loop {
            let start = parts.at;
            let (length, unit, fraction) = parts.next(start == text.len() - unsigned.len())?;
            if unit >= last_unit {
                return Err(parts.fail(start, "the units must go from large to small, each once"));
            }
            last_unit = unit;
            total += length;
            if parts.rest().is_empty() {
                break;
            }
            if fraction {
                return Err(parts.fail(start, "only the last number may have a fraction"));
            }
            if parts.rest().starts_with(' ') {
                parts.at += 1;
            }
        }
        if text.starts_with('-') {
            total = -total;
        }
        i64::try_from(total)
            .map(Self)
            .map_err(|_| parts.fail(0, "the duration is too long"))
    }
}

/// The parts `NUMBER UNIT` of a duration, one after the other.
struct Parts<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parts<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn fail(&self, at: usize, problem: impl Into<String>) -> ParseQuantityError {
        ParseQuantityError::new("duration", self.text, at, problem)
    }

    /// Microseconds, the unit, and whether the number had a fraction.
    fn next(&mut self, first: bool) -> Result<(i128, i64, bool), ParseQuantityError> {
        let start = self.at;
        if self.text.is_empty() {
            return Err(self.fail(0, "is empty, expected for instance `26h` or `1d2h`"));
        }
        let trouble = |trouble| match trouble {
            Trouble::NoDigit(skip) => {
                self.fail(start + skip, "expected a number, for instance in `26h`")
            }
            Trouble::TooLarge => self.fail(start, "the duration is too long"),
            Trouble::TooFine => self.fail(start, "it is finer than a microsecond"),
        };
        let number = Written::read(self.rest()).map_err(trouble)?;
        let unit_at = start + number.length;
        let after = self.text.get(unit_at..).unwrap_or_default();
        let end = after
            .find(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '.' | ',' | '-' | '+'))
            .unwrap_or(after.len());
        let name = after.get(..end).unwrap_or_default();
        let unit = if name.is_empty() {
            if !first || !after.is_empty() {
                return Err(self.fail(unit_at, "expected a unit: w, d, h, m, s or ms"));
            }
            SECOND
        } else {
            unit(name).map_err(|problem| self.fail(unit_at, problem))?
        };
        let length = number.times(unit.unsigned_abs().into()).map_err(trouble)?;
        if length > i128::from(i64::MAX) + 1 {
            return Err(trouble(Trouble::TooLarge));
        }
        self.at = unit_at + name.len();
        Ok((length, unit, number.fraction))
    }
}

fn unit(name: &str) -> Result<i64, String> {
    if let Some((_, unit)) = UNITS.iter().find(|(known, _)| *known == name) {
        return Ok(*unit);
    }
    let calendar = [
        "M", "mo", "mon", "month", "months", "y", "Y", "yr", "year", "years",
    ];
    if calendar.contains(&name) {
        return Err(format!(
            "{name:?} is refused because months and years have no fixed length, write days such as `30d` (or `m` for minutes)"
        ));
    }
    Err(format!(
        "unknown unit {name:?}, expected w, d, h, m, s or ms"
    ))
}

impl fmt::Display for Duration {
    /// The syntax that is read, exact: one unit if that makes a number below
    /// 100 (`26h`, `90m`), else days, hours, minutes and seconds (`4d5h`).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const STEPS: [(u64, &str); 3] = [
            (DAY.unsigned_abs(), "d"),
            (HOUR.unsigned_abs(), "h"),
            (MINUTE.unsigned_abs(), "m"),
        ];
        let second = SECOND.unsigned_abs();
        let mut rest = self.0.unsigned_abs();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        if 0 < rest && rest < second {
            return write!(f, "{}ms", Number::new(rest.into(), 3));
        }
        for (unit, name) in STEPS.into_iter().chain([(second, "s")]) {
            if rest.is_multiple_of(unit) && rest / unit < 100 && rest > 0 {
                return write!(f, "{}{name}", rest / unit);
            }
        }
        for (unit, name) in STEPS {
            if rest >= unit {
                write!(f, "{}{name}", rest / unit)?;
                rest %= unit;
            }
        }
        if rest > 0 || self.0 == 0 {
            write!(f, "{}s", Number::new(rest.into(), 6))?;
        }
        Ok(())
    }
}

impl TryFrom<TimeDelta> for Duration {
    type Error = DurationTooLong;

    /// What is finer than a microsecond is cut off.
    fn try_from(delta: TimeDelta) -> Result<Self, DurationTooLong> {
        delta
            .num_microseconds()
            .map(Self)
            .ok_or(DurationTooLong(()))
    }
}

impl From<Duration> for TimeDelta {
    fn from(duration: Duration) -> Self {
        Self::microseconds(duration.0)
    }
}

/// A duration of more than 292,000 years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DurationTooLong(());

impl fmt::Display for DurationTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the duration is longer than 292,000 years")
    }
}

impl std::error::Error for DurationTooLong {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn reads(text: &str, seconds: f64, prints: &str, human: &str) {
        let duration: Duration = text.parse().unwrap();
        assert_eq!(Some(duration), Duration::from_seconds_f64(seconds));
        assert_eq!(duration.to_string(), prints);
        assert_eq!(duration.human(), human);
    }

    #[track_caller]
    fn refuses(text: &str, why: &str) {
        let error = text.parse::<Duration>().unwrap_err();
        assert_eq!(error.to_string(), format!("bad duration {text:?}: {why}"));
    }

    #[test]
    fn durations_are_read_as_people_write_them() {
        reads("0", 0.0, "0s", "0s");
        reads("-0", 0.0, "0s", "0s");
        reads("90", 90.0, "90s", "1m 30s");
        reads("90s", 90.0, "90s", "1m 30s");
        reads("2.50", 2.5, "2.5s", "2s");
        reads("26h", 93_600.0, "26h", "1d 2h");
        reads("1d2h", 93_600.0, "26h", "1d 2h");
        reads("1d 2h", 93_600.0, "26h", "1d 2h");
        reads("24h", 86_400.0, "1d", "1d");
        reads("1.5h", 5_400.0, "90m", "1h 30m");
        reads("1d1.5h", 91_800.0, "1d1h30m", "1d 1h");
        reads("2w", 1_209_600.0, "14d", "14d");
        reads("400d", 34_560_000.0, "400d", "400d");
        reads("5min", 300.0, "5m", "5m");
        reads("3m5s", 185.0, "3m5s", "3m 5s");
        reads("500ms", 0.5, "500ms", "500ms");
        reads("1s500ms", 1.5, "1.5s", "1s");
        reads("0.0005s", 0.0005, "0.5ms", "0s");
        reads("-5m", -300.0, "-5m", "-5m");
        reads("-1d2h", -93_600.0, "-26h", "-1d 2h");
        reads("1d0h5m", 86_700.0, "1d5m", "1d");
        reads("0h", 0.0, "0s", "0s");
    }

    #[test]
    fn what_is_no_duration_is_refused_with_its_place() {
        refuses("", "is empty, expected for instance `26h` or `1d2h`");
        refuses(
            "-",
            "expected a number, for instance in `26h` (at character 2)",
        );
        refuses(
            "h",
            "expected a number, for instance in `26h` (at character 1)",
        );
        refuses(
            "+5",
            "expected a number, for instance in `26h` (at character 1)",
        );
        refuses(
            ".5h",
            "expected a number, for instance in `26h` (at character 1)",
        );
        refuses(
            "1.h",
            "expected a number, for instance in `26h` (at character 3)",
        );
        refuses(
            " 1h",
            "expected a number, for instance in `26h` (at character 1)",
        );
        refuses(
            "1h ",
            "expected a number, for instance in `26h` (at character 4)",
        );
        refuses(
            "1h  5m",
            "expected a number, for instance in `26h` (at character 4)",
        );
        refuses(
            "--1h",
            "expected a number, for instance in `26h` (at character 2)",
        );
        refuses(
            "1h-5m",
            "expected a number, for instance in `26h` (at character 3)",
        );
        refuses(
            "1,5h",
            "expected a unit: w, d, h, m, s or ms (at character 2)",
        );
        refuses(
            "1 h",
            "expected a unit: w, d, h, m, s or ms (at character 2)",
        );
        refuses(
            "1d2",
            "expected a unit: w, d, h, m, s or ms (at character 4)",
        );
        refuses(
            "1e3",
            "unknown unit \"e\", expected w, d, h, m, s or ms (at character 2)",
        );
        refuses(
            "26H",
            "unknown unit \"H\", expected w, d, h, m, s or ms (at character 3)",
        );
        refuses(
            "5µs",
            "unknown unit \"µs\", expected w, d, h, m, s or ms (at character 2)",
        );
        refuses(
            "٣h",
            "expected a number, for instance in `26h` (at character 1)",
        );
        refuses(
            "2h1d",
            "the units must go from large to small, each once (at character 3)",
        );
        refuses(
            "1h1h",
            "the units must go from large to small, each once (at character 3)",
        );
        refuses(
            "1m1min",
            "the units must go from large to small, each once (at character 3)",
        );
        refuses(
            "1.5d2h",
            "only the last number may have a fraction (at character 1)",
        );
        refuses(
            "0.0000001s",
            "it is finer than a microsecond (at character 1)",
        );
        refuses("300000000d", "the duration is too long (at character 1)");
        refuses(&"9".repeat(60), "the duration is too long (at character 1)");
        refuses(
            "3M",
            "\"M\" is refused because months and years have no fixed length, write days such as `30d` (or `m` for minutes) (at character 2)",
        );
        refuses(
            "1y",
            "\"y\" is refused because months and years have no fixed length, write days such as `30d` (or `m` for minutes) (at character 2)",
        );
    }

    #[test]
    fn the_longest_durations_are_read_back() {
        for microseconds in [i64::MIN, i64::MIN + 1, i64::MAX] {
            let duration = Duration::from_microseconds(microseconds);
            assert_eq!(duration.to_string().parse(), Ok(duration));
        }
    }

    #[test]
    fn a_float_that_is_no_length_is_none() {
        for seconds in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e13] {
            assert_eq!(Duration::from_seconds_f64(seconds), None);
        }
        let exact = Duration::from_microseconds(44_845);
        assert_eq!(Duration::from_seconds_f64(0.044_845), Some(exact));
    }

    proptest! {
        #[test]
        fn time_deltas_convert_there_and_back(microseconds: i64) {
            let duration = Duration::from_microseconds(microseconds);
            prop_assert_eq!(Duration::try_from(TimeDelta::from(duration)), Ok(duration));
        }
    }
}
