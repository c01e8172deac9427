//! Quantities: one syntax for durations and sizes everywhere, and exact numbers.
//!
//! A quantity is an integer of a small unit (microseconds, bytes, millionths of
//! a percent), so comparing and printing are exact: what is judged is the very
//! number that is printed.

mod duration;
mod error;
mod number;
mod percent;
mod size;

pub use duration::{Duration, DurationTooLong};
pub use error::ParseQuantityError;
pub use number::Number;
pub use percent::Percent;
pub use size::Size;

use std::cmp::Ordering;
use std::fmt;

/// What a quantity measures, and so how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Durations. Base unit: the second.
    Seconds,
    /// Sizes. Base unit: the byte.
    Bytes,
    /// Things that are counted.
    Count,
    /// Parts of a hundred.
    Percent,
}

impl Unit {
    /// The symbol of the base unit: `s`, `B`, nothing for a count, `%`.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Unit::Seconds => "s",
            Unit::Bytes => "B",
            Unit::Count => "",
            Unit::Percent => "%",
        }
    }
}

/// A number with its unit.
///
/// Two quantities compare only if they have the same unit.
///
/// ```
/// use borgq_query::quantity::{Quantity, Unit};
/// let age = Quantity::parse("1d2h", Unit::Seconds)?;
/// assert_eq!(age.number().to_string(), "93600");
/// assert_eq!(age.to_string(), "26h");
/// assert_eq!(age.human(), "1d 2h");
/// assert!(age < Quantity::parse("2d", Unit::Seconds)?);
/// # Ok::<(), borgq_query::quantity::ParseQuantityError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// A span of time.
    Duration(Duration),
    /// A number of bytes.
    Size(Size),
    /// A number of things.
    Count(u64),
    /// Parts of a hundred.
    Percent(Percent),
}

impl Quantity {
    /// Reads a quantity of this unit, as people write it or as [`number`](Self::number) prints it.
    ///
    /// # Errors
    /// If the text is no such quantity, or too large or too fine to be kept exactly.
    pub fn parse(text: &str, unit: Unit) -> Result<Self, ParseQuantityError> {
        Ok(match unit {
            Unit::Seconds => Self::Duration(text.parse()?),
            Unit::Bytes => Self::Size(text.parse()?),
            Unit::Count => Self::Count(parse_count(text)?),
            Unit::Percent => Self::Percent(text.parse()?),
        })
    }

    /// What it measures.
    #[must_use]
    pub const fn unit(self) -> Unit {
        match self {
            Self::Duration(_) => Unit::Seconds,
            Self::Size(_) => Unit::Bytes,
            Self::Count(_) => Unit::Count,
            Self::Percent(_) => Unit::Percent,
        }
    }

    /// The plain number in the base unit, exact: `93600` for 26 hours.
    #[must_use]
    pub const fn number(self) -> Number {
        match self {
            Self::Duration(duration) => duration.seconds(),
            Self::Size(size) => Number::new(size.bytes() as i128, 0),
            Self::Count(count) => Number::new(count as i128, 0),
            Self::Percent(percent) => percent.number(),
        }
    }

    /// A short text for people, rounded: `1d 2h`, `1.5 GiB`, `12`, `-3.5 %`.
    #[must_use]
    pub fn human(self) -> String {
        match self {
            Self::Duration(duration) => duration.human(),
            Self::Size(size) => size.human(),
            Self::Count(count) => count.to_string(),
            Self::Percent(percent) => percent.human(),
        }
    }

    /// Zero of this unit.
    #[must_use]
    pub const fn zero(unit: Unit) -> Self {
        match unit {
            Unit::Seconds => Self::Duration(Duration::ZERO),
            Unit::Bytes => Self::Size(Size::from_bytes(0)),
            Unit::Count => Self::Count(0),
            Unit::Percent => Self::Percent(Percent::ZERO),
        }
    }
}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Duration(a), Self::Duration(b)) => Some(a.cmp(b)),
            (Self::Size(a), Self::Size(b)) => Some(a.cmp(b)),
            (Self::Count(a), Self::Count(b)) => Some(a.cmp(b)),
            (Self::Percent(a), Self::Percent(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}

impl fmt::Display for Quantity {
    /// The syntax that [`Quantity::parse`] reads, exact.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duration(duration) => duration.fmt(f),
            Self::Size(size) => size.fmt(f),
            Self::Count(count) => count.fmt(f),
            Self::Percent(percent) => percent.fmt(f),
        }
    }
}

