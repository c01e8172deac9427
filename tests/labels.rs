//! The performance data of many groups.

use serde_json::{Value, json};

use crate::check::{NOW, check};
use crate::documents::{info, labelled, list};
use crate::perfdata;
use crate::program::run;

#[test]
fn above_the_limit_there_are_only_totals() {
    let hosts: Vec<_> = (0..30)
        .map(|n| (format!("host{n}-x"), "2025-03-10T02:00:00".to_owned()))
        .collect();
    let archives: Vec<_> = hosts
        .iter()
        .map(|(name, time)| (name.as_str(), time.as_str()))
        .collect();
    let list = list("web", &archives);
    let items = |args: &[&str]| {
        let said = check(&[&["--group-by", "series"], args].concat(), &list);
        perfdata::items(said.out.lines().next().unwrap()).len()
    };
    assert_eq!(items(&[]), 6);
    assert_eq!(items(&["--perfdata-limit", "30"]), 36);
    assert_eq!(items(&["--perfdata-limit", "0"]), 6);
}

#[test]
fn labels_do_not_depend_on_other_groups_or_states() {
    let documents: Vec<_> = ["web", "db", "mail"]
        .iter()
        .map(|name| list(name, &[("x", "2025-03-10T02:00:00")]))
        .collect();
    let labels = |input: &Value, now: &str| -> Vec<String> {
        let said = run(
            &["check_borg", "--now", now],
            input.to_string().as_bytes(),
            NOW,
        );
        let items = perfdata::items(said.out.lines().next().unwrap());
        items
            .into_iter()
            .map(|(label, ..)| label)
            .filter(|label| label.contains('-'))
            .collect()
    };
    let all = labels(&json!(documents), NOW);
    assert_eq!(all.len(), 3);
    assert_eq!(labels(&json!(documents), "2035-03-10T12:00:00Z"), all);
    for document in &documents {
        let one = labels(document, NOW);
        assert!(one.len() == 1 && all.contains(&one[0]), "{one:?} {all:?}");
    }
    let places: std::collections::HashSet<_> = all
        .iter()
        .map(|label| &label[..label.len().min(19)])
        .collect();
    assert_eq!(places.len(), 3);
}

#[test]
fn labels_differ_within_19_characters_and_stay_with_their_group() {
    let time = "2025-03-10T02:00:00";
    let old = "2025-01-10T02:00:00";
    let long = "a very long name of a repository";
    let documents = [
        info("one", &[("x", time, 1, 1)]),
        info("two", &[("x", old, 2, 2)]),
        info("three", &[("x", time, 3, 3)]),
        info("four", &[("x", old, 4, 4)]),
        info("five/data", &[("x", time, 5, 5)]),
        info("six/data", &[("x", time, 6, 6)]),
    ];
    // Two of them share a label, and two are alike for more than 19 characters.
    let labels = ["main", "main", long, &format!("{long} too"), "", ""];
    let limits = ["files=0:", "original-size=0:", "duration=1h"];
    let shown = |order: &[usize], now: &str| -> Vec<(String, String)> {
        let chosen: Vec<_> = order
            .iter()
            .map(|at| (labels[*at], &documents[*at]))
            .collect();
        let limits = limits.iter().flat_map(|limit| ["-w", limit]);
        let args: Vec<_> = ["check_borg", "--now", now]
            .into_iter()
            .chain(limits)
            .collect();
        let said = run(&args, labelled(&chosen).to_string().as_bytes(), NOW);
        let items = perfdata::items(said.out.lines().next().unwrap());
        let known = items.into_iter().skip(6);
        let known = known.filter(|(label, ..)| !label.ends_with("_age"));
        known.map(|(label, value, _)| (label, value)).collect()
    };
    let all = shown(&[0, 1, 2, 3, 4, 5], NOW);
    assert_eq!(all.len(), 18);
    let sure: std::collections::HashSet<_> = all
        .iter()
        .map(|(label, _)| &label[..label.len().min(19)])
        .collect();
    assert_eq!(sure.len(), 18, "{all:?}");
    assert_eq!(shown(&[5, 3, 1, 4, 2, 0], NOW), all);
    // Those of January alone were there then, the others are in the future: each
    // label stays with its value.
    let then = shown(&[0, 1, 2, 3, 4, 5], "2025-01-11T02:00:00Z");
    assert_eq!(then.len(), 6);
    for (label, value) in shown(&[1, 3, 5, 0], NOW).into_iter().chain(then) {
        assert!(all.contains(&(label.clone(), value)), "{label}: {all:?}");
    }
}

#[test]
fn thousands_of_groups_keep_the_limit_of_8_kb() {
    let names: Vec<_> = (0..5000)
        .map(|n| {
            (
                format!("a very long name of a host, number {n}-x"),
                "2024-03-10T02:00:00".to_owned(),
            )
        })
        .collect();
    let archives: Vec<_> = names
        .iter()
        .map(|(name, time)| (name.as_str(), time.as_str()))
        .collect();
    let said = check(&["--group-by", "series", "-v"], &list("web", &archives));
    assert!(said.out.len() <= 8192);
    let last = said.out.lines().last().unwrap();
    assert!(
        last.starts_with("and ") && last.ends_with(" more"),
        "{last}"
    );
    assert_eq!(perfdata::items(said.out.lines().next().unwrap()).len(), 6);
}
