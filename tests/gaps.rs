//! `borgq gaps`.

use serde_json::{Value, json};

use crate::corpus::{LATER, instant};
use crate::history;
use crate::program::run;

const NOW: &str = "2025-03-02T12:00:00Z";
const LIST: &[u8] = include_bytes!("../crates/json/examples/repo-list.json");

#[test]
fn the_intervals_of_the_corpus_are_those_between_its_complete_archives() {
    let mut seen = 0;
    for history in history::all() {
        let case = &history.case;
        let args = ["gaps", "--json", "--timezone", case.timezone()];
        let said = run(&args, &case.printed, LATER);
        for group in said.json()["gaps"].as_array().unwrap() {
            let times = &history.times[group["repository"]["id"].as_str().unwrap()];
            let mut lengths: Vec<_> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
            assert_eq!(group["intervals"], lengths.len(), "{}", case.name);
            let current = times
                .last()
                .map(|last| LATER.parse().unwrap_or(*last) - *last);
            assert_eq!(
                group["current"]["duration_seconds"].as_f64(),
                current.map(|current| current.as_seconds_f64()),
                "{}",
                case.name
            );
            lengths.sort();
            assert_eq!(
                group["longest"]["duration_seconds"].as_f64(),
                lengths.last().map(|longest| longest.as_seconds_f64()),
                "{}",
                case.name
            );
            let Some(longest) = group.get("longest") else {
                continue;
            };
            let ends = [&longest["from"], &longest["to"]].map(|end| instant(&end["time"]));
            assert!(times.windows(2).any(|pair| pair == ends), "{}", case.name);
            seen += 1;
        }
    }
    assert!(seen > 100, "only {seen} histories");
}

#[test]
fn thirty_daily_archives_have_gaps_of_one_day_and_miss_no_day() {
    let mut seen = 0;
    for history in history::all() {
        let case = &history.case;
        let all = ["thirty-utc", "thirty-sort-name", "thirty-all"];
        if !all.iter().any(|name| case.name.ends_with(name)) {
            continue;
        }
        let args = [
            "gaps",
            "--json",
            "--slots",
            "daily",
            "--timezone",
            "UTC",
            "--now",
            "2025-04-02T12:00:00Z",
        ];
        let group = run(&args, &case.printed, NOW).json()["gaps"][0].clone();
        assert_eq!(group["intervals"], 29, "{}", case.name);
        assert_eq!(group["median_seconds"], 86_400);
        assert_eq!(group["longest"]["duration_seconds"], 86_400);
        assert_eq!(group["thinned"], false);
        let slots = &group["slots"];
        assert_eq!(
            (&slots["total"], &slots["filled"]),
            (&json!(32), &json!(30))
        );
        let names: Vec<_> = slots["missing"].as_array().unwrap().iter().collect();
        assert_eq!(names[0]["name"], "2025-03-31", "{}", case.name);
        assert_eq!(names[1]["start"], "2025-04-01T00:00:00Z");
        assert_eq!(names[1]["end"], "2025-04-02T00:00:00Z");
        seen += 1;
    }
    assert!(seen >= 10, "only {seen} cases");
}

#[test]
fn days_are_those_of_the_zone_and_may_have_23_hours() {
    // The archives are of 02:00 UTC. In New York that is the evening before.
    let list = br#"{"archives": [{"archive": "a", "name": "a", "comment": "", "hostname": "h",
        "username": "u", "tags": "", "time": "2025-03-08T02:00:00.000000+00:00", "id":
        "1111111111111111111111111111111111111111111111111111111111111111"}],
        "encryption": {"encryption": "aes256-ocb", "id_hash": "sha256"}, "repository": {"id":
        "2222222222222222222222222222222222222222222222222222222222222222", "location": "/b"}}"#;
    let slots = |zone, period| {
        let now = "2025-03-10T12:00:00Z";
        let args = ["gaps", "--json", "--slots", period, "--timezone", zone];
        run(&args, list, now).json()["gaps"][0]["slots"].clone()
    };
    assert_eq!(
        slots("America/New_York", "daily"),
        json!({
            "period": "daily", "timezone": "America/New_York", "total": 3, "filled": 1,
            "missing": [
                {"name": "2025-03-08", "start": "2025-03-08T05:00:00Z", "end": "2025-03-09T05:00:00Z"},
                {"name": "2025-03-09", "start": "2025-03-09T05:00:00Z", "end": "2025-03-10T04:00:00Z"},
            ],
        })
    );
    let hours = slots("America/New_York", "hourly")["missing"].clone();
    let hours: Vec<_> = hours
        .as_array()
        .unwrap()
        .iter()
        .map(|slot| &slot["name"])
        .collect();
    let at = hours
        .iter()
        .position(|name| **name == "2025-03-09T01:00-05:00")
        .unwrap();
    assert_eq!(hours[at + 1], "2025-03-09T03:00-04:00");
    assert_eq!(slots("UTC", "weekly")["missing"], json!([]));
}

