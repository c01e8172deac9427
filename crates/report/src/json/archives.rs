//! The answer of `borgq archives`.

use borgq_query as query;
use chrono::{DateTime, Utc};
use serde::Serialize;

use borgq_query::packed::Listing;
use serde_json::{Value, json};

use super::VERSION;
use super::each::Each;
use super::shared::{Archive, Problem, Time};
use crate::rows::Source;

/// Archives, oldest first within their repository.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Archives<'a> {
    /// `archives`.
    format: &'static str,
    /// The version of the format.
    version: u32,
    /// The present time of the question.
    now: Time,
    /// The archives.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<Listed>"))]
    archives: Each<'a, Listed>,
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

impl<'a> Archives<'a> {
    /// The answer for these archives.
    pub fn new(
        now: DateTime<Utc>,
        archives: &'a Listing<'a>,
        problems: impl IntoIterator<Item = &'a query::Problem>,
    ) -> Self {
        let listed = |at| {
            let (repository, archive, left_out) = archives.get(at)?;
            let archive = &archive;
            Some(Listed {
                repository_id: repository.id.to_string(),
                archive: query::Judged { archive, left_out }.into(),
            })
        };
        Self {
            format: "archives",
            version: VERSION,
            now: now.into(),
            archives: Each::new(archives.len(), listed),
            problems: problems.into_iter().map(Problem::from).collect(),
        }
    }
}

impl Source for Archives<'_> {
    fn len(&self) -> usize {
        self.archives.len()
    }

    fn row(&self, at: usize) -> serde_json::Result<Value> {
        serde_json::to_value(self.archives.get(at))
    }

    fn frame(&self) -> serde_json::Result<Value> {
        Ok(json!({
            "format": self.format,
            "version": self.version,
            "now": self.now,
            "archives": [],
            "problems": self.problems,
        }))
    }
}
