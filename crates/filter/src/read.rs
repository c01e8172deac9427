//! From JSON text to values, in one go.

use std::borrow::Cow;

use bytes::Bytes;
use jaq_json::{Map, Num, Val};
use memchr::memchr2;

use crate::needs::Needs;
use crate::value::DEEPEST;

/// A value, and how many lone surrogates in it became U+FFFD. What is not needed
/// of it is checked, and left out.
///
/// Its texts are parts of `json`, which is not freed before the last of them.
/// `None` if it is not JSON in UTF-8, or nested too deeply: whoever asked finds
/// out why.
pub fn read(json: &Bytes, needs: &Needs) -> Option<(Val, usize)> {
    std::str::from_utf8(json).ok()?;
    let mut reader = Reader {
        json,
        rest: json,
        cleaned: 0,
    };
    reader.space();
    let value = reader.value(0, needs, None)?;
    reader.space();
    reader.rest.is_empty().then_some((value, reader.cleaned))
}

const MOST_DIGITS: usize = 1000;

struct Reader<'a> {
    json: &'a Bytes,
    /// What is not read yet.
    rest: &'a [u8],
    cleaned: usize,
}

impl<'a> Reader<'a> {
    fn space(&mut self) {
        loop {
            match self.rest {
                [b' ', b' ', b' ', b' ', rest @ ..] => self.rest = rest,
                [b' ' | b'\n' | b'\r' | b'\t', rest @ ..] => self.rest = rest,
                _ => break,
            }
        }
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        let (first, rest) = self.rest.split_first()?;
        (*first == byte).then(|| self.rest = rest)
    }

    fn word(&mut self, word: &[u8], value: Val) -> Option<Val> {
        self.rest = self.rest.strip_prefix(word)?;
        Some(value)
    }

    /// The value that stands here. In lists of values that are alike, the one
    /// that stood in its place before tells how much room it needs.
    fn value(&mut self, level: usize, needs: &Needs, before: Option<&Val>) -> Option<Val> {
        match self.rest {
            [b'"', rest @ ..] => {
                self.rest = rest;
                let text = self.text()?;
                Some(self.string(text))
            }
            [b'{' | b'[', ..] if level == DEEPEST => None,
            [b'{', rest @ ..] => {
                self.rest = rest;
                self.object(level + 1, needs, before)
            }
            [b'[', rest @ ..] => {
                self.rest = rest;
                self.array(level + 1, needs)
            }
            [b't', ..] => self.word(b"true", Val::Bool(true)),
            [b'f', ..] => self.word(b"false", Val::Bool(false)),
            [b'n', ..] => self.word(b"null", Val::Null),
            _ => self.number(),
        }
    }

    fn array(&mut self, level: usize, needs: &Needs) -> Option<Val> {
        let needs = needs.item();
        let mut items = Vec::new();
        self.space();
        if self.take(b']').is_some() {
            return Some(Val::Arr(items.into()));
        }
        loop {
            self.space();
            match needs {
                Some(needs) => {
                    let item = self.value(level, needs, items.last())?;
                    items.push(item);
                }
                None => self.skip(level)?,
            }
            self.space();
            if self.take(b',').is_none() {
                self.take(b']')?;
                return Some(Val::Arr(items.into()));
            }
        }
    }

    fn object(&mut self, level: usize, needs: &Needs, before: Option<&Val>) -> Option<Val> {
        let before = match before {
            Some(Val::Obj(before)) => Some(before),
            _ => None,
        };
        let room = before.map_or(0, |before| before.len());
        let mut members = Map::with_capacity_and_hasher(room, Default::default());
        self.space();
        if self.take(b'}').is_some() {
            return Some(Val::obj(members));
        }
        loop {
            self.space();
            self.take(b'"')?;
            let key = self.text()?;
            self.colon()?;
            match needs.member(&key) {
                Some(needs) => {
                    let before = before.and_then(|before| before.get_index(members.len()));
                    let value = self.value(level, needs, before.map(|(_, value)| value))?;
                    members.insert(self.string(key), value);
                }
                None => self.skip(level)?,
            }
            self.space();
            if self.take(b',').is_none() {
                self.take(b'}')?;
                return Some(Val::obj(members));
            }
        }
    }

    fn colon(&mut self) -> Option<()> {
        self.space();
        self.take(b':')?;
        self.space();
        Some(())
    }

