//! The answer of `borgq last`.

use borgq_query as query;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::VERSION;
use super::shared::{Archive, Problem, Repository, Seconds, Time};

/// The newest complete archive of each group.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Last {
    /// `last`.
    format: &'static str,
    /// The version of the format.
    version: u32,
    /// The time that ages count to.
    now: Time,
    /// One for each group.
    backups: Vec<Backup>,
    /// What keeps the answer from being complete, empty if nothing does.
    problems: Vec<Problem>,
}

/// A group and its newest complete archive.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Backup {
    /// The repository that holds the group.
    repository: Repository,
    /// The series, host or user. Absent if the group is the whole repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    /// The newest complete archive. Absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    archive: Option<Archive>,
    /// The age of that archive, in seconds. Absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    age_seconds: Option<Seconds>,
}

impl Last {
    /// The answer for these groups.
    pub fn new<'a>(
        now: DateTime<Utc>,
        groups: &[query::Group<'_>],
        problems: impl IntoIterator<Item = &'a query::Problem>,
    ) -> Self {
        let backup = |group: &query::Group<'_>| {
            let last = group.last();
            Backup {
                repository: group.repository.into(),
                group: group.name.clone(),
                archive: last.map(|archive| {
                    query::Judged {
                        archive,
                        left_out: None,
                    }
                    .into()
                }),
                age_seconds: last.map(|archive| Seconds(query::age(archive, now))),
            }
        };
        Self {
            format: "last",
            version: VERSION,
            now: now.into(),
            backups: groups.iter().map(backup).collect(),
            problems: problems.into_iter().map(Problem::from).collect(),
        }
    }
}
