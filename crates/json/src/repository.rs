//! What every document says of its repository.

use crate::wire::{Check, wire};
use crate::{Id, Keyed, Text, Timestamp};

wire! {
    /// The repository that a document is about (`repository`).
    ///
    /// borg's definition: `BorgJsonEncoder` (helpers/parseformat.py).
    "a repository object"
    pub struct Repository {
        required {
            /// The id of the repository. It stays when the repository moves.
            id: Id,
            /// The canonical location: an absolute path or a URL. It need not
            /// equal what was asked for, and never names an archive.
            location: Text,
        }
        optional {
            /// When the repository was last written to: also by delete, rename,
            /// prune and compact. It proves no backup. Until 2.0.0b20; absent since
            /// 2.0.0b25, which does not keep it.
            last_modified: Timestamp,
            /// The label that borgmatic's configuration gives, empty if none.
            /// Absent if borg itself printed the document.
            label: Text,
        }
    }
}

impl Check for Repository {}

wire! {
    /// How a repository is encrypted (`encryption`). Its vocabulary stays open.
    ///
    /// borg names one `mode` until 2.0.0b20, and the cipher and the id hash
    /// apart since 2.0.0b25.
    ///
    /// borg's definition: `basic_json_data` (helpers/parseformat.py).
    "an encryption object"
    pub struct Encryption {
        optional {
            /// The mode, for instance `repokey-blake2`, or `none`. Until 2.0.0b20;
            /// absent where `encryption` is printed.
            mode: Text,
            /// The cipher, for instance `aes256-ocb`. Since 2.0.0b25; absent where
            /// `mode` is printed.
            encryption: Text,
            /// The hash that makes ids, for instance `sha256`. Since 2.0.0b25, always
            /// beside `encryption`; absent where `mode` is printed.
            id_hash: Text,
            /// The path of the key file on the machine that ran borg. Absent if the
            /// key is kept in the repository, or if there is none.
            keyfile: Text,
        }
    }
}

impl Check for Encryption {
    fn check(&self) -> Result<(), String> {
        match (&self.mode, &self.encryption, &self.id_hash) {
            (Some(_), None, None) | (None, Some(_), Some(_)) => Ok(()),
            (None, None, None) => {
                Err("the key `mode` is missing (or `encryption` and `id_hash`)".into())
            }
            (None, None, Some(_)) => Err("the key `encryption` is missing beside `id_hash`".into()),
            (None, Some(_), None) => Err("the key `id_hash` is missing beside `encryption`".into()),
            (Some(_), ..) => Err(
                "found `mode` beside `encryption` or `id_hash`, expected one or the other".into(),
            ),
        }
    }

    #[cfg(feature = "schema")]
    fn keywords() -> serde_json::Value {
        serde_json::json!({
            "if": crate::schema::with(&["mode"]),
            "then": crate::schema::without(&["encryption", "id_hash"]),
            "else": crate::schema::with(&["encryption", "id_hash"]),
        })
    }
}

wire! {
    /// The local cache of the repository (`cache`).
    ///
    /// borg's definition: `BorgJsonEncoder` (helpers/parseformat.py).
    "a cache object"
    pub struct Cache {
        required {
            /// The directory of the cache on the machine that ran borg.
            path: Text,
        }
        optional {
            /// Totals of the whole repository. Until borg 1.4; absent in borg 2,
            /// which does not count them.
            stats: CacheStats,
        }
    }
}

impl Check for Cache {}

wire! {
    /// Totals of a whole repository (`cache.stats`). borg 1.x only.
    ///
    /// borg's definition: `CacheStatsMixin.stats` (cache.py).
    "a cache statistics object"
    pub struct CacheStats {
        required {
            /// Chunks in all archives, each counted as often as it is used.
            total_chunks: u64,
            /// Compressed size of all archives together, in bytes, duplicates included.
            total_csize: u64,
            /// Original size of all archives together, in bytes, duplicates included.
            total_size: u64,
            /// Chunks that are stored.
            total_unique_chunks: u64,
            /// Compressed size of the chunks that are stored, in bytes: about what
            /// the repository takes on its disk.
            unique_csize: u64,
            /// Original size of the chunks that are stored, in bytes.
            unique_size: u64,
        }
    }
}

impl Check for CacheStats {}

/// Counts of files by status letter (`files_stats`), for instance `{"A": 3}`.
pub type FilesStats = Keyed<u64>;