#[test]
fn gaps_is_a_table_and_a_table_of_what_is_missing() {
    let said = run(&["gaps", "--slots", "daily"], LIST, "2025-03-06T12:00:00Z");
    assert_eq!(
        said.out,
        "REPOSITORY   INTERVALS  MEDIAN  LONGEST  FROM                  TO                    CURRENT  SLOTS  MISSING\n\
         /backup/web          1      1d       1d  2025-03-01T02:00:00Z  2025-03-02T02:00:00Z   4d 10h      5        3\n\
         \n\
         REPOSITORY   MISSING FROM  TO          SLOTS\n\
         /backup/web  2025-03-03    2025-03-05      3\n"
    );
    assert_eq!(said.status, 0);
}

#[test]
fn since_asks_for_the_last_month_only() {
    let args = ["gaps", "--json", "--since", "3d", "--slots", "daily"];
    let answer = run(&args, LIST, "2025-03-04T12:00:00Z").json();
    assert_eq!(answer["since"], "2025-03-01T12:00:00Z");
    assert_eq!(answer["gaps"][0]["intervals"], 1);
    assert_eq!(answer["gaps"][0]["slots"]["total"], 2);
    assert_eq!(
        answer["gaps"][0]["slots"]["missing"][0]["name"],
        "2025-03-03"
    );
    let answer = run(
        &["gaps", "--json", "--since", "2d"],
        LIST,
        "2025-03-04T12:00:00Z",
    )
    .json();
    assert_eq!(answer["gaps"][0]["intervals"], 0);
    assert!(answer["gaps"][0].get("longest").is_none());
    assert_eq!(
        answer["gaps"][0]["current"]["from"]["name"],
        "web-2025-03-02"
    );
}

#[test]
fn a_history_that_prune_has_thinned_is_said_to_be() {
    let archives: Vec<_> = [
        "02-01", "02-08", "02-15", "02-22", "02-23", "02-24", "02-25",
    ]
    .iter()
    .enumerate()
    .map(|(at, day)| {
        format!(
            r#"{{"archive": "a", "barchive": "a", "name": "a", "id": "{at:064}",
                "start": "2025-{day}T02:00:00.000000", "time": "2025-{day}T02:00:00.000000"}}"#
        )
    })
    .collect();
    let mut list: Value = serde_json::from_slice(LIST).unwrap();
    list["archives"] = serde_json::from_str(&format!("[{}]", archives.join(","))).unwrap();
    let list = list.to_string();
    let group = run(&["gaps", "--json"], list.as_bytes(), NOW).json()["gaps"][0].clone();
    assert_eq!(group["thinned"], true);
    assert_eq!(group["thinned_before"], "2025-02-22T02:00:00Z");
    let said = run(&["gaps"], list.as_bytes(), NOW);
    assert!(
        said.out.ends_with(
            "\n\n/backup/web: before 2025-02-22T02:00:00Z the intervals are multiples of the newer \
             ones: prune thins history so, they are no sign of missed backups.\n"
        ),
        "{}",
        said.out
    );
    let said = run(&["gaps", "--json", "--since", "8d"], list.as_bytes(), NOW);
    assert_eq!(said.json()["gaps"][0]["thinned"], false);
}

#[test]
fn what_cannot_be_answered_is_said() {
    let said = run(&["gaps", "-a", "nothing"], LIST, NOW);
    assert_eq!(said.status, 1);
    assert_eq!(
        said.out,
        "REPOSITORY   INTERVALS  CURRENT\n/backup/web          0     none\n"
    );
    let old = String::from_utf8_lossy(LIST).replace("2025-03-01T", "1225-03-01T");
    let said = run(
        &["gaps", "--json", "--slots", "hourly"],
        old.as_bytes(),
        NOW,
    );
    assert_eq!(said.status, 3);
    assert!(said.json()["gaps"][0].get("slots").is_none());
    assert_eq!(said.json()["problems"][0]["code"], "too-many-slots");
    assert_eq!(
        said.err,
        "borgq: there are more than 100000 hourly slots since 1225-03-01: ask for fewer with --since\n"
    );
    let said = run(&["gaps", "--json"], &LIST[..500], NOW);
    assert_eq!((said.status, &said.json()["gaps"]), (3, &json!([])));
    for args in [
        &["gaps", "--since", "soon"][..],
        &["gaps", "--since=-1d"],
        &["gaps", "--since", "100000000d"],
        &["gaps", "--slots", "monthly"],
    ] {
        let said = run(args, LIST, NOW);
        assert_eq!((said.status, &said.out[..]), (2, ""), "{args:?}");
        assert!(!said.err.is_empty(), "{args:?}");
    }
}