impl From<Duration> for Quantity {
    fn from(duration: Duration) -> Self {
        Self::Duration(duration)
    }
}

impl From<Size> for Quantity {
    fn from(size: Size) -> Self {
        Self::Size(size)
    }
}

impl From<Percent> for Quantity {
    fn from(percent: Percent) -> Self {
        Self::Percent(percent)
    }
}

fn parse_count(text: &str) -> Result<u64, ParseQuantityError> {
    let fail = |at, problem: &str| ParseQuantityError::new("count", text, at, problem);
    if text.is_empty() {
        return Err(fail(0, "is empty, expected a whole number such as `12`"));
    }
    if text.starts_with('-') {
        return Err(fail(0, "a count cannot be negative"));
    }
    if let Some(at) = text.find(|c: char| !c.is_ascii_digit()) {
        return Err(fail(at, "expected digits only, such as `12`"));
    }
    text.parse().map_err(|_| fail(0, "the number is too large"))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) fn quantity() -> impl Strategy<Value = Quantity> {
        prop_oneof![
            any::<i64>().prop_map(|n| Duration::from_microseconds(n).into()),
            (-999_999_i64..999_999).prop_map(|n| Duration::from_seconds(n).into()),
            any::<u64>().prop_map(|n| Size::from_bytes(n).into()),
            (0..9_u64, 0..60_u32).prop_map(|(n, shift)| Size::from_bytes(n << shift).into()),
            any::<u64>().prop_map(Quantity::Count),
            any::<i64>().prop_map(|n| Percent::from_millionths(n.into()).into()),
            (-999_i128..999).prop_map(|n| Percent::from_millionths(n * 100_000).into()),
        ]
    }

    #[test]
    fn a_count_is_a_whole_number() {
        assert_eq!(Quantity::parse("0", Unit::Count), Ok(Quantity::Count(0)));
        let error = |text| Quantity::parse(text, Unit::Count).unwrap_err().to_string();
        assert_eq!(
            error(""),
            "bad count \"\": is empty, expected a whole number such as `12`"
        );
        assert_eq!(
            error("-1"),
            "bad count \"-1\": a count cannot be negative (at character 1)"
        );
        assert_eq!(
            error("1.5"),
            "bad count \"1.5\": expected digits only, such as `12` (at character 2)"
        );
        assert_eq!(
            error("18446744073709551616"),
            "bad count \"18446744073709551616\": the number is too large (at character 1)"
        );
    }

    #[test]
    fn different_units_do_not_compare() {
        let second = Quantity::from(Duration::from_seconds(1));
        assert_eq!(second.partial_cmp(&Quantity::Count(1)), None);
        assert_ne!(second, Quantity::Count(1));
    }

    proptest! {
        #[test]
        fn printing_then_reading_a_quantity_is_identity(quantity in quantity()) {
            prop_assert_eq!(Quantity::parse(&quantity.to_string(), quantity.unit()), Ok(quantity));
        }

        #[test]
        fn reading_the_plain_number_is_identity(quantity in quantity()) {
            let number = quantity.number().to_string();
            prop_assert_eq!(Quantity::parse(&number, quantity.unit()), Ok(quantity));
        }

        #[test]
        fn a_number_has_digits_and_at_most_a_sign_and_a_point(quantity in quantity()) {
            let number = quantity.number().to_string();
            let digits = number.strip_prefix('-').unwrap_or(&number);
            let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "1"));
            let plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            prop_assert!(plain(whole) && plain(fraction) && !fraction.ends_with('0'), "{}", number);
            prop_assert!(number != "-0");
        }

        #[test]
        fn any_text_is_read_or_refused_without_panic(text in "\\PC{0,12}|[-0-9.a-zA-Z% ]{0,12}") {
            for unit in [Unit::Seconds, Unit::Bytes, Unit::Count, Unit::Percent] {
                if let Ok(quantity) = Quantity::parse(&text, unit) {
                    prop_assert_eq!(Quantity::parse(&quantity.to_string(), unit), Ok(quantity));
                    prop_assert!(!quantity.human().is_empty());
                }
            }
        }
    }
}
