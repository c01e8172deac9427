//! [`Value`]: a JSON value that filters run over.

use std::borrow::Cow;

use bytes::Bytes;
use jaq_json::{Num, Val};
use serde::de::IgnoredAny;

use crate::error::ReadError;
use crate::needs::Needs;
use crate::read;

/// A JSON value. Numbers that a filter leaves alone keep their spelling, and
/// objects their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Value(pub(crate) Val);

impl Value {
    /// `null`.
    pub const NULL: Self = Self(Val::Null);

    /// Reads one JSON value.
    ///
    /// # Errors
    ///
    /// If it is not JSON, or nested deeper than 1000 levels.
    pub fn read(json: &[u8]) -> Result<Self, ReadError> {
        Self::read_shared(&Bytes::copy_from_slice(json))
    }

    /// The same of a text that is shared: the texts in the value are parts of it.
    pub(crate) fn read_shared(json: &Bytes) -> Result<Self, ReadError> {
        match read::read(json, Needs::ALL) {
            Some((value, 0)) => Ok(Self(value)),
            _ => Self::read_slowly(json),
        }
    }

    fn read_slowly(json: &[u8]) -> Result<Self, ReadError> {
        // jaq reads more than JSON, and to any depth.
        serde_json::from_slice::<IgnoredAny>(json).map_err(|error| ReadError(error.to_string()))?;
        if depth(json) > DEEPEST {
            return Err(ReadError(format!(
                "it is nested deeper than {DEEPEST} levels"
            )));
        }
        jaq_json::read::parse_single(json)
            .map(Self)
            .map_err(|error| ReadError(error.to_string()))
    }

    /// Reads one JSON value that may hold text which is not Unicode: lone
    /// surrogates, as in `"\udcff"`. Each becomes U+FFFD. They are counted.
    ///
    /// The texts in the value are parts of `json`: its memory is not freed
    /// before theirs.
    ///
    /// # Errors
    ///
    /// Those of [`Value::read`].
    ///
    /// ```
    /// use borgq_filter::{Bytes, Value};
    ///
    /// let json = Bytes::from_static(br#""caf\udce9 \ud83d\ude00""#);
    /// let (value, cleaned) = Value::read_cleaned(&json)?;
    /// assert_eq!(value.as_str().as_deref(), Some("caf\u{fffd} 😀"));
    /// assert_eq!(cleaned, 1);
    /// # Ok::<(), borgq_filter::ReadError>(())
    /// ```
    pub fn read_cleaned(json: &Bytes) -> Result<(Self, usize), ReadError> {
        Self::read_needed(json, Needs::ALL)
    }

    /// As [`Value::read_cleaned`], but what is not needed may be left out. It is
    /// checked like the rest.
    ///
    /// # Errors
    ///
    /// Those of [`Value::read`].
    pub fn read_needed(json: &Bytes, needs: &Needs) -> Result<(Self, usize), ReadError> {
        if let Some((value, cleaned)) = read::read(json, needs) {
            return Ok((Self(value), cleaned));
        }
        let (json, cleaned) = clean(json);
        Ok((Self::read_slowly(&json)?, cleaned))
    }

    /// An array.
    #[must_use]
    pub fn array(values: impl IntoIterator<Item = Self>) -> Self {
        Self(values.into_iter().map(|value| value.0).collect())
    }

    /// An object.
    #[must_use]
    pub fn object(members: impl IntoIterator<Item = (String, Self)>) -> Self {
        let members = members.into_iter();
        Self(Val::obj(
            members.map(|(key, value)| (key.into(), value.0)).collect(),
        ))
    }

    /// The text, if the value is one. What is not UTF-8, which only filters
    /// make, becomes U+FFFD.
    #[must_use]
    pub fn as_str(&self) -> Option<Cow<'_, str>> {
        match &self.0 {
            Val::TStr(text) => Some(String::from_utf8_lossy(text)),
            _ => None,
        }
    }

    /// The number, if the value is one.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        jaq_std::ValT::as_f64(&self.0)
    }

    /// Whether jq takes the value for true: it is neither `null` nor `false`.
    #[must_use]
    pub fn is_truthy(&self) -> bool {
        !matches!(self.0, Val::Null | Val::Bool(false))
    }

    /// The name of its type in jq: `null`, `boolean`, `number`, `string`,
    /// `array` or `object`.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self.0 {
            Val::Null => "null",
            Val::Bool(_) => "boolean",
            Val::Num(_) => "number",
            Val::BStr(_) | Val::TStr(_) => "string",
            Val::Arr(_) => "array",
            Val::Obj(_) => "object",
        }
    }
}

/// Deeper values would need too much of a stack, wherever they are read and
/// written.
pub const DEEPEST: usize = 1000;

/// How deep JSON is nested.
fn depth(json: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut bytes = json.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' => {
                while let Some(byte) = bytes.next() {
                    match byte {
                        b'\\' => drop(bytes.next()),
                        b'"' => break,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    deepest
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self(Val::Num(Num::from_integral(number)))
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self(number.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

/// Replaces the escapes of lone surrogates, and bytes that are not UTF-8.
fn clean(json: &[u8]) -> (Cow<'_, [u8]>, usize) {
    let mut cleaned = Vec::new();
    let mut count = 0;
    let mut kept = 0;
    let mut at = 0;
    // A backslash stands nowhere but in strings.
    while let Some(found) = json
        .get(at..)
        .and_then(|rest| rest.iter().position(|b| *b == b'\\'))
    {
        at += found;
        at += match (unit(json, at), unit(json, at + 6)) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => 12,
            (Some(0xd800..0xe000), _) => {
                cleaned.extend_from_slice(json.get(kept..at).unwrap_or_default());
                cleaned.extend_from_slice(b"\\ufffd");
                kept = at + 6;
                count += 1;
                6
            }
            (Some(_), _) => 6,
            (None, _) => 2,
        };
    }
    let json = if count == 0 {
        Cow::Borrowed(json)
    } else {
        cleaned.extend_from_slice(json.get(kept..).unwrap_or_default());
        Cow::Owned(cleaned)
    };
    let invalid = json
        .utf8_chunks()
        .filter(|chunk| !chunk.invalid().is_empty());
    match invalid.count() {
        0 => (json, count),
        more => {
            let text = String::from_utf8_lossy(&json).into_owned();
            (Cow::Owned(text.into_bytes()), count + more)
        }
    }
}

/// The UTF-16 unit of an escape `\uXXXX` that stands here.
fn unit(json: &[u8], at: usize) -> Option<u16> {
    let digits = json.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let digits = std::str::from_utf8(digits).ok()?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests;
