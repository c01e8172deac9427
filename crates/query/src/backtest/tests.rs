use proptest::prelude::*;

use super::*;
use crate::quantity::Unit;
use crate::samples::{at, inventory, inventory_at, inventory_of, question};
use crate::threshold::Range;

fn limits(warning: &str, critical: &str) -> Limits {
    let range = |text: &str| (!text.is_empty()).then(|| Range::parse(text, Unit::Seconds).unwrap());
    Limits {
        warning: range(warning),
        critical: range(critical),
    }
}

/// The episodes as text: state, hours from midnight of the first of March, and
/// whether an archive ended it (`!`) or it has not ended (`…`).
#[track_caller]
fn episodes(times: &[&str], (warning, critical): (&str, &str), since: Option<&str>) -> String {
    let inventory = inventory(times);
    let question = question(at("2025-03-05T00:00Z"));
    let groups = question.groups(&inventory).groups;
    let limits = limits(warning, critical);
    let backtest = Backtest::of(&groups[0], &question, &limits, since.map(at));
    let Some(backtest) = backtest else {
        return "none".into();
    };
    let hours =
        |time: DateTime<Utc>| (time - at("2025-03-01T00:00Z")).num_seconds() as f64 / 3600.0;
    let texts = backtest.episodes.iter().map(|episode| {
        let end = match (episode.ended_by, episode.ongoing) {
            (Some(_), false) => "!",
            (None, true) => "…",
            (None, false) => "",
            (Some(_), true) => unreachable!("{episode:?}"),
        };
        format!(
            "{} {}-{}{end}",
            episode.state,
            hours(episode.from),
            hours(episode.to)
        )
    });
    texts.collect::<Vec<_>>().join(", ")
}

const DAILY: [&str; 4] = [
    "2025-03-01T00:00Z",
    "2025-03-02T00:00Z",
    "2025-03-03T00:00Z",
    "2025-03-04T00:00Z",
];

#[test]
fn an_age_that_grows_over_a_limit_changes_the_state_exactly_there() {
    #[track_caller]
    fn row(times: &[&str], limits: (&str, &str), expected: &str) {
        assert_eq!(episodes(times, limits, None), expected);
    }
    let one = &["2025-03-01T00:00Z"];
    row(
        one,
        ("26h", "50h"),
        "OK 0-26, WARNING 26-50, CRITICAL 50-96…",
    );
    row(one, ("26h", ""), "OK 0-26, WARNING 26-96…");
    row(one, ("", "26h"), "OK 0-26, CRITICAL 26-96…");
    row(&DAILY, ("26h", "50h"), "OK 0-96…");
    row(&DAILY, ("24h", "50h"), "OK 0-96…");
    let missed = &[DAILY[0], DAILY[2], DAILY[3]];
    row(missed, ("26h", "50h"), "OK 0-26, WARNING 26-48!, OK 48-96…");
    row(
        missed,
        ("20h", "40h"),
        "OK 0-20, WARNING 20-40, CRITICAL 40-48!, OK 48-68, WARNING 68-72!, OK 72-92, WARNING 92-96…",
    );
    // Exactly as long as the limit: it is not violated.
    row(missed, ("48h", "50h"), "OK 0-96…");
    row(&[], ("26h", "50h"), "none");
}

