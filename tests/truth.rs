//! The state of the check over every case of the corpus, as its truth has it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::cases::{self, Case};
use crate::corpus::{LATER, is_whole, told};
use crate::program::run;

const OK: u8 = 0;
const WARNING: u8 = 1;
const CRITICAL: u8 = 2;
const UNKNOWN: u8 = 3;

/// The worst of all, and UNKNOWN of nothing.
fn worst(states: &[u8]) -> u8 {
    let order = [CRITICAL, UNKNOWN, WARNING, OK];
    let worst = order.into_iter().find(|state| states.contains(state));
    worst.unwrap_or(UNKNOWN)
}

/// The newest complete archive of each repository that the case lists.
fn last(case: &Case) -> BTreeMap<String, Option<DateTime<Utc>>> {
    let mut last: BTreeMap<String, Option<DateTime<Utc>>> = BTreeMap::new();
    for document in case.documents() {
        if document["archives"].is_array() {
            let id = document["repository"]["id"].as_str().unwrap();
            last.entry(id.to_owned()).or_default();
        }
    }
    for (repository, truth, generation) in case.archives() {
        if truth.get("checkpoint").is_none() {
            let last = last.get_mut(repository).unwrap();
            *last = (*last).max(Some(told(truth, generation)));
        }
    }
    last
}

/// What the truth says at that time, with the usual limits.
fn expected(case: &Case, now: DateTime<Utc>) -> u8 {
    let last = last(case);
    let state = |time: &Option<DateTime<Utc>>| match time.map(|time| now - time) {
        None => CRITICAL,
        Some(age) if age > TimeDelta::hours(50) => CRITICAL,
        Some(age) if age > TimeDelta::hours(26) => WARNING,
        Some(_) => OK,
    };
    let mut states: Vec<_> = last.values().map(state).collect();
    let unlisted = |document: &serde_json::Value| {
        let id = document["repository"]["id"].as_str().unwrap();
        !last.contains_key(id) || document.get("dry_run").is_some()
    };
    if !is_whole(case) || case.documents().iter().any(unlisted) {
        states.push(UNKNOWN);
    }
    worst(&states)
}

#[test]
fn an_hour_and_ten_years_after_the_last_archive_the_state_is_what_the_truth_says() {
    let mut seen = [0; 4];
    for case in &cases::all() {
        let newest = last(case).into_values().flatten().max();
        let newest = newest.unwrap_or_else(|| LATER.parse().unwrap());
        for later in [TimeDelta::hours(1), TimeDelta::days(3652)] {
            let now = newest + later;
            let at = now.to_rfc3339();
            let args = ["check", "--now", &at, "--timezone", case.timezone()];
            let said = run(&args, &case.printed, LATER);
            let expected = expected(case, now);
            assert_eq!(said.status, expected, "{} at {at}: {}", case.name, said.out);
            assert_eq!(said.err, "");
            seen[usize::from(expected)] += 1;
        }
    }
    assert!(seen[0] > 300 && seen[2] > 600 && seen[3] > 50, "{seen:?}");
}
