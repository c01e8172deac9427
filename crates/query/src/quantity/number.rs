//! Exact decimal numbers: reading and printing.

use std::fmt;

/// A decimal number, exact. Prints as `-?digits[.digits]`: never an exponent, a
/// `+`, or a zero at the end of the fraction.
///
/// ```
/// use borgq_query::quantity::Number;
/// assert_eq!(Number::new(-1_500, 3).to_string(), "-1.5");
/// assert_eq!(Number::new(2_000, 3).to_string(), "2");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Number {
    units: i128,
    scale: u8,
}

impl Number {
    /// `units` divided by ten to the power of `scale`.
    #[must_use]
    pub const fn new(units: i128, scale: u8) -> Self {
        Self { units, scale }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = usize::from(self.scale) + 1;
        let digits = format!("{:0>width$}", self.units.unsigned_abs());
        let (whole, fraction) = digits.split_at(digits.len() - usize::from(self.scale));
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        f.pad_integral(self.units >= 0, "", &format!("{whole}{point}{fraction}"))
    }
}

/// An unsigned decimal number as it was written: `digits / 10^scale`.
pub(super) struct Written {
    digits: u128,
    scale: u32,
    /// How many bytes it takes in the text.
    pub(super) length: usize,
    /// Whether it has a point.
    pub(super) fraction: bool,
}

/// Why a number cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// No digit where one must stand: bytes to skip from the start.
    NoDigit(usize),
    /// More than can be kept.
    TooLarge,
    /// Finer than can be kept.
    TooFine,
}

impl Written {
    /// Reads `digits[.digits]` at the start of the text.
    pub(super) fn read(text: &str) -> Result<Self, Trouble> {
        let run = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let whole = run(text);
        if whole == 0 {
            return Err(Trouble::NoDigit(0));
        }
        let (whole_digits, rest) = text.split_at(whole);
        let mut written = Self {
            digits: 0,
            scale: 0,
            length: whole,
            fraction: false,
        };
        let mut fraction_digits = "";
        if let Some(rest) = rest.strip_prefix('.') {
            let fraction = run(rest);
            if fraction == 0 {
                return Err(Trouble::NoDigit(whole + 1));
            }
            fraction_digits = rest.split_at(fraction).0.trim_end_matches('0');
            written.length += 1 + fraction;
            written.fraction = true;
        }
        for digit in whole_digits.bytes() {
            written.push(digit).ok_or(Trouble::TooLarge)?;
        }
        for digit in fraction_digits.bytes() {
            written.push(digit).ok_or(Trouble::TooFine)?;
            written.scale += 1;
        }
        Ok(written)
    }

    fn push(&mut self, digit: u8) -> Option<()> {
        let value = u128::from(digit - b'0');
        self.digits = self.digits.checked_mul(10)?.checked_add(value)?;
        Some(())
    }

    /// The number times `factor`, rounded to the nearest whole number.
    pub(super) fn nearest(&self, factor: u128) -> Result<i128, Trouble> {
        let ten = 10_u128.checked_pow(self.scale).ok_or(Trouble::TooFine)?;
        let product = self.digits.checked_mul(factor);
        let product = product.and_then(|product| product.checked_add(ten / 2));
        let product = product.ok_or(Trouble::TooLarge)?;
        i128::try_from(product / ten).map_err(|_| Trouble::TooLarge)
    }

    /// The number times `factor`, if that is a whole number.
    pub(super) fn times(&self, factor: u128) -> Result<i128, Trouble> {
        let ten = 10_u128.checked_pow(self.scale).ok_or(Trouble::TooFine)?;
        let product = self.digits.checked_mul(factor).ok_or(Trouble::TooLarge)?;
        if product % ten != 0 {
            return Err(Trouble::TooFine);
        }
        i128::try_from(product / ten).map_err(|_| Trouble::TooLarge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_print_plainly() {
        #[track_caller]
        fn prints(units: i128, scale: u8, want: &str) {
            assert_eq!(Number::new(units, scale).to_string(), want);
        }
        prints(0, 0, "0");
        prints(0, 6, "0");
        prints(1, 6, "0.000001");
        prints(-1, 6, "-0.000001");
        prints(-1_500_000, 6, "-1.5");
        prints(100_000_000, 6, "100");
        prints(i128::MIN, 0, "-170141183460469231731687303715884105728");
        prints(u64::MAX.into(), 0, "18446744073709551615");
    }
}
