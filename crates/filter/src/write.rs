//! Writes values as JSON.

use jaq_json::{Num, Val};

use crate::error::WriteError;
use crate::number;
use crate::value::{DEEPEST, Value};

/// How a value is written.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// By how many blanks each level is indented. One line, if `None`.
    pub indent: Option<usize>,
    /// Whether the keys of objects are sorted.
    pub sort_keys: bool,
    /// Which characters are written as `\u` escapes although JSON allows them
    /// as they are. It is not asked about those of ASCII that print.
    pub escape: fn(char) -> bool,
}

impl Default for Layout {
    /// One line, keys as they come, DEL and the C1 controls escaped.
    fn default() -> Self {
        Self {
            indent: None,
            sort_keys: false,
            escape: char::is_control,
        }
    }
}

impl Layout {
    /// Writes `value` as JSON, without a newline at the end.
    ///
    /// # Errors
    ///
    /// If there is something in it that JSON has not: not a number, an
    /// infinity, a key that is no string. `out` then holds a part.
    ///
    /// ```
    /// use borgq_filter::{Layout, Value};
    ///
    /// let layout = Layout {
    ///     indent: Some(2),
    ///     sort_keys: true,
    ///     ..Layout::default()
    /// };
    /// let mut text = Vec::new();
    /// layout.write(&Value::read(br#"{"b": 1.0, "a": "\u001b"}"#)?, &mut text)?;
    /// assert_eq!(text, b"{\n  \"a\": \"\\u001b\",\n  \"b\": 1.0\n}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn write(&self, value: &Value, out: &mut Vec<u8>) -> Result<(), WriteError> {
        let mut writer = Writer {
            layout: *self,
            out,
            path: Vec::new(),
        };
        writer.value(&value.0)
    }
}

enum Step<'v> {
    Index(usize),
    Key(&'v [u8]),
}

struct Writer<'v, 'o> {
    layout: Layout,
    out: &'o mut Vec<u8>,
    path: Vec<Step<'v>>,
}

