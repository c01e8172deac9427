//! The forms of dates and times that people put into archive names.

use chrono::NaiveDate;

use super::scan::{Left, is_alnum, is_digit};

/// A date, a time, or both.
pub(super) struct Found {
    pub(super) length: usize,
}

/// The time that begins here, at a digit that has no digit before it.
pub(super) fn time_at(rest: &[u8], left: Left) -> Option<Found> {
    let length = date_time(rest, left)
        .or_else(|| epoch(rest, left))
        .or_else(|| time_alone(rest, left))?;
    Some(Found { length })
}

/// A date, with the time that follows it if there is one.
fn date_time(rest: &[u8], left: Left) -> Option<usize> {
    let dates = [date_parted, compact, week];
    dates.into_iter().find_map(|date| {
        let Date { length, kind } = date(Text(rest))?;
        let time = time_after(Text(rest).skip(length), kind).unwrap_or(0);
        [length + time, length]
            .into_iter()
            .find(|end| bounded(rest, left, *end, kind, *end == length))
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `2025-03-01`
    Parted,
    /// `2025.03.01`: looks like a version or an IP address.
    Dotted,
    /// `20250301`: looks like any number.
    Compact,
    /// `202503010200`: with the time in it already.
    CompactWithTime,
}

struct Date {
    length: usize,
    kind: Kind,
}

/// Whether what stands around the time allows it to be one.
fn bounded(rest: &[u8], left: Left, length: usize, kind: Kind, bare: bool) -> bool {
    let byte = |at: usize| rest.get(at).copied().unwrap_or(0);
    let (right, after, last) = (
        byte(length),
        byte(length + 1),
        byte(length.saturating_sub(1)),
    );
    if is_digit(right) || (last.is_ascii_alphabetic() && is_alnum(right)) {
        return false;
    }
    match kind {
        Kind::Parted => true,
        Kind::Dotted => {
            let dot_left = left.byte == b'.' && is_digit(left.before);
            let dot_right = bare && right == b'.' && is_digit(after);
            !dot_left && !dot_right
        }
        Kind::Compact | Kind::CompactWithTime => {
            (left.word || !is_alnum(left.byte)) && !is_alnum(right)
        }
    }
}

/// `2025-03-01`, `2025.03.01`, `2025_03_01`, and the year last.
fn date_parted(text: Text<'_>) -> Option<Date> {
    let parted = |first: usize, second: usize| {
        let separator = text.byte(first)?;
        let ok = matches!(separator, b'-' | b'.' | b'_') && text.byte(second)? == separator;
        ok.then_some(if separator == b'.' {
            Kind::Dotted
        } else {
            Kind::Parted
        })
    };
    let year_first = || {
        let kind = parted(4, 7)?;
        is_date(text.number(0, 4)?, text.number(5, 2)?, text.number(8, 2)?).then_some(kind)
    };
    let year_last = || {
        let kind = parted(2, 5)?;
        let (a, b, year) = (text.number(0, 2)?, text.number(3, 2)?, text.number(6, 4)?);
        (is_date(year, b, a) || is_date(year, a, b)).then_some(kind)
    };
    let kind = year_first().or_else(year_last)?;
    Some(Date { length: 10, kind })
}

/// `20250301`, `202503010200`, `20250301020000`.
fn compact(text: Text<'_>) -> Option<Date> {
    let length = text.digits();
    let date = is_date(text.number(0, 4)?, text.number(4, 2)?, text.number(6, 2)?);
    let time = text.skip(8);
    let kind = match length {
        8 => Kind::Compact,
        12 if is_time(time.number(0, 2)?, time.number(2, 2)?, 0) => Kind::CompactWithTime,
        14 if is_time(time.number(0, 2)?, time.number(2, 2)?, time.number(4, 2)?) => {
            Kind::CompactWithTime
        }
        _ => return None,
    };
    date.then_some(Date { length, kind })
}

/// `2025-W09`, `2025-W09-5`, `2025W09`, `2025W095`.
fn week(text: Text<'_>) -> Option<Date> {
    let dash = usize::from(text.byte(4)? == b'-');
    let number_at = 5 + dash;
    let week = text.number(number_at, 2)?;
    let year = text.number(0, 4)?;
    if text.byte(4 + dash)? != b'W' || !is_year(year) || !(1..=53).contains(&week) {
        return None;
    }
    let week_end = number_at + 2;
    let day = text.number(week_end + dash, 1);
    let has_day = (dash == 0 || text.byte(week_end) == Some(b'-'))
        && day.is_some_and(|day| (1..=7).contains(&day))
        && !text.byte(week_end + dash + 1).is_some_and(is_digit);
    Some(Date {
        length: if has_day {
            week_end + dash + 1
        } else {
            week_end
        },
        kind: Kind::Parted,
    })
}

/// The length of the time that follows a date, with what separates the two, and its zone.
fn time_after(text: Text<'_>, kind: Kind) -> Option<usize> {
    if kind == Kind::CompactWithTime {
        return zone(text);
    }
    let separator = text.byte(0)?;
    if !matches!(
        separator,
        b'T' | b't' | b' ' | b'_' | b'-' | b':' | b'@' | b'.'
    ) {
        return None;
    }
    let time = text.skip(1);
    let length = clock(time, b":-_.")
        .or_else(|| compact_clock(time))
        .or_else(|| {
            // An hour alone is a time only where nothing else can be meant.
            let hour = separator.eq_ignore_ascii_case(&b'T') && time.digits() == 2;
            (hour && time.number(0, 2)? < 24).then_some(2)
        })?;
    let length = length + zone(time.skip(length)).unwrap_or(0);
    Some(1 + length)
}

/// `02:00`, `02:00:00`, `02:00:00.123456`, with any of these separators.
fn clock(text: Text<'_>, separators: &[u8]) -> Option<usize> {
    let separator = text.byte(2)?;
    let (hour, minute) = (text.number(0, 2)?, text.number(3, 2)?);
    if !separators.contains(&separator) || !is_time(hour, minute, 0) {
        return None;
    }
    if text.byte(5) == Some(separator)
        && let Some(second) = text.number(6, 2)
        && is_time(hour, minute, second)
        && !text.byte(8).is_some_and(is_digit)
    {
        return Some(8 + fraction(text.skip(8)));
    }
    (!text.byte(5).is_some_and(is_digit)).then_some(5)
}

/// `0200`, `020000`.
fn compact_clock(text: Text<'_>) -> Option<usize> {
    let length = text.digits();
    let second = match length {
        4 => 0,
        6 => text.number(4, 2)?,
        _ => return None,
    };
    let time = is_time(text.number(0, 2)?, text.number(2, 2)?, second);
    let fraction = if length == 6 {
        fraction(text.skip(6))
    } else {
        0
    };
    time.then_some(length + fraction)
}

/// The length of a fraction of a second, 0 if there is none. One or two digits
/// after a dot are rather a number of their own.
fn fraction(text: Text<'_>) -> usize {
    let digits = text.skip(1).digits();
    let point = matches!(text.byte(0), Some(b'.' | b','));
    if point && (3..=9).contains(&digits) {
        1 + digits
    } else {
        0
    }
}

/// `Z`, `+01:00`, `-0500`, `+01`.
fn zone(text: Text<'_>) -> Option<usize> {
    match text.byte(0)? {
        b'Z' | b'z' if !text.byte(1).is_some_and(is_alnum) => Some(1),
        sign @ (b'+' | b'-') => {
            let hours = text.number(1, 2).filter(|hours| *hours <= 14)?;
            let colon = usize::from(text.byte(3) == Some(b':'));
            let minutes = text.number(3 + colon, 2);
            let end = 5 + colon;
            if minutes.is_some_and(|minutes| minutes < 60 && minutes % 15 == 0)
                && !text.byte(end).is_some_and(is_digit)
            {
                return Some(end);
            }
            // `-01` may be a number of its own, `+01` not.
            let alone = sign == b'+' && text.skip(1).digits() == 2;
            (alone && hours <= 14).then_some(3)
        }
        _ => None,
    }
}

/// `02:00` and `02:00:00` without a date, not inside an address such as `00:11:22:33:44:55`.
fn time_alone(rest: &[u8], left: Left) -> Option<usize> {
    let text = Text(rest);
    let length = clock(text, b":")?;
    let zone = zone(text.skip(length)).unwrap_or(0);
    let inside = is_alnum(left.byte) || matches!(left.byte, b':' | b'.');
    [length + zone, length].into_iter().find(|end| {
        let right = text.byte(*end).unwrap_or(0);
        !inside && right != b':' && !is_alnum(right)
    })
}

/// Seconds since 1970, ten digits standing alone: 2001 to 2128.
fn epoch(rest: &[u8], left: Left) -> Option<usize> {
    let text = Text(rest);
    let joined = |byte: u8, beyond: u8| is_alnum(byte) || (byte == b'.' && is_digit(beyond));
    let right = text.byte(10).unwrap_or(0);
    let number = text.number(0, 10)?;
    let epoch = (1_000_000_000..=4_999_999_999).contains(&number)
        && !joined(left.byte, left.before)
        && !joined(right, text.byte(11).unwrap_or(0));
    epoch.then_some(10)
}

fn is_year(year: u64) -> bool {
    (1970..2200).contains(&year)
}

fn is_date(year: u64, month: u64, day: u64) -> bool {
    let date = || {
        let (month, day) = (u32::try_from(month).ok()?, u32::try_from(day).ok()?);
        NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
    };
    is_year(year) && date().is_some()
}

/// 60 is a leap second.
fn is_time(hour: u64, minute: u64, second: u64) -> bool {
    hour < 24 && minute < 60 && second <= 60
}

/// What is left of the name.
#[derive(Clone, Copy)]
struct Text<'a>(&'a [u8]);

impl<'a> Text<'a> {
    fn byte(self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    fn skip(self, count: usize) -> Text<'a> {
        Text(self.0.get(count..).unwrap_or_default())
    }

    /// The number of exactly so many digits at this place.
    fn number(self, at: usize, digits: usize) -> Option<u64> {
        let digits = self.0.get(at..at + digits)?;
        digits.iter().try_fold(0, |number, byte| {
            byte.is_ascii_digit()
                .then(|| number * 10 + u64::from(byte - b'0'))
        })
    }

    /// How many digits stand here; 20 if there are more. The bound keeps the scan linear.
    fn digits(self) -> usize {
        let digits = self.0.iter().take(20);
        digits.take_while(|byte| byte.is_ascii_digit()).count()
    }
}
