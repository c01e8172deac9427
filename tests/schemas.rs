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
            if name != "inspect" {
                args.extend(["--timezone", case.timezone()]);
            }
            let answer = run(&args, &case.printed, "2026-01-01T00:00:00Z").json();
            if let Err(error) = validator.validate(&answer) {
                panic!("{name} of {}: {} {error}", case.name, error.instance_path());
            }
        }
    }
}

#[test]
fn answers_that_are_none_are_refused() {
    let list = include_bytes!("../crates/json/examples/repo-list.json");
    let answer = run(&["last", "--json"], list, "2025-03-03T00:00:00Z").json();
    let validator = validator("last");
    assert!(validator.is_valid(&answer));
    for (path, value) in [
        ("/format", Value::from("lasts")),
        ("/version", Value::from("1")),
        ("/now", Value::from("2025-03-03 00:00:00")),
        ("/backups/0/repository/id", Value::Null),
        ("/backups/0/age_seconds", Value::from(-1)),
        (
            "/backups/0/archive/time",
            Value::from("2025-03-02T02:00:00"),
        ),
        ("/problems", Value::Null),
    ] {
        let mut mutant = answer.clone();
        *mutant.pointer_mut(path).unwrap() = value;
        assert!(!validator.is_valid(&mutant), "{path}");
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
