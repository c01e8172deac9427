//! The info document: `borg info --json` about archives.

use crate::archive::{ArchiveStats, ChunkerParams, CommandLine, Limits, Tags};
use crate::create::time_fits;
use crate::generation::{self, Generation};
use crate::wire::{Check, wire};
use crate::{Cache, Encryption, Id, Repository, Text, Timestamp};

wire! {
    /// What `borg info --json` prints about archives: `REPOSITORY::ARCHIVE`,
    /// `--last`, `--first` or `--glob-archives` (1.x), `borg info --json` (2.x).
    ///
    /// In borg 1.x it holds checkpoints too.
    ///
    /// ```
    /// let json = r#"{
    ///     "archives": [{
    ///         "chunker_params": ["buzhash", 19, 23, 21, 4095],
    ///         "command_line": ["borg", "create", "/backup::web", "/srv"],
    ///         "comment": "",
    ///         "duration": 0.2,
    ///         "end": "2025-03-01T02:00:00.000000",
    ///         "hostname": "www1",
    ///         "id": "1111111111111111111111111111111111111111111111111111111111111111",
    ///         "limits": {"max_archive_size": 2.6e-05},
    ///         "name": "web",
    ///         "start": "2025-03-01T02:00:00.000000",
    ///         "stats": {"compressed_size": 9, "deduplicated_size": 9, "nfiles": 1, "original_size": 12},
    ///         "username": "root"
    ///     }],
    ///     "cache": {"path": "/root/.cache/borg/22"},
    ///     "encryption": {"mode": "none"},
    ///     "repository": {
    ///         "id": "2222222222222222222222222222222222222222222222222222222222222222",
    ///         "last_modified": "2025-03-01T02:00:00.000000",
    ///         "location": "/backup"
    ///     }
    /// }"#;
    /// let info: borgq_json::Info = serde_json::from_str(json)?;
    /// let archive = info.archives.first().ok_or("no archive")?;
    /// assert_eq!(archive.hostname, "www1");
    /// assert_eq!(archive.stats.nfiles, 1);
    /// assert_eq!(info.generation(), borgq_json::Generation::V1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// borg's definition: `basic_json_data` (helpers/parseformat.py) with `archives`.
    "an info document"
    pub struct Info {
        required {
            /// The repository.
            repository: Repository,
            /// How the repository is encrypted.
            encryption: Encryption,
            /// The local cache, in borg 1.x with totals of the repository.
            cache: Cache,
            /// The archives that were asked for, in the order that the options choose.
            archives: Vec<InfoArchive>,
        }
    }
}

impl Check for Info {
    fn check(&self) -> Result<(), String> {
        for foreign in ["archive", "security_dir", "dry_run"] {
            if self.unknown.contains(foreign) {
                return Err(format!(
                    "found the key `{foreign}`, which an info document does not have"
                ));
            }
        }
        self.tell_generation().map(drop)
    }

    #[cfg(feature = "schema")]
    fn keywords() -> serde_json::Value {
        crate::schema::without(&["archive", "security_dir", "dry_run"])
    }
}

impl Info {
    fn tell_generation(&self) -> Result<Generation, String> {
        let times = self.archives.iter().flat_map(InfoArchive::times);
        let generation = generation::tell(&self.repository, &self.encryption, times)?;
        self.archives
            .iter()
            .try_for_each(|archive| time_fits(generation, archive.time))?;
        Ok(generation)
    }

    /// Which shape the document has.
    #[must_use]
    pub fn generation(&self) -> Generation {
        // Reading checked it; a document changed since then is taken for the newest.
        self.tell_generation().unwrap_or(Generation::V2)
    }
}

wire! {
    /// One archive of an info document (`archives[]`).
    ///
    /// borg's definition: `Archive.info` (archive.py).
    "an archive object"
    pub struct InfoArchive as InfoGlance {
        required { name: Text, id: Id, start: Timestamp, end: Timestamp, hostname: Text, }
        optional { time: Timestamp, }
    } {
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
            /// The chunker that made the archive, and its parameters: numbers alone
            /// in borg 1.1, its name first since 1.2.
            chunker_params: ChunkerParams,
            /// The comment, empty if none.
            comment: Text,
            /// The host that made the archive.
            hostname: Text,
            /// The user that made the archive.
            username: Text,
        }
        optional {
            /// The nominal time, by which archives are ordered and aged. Since
            /// 2.0.0b25; where it is absent `start` is that time.
            time: Timestamp,
            /// The working directory of the run. Since borg 1.4; absent before,
            /// where it is not kept.
            cwd: Text,
            /// The tags, an empty list if the archive has none. Since borg 2.0;
            /// absent in 1.x, which has no tags.
            tags: Tags,
            /// How near the archive came to a limit. Until borg 1.4; absent in
            /// borg 2, which has no such limit.
            limits: Limits,
        }
    }
}

impl Check for InfoArchive {}

impl InfoArchive {
    /// The archive time: `time` where it is printed, else `start`.
    #[must_use]
    pub fn archive_time(&self) -> Timestamp {
        self.time.unwrap_or(self.start)
    }

    pub(crate) fn times(&self) -> impl Iterator<Item = Timestamp> {
        [self.start, self.end].into_iter().chain(self.time)
    }
}
