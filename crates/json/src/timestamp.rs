//! [`Timestamp`]: a time exactly as borg printed it.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Timelike as _};
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// A time as borg printed it: a clock reading, or an instant with its offset.
///
/// borg 1.x prints `2025-03-01T02:00:00.000000`: the local time of the process
/// that printed it, without an offset. That is a *clock reading* and not an
/// instant until a zone is given. borg 2 prints
/// `2025-03-01T02:00:00.000000+01:00`. Offsets may have seconds
/// (`-04:56:02`), as the local mean times before about 1900 do.
///
/// A timestamp writes back exactly what it read. Timestamps have no order:
/// clock readings do not go forward when a clock is set back.
///
/// ```
/// use borgq_json::Timestamp;
///
/// let time: Timestamp = "2025-03-01T02:00:00.250000+01:00".parse()?;
/// assert_eq!(time.instant().unwrap().timestamp(), 1_740_790_800);
/// assert_eq!(time.to_string(), "2025-03-01T02:00:00.250000+01:00");
///
/// let reading: Timestamp = "2025-03-01T02:00:00.000000".parse()?;
/// assert!(reading.instant().is_none());
/// # Ok::<(), borgq_json::ParseTimestampError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Timestamp {
    reading: NaiveDateTime,
    fraction_digits: u8,
    offset: Option<Offset>,
}

/// An offset from UTC as it was written.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Offset {
    east: FixedOffset,
    style: Style,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Style {
    Zulu,
    Minutes,
    Seconds,
    /// `-00:00`: RFC 3339's offset of an unknown place.
    NegativeZero,
    NegativeZeroSeconds,
}

impl Timestamp {
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        parse(text)
    }

    /// The date and time of day as printed, whatever the offset.
    #[must_use]
    pub const fn reading(&self) -> NaiveDateTime {
        self.reading
    }

    /// The offset from UTC as printed. `None` for a clock reading (borg 1.x).
    #[must_use]
    pub fn offset(&self) -> Option<FixedOffset> {
        self.offset.map(|offset| offset.east)
    }

    /// The instant. `None` for a clock reading (borg 1.x): it needs a zone.
    #[must_use]
    pub fn instant(&self) -> Option<DateTime<FixedOffset>> {
        self.reading.and_local_timezone(self.offset?.east).single()
    }

    /// How many digits the fraction of the second was printed with, 0 to 9.
    #[must_use]
    pub const fn fraction_digits(&self) -> u8 {
        self.fraction_digits
    }

    /// Whether this is a clock reading: a local time without an offset.
    #[must_use]
    pub const fn is_reading(&self) -> bool {
        self.offset.is_none()
    }
}

/// A text is no [`Timestamp`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseTimestampError(());

const EXPECTED: &str =
    "a time such as 2025-03-01T02:00:00.000000 or 2025-03-01T02:00:00.000000+01:00";

impl fmt::Display for ParseTimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {EXPECTED}")
    }
}

impl std::error::Error for ParseTimestampError {}

/// Two digits after `separator`.
fn two(rest: &mut &[u8], separator: Option<u8>) -> Option<u32> {
    if let Some(separator) = separator {
        *rest = rest.strip_prefix(&[separator])?;
    }
    let (&[high @ b'0'..=b'9', low @ b'0'..=b'9'], tail) = rest.split_first_chunk()? else {
        return None;
    };
    *rest = tail;
    Some(u32::from(high - b'0') * 10 + u32::from(low - b'0'))
}

/// The nanoseconds of `.123456` and the number of its digits. No fraction is 0 digits.
fn fraction(rest: &mut &[u8]) -> Option<(u32, u8)> {
    let Some(digits) = rest.strip_prefix(b".") else {
        return Some((0, 0));
    };
    let (mut value, mut count) = (0, 0);
    let mut tail = digits;
    while let [digit @ b'0'..=b'9', behind @ ..] = tail {
        if count == 9 {
            return None;
        }
        value = value * 10 + u32::from(digit - b'0');
        count += 1;
        tail = behind;
    }
    if count == 0 {
        return None;
    }
    *rest = tail;
    Some((value * 10_u32.pow(9 - count), count as u8))
}

