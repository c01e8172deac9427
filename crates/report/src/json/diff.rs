//! The answer of `borgq diff`.

use borgq_query as query;
use borgq_query::diff::{Difference as Found, What};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::VERSION;
use super::reference::Reference;
use super::shared::{Problem, Repository, Seconds, Time};

/// What is different between two listings of the same repositories.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Diff {
    /// `diff`.
    format: &'static str,
    /// The version of the format.
    version: u32,
    /// The present time of the question.
    now: Time,
    /// What is expected to go on: `repository`, `series`, `host` or `user`.
    group_by: &'static str,
    /// The differences, by repository; empty if there are none.
    differences: Vec<Difference>,
    /// What keeps the answer from being complete, empty if nothing does.
    problems: Vec<Problem>,
}

/// One fact that is different.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Difference {
    /// `repository-appeared`, `repository-vanished`, `id-changed`,
    /// `location-changed`, `encryption-changed`, `generation-changed`, `stopped`,
    /// `archive-came` or `archive-went`. There may be others later.
    kind: &'static str,
    /// The repository, as the new listing has it, or the old one if it vanished.
    repository: Repository,
    /// What it was. Only if the kind is a change.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    /// What it is. Only if the kind is a change.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    /// The series, host or user that stopped. Absent if the group is the whole
    /// repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    /// The archive that came or went, or the last one of what stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    archive: Option<Reference>,
    /// By how much the last archive of what stopped is older than the newest one
    /// of what went on, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    silence_seconds: Option<Seconds>,
    /// The median interval between the archives of what stopped, in seconds.
    /// Absent if there was only one.
    #[serde(skip_serializing_if = "Option::is_none")]
    usual_interval_seconds: Option<Seconds>,
}

impl Diff {
    /// The answer for these differences.
    pub fn new<'a>(
        now: DateTime<Utc>,
        group_by: query::GroupBy,
        differences: &[Found<'_>],
        problems: impl IntoIterator<Item = &'a query::Problem>,
    ) -> Self {
        Self {
            format: "diff",
            version: VERSION,
            now: now.into(),
            group_by: group_by.noun(),
            differences: differences.iter().map(Difference::from).collect(),
            problems: problems.into_iter().map(Problem::from).collect(),
        }
    }
}

impl From<&Found<'_>> for Difference {
    fn from(found: &Found<'_>) -> Self {
        let mut difference = Self {
            kind: found.what.name(),
            repository: found.repository.into(),
            before: None,
            after: None,
            group: None,
            archive: None,
            silence_seconds: None,
            usual_interval_seconds: None,
        };
        if let Some([before, after]) = found.what.change() {
            difference.before = Some(before);
            difference.after = Some(after);
        }
        match &found.what {
            What::Came(archive) | What::Went(archive) => {
                difference.archive = Some((*archive).into());
            }
            What::Stopped(stopped) => {
                difference.group.clone_from(&stopped.group);
                difference.archive = Some(stopped.last.into());
                difference.silence_seconds = Some(Seconds(stopped.silence));
                difference.usual_interval_seconds = stopped.usual.map(Seconds);
            }
            _ => {}
        }
        difference
    }
}
