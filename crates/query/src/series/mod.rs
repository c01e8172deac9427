//! Series: which archives belong together, told by their names.
//!
//! borg 2 gives the archives of a series the same name. borg 1.x names are
//! unique, so people put a date, a time or an epoch into them. What is a date
//! is replaced by `*`, and then equal names are a series.
//!
//! Two mistakes are possible. A date that is missed splits a series: old parts
//! show as old, which is noise. A number that is taken for a date joins two
//! series: a host gone silent hides behind another. The second is worse, so
//! only unmistakable forms count: no two-digit years (`25-03-01`), no year or
//! month alone (`2025-03`), no hour alone but after `T`, no month names.

mod date;
mod scan;

use std::borrow::Cow;

/// The series that an archive of this name belongs to: the name, with every date
/// and time in it replaced by `*`.
///
/// `is_1x_checkpoint` says that the name ends in `.checkpoint` or `.checkpoint.N`
/// because borg 1.x was interrupted; this ending is removed, so that the
/// checkpoint belongs to the series whose run was interrupted.
///
/// ```
/// use borgq_query::series::series_of;
/// assert_eq!(series_of("web-2025-03-01T02:00:00.123456", false), "web-*");
/// assert_eq!(series_of("web-2025-03-01.checkpoint.1", true), "web-*");
/// assert_eq!(series_of("web", false), "web");
/// ```
#[must_use]
pub fn series_of(name: &str, is_1x_checkpoint: bool) -> Cow<'_, str> {
    let name = if is_1x_checkpoint {
        without_checkpoint(name)
    } else {
        name
    };
    scan::replace_times(name)
}