    /// Checks the value that stands here.
    fn skip(&mut self, level: usize) -> Option<()> {
        let (first, rest) = self.rest.split_first()?;
        let end = match first {
            b'"' => {
                self.rest = rest;
                return self.text().map(drop);
            }
            b'{' => b'}',
            b'[' => b']',
            b'-' | b'0'..=b'9' => return self.digits_of_number().map(drop),
            _ => return self.value(level, Needs::ALL, None).map(drop),
        };
        if level == DEEPEST {
            return None;
        }
        self.rest = rest;
        self.space();
        if self.take(end).is_some() {
            return Some(());
        }
        loop {
            self.space();
            if end == b'}' {
                self.take(b'"')?;
                self.text()?;
                self.colon()?;
            }
            self.skip(level + 1)?;
            self.space();
            if self.take(b',').is_none() {
                return self.take(end);
            }
        }
    }

    fn string(&self, text: Cow<'a, [u8]>) -> Val {
        match text {
            Cow::Borrowed(text) => Val::utf8_str(self.json.slice_ref(text)),
            Cow::Owned(text) => Val::utf8_str(text),
        }
    }

    /// The text of the string whose quote was read.
    fn text(&mut self) -> Option<Cow<'a, [u8]>> {
        let end = memchr2(b'"', b'\\', self.rest)?;
        let (text, rest) = self.rest.split_at_checked(end)?;
        if has_control(text) {
            return None;
        }
        if let [b'\\', ..] = rest {
            return self.escaped().map(Cow::Owned);
        }
        self.rest = rest.get(1..)?;
        Some(Cow::Borrowed(text))
    }

    fn escaped(&mut self) -> Option<Vec<u8>> {
        let mut text = Vec::new();
        loop {
            let end = memchr2(b'"', b'\\', self.rest)?;
            let (plain, rest) = self.rest.split_at_checked(end)?;
            if has_control(plain) {
                return None;
            }
            text.extend_from_slice(plain);
            let [b'\\', escape, rest @ ..] = rest else {
                self.rest = rest.get(1..)?;
                return Some(text);
            };
            self.rest = rest;
            let c = match escape {
                b'"' | b'\\' | b'/' => char::from(*escape),
                b'b' => '\u{8}',
                b'f' => '\u{c}',
                b'n' => '\n',
                b'r' => '\r',
                b't' => '\t',
                b'u' => self.unicode()?,
                _ => return None,
            };
            text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }

    /// The character of an escape whose `\u` was read, of two if they are a pair.
    fn unicode(&mut self) -> Option<char> {
        let first = self.unit()?;
        if let Some(c) = char::from_u32(first.into()) {
            return Some(c);
        }
        if first < 0xdc00
            && let Some(rest) = self.rest.strip_prefix(b"\\u")
        {
            let lone = self.rest;
            self.rest = rest;
            if let Some(Ok(c)) = char::decode_utf16([first, self.unit()?]).next() {
                return Some(c);
            }
            self.rest = lone;
        }
        self.cleaned += 1;
        Some(char::REPLACEMENT_CHARACTER)
    }

    fn unit(&mut self) -> Option<u16> {
        let (digits, rest) = self.rest.split_first_chunk::<4>()?;
        self.rest = rest;
        digits.iter().try_fold(0, |unit, digit| {
            let digit = char::from(*digit).to_digit(16)?;
            Some(unit << 4 | u16::try_from(digit).ok()?)
        })
    }

    fn number(&mut self) -> Option<Val> {
        let (text, whole) = self.digits_of_number()?;
        // The time that many digits take grows with the square of their number.
        if whole && text.len() > MOST_DIGITS {
            return None;
        }
        let text = std::str::from_utf8(text).ok()?;
        Some(Val::Num(match whole {
            true => Num::from_str_radix(text, 10)?,
            false => Num::Dec(text.to_owned().into()),
        }))
    }

    /// The number that stands here as it is spelled, and whether it is whole.
    fn digits_of_number(&mut self) -> Option<(&'a [u8], bool)> {
        let start = self.rest;
        let _ = self.take(b'-');
        if self.take(b'0').is_none() {
            self.digits()?;
        }
        let mut whole = true;
        if self.take(b'.').is_some() {
            whole = false;
            self.digits()?;
        }
        if let [b'e' | b'E', rest @ ..] = self.rest {
            whole = false;
            self.rest = rest;
            if let [b'+' | b'-', rest @ ..] = self.rest {
                self.rest = rest;
            }
            self.digits()?;
        }
        Some((start.get(..start.len() - self.rest.len())?, whole))
    }

    fn digits(&mut self) -> Option<()> {
        let count = self.rest.iter().take_while(|byte| byte.is_ascii_digit());
        self.rest = match count.count() {
            0 => return None,
            count => self.rest.get(count..)?,
        };
        Some(())
    }
}

/// Whether there is a byte that JSON has as an escape only.
fn has_control(text: &[u8]) -> bool {
    // All bytes are looked at: that is one step for many of them.
    text.iter().fold(false, |any, byte| any | (*byte < b' '))
}
