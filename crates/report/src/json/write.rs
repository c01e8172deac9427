//! Writes a value as one line that no terminal takes for a command.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

use crate::buffer::buffered;
use crate::text::is_hidden;

/// Writes `value` as one line of JSON.
///
/// Characters that steer a terminal or hide text are written as `\u` escapes,
/// also where JSON would allow them as they are.
///
/// # Errors
///
/// Those of `out`.
pub fn write_line<T: Serialize>(out: &mut dyn Write, value: &T) -> io::Result<()> {
    buffered(out, |out| line(out, value))
}

/// Appends `value` as one line of JSON, as [`write_line`] writes it.
///
/// # Errors
///
/// If the value is not one that JSON can hold.
pub fn push_line<T: Serialize>(out: &mut Vec<u8>, value: &T) -> io::Result<()> {
    line(out, value)
}

fn line<T: Serialize>(mut out: impl Write, value: &T) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(&mut out, Escaping(CompactFormatter));
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

struct Escaping(CompactFormatter);

impl Formatter for Escaping {
    fn write_string_fragment<W: Write + ?Sized>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, found)) = rest.char_indices().find(|(_, c)| is_hidden(*c)) {
            let (before, tail) = rest.split_at(at);
            self.0.write_string_fragment(out, before)?;
            for unit in found.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = tail.get(found.len_utf8()..).unwrap_or_default();
        }
        self.0.write_string_fragment(out, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_control_characters_and_means_the_same() {
        let hostile = "a\n\u{1b}[2J\u{9b}2J\u{202e}b\u{7f}\u{2028}é😀";
        let mut line = Vec::new();
        write_line(&mut line, &hostile).unwrap();
        let text = String::from_utf8(line).unwrap();
        assert_eq!(
            text,
            "\"a\\n\\u001b[2J\\u009b2J\\u202eb\\u007f\\u2028é😀\"\n"
        );
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), hostile);
    }
}
