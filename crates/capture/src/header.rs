//! [`Header`]: what is kept beside the output of a run.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use signal_hook::consts::SIGTERM;

use crate::run::Ended;

/// The version of the format. It changes when a reader would have to.
pub const VERSION: u32 = 1;

/// The first line of a capture: when, where and how the command ran.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// `capture`.
    pub format: Format,
    /// The version of the format: 1.
    pub version: u32,
    /// When the command was started.
    #[serde(with = "time")]
    #[cfg_attr(feature = "schema", schemars(with = "time::Schema"))]
    pub started: DateTime<Utc>,
    /// When it had ended.
    #[serde(with = "time")]
    #[cfg_attr(feature = "schema", schemars(with = "time::Schema"))]
    pub finished: DateTime<Utc>,
    /// The time zone in which borg 1.x prints local times.
    pub timezone: Timezone,
    /// The name of the machine. Absent if it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The name of the user. Absent if it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The command and its arguments, with `***` in place of secrets.
    pub argv: Vec<String>,
    /// The exit status. Absent if the command did not exit by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_status: Option<i32>,
    /// The signal that ended the command, or that told the capture to end. Absent
    /// if none did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<i32>,
    /// Why the command was ended from outside. Absent if it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Stopped>,
    /// What the program says its version is. Absent if it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program_version: Option<String>,
    /// Standard error.
    pub stderr: Stderr,
    /// Standard output, which follows in the next line.
    pub stdout: Stdout,
    /// When borgmatic's consistency checks were done. Absent if nobody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checks: Option<Vec<Check>>,
}

/// The name of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// `capture`.
    Capture,
}

/// A time zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Timezone {
    /// Its name in the zone database, or its rules as `TZ` has them.
    pub name: String,
    /// How far its clocks were ahead of UTC at the start, in seconds.
    pub utc_offset_seconds: i32,
}

/// Why a command was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Stopped {
    /// It took too long.
    Timeout,
    /// It printed too much.
    TooMuch,
    /// The capture itself was told to end.
    Interrupted,
    /// It could not be started.
    NotStarted,
}

/// Standard error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Stderr {
    /// Its last lines, with `***` in place of secrets.
    pub text: String,
    /// How long all of it was, in bytes.
    pub length: u64,
    /// How many warnings all of it has: JSON log lines of the level WARNING,
    /// and lines that begin with the word.
    pub warnings: u64,
}

/// Standard output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Stdout {
    /// How long it is, in bytes.
    pub length: u64,
    /// Its SHA-256, in 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// A consistency check of borgmatic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// The id of the repository: 64 lower-case hexadecimal digits.
    pub repository_id: String,
    /// What was checked, for instance `repository` or `archives`.
    pub kind: String,
    /// When that was.
    #[serde(with = "time")]
    #[cfg_attr(feature = "schema", schemars(with = "time::Schema"))]
    pub time: DateTime<Utc>,
}

impl Header {
    /// How the command ended. `None` if it was never started.
    #[must_use]
    pub fn ended(&self) -> Option<Ended> {
        Some(match (self.stopped, self.exit_status, self.signal) {
            (Some(Stopped::Timeout), ..) => Ended::TimedOut,
            (Some(Stopped::TooMuch), ..) => Ended::TooMuch,
            (Some(Stopped::Interrupted), _, signal) => {
                Ended::Interrupted(signal.unwrap_or(SIGTERM))
            }
            (Some(Stopped::NotStarted), ..) | (None, None, None) => return None,
            (None, Some(status), _) => Ended::Exited(status),
            (None, None, Some(signal)) => Ended::Signalled(signal),
        })
    }

    pub(crate) fn set_ended(&mut self, ended: Option<Ended>) {
        match ended {
            Some(Ended::Exited(status)) => self.exit_status = Some(status),
            Some(Ended::Signalled(signal)) => self.signal = Some(signal),
            Some(Ended::TimedOut) => self.stopped = Some(Stopped::Timeout),
            Some(Ended::TooMuch) => self.stopped = Some(Stopped::TooMuch),
            Some(Ended::Interrupted(signal)) => {
                self.stopped = Some(Stopped::Interrupted);
                self.signal = Some(signal);
            }
            None => self.stopped = Some(Stopped::NotStarted),
        }
    }
}

/// Times as RFC 3339 in UTC.
mod time {
    use chrono::{DateTime, SecondsFormat, Utc};
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(
        time: &DateTime<Utc>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<DateTime<Utc>, D::Error> {
        let text = String::deserialize(deserializer)?;
        let time = DateTime::parse_from_rfc3339(&text).map_err(|_| {
            D::Error::custom(format!("found {text:?}, expected a time in RFC 3339"))
        })?;
        Ok(time.into())
    }

    #[cfg(feature = "schema")]
    pub(super) struct Schema;

    #[cfg(feature = "schema")]
    impl schemars::JsonSchema for Schema {
        fn inline_schema() -> bool {
            true
        }

        fn schema_name() -> std::borrow::Cow<'static, str> {
            "Time".into()
        }

        fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
            schemars::json_schema!({ "type": "string", "format": "date-time" })
        }
    }
}
