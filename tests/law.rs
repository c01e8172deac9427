//! OK is only said when a complete archive in a completely read document proves it.

use std::sync::LazyLock;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::cases::{self, Case};
use crate::program::{Said, run};

/// An hour after the newest archive of the case.
fn soon(case: &Case) -> Option<String> {
    let time = |truth: &Value| truth["time"].as_str()?.parse::<DateTime<Utc>>().ok();
    let newest = case
        .archives()
        .iter()
        .filter_map(|(_, truth, _)| time(truth))
        .max()?;
    Some((newest + TimeDelta::hours(1)).to_rfc3339())
}

fn check(case: &Case, printed: &[u8], now: &str) -> Said {
    run(
        &[
            "check",
            "-c",
            "26h",
            "--now",
            now,
            "--timezone",
            case.timezone(),
        ],
        printed,
        now,
    )
}

/// The cases over which OK is said, and the time of that.
static PROVED: LazyLock<Vec<(Case, String)>> = LazyLock::new(|| {
    let proved = |case: Case| {
        let now = soon(&case)?;
        (check(&case, &case.printed, &now).status == 0).then_some((case, now))
    };
    let proved: Vec<_> = cases::all().into_iter().filter_map(proved).collect();
    assert!(proved.len() > 300, "only {}", proved.len());
    proved
});

#[test]
fn no_beginning_of_a_document_proves_anything() {
    for (case, now) in PROVED.iter() {
        // Noise after the document may hold brackets, too.
        if parsed(case).is_none() {
            continue;
        }
        let bracket = |byte: &u8| matches!(byte, b'}' | b']');
        let end = case.printed.iter().rposition(bracket).unwrap();
        // Many cuts everywhere, and those where something else ends.
        let step = (end / 25).max(1);
        let ends = (0..end).rev().filter(|at| bracket(&case.printed[*at]));
        let ends = ends.map(|at| at + 1).take(15);
        for cut in (0..=end).rev().step_by(step).chain(ends) {
            let said = check(case, &case.printed[..cut], now);
            assert_ne!(said.status, 0, "{} at {cut}: {}", case.name, said.out);
        }
    }
}

/// Every document in a case's output, if that is JSON as any reader knows it.
fn parsed(case: &Case) -> Option<Value> {
    serde_json::from_slice(&case.printed).ok()
}

fn documents(printed: &mut Value) -> Vec<&mut Value> {
    match printed {
        Value::Array(documents) => documents.iter_mut().collect(),
        document => vec![document],
    }
}

/// The newest archive of a document.
fn newest(document: &mut Value) -> Option<&mut Value> {
    let (list, one) = (
        document.get("archives").is_some(),
        document.get("archive").is_some(),
    );
    match (list, one) {
        (true, _) => {
            let time = |archive: &&mut Value| {
                let time = archive.get("time").or(archive.get("start")).cloned();
                time.and_then(|time| time.as_str().map(str::to_owned))
            };
            document["archives"]
                .as_array_mut()?
                .iter_mut()
                .max_by_key(time)
        }
        (false, true) => document.get_mut("archive"),
        (false, false) => None,
    }
}

/// Runs every proved case with a key less in each document.
fn without(what: &str, remove: impl Fn(&mut Value) -> bool) {
    let mut tried = 0;
    for (case, now) in PROVED.iter() {
        let Some(mut printed) = parsed(case) else {
            continue;
        };
        let mut removed = false;
        for document in documents(&mut printed) {
            removed |= remove(document);
        }
        if removed {
            let said = check(case, printed.to_string().as_bytes(), now);
            assert_ne!(said.status, 0, "{} without {what}: {}", case.name, said.out);
            tried += 1;
        }
    }
    assert!(tried > 200, "{what}: only {tried}");
}

fn take(value: &mut Value, key: &str) -> bool {
    value
        .as_object_mut()
        .is_some_and(|object| object.remove(key).is_some())
}

#[test]
fn a_document_without_its_archive_list_proves_nothing() {
    without("archives", |document| {
        take(document, "archives") | take(document, "archive")
    });
}

