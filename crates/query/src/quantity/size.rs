//! Sizes such as `10GiB` and `500MB`.

use std::fmt;
use std::str::FromStr;

use super::error::ParseQuantityError;
use super::number::{Trouble, Written};

const KILO: u64 = 1000;
const KIBI: u64 = 1024;

/// The units in which sizes are written, largest first. `KB` is another spelling of `kB`.
const UNITS: [(&str, u64); 14] = [
    ("EiB", KIBI.pow(6)),
    ("EB", KILO.pow(6)),
    ("PiB", KIBI.pow(5)),
    ("PB", KILO.pow(5)),
    ("TiB", KIBI.pow(4)),
    ("TB", KILO.pow(4)),
    ("GiB", KIBI.pow(3)),
    ("GB", KILO.pow(3)),
    ("MiB", KIBI.pow(2)),
    ("MB", KILO.pow(2)),
    ("KiB", KIBI),
    ("kB", KILO),
    ("KB", KILO),
    ("B", 1),
];

/// A number of bytes.
///
/// Written as a number with a unit: `100B`, `500MB` (1000² bytes), `10GiB`
/// (1024³ bytes), `1.5 TiB`. A number alone is bytes. `K`, `M`, `G` alone are
/// refused: they mean 1000 to some and 1024 to others. A fraction of a larger
/// unit is rounded to the nearest byte; there are no fractions of a byte.
///
/// ```
/// use borgq_query::quantity::Size;
/// let size: Size = "1.5GiB".parse()?;
/// assert_eq!(size.bytes(), 1_610_612_736);
/// assert_eq!(size.to_string(), "1536MiB");
/// assert_eq!(size.human(), "1.5 GiB");
/// # Ok::<(), borgq_query::quantity::ParseQuantityError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size(u64);

impl Size {
    /// From bytes.
    #[must_use]
    pub const fn from_bytes(bytes: u64) -> Self {
        Self(bytes)
    }

    /// In bytes.
    #[must_use]
    pub const fn bytes(self) -> u64 {
        self.0
    }

    /// A short text for people, in powers of 1024 and rounded to one decimal: `1.5 GiB`, `17 B`.
    #[must_use]
    pub fn human(self) -> String {
        let binary = UNITS.iter().rev().filter(|(name, _)| name.ends_with("iB"));
        for (name, unit) in binary {
            let unit = u128::from(*unit);
            let tenths = (u128::from(self.0) * 10 + unit / 2) / unit;
            // What would be rounded to 1024.0 belongs to the next unit.
            if tenths >= 10 && (tenths < 10 * u128::from(KIBI) || *name == "EiB") {
                if self.0 < KIBI {
                    break;
                }
                return format!("{}.{} {name}", tenths / 10, tenths % 10);
            }
        }
        format!("{} B", self.0)
    }
}

impl FromStr for Size {
    type Err = ParseQuantityError;

    fn from_str(text: &str) -> Result<Self, ParseQuantityError> {
        let fail = |at, problem: &str| ParseQuantityError::new("size", text, at, problem);
        if text.is_empty() {
            return Err(fail(
                0,
                "is empty, expected for instance `10GiB` or `500MB`",
            ));
        }
        if text.starts_with('-') {
            return Err(fail(0, "a size cannot be negative"));
        }
        let trouble = |trouble| match trouble {
            Trouble::NoDigit(at) => fail(at, "expected a number, for instance in `10GiB`"),
            Trouble::TooLarge => fail(0, "the size is too large, 16 EiB and more do not fit"),
            Trouble::TooFine => fail(0, "it is not a whole number of bytes"),
        };
        let number = Written::read(text).map_err(trouble)?;
        let after = text.get(number.length..).unwrap_or_default();
        let name = after.strip_prefix(' ').unwrap_or(after);
        let unit_at = text.len() - name.len();
        let unit = match UNITS.iter().find(|(known, _)| *known == name) {
            Some((_, unit)) => *unit,
            None if after.is_empty() => 1,
            None => return Err(fail(unit_at, &unknown_unit(name))),
        };
        let bytes = match unit {
            1 => number.times(1),
            unit => number.nearest(unit.into()),
        };
        let bytes = bytes.map_err(trouble)?;
        u64::try_from(bytes)
            .map(Self)
            .map_err(|_| trouble(Trouble::TooLarge))
    }
}

fn unknown_unit(name: &str) -> String {
    match name {
        "k" | "K" => ambiguous(name, "kB", "KiB"),
        "m" | "M" => ambiguous(name, "MB", "MiB"),
        "g" | "G" => ambiguous(name, "GB", "GiB"),
        "t" | "T" => ambiguous(name, "TB", "TiB"),
        "p" | "P" => ambiguous(name, "PB", "PiB"),
        "e" | "E" => ambiguous(name, "EB", "EiB"),
        _ => format!(
            "unknown unit {name:?}, expected B, kB, MB, GB, TB, PB, EB or KiB, MiB, GiB, TiB, PiB, EiB"
        ),
    }
}

