//! A fleet: one check over the captures of many hosts finds exactly what is
//! wrong with them, and nothing else.
//!
//! `tests/fleet/make.sh DIRECTORY [NUMBER]` keeps the fleet, for measurements.

mod base;
mod make;

use std::path::PathBuf;

use serde_json::Value;

use crate::program::run;
use make::{Fleet, NOW, Planted};

/// How many captures, and where they are kept: else they are removed.
fn wanted() -> (usize, Option<PathBuf>) {
    let number = std::env::var("BORGQ_FLEET_SIZE").ok();
    let number = number.map_or(300, |number| number.parse().unwrap());
    (number, std::env::var_os("BORGQ_FLEET").map(PathBuf::from))
}

/// Whatever an answer of the check says that is not OK.
fn found(answer: &Value) -> Vec<Planted> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let bad = |value: &&Value| value["state"] != "OK";
    let mut found = Vec::new();
    for finding in answer["findings"].as_array().unwrap().iter().filter(bad) {
        found.push(Planted {
            about: text(&finding["text"]),
            code: text(&finding["code"]),
            state: text(&finding["state"]),
        });
    }
    for group in answer["groups"].as_array().unwrap().iter().filter(bad) {
        let mut about = text(&group["repository"]["location"]);
        if let Some(name) = group.get("group") {
            about += &format!(" {}", name.as_str().unwrap());
        }
        let metrics = group["metrics"].as_array().unwrap().iter();
        let metrics = metrics.filter(bad).map(|metric| (metric, "metric"));
        let findings = group["findings"].as_array().unwrap().iter();
        let findings = findings.filter(bad).map(|finding| (finding, "code"));
        for (fact, name) in metrics.chain(findings) {
            found.push(Planted {
                about: about.clone(),
                code: text(&fact[name]),
                state: text(&fact["state"]),
            });
        }
    }
    found
}

#[test]
fn one_check_finds_exactly_the_planted_problems() {
    let (number, kept) = wanted();
    let name = format!("borgq-fleet-{}", std::process::id());
    let directory = kept
        .clone()
        .unwrap_or_else(|| std::env::temp_dir().join(name));
    let fleet = Fleet::make(&directory, number);
    let captures = directory.join("captures");
    let rules = directory.join("rules.toml");
    let (captures, rules) = (captures.to_str().unwrap(), rules.to_str().unwrap());
    let check = ["check_borg", "--rules", rules, "--now", NOW, captures];

    let said = run(&[&check[..], &["--output", "json"]].concat(), b"", NOW);
    assert_eq!((said.status, said.err.as_str()), (2, ""));
    let answer = said.json();
    let mut found = found(&answer);
    let mut extra = Vec::new();
    for planted in &fleet.planted {
        let at = found.iter().position(|found| found.is(planted));
        match at {
            Some(at) => drop(found.swap_remove(at)),
            None => extra.push(planted),
        }
    }
    assert!(extra.is_empty(), "not found: {extra:#?}");
    assert!(found.is_empty(), "not planted: {found:#?}");
    // What is broken hides nothing else.
    assert_eq!(answer["groups"].as_array().unwrap().len(), fleet.groups);

    let said = run(&check, b"", NOW);
    assert_eq!(said.status, 2);
    assert!(said.out.len() <= 8192 && said.out.lines().count() > 20);
    let first = said.out.lines().next().unwrap();
    let total = |label: &str| {
        let items = crate::perfdata::items(first);
        items
            .into_iter()
            .find(|(known, ..)| known == label)
            .unwrap()
            .1
    };
    assert_eq!(total("groups"), fleet.groups.to_string());
    if kept.is_none() {
        std::fs::remove_dir_all(directory).unwrap();
    }
}

#[test]
fn each_kind_of_problem_is_planted() {
    let directory = std::env::temp_dir().join(format!("borgq-kinds-{}", std::process::id()));
    let fleet = Fleet::make(&directory, 300);
    let mut codes: Vec<_> = fleet
        .planted
        .iter()
        .map(|planted| planted.code.as_str())
        .collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(
        codes,
        [
            "age",
            "checkpoint-only",
            "empty",
            "future",
            "locked",
            "missing",
            "no-backup",
            "no-document",
            "no-timezone",
            "run-failed",
            "run-warning",
            "too-few-copies",
            "truncated",
        ]
    );
    std::fs::remove_dir_all(directory).unwrap();
}
