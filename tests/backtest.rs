//! `borgq backtest`.

use chrono::TimeDelta;
use serde_json::json;

use crate::corpus::{LATER, instant};
use crate::history;
use crate::program::run;

const NOW: &str = "2025-03-02T12:00:00Z";
const LIST: &[u8] = include_bytes!("../crates/json/examples/repo-list.json");

#[test]
fn over_the_corpus_the_states_fill_the_time_since_the_first_archive() {
    let mut seen = 0;
    for history in history::all() {
        let case = &history.case;
        // The ends of runs are not in the truth.
        let documents = case.documents();
        if case.name.contains("format-wide") || documents.iter().any(|it| it["kind"] != "repo-list")
        {
            continue;
        }
        let args = ["backtest", "-w", "26h", "-c", "50h", "--json", "--timezone"];
        let said = run(
            &[&args[..], &[case.timezone()]].concat(),
            &case.printed,
            LATER,
        );
        for group in said.json()["backtests"].as_array().unwrap() {
            let times = &history.times[group["repository"]["id"].as_str().unwrap()];
            let Some(first) = times.first() else {
                assert!(group.get("replay").is_none(), "{}", case.name);
                assert_eq!(said.status, 1, "{}", case.name);
                continue;
            };
            let later = LATER.parse().unwrap();
            let mut held = [TimeDelta::zero(); 3];
            let mut warned = 0;
            for (time, next) in times.iter().zip(times[1..].iter().chain([&later])) {
                let (age, hours) = (*next - *time, TimeDelta::hours);
                held[0] += age.min(hours(26));
                held[1] += (age.min(hours(50)) - hours(26)).max(hours(0));
                held[2] += (age - hours(50)).max(hours(0));
                warned += usize::from(age > hours(26));
            }
            let replay = &group["replay"];
            assert_eq!(instant(&replay["from"]), *first, "{}", case.name);
            for (state, held) in ["ok", "warning", "critical"].iter().zip(held) {
                let total = replay[state]["total_seconds"].as_f64().unwrap();
                assert!(
                    (total - held.as_seconds_f64()).abs() < 0.001,
                    "{}",
                    case.name
                );
            }
            assert_eq!(replay["warning"]["times"], warned, "{}", case.name);
            seen += 1;
        }
    }
    assert!(seen > 100, "only {seen} histories");
}

#[test]
fn a_backtest_is_two_tables_and_a_sentence() {
    let args = [
        "backtest",
        "-w",
        "20h",
        "-c",
        "50h",
        "--now",
        "2025-03-05T00:00:00Z",
    ];
    let said = run(&args, LIST, NOW);
    assert_eq!(
        said.out,
        "REPOSITORY   FROM                      OK  WARNING  TIMES  CRITICAL  TIMES\n\
         /backup/web  2025-03-01T02:00:00Z  1d 16h   1d 10h      2       20h      1\n\
         \n\
         REPOSITORY   STATE     FROM                  TO                    DURATION  ENDED BY\n\
         /backup/web  WARNING   2025-03-01T22:00:00Z  2025-03-02T02:00:00Z        4h  web-2025-03-02\n\
         /backup/web  WARNING   2025-03-02T22:00:00Z  2025-03-04T04:00:00Z     1d 6h\n\
         /backup/web  CRITICAL  2025-03-04T04:00:00Z  now                        20h\n\
         \n\
         These limits would have said WARNING 2 times, 1d 10h in all; CRITICAL once, 20h in all.\n"
    );
    assert_eq!(said.status, 0);
    let said = run(&["backtest", "-c", "26h"], LIST, NOW);
    assert_eq!(
        said.out,
        "REPOSITORY   FROM                      OK  CRITICAL  TIMES\n\
         /backup/web  2025-03-01T02:00:00Z  1d 10h        0s      0\n\
         \n\
         These limits would have said never CRITICAL.\n"
    );
}

#[test]
fn episodes_say_which_archive_ended_them() {
    let args = ["backtest", "-w", "20h", "--json", "--since", "1d"];
    let answer = run(&args, LIST, NOW).json();
    let replay = &answer["backtests"][0]["replay"];
    assert_eq!(answer["warning"], "20h");
    assert!(answer.get("critical").is_none());
    assert_eq!(replay["from"], "2025-03-01T12:00:00Z");
    assert_eq!(
        replay["episodes"],
        json!([{
            "state": "WARNING",
            "from": "2025-03-01T22:00:00Z",
            "to": "2025-03-02T02:00:00Z",
            "duration_seconds": 14_400,
            "ongoing": false,
            "ended_by": {
                "id": "3333333333333333333333333333333333333333333333333333333333333333",
                "name": "web-2025-03-02",
                "time": "2025-03-02T02:00:00Z",
            },
        }])
    );
}

#[test]
fn a_backup_that_took_long_was_not_there_before_its_end() {
    let list = String::from_utf8_lossy(LIST).replace(
        r#""id": "3333"#,
        r#""end": "2025-03-02T09:00:00.000000", "id": "3333"#,
    );
    let args = ["backtest", "-w", "26h", "--json"];
    let answer = run(&args, list.as_bytes(), NOW).json();
    let episode = &answer["backtests"][0]["replay"]["episodes"][0];
    assert_eq!(episode["from"], "2025-03-02T04:00:00Z");
    assert_eq!(episode["to"], "2025-03-02T09:00:00Z");
}

#[test]
fn what_cannot_be_replayed_is_said() {
    let said = run(&["backtest", "-w", "26h", "-a", "nothing"], LIST, NOW);
    assert_eq!(said.status, 1);
    assert_eq!(said.out, "REPOSITORY   FROM\n/backup/web  none\n");
    let said = run(&["backtest", "-w", "26h"], &LIST[..500], NOW);
    assert_eq!((said.status, &said.out[..]), (3, ""));
    for (args, sentence) in [
        (&["backtest"][..], "required arguments were not provided"),
        (
            &["backtest", "-w", "30:10"],
            "borgq: --warning: bad threshold \"30:10\": the start 30s is above the end 10s (at character 1)\n",
        ),
        (
            &["backtest", "-c", "files=1:"],
            "borgq: only limits on the age can be replayed\n",
        ),
        (
            &["backtest", "-w", "26h", "--since", "x"],
            "borgq: --since: bad duration \"x\": expected a number, for instance in `26h` (at character 1)\n",
        ),
    ] {
        let said = run(args, LIST, NOW);
        assert_eq!((said.status, &said.out[..]), (2, ""), "{args:?}");
        assert!(said.err.contains(sentence), "{args:?}: {}", said.err);
    }
}