#[test]
fn a_newest_archive_without_its_id_proves_nothing() {
    without("id", |document| {
        newest(document).is_some_and(|archive| take(archive, "id"))
    });
}

#[test]
fn a_newest_archive_without_its_time_proves_nothing() {
    without("time and start", |document| {
        newest(document).is_some_and(|archive| take(archive, "time") | take(archive, "start"))
    });
    without("time or else start", |document| {
        newest(document).is_some_and(|archive| take(archive, "time") || take(archive, "start"))
    });
}

#[test]
fn a_newest_archive_whose_time_is_none_proves_nothing() {
    for value in [
        Value::Null,
        0.into(),
        "".into(),
        "now".into(),
        "2025-03-01".into(),
    ] {
        without(&value.to_string(), |document| {
            newest(document).is_some_and(|archive| {
                let key = if archive.get("time").is_some() {
                    "time"
                } else {
                    "start"
                };
                archive[key] = value.clone();
                true
            })
        });
    }
}

#[test]
fn one_name_of_a_checkpoint_is_enough_to_prove_nothing() {
    let now = "2025-03-10T12:00:00Z";
    for keys in [&["name", "archive"][..], &["barchive"]] {
        let mut list = crate::documents::list("web", &[("web-2", "2025-03-10T02:00:00")]);
        for key in keys {
            list["archives"][0][key] = "web-2.checkpoint".into();
        }
        let said = run(&["check", "--now", now], list.to_string().as_bytes(), now);
        assert_eq!(said.status, 2, "{keys:?}: {}", said.out);
        assert!(said.out.contains("[checkpoint-only]"), "{}", said.out);
    }
}

/// Runs a command that prints what the case printed, and then ends so.
fn check_run(case: &Case, now: &str, file: &str, end: &str) -> Said {
    std::fs::write(file, &case.printed).unwrap();
    let script = format!("cat \"$0\"; {end}");
    let zone = case.timezone();
    let args = ["check", "-c", "26h", "--now", now, "--timezone", zone];
    run(
        &[&args[..], &["--", "sh", "-c", &script, file]].concat(),
        b"",
        now,
    )
}

#[test]
fn a_failed_run_proves_nothing() {
    let path = std::env::temp_dir().join(format!("borgq-law-{}.json", std::process::id()));
    let file = path.to_str().unwrap();
    let failures = [
        "exit 2",
        "kill -9 $$",
        "exit 99",
        "exit 3",
        "exit 128",
        "exit 73",
        "kill -15 $$",
        "exit 255",
    ];
    // Each case with one of them, so that all meet documents of every kind.
    for ((case, now), end) in PROVED.iter().zip(failures.iter().cycle()) {
        let said = check_run(case, now, file, end);
        assert_eq!(said.status, 3, "{} {end}: {}", case.name, said.out);
    }
    // A warning is a warning for borg, and for borgmatic a failure.
    for (case, now) in PROVED.iter().step_by(5) {
        let array = case.name.starts_with("borgmatic");
        for end in ["exit 1", "exit 100", "exit 127"] {
            let said = check_run(case, now, file, end);
            let expected = if array { 3 } else { 1 };
            assert_eq!(said.status, expected, "{} {end}: {}", case.name, said.out);
        }
        assert_eq!(check_run(case, now, file, "exit 0").status, 0);
    }
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn a_run_that_failed_when_it_was_recorded_proves_nothing() {
    let path = std::env::temp_dir().join(format!("borgq-failed-{}.json", std::process::id()));
    let mut failed = 0;
    for case in cases::all() {
        let status = case.truth["exit_status"].as_i64().unwrap();
        let now = soon(&case).unwrap_or_else(|| "2025-03-10T12:00:00Z".into());
        if status != 0 {
            let end = format!("exit {status}");
            let said = check_run(&case, &now, path.to_str().unwrap(), &end);
            assert_ne!(said.status, 0, "{}: {}", case.name, said.out);
            failed += 1;
        }
    }
    assert!(failed > 40, "only {failed}");
    std::fs::remove_file(&path).unwrap();
}
