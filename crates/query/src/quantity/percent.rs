//! Percentages, and how much something has changed.

use std::fmt;
use std::str::FromStr;

use super::error::ParseQuantityError;
use super::number::{Number, Trouble, Written};

const SCALE: u8 = 6;
const ONE: i128 = 1_000_000;

/// Parts of a hundred, in steps of a millionth of a percent; it may be negative.
///
/// Written as a number with or without `%`: `-12.5%`, `50`.
///
/// ```
/// use borgq_query::quantity::Percent;
/// let change = Percent::of_change(200, 150).expect("there was something before");
/// assert_eq!(change.to_string(), "-25%");
/// assert_eq!(change.ratio().to_string(), "-0.25");
/// assert_eq!(Percent::of_change(0, 150), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(i128);

impl Percent {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From millionths of a percent.
    #[must_use]
    pub const fn from_millionths(millionths: i128) -> Self {
        Self(millionths)
    }

    /// By how much `now` differs from `before`. None if `before` is 0: then there is no ratio.
    ///
    /// What does not come out even is rounded away from zero, so that a change
    /// never looks smaller than it is, and none that happened looks like none.
    #[must_use]
    pub fn of_change(before: u64, now: u64) -> Option<Self> {
        let before = i128::from(before);
        // At most 2^64 * 10^8: far from the end of an i128.
        let difference = (i128::from(now) - before) * 100 * ONE;
        let quotient = difference.checked_div(before)?;
        let uneven = difference % before != 0;
        Some(Self(quotient + difference.signum() * i128::from(uneven)))
    }

    /// The plain number of percent, exact.
    #[must_use]
    pub const fn number(self) -> Number {
        Number::new(self.0, SCALE)
    }

    /// The plain number as a ratio, exact: 0.5 for 50 %.
    #[must_use]
    pub const fn ratio(self) -> Number {
        Number::new(self.0, SCALE + 2)
    }

    /// A short text for people, rounded to one decimal: `-12.5 %`.
    #[must_use]
    pub fn human(self) -> String {
        let tenth = ONE / 10;
        let half = self.0.signum() * tenth / 2;
        let tenths = self.0.saturating_add(half) / tenth;
        format!("{} %", Number::new(tenths, 1))
    }
}

impl FromStr for Percent {
    type Err = ParseQuantityError;

    fn from_str(text: &str) -> Result<Self, ParseQuantityError> {
        let fail = |at, problem: &str| ParseQuantityError::new("percentage", text, at, problem);
        if text.is_empty() {
            return Err(fail(0, "is empty, expected for instance `-12.5%`"));
        }
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let start = text.len() - unsigned.len();
        let trouble = |trouble| match trouble {
            Trouble::NoDigit(skip) => {
                fail(start + skip, "expected a number, for instance in `-12.5%`")
            }
            Trouble::TooLarge => fail(start, "the number is too large"),
            Trouble::TooFine => fail(start, "it is finer than a millionth of a percent"),
        };
        let number = Written::read(unsigned).map_err(trouble)?;
        let after = unsigned.get(number.length..).unwrap_or_default();
        if !matches!(after, "" | "%" | " %") {
            return Err(fail(start + number.length, "expected `%` or the end"));
        }
        let millionths = number.times(ONE.unsigned_abs()).map_err(trouble)?;
        Ok(Self(if start > 0 { -millionths } else { millionths }))
    }
}

impl fmt::Display for Percent {
    /// The syntax that is read, exact.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn percentages_are_read_as_people_write_them() {
        #[track_caller]
        fn reads(text: &str, prints: &str, human: &str) {
            let percent: Percent = text.parse().unwrap();
            assert_eq!(percent.to_string(), prints);
            assert_eq!(percent.human(), human);
        }
        reads("50", "50%", "50 %");
        reads("-12.5%", "-12.5%", "-12.5 %");
        reads("12.56 %", "12.56%", "12.6 %");
        reads("-12.56", "-12.56%", "-12.6 %");
        reads("-0.04", "-0.04%", "0 %");
        reads("-0", "0%", "0 %");
        reads("0.000001", "0.000001%", "0 %");
    }

    #[test]
    fn what_is_no_percentage_is_refused_with_its_place() {
        #[track_caller]
        fn refuses(text: &str, why: &str) {
            let error = text.parse::<Percent>().unwrap_err();
            assert_eq!(error.to_string(), format!("bad percentage {text:?}: {why}"));
        }
        refuses("", "is empty, expected for instance `-12.5%`");
        refuses(
            "%",
            "expected a number, for instance in `-12.5%` (at character 1)",
        );
        refuses(
            "+1",
            "expected a number, for instance in `-12.5%` (at character 1)",
        );
        refuses(
            "-",
            "expected a number, for instance in `-12.5%` (at character 2)",
        );
        refuses("5%%", "expected `%` or the end (at character 2)");
        refuses("1e3", "expected `%` or the end (at character 2)");
        refuses(
            "0.0000001",
            "it is finer than a millionth of a percent (at character 1)",
        );
        refuses(&"9".repeat(50), "the number is too large (at character 1)");
        refuses(&"9".repeat(37), "the number is too large (at character 1)");
    }

    #[test]
    fn a_change_is_rounded_away_from_zero() {
        let change = |before, now| Percent::of_change(before, now).map(|p| p.to_string());
        assert_eq!(change(3, 2).as_deref(), Some("-33.333334%"));
        assert_eq!(change(3, 4).as_deref(), Some("33.333334%"));
        assert_eq!(
            change(u64::MAX, u64::MAX - 1).as_deref(),
            Some("-0.000001%")
        );
        assert_eq!(change(10, 0).as_deref(), Some("-100%"));
        assert_eq!(change(7, 7).as_deref(), Some("0%"));
        assert_eq!(change(0, 0), None);
    }

    proptest! {
        #[test]
        fn a_change_has_the_sign_of_the_difference(before in 1_u64.., now: u64) {
            let change = Percent::of_change(before, now).unwrap();
            prop_assert_eq!(change.cmp(&Percent::ZERO), now.cmp(&before));
            prop_assert!(change >= Percent::from_millionths(-100 * ONE));
        }
    }
}
