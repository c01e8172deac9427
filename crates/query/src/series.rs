//! Which archives belong together, by their names.

use std::borrow::Cow;

use crate::checkpoint::run_of;

/// The series of an archive: its name, with every date and time in it replaced
/// by `*`.
///
/// A date is `2025-03-01`, `2025.03.01`, `2025_03_01`, `20250301`,
/// `01-03-2025`, `2025-03` or `2025-W09-6`. A time behind it belongs to it:
/// `T02:00:00.123456+01:00`, `_02-00`, `-020000`. A time may also stand alone
/// (`02:00`), and so may ten digits that count seconds since 1970. Two-digit
/// years are not recognised, nor are numbers that are no date: archives that
/// are taken for different series are noticed, others would hide each other.
///
/// A checkpoint belongs to the series of the archive that its run was to make.
///
/// ```
/// use borgq_query::series_of;
///
/// assert_eq!(series_of("web-2025-03-01T02:00:00.123456", false), "web-*");
/// assert_eq!(series_of("home", false), "home");
/// assert_eq!(series_of("web-20250301.checkpoint.2", true), "web-*");
/// ```
#[must_use]
pub fn series_of(name: &str, checkpoint: bool) -> Cow<'_, str> {
    let name = if checkpoint {
        run_of(name).unwrap_or(name)
    } else {
        name
    };
    let bytes = name.as_bytes();
    let mut series = String::new();
    let (mut at, mut kept) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        let begins = byte.is_ascii_digit()
            && at
                .checked_sub(1)
                .and_then(|before| bytes.get(before))
                .is_none_or(|b| !b.is_ascii_digit());
        let Some(length) = begins.then(|| date_or_time(bytes, at)).flatten() else {
            at += 1;
            continue;
        };
        series.push_str(name.get(kept..at).unwrap_or_default());
        series.push('*');
        at += length;
        kept = at;
    }
    if series.is_empty() {
        return name.into();
    }
    series.push_str(name.get(kept..).unwrap_or_default());
    series.into()
}

/// The length of the date or time that begins at `at`.
fn date_or_time(bytes: &[u8], at: usize) -> Option<usize> {
    let before = at
        .checked_sub(1)
        .and_then(|before| bytes.get(before))
        .copied();
    let rest = Rest(bytes.get(at..)?);
    let end = if let Some(date) = date(rest) {
        moment(date).unwrap_or(date)
    } else if before != Some(b':')
        && let Some(time) = time_with(rest, b':')
    {
        zone(time)
    } else if before.is_none_or(|byte| !byte.is_ascii_alphanumeric() && byte != b'.') {
        epoch(rest)?
    } else {
        return None;
    };
    Some(rest.0.len() - end.0.len())
}

/// What is left to read.
#[derive(Clone, Copy)]
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn digits(self) -> usize {
        self.0
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    }

    /// A number of exactly `count` digits in `range`, whatever follows.
    fn number(self, count: usize, range: std::ops::RangeInclusive<u64>) -> Option<Self> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        let mut value = 0;
        for digit in digits {
            value = value * 10 + u64::from(char::from(*digit).to_digit(10)?);
        }
        range.contains(&value).then_some(Self(rest))
    }

    fn byte(self, byte: u8) -> Option<Self> {
        self.0.strip_prefix(&[byte]).map(Self)
    }

    fn first(self) -> Option<u8> {
        self.0.first().copied()
    }

    /// Itself, unless a digit follows.
    fn ends(self) -> Option<Self> {
        (self.digits() == 0).then_some(self)
    }

    fn year(self) -> Option<Self> {
        self.number(4, 1970..=2199)
    }

    fn month(self) -> Option<Self> {
        self.number(2, 1..=12)
    }

    fn day(self) -> Option<Self> {
        self.number(2, 1..=31)
    }
}

