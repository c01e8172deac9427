//! The schemas of the answers: fresh, and kept by every answer.

use std::path::Path;

use borgq_json::schema::{Named, root, without_null};
use serde_json::Value;

use crate::cases;
use crate::program::run;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas")
}

/// The schema of a capture's first line.
fn capture() -> Named {
    let settings = schemars::generate::SchemaSettings::draft2020_12();
    let mut schema = settings
        .into_generator()
        .into_root_schema_for::<borgq_capture::Header>();
    without_null(&mut schema);
    let title = "The header of a captured run of borg or borgmatic";
    Named {
        name: "capture",
        schema: root(schema, "capture", title),
    }
}

/// The schema of the rules file.
fn rules() -> Named {
    let settings = schemars::generate::SchemaSettings::draft2020_12();
    let mut schema = settings
        .into_generator()
        .into_root_schema_for::<borgq_rules::File>();
    without_null(&mut schema);
    Named {
        name: "rules",
        schema: root(schema, "rules", "A rules file of borgq"),
    }
}

#[test]
fn the_schemas_of_the_answers_are_fresh() {
    let mut all = borgq_report::json::schema::all();
    all.extend([capture(), rules()]);
    for named in all {
        let path = folder().join(format!("{}.json", named.name));
        let fresh = serde_json::to_string_pretty(&named.schema).unwrap() + "\n";
        if std::env::var_os("BORGQ_WRITE_SCHEMAS").is_some() {
            std::fs::write(&path, &fresh).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(
            kept, fresh,
            "{}: write it anew with BORGQ_WRITE_SCHEMAS=1",
            named.name
        );
    }
}

fn validator(name: &str) -> jsonschema::Validator {
    let schema: Value =
        serde_json::from_slice(&std::fs::read(folder().join(format!("{name}.json"))).unwrap())
            .unwrap();
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
}

#[test]
fn every_answer_about_the_corpus_keeps_its_schema() {
    for words in [
        &["last"][..],
        &["archives"],
        &["repos"],
        &["inspect"],
        &["gaps", "--slots", "weekly", "--since", "300d"],
        &["inventory"],
        &["sizes"],
        &["retention", "--keep-daily", "7", "--keep-yearly", "-1"],
        &["diff", "crates/json/examples/repo-list.json", "-"],
        &["backtest", "-w", "26h"],
        &["backtest", "-c", "@1h:2h", "--since", "300d"],
        &["check", "-w", "files=1:", "-c", "size-change=-50:"],
    ] {
        let name = words[0];
        let validator = validator(name);
        for case in cases::all() {
            let mut args = words.to_vec();
            match name {
                "inventory" => args = vec!["query", "-c", "."],
                "check" => args.extend(["--output", "json"]),
                _ => args.push("--json"),
            }
            args.extend(["--timezone", case.timezone()]);
            let answer = run(&args, &case.printed, "2026-01-01T00:00:00Z").json();
            if let Err(error) = validator.validate(&answer) {
                panic!("{name} of {}: {} {error}", case.name, error.instance_path());
            }
        }
    }
}

/// What a mutant has at a place. `None` is nothing.
type Change = (&'static str, Option<Value>);

/// Answers that are none: the change, and the place and keyword that refuse it.
fn mutants(command: &str) -> Vec<(Change, &'static str)> {
    let set = |value: Value| Some(value);
    let mut mutants = vec![
        (("/format", set("lasts".into())), "/format: const"),
        (("/format", None), ": required"),
        (("/version", set("1".into())), "/version: type"),
        (("/now", set("2025-03-03 00:00:00".into())), "/now: pattern"),
        (("/now", set(Value::Null)), "/now: type"),
        (("/problems", set(Value::Null)), "/problems: type"),
        (("/problems", None), ": required"),
        (("/problems/0/code", None), "/problems/0: required"),
        (
            ("/problems/0/source", set(Value::Null)),
            "/problems/0/source: type",
        ),
    ];
    mutants.extend(match command {
        "last" => vec![
            (("/backups", None), ": required"),
            (("/backups/0/repository", None), "/backups/0: required"),
            (
                ("/backups/0/repository/id", set(Value::Null)),
                "/backups/0/repository/id: type",
            ),
            (
                ("/backups/0/repository/label", set(Value::Null)),
                "/backups/0/repository/label: type",
            ),
            (
                ("/backups/0/age_seconds", set((-1).into())),
                "/backups/0/age_seconds: minimum",
            ),
            (
                ("/backups/0/archive/series", None),
                "/backups/0/archive: required",
            ),
            (
                ("/backups/0/archive/time", set("2025-03-02T02:00:00".into())),
                "/backups/0/archive/time: pattern",
            ),
            (
                ("/backups/0/archive/other_time", set("today".into())),
                "/backups/0/archive/other_time: pattern",
            ),
        ],
        "archives" => vec![
            (("/archives/0/repository_id", None), "/archives/0: required"),
            (
                ("/archives/0/complete", set("yes".into())),
                "/archives/0/complete: type",
            ),
            (
                ("/archives/0/files", set(1.5.into())),
                "/archives/0/files: type",
            ),
            (
                ("/archives/0/original_size", set((-1).into())),
                "/archives/0/original_size: minimum",
            ),
            (
                ("/archives/0/tags", set("a,b".into())),
                "/archives/0/tags: type",
            ),
            (
                ("/archives/0/end", set("2025-03-02T02:00:00+00:00".into())),
                "/archives/0/end: pattern",
            ),
            (
                ("/archives/0/left_out", set(Value::Null)),
                "/archives/0/left_out: type",
            ),
        ],
        "repos" => vec![
            (
                ("/repositories/0/location", None),
                "/repositories/0: required",
            ),
            (
                ("/repositories/0/archives", set("2".into())),
                "/repositories/0/archives: type",
            ),
            (
                ("/repositories/0/complete_archives", set((-1).into())),
                "/repositories/0/complete_archives: minimum",
            ),
            (
                ("/repositories/0/newest", set(0.into())),
                "/repositories/0/newest: type",
            ),
            (
                ("/repositories/0/last_modified", set("2025-13-40".into())),
                "/repositories/0/last_modified: pattern",
            ),
        ],
        _ => vec![
            (("/documents/0/kind", None), "/documents/0: required"),
            (
                ("/documents/0/line", set((-1).into())),
                "/documents/0/line: minimum",
            ),
            (
                ("/documents/0/unknown_keys", set(Value::Null)),
                "/documents/0/unknown_keys: type",
            ),
            (
                ("/documents/0/label", set(Value::Null)),
                "/documents/0/label: type",
            ),
            (("/skipped", None), ": required"),
        ],
    });
    mutants
}

#[test]
fn answers_that_are_none_are_refused_by_place_and_keyword() {
    let list = include_bytes!("../crates/json/examples/repo-list.json");
    let cut = [&list[..], b"{\"archives\":"].concat();
    for command in ["last", "archives", "repos", "inspect"] {
        let answer = run(&[command, "--json"], &cut, "2025-03-03T00:00:00Z").json();
        let validator = validator(command);
        assert!(validator.is_valid(&answer), "{command}");
        for ((path, value), expected) in mutants(command) {
            let mut mutant = answer.clone();
            let (place, key) = path.rsplit_once('/').unwrap();
            let object = mutant.pointer_mut(place).unwrap().as_object_mut().unwrap();
            match value {
                Some(value) => drop(object.insert(key.into(), value)),
                None => drop(object.remove(key).unwrap()),
            }
            let faults: Vec<_> = validator
                .iter_errors(&mutant)
                .map(|error| format!("{}: {}", error.instance_path(), error.kind().keyword()))
                .collect();
            assert_eq!(faults, [expected], "{command}: {path}");
        }
    }
}

#[test]
fn the_program_prints_every_schema_of_the_folder() {
    let listed = run(&["schema"], b"", "2025-01-01T00:00:00Z");
    let mut names: Vec<_> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| {
            entry
                .unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    let mut printed: Vec<_> = listed.out.lines().map(str::to_owned).collect();
    printed.sort();
    assert_eq!(printed, names);
    for name in names {
        let said = run(&["schema", &name], b"", "2025-01-01T00:00:00Z");
        assert_eq!(
            said.out,
            std::fs::read_to_string(folder().join(format!("{name}.json"))).unwrap()
        );
    }
}
