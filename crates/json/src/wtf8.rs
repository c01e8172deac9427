//! WTF-8: UTF-8 in which a lone surrogate takes three bytes.

use std::fmt::Write as _;

/// One piece of a WTF-8 sequence.
pub(crate) enum Piece<'a> {
    Unicode(&'a str),
    /// A surrogate that is half of no pair.
    Surrogate(u16),
}

pub(crate) fn encode(unit: u16) -> [u8; 3] {
    [
        0xe0 | (unit >> 12) as u8,
        0x80 | ((unit >> 6) & 0x3f) as u8,
        0x80 | (unit & 0x3f) as u8,
    ]
}

fn decode(bytes: &[u8]) -> Option<u16> {
    match *bytes {
        [0xed, second @ 0xa0..=0xbf, third @ 0x80..=0xbf, ..] => {
            Some(0xd000 | (u16::from(second & 0x3f) << 6) | u16::from(third & 0x3f))
        }
        _ => None,
    }
}

/// Splits WTF-8 into Unicode and surrogates. Anything else ends the iteration.
pub(crate) fn pieces(mut rest: &[u8]) -> impl Iterator<Item = Piece<'_>> {
    std::iter::from_fn(move || {
        if let Some(unit) = decode(rest) {
            rest = rest.get(3..)?;
            return Some(Piece::Surrogate(unit));
        }
        let valid = rest.utf8_chunks().next()?.valid();
        rest = rest.get(valid.len()..)?;
        (!valid.is_empty()).then_some(Piece::Unicode(valid))
    })
}

/// Whether the bytes are well formed. A pair of surrogates is not: it is one
/// character, and would be another text once it is written.
pub(crate) fn is_wtf8(bytes: &[u8]) -> bool {
    let mut read = 0;
    let mut high = false;
    for piece in pieces(bytes) {
        match piece {
            Piece::Unicode(text) => {
                read += text.len();
                high = false;
            }
            Piece::Surrogate(0xdc00..) if high => return false,
            Piece::Surrogate(unit) => {
                read += 3;
                high = unit < 0xdc00;
            }
        }
    }
    read == bytes.len()
}

/// A JSON string in ASCII, as Python's `json.dumps` writes it.
pub(crate) fn to_json(wtf8: &[u8]) -> String {
    let mut json = String::with_capacity(wtf8.len() + 2);
    json.push('"');
    for piece in pieces(wtf8) {
        match piece {
            Piece::Unicode(text) => {
                for c in text.chars() {
                    match c {
                        '"' => json.push_str("\\\""),
                        '\\' => json.push_str("\\\\"),
                        ' '..='~' => json.push(c),
                        _ => {
                            for unit in c.encode_utf16(&mut [0; 2]) {
                                let _ = write!(json, "\\u{unit:04x}");
                            }
                        }
                    }
                }
            }
            Piece::Surrogate(unit) => {
                let _ = write!(json, "\\u{unit:04x}");
            }
        }
    }
    json.push('"');
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lone_surrogates_are_well_formed() {
        assert!(is_wtf8("a😀".as_bytes()));
        assert!(is_wtf8(b"a\xed\xb2\x80b"));
        assert!(is_wtf8(b"\xed\xb2\x80\xed\xa0\xbd"));
        assert!(!is_wtf8(b"\xed\xa0\xbd\xed\xb8\x80"));
        assert!(!is_wtf8(b"\xff"));
        assert!(!is_wtf8(b"\xed\xa0"));
    }

    #[test]
    fn json_is_ascii_with_every_special_character_escaped() {
        assert_eq!(
            to_json(b"a\"\\\n\x7f\xc3\xa9\xf0\x9f\x98\x80\xed\xb2\x80"),
            r#""a\"\\\u000a\u007f\u00e9\ud83d\ude00\udc80""#
        );
    }
}
