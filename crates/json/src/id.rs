//! [`Id`]: the identity of a repository or an archive.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// The id of a repository or an archive: 32 bytes, printed as 64 lower-case
/// hexadecimal digits.
///
/// It is the only key: in borg 2 archives may share their name and their time.
///
/// ```
/// use borgq_json::Id;
///
/// let id: Id = "5d".repeat(32).parse()?;
/// assert_eq!(id.to_string(), "5d".repeat(32));
/// assert!("5D".repeat(32).parse::<Id>().is_err());
/// # Ok::<(), borgq_json::ParseIdError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id([u8; 32]);

impl Id {
    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for Id {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

/// A text is no [`Id`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseIdError(());

impl fmt::Display for ParseIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected an id of 64 lower-case hexadecimal digits")
    }
}

impl std::error::Error for ParseIdError {}

impl Id {
    /// Without branches, so that all digits are looked at together.
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        let text: &[u8; 64] = text.try_into().ok()?;
        let mut values = [0; 64];
        let mut valid = true;
        for (value, byte) in values.iter_mut().zip(text) {
            let (decimal, letter) = (byte.wrapping_sub(b'0'), byte.wrapping_sub(b'a'));
            valid &= (decimal < 10) | (letter < 6);
            *value = if decimal < 10 {
                decimal
            } else {
                letter.wrapping_add(10)
            };
        }
        let mut id = [0; 32];
        let (pairs, _) = values.as_chunks::<2>();
        for (byte, [high, low]) in id.iter_mut().zip(pairs) {
            *byte = (high << 4) | (low & 15);
        }
        valid.then_some(Self(id))
    }
}

impl FromStr for Id {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        Self::parse(text.as_bytes()).ok_or(ParseIdError(()))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = String::with_capacity(64);
        for byte in self.0 {
            for nibble in [byte >> 4, byte & 15] {
                text.extend(DIGITS.get(usize::from(nibble)).copied().map(char::from));
            }
        }
        f.pad(&text)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IdVisitor;
        impl Visitor<'_> for IdVisitor {
            type Value = Id;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id of 64 lower-case hexadecimal digits")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Id, E> {
                text.parse()
                    .map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_str(IdVisitor)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn printing_then_reading_an_id_is_identity(bytes: [u8; 32]) {
            let id = Id::from(bytes);
            prop_assert_eq!(id.to_string().parse::<Id>().unwrap(), id);
        }
    }

    #[test]
    fn only_64_lower_case_digits_are_an_id() {
        let good = "0123456789abcdef".repeat(4);
        assert_eq!(good.parse::<Id>().unwrap().to_string(), good);
        let (long, upper) = (format!("{good}00"), good.to_uppercase());
        for bad in ["", "00", &good[1..], &long, &upper] {
            assert!(bad.parse::<Id>().is_err(), "{bad:?}");
        }
    }
}
