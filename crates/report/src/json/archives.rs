//! The answer of `borgq archives`.

use borgq_query as query;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::VERSION;
use super::shared::{Archive, Problem, Time};

/// Archives, oldest first within their repository.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Archives {
    /// `archives`.
    format: &'static str,
    /// The version of the format.
    version: u32,
    /// The present time of the question.
    now: Time,
    /// The archives.
    archives: Vec<Listed>,
    /// What keeps the answer from being complete, empty if nothing does.
    problems: Vec<Problem>,
}

/// An archive and its repository.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Listed {
    /// The id of the repository.
    repository_id: String,
    #[serde(flatten)]
    archive: Archive,
}

impl Archives {
    /// The answer for these archives and the repositories that hold them.
    pub fn new<'a>(
        now: DateTime<Utc>,
        archives: impl IntoIterator<Item = (&'a query::Repository, query::Judged<'a>)>,
        problems: impl IntoIterator<Item = &'a query::Problem>,
    ) -> Self {
        let listed = |(repository, judged): (&query::Repository, query::Judged<'a>)| Listed {
            repository_id: repository.id.to_string(),
            archive: judged.into(),
        };
        Self {
            format: "archives",
            version: VERSION,
            now: now.into(),
            archives: archives.into_iter().map(listed).collect(),
            problems: problems.into_iter().map(Problem::from).collect(),
        }
    }
}
