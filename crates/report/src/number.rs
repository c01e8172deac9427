//! Numbers as every medium reads them.

use std::fmt;

use crate::error::{Error, Kind};

/// A finite decimal number, written `-?digits[.digits]`: no exponent, no plus sign, no comma, no
/// grouping, whatever the locale. It keeps the digits that it was given.
///
/// ```
/// use borgq_report::number::Number;
///
/// assert_eq!(Number::from(1_649_267_441_664_u64).as_str(), "1649267441664");
/// assert_eq!(Number::parse("-12.50")?.as_str(), "-12.50");
/// assert!(Number::parse("+1").is_err() && Number::parse("1,5").is_err());
/// # Ok::<(), borgq_report::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Number(String);

impl Number {
    /// The number that `text` writes.
    ///
    /// # Errors
    /// If `text` is anything but `-?digits[.digits]`.
    ///
    /// ```
    /// use borgq_report::number::Number;
    ///
    /// assert!(Number::parse("0.5").is_ok());
    /// assert!(Number::parse(".5").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, Error> {
        if is_plain(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Kind::Number(text.to_owned()).into())
        }
    }

    /// The shortest decimal that reads back as `value`; none for NaN and the infinities.
    ///
    /// ```
    /// use borgq_report::number::Number;
    ///
    /// assert_eq!(Number::from_f64(2.660756544638554e-5).unwrap().as_str(), "0.00002660756544638554");
    /// assert_eq!(Number::from_f64(f64::NAN), None);
    /// ```
    #[must_use]
    pub fn from_f64(value: f64) -> Option<Self> {
        // Minus zero would be written `-0`.
        let value = if value == 0.0 { 0.0 } else { value };
        value.is_finite().then(|| Self(value.to_string()))
    }

    /// The digits.
    ///
    /// ```
    /// assert_eq!(borgq_report::number::Number::from(-5_i64).as_str(), "-5");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn is_negative(&self) -> bool {
        self.0.starts_with('-') && self.0.bytes().any(|b| matches!(b, b'1'..=b'9'))
    }
}

/// Whether `text` is `-?digits[.digits]`.
pub(crate) fn is_plain(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    match unsigned.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(unsigned),
    }
}

macro_rules! from_integers {
    ($($integer:ty)*) => {$(
        impl From<$integer> for Number {
            fn from(value: $integer) -> Self {
                Self(value.to_string())
            }
        }
    )*};
}
from_integers!(u8 u16 u32 u64 usize i8 i16 i32 i64 isize);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn junk_is_refused_with_its_text() {
        for text in [
            "", "-", ".", "1.", ".5", "+1", "1e9", "1,5", "NaN", "inf", " 1", "1 ", "1.2.3", "--1",
            "٣",
        ] {
            assert_eq!(
                Number::parse(text).unwrap_err().to_string(),
                format!("{text:?} is no plain decimal number, expected digits such as -12.5")
            );
        }
    }

    #[test]
    fn minus_zero_is_zero_and_not_negative() {
        assert_eq!(Number::from_f64(-0.0).unwrap().as_str(), "0");
        assert!(!Number::parse("-0.00").unwrap().is_negative());
        assert!(Number::parse("-0.01").unwrap().is_negative());
    }

    proptest! {
        #[test]
        fn every_finite_float_is_plain_and_reads_back(value in any::<f64>()) {
            match Number::from_f64(value) {
                Some(number) => {
                    prop_assert!(is_plain(number.as_str()));
                    prop_assert_eq!(number.as_str().parse::<f64>().unwrap(), value);
                }
                None => prop_assert!(!value.is_finite()),
            }
        }

        #[test]
        fn every_integer_is_plain(value in any::<i64>()) {
            prop_assert!(is_plain(Number::from(value).as_str()));
        }
    }
}
