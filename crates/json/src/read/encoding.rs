//! Which encoding an input has.

use std::borrow::Cow;

use crate::wtf8;

/// How an input is encoded. borg prints ASCII; what redirects it may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 with a byte order mark.
    Utf8WithMark,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

impl Encoding {
    /// The name in output, for instance `utf-16le`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf8WithMark => "utf-8-bom",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
        }
    }
}

/// The text of an input.
pub(super) struct Text<'a> {
    /// In UTF-8. Lone surrogates take three bytes, as nothing may be lost.
    pub(super) bytes: Cow<'a, [u8]>,
    pub(super) ends_within_a_character: bool,
}

pub(super) fn decode(input: &[u8]) -> (Text<'_>, Encoding) {
    match input {
        [0xef, 0xbb, 0xbf, text @ ..] => (utf8(text), Encoding::Utf8WithMark),
        [0xff, 0xfe, text @ ..] => (utf16(text, u16::from_le_bytes), Encoding::Utf16Le),
        [0xfe, 0xff, text @ ..] => (utf16(text, u16::from_be_bytes), Encoding::Utf16Be),
        _ if is_ascii_in(input, u16::from_le_bytes) => {
            (utf16(input, u16::from_le_bytes), Encoding::Utf16Le)
        }
        _ if is_ascii_in(input, u16::from_be_bytes) => {
            (utf16(input, u16::from_be_bytes), Encoding::Utf16Be)
        }
        _ => (utf8(input), Encoding::Utf8),
    }
}

/// Whether an input without a mark begins as ASCII does in UTF-16: some zero
/// bytes in a row of UTF-8 text are not enough.
fn is_ascii_in(input: &[u8], unit: fn([u8; 2]) -> u16) -> bool {
    const SEEN: usize = 16;
    let (pairs, _) = input.as_chunks::<2>();
    let ascii = |pair: &[u8; 2]| matches!(unit(*pair), 1..=0x7f);
    !pairs.is_empty() && pairs.iter().take(SEEN).all(ascii)
}

fn utf8(text: &[u8]) -> Text<'_> {
    Text {
        bytes: text.into(),
        ends_within_a_character: false,
    }
}

fn utf16(text: &[u8], unit: fn([u8; 2]) -> u16) -> Text<'static> {
    let (pairs, rest) = text.as_chunks::<2>();
    let mut bytes = Vec::with_capacity(pairs.len());
    for c in char::decode_utf16(pairs.iter().copied().map(unit)) {
        match c {
            Ok(c) => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Err(lone) => bytes.extend_from_slice(&wtf8::encode(lone.unpaired_surrogate())),
        }
    }
    Text {
        bytes: bytes.into(),
        ends_within_a_character: !rest.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn decodes(input: &[u8], text: &[u8], encoding: Encoding) {
        let (decoded, found) = decode(input);
        assert_eq!((decoded.bytes.as_ref(), found), (text, encoding));
        assert!(!decoded.ends_within_a_character);
    }

    #[test]
    fn marks_and_zeros_tell_the_encoding() {
        decodes(b"", b"", Encoding::Utf8);
        decodes(b"{}", b"{}", Encoding::Utf8);
        decodes(b"\xef\xbb\xbf{}", b"{}", Encoding::Utf8WithMark);
        decodes(b"\xff\xfe{\0}\0", b"{}", Encoding::Utf16Le);
        decodes(b"\xfe\xff\0{\0}", b"{}", Encoding::Utf16Be);
        decodes(b"{\0}\0", b"{}", Encoding::Utf16Le);
        decodes(b"\0{\0}", b"{}", Encoding::Utf16Be);
        decodes(b"a\0{\0}\0", b"a{}", Encoding::Utf16Le);
        decodes(b"{\0", b"{", Encoding::Utf16Le);
        decodes(b"{}\0\0\0", b"{}\0\0\0", Encoding::Utf8);
        decodes(b"\0x\0\n{}\n", b"\0x\0\n{}\n", Encoding::Utf8);
        decodes(b"\0\0{}", b"\0\0{}", Encoding::Utf8);
    }

    #[test]
    fn surrogates_in_utf_16_are_kept() {
        decodes(
            b"\xff\xfe\x3d\xd8\x00\xde",
            "😀".as_bytes(),
            Encoding::Utf16Le,
        );
        decodes(b"\xff\xfe\x80\xdc", b"\xed\xb2\x80", Encoding::Utf16Le);
    }

    #[test]
    fn half_a_unit_at_the_end_shows() {
        assert!(decode(b"\xff\xfe{").0.ends_within_a_character);
        assert!(decode(b"{\0}").0.ends_within_a_character);
    }
}
