//! The histories that the truth of the corpus tells.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::cases::{self, Case};
use crate::corpus::{is_whole, told};

/// A case with the times of the complete archives of its repositories, oldest
/// first, by the repositories' ids.
pub struct History {
    pub case: Case,
    pub times: BTreeMap<String, Vec<DateTime<Utc>>>,
}

/// The cases that were printed whole and whose times are certain: a clock
/// reading in a repeated hour is not.
pub fn all() -> Vec<History> {
    let certain = |case: &Case| {
        let listed = |document: &serde_json::Value| document["archives"].is_array();
        is_whole(case) && !case.name.contains("-fall") && case.documents().iter().all(listed)
    };
    let cases = cases::all().into_iter().filter(certain);
    cases
        .map(|case| {
            let mut times = BTreeMap::new();
            for document in case.documents() {
                let id = document["repository"]["id"].as_str().unwrap();
                times.insert(id.to_owned(), Vec::new());
            }
            for (repository, truth, generation) in case.archives() {
                if truth.get("checkpoint").is_none() {
                    let times = times.get_mut(repository).unwrap();
                    times.push(told(truth, generation));
                }
            }
            times.values_mut().for_each(|times| times.sort());
            History { case, times }
        })
        .collect()
}
