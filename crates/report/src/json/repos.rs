//! The answer of `borgq repos`.

use borgq_query as query;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::VERSION;
use super::shared::{Problem, Repository, Time, display};

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
    /// The encryption mode (borg 1.x) or the cipher (borg 2).
    encryption: String,
    /// The hash that makes ids. borg 2 only.
    #[serde(skip_serializing_if = "Option::is_none")]
    id_hash: Option<String>,
    /// The path of the key file, if the key is not kept in the repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    key_file: Option<String>,
    /// When the repository was last written to. It proves no backup.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified: Option<Time>,
    /// Which shape the documents have: `1.x`, `2.0-early` or `2.0`.
    generation: &'static str,
    /// All archives together before compression, in bytes. borg 1.x only.
    #[serde(skip_serializing_if = "Option::is_none")]
    original_size: Option<u64>,
    /// All archives together after compression, in bytes. borg 1.x only.
    #[serde(skip_serializing_if = "Option::is_none")]
    compressed_size: Option<u64>,
    /// What is stored, compressed, in bytes. borg 1.x only.
    #[serde(skip_serializing_if = "Option::is_none")]
    deduplicated_size: Option<u64>,
    /// What is stored, before compression, in bytes. borg 1.x only.
    #[serde(skip_serializing_if = "Option::is_none")]
    unique_size: Option<u64>,
    /// Chunks of all archives together. borg 1.x only.
    #[serde(skip_serializing_if = "Option::is_none")]
    chunks: Option<u64>,
    /// Chunks that are stored. borg 1.x only.
    #[serde(skip_serializing_if = "Option::is_none")]
    unique_chunks: Option<u64>,
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
        let totals = repository.totals;
        Self {
            repository: repository.into(),
            archives: repository.listed.then_some(summary.archives),
            complete_archives: repository.listed.then_some(summary.complete),
            newest: summary.newest.map(|archive| archive.time.into()),
            oldest: summary.oldest.map(|archive| archive.time.into()),
            encryption: display(&repository.encryption),
            id_hash: repository.id_hash.as_ref().map(display),
            key_file: repository.key_file.as_ref().map(display),
            last_modified: repository.last_modified.map(Time::from),
            generation: repository.generation.name(),
            original_size: totals.map(|totals| totals.original_size),
            compressed_size: totals.map(|totals| totals.compressed_size),
            deduplicated_size: totals.map(|totals| totals.deduplicated_size),
            unique_size: totals.map(|totals| totals.unique_size),
            chunks: totals.map(|totals| totals.chunks),
            unique_chunks: totals.map(|totals| totals.unique_chunks),
        }
    }
}
