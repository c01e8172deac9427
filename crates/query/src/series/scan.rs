//! Finds the times in a name. One pass; what is looked at ahead of each place is bounded.

use std::borrow::Cow;

use super::date::{Found, time_at};

/// Replaces every date and time by `*`.
pub(super) fn replace_times(name: &str) -> Cow<'_, str> {
    let mut scan = Scan {
        bytes: name.as_bytes(),
        at: 0,
        left: Left::START,
    };
    let mut series = String::new();
    let mut copied = 0;
    while let Some((start, end)) = scan.next_time() {
        series.push_str(name.get(copied..start).unwrap_or_default());
        series.push('*');
        copied = end;
    }
    if copied == 0 {
        return Cow::Borrowed(name);
    }
    series.push_str(name.get(copied..).unwrap_or_default());
    Cow::Owned(series)
}

/// What stands to the left of a place.
///
/// A `*`, and so a time that was just replaced, counts as a digit: what was no
/// time beside a time is none beside its star either.
#[derive(Clone, Copy)]
pub(super) struct Left {
    /// The byte before; 0 at the start.
    pub(super) byte: u8,
    /// The byte before that.
    pub(super) before: u8,
    /// Whether the letters before are a word without digits.
    pub(super) word: bool,
}

impl Left {
    const START: Self = Self {
        byte: 0,
        before: 0,
        word: false,
    };

    fn push(&mut self, byte: u8) {
        self.word = byte.is_ascii_alphabetic() && (self.word || !is_alnum(self.byte));
        self.before = self.byte;
        self.byte = byte;
    }
}

/// Whether a byte is a digit, or a star that stands for digits.
pub(super) fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'*'
}

/// Whether a byte belongs to a word or number. Bytes that are not ASCII are letters.
pub(super) fn is_alnum(byte: u8) -> bool {
    is_digit(byte) || byte.is_ascii_alphabetic() || !byte.is_ascii()
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    left: Left,
}

impl Scan<'_> {
    /// Start and end of the next time.
    fn next_time(&mut self) -> Option<(usize, usize)> {
        while let Some(byte) = self.bytes.get(self.at) {
            let rest = self.bytes.get(self.at..)?;
            let length = match uuid_length(rest, self.left) {
                Some(length) => length,
                None if !byte.is_ascii_digit() || is_digit(self.left.byte) => 1,
                None => match time_at(rest, self.left) {
                    Some(Found { length }) => {
                        let start = self.at;
                        self.at += length;
                        self.left.push(b'*');
                        return Some((start, self.at));
                    }
                    None => 1,
                },
            };
            for byte in rest.iter().take(length) {
                self.left.push(*byte);
            }
            self.at += length;
        }
        None
    }
}

/// The length of a UUID that begins here: its digits are no date.
fn uuid_length(rest: &[u8], left: Left) -> Option<usize> {
    const LENGTH: usize = 36;
    if is_alnum(left.byte) {
        return None;
    }
    let uuid = rest.get(..LENGTH)?;
    let shape = uuid.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    let ends = !rest.get(LENGTH).is_some_and(|byte| is_alnum(*byte));
    (shape && ends).then_some(LENGTH)
}
