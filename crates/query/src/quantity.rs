//! Durations and sizes, read and written in one syntax everywhere.

use std::fmt;
use std::str::FromStr;

use chrono::TimeDelta;

/// A duration: `90`, `90s`, `26h`, `1d2h`, `1.5h`, `2w`.
///
/// Units are `us`, `ms`, `s`, `m` (minutes), `h`, `d` and `w`; a number alone counts
/// seconds. Each unit stands once, the largest first; a fraction may stand in
/// the last number. Months and years are refused: they have no fixed length.
///
/// Printing then reading gives the same duration.
///
/// ```
/// use borgq_query::quantity::Duration;
///
/// let duration: Duration = "1d2h".parse()?;
/// assert_eq!(duration.to_time_delta(), chrono::TimeDelta::hours(26));
/// assert_eq!(duration.to_string(), "1d2h");
/// assert_eq!("26h".parse::<Duration>()?, duration);
/// # Ok::<(), borgq_query::quantity::QuantityError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration {
    micros: i64,
}

const UNITS: [(&str, i64); 7] = [
    ("w", 7 * 86_400_000_000),
    ("d", 86_400_000_000),
    ("h", 3_600_000_000),
    ("m", 60_000_000),
    ("s", 1_000_000),
    ("ms", 1_000),
    ("us", 1),
];

/// Why a text is no duration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuantityError(String);

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for QuantityError {}

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self { micros: 0 };

    /// A duration of whole microseconds. Negative ones become zero, a finer
    /// rest counts as a microsecond: no age is too small.
    #[must_use]
    pub fn of(delta: TimeDelta) -> Self {
        let whole = delta.num_microseconds().unwrap_or(i64::MAX);
        let rest = delta > TimeDelta::microseconds(whole);
        Self {
            micros: whole.saturating_add(i64::from(rest)).max(0),
        }
    }

    /// The duration for calculations.
    #[must_use]
    pub fn to_time_delta(self) -> TimeDelta {
        TimeDelta::microseconds(self.micros)
    }

    /// Whole seconds and the rest as a plain decimal: `93600` or `0.5`.
    #[must_use]
    pub fn seconds_text(self) -> String {
        let (seconds, micros) = (self.micros / 1_000_000, self.micros % 1_000_000);
        if micros == 0 {
            return seconds.to_string();
        }
        format!("{seconds}.{micros:06}")
            .trim_end_matches('0')
            .to_owned()
    }
}

fn parse(text: &str) -> Result<i64, String> {
    let mut rest = text;
    let mut total = 0_i64;
    // Where in UNITS the next unit may stand.
    let mut next = 0;
    if rest.is_empty() {
        return Err("it is empty".into());
    }
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(rest.len());
        let (number, behind) = rest.split_at(digits);
        if number.is_empty() {
            return Err(format!("found {behind:?} in place of a number"));
        }
        let letters = behind
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(letters);
        let (at, size) = match UNITS
            .iter()
            .enumerate()
            .find(|(_, (name, _))| *name == unit)
        {
            Some((at, (_, size))) => (at, *size),
            None if unit.is_empty() && next == 0 => (UNITS.len(), 1_000_000),
            None if unit.is_empty() => return Err(format!("the number {number} has no unit")),
            None => return Err(format!("{unit:?} is no unit of time")),
        };
        if at < next {
            return Err(format!(
                "the unit {unit:?} stands behind a smaller or equal one"
            ));
        }
        next = at + 1;
        if number.contains('.') && !behind.is_empty() {
            return Err(format!("the fraction {number} is not in the last number"));
        }
        let micros = scaled(number, size).ok_or_else(|| {
            format!("{number}{unit} is not a whole number of microseconds, or too long")
        })?;
        total = total
            .checked_add(micros)
            .ok_or_else(|| "it is too long".to_owned())?;
        rest = behind;
    }
    Ok(total)
}

/// The decimal `number` times `size`, if that is a whole number.
fn scaled(number: &str, size: i64) -> Option<i64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if whole.is_empty() || fraction.is_empty() || fraction.contains('.') {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let scale = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    let product = digits.checked_mul(size.into())?;
    (product % scale == 0)
        .then_some(product / scale)?
        .try_into()
        .ok()
}

impl FromStr for Duration {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        parse(text).map(|micros| Self { micros }).map_err(|reason| {
            QuantityError(format!(
                "{text:?} is no duration: {reason}, expected one such as 90s, 26h or 1d12h"
            ))
        })
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.micros;
        let mut text = String::new();
        for (unit, size) in UNITS {
            // Weeks are read but not written: people count days.
            if unit != "w" && rest >= size {
                text.push_str(&format!("{}{unit}", rest / size));
                rest %= size;
            }
        }
        f.pad(if text.is_empty() { "0s" } else { &text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn reads(text: &str, seconds: &str, printed: &str) {
        let duration: Duration = text.parse().unwrap();
        assert_eq!(duration.seconds_text(), seconds);
        assert_eq!(duration.to_string(), printed);
    }

    #[test]
    fn durations_are_read_and_written_in_one_syntax() {
        reads("90", "90", "1m30s");
        reads("90s", "90", "1m30s");
        reads("26h", "93600", "1d2h");
        reads("1d2h", "93600", "1d2h");
        reads("2w", "1209600", "14d");
        reads("1.5h", "5400", "1h30m");
        reads("0", "0", "0s");
        reads("500ms", "0.5", "500ms");
        reads("1m0.25s", "60.25", "1m250ms");
        reads("0.000001", "0.000001", "1us");
    }

    #[track_caller]
    fn refuses(text: &str, reason: &str) {
        assert_eq!(
            text.parse::<Duration>().unwrap_err().to_string(),
            format!("{text:?} is no duration: {reason}, expected one such as 90s, 26h or 1d12h")
        );
    }

    #[test]
    fn what_is_no_duration_is_refused_with_a_reason() {
        refuses("", "it is empty");
        refuses("h", "found \"h\" in place of a number");
        refuses("-1h", "found \"-1h\" in place of a number");
        refuses("1 h", "\" h\" is no unit of time");
        refuses("1y", "\"y\" is no unit of time");
        refuses("1month", "\"month\" is no unit of time");
        refuses(
            "2h1d",
            "the unit \"d\" stands behind a smaller or equal one",
        );
        refuses(
            "1h1h",
            "the unit \"h\" stands behind a smaller or equal one",
        );
        refuses("1h30", "the number 30 has no unit");
        refuses("1.5h30m", "the fraction 1.5 is not in the last number");
        refuses(
            "1.2.3h",
            "1.2.3h is not a whole number of microseconds, or too long",
        );
        refuses("1e5", "\"e\" is no unit of time");
        refuses(
            "99999999999999999999d",
            "99999999999999999999d is not a whole number of microseconds, or too long",
        );
    }

    proptest! {
        #[test]
        fn printing_then_reading_a_duration_is_identity(micros in 0..i64::MAX) {
            let duration = Duration { micros };
            prop_assert_eq!(duration.to_string().parse::<Duration>().unwrap(), duration);
            prop_assert_eq!(duration.seconds_text().parse::<Duration>().unwrap(), duration);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,20}|[0-9.wdhms]{0,30}") {
            let _ = text.parse::<Duration>();
        }
    }
}