fn offset(mut rest: &[u8]) -> Option<Option<Offset>> {
    let negative = match rest {
        [] => return Some(None),
        [b'Z'] => {
            return Some(Some(Offset {
                east: FixedOffset::east_opt(0)?,
                style: Style::Zulu,
            }));
        }
        [b'+', ..] => false,
        [b'-', ..] => true,
        _ => return None,
    };
    rest = rest.get(1..)?;
    let hours = two(&mut rest, None)?;
    let minutes = two(&mut rest, Some(b':'))?;
    let seconds = if rest.is_empty() {
        None
    } else {
        Some(two(&mut rest, Some(b':'))?)
    };
    if !rest.is_empty() || minutes > 59 || seconds.unwrap_or(0) > 59 {
        return None;
    }
    let total = i32::try_from(hours * 3600 + minutes * 60 + seconds.unwrap_or(0)).ok()?;
    let style = match (seconds, negative && total == 0) {
        (None, false) => Style::Minutes,
        (Some(_), false) => Style::Seconds,
        (None, true) => Style::NegativeZero,
        (Some(_), true) => Style::NegativeZeroSeconds,
    };
    let east = FixedOffset::east_opt(if negative { -total } else { total })?;
    Some(Some(Offset { east, style }))
}

/// The date and time of day, all digits at fixed places, looked at together.
fn date_and_time(text: &[u8; 19]) -> Option<[u32; 7]> {
    let [
        y,
        e,
        a,
        r,
        b'-',
        m,
        o,
        b'-',
        d,
        t,
        b'T',
        h,
        i,
        b':',
        n,
        u,
        b':',
        s,
        c,
    ] = text
    else {
        return None;
    };
    let digits = [y, e, a, r, m, o, d, t, h, i, n, u, s, c].map(|byte| byte.wrapping_sub(b'0'));
    if digits
        .iter()
        .fold(false, |other, digit| other | (*digit > 9))
    {
        return None;
    }
    let [y, e, a, r, m, o, d, t, h, i, n, u, s, c] = digits;
    let pair = |high: u8, low: u8| u32::from(high * 10 + low);
    Some([
        pair(y, e),
        pair(a, r),
        pair(m, o),
        pair(d, t),
        pair(h, i),
        pair(n, u),
        pair(s, c),
    ])
}

fn parse(text: &[u8]) -> Option<Timestamp> {
    let (fixed, mut rest) = text.split_first_chunk()?;
    let [century, year, month, day, hour, minute, second] = date_and_time(fixed)?;
    let year = century * 100 + year;
    let (nanos, fraction_digits) = fraction(&mut rest)?;
    let offset = offset(rest)?;
    if year == 0 || second > 59 {
        return None;
    }
    let reading = NaiveDate::from_ymd_opt(year as i32, month, day)?
        .and_hms_nano_opt(hour, minute, second, nanos)?;
    Some(Timestamp {
        reading,
        fraction_digits,
        offset,
    })
}

impl FromStr for Timestamp {
    type Err = ParseTimestampError;

