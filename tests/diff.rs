//! `borgq diff`.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use crate::cases;
use crate::corpus::{LATER, is_whole};
use crate::program::run;

const NOW: &str = "2025-03-04T12:00:00Z";
const OLD: &str = "crates/json/examples/repo-list.json";
const LIST: &str = include_str!("../crates/json/examples/repo-list.json");

/// The listing with another archive, `db`, and without the first.
fn later() -> String {
    let mut list: Value = serde_json::from_str(LIST).unwrap();
    let archives = list["archives"].as_array_mut().unwrap();
    let mut db = archives.remove(0);
    for (key, value) in [
        ("archive", "db"),
        ("barchive", "db"),
        ("name", "db"),
        ("start", "2025-03-03T02:00:00.000000"),
        ("time", "2025-03-03T02:00:00.000000"),
    ] {
        db[key] = value.into();
    }
    db["id"] = "4".repeat(64).into();
    archives.push(db);
    list.to_string()
}

#[test]
fn a_diff_is_a_table() {
    let said = run(&["diff", OLD, "-"], later().as_bytes(), NOW);
    assert_eq!(
        said.out,
        "REPOSITORY   DIFFERENCE    SERIES  ARCHIVE         TIME                  SILENT  USUAL\n\
         /backup/web  stopped       web-*   web-2025-03-02  2025-03-02T02:00:00Z      1d     1d\n\
         /backup/web  archive-went          web-2025-03-01  2025-03-01T02:00:00Z\n\
         /backup/web  archive-came          db              2025-03-03T02:00:00Z\n"
    );
    assert_eq!(said.status, 0);
    let said = run(&["diff", OLD, "-"], LIST.as_bytes(), NOW);
    assert_eq!((said.status, &said.out[..]), (0, "no differences\n"));
    let replaced = LIST.replace(&"2".repeat(64), &"5".repeat(64));
    let replaced = replaced.replace("repokey-blake2", "none");
    let said = run(&["diff", "--json", OLD, "-"], replaced.as_bytes(), NOW);
    let kinds: Vec<_> = said.json()["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|difference| {
            let text = |key: &str| difference[key].as_str().unwrap().to_owned();
            (text("kind"), text("before"), text("after"))
        })
        .collect();
    let row = |kind: &str, before: &str, after: &str| (kind.into(), before.into(), after.into());
    assert_eq!(
        kinds,
        [
            row("id-changed", &"2".repeat(64), &"5".repeat(64)),
            row("encryption-changed", "repokey-blake2", "none"),
        ]
    );
}

#[test]
fn what_stopped_is_in_the_answer_with_its_silence() {
    let answer = run(&["diff", "--json", OLD, "-"], later().as_bytes(), NOW).json();
    assert_eq!(answer["group_by"], "series");
    assert_eq!(
        answer["differences"][0],
        json!({
            "kind": "stopped",
            "repository": {"id": "2".repeat(64), "location": "/backup/web"},
            "group": "web-*",
            "archive": {
                "id": "3".repeat(64), "name": "web-2025-03-02", "time": "2025-03-02T02:00:00Z",
            },
            "silence_seconds": 86_400,
            "usual_interval_seconds": 86_400,
        })
    );
    let args = ["diff", "--json", "--group-by", "repository", OLD, "-"];
    let answer = run(&args, later().as_bytes(), NOW).json();
    assert_eq!(answer["group_by"], "repository");
    assert_eq!(answer["differences"][0]["kind"], "archive-went");
}

/// Pairs of cases that list the same repository.
#[test]
fn over_the_corpus_exactly_the_archives_of_the_truths_come_and_go() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let cases = cases::all();
    let usable = |case: &&cases::Case| {
        is_whole(case)
            && case.documents().len() == 1
            && case.documents()[0]["archives"].is_array()
            && case.documents()[0].get("dry_run").is_none()
    };
    let ids = |case: &cases::Case| -> BTreeSet<String> {
        let id = |truth: &Value| truth["id"].as_str().unwrap().to_owned();
        let archives = case.archives();
        archives.iter().map(|(_, truth, _)| id(truth)).collect()
    };
    // A thousand archives times many pairs tell nothing more.
    let usable: Vec<_> = cases
        .iter()
        .filter(usable)
        .map(|case| (case, ids(case)))
        .collect();
    let usable: Vec<_> = usable.iter().filter(|(_, ids)| ids.len() < 100).collect();
    let mut seen = 0;
    for (old, before) in usable.iter().copied() {
        let same = |case: &cases::Case| {
            let repository = |case: &cases::Case| case.documents()[0]["repository"].clone();
            repository(case) == repository(old) && case.timezone() == old.timezone()
        };
        let path = folder.join(format!("{}.out", old.name));
        for (new, after) in usable.iter().copied().filter(|(new, _)| same(new)) {
            let args = [
                "diff",
                "--json",
                "--now",
                LATER,
                "--timezone",
                old.timezone(),
            ];
            let said = run(
                &[&args[..], &[path.to_str().unwrap(), "-"]].concat(),
                &new.printed,
                NOW,
            );
            let answer = said.json();
            let found = |kind: &str| -> BTreeSet<String> {
                let differences = answer["differences"].as_array().unwrap().iter();
                let archives = differences.filter(|it| it["kind"] == kind);
                archives
                    .map(|it| it["archive"]["id"].as_str().unwrap().to_owned())
                    .collect()
            };
            let names = format!("{} {}", old.name, new.name);
            assert_eq!(found("archive-came"), after - before, "{names}");
            assert_eq!(found("archive-went"), before - after, "{names}");
            assert_eq!((said.status, &said.err[..]), (0, ""), "{names}");
            seen += 1;
        }
    }
    assert!(seen > 500, "only {seen} pairs");
}

#[test]
fn what_was_not_read_completely_is_said() {
    let said = run(&["diff", OLD, "-"], &LIST.as_bytes()[..500], NOW);
    assert_eq!(said.status, 3);
    assert!(!said.out.contains("no differences"), "{}", said.out);
    let said = run(&["diff", OLD, "nowhere.json"], b"", NOW);
    assert_eq!(said.status, 3);
    assert!(
        said.err
            .starts_with("borgq: nowhere.json: cannot be read: "),
        "{}",
        said.err
    );
    let said = run(&["diff", "-r", "nothing", OLD, OLD], b"", NOW);
    assert_eq!((said.status, &said.out[..]), (1, ""));
    let said = run(&["diff", "-", "-"], LIST.as_bytes(), NOW);
    assert_eq!(said.status, 2);
    assert_eq!(
        said.err,
        "borgq: OLD and NEW cannot both be standard input, give a file for one of them\n"
    );
    assert_eq!(run(&["diff", OLD], b"", NOW).status, 2);
}