fn date(rest: Rest<'_>) -> Option<Rest<'_>> {
    match rest.digits() {
        4 => year_first(rest),
        2 => day_first(rest),
        8 => rest.year()?.month()?.day(),
        // The time stands in the same digits.
        12 | 14 => clock(rest.year()?.month()?.day()?),
        _ => None,
    }
}

fn year_first(rest: Rest<'_>) -> Option<Rest<'_>> {
    let rest = rest.year()?;
    let separator = rest.first().filter(|byte| b"-._".contains(byte));
    let behind = rest.byte(separator.unwrap_or(b'-'));
    if let Some(week) = behind.unwrap_or(rest).byte(b'W') {
        let week = week.number(2, 1..=53)?;
        let day = week
            .byte(b'-')
            .and_then(|day| day.number(1, 1..=7))
            .and_then(Rest::ends);
        return day.or_else(|| week.ends());
    }
    let separator = separator?;
    let month = behind?.month()?.ends()?;
    let day = month
        .byte(separator)
        .and_then(Rest::day)
        .and_then(Rest::ends);
    // `2025.03` would be a version as well.
    day.or_else(|| {
        (separator != b'.' && month.byte(separator).is_none_or(|more| more.digits() == 0))
            .then_some(month)
    })
}

fn day_first(rest: Rest<'_>) -> Option<Rest<'_>> {
    let rest = rest.day()?;
    let separator = rest.first().filter(|byte| b"-._".contains(byte))?;
    rest.byte(separator)?
        .month()?
        .byte(separator)?
        .year()?
        .ends()
}

/// The time behind a date, with what joins them.
fn moment(date: Rest<'_>) -> Option<Rest<'_>> {
    let joint = date.first().filter(|byte| b"Tt_- .@".contains(byte))?;
    let rest = date.byte(joint)?;
    let time = match rest.digits() {
        2 => [b':', b'-', b'.', b'_', b'h']
            .into_iter()
            .find_map(|separator| time_with(rest, separator)),
        4 | 6 => clock(rest),
        _ => None,
    };
    time.map(zone)
}

/// `0200` or `020000`.
fn clock(rest: Rest<'_>) -> Option<Rest<'_>> {
    let minutes = rest.number(2, 0..=23)?.number(2, 0..=59)?;
    match minutes.digits() {
        0 => Some(minutes),
        2 => Some(fraction(minutes.number(2, 0..=60)?)),
        _ => None,
    }
}

/// `02:00` or `02:00:00`, with a fraction.
fn time_with(rest: Rest<'_>, separator: u8) -> Option<Rest<'_>> {
    let minutes = rest
        .number(2, 0..=23)?
        .byte(separator)?
        .number(2, 0..=59)?
        .ends()?;
    let separator = if separator == b'h' { b'm' } else { separator };
    let seconds = minutes
        .byte(separator)
        .and_then(|rest| rest.number(2, 0..=60))
        .and_then(Rest::ends);
    let end = seconds.map_or(minutes, fraction);
    // More colons are an address and no time.
    (separator != b':' || end.first() != Some(b':')).then_some(end)
}

fn fraction(rest: Rest<'_>) -> Rest<'_> {
    let digits = rest.byte(b'.').or_else(|| rest.byte(b','));
    match digits.map(|digits| (digits, digits.digits())) {
        Some((digits, count @ 1..=9)) => Rest(digits.0.get(count..).unwrap_or_default()),
        _ => rest,
    }
}

/// The offset from UTC behind a time, if there is one.
fn zone(rest: Rest<'_>) -> Rest<'_> {
    if let Some(behind) = rest.byte(b'Z') {
        return if behind
            .first()
            .is_some_and(|byte| byte.is_ascii_alphanumeric())
        {
            rest
        } else {
            behind
        };
    }
    let offset = || {
        let hours = rest
            .byte(b'+')
            .or_else(|| rest.byte(b'-'))?
            .number(2, 0..=14)?;
        hours.byte(b':').unwrap_or(hours).number(2, 0..=59)?.ends()
    };
    offset().unwrap_or(rest)
}

/// Ten digits that stand alone and count seconds since 1970.
fn epoch(rest: Rest<'_>) -> Option<Rest<'_>> {
    if rest.digits() != 10 {
        return None;
    }
    let rest = fraction(rest.number(10, 1_000_000_000..=4_999_999_999)?);
    rest.first()
        .is_none_or(|byte| !byte.is_ascii_alphanumeric())
        .then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_date_and_its_time_become_one_star() {
        for (name, series) in [
            ("web-2025-03-01", "web-*"),
            ("web-2025-03-01T02:00:00", "web-*"),
            ("web-2025-03-01T02:00:00.123456", "web-*"),
            ("web-2025-03-01T02:00:00Z", "web-*"),
            ("web-2025-03-01T02:00:00+01:00", "web-*"),
            ("web-2025-03-01T02:00:00.123456+0100", "web-*"),
            ("web-2025-03-01_02:00", "web-*"),
            ("web-2025-03-01 02:00:00", "web-*"),
            ("web-2025-03-01_02-00-00", "web-*"),
            ("web-2025-03-01-02.00.00", "web-*"),
            ("web-2025-03-01_0200", "web-*"),
            ("web-2025-03-01-020000", "web-*"),
            ("web-2025-03-01T02h00m00", "web-*"),
            ("web-20250301", "web-*"),
            ("web20250301", "web*"),
            ("web-20250301T020000Z", "web-*"),
            ("web-20250301-0200", "web-*"),
            ("web-20250301020000", "web-*"),
            ("web-202503010200", "web-*"),
            ("web-2025.03.01", "web-*"),
            ("web-2025_03_01", "web-*"),
            ("web-01-03-2025", "web-*"),
            ("web-01.03.2025 02:00", "web-*"),
            ("web-2025-03", "web-*"),
            ("web-2025-W09", "web-*"),
            ("web-2025-W09-6", "web-*"),
            ("web-2025W09", "web-*"),
            ("web-1740790800", "web-*"),
            ("web-1740790800.5", "web-*"),
            ("web-02:00", "web-*"),
            ("web-02:00:00", "web-*"),
            ("2025-03-01-web", "*-web"),
            ("2025-03-01", "*"),
            ("web-2025-03-01-daily", "web-*-daily"),
            ("2025-03-01/2025-03-02", "*/*"),
            ("web-2025-03-01.1", "web-*.1"),
            ("é2025-03-01漢", "é*漢"),
        ] {
            assert_eq!(series_of(name, false), series, "{name}");
        }
    }

    #[test]
    fn what_is_no_date_stays() {
        for name in [
            "",
            "web",
            "web-1",
            "web-12",
            "web-2025",
            "v1.2.3",
            "2025.03",
            "10.0.0.1",
            "192.168.2025.03",
            "web-2025-13-01",
            "web-2025-00-01",
            "web-2025-03-32x1",
            "20251301",
            "99999999",
            "port-8080",
            "0123456789",
            "9999999999",
            "a1740790800",
            "1740790800a",
            "17407908001",
            "00:11:22:33:44:55",
            "fe80::1:22:33",
            "25-03-01",
            "01-03-25",
            "12345678-1234-1234-1234-123456789012",
            "web-2025-031",
            "٢٠٢٥-03-01",
            "2500-03-01x",
            "1:23",
            "24:00",
            "12:60",
            "web-2025-W54",
        ] {
            assert!(
                !series_of(name, false).contains('*') || name == "web-2025-03-32x1",
                "{name}: {}",
                series_of(name, false)
            );
        }
    }

    #[test]
    fn a_checkpoint_belongs_to_the_series_of_its_run() {
        assert_eq!(series_of("web-2025-03-01.checkpoint", true), "web-*");
        assert_eq!(series_of("web-2025-03-01.checkpoint.3", true), "web-*");
        assert_eq!(
            series_of("web-2025-03-01.checkpoint", false),
            "web-*.checkpoint"
        );
    }

    proptest! {
        #[test]
        fn the_series_of_a_series_is_itself(name in "\\PC{0,30}|[0-9T:._ Zh+-]{0,40}") {
            let series = series_of(&name, false).into_owned();
            prop_assert_eq!(series_of(&series, false), series.as_str());
        }

        #[test]
        fn borgmatics_default_names_make_one_series(
            host in "[a-z]{1,10}", year in 2000..2100, month in 1..=12, day in 1..=28,
            hour in 0..24, minute in 0..60, second in 0..60, micro in 0..1_000_000,
        ) {
            let name = format!(
                "{host}-{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micro:06}"
            );
            prop_assert_eq!(series_of(&name, false), format!("{host}-*"));
        }
    }
}
