//! The inventory: repositories and their archives, whatever document told of them.

use borgq_json::{FilesStats, Generation, Id, Keyed, StoreStat, Text};
use chrono::{DateTime, Utc};

use crate::Moment;
use crate::checks::Checks;
use crate::known::{Identified, Known};
use crate::packed::Packed;
use crate::thin::Tallies;

/// All that the documents said, joined by identity.
///
/// [`Inventory::add`] puts documents into it.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    /// The repositories, in the order in which they were first read.
    pub repositories: Vec<Repository>,
    /// What keeps the inventory from being complete.
    pub problems: Vec<Problem>,
    /// What was read.
    pub inputs: Vec<Input>,
    /// When consistency checks were done. `None` if no input says it.
    pub checks: Option<Checks>,
    /// Where a repository stands.
    pub(crate) known: Known<(Id, Text)>,
}

/// An input: a file, standard input or a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The file, `-` for standard input, or the command.
    pub name: String,
    /// When it was made, if that is known.
    pub made: Option<DateTime<Utc>>,
}

/// A repository.
///
/// It is told from others by its id and its location together: a copy at
/// another place has the same id, and proves nothing about this one.
#[derive(Clone, Debug)]
pub struct Repository {
    /// The id.
    pub id: Id,
    /// The canonical location, as borg printed it.
    pub location: Text,
    /// The label of borgmatic's configuration, if it has one.
    pub label: Option<Text>,
    /// Which shape the first document about it had.
    pub generation: Generation,
    /// The encryption mode (borg 1.x) or the cipher (borg 2).
    pub encryption: Text,
    /// The hash that makes ids, where borg names it apart.
    pub id_hash: Option<Text>,
    /// The path of the key file, if the key is not kept in the repository.
    pub key_file: Option<Text>,
    /// When it was last written to. It proves no backup.
    pub last_modified: Option<Moment>,
    /// Sizes of the whole repository.
    pub totals: Option<Totals>,
    /// Whether a document named archives: not so if only repo-info is known.
    pub listed: bool,
    /// The archives, in the order in which they were first read. A
    /// [thinned](Inventory::thin) inventory holds the ends of each group only, a
    /// [packed](Inventory::pack) one none here.
    pub archives: Vec<Archive>,
    /// Where an archive stands.
    pub(crate) known: Known<Id>,
    /// What was read, if the inventory was thinned or packed.
    pub(crate) thinned: Option<Tallies>,
    pub(crate) packed: Option<Box<Packed>>,
}

impl Identified for Repository {
    type Identity = (Id, Text);

    fn identity(&self) -> (Id, Text) {
        (self.id, self.location.clone())
    }

    fn is(&self, other: &Self) -> bool {
        self.id == other.id && self.location == other.location
    }
}

impl Identified for Archive {
    type Identity = Id;

    fn identity(&self) -> Id {
        self.id
    }

    fn is(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// Sizes of a whole repository, in bytes. borg 1.x only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// All archives together before compression.
    pub original_size: u64,
    /// All archives together after compression.
    pub compressed_size: u64,
    /// What is stored, compressed: each chunk once.
    pub deduplicated_size: u64,
    /// What is stored, before compression: each chunk once.
    pub unique_size: u64,
    /// Chunks of all archives together.
    pub chunks: u64,
    /// Chunks that are stored.
    pub unique_chunks: u64,
}

/// An archive. What borg did not say is `None`.
#[derive(Clone, Debug)]
pub struct Archive {
    /// The id, the only unique key.
    pub id: Id,
    /// The name, with its exact bytes where a document gives them.
    pub name: Text,
    /// The archive time: the nominal time by which archives are ordered and aged.
    pub time: Moment,
    /// The series that it belongs to.
    pub series: String,
    /// Whether it is a checkpoint of borg 1.x: an interrupted run.
    pub checkpoint: bool,
    /// When the run started.
    pub start: Option<Moment>,
    /// When the run ended.
    pub end: Option<Moment>,
    /// Seconds that the run took.
    pub duration: Option<f64>,
    /// The host that made it.
    pub host: Option<Text>,
    /// The user that made it.
    pub user: Option<Text>,
    /// The comment, empty if it has none.
    pub comment: Option<Text>,
    /// The tags.
    pub tags: Option<Vec<Text>>,
    /// The command that made it, quoted for a shell.
    pub command_line: Option<Text>,
    /// The working directory of the run.
    pub cwd: Option<Text>,
    /// The chunker and its parameters, joined by commas.
    pub chunker_params: Option<Text>,
    /// Whether it is authenticated: `verified` or `none`.
    pub tam: Option<Text>,
    /// Size before compression, in bytes.
    pub original_size: Option<u64>,
    /// Size after compression, in bytes.
    pub compressed_size: Option<u64>,
    /// Size of what no other archive uses, in bytes.
    pub deduplicated_size: Option<u64>,
    /// Regular files in it.
    pub files: Option<u64>,
    /// What else borg measured. In a box, because listings have none of it.
    pub measures: Option<Box<Measures>>,
}

/// What borg measured of a run besides its sizes and its duration. What it did
/// not say is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measures {
    /// Used share of the largest possible archive metadata, 0 to 1. borg 1.x only.
    pub metadata_ratio: Option<f64>,
    /// Seconds spent on chunking. borg 2 only.
    pub chunking: Option<f64>,
    /// Seconds spent on hashing. borg 2 only.
    pub hashing: Option<f64>,
    /// Files by status letter, for instance `A` for added. borg 2 only.
    pub files_by_status: Option<FilesStats>,
    /// Traffic with the store; its keys are borg's. borg 2 only.
    pub store: Option<Keyed<StoreStat>>,
}

