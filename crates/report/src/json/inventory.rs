//! The inventory: what `borgq query` runs filters over.

use borgq_query as query;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::VERSION;
use super::shared::{Archive, Details, Problem, Repository, Time};

/// Repositories and their archives.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Inventory {
    /// `inventory`.
    format: &'static str,
    /// The version of the format.
    version: u32,
    /// The present time of the question.
    now: Time,
    /// The repositories, in the order of the input.
    repositories: Vec<Entry>,
    /// What keeps the inventory from being complete, empty if nothing does.
    problems: Vec<Problem>,
}

/// A repository with its archives.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Entry {
    #[serde(flatten)]
    repository: Repository,
    #[serde(flatten)]
    details: Details,
    /// The archives that the patterns choose, oldest first. Absent if no
    /// document names archives.
    #[serde(skip_serializing_if = "Option::is_none")]
    archives: Option<Vec<Archive>>,
}

impl Inventory {
    /// The repositories and archives that a question is about.
    pub fn new<'a>(
        question: &query::Question,
        repositories: &[&query::Repository],
        problems: impl IntoIterator<Item = &'a query::Problem>,
    ) -> Self {
        let entry = |repository: &&query::Repository| Entry {
            repository: (*repository).into(),
            details: (*repository).into(),
            archives: repository.listed.then(|| archives(question, repository)),
        };
        let now: DateTime<Utc> = question.now;
        Self {
            format: "inventory",
            version: VERSION,
            now: now.into(),
            repositories: repositories.iter().map(entry).collect(),
            problems: problems.into_iter().map(Problem::from).collect(),
        }
    }
}

fn archives(question: &query::Question, repository: &query::Repository) -> Vec<Archive> {
    let mut judged: Vec<_> = repository
        .archives
        .iter()
        .map(|archive| question.judge(archive))
        .filter(|judged| judged.left_out != Some(query::LeftOut::NotMatched))
        .collect();
    judged.sort_by_key(|judged| judged.archive.time.instant);
    judged.into_iter().map(Archive::from).collect()
}
