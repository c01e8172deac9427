//! [`LogLine`]: a JSON line of `--log-json`.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::Text;
use crate::log::{
    ArchiveProgress, FileStatus, LogMessage, OtherLine, ProgressMessage, ProgressPercent, Question,
};

/// A JSON line that borg or borgmatic logs with `--log-json`.
///
/// Its `type` says which one it is. Types that are not known are kept whole,
/// and so are keys and message ids.
///
/// ```
/// use borgq_json::log::{Level, LogLine};
///
/// let line = r#"{"type": "log_message", "time": 1741608000.5, "levelname": "ERROR",
///     "name": "borg.archiver", "msgid": "Repository.DoesNotExist",
///     "message": "Repository /srv/gone does not exist."}"#;
/// let LogLine::Message(message) = serde_json::from_str(line)? else {
///     panic!("another type");
/// };
/// assert_eq!(message.level(), Level::Error);
/// assert_eq!(message.id().ok_or("no id")?, "Repository.DoesNotExist");
///
/// let newer: LogLine = serde_json::from_str(r#"{"type": "weather", "sun": true}"#)?;
/// assert_eq!(newer.type_name().ok_or("no type")?, "weather");
/// assert_eq!(serde_json::to_string(&newer)?, r#"{"type":"weather","sun":true}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum LogLine {
    /// `log_message`: something for people.
    Message(LogMessage),
    /// `progress_message`: what is being done.
    ProgressMessage(ProgressMessage),
    /// `progress_percent`: how much of it is done.
    ProgressPercent(ProgressPercent),
    /// `archive_progress`: what an archive holds so far.
    ArchiveProgress(ArchiveProgress),
    /// `file_status`: what was done with a file.
    FileStatus(FileStatus),
    /// `question_…`: a question, or what became of it.
    Question(Question),
    /// Any other type.
    Other(OtherLine),
}

impl LogLine {
    /// The `type`. borgmatic's messages may have none.
    #[must_use]
    pub const fn type_name(&self) -> Option<&Text> {
        match self {
            Self::Message(line) => line.r#type.as_ref(),
            Self::ProgressMessage(line) => Some(&line.r#type),
            Self::ProgressPercent(line) => Some(&line.r#type),
            Self::ArchiveProgress(line) => Some(&line.r#type),
            Self::FileStatus(line) => Some(&line.r#type),
            Self::Question(line) => Some(&line.r#type),
            Self::Other(line) => Some(&line.r#type),
        }
    }

    /// The stable name of what is said, if it has one.
    #[must_use]
    pub const fn message_id(&self) -> Option<&Text> {
        match self {
            Self::Message(line) => line.id(),
            Self::ProgressMessage(line) => flat(line.msgid.as_ref()),
            Self::ProgressPercent(line) => flat(line.msgid.as_ref()),
            Self::Question(line) => flat(line.msgid.as_ref()),
            _ => None,
        }
    }

    /// What is said to people, if anything is.
    #[must_use]
    pub const fn message(&self) -> Option<&Text> {
        match self {
            Self::Message(line) => Some(&line.message),
            Self::ProgressMessage(line) => line.message.as_ref(),
            Self::ProgressPercent(line) => line.message.as_ref(),
            Self::Question(line) => Some(&line.message),
            _ => None,
        }
    }
}

/// A key that may be absent or `null`: neither is a value.
pub(super) const fn flat(key: Option<&Option<Text>>) -> Option<&Text> {
    match key {
        Some(Some(text)) => Some(text),
        _ => None,
    }
}

/// How much a message matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Level {
    /// A level of no known name.
    Other,
    /// For developers.
    Debug,
    /// What was done.
    Info,
    /// Something that may need a look.
    Warning,
    /// Something failed.
    Error,
    /// The run failed.
    Critical,
}

/// What tells which line an object is.
#[derive(Default)]
struct Head {
    kind: Option<Text>,
    level: bool,
}

impl<'de> Deserialize<'de> for Head {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct HeadVisitor;
        impl<'de> Visitor<'de> for HeadVisitor {
            type Value = Head;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a log line object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Head, A::Error> {
                let mut head = Head::default();
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "type" => head.kind = Some(map.next_value()?),
                        key => {
                            head.level |= key == "levelname";
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(head)
            }
        }
        deserializer.deserialize_map(HeadVisitor)
    }
}

impl<'de> Deserialize<'de> for LogLine {
    /// From JSON text only: the whole object is looked at before it is read.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        fn line<'de, T: Deserialize<'de>, E: de::Error>(json: &'de RawValue) -> Result<T, E> {
            serde_json::from_str(json.get()).map_err(E::custom)
        }
        let json = &*Box::<RawValue>::deserialize(deserializer)?;
        let head: Head = line(json)?;
        let Some(kind) = head.kind else {
            if head.level {
                return line(json).map(Self::Message);
            }
            return Err(de::Error::custom(
                "the keys `type` and `levelname` are missing, expected a log line",
            ));
        };
        match kind.as_str().unwrap_or_default() {
            "log_message" => line(json).map(Self::Message),
            "progress_message" => line(json).map(Self::ProgressMessage),
            "progress_percent" => line(json).map(Self::ProgressPercent),
            "archive_progress" => line(json).map(Self::ArchiveProgress),
            "file_status" => line(json).map(Self::FileStatus),
            kind if kind.starts_with("question_") => line(json).map(Self::Question),
            _ => line(json).map(Self::Other),
        }
    }
}

impl Serialize for LogLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Message(line) => line.serialize(serializer),
            Self::ProgressMessage(line) => line.serialize(serializer),
            Self::ProgressPercent(line) => line.serialize(serializer),
            Self::ArchiveProgress(line) => line.serialize(serializer),
            Self::FileStatus(line) => line.serialize(serializer),
            Self::Question(line) => line.serialize(serializer),
            Self::Other(line) => line.serialize(serializer),
        }
    }
}
