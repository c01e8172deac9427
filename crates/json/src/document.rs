//! [`Document`]: any of borg's documents.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::error::{Error, Reason, message, shortened};
use crate::kind::{Kind, Shape};
use crate::trail;
use crate::wire::FindUnknown as _;
use crate::{Create, Encryption, Generation, Info, RepoInfo, RepoList, Repository};

/// One of the JSON objects that borg prints.
///
/// ```
/// use borgq_json::Document;
///
/// # let json = include_bytes!("../examples/repo-list.json");
/// match Document::from_slice(json)? {
///     Document::RepoList(list) => assert_eq!(list.archives.len(), 2),
///     other => panic!("a {} document", other.kind()),
/// }
/// # Ok::<(), borgq_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
#[expect(
    clippy::large_enum_variant,
    reason = "few are held at once, and a box would show in every match"
)]
pub enum Document {
    /// What a run made.
    Create(Create),
    /// The archives of a repository.
    RepoList(RepoList),
    /// A repository without its archives.
    RepoInfo(RepoInfo),
    /// Archives with their statistics.
    Info(Info),
}

impl Document {
    /// Reads one document that is all there is in `json`, whitespace aside.
    ///
    /// [`read`](crate::read()) also reads several documents, borgmatic's array
    /// and documents among other output.
    ///
    /// # Errors
    ///
    /// If `json` is no JSON, ends too early, holds more than one value, or is
    /// not what borg prints.
    pub fn from_slice(json: &[u8]) -> Result<Self, Error> {
        let shape = match serde_json::from_slice::<Shape>(json) {
            Ok(shape) => shape,
            Err(error) => return Err(Error::new(syntax(&error, json))),
        };
        match shape {
            Shape::Document(kind) => Self::of_kind(kind, json),
            Shape::Contradiction => Err(Error::new(Reason::Contradiction)),
            Shape::Configuration => Err(Error::new(Reason::Configuration)),
            Shape::LogLine | Shape::Foreign | Shape::Unrelated => Err(Error::new(Reason::Foreign)),
        }
    }

    pub(crate) fn of_kind(kind: Kind, json: &[u8]) -> Result<Self, Error> {
        match kind {
            Kind::Create => typed(kind, json).map(Self::Create),
            Kind::RepoList => typed(kind, json).map(Self::RepoList),
            Kind::RepoInfo => typed(kind, json).map(Self::RepoInfo),
            Kind::Info => typed(kind, json).map(Self::Info),
        }
    }

    /// Which document it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Create(_) => Kind::Create,
            Self::RepoList(_) => Kind::RepoList,
            Self::RepoInfo(_) => Kind::RepoInfo,
            Self::Info(_) => Kind::Info,
        }
    }

    /// Which shape it has.
    #[must_use]
    pub fn generation(&self) -> Generation {
        match self {
            Self::Create(create) => create.generation(),
            Self::RepoList(list) => list.generation(),
            Self::RepoInfo(info) => info.generation(),
            Self::Info(info) => info.generation(),
        }
    }

    /// The paths of the keys that the models do not know, each once, for
    /// instance `archives[].weight`.
    #[must_use]
    pub fn unknown_keys(&self) -> Vec<String> {
        let mut found = BTreeSet::new();
        match self {
            Self::Create(create) => create.find_unknown("", &mut found),
            Self::RepoList(list) => list.find_unknown("", &mut found),
            Self::RepoInfo(info) => info.find_unknown("", &mut found),
            Self::Info(info) => info.find_unknown("", &mut found),
        }
        found.into_iter().collect()
    }

    /// The repository it is about.
    #[must_use]
    pub const fn repository(&self) -> &Repository {
        match self {
            Self::Create(create) => &create.repository,
            Self::RepoList(list) => &list.repository,
            Self::RepoInfo(info) => &info.repository,
            Self::Info(info) => &info.repository,
        }
    }

    /// How the repository is encrypted.
    #[must_use]
    pub const fn encryption(&self) -> &Encryption {
        match self {
            Self::Create(create) => &create.encryption,
            Self::RepoList(list) => &list.encryption,
            Self::RepoInfo(info) => &info.encryption,
            Self::Info(info) => &info.encryption,
        }
    }
}

/// Why `json` is no JSON.
pub(crate) fn syntax(error: &serde_json::Error, json: &[u8]) -> Reason {
    let (line, column) = (error.line(), error.column());
    let message = message(error);
    // serde_json does not count a number that is cut off behind one of these.
    let cut_number = message == "invalid number"
        && matches!(json.last(), Some(b'-' | b'+' | b'.' | b'e' | b'E'));
    if error.is_eof() || cut_number {
        Reason::Truncated { line, column }
    } else if message == "trailing characters" {
        Reason::Trailing { line, column }
    } else if error.is_data() {
        Reason::NoObject {
            line,
            column,
            message,
        }
    } else {
        Reason::Malformed {
            line,
            column,
            message,
        }
    }
}

fn typed<'de, T: Deserialize<'de>>(kind: Kind, json: &'de [u8]) -> Result<T, Error> {
    if let Ok(document) = serde_json::from_slice(json) {
        return Ok(document);
    }
    // Only now is the path worth its price.
    let (found, path) = trail::path(|| serde_json::from_slice(json));
    found.map_err(|error: serde_json::Error| {
        Error::new(Reason::Unfit {
            kind,
            // Keys can hold anything and be of any length.
            path: shortened(path.escape_debug().collect()),
            line: error.line(),
            column: error.column(),
            message: message(&error),
        })
    })
}

impl<'de> Deserialize<'de> for Document {
    /// From JSON text only: the whole object is looked at before it is read.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Box::<RawValue>::deserialize(deserializer)?;
        Self::from_slice(json.get().as_bytes()).map_err(de::Error::custom)
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Create(create) => create.serialize(serializer),
            Self::RepoList(list) => list.serialize(serializer),
            Self::RepoInfo(info) => info.serialize(serializer),
            Self::Info(info) => info.serialize(serializer),
        }
    }
}

/// The document as one line of JSON.
impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}
