//! A JSON value with everything in it: lone surrogates, every digit, every key.
//!
//! It shares nothing with the crate, so that the two can be compared.

use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    /// The digits.
    Integer(String),
    /// The bits.
    Float(u64),
    /// UTF-16.
    Text(Vec<u16>),
    List(Vec<Self>),
    Object(BTreeMap<String, Self>),
}

impl Json {
    pub(crate) fn integer(number: impl ToString) -> Self {
        Self::Integer(number.to_string())
    }

    pub(crate) fn float(number: f64) -> Self {
        Self::Float(number.to_bits())
    }

    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.encode_utf16().collect())
    }

    pub(crate) fn object<const N: usize>(keys: [(&str, Self); N]) -> Self {
        Self::Object(keys.map(|(key, value)| (key.to_owned(), value)).into())
    }

    /// What is at a path of keys and indices such as `archives.0.id`.
    pub(crate) fn at(&mut self, path: &str) -> &mut Self {
        path.split('.').fold(self, |value, step| match value {
            Self::Object(keys) => keys.get_mut(step).unwrap_or_else(|| panic!("{path}")),
            Self::List(list) => &mut list[step.parse::<usize>().unwrap()],
            other => panic!("{path}: {other:?}"),
        })
    }

    pub(crate) fn keys(&mut self) -> &mut BTreeMap<String, Self> {
        match self {
            Self::Object(keys) => keys,
            other => panic!("no object: {other:?}"),
        }
    }

    /// The only value in `json`.
    #[track_caller]
    pub(crate) fn parse(json: &[u8]) -> Self {
        let mut parser = Parser { rest: json };
        let value = parser.value();
        parser.space();
        assert!(parser.rest.is_empty(), "more after the value");
        value
    }

    /// As borg prints it: indented by four, or on one line.
    pub(crate) fn print(&self, indented: bool) -> String {
        let mut out = String::new();
        self.write(&mut out, indented.then_some(0));
        out
    }

    fn write(&self, out: &mut String, indent: Option<usize>) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(flag) => out.push_str(&flag.to_string()),
            Self::Integer(digits) => out.push_str(digits),
            Self::Float(bits) => out.push_str(&format!("{:?}", f64::from_bits(*bits))),
            Self::Text(units) => write_text(out, units.iter().copied()),
            Self::List(list) => {
                write_all(out, indent, ['[', ']'], list, |out, indent, value| {
                    value.write(out, indent);
                });
            }
            Self::Object(keys) => {
                write_all(
                    out,
                    indent,
                    ['{', '}'],
                    keys,
                    |out, indent, (key, value)| {
                        write_text(out, key.encode_utf16());
                        out.push_str(": ");
                        value.write(out, indent);
                    },
                );
            }
        }
    }
}

fn write_text(out: &mut String, units: impl Iterator<Item = u16>) {
    out.push('"');
    for unit in units {
        match u8::try_from(unit).map(char::from) {
            Ok(c @ ('"' | '\\')) => out.extend(['\\', c]),
            Ok('\n') => out.push_str("\\n"),
            Ok(c @ ' '..='~') => out.push(c),
            _ => out.push_str(&format!("\\u{unit:04x}")),
        }
    }
    out.push('"');
}

fn write_all<T>(
    out: &mut String,
    indent: Option<usize>,
    [open, close]: [char; 2],
    items: impl IntoIterator<Item = T>,
    write: impl Fn(&mut String, Option<usize>, T),
) {
    let inner = indent.map(|indent| indent + 4);
    let mut first = true;
    out.push(open);
    for item in items {
        if !first {
            out.push(',');
        }
        match inner {
            Some(inner) => out.push_str(&format!("\n{:inner$}", "")),
            None if first => {}
            None => out.push(' '),
        }
        first = false;
        write(out, inner, item);
    }
    if let (Some(indent), false) = (indent, first) {
        out.push_str(&format!("\n{:indent$}", ""));
    }
    out.push(close);
}

