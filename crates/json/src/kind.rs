//! [`Kind`]: which of borg's documents an object is, told by its keys.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

/// Which document an object is. borg prints no name, so the keys tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// What a run made: `borg create`, `borg import-tar`.
    Create,
    /// The archives of a repository: `borg list REPOSITORY`, `borg repo-list`.
    RepoList,
    /// A repository without its archives: `borg info REPOSITORY`, `borg repo-info`.
    RepoInfo,
    /// Archives with their statistics: `borg info` about archives.
    Info,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Create, Self::RepoList, Self::RepoInfo, Self::Info];

    /// The name in output: `create`, `repo-list`, `repo-info` or `info`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::RepoList => "repo-list",
            Self::RepoInfo => "repo-info",
            Self::Info => "info",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What an object is by its top-level keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Document(Kind),
    /// Keys of several kinds at once.
    Contradiction,
    /// A line of `--log-json`.
    LogLine,
    /// borgmatic's configuration, which may hold secrets.
    Configuration,
    /// Something with keys of borg's documents that is none of them.
    Foreign,
    /// Something else.
    Unrelated,
}

/// What is understood, for errors.
pub(crate) const UNDERSTOOD: &str = "expected one of borg's documents: create (`archive`), \
     repo-list (`archives`), info (`archives` and `cache`) or repo-info (`security_dir`), \
     each with `repository`";

/// The top-level keys that matter.
#[derive(Default)]
pub(crate) struct Keys {
    archive: bool,
    archives: bool,
    cache: bool,
    security_dir: bool,
    dry_run: bool,
    repository: bool,
    log_type: bool,
    level: bool,
    /// A key that lines of `--log-json` have beside `type`, and listings of files have not.
    logged: bool,
    configuration: bool,
}

impl Keys {
    /// Takes note of a key.
    pub(crate) fn see(&mut self, key: &str) {
        let seen = match key {
            "archive" => &mut self.archive,
            "archives" => &mut self.archives,
            "cache" => &mut self.cache,
            "security_dir" => &mut self.security_dir,
            "dry_run" => &mut self.dry_run,
            "repository" => &mut self.repository,
            "type" => &mut self.log_type,
            "levelname" => &mut self.level,
            "message" | "msgid" | "operation" | "time" | "status" => &mut self.logged,
            "source_directories"
            | "repositories"
            | "encryption_passphrase"
            | "encryption_passcommand" => &mut self.configuration,
            _ => return,
        };
        *seen = true;
    }

    /// What an object with these keys is.
    pub(crate) fn shape(&self) -> Shape {
        let related =
            self.archive || self.archives || self.security_dir || self.dry_run || self.repository;
        match (
            self.archives,
            self.archive || self.dry_run,
            self.security_dir,
        ) {
            _ if self.configuration => Shape::Configuration,
            (true, false, false) if self.cache => Shape::Document(Kind::Info),
            (true, false, false) => Shape::Document(Kind::RepoList),
            // A part of a document: an element of `archives` has `archive` too.
            (false, true, false) if self.repository || self.dry_run => {
                Shape::Document(Kind::Create)
            }
            (false, false, true) => Shape::Document(Kind::RepoInfo),
            (archives, archive, security_dir)
                if usize::from(archives) + usize::from(archive) + usize::from(security_dir) > 1 =>
            {
                Shape::Contradiction
            }
            _ if related => Shape::Foreign,
            _ if (self.log_type || self.level) && self.logged => Shape::LogLine,
            _ => Shape::Unrelated,
        }
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeysVisitor;
        impl<'de> Visitor<'de> for KeysVisitor {
            type Value = Shape;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Shape, A::Error> {
                let mut keys = Keys::default();
                while let Some(key) = map.next_key::<String>()? {
                    map.next_value::<IgnoredAny>()?;
                    keys.see(&key);
                }
                Ok(keys.shape())
            }
        }
        deserializer.deserialize_map(KeysVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn shape(json: &str) -> Shape {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn the_keys_tell_the_kind() {
        let kind = |json| match shape(json) {
            Shape::Document(kind) => kind,
            other => panic!("{other:?}"),
        };
        assert_eq!(kind(r#"{"archive": {}, "repository": {}}"#), Kind::Create);
        assert_eq!(kind(r#"{"dry_run": true, "repository": {}}"#), Kind::Create);
        assert_eq!(
            kind(r#"{"archives": [], "repository": {}}"#),
            Kind::RepoList
        );
        assert_eq!(kind(r#"{"archives": [], "cache": {}}"#), Kind::Info);
        assert_eq!(kind(r#"{"cache": {}, "security_dir": ""}"#), Kind::RepoInfo);
    }

    #[test]
    fn what_is_no_document_is_told_apart() {
        assert_eq!(
            shape(r#"{"archives": [], "archive": {}}"#),
            Shape::Contradiction
        );
        assert_eq!(
            shape(r#"{"archives": [], "security_dir": ""}"#),
            Shape::Contradiction
        );
        assert_eq!(
            shape(r#"{"type": "log_message", "message": "x"}"#),
            Shape::LogLine
        );
        assert_eq!(
            shape(r#"{"levelname": "INFO", "message": "x"}"#),
            Shape::LogLine
        );
        assert_eq!(
            shape(r#"{"repositories": [], "encryption_passphrase": "x"}"#),
            Shape::Configuration
        );
        assert_eq!(shape(r#"{"repository": {}, "type": "x"}"#), Shape::Foreign);
        assert_eq!(shape(r#"{"archive": "a", "name": "a"}"#), Shape::Foreign);
        assert_eq!(
            shape(r#"{"type": "d", "path": "srv", "mtime": ""}"#),
            Shape::Unrelated
        );
        assert_eq!(shape("{}"), Shape::Unrelated);
    }
}
