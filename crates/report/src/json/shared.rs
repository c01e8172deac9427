//! Objects that several answers have.

use borgq_json::{FilesStats, Keyed, StoreStat, Text};
use borgq_query::{self as query, LeftOut, Moment};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Serialize, Serializer};

/// Which repository is meant.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Repository {
    /// The id: 64 lower-case hexadecimal digits.
    pub id: String,
    /// The canonical location, as borg printed it.
    pub location: String,
    /// The label of borgmatic's configuration. Absent if it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

impl From<&query::Repository> for Repository {
    fn from(repository: &query::Repository) -> Self {
        Self {
            id: repository.id.to_string(),
            location: display(&repository.location),
            label: repository.label.as_ref().map(display),
        }
    }
}

/// What a repository is, beside which one.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Details {
    /// The encryption mode (borg 1.x) or the cipher (borg 2).
    pub encryption: String,
    /// The hash that makes ids. borg 2 only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_hash: Option<String>,
    /// The path of the key file, if the key is not kept in the repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_file: Option<String>,
    /// When the repository was last written to. It proves no backup.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<Time>,
    /// Which shape the documents have: `1.x`, `2.0-early` or `2.0`.
    pub generation: &'static str,
    /// All archives together before compression, in bytes. borg 1.x only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_size: Option<u64>,
    /// All archives together after compression, in bytes. borg 1.x only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compressed_size: Option<u64>,
    /// What is stored, compressed, in bytes. borg 1.x only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deduplicated_size: Option<u64>,
    /// What is stored, before compression, in bytes. borg 1.x only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unique_size: Option<u64>,
    /// Chunks of all archives together. borg 1.x only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chunks: Option<u64>,
    /// Chunks that are stored. borg 1.x only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unique_chunks: Option<u64>,
}

impl From<&query::Repository> for Details {
    fn from(repository: &query::Repository) -> Self {
        let totals = repository.totals;
        Self {
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

/// An archive with all that borg said of it, under one name over all versions.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Archive {
    /// The id: 64 lower-case hexadecimal digits. The only unique key.
    pub id: String,
    /// The name.
    pub name: String,
    /// The archive time, by which archives are ordered and aged. In a repeated
    /// hour the older of the two instants.
    pub time: Time,
    /// The younger instant of a repeated hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_time: Option<Time>,
    /// The series: the name with a date or time in it replaced by `*`.
    pub series: String,
    /// Whether the archive is complete: no checkpoint.
    pub complete: bool,
    /// Why the archive does not count as a backup, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out: Option<Reason>,
    /// The host that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The user that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The comment, empty if it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    /// When the run started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<Time>,
    /// When the run ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<Time>,
    /// How long the run took, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_seconds: Option<f64>,
    /// Size before compression, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_size: Option<u64>,
    /// Size after compression, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compressed_size: Option<u64>,
    /// Size of what no other archive uses, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deduplicated_size: Option<u64>,
    /// Regular files in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<u64>,
    /// The command that made it, quoted for a shell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command_line: Option<String>,
    /// The working directory of the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cwd: Option<String>,
    /// The chunker and its parameters, joined by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chunker_params: Option<String>,
    /// Whether it is authenticated: `verified` or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tam: Option<String>,
    /// Used share of the largest possible archive metadata, 0 to 1. borg 1.x only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata_ratio: Option<f64>,
    /// How long chunking took, in seconds. borg 2 only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chunking_seconds: Option<f64>,
    /// How long hashing took, in seconds. borg 2 only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hashing_seconds: Option<f64>,
    /// Files by status letter, for instance `A` for added. borg 2 only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files_by_status: Option<FilesStats>,
    /// Traffic with the store, as borg 2 counts it: its keys are borg's and vary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store: Option<Keyed<StoreStat>>,
}

impl From<query::Judged<'_>> for Archive {
    fn from(judged: query::Judged<'_>) -> Self {
        let archive = judged.archive;
        let text = |text: &Option<Text>| text.as_ref().map(display);
        let measures = archive.measures.as_deref();
        Self {
            id: archive.id.to_string(),
            name: display(&archive.name),
            time: archive.time.into(),
            other_time: archive.time.other_text().map(Time),
            series: archive.series.clone(),
            complete: archive.is_complete(),
            left_out: judged.left_out.map(Reason),
            host: text(&archive.host),
            user: text(&archive.user),
            comment: text(&archive.comment),
            tags: archive
                .tags
                .as_ref()
                .map(|tags| tags.iter().map(display).collect()),
            start: archive.start.map(Time::from),
            end: archive.end.map(Time::from),
            duration_seconds: archive.duration,
            original_size: archive.original_size,
            compressed_size: archive.compressed_size,
            deduplicated_size: archive.deduplicated_size,
            files: archive.files,
            command_line: text(&archive.command_line),
            cwd: text(&archive.cwd),
            chunker_params: text(&archive.chunker_params),
            tam: text(&archive.tam),
            metadata_ratio: measures.and_then(|measures| measures.metadata_ratio),
            chunking_seconds: measures.and_then(|measures| measures.chunking),
            hashing_seconds: measures.and_then(|measures| measures.hashing),
            files_by_status: measures.and_then(|measures| measures.files_by_status.clone()),
            store: measures.and_then(|measures| measures.store.clone()),
        }
    }
}

/// What keeps the answer from being complete, or what is to be known about it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// The stable name of the reason, for instance `truncated`.
    pub code: String,
    /// A sentence for people.
    pub text: String,
    /// The input that has the problem: a file, `-` for standard input, or a
    /// command. Absent if the problem is not one of a single input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The stable name that borg has for what it said, for instance
    /// `LockTimeout`. Absent if it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
}

impl From<&query::Problem> for Problem {
    fn from(problem: &query::Problem) -> Self {
        Self {
            code: problem.code.name().into(),
            text: problem.text.clone(),
            source: problem.source.clone(),
            message_id: problem.message_id.clone(),
        }
    }
}

/// An instant: RFC 3339 in UTC with `Z`, with the fraction that borg printed,
/// or none if that is zero.
#[derive(Debug, Serialize)]
pub struct Time(pub String);

impl From<Moment> for Time {
    fn from(moment: Moment) -> Self {
        Self(moment.to_string())
    }
}

impl From<DateTime<Utc>> for Time {
    fn from(instant: DateTime<Utc>) -> Self {
        Self(instant.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
    }
}

/// A duration in seconds: an integer, or with a fraction if it has one.
#[derive(Debug)]
pub struct Seconds(pub TimeDelta);

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.subsec_nanos() == 0 {
            serializer.serialize_i64(self.0.num_seconds())
        } else {
            serializer.serialize_f64(self.0.as_seconds_f64())
        }
    }
}

/// Why an archive does not count: `not-matched`, `checkpoint` or `future`.
#[derive(Debug)]
pub struct Reason(pub LeftOut);

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

/// A text for JSON, with U+FFFD in place of what is not Unicode.
pub(super) fn display(text: &Text) -> String {
    text.to_display().into_owned()
}