struct Parser<'a> {
    rest: &'a [u8],
}

impl Parser<'_> {
    fn space(&mut self) {
        self.rest = self.rest.trim_ascii_start();
    }

    fn take(&mut self, token: &[u8]) -> bool {
        self.space();
        let tail = self.rest.strip_prefix(token);
        self.rest = tail.unwrap_or(self.rest);
        tail.is_some()
    }

    fn byte(&mut self) -> u8 {
        let (first, tail) = self.rest.split_first().expect("more JSON");
        self.rest = tail;
        *first
    }

    fn value(&mut self) -> Json {
        if self.take(b"{") {
            let mut keys = BTreeMap::new();
            while !self.take(b"}") {
                assert!(keys.is_empty() || self.take(b","), "a comma");
                assert!(self.take(b"\""), "a key");
                let key = String::from_utf16(&self.text()).expect("a key of characters");
                assert!(self.take(b":"), "a colon");
                let value = self.value();
                assert!(keys.insert(key, value).is_none(), "a key twice");
            }
            return Json::Object(keys);
        }
        if self.take(b"[") {
            let mut list = Vec::new();
            while !self.take(b"]") {
                assert!(list.is_empty() || self.take(b","), "a comma");
                list.push(self.value());
            }
            return Json::List(list);
        }
        if self.take(b"\"") {
            return Json::Text(self.text());
        }
        let length = self
            .rest
            .iter()
            .position(|byte| b",]} \t\r\n".contains(byte));
        let (word, tail) = self.rest.split_at(length.unwrap_or(self.rest.len()));
        self.rest = tail;
        match std::str::from_utf8(word).expect("ASCII") {
            "null" => Json::Null,
            "true" => Json::Bool(true),
            "false" => Json::Bool(false),
            number if number.contains(['.', 'e', 'E']) => {
                Json::float(number.parse().expect(number))
            }
            number => {
                number.parse::<i128>().expect("an integer");
                Json::Integer(number.into())
            }
        }
    }

    /// Behind the opening quote.
    fn text(&mut self) -> Vec<u16> {
        let mut units = Vec::new();
        loop {
            let unit = match self.byte() {
                b'"' => return units,
                b'\\' => match self.byte() {
                    b'n' => 10,
                    b'r' => 13,
                    b't' => 9,
                    b'b' => 8,
                    b'f' => 12,
                    b'u' => {
                        let (hex, tail) = self.rest.split_at(4);
                        self.rest = tail;
                        u16::from_str_radix(std::str::from_utf8(hex).unwrap(), 16).unwrap()
                    }
                    other => other.into(),
                },
                first => {
                    // One character of UTF-8.
                    let more = self
                        .rest
                        .iter()
                        .take_while(|byte| **byte & 0xc0 == 0x80)
                        .count();
                    let mut bytes = vec![first];
                    bytes.extend_from_slice(&self.rest[..more]);
                    self.rest = &self.rest[more..];
                    units.extend(std::str::from_utf8(&bytes).expect("UTF-8").encode_utf16());
                    continue;
                }
            };
            units.push(unit);
        }
    }
}

#[test]
fn a_value_that_is_printed_and_parsed_is_the_same() {
    let value = Json::object([
        (
            "a",
            Json::List(vec![Json::Null, Json::Bool(true), Json::List(vec![])]),
        ),
        (
            "b",
            Json::Text(vec![0xdc80, 10, 34, 92, 0x1f600u32 as u16, 0xd800]),
        ),
        ("c", Json::float(-2.660756544638554e-5)),
        ("d", Json::integer(-5)),
    ]);
    assert_eq!(Json::parse(value.print(true).as_bytes()), value);
    assert_eq!(Json::parse(value.print(false).as_bytes()), value);
    assert_ne!(Json::parse(b"1"), Json::parse(b"1.0"));
    assert_eq!(Json::parse("\"\u{e9}\"".as_bytes()), Json::text("\u{e9}"));
}