fn without_checkpoint(name: &str) -> &str {
    let numbered = name.rsplit_once('.').filter(|(_, number)| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    let unnumbered = numbered.map_or(name, |(before, _)| before);
    unnumbered
        .strip_suffix(".checkpoint")
        .or_else(|| name.strip_suffix(".checkpoint"))
        .unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn series(name: &str, want: &str) {
        assert_eq!(series_of(name, false), want, "{name}");
        assert_eq!(series_of(want, false), want, "{want} again");
    }

    #[test]
    fn a_date_and_its_time_become_one_star() {
        for time in [
            "2025-03-01",
            "20250301",
            "2025.03.01",
            "2025_03_01",
            "01-03-2025",
            "31.12.2025",
            "12-31-2025",
            "2024-02-29",
            "2025-03-01T02:00:00",
            "2025-03-01T02:00:00.123456",
            "2025-03-01T02:00:00.123456789",
            "2025-03-01T02:00:00,123",
            "2025-03-01T02:00:00.123456+01:00",
            "2025-03-01T02:00:00+0100",
            "2025-03-01T02:00:00-05:00",
            "2025-03-01T02:00:00Z",
            "2025-03-01T02:00",
            "2025-03-01T02:00+01",
            "2025-03-01T02",
            "2025-03-01 02:00:00",
            "2025-03-01_02:00",
            "2025-03-01_02:00:00",
            "2025-03-01_02-00-00",
            "2025-03-01_02-00",
            "2025-03-01_02.00.00",
            "2025-03-01-02:00",
            "2025-03-01-02-00-00",
            "2025-03-01-020000",
            "2025-03-01:02:00:00",
            "2025-03-01@02:00",
            "2025_03_01_02_00_00",
            "2025.03.01-02.00",
            "01.03.2025-02:00",
            "20250301T020000Z",
            "20250301T020000",
            "20250301T0200",
            "20250301-0200",
            "20250301-020000",
            "20250301_020000",
            "20250301020000",
            "202503010200",
            "2025-W09",
            "2025-W09-5",
            "2025W095",
            "2025W09",
            "1740794400",
            "02:00",
            "02:00:00",
            "23:59:60",
            "02:00:00.123456",
            "2025-03-01T23:59:60Z",
        ] {
            series(time, "*");
            series(&format!("web-{time}"), "web-*");
            series(&format!("web_{time}_full"), "web_*_full");
            series(&format!("host-1-{time}"), "host-1-*");
            series(&format!("bücher-{time}-日本"), "bücher-*-日本");
            series(&format!("{time}|{time}"), "*|*");
        }
    }

    #[test]
    fn names_as_people_give_them() {
        series("myhost-2025-03-01T02:00:00.123456", "myhost-*");
        series(
            "web01.example.org-2025-03-01T02:00:00",
            "web01.example.org-*",
        );
        series("backup20250301", "backup*");
        series("db20250301-0200", "db*");
        series("2025-03-01web", "*web");
        series("web-2025-03-01-daily", "web-*-daily");
        series("web-2025-03-01.1", "web-*.1");
        series("web-2025-03-01-2", "web-*-2");
        series("web-2025-03-01T25:00:00", "web-*T25:00:00");
        series("web-2025-03-01_99", "web-*_99");
        series("from-2025-03-01-to-2025-03-02", "from-*-to-*");
        series("02:00-02:00Z", "*-*");
        series("home-20250301T020000Z.full", "home-*.full");
        series("web-2025-03-01T02:00:00+01:00.old", "web-*.old");
    }

    #[test]
    fn what_is_no_date_stays() {
        for name in [
            "",
            "web",
            "web-1.2.3",
            "borg-1.4.5",
            "web-2025",
            "web-2025-03",
            "web-25-03-01",
            "web-250301",
            "web-2025-13-01",
            "web-2025-00-01",
            "web-2025-02-30",
            "web-2025-04-31",
            "web-2023-02-29",
            "web-1969-12-31",
            "web-2200-01-01",
            "web-20251301",
            "web-99999999",
            "web-12345678901234",
            "web-2025-3-1",
            "web-2025-03_01",
            "web-12025-03-01",
            "web-2025-03-011",
            "10.20.30.40",
            "192.168.1.254",
            "10.12.2025.1",
            "1.10.12.2025",
            "2025.03.01.4",
            "4.2025.03.01",
            "web:8080",
            "web:22:30",
            "web-8080",
            "00:11:22:33:44:55",
            "12:30:45:01:02:03",
            "fe80::12:30",
            "web-24:00",
            "web-02:60",
            "web-0200",
            "web-999999999",
            "web-0999999999",
            "web-5000000000",
            "web-17407944000",
            "web1740794400",
            "1740794400web",
            "1740794400.5",
            "20250301-e29b-41d4-a716-446655440000",
            "550e8400-e29b-41d4-a716-202503010200",
            "db-20250301-e29b-41d4-a716-446655440000-x",
            "9f20250301",
            "20250301ab",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "2025-W00",
            "2025-W54",
            "2025-W091",
            "ü2:00ü",
            "٢٠٢٥-٠٣-٠١",
        ] {
            series(name, name);
        }
    }

    #[test]
    fn the_ending_of_a_1x_checkpoint_is_removed() {
        #[track_caller]
        fn row(name: &str, want: &str) {
            assert_eq!(series_of(name, true), want);
        }
        row("web.checkpoint", "web");
        row("web.checkpoint.12", "web");
        row("web-2025-03-01T02:00.checkpoint.1", "web-*");
        row("web-2025-03-01.checkpoint", "web-*");
        row("web", "web");
        row("web.1", "web.1");
        row("web.checkpoint.x", "web.checkpoint.x");
        row(".checkpoint", "");
        row("web.checkpoint.checkpoint", "web.checkpoint");
        assert_eq!(series_of("web.checkpoint", false), "web.checkpoint");
    }

    #[test]
    fn a_long_name_is_one_pass() {
        for (part, has_time) in [
            ("2025-03-01-", true),
            ("20250301-e29b-", true),
            ("2025-03-01", false),
            ("1", false),
            ("12:", false),
            ("a1b2-", false),
        ] {
            let name = part.repeat(50_000);
            assert_eq!(series_of(&name, false).contains('*'), has_time, "{part}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn the_series_of_a_series_is_itself(
            name in "([0-9]{1,4}|2025-03-01|20250301|02:00|1740794400|T|Z|W09|[-_.:+ @*a-fü]){0,9}",
        ) {
            let once = series_of(&name, false).into_owned();
            prop_assert_eq!(series_of(&once, false), once.as_str());
        }

        #[test]
        fn any_name_has_a_series(name in any::<String>(), checkpoint: bool) {
            prop_assert!(series_of(&name, checkpoint).len() <= name.len());
        }

        #[test]
        fn the_series_does_not_depend_on_when(
            host in "[a-z]{1,8}",
            (year, month, day) in (1970..2200_u32, 1..=12_u32, 1..=28_u32),
            (hour, minute, second) in (0..24_u32, 0..60_u32, 0..60_u32),
        ) {
            let name = format!("{host}-{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
            prop_assert_eq!(series_of(&name, false), format!("{host}-*"));
            let name = format!("{host}_{year}{month:02}{day:02}-{hour:02}{minute:02}{second:02}");
            prop_assert_eq!(series_of(&name, false), format!("{host}_*"));
        }
    }
}
