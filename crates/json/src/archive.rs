//! Values of an archive that several documents share.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Number;
use serde_json::value::RawValue;

use crate::error::shortened;
use crate::repository::FilesStats;
use crate::trail;
use crate::wire::{Check, wire};
use crate::{Keyed, Text};

wire! {
    /// Sizes and counts of one archive (`stats`).
    ///
    /// borg's definition: `Statistics.as_dict` (archive.py).
    "an archive statistics object"
    pub struct ArchiveStats as StatsGlance {
        required {}
        optional {}
    } {
        required {
            /// Size of the files before compression, in bytes. In a create
            /// document of some versions the metadata is counted too.
            original_size: u64,
            /// Regular files in the archive.
            nfiles: u64,
        }
        optional {
            /// Size after compression, in bytes. Until borg 1.4; absent in
            /// borg 2, which does not count it.
            compressed_size: u64,
            /// Size of the chunks that no other archive uses, in bytes.
            /// In an info document it is computed against the repository as it is
            /// now, and can be 0. borg 1.x, and create documents since 2.0.0b25;
            /// absent in 2.0.0b20 and in borg 2's info, which do not count it.
            deduplicated_size: u64,
            /// Seconds spent on chunking. Since borg 2.0; absent in 1.x, which does
            /// not measure it.
            chunking_time: f64,
            /// Seconds spent on hashing. Since borg 2.0; absent in 1.x, which does
            /// not measure it.
            hashing_time: f64,
            /// Files by status letter, for instance `A` for added. Since borg 2.0;
            /// absent in 1.x, which does not count them.
            files_stats: FilesStats,
            /// Traffic with the store: counts, bytes, seconds and rates. Its keys vary
            /// by run. Since 2.0.0b25; absent before, where it is not measured.
            store_stats: Keyed<StoreStat>,
        }
    }
}

impl Check for ArchiveStats {}

wire! {
    /// How near an archive came to a limit of borg 1.x (`limits`).
    ///
    /// borg's definition: `Archive.info` (archive.py).
    "a limits object"
    pub struct Limits as LimitsGlance {
        required {}
        optional {}
    } {
        required {
            /// Used share of the largest possible archive metadata, 0 to 1.
            max_archive_size: f64,
        }
        optional {}
    }
}

impl Check for Limits {}

/// One value of `store_stats`: a number or a flag.
#[derive(Clone, Debug, PartialEq)]
pub enum StoreStat {
    /// A count, a number of bytes, seconds or a rate.
    Number(Number),
    /// Something that is so or not.
    Flag(bool),
}

impl StoreStat {
    /// A number that need not be whole. `None` if JSON cannot hold it.
    #[must_use]
    pub fn from_f64(number: f64) -> Option<Self> {
        Number::from_f64(number).map(Self::Number)
    }
}

impl<'de> Deserialize<'de> for StoreStat {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct StatVisitor;
        impl Visitor<'_> for StatVisitor {
            type Value = StoreStat;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, true or false")
            }

            fn visit_bool<E: de::Error>(self, flag: bool) -> Result<StoreStat, E> {
                Ok(StoreStat::Flag(flag))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<StoreStat, E> {
                Ok(StoreStat::Number(number.into()))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<StoreStat, E> {
                Ok(StoreStat::Number(number.into()))
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<StoreStat, E> {
                StoreStat::from_f64(number)
                    .ok_or_else(|| E::invalid_value(de::Unexpected::Float(number), &self))
            }
        }
        deserializer.deserialize_any(StatVisitor)
    }
}

impl Serialize for StoreStat {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => number.serialize(serializer),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
        }
    }
}

/// A value that borg prints as one text or as a list, by version or document.
///
/// ```
/// use borgq_json::{Tags, Text};
///
/// let joined: Tags = serde_json::from_str(r#""daily,root""#)?;
/// let list: Tags = serde_json::from_str(r#"["daily", "root"]"#)?;
/// assert_eq!(joined, Tags::Joined("daily,root".into()));
/// assert_eq!(list, Tags::List(vec!["daily".into(), "root".into()]));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum TextOrList<T> {
    /// One text.
    Joined(Text),
    /// A list.
    List(Vec<T>),
}

/// The command line that made an archive (`command_line`): a list of words
/// (borg 1.x) or one text quoted for a shell (borg 2).
pub type CommandLine = TextOrList<Text>;

/// The tags of an archive (`tags`), borg 2 only: a list (create, info) or one
/// text joined by commas and empty if there are none (repo-list).
pub type Tags = TextOrList<Text>;

/// The chunker and its parameters (`chunker_params`): a list (info), or one
/// text joined by commas (repo-info's `defaults`).
pub type ChunkerParams = TextOrList<ChunkerParam>;

impl<'de, T: Deserialize<'de>> Deserialize<'de> for TextOrList<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EitherVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for EitherVisitor<T> {
            type Value = TextOrList<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list")
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                let text = de::value::BytesDeserializer::new(bytes);
                Ok(TextOrList::Joined(Text::deserialize(text)?))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(TextOrList::Joined(text.into()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
                trail::elements(list).map(TextOrList::List)
            }
        }
        // As bytes, because serde_json refuses lone surrogates in `str`.
        deserializer.deserialize_bytes(EitherVisitor(PhantomData))
    }
}

impl<T: Serialize> Serialize for TextOrList<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Joined(text) => text.serialize(serializer),
            Self::List(list) => list.serialize(serializer),
        }
    }
}

/// One parameter of a chunker: its name or a number.
#[derive(Clone, Debug, PartialEq)]
pub enum ChunkerParam {
    /// The name of the chunker, for instance `buzhash`. Absent in borg 1.1.
    Name(Text),
    /// A parameter, a whole number.
    Number(Number),
}

impl<'de> Deserialize<'de> for ChunkerParam {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Raw, because serde_json gives either any type or lone surrogates.
        let json = Box::<RawValue>::deserialize(deserializer)?;
        let json = json.get();
        if json.starts_with('"') {
            let name = serde_json::from_str(json).map_err(de::Error::custom)?;
            return Ok(Self::Name(name));
        }
        match serde_json::from_str::<Number>(json) {
            Ok(number) if !number.is_f64() => Ok(Self::Number(number)),
            _ => Err(de::Error::custom(format_args!(
                "found {}, expected the name of a chunker or a whole number",
                shortened(json.escape_debug().collect())
            ))),
        }
    }
}

impl Serialize for ChunkerParam {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Name(name) => name.serialize(serializer),
            Self::Number(number) => number.serialize(serializer),
        }
    }
}
