//! Typed models of the JSON that BorgBackup and borgmatic print, and a reader for it.
//!
//! borg prints four documents: [create](Create), [repo-list](RepoList),
//! [repo-info](RepoInfo) and [info](Info). They carry no version. This crate
//! reads all of them, from borg 1.1 to 2.0, and writes them back as they were:
//! unknown keys and texts that are not UTF-8 included.
//!
//! - [`Document::from_slice`] reads one document.
//! - [`read()`] reads whatever a run left behind: borgmatic's array, several
//!   documents, warnings and log lines between them. It says what it skipped
//!   and what it could not read.
//! - [`log`] has the lines that `--log-json` prints on standard error.
//! - Each document type implements serde's `Deserialize` and `Serialize`.
//! - The feature `schema` makes JSON Schemas of them.
//!
//! ```
//! # let bytes = include_bytes!("../examples/repo-list.json");
//! let reading = borgq_json::read(bytes);
//! assert!(reading.problems.is_empty());
//! for entry in &reading.documents {
//!     println!("{} of {:?}", entry.document.kind(), entry.document.repository().location);
//! }
//! ```
//!
//! Nothing here knows the present time, time zones or files: borg 1.x prints
//! clock readings, and what instant they mean is for the caller to say.

mod archive;
mod base64;
mod create;
mod document;
mod error;
pub mod fold;
mod generation;
mod glance;
mod id;
mod info;
mod kind;
pub mod log;
mod read;
mod repo_info;
mod repo_list;
mod repository;
#[cfg(feature = "schema")]
pub mod schema;
mod text;
mod timestamp;
mod trail;
mod wire;
mod wtf8;

pub use archive::{
    ArchiveStats, ChunkerParam, ChunkerParams, CommandLine, Limits, StoreStat, Tags, TextOrList,
};
pub use create::{Create, CreateArchive, DryRunStats};
pub use document::Document;
pub use error::Error;
pub use generation::Generation;
pub use id::{Id, ParseIdError};
pub use info::{Info, InfoArchive};
pub use kind::Kind;
pub use read::{
    Encoding, Entry, Position, Problem, ProblemCode, Reading, Skipped, SkippedKind, read,
    read_from, text_of,
};
pub use repo_info::{Defaults, RepoInfo};
pub use repo_list::{RepoList, RepoListArchive};
pub use repository::{Cache, CacheStats, Encryption, FilesStats, Repository};
pub use text::Text;
pub use timestamp::{ParseTimestampError, Timestamp};
pub use wire::{Keyed, UnknownKeys};