impl Archive {
    /// Whether it is a complete archive: no checkpoint. Only completely read
    /// documents come into an inventory.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        !self.checkpoint
    }
}

/// What keeps an answer from being complete, or what is to be known about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The stable name of the reason.
    pub code: ProblemCode,
    /// A sentence.
    pub text: String,
    /// The input that has it: a file, `-` for standard input, or a command.
    pub source: Option<String>,
    /// What a run printed about it on standard error, its last lines.
    pub details: Vec<String>,
    /// The stable name that borg has for what it said, for instance `LockTimeout`.
    pub message_id: Option<String>,
}

impl Problem {
    /// A problem of no single input.
    #[must_use]
    pub fn new(code: ProblemCode, text: impl Into<String>) -> Self {
        Self {
            code,
            text: text.into(),
            source: None,
            details: Vec::new(),
            message_id: None,
        }
    }

    /// A problem of this input.
    #[must_use]
    pub fn of(source: &str, code: ProblemCode, text: impl Into<String>) -> Self {
        Self {
            source: Some(source.into()),
            ..Self::new(code, text)
        }
    }
}

/// The stable name of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProblemCode {
    /// The input could not be read as documents.
    Input(borgq_json::ProblemCode),
    /// The input could not be opened or read.
    Unavailable,
    /// The command that was run failed, or printed less than it should.
    RunFailed,
    /// The command that was run warned.
    RunWarning,
    /// The repository is locked, perhaps by a backup that runs.
    Locked,
    /// The command or the reading took too long.
    Timeout,
    /// A clock reading needs a zone, and none is known.
    NoTimezone,
    /// A time that no clock in the zone showed.
    ImpossibleTime,
    /// Nothing is known about the archives of a repository.
    NoArchiveList,
    /// A dry run made no archive.
    DryRun,
    /// The archives are to be grouped by something that the documents do not say.
    NoGroup,
    /// The run logged an error.
    LoggedError,
    /// The run logged a warning.
    LoggedWarning,
    /// A pattern chose nothing.
    NothingMatched,
    /// The beginning of an id in a pattern stands for more than one.
    AmbiguousId,
    /// The documents do not say the sizes that are asked for.
    NoSizes,
    /// The borg of a repository would refuse these rules for prune.
    RefusedRules,
    /// The calendar has too many slots to count.
    TooManySlots,
}

impl ProblemCode {
    /// The name in output, for instance `no-archive-list`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Input(code) => code.name(),
            Self::Unavailable => "unavailable",
            Self::RunFailed => "run-failed",
            Self::RunWarning => "run-warning",
            Self::Locked => "locked",
            Self::Timeout => "timeout",
            Self::NoTimezone => "no-timezone",
            Self::ImpossibleTime => "impossible-time",
            Self::NoArchiveList => "no-archive-list",
            Self::DryRun => "dry-run",
            Self::NoGroup => "no-group",
            Self::LoggedError => "logged-error",
            Self::LoggedWarning => "logged-warning",
            Self::NothingMatched => "nothing-matched",
            Self::AmbiguousId => "ambiguous-id",
            Self::NoSizes => "no-sizes",
            Self::RefusedRules => "refused-rules",
            Self::TooManySlots => "too-many-slots",
        }
    }

    /// Whether something may be missing in the answer because of it.
    #[must_use]
    pub const fn is_incomplete(self) -> bool {
        !matches!(
            self,
            Self::RunWarning
                | Self::LoggedError
                | Self::LoggedWarning
                | Self::DryRun
                | Self::NothingMatched
        )
    }
}
