//! The answer of `borgq repos`.

use borgq_query as query;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::VERSION;
use super::shared::{Details, Problem, Repository, Time};

/// The repositories.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Repos {
    /// `repos`.
    format: &'static str,
    /// The version of the format.
    version: u32,
    /// The present time of the question.
    now: Time,
    /// One for each repository.
    repositories: Vec<Summary>,
    /// What keeps the answer from being complete, empty if nothing does.
    problems: Vec<Problem>,
}

/// A repository in numbers.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Summary {
    #[serde(flatten)]
    repository: Repository,
    /// How many archives the documents name and the patterns choose. Absent if
    /// no document names archives.
    #[serde(skip_serializing_if = "Option::is_none")]
    archives: Option<usize>,
    /// How many of them are complete and not in the future.
    #[serde(skip_serializing_if = "Option::is_none")]
    complete_archives: Option<usize>,
    /// The time of the newest complete archive. Absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    newest: Option<Time>,
    /// The time of the oldest complete archive. Absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    oldest: Option<Time>,
    #[serde(flatten)]
    details: Details,
}

impl Repos {
    /// The answer for these repositories.
    pub fn new<'a>(
        now: DateTime<Utc>,
        summaries: &[query::Summary<'_>],
        problems: impl IntoIterator<Item = &'a query::Problem>,
    ) -> Self {
        Self {
            format: "repos",
            version: VERSION,
            now: now.into(),
            repositories: summaries.iter().map(Summary::from).collect(),
            problems: problems.into_iter().map(Problem::from).collect(),
        }
    }
}

impl From<&query::Summary<'_>> for Summary {
    fn from(summary: &query::Summary<'_>) -> Self {
        let repository = summary.repository;
        Self {
            repository: repository.into(),
            archives: repository.listed.then_some(summary.archives),
            complete_archives: repository.listed.then_some(summary.complete),
            newest: summary.newest.map(|archive| archive.time.into()),
            oldest: summary.oldest.map(|archive| archive.time.into()),
            details: repository.into(),
        }
    }
}
