//! The repo-list document: `borg list --json REPOSITORY`, `borg repo-list --json`.

use crate::archive::{CommandLine, Tags};
use crate::generation::{self, Generation};
use crate::wire::{Check, wire};
use crate::{Encryption, Id, Repository, Text, Timestamp};

wire! {
    /// What `borg list --json REPOSITORY` (1.x) and `borg repo-list --json` (2.x)
    /// print: the archives of a repository.
    ///
    /// Nothing in it says whether the listing was filtered.
    ///
    /// ```
    /// let json = r#"{
    ///     "archives": [{
    ///         "archive": "web",
    ///         "comment": "",
    ///         "hostname": "www1",
    ///         "id": "1111111111111111111111111111111111111111111111111111111111111111",
    ///         "name": "web",
    ///         "tags": "",
    ///         "time": "2025-03-01T02:00:00.000000+01:00",
    ///         "username": "root"
    ///     }],
    ///     "encryption": {"encryption": "aes256-ocb", "id_hash": "sha256"},
    ///     "repository": {
    ///         "id": "2222222222222222222222222222222222222222222222222222222222222222",
    ///         "location": "/backup"
    ///     }
    /// }"#;
    /// let list: borgq_json::RepoList = serde_json::from_str(json)?;
    /// let archive = list.archives.first().ok_or("no archive")?;
    /// assert_eq!(archive.name, "web");
    /// assert_eq!(archive.time.instant().ok_or("no offset")?.timestamp(), 1_740_790_800);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// borg's definition: `basic_json_data` (helpers/parseformat.py) with `archives`.
    "a repo-list document"
    pub struct RepoList {
        required {
            /// The repository that was listed.
            repository: Repository,
            /// How the repository is encrypted.
            encryption: Encryption,
            /// The archives in the order of the listing, which its options choose.
            /// It may be filtered. borg 1.2 and 1.4 leave out checkpoints.
            archives: Vec<RepoListArchive>,
        }
    }
}

impl Check for RepoList {
    fn check(&self) -> Result<(), String> {
        for foreign in ["archive", "cache", "security_dir", "dry_run"] {
            if self.unknown.contains(foreign) {
                return Err(format!(
                    "found the key `{foreign}`, which a repo-list document does not have"
                ));
            }
        }
        self.tell_generation().map(drop)
    }

    #[cfg(feature = "schema")]
    fn keywords() -> serde_json::Value {
        crate::schema::without(&["archive", "cache", "security_dir", "dry_run"])
    }
}

impl RepoList {
    fn tell_generation(&self) -> Result<Generation, String> {
        let times = self.archives.iter().flat_map(RepoListArchive::times);
        generation::tell(&self.repository, &self.encryption, times)
    }

    /// Which shape the document has.
    #[must_use]
    pub fn generation(&self) -> Generation {
        // Reading checked it; a document changed since then is taken for the newest.
        self.tell_generation().unwrap_or(Generation::V2)
    }
}

wire! {
    /// One archive of a repo-list document (`archives[]`).
    ///
    /// Which of the optional keys are printed depends on `--format`.
    ///
    /// borg's definition: `ArchiveFormatter.get_item_data` (helpers/parseformat.py).
    "an archive object"
    pub struct RepoListArchive as RepoListGlance {
        required { id: Id, name: Text, archive: Text, time: Timestamp, }
        optional {
            start: Timestamp, end: Timestamp, barchive: Text, hostname: Text, hostname_b64: Text,
        }
    } {
        required {
            /// The id, the only unique key.
            id: Id,
            /// The name. borg 1.x prints `?` for what is not UTF-8 (see `barchive`).
            name: Text,
            /// The name again, always equal.
            archive: Text,
            /// The archive time, by which archives are ordered and aged.
            time: Timestamp,
        }
        optional {
            /// Until 2.0.0b20: equal to `time`. Since 2.0.0b25, with `--format`
            /// only: when the run started, which may differ from `time`; absent if
            /// it was not asked for.
            start: Timestamp,
            /// When the run ended. With `--format`; absent if it was not asked for.
            end: Timestamp,
            /// The name with its exact bytes as surrogates. Until borg 1.4; absent
            /// in borg 2, which has no such names.
            barchive: Text,
            /// The comment, empty if the archive has none. borg 1.x with `--format`,
            /// borg 2 unless a `--format` leaves it out; absent if it was not asked for.
            comment: Text,
            /// The comment with its exact bytes as surrogates. Until borg 1.4, with
            /// `--format`; absent if it was not asked for.
            bcomment: Text,
            /// The host that made the archive. borg 1.x with `--format`, borg 2 unless
            /// a `--format` leaves it out; absent if it was not asked for.
            hostname: Text,
            /// The user that made the archive. borg 1.x with `--format`, borg 2 unless
            /// a `--format` leaves it out; absent if it was not asked for.
            username: Text,
            /// The tags, joined by commas, empty if there are none. Since borg 2.0,
            /// unless a `--format` leaves them out; absent if they were not asked for.
            tags: Tags,
            /// The command that made the archive: words (borg 1.x) or one text (since
            /// borg 2.0). With `--format`; absent if it was not asked for.
            command_line: CommandLine,
            /// Whether the archive is authenticated: `verified` or `none`.
            /// borg 1.2 to 1.4, with `--format`; absent if it was not asked for.
            tam: Text,
            /// Size of the files before compression, in bytes. Since borg 2.0, with
            /// `--format`; absent if it was not asked for.
            size: u64,
            /// Regular files in the archive. Since borg 2.0, with `--format`; absent
            /// if it was not asked for.
            nfiles: u64,
            /// The exact bytes of `hostname` in Base64. Since borg 2.0; absent if they are
            /// UTF-8.
            hostname_b64: Text,
            /// The exact bytes of `username` in Base64. Since borg 2.0; absent if they are
            /// UTF-8.
            username_b64: Text,
            /// The exact bytes of `command_line` in Base64. Since borg 2.0; absent if they are
            /// UTF-8.
            command_line_b64: Text,
            /// The exact bytes of `comment` in Base64. Since borg 2.0; absent if they are
            /// UTF-8.
            comment_b64: Text,
        }
    }
}

impl Check for RepoListArchive {
    fn check(&self) -> Result<(), String> {
        if self.unknown.contains("kept") {
            return Err(
                "found the key `kept`: this is a list of borg prune, which also names \
                 archives that it deletes; expected a repo-list document"
                    .into(),
            );
        }
        if self.name != self.archive {
            return Err(format!(
                "found the name {:?} and the archive {:?}, expected them to be equal",
                self.name, self.archive
            ));
        }
        Ok(())
    }

    #[cfg(feature = "schema")]
    fn keywords() -> serde_json::Value {
        crate::schema::without(&["kept"])
    }
}

impl RepoListGlance<'_> {
    /// Whether the keys fit together, as [`Check`] of the archive has it.
    pub(crate) fn fits(&self) -> bool {
        self.name == self.archive && !self.unknown.iter().any(|key| key == "kept")
    }
}

impl RepoListArchive {
    /// The archive time.
    #[must_use]
    pub const fn archive_time(&self) -> Timestamp {
        self.time
    }

    pub(crate) fn times(&self) -> impl Iterator<Item = Timestamp> {
        [Some(self.time), self.start, self.end]
            .into_iter()
            .flatten()
    }
}