impl<'v> Writer<'v, '_> {
    fn value(&mut self, value: &'v Val) -> Result<(), WriteError> {
        match value {
            Val::Null => self.plain("null"),
            Val::Bool(true) => self.plain("true"),
            Val::Bool(false) => self.plain("false"),
            Val::Num(number) => self.number(number)?,
            Val::TStr(text) => self.string(text),
            Val::BStr(_) => return self.fail("a string of bytes"),
            Val::Arr(items) => self.sequence(
                ['[', ']'],
                items.iter().enumerate(),
                |writer, (index, item)| {
                    writer.path.push(Step::Index(index));
                    writer.value(item)
                },
            )?,
            Val::Obj(members) => {
                let member = |writer: &mut Self, (key, item): (&'v Val, &'v Val)| {
                    let Val::TStr(text) = key else {
                        return writer.fail("an object with a key that is no string");
                    };
                    writer.path.push(Step::Key(text));
                    writer.string(text);
                    let indented = writer.layout.indent.is_some();
                    writer.plain(if indented { ": " } else { ":" });
                    writer.value(item)
                };
                if self.layout.sort_keys {
                    let mut members: Vec<_> = members.iter().collect();
                    members.sort_by_key(|(key, _)| *key);
                    self.sequence(['{', '}'], members, member)?;
                } else {
                    self.sequence(['{', '}'], members.iter(), member)?;
                }
            }
        }
        Ok(())
    }

    fn sequence<T>(
        &mut self,
        [open, close]: [char; 2],
        items: impl IntoIterator<Item = T>,
        mut item: impl FnMut(&mut Self, T) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        let level = self.path.len();
        if level >= DEEPEST {
            return self.fail("nested too deeply");
        }
        self.plain(open.encode_utf8(&mut [0; 4]));
        let mut empty = true;
        for part in items {
            if !empty {
                self.plain(",");
            }
            empty = false;
            self.new_line(level + 1);
            item(self, part)?;
            self.path.truncate(level);
        }
        if !empty {
            self.new_line(level);
        }
        self.plain(close.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn new_line(&mut self, level: usize) {
        if let Some(indent) = self.layout.indent {
            self.out.push(b'\n');
            self.out.resize(self.out.len() + indent * level, b' ');
        }
    }

    fn plain(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn number(&mut self, number: &Num) -> Result<(), WriteError> {
        match number {
            Num::Float(float) if float.is_nan() => return self.fail("not a number"),
            Num::Float(float) if float.is_infinite() => return self.fail("an infinite number"),
            Num::Float(float) => self.plain(&number::text(*float)),
            // As it was spelled in the input or in the filter, where `.5`,
            // `5.` and `1E5` may stand.
            Num::Dec(spelled) if is_json(spelled) => self.plain(spelled),
            Num::Dec(spelled) => match spelled.parse::<f64>() {
                Ok(float) if float.is_finite() => self.plain(&number::text(float)),
                _ => return self.fail("an infinite number"),
            },
            Num::Int(_) | Num::BigInt(_) => self.plain(&number.to_string()),
        }
        Ok(())
    }

    fn string(&mut self, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        let mut text = text.as_ref();
        self.out.push(b'"');
        loop {
            let is_plain = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
            let end = text.bytes().position(|byte| !is_plain(&byte));
            let (plain, rest) = text
                .split_at_checked(end.unwrap_or(text.len()))
                .unwrap_or((text, ""));
            self.plain(plain);
            let mut rest = rest.chars();
            let Some(c) = rest.next() else { break };
            text = rest.as_str();
            match c {
                '"' => self.plain("\\\""),
                '\\' => self.plain("\\\\"),
                '\n' => self.plain("\\n"),
                '\r' => self.plain("\\r"),
                '\t' => self.plain("\\t"),
                '\u{8}' => self.plain("\\b"),
                '\u{c}' => self.plain("\\f"),
                c if c < ' ' || (self.layout.escape)(c) => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        self.plain(&format!("\\u{unit:04x}"));
                    }
                }
                c => self.plain(c.encode_utf8(&mut [0; 4])),
            }
        }
        self.out.push(b'"');
    }

    fn fail(&self, problem: &'static str) -> Result<(), WriteError> {
        const SHOWN: usize = 200;
        let mut path = String::new();
        for step in &self.path {
            match step {
                Step::Index(index) => path.push_str(&format!("[{index}]")),
                Step::Key(key) => {
                    let key = String::from_utf8_lossy(key);
                    path.push_str(&format!("[{key:?}]"));
                }
            }
            if path.len() > SHOWN {
                path.push('…');
                break;
            }
        }
        if !path.is_empty() {
            path.insert(0, '.');
        }
        Err(WriteError { path, problem })
    }
}

fn is_json(number: &str) -> bool {
    let digits = number.strip_prefix('-').unwrap_or(number);
    let finite = number.parse::<f64>().is_ok_and(f64::is_finite);
    finite && serde_json::from_str::<serde::de::IgnoredAny>(digits).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(value: &Value) -> Result<String, WriteError> {
        let mut out = Vec::new();
        Layout::default().write(value, &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn numbers_keep_their_spelling_unless_json_has_another() {
        for number in [
            "1",
            "1.0",
            "-0.0",
            "1E5",
            "2.50e-05",
            "123456789012345678901234567890",
        ] {
            assert_eq!(
                written(&Value::read(number.as_bytes()).unwrap()).unwrap(),
                number
            );
        }
        assert_eq!(written(&Value::from(5.0)).unwrap(), "5");
        let dec = |text: &str| Value(Val::Num(Num::Dec(text.to_owned().into())));
        assert_eq!(written(&dec("5.")).unwrap(), "5");
        assert_eq!(written(&dec(".5")).unwrap(), "0.5");
        assert!(written(&dec("1e999")).is_err());
    }

    #[test]
    fn what_json_has_not_is_an_error() {
        assert!(written(&Value::from(f64::NAN)).is_err());
        assert!(written(&Value::from(f64::NEG_INFINITY)).is_err());
        assert!(written(&Value(Val::byte_str(vec![b'a']))).is_err());
        let object = Val::obj([(Val::Null, Val::Null)].into_iter().collect());
        assert!(written(&Value(object)).is_err());
    }

    proptest! {
        #[test]
        fn writing_then_reading_any_text_is_identity(text: String, key: String) {
            let value = Value::object([(key, Value::from(text))]);
            let json = written(&value).unwrap();
            prop_assert!(!json.contains(char::is_control), "{}", json);
            prop_assert_eq!(Value::read(json.as_bytes()).unwrap(), value);
        }
    }
}