#[test]
fn every_kind_of_range_is_replayed() {
    #[track_caller]
    fn row(limits: (&str, &str), expected: &str) {
        assert_eq!(episodes(&DAILY[2..], limits, None), expected);
    }
    // Too young is bad.
    row(
        ("10h:", ""),
        "WARNING 48-58, OK 58-72!, WARNING 72-82, OK 82-96…",
    );
    row(
        ("10h:20h", ""),
        "WARNING 48-58, OK 58-68, WARNING 68-82, OK 82-92, WARNING 92-96…",
    );
    row(
        ("@10h:20h", ""),
        "OK 48-58, WARNING 58-68, OK 68-82, WARNING 82-92, OK 92-96…",
    );
    row(
        ("@20h:", ""),
        "OK 48-68, WARNING 68-72!, OK 72-92, WARNING 92-96…",
    );
    row(
        ("~:20h", ""),
        "OK 48-68, WARNING 68-72!, OK 72-92, WARNING 92-96…",
    );
    row(
        ("@~:10h", ""),
        "WARNING 48-58, OK 58-72!, WARNING 72-82, OK 82-96…",
    );
    row(("-5h:-1h", ""), "WARNING 48-96…");
    row(("0", ""), "WARNING 48-96…");
    // An age of exactly 10 hours lasts no time at all.
    row(("10h:10h", ""), "WARNING 48-96…");
    row(("@10h:10h", ""), "OK 48-96…");
    // A warning limit above the critical one hides nothing.
    row(
        ("20h", "10h"),
        "OK 48-58, CRITICAL 58-72!, OK 72-82, CRITICAL 82-96…",
    );
    row(
        ("1h", "@5h:10h"),
        "OK 48-49, WARNING 49-53, CRITICAL 53-58, WARNING 58-72!, OK 72-73, \
        WARNING 73-77, CRITICAL 77-82, WARNING 82-96…",
    );
}

#[test]
fn a_backup_is_there_from_its_end_and_aged_from_its_time() {
    // A run of six hours: at its end the archive is six hours old.
    let times = [
        "2025-03-01T00:00Z 2025-03-01T06:00Z",
        "2025-03-02T00:00Z 2025-03-02T06:00Z",
    ];
    assert_eq!(
        episodes(&times, ("26h", ""), None),
        "OK 6-26, WARNING 26-30!, OK 30-50, WARNING 50-96…"
    );
    // A state that an archive does not change goes on.
    assert_eq!(
        episodes(&times, ("5h", "28h"), None),
        "WARNING 6-28, CRITICAL 28-30!, WARNING 30-52, CRITICAL 52-96…"
    );
    // A nominal time that is long ago never was the newest.
    let times = ["2025-03-02T00:00Z", "2025-03-01T00:00Z 2025-03-03T00:00Z"];
    assert_eq!(
        episodes(&times, ("26h", ""), None),
        "OK 24-50, WARNING 50-96…"
    );
    // One that ends after now is not there yet.
    let times = ["2025-03-01T00:00Z 2025-03-06T00:00Z"];
    assert_eq!(episodes(&times, ("26h", ""), None), "none");
}

#[test]
fn a_clock_that_is_a_little_ahead_makes_an_archive_of_now() {
    // Ended an hour before its time: it proves nothing until five minutes before.
    let times = ["2025-03-02T00:00Z 2025-03-01T23:00Z"];
    assert_eq!(
        episodes(&times, ("0:", "@0"), None),
        "CRITICAL 23.916666666666668-24, OK 24-96…"
    );
}

#[test]
fn of_a_repeated_hour_the_younger_instant_is_when_a_backup_was_there() {
    // 02:30 of that night in Berlin, with the offset left out.
    let archives = [
        r#""start": "2025-10-26T02:30:00.000000", "time": "2025-10-26T02:30:00.000000",
        "barchive": "web""#
            .to_owned(),
    ];
    let document = crate::samples::document_1(archives);
    let mut inventory = crate::Inventory::default();
    inventory.add_reading(
        borgq_json::read(document.as_bytes()),
        "-",
        &crate::samples::Changing::berlin(),
    );
    let question = question(at("2025-10-26T12:30Z"));
    let groups = question.groups(&inventory).groups;
    let backtest = Backtest::of(&groups[0], &question, &limits("2h", ""), None).unwrap();
    assert_eq!(backtest.from, at("2025-10-26T01:30Z"));
    // But its age is that of the older one.
    assert_eq!(backtest.episodes[0].to, at("2025-10-26T02:30Z"));
}

#[test]
fn since_cuts_the_beginning_and_knows_what_was_there() {
    let since = |since| episodes(&[DAILY[0], DAILY[2]], ("26h", ""), Some(since));
    assert_eq!(
        since("2025-02-01T00:00Z"),
        "OK 0-26, WARNING 26-48!, OK 48-74, WARNING 74-96…"
    );
    assert_eq!(
        since("2025-03-02T12:00Z"),
        "WARNING 36-48!, OK 48-74, WARNING 74-96…"
    );
    assert_eq!(since("2025-03-03T00:00Z"), "OK 48-74, WARNING 74-96…");
    assert_eq!(since("2025-03-05T00:00Z"), "");
}

