//! Which encoding an input has.

use std::borrow::Cow;

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

/// The input in UTF-8, or a sentence that says why it has none.
pub(super) fn decode(input: &[u8]) -> (Result<Cow<'_, [u8]>, &'static str>, Encoding) {
    match input {
        [0xef, 0xbb, 0xbf, text @ ..] => (Ok(text.into()), Encoding::Utf8WithMark),
        [0xff, 0xfe, text @ ..] => (utf16(text, u16::from_le_bytes), Encoding::Utf16Le),
        [0xfe, 0xff, text @ ..] => (utf16(text, u16::from_be_bytes), Encoding::Utf16Be),
        // ASCII in UTF-16 without a mark: a bracket and a NUL.
        [b'{' | b'[', 0, ..] => (utf16(input, u16::from_le_bytes), Encoding::Utf16Le),
        [0, b'{' | b'[', ..] => (utf16(input, u16::from_be_bytes), Encoding::Utf16Be),
        _ => (Ok(input.into()), Encoding::Utf8),
    }
}

fn utf16(text: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'static, [u8]>, &'static str> {
    let (pairs, rest) = text.as_chunks::<2>();
    if !rest.is_empty() {
        return Err("the input is UTF-16 and ends within a character");
    }
    char::decode_utf16(pairs.iter().copied().map(unit))
        .collect::<Result<String, _>>()
        .map(|text| text.into_bytes().into())
        .map_err(|_| "the input looks like UTF-16 but is not valid UTF-16")
}
