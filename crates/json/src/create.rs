//! The create document: `borg create --json`, `borg import-tar --json`.

use crate::archive::{ArchiveStats, CommandLine, Limits};
use crate::generation::{self, Generation};
use crate::wire::{Check, wire};
use crate::{Cache, Encryption, Id, Repository, Tags, Text, Timestamp};

wire! {
    /// What `borg create --json` prints: the archive that it made.
    ///
    /// ```
    /// let json = r#"{
    ///     "archive": {
    ///         "command_line": ["borg", "create", "/backup::web", "/srv"],
    ///         "duration": 0.2,
    ///         "end": "2025-03-01T02:00:00.000000",
    ///         "id": "1111111111111111111111111111111111111111111111111111111111111111",
    ///         "limits": {"max_archive_size": 2.6e-05},
    ///         "name": "web",
    ///         "start": "2025-03-01T02:00:00.000000",
    ///         "stats": {"compressed_size": 9, "deduplicated_size": 9, "nfiles": 1, "original_size": 12}
    ///     },
    ///     "encryption": {"mode": "none"},
    ///     "repository": {
    ///         "id": "2222222222222222222222222222222222222222222222222222222222222222",
    ///         "last_modified": "2025-03-01T02:00:00.000000",
    ///         "location": "/backup"
    ///     }
    /// }"#;
    /// let create: borgq_json::Create = serde_json::from_str(json)?;
    /// let archive = create.archive.ok_or("a dry run")?;
    /// assert_eq!(archive.name, "web");
    /// assert_eq!(archive.archive_time().to_string(), "2025-03-01T02:00:00.000000");
    /// assert_eq!(archive.stats.compressed_size, Some(9));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// borg's definition: `basic_json_data` (helpers/parseformat.py) with `archive`.
    "a create document"
    pub struct Create {
        required {
            /// The repository that was written to.
            repository: Repository,
            /// How the repository is encrypted.
            encryption: Encryption,
        }
        optional {
            /// The archive that was made. Absent after `--dry-run`, which makes none.
            archive: CreateArchive,
            /// The local cache. Absent with `--quick-stats` (borg 1.4) and `--dry-run`.
            cache: Cache,
            /// `true` if nothing was made. Absent if an archive was. Since 2.0.0b25;
            /// older versions print no document for a dry run.
            dry_run: bool,
            /// What an archive would have held. Since 2.0.0b25, beside `dry_run`;
            /// absent if an archive was made.
            stats: DryRunStats,
        }
    }
}

impl Check for Create {
    fn check(&self) -> Result<(), String> {
        match (&self.archive, self.dry_run) {
            (None, None | Some(false)) => Err("the key `archive` is missing".into()),
            (Some(_), Some(true)) => {
                Err("found `archive` in a dry run, expected one or the other".into())
            }
            _ => self.tell_generation().map(drop),
        }
    }

    #[cfg(feature = "schema")]
    fn keywords() -> serde_json::Value {
        serde_json::json!({
            "if": {"required": ["dry_run"], "properties": {"dry_run": {"const": true}}},
            "then": crate::schema::without(&["archive"]),
            "else": crate::schema::with(&["archive"]),
        })
    }
}

impl Create {
    fn tell_generation(&self) -> Result<Generation, String> {
        let times = self.archive.iter().flat_map(CreateArchive::times);
        let generation = generation::tell(&self.repository, &self.encryption, times)?;
        if let Some(archive) = &self.archive {
            time_fits(generation, archive.time)?;
        }
        Ok(generation)
    }

    /// Which shape the document has.
    #[must_use]
    pub fn generation(&self) -> Generation {
        // Reading checked it; a document changed since then is taken for the newest.
        self.tell_generation().unwrap_or(Generation::V2)
    }
}

/// `time` in create and info documents stands where, and only where, it is not `start`.
pub(crate) fn time_fits(generation: Generation, time: Option<Timestamp>) -> Result<(), String> {
    match (generation, time) {
        (Generation::V2, None) => Err(
            "the key `time` is missing in an archive beside `encryption.encryption` (borg 2)"
                .into(),
        ),
        (Generation::V1 | Generation::V2Early, Some(_)) => Err(
            "found `time` in an archive beside `encryption.mode`, expected `start` alone".into(),
        ),
        _ => Ok(()),
    }
}

wire! {
    /// The archive of a create document (`archive`).
    ///
    /// borg's definition: `Archive.info` (archive.py).
    "an archive object"
    pub struct CreateArchive {
        required {
            /// The name.
            name: Text,
            /// The id.
            id: Id,
            /// When the run started. Until 2.0.0b20 it is the nominal time, which
            /// `--timestamp` sets; since 2.0.0b25 the real clock.
            start: Timestamp,
            /// When the run ended: `start` and the duration. borg 1.x cuts it to
            /// whole seconds.
            end: Timestamp,
            /// Seconds that the run took, exact.
            duration: f64,
            /// The command that made the archive: words (borg 1.x) or one text
            /// (since borg 2.0).
            command_line: CommandLine,
            /// Sizes and counts.
            stats: ArchiveStats,
        }
        optional {
            /// The nominal time, by which archives are ordered and aged. Since
            /// 2.0.0b25; where it is absent `start` is that time.
            time: Timestamp,
            /// How near the archive came to a limit. Until borg 1.4; absent in
            /// borg 2, which has no such limit.
            limits: Limits,
            /// The tags. Absent in every version from 1.1 to 2.0.0b25; info has them.
            tags: Tags,
        }
    }
}

impl Check for CreateArchive {}

impl CreateArchive {
    /// The archive time: `time` where it is printed, else `start`.
    #[must_use]
    pub fn archive_time(&self) -> Timestamp {
        self.time.unwrap_or(self.start)
    }

    pub(crate) fn times(&self) -> impl Iterator<Item = Timestamp> {
        [self.start, self.end].into_iter().chain(self.time)
    }
}

wire! {
    /// What an archive would have held (`stats` of a dry run).
    ///
    /// borg's definition: `Statistics.as_dict` (archive.py).
    "a dry run statistics object"
    pub struct DryRunStats {
        required {
            /// Regular files.
            nfiles: u64,
            /// Size of the files before compression, in bytes.
            original_size: u64,
        }
    }
}

impl Check for DryRunStats {}
