//! The answer of `borgq inspect`.

use borgq_json::{Document, Entry, Reading, Skipped};
use borgq_query as query;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::VERSION;
use super::log::LogEntry;
use super::shared::{Problem, Time, display};

/// How the input was understood.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Inspect {
    /// `inspect`.
    format: &'static str,
    /// The version of the format.
    version: u32,
    /// The present time of the question.
    now: Time,
    /// The documents, in the order of the input.
    documents: Vec<Found>,
    /// What was skipped, in the order of the input.
    skipped: Vec<Part>,
    /// What the runs logged, in the order of the inputs.
    log: Vec<LogEntry>,
    /// What is wrong with the input, empty if nothing is.
    problems: Vec<Problem>,
}

/// An input and what was read from it.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The name of the input: a file, `-` for standard input, or a command.
    pub source: &'a str,
    /// What was read.
    pub reading: &'a Reading,
}

/// A document and where it stood.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Found {
    /// The input that holds it: a file, `-` for standard input, or a command.
    source: String,
    /// The line where it begins, from 1.
    line: usize,
    /// The column where it begins, in bytes, from 1.
    column: usize,
    /// Its length in bytes.
    length: usize,
    /// How the input is encoded, for instance `utf-8`.
    encoding: &'static str,
    /// `create`, `repo-list`, `repo-info` or `info`.
    kind: &'static str,
    /// Which shape it has: `1.x`, `2.0-early` or `2.0`.
    generation: &'static str,
    /// Whether it stood in an array, as borgmatic prints it.
    in_array: bool,
    /// The id of the repository.
    repository_id: String,
    /// The location of the repository.
    location: String,
    /// The label of borgmatic's configuration. Absent if borgmatic did not print it.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    /// How many archives it names. Absent if it is not about archives.
    #[serde(skip_serializing_if = "Option::is_none")]
    archives: Option<usize>,
    /// The paths of keys that are not known, for instance `archives[].weight`.
    unknown_keys: Vec<String>,
}

/// A part of the input that is no document.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Part {
    /// The input that holds it.
    source: String,
    /// The line where it begins, from 1.
    line: usize,
    /// The column where it begins, in bytes, from 1.
    column: usize,
    /// Its length in bytes.
    length: usize,
    /// `text`, `log-lines` or `empty-array`.
    kind: &'static str,
    /// Its beginning.
    sample: String,
}

impl Inspect {
    /// The answer for these inputs.
    pub fn new<'a>(
        now: DateTime<Utc>,
        inputs: &[Input<'_>],
        log: Vec<LogEntry>,
        problems: impl IntoIterator<Item = &'a query::Problem>,
    ) -> Self {
        let documents = inputs.iter().flat_map(|input| {
            input
                .reading
                .documents
                .iter()
                .map(|entry| found(input, entry))
        });
        let skipped = inputs.iter().flat_map(|input| {
            input
                .reading
                .skipped
                .iter()
                .map(|skipped| part(input, skipped))
        });
        Self {
            format: "inspect",
            version: VERSION,
            now: now.into(),
            documents: documents.collect(),
            skipped: skipped.collect(),
            log,
            problems: problems.into_iter().map(Problem::from).collect(),
        }
    }
}

fn found(input: &Input<'_>, entry: &Entry) -> Found {
    let document = &entry.document;
    let repository = document.repository();
    Found {
        source: input.source.into(),
        line: entry.position.line,
        column: entry.position.column,
        length: entry.length,
        encoding: input.reading.encoding.name(),
        kind: document.kind().name(),
        generation: document.generation().name(),
        in_array: entry.in_array,
        repository_id: repository.id.to_string(),
        location: display(&repository.location),
        label: repository.label.as_ref().map(display),
        archives: archive_count(document),
        unknown_keys: document.unknown_keys(),
    }
}

/// How many archives a document names. `None` if it is not about archives.
#[must_use]
pub fn archive_count(document: &Document) -> Option<usize> {
    match document {
        Document::Create(create) => Some(usize::from(create.archive.is_some())),
        Document::RepoList(list) => Some(list.archives.len()),
        Document::Info(info) => Some(info.archives.len()),
        _ => None,
    }
}

fn part(input: &Input<'_>, skipped: &Skipped) -> Part {
    Part {
        source: input.source.into(),
        line: skipped.position.line,
        column: skipped.position.column,
        length: skipped.length,
        kind: skipped.kind.name(),
        sample: skipped.sample.clone(),
    }
}
