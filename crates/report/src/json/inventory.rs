//! The inventory: what `borgq query` runs filters over.

use borgq_query as query;
use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};

use super::VERSION;
use super::shared::{Archive, Details, Problem, Repository, Time};

/// Repositories and their archives.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Inventory<'a> {
    /// `inventory`.
    format: &'static str,
    /// The version of the format.
    version: u32,
    /// The present time of the question.
    now: Time,
    /// The repositories, in the order of the input.
    repositories: Vec<Entry<'a>>,
    /// What keeps the inventory from being complete, empty if nothing does.
    problems: Vec<Problem>,
}

/// A repository with its archives.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Entry<'a> {
    #[serde(flatten)]
    repository: Repository,
    #[serde(flatten)]
    details: Details,
    /// The archives that the patterns choose, oldest first. Absent if no
    /// document names archives.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<Archive>>"))]
    archives: Option<Archives<'a>>,
}

/// Each is put into the words of the format when it is written: all of them
/// take much memory.
#[derive(Debug)]
struct Archives<'a>(Vec<query::Judged<'a>>);

impl Serialize for Archives<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().copied().map(Archive::from))
    }
}

impl<'a> Inventory<'a> {
    /// The repositories and archives that a question is about.
    pub fn new<'p>(
        question: &query::Question,
        repositories: &[&'a query::Repository],
        problems: impl IntoIterator<Item = &'p query::Problem>,
    ) -> Self {
        let entry = |repository: &&'a query::Repository| Entry {
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

fn archives<'a>(question: &query::Question, repository: &'a query::Repository) -> Archives<'a> {
    let mut judged: Vec<_> = repository
        .archives
        .iter()
        .map(|archive| question.judge(archive))
        .filter(|judged| judged.left_out != Some(query::LeftOut::NotMatched))
        .collect();
    judged.sort_by_key(|judged| judged.archive.time.instant);
    Archives(judged)
}
