//! [`Text`]: a string as borg prints it, which may hold bytes that are not UTF-8.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{self, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::base64;
use crate::wtf8::{Piece, encode, is_wtf8, pieces, to_json};

/// A text that borg printed: an archive name, a path, a comment, a host.
///
/// borg writes bytes that are not UTF-8 as lone surrogates (`\udc80` to
/// `\udcff`, Python's `surrogateescape`). JSON readers refuse them or replace
/// them; `Text` keeps them. It gives the exact [bytes](Text::to_bytes), a
/// [display text](Text::to_display), and itself back as JSON.
///
/// Two texts are equal if borg printed the same characters. A text takes no
/// more memory than a `String`.
///
/// ```
/// use borgq_json::Text;
///
/// let name: Text = serde_json::from_str(r#""caf\udce9""#)?;
/// assert_eq!(name.as_str(), None);
/// assert_eq!(name.to_bytes(), b"caf\xe9".as_slice());
/// assert_eq!(name.to_display(), "caf\u{fffd}");
/// assert_eq!(serde_json::to_string(&name)?, r#""caf\udce9""#);
/// // A `serde_json::Value` cannot hold it, and says so.
/// assert!(serde_json::to_value(&name).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
// The bytes are WTF-8: UTF-8 in which lone surrogates take three bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Text(Repr);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Repr {
    // Boxes, because borg's lists hold many of these and none of them grows.
    Unicode(Box<str>),
    Wtf8(Box<[u8]>),
}

impl Default for Repr {
    fn default() -> Self {
        Self::Unicode(Box::default())
    }
}

impl Text {
    /// The text, if all of it is Unicode.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Repr::Unicode(text) => Some(text),
            Repr::Wtf8(_) => None,
        }
    }

    /// The text for people: what is not Unicode becomes U+FFFD.
    ///
    /// Control characters are kept. Escape them for the medium you write to.
    #[must_use]
    pub fn to_display(&self) -> Cow<'_, str> {
        match &self.0 {
            Repr::Unicode(text) => Cow::Borrowed(text),
            Repr::Wtf8(_) => Cow::Owned(String::from_utf8_lossy(&self.to_bytes()).into_owned()),
        }
    }

    /// The bytes that borg saw: the UTF-8 of the text, and each surrogate from
    /// `\udc80` to `\udcff` as the one byte that it stands for.
    ///
    /// Any other lone surrogate stands for no byte. It is given as the three
    /// bytes of its generalized UTF-8.
    #[must_use]
    pub fn to_bytes(&self) -> Cow<'_, [u8]> {
        match &self.0 {
            Repr::Unicode(text) => Cow::Borrowed(text.as_bytes()),
            Repr::Wtf8(wtf8) => {
                let mut bytes = Vec::with_capacity(wtf8.len());
                for piece in pieces(wtf8) {
                    match piece {
                        Piece::Unicode(text) => bytes.extend_from_slice(text.as_bytes()),
                        Piece::Surrogate(unit @ 0xdc80..=0xdcff) => {
                            bytes.push((unit & 0xff) as u8);
                        }
                        Piece::Surrogate(unit) => bytes.extend_from_slice(&encode(unit)),
                    }
                }
                Cow::Owned(bytes)
            }
        }
    }

    /// The text of bytes that borg would have read, as it would print them:
    /// bytes that are not UTF-8 become surrogates.
    ///
    /// ```
    /// use borgq_json::Text;
    ///
    /// let name = Text::from_bytes(b"caf\xe9");
    /// assert_eq!(serde_json::to_string(&name)?, r#""caf\udce9""#);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let mut wtf8 = Vec::with_capacity(bytes.len());
        for chunk in bytes.utf8_chunks() {
            wtf8.extend_from_slice(chunk.valid().as_bytes());
            for byte in chunk.invalid() {
                wtf8.extend_from_slice(&encode(0xdc00 | u16::from(*byte)));
            }
        }
        Self(match String::from_utf8(wtf8) {
            Ok(text) => Repr::Unicode(text.into()),
            Err(error) => Repr::Wtf8(error.into_bytes().into()),
        })
    }

    /// The text of bytes in Base64, as `hostname_b64` and its like have them.
    /// `None` if this text is not Base64.
    ///
    /// ```
    /// use borgq_json::Text;
    ///
    /// let user = Text::from("dXPpcg==").decode_base64();
    /// assert_eq!(user, Some(Text::from_bytes(b"us\xe9r")));
    /// ```
    #[must_use]
    pub fn decode_base64(&self) -> Option<Self> {
        let bytes = base64::decode(self.as_str()?)?;
        Some(Self::from_bytes(&bytes))
    }

    /// The text in UTF-8, in which lone surrogates take three bytes each.
    #[must_use]
    pub fn as_wtf8(&self) -> &[u8] {
        match &self.0 {
            Repr::Unicode(text) => text.as_bytes(),
            Repr::Wtf8(wtf8) => wtf8,
        }
    }

    /// The text of what [`as_wtf8`](Self::as_wtf8) gives. `None` if these bytes
    /// are no such text.
    ///
    /// ```
    /// use borgq_json::Text;
    ///
    /// let name = Text::from_bytes(b"caf\xe9");
    /// assert_eq!(Text::from_wtf8(name.as_wtf8().to_vec()), Some(name));
    /// ```
    #[must_use]
    pub fn from_wtf8(bytes: Vec<u8>) -> Option<Self> {
        match String::from_utf8(bytes) {
            Ok(text) => Some(Self(Repr::Unicode(text.into()))),
            Err(error) => {
                let bytes = error.into_bytes();
                is_wtf8(&bytes).then(|| Self(Repr::Wtf8(bytes.into())))
            }
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(Repr::Unicode(text.into()))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Repr::Unicode(text.into()))
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == Some(other)
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == Some(*other)
    }
}