#[test]
fn a_fraction_of_a_second_is_not_lost() {
    let inventory = inventory_of([r#""time": "2025-03-01T00:00:00.250000+00:00""#.to_owned()]);
    let question = question(at("2025-03-05T00:00Z"));
    let groups = question.groups(&inventory).groups;
    let backtest = Backtest::of(&groups[0], &question, &limits("1500ms", ""), None).unwrap();
    assert_eq!(backtest.episodes[0].to, at("2025-03-01T00:00:01.75Z"));
    assert_eq!(
        backtest.held(State::Ok).total,
        TimeDelta::milliseconds(1500)
    );
}

fn range() -> impl Strategy<Value = String> {
    let minutes = 0..600_u32;
    (minutes.clone(), minutes, 0..4_u8, any::<bool>()).prop_map(|(a, b, kind, inside)| {
        let (low, high) = (a.min(b), a.max(b));
        let at = if inside { "@" } else { "" };
        match kind {
            0 => format!("{at}{high}m"),
            1 => format!("{at}{low}m:"),
            2 => format!("{at}~:{high}m"),
            _ => format!("{at}{low}m:{high}m"),
        }
    })
}

proptest! {
    /// Times and limits are whole minutes, so that every half minute is between
    /// two changes and stands for its minute.
    #[test]
    fn a_replay_is_the_judgement_of_every_minute(
        runs in prop::collection::vec((0..1000_i64, prop::option::of(-10..90_i64)), 1..9),
        warning in range(),
        critical in prop::option::of(range()),
        since in prop::option::of(0..1200_i64),
        now in 0..1200_i64,
    ) {
        let begin = at("2025-03-01T00:00Z");
        let minute = |minutes: i64| begin + TimeDelta::minutes(minutes);
        let inventory = inventory_at(
            runs.iter().map(|(time, run)| (minute(*time), run.map(|run| minute(time + run)))),
        );
        let question = question(minute(now));
        let limits = limits(&warning, critical.as_deref().unwrap_or(""));
        let groups = question.groups(&inventory).groups;
        let backtest = Backtest::of(&groups[0], &question, &limits, since.map(minute));

        let judge = |instant: DateTime<Utc>| {
            let there = runs.iter().filter(|(time, run)| {
                let end = minute(time + run.unwrap_or(0));
                end <= instant && minute(*time) <= instant + question.clock_skew
            });
            let newest = there.map(|(time, _)| minute(*time)).max()?;
            let age = (instant - newest).max(TimeDelta::zero());
            Some(limits.judge(Duration::try_from(age).unwrap().into()))
        };
        let mut totals = [TimeDelta::zero(); 4];
        let mut span = TimeDelta::zero();
        for at in since.unwrap_or(-100)..now {
            let half = minute(at) + TimeDelta::seconds(30);
            let state = judge(half);
            let covers = |episode: &&Episode<'_>| episode.from <= half && half < episode.to;
            let replayed = backtest.as_ref().and_then(|backtest| backtest.episodes.iter().find(covers));
            prop_assert_eq!(replayed.map(|episode| episode.state), state, "{}", half);
            if let Some(state) = state {
                totals[usize::from(state.exit_status())] += TimeDelta::minutes(1);
                span += TimeDelta::minutes(1);
            }
        }
        if let Some(backtest) = backtest {
            for state in State::ALL {
                let held = backtest.held(state);
                prop_assert_eq!(held.total, totals[usize::from(state.exit_status())]);
                prop_assert!(held.longest <= held.total);
            }
            prop_assert_eq!(backtest.to - backtest.from, span);
            for pair in backtest.episodes.windows(2) {
                prop_assert_eq!(pair[0].to, pair[1].from);
                prop_assert_ne!(pair[0].state, pair[1].state);
            }
        }
    }
}