    fn from_str(text: &str) -> Result<Self, ParseTimestampError> {
        parse(text.as_bytes()).ok_or(ParseTimestampError(()))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `format` would bring its whole language along.
        let seconds = self.reading.with_nanosecond(0).unwrap_or(self.reading);
        let mut text = format!("{seconds:?}");
        if self.fraction_digits > 0 {
            let nanos = format!("{:09}", self.reading.and_utc().timestamp_subsec_nanos());
            text.push('.');
            text.extend(nanos.chars().take(usize::from(self.fraction_digits)));
        }
        if let Some(Offset { east, style }) = self.offset {
            let total = east.local_minus_utc();
            let negative =
                total < 0 || matches!(style, Style::NegativeZero | Style::NegativeZeroSeconds);
            let total = total.abs();
            if style == Style::Zulu {
                text.push('Z');
            } else {
                let sign = if negative { '-' } else { '+' };
                write!(text, "{sign}{:02}:{:02}", total / 3600, total / 60 % 60)?;
                if matches!(style, Style::Seconds | Style::NegativeZeroSeconds) {
                    write!(text, ":{:02}", total % 60)?;
                }
            }
        }
        f.pad(&text)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TimestampVisitor;
        impl Visitor<'_> for TimestampVisitor {
            type Value = Timestamp;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(EXPECTED)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                parse(text.as_bytes())
                    .ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_str(TimestampVisitor)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn keeps(text: &str) {
        assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), text);
    }

    #[track_caller]
    fn refuses(text: &str) {
        assert!(text.parse::<Timestamp>().is_err(), "{text:?} was read");
    }

    #[test]
    fn what_borg_prints_is_written_back_exactly() {
        keeps("2025-03-01T02:00:00.000000");
        keeps("2025-03-01T02:00:00");
        keeps("2025-03-01T02:00:00.5");
        keeps("2025-03-01T02:00:00.123456789");
        keeps("2025-03-01T02:00:00.000000+00:00");
        keeps("2025-03-01T02:00:00.000000Z");
        keeps("2025-03-01T02:00:00.123456+05:45");
        keeps("0999-03-01T02:00:00.000000-04:56:02");
        keeps("1900-01-01T00:00:00.000000+05:53:28");
        keeps("1900-01-01T00:00:00.000000+05:53:00");
        keeps("2025-03-01T02:00:00-00:00");
        keeps("2025-03-01T02:00:00-00:00:00");
        keeps("9999-12-31T23:59:59.999999");
        keeps("0001-01-01T00:00:00.000000");
        keeps("2024-02-29T00:00:00");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "2025",
            "2025-03-01",
            "2025-03-01 02:00:00",
            "2025-03-01T02:00",
            "now",
            "2025-02-29T00:00:00",
            "2025-13-01T00:00:00",
            "2025-00-01T00:00:00",
            "2025-03-01T24:00:00",
            "2025-03-01T02:60:00",
            "2025-03-01T02:00:60",
            "0000-03-01T02:00:00",
            "+2025-03-01T02:00:00",
            "2025-03-01T02:00:00.",
            "2025-03-01T02:00:00.1234567890",
            "2025-03-01T02:00:00,5",
            "2025-03-01T02:00:00z",
            "2025-03-01T02:00:00+1",
            "2025-03-01T02:00:00+0100",
            "2025-03-01T02:00:00+01:60",
            "2025-03-01T02:00:00+24:00",
            "2025-03-01T02:00:00+01:00:60",
            "2025-03-01T02:00:00+01:00:00.5",
            "2025-03-01T02:00:00 ",
            " 2025-03-01T02:00:00",
            "٢٠٢٥-03-01T02:00:00",
        ] {
            refuses(text);
        }
    }

    #[test]
    fn offsets_with_seconds_give_the_exact_instant() {
        let time: Timestamp = "0999-03-01T02:00:00.000000-04:56:02".parse().unwrap();
        let utc = time.instant().unwrap().naive_utc().to_string();
        assert_eq!(utc, "0999-03-01 06:56:02");
    }

    #[test]
    fn the_error_says_what_is_expected() {
        assert_eq!(
            serde_json::from_str::<Timestamp>("\"today\"")
                .unwrap_err()
                .to_string(),
            "invalid value: string \"today\", expected a time such as 2025-03-01T02:00:00.000000 \
             or 2025-03-01T02:00:00.000000+01:00 at line 1 column 7"
        );
    }

    prop_compose! {
        pub(crate) fn any_timestamp_text()(
            year in 1..=9999, month in 1..=12, day in 1..=28,
            hour in 0..24, minute in 0..60, second in 0..60,
            fraction in prop::option::of("\\.[0-9]{1,9}"),
            offset in prop::option::of(prop_oneof![
                Just("Z".to_owned()),
                "[+-][01][0-9]:[0-5][0-9]",
                "[+-][01][0-9]:[0-5][0-9]:[0-5][0-9]",
            ]),
        ) -> String {
            format!(
                "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{}{}",
                fraction.unwrap_or_default(), offset.unwrap_or_default()
            )
        }
    }

    proptest! {
        #[test]
        fn reading_then_printing_a_time_is_identity(text in any_timestamp_text()) {
            prop_assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), text);
        }

        #[test]
        fn any_string_is_refused_or_written_back(text in "\\PC{0,40}|[0-9T:.+Z-]{19,35}") {
            if let Ok(time) = text.parse::<Timestamp>() {
                prop_assert_eq!(time.to_string(), text);
            }
        }
    }
}
