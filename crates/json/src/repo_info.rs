//! The repo-info document: `borg info --json REPOSITORY`, `borg repo-info --json`.

use crate::archive::ChunkerParams;
use crate::generation::{self, Generation};
use crate::wire::{Check, wire};
use crate::{Cache, Encryption, Repository, Text};

wire! {
    /// What `borg info --json REPOSITORY` (1.x) and `borg repo-info --json` (2.x)
    /// print: the repository, without a word about its archives.
    ///
    /// ```
    /// let json = r#"{
    ///     "cache": {"path": "/root/.cache/borg/22"},
    ///     "encryption": {"encryption": "aes256-ocb", "id_hash": "sha256"},
    ///     "repository": {
    ///         "id": "2222222222222222222222222222222222222222222222222222222222222222",
    ///         "location": "ssh://backup@vault/srv/repo"
    ///     },
    ///     "security_dir": "/root/.config/borg/security/22"
    /// }"#;
    /// let info: borgq_json::RepoInfo = serde_json::from_str(json)?;
    /// assert_eq!(info.repository.location, "ssh://backup@vault/srv/repo");
    /// assert_eq!(info.cache.stats, None);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// borg's definition: `_info_repository` (archiver.py, borg 1.x), `do_repo_info`
    /// (archiver/repo_info_cmd.py, borg 2).
    "a repo-info document"
    pub struct RepoInfo {
        required {
            /// The repository.
            repository: Repository,
            /// How the repository is encrypted.
            encryption: Encryption,
            /// The local cache, in borg 1.x with totals of the repository.
            cache: Cache,
            /// The directory of the security data on the machine that ran borg.
            security_dir: Text,
        }
        optional {
            /// What new archives get. Since 2.0.0b25; absent before, where it is
            /// not printed.
            defaults: Defaults,
        }
    }
}

impl Check for RepoInfo {
    fn check(&self) -> Result<(), String> {
        for foreign in ["archive", "archives", "dry_run"] {
            if self.unknown.contains(foreign) {
                return Err(format!(
                    "found the key `{foreign}`, which a repo-info document does not have"
                ));
            }
        }
        self.tell_generation().map(drop)
    }

    #[cfg(feature = "schema")]
    fn keywords() -> serde_json::Value {
        crate::schema::without(&["archive", "archives", "dry_run"])
    }
}

impl RepoInfo {
    fn tell_generation(&self) -> Result<Generation, String> {
        generation::tell(&self.repository, &self.encryption, [])
    }

    /// Which shape the document has.
    #[must_use]
    pub fn generation(&self) -> Generation {
        // Reading checked it; a document changed since then is taken for the newest.
        self.tell_generation().unwrap_or(Generation::V2)
    }
}

wire! {
    /// What new archives get (`defaults`). Since 2.0.0b25.
    ///
    /// borg's definition: `do_repo_info` (archiver/repo_info_cmd.py).
    "a defaults object"
    pub struct Defaults {
        optional {
            /// The chunker and its parameters, joined by commas. Printed by every
            /// version that prints `defaults`; absent if a later one drops it.
            chunker_params: ChunkerParams,
            /// The compression, for instance `lz4`. Printed by every version that
            /// prints `defaults`; absent if a later one drops it.
            compression: Text,
        }
    }
}

impl Check for Defaults {}