/// The text as a JSON string with every special character escaped, so that it
/// is one line of ASCII.
impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_json(self.as_wtf8()))
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // serde_json refuses lone surrogates in `str`, and hands them out in bytes.
        deserializer.deserialize_bytes(TextVisitor)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Text, E> {
        Ok(text.into())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Text, E> {
        Ok(text.into())
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Text, E> {
        self.visit_byte_buf(bytes.to_vec())
    }

    fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Text, E> {
        Text::from_wtf8(bytes).ok_or_else(|| {
            E::custom("found a text that is not valid UTF-8, expected JSON in UTF-8")
        })
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Repr::Unicode(text) => serializer.serialize_str(text),
            // Only a raw JSON value can carry a lone surrogate through serde.
            Repr::Wtf8(wtf8) => RawValue::from_string(to_json(wtf8))
                .map_err(ser::Error::custom)?
                .serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Any sequence of UTF-16 units as a JSON string.
    fn json_of(units: &[u16]) -> String {
        let mut json = String::from("\"");
        for unit in units {
            json.push_str(&format!("\\u{unit:04x}"));
        }
        json + "\""
    }

    fn units() -> impl Strategy<Value = Vec<u16>> {
        let unit = prop_oneof![
            any::<u16>(),
            0xd800..=0xdfffu16,
            0xdc80..=0xdcffu16,
            0..=0x7fu16
        ];
        prop::collection::vec(unit, 0..40)
    }

    proptest! {
        #[test]
        fn any_text_reads_and_writes_back_the_same_units(units in units()) {
            let json = json_of(&units);
            let text: Text = serde_json::from_str(&json).unwrap();
            let written = serde_json::to_string(&text).unwrap();
            let again: Text = serde_json::from_str(&written).unwrap();
            prop_assert_eq!(&text, &again);
            prop_assert_eq!(format!("{text:?}"), json_of_ascii(&units));
        }

        #[test]
        fn any_bytes_survive_as_text(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let text = Text::from_bytes(&bytes);
            prop_assert_eq!(text.to_bytes().into_owned(), bytes);
            let json = serde_json::to_string(&text).unwrap();
            let again: Text = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(again, text);
        }

        #[test]
        fn raw_bytes_in_a_json_string_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let mut json = vec![b'"'];
            json.extend(bytes);
            json.push(b'"');
            if let Ok(text) = serde_json::from_slice::<Text>(&json) {
                let written = serde_json::to_vec(&text).unwrap();
                prop_assert_eq!(serde_json::from_slice::<Text>(&written).unwrap(), text);
            }
        }
    }

    fn json_of_ascii(units: &[u16]) -> String {
        let mut json = String::from("\"");
        for unit in units {
            match unit {
                0x22 => json.push_str("\\\""),
                0x5c => json.push_str("\\\\"),
                0x20..=0x7e => json.push(char::from(*unit as u8)),
                _ => json.push_str(&format!("\\u{unit:04x}")),
            }
        }
        json + "\""
    }

    #[test]
    fn a_text_takes_no_more_memory_than_a_string() {
        assert_eq!(size_of::<Text>(), size_of::<String>());
    }

    #[test]
    fn surrogate_pairs_are_one_character() {
        let text: Text = serde_json::from_str(r#""\ud83d\ude00""#).unwrap();
        assert_eq!(text, "😀");
    }

    #[test]
    fn six_surrogates_of_cesu_8_are_six_bytes() {
        let text: Text = serde_json::from_str(r#""\udced\udca0\udcbd\udced\udcb8\udc80""#).unwrap();
        assert_eq!(
            text.to_bytes().as_ref(),
            [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]
        );
        assert_eq!(
            format!("{text:?}"),
            r#""\udced\udca0\udcbd\udced\udcb8\udc80""#
        );
    }

    #[test]
    fn what_is_no_text_is_refused_in_a_sentence() {
        let error = serde_json::from_str::<Text>("5").unwrap_err().to_string();
        assert_eq!(
            error,
            "invalid type: integer `5`, expected a text at line 1 column 1"
        );
        let error = serde_json::from_slice::<Text>(b"\"\xff\"").unwrap_err();
        assert_eq!(
            error.to_string(),
            "found a text that is not valid UTF-8, expected JSON in UTF-8 at line 1 column 3"
        );
    }
}
