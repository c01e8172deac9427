//! The answers about every case of the corpus against its truth.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::cases::{self, Case};
use crate::program::run;

/// Later than every archive of the corpus.
pub const LATER: &str = "2200-01-01T00:00:00Z";

pub fn instant(text: &Value) -> DateTime<Utc> {
    text.as_str().unwrap().parse().unwrap()
}

/// The instant as a document can tell it: borg 1.x cuts fractions.
pub fn told(truth: &Value, generation: &Value) -> DateTime<Utc> {
    let instant = instant(&truth["time"]);
    if generation == "1.x" {
        DateTime::from_timestamp(instant.timestamp(), 0).unwrap()
    } else {
        instant
    }
}

/// A text of a truth, with U+FFFD for bytes that are not UTF-8.
fn text(truth: &Value) -> Option<String> {
    let Some(hex) = truth["bytes_hex"].as_str() else {
        return truth.as_str().map(str::to_owned);
    };
    let bytes: Vec<u8> = (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect();
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Whether everything in the case was printed whole.
pub fn is_whole(case: &Case) -> bool {
    case.truth.get("problem").is_none() && !case.documents().is_empty()
}

#[test]
fn archives_lists_exactly_the_archives_with_exact_instants() {
    for case in cases::all() {
        let args = [
            "archives",
            "--json",
            "--now",
            LATER,
            "--timezone",
            case.timezone(),
        ];
        let said = run(&args, &case.printed, LATER);
        let answer = said.json();
        let listed = answer["archives"].as_array().unwrap();
        let truths = case.archives();
        assert_eq!(listed.len(), truths.len(), "{}: {}", case.name, said.err);
        for (repository, truth, generation) in truths {
            let same = |listed: &&Value| {
                listed["id"] == truth["id"] && listed["repository_id"] == repository
            };
            let found = listed
                .iter()
                .find(same)
                .unwrap_or_else(|| panic!("{}: {truth}", case.name));
            let told = told(truth, generation);
            match found.get("other_time") {
                None => assert_eq!(instant(&found["time"]), told, "{}", case.name),
                Some(other) => {
                    assert!(instant(&found["time"]) < instant(other), "{}", case.name);
                    assert!(
                        instant(&found["time"]) == told || instant(other) == told,
                        "{}: {found}",
                        case.name
                    );
                }
            }
            assert_eq!(
                found["name"],
                text(&truth["name"]).unwrap(),
                "{}",
                case.name
            );
            assert_eq!(
                found["complete"],
                truth.get("checkpoint").is_none(),
                "{}",
                case.name
            );
            for key in ["host", "user"] {
                if let (Some(told), Some(known)) = (found.get(key), text(&truth[key])) {
                    // A listing of borg 1.x does not print the bytes.
                    let printed = match case.documents()[0]["kind"].as_str() {
                        Some("repo-list") if generation == "1.x" => known.replace('\u{fffd}', "?"),
                        _ => known,
                    };
                    assert_eq!(told, &printed, "{}", case.name);
                }
            }
        }
    }
}

#[test]
fn last_is_the_newest_complete_archive_of_each_repository() {
    let mut judged = 0;
    for case in cases::all().iter().filter(|case| is_whole(case)) {
        let args = [
            "last",
            "--json",
            "--now",
            LATER,
            "--timezone",
            case.timezone(),
        ];
        let said = run(&args, &case.printed, LATER);
        let answer = said.json();
        for document in case.documents() {
            let Some(last) = document["last_complete"].as_array() else {
                continue;
            };
            let same = |backup: &&Value| backup["repository"]["id"] == document["repository"]["id"];
            let backup = answer["backups"]
                .as_array()
                .unwrap()
                .iter()
                .find(same)
                .unwrap();
            if last.is_empty() {
                assert!(backup.get("archive").is_none(), "{}: {backup}", case.name);
                assert!(backup.get("age_seconds").is_none());
                continue;
            }
            assert!(
                last.contains(&backup["archive"]["id"]) || case.documents().len() > 1,
                "{}: {backup}",
                case.name
            );
            let age = instant(&answer["now"]) - instant(&backup["archive"]["time"]);
            assert_eq!(
                backup["age_seconds"].as_f64().unwrap(),
                age.as_seconds_f64()
            );
            judged += 1;
        }
    }
    assert!(judged > 300, "only {judged} last archives");
}

#[test]
fn the_exit_status_tells_what_the_input_proves() {
    for case in cases::all() {
        let said = run(
            &[
                "last",
                "--json",
                "--now",
                LATER,
                "--timezone",
                case.timezone(),
            ],
            &case.printed,
            LATER,
        );
        let documents = case.documents();
        let no_list = documents
            .iter()
            .any(|document| document["kind"] == "repo-info");
        let none = documents.iter().any(|document| {
            document["last_complete"]
                .as_array()
                .is_some_and(Vec::is_empty)
        });
        let expected = match () {
            () if !is_whole(&case) || no_list => 3,
            () if none => 1,
            () => 0,
        };
        assert_eq!(said.status, expected, "{}: {}", case.name, said.err);
        let problems = &said.json()["problems"];
        assert_eq!(
            said.err.lines().count(),
            problems.as_array().unwrap().len(),
            "{}",
            case.name
        );
        if expected == 3 {
            assert!(
                said.err.starts_with("borgq: "),
                "{}: {:?}",
                case.name,
                said.err
            );
        }
        if let Some(code) = case.truth["problem"].as_str() {
            assert_eq!(problems[0]["code"], code, "{}", case.name);
        }
    }
}

#[test]
fn a_reading_in_a_skipped_hour_refuses_the_document() {
    let mut seen = 0;
    for case in cases::all() {
        let Some(zone) = case.truth["impossible_in"].as_str() else {
            continue;
        };
        let said = run(
            &["archives", "--json", "--timezone", cases::known(zone)],
            &case.printed,
            LATER,
        );
        assert_eq!(said.status, 3);
        assert_eq!(
            said.json()["problems"][0]["code"],
            "impossible-time",
            "{}",
            case.name
        );
        assert_eq!(
            said.json()["archives"],
            Value::Array(vec![]),
            "{}",
            case.name
        );
        seen += 1;
    }
    assert!(seen >= 2);
}

#[test]
fn a_repeated_hour_gives_both_instants_and_is_aged_by_the_older() {
    let mut seen = 0;
    for case in cases::all()
        .iter()
        .filter(|case| case.name.contains("fall-only"))
    {
        let (_, truth, generation) = case.archives()[0];
        let args = ["last", "--json", "--timezone", case.timezone()];
        let backup = run(&args, &case.printed, LATER).json()["backups"][0].clone();
        let older = instant(&backup["archive"]["time"]);
        if let Some(other) = backup["archive"].get("other_time") {
            assert!(older < instant(other));
            seen += 1;
        }
        assert!(older <= told(truth, generation), "{}", case.name);
    }
    assert!(seen >= 10, "only {seen} ambiguous archives");
}

#[test]
fn check_says_ok_only_over_a_fresh_complete_archive() {
    for case in cases::all() {
        let newest = case
            .archives()
            .iter()
            .map(|(_, truth, _)| instant(&truth["time"]))
            .max();
        let newest = newest.unwrap_or_else(|| LATER.parse().unwrap());
        for (later, fresh) in [
            (chrono::TimeDelta::hours(1), true),
            (chrono::TimeDelta::days(3650), false),
        ] {
            let now = (newest + later).to_rfc3339();
            let said = run(
                &[
                    "check",
                    "-w",
                    "12h",
                    "-c",
                    "24h",
                    "--now",
                    &now,
                    "--timezone",
                    case.timezone(),
                ],
                &case.printed,
                LATER,
            );
            let all_fresh = fresh
                && is_whole(&case)
                && case.documents().iter().all(|document| {
                    let last = document["last_complete"]
                        .as_array()
                        .and_then(|last| last.first());
                    let archives = document["archives"].as_array().into_iter().flatten();
                    let time = archives
                        .clone()
                        .find(|archive| Some(&archive["id"]) == last);
                    time.is_some_and(|archive| {
                        newest - instant(&archive["time"]) < chrono::TimeDelta::hours(22)
                    })
                });
            assert!(said.out.starts_with("BORG "), "{}", case.name);
            if all_fresh {
                // In a repeated hour the older instant may be an hour older.
                assert_eq!(said.status, 0, "{}: {}", case.name, said.out);
            } else {
                assert_ne!(said.status, 0, "{}: {}", case.name, said.out);
            }
            assert_eq!(said.err, "");
        }
    }
}