fn ambiguous(name: &str, decimal: &str, binary: &str) -> String {
    format!("{name:?} is ambiguous, write {decimal} (powers of 1000) or {binary} (powers of 1024)")
}

impl fmt::Display for Size {
    /// The syntax that is read, exact: in the largest unit of which it is a whole number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fits = |(_, unit): &&(&str, u64)| self.0 > 0 && self.0.is_multiple_of(*unit);
        match UNITS.iter().find(fits) {
            Some((name, unit)) => write!(f, "{}{name}", self.0 / unit),
            None => write!(f, "{}B", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, bytes: u64, prints: &str, human: &str) {
        let size: Size = text.parse().unwrap();
        assert_eq!(size.bytes(), bytes);
        assert_eq!(size.to_string(), prints);
        assert_eq!(size.human(), human);
    }

    #[track_caller]
    fn refuses(text: &str, why: &str) {
        let error = text.parse::<Size>().unwrap_err();
        assert_eq!(error.to_string(), format!("bad size {text:?}: {why}"));
    }

    #[test]
    fn a_fraction_of_a_larger_unit_is_rounded_to_the_nearest_byte() {
        let bytes = |text: &str| text.parse::<Size>().unwrap().bytes();
        assert_eq!(bytes("1.2KiB"), 1229);
        assert_eq!(bytes("0.0004kB"), 0);
        assert_eq!(bytes("0.0005kB"), 1);
        assert_eq!(bytes("1.2 TiB"), 1_319_413_953_331);
    }

    #[test]
    fn sizes_are_read_as_people_write_them() {
        reads("0", 0, "0B", "0 B");
        reads("100", 100, "100B", "100 B");
        reads("100B", 100, "100B", "100 B");
        reads("1023", 1023, "1023B", "1023 B");
        reads("1kB", 1000, "1kB", "1000 B");
        reads("1KB", 1000, "1kB", "1000 B");
        reads("1KiB", 1024, "1KiB", "1.0 KiB");
        reads("500MB", 500_000_000, "500MB", "476.8 MiB");
        reads("10GiB", 10_737_418_240, "10GiB", "10.0 GiB");
        reads("1.5 TiB", 1_649_267_441_664, "1536GiB", "1.5 TiB");
        reads("1.5kB", 1500, "1500B", "1.5 KiB");
        reads("0.5KiB", 512, "512B", "512 B");
        reads("1048575", 1_048_575, "1048575B", "1.0 MiB");
        reads("15EiB", 15 << 60, "15EiB", "15.0 EiB");
        reads(
            "18446744073709551615",
            u64::MAX,
            "18446744073709551615B",
            "16.0 EiB",
        );
    }

    #[test]
    fn what_is_no_size_is_refused_with_its_place() {
        refuses("", "is empty, expected for instance `10GiB` or `500MB`");
        refuses(
            "GiB",
            "expected a number, for instance in `10GiB` (at character 1)",
        );
        refuses(
            "+1",
            "expected a number, for instance in `10GiB` (at character 1)",
        );
        refuses(
            "1.GB",
            "expected a number, for instance in `10GiB` (at character 3)",
        );
        refuses("-1", "a size cannot be negative (at character 1)");
        refuses(
            "10G",
            "\"G\" is ambiguous, write GB (powers of 1000) or GiB (powers of 1024) (at character 3)",
        );
        refuses(
            "1k",
            "\"k\" is ambiguous, write kB (powers of 1000) or KiB (powers of 1024) (at character 2)",
        );
        let units = "expected B, kB, MB, GB, TB, PB, EB or KiB, MiB, GiB, TiB, PiB, EiB";
        refuses(
            "1Mb",
            &format!("unknown unit \"Mb\", {units} (at character 2)"),
        );
        refuses(
            "1gib",
            &format!("unknown unit \"gib\", {units} (at character 2)"),
        );
        refuses(
            "1 ",
            &format!("unknown unit \"\", {units} (at character 3)"),
        );
        refuses(
            "1  B",
            &format!("unknown unit \" B\", {units} (at character 3)"),
        );
        refuses(
            "1,5GB",
            &format!("unknown unit \",5GB\", {units} (at character 2)"),
        );
        refuses(
            "1GB2MB",
            &format!("unknown unit \"GB2MB\", {units} (at character 2)"),
        );
        refuses("0.5", "it is not a whole number of bytes (at character 1)");
        refuses("1.5B", "it is not a whole number of bytes (at character 1)");
        let too_large = "the size is too large, 16 EiB and more do not fit (at character 1)";
        refuses("16EiB", too_large);
        refuses("18446744073709551616", too_large);
        refuses(&format!("1{}EiB", "0".repeat(37)), too_large);
        refuses(&"9".repeat(40), too_large);
    }
}
