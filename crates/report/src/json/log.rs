//! Lines of a log, for the answer of `borgq inspect`.

use borgq_json::log::{Level, LogLine, Logged, Said};
use serde::Serialize;

use super::shared::display;

/// A line of a log.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LogEntry {
    /// The input that holds it: a file, `-` for standard input, or a command.
    pub source: String,
    /// Where the run printed it: `stdout` or `stderr`.
    pub stream: &'static str,
    /// The line, from 1. Of standard error a capture may have kept the end only.
    pub line: usize,
    /// The type of the line, for instance `log_message`; `text` if it is not JSON.
    #[serde(rename = "type")]
    pub kind: String,
    /// How much it matters: `debug`, `info`, `warning`, `error` or `critical`.
    /// Absent if it does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<&'static str>,
    /// The stable name of what is said, for instance `LockTimeout`. Absent if it
    /// has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// What is said; the status and path of a file; the whole line if its type
    /// is not known. Absent if it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl LogEntry {
    /// The entry of a line that a run printed on this stream.
    #[must_use]
    pub fn new(source: &str, stream: &'static str, logged: &Logged) -> Self {
        let mut entry = Self {
            source: source.into(),
            stream,
            line: logged.line,
            kind: "text".into(),
            level: None,
            message_id: None,
            message: None,
        };
        match &logged.said {
            Said::Text(text) => entry.message = Some(display(text)),
            Said::Json(line) => {
                entry.kind = line.type_name().map_or("log_message".into(), display);
                entry.message_id = line.message_id().map(display);
                entry.level = level(line);
                entry.message = match line {
                    LogLine::FileStatus(file) => {
                        Some(format!("{} {}", display(&file.status), display(&file.path)))
                    }
                    LogLine::ArchiveProgress(progress) => progress.path.as_ref().map(display),
                    LogLine::Other(_) => serde_json::to_string(line).ok(),
                    _ => line.message().map(display),
                };
            }
        }
        entry
    }

    /// Whether there are many of its kind, and no single one matters.
    #[must_use]
    pub fn is_one_of_many(&self) -> bool {
        matches!(
            self.kind.as_str(),
            "progress_message" | "progress_percent" | "archive_progress" | "file_status"
        )
    }
}

fn level(line: &LogLine) -> Option<&'static str> {
    let LogLine::Message(message) = line else {
        return None;
    };
    Some(match message.level() {
        Level::Debug => "debug",
        Level::Info => "info",
        Level::Warning => "warning",
        Level::Error => "error",
        Level::Critical => "critical",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use borgq_json::log::read_log;

    #[test]
    fn every_line_says_what_it_is() {
        let said = |line: &str| {
            let entry = LogEntry::new("x", "stderr", &read_log(line.as_bytes())[0]);
            format!(
                "{} {:?} {:?} {:?}",
                entry.kind, entry.level, entry.message_id, entry.message
            )
        };
        assert_eq!(said("Remote: hi"), "text None None Some(\"Remote: hi\")");
        assert_eq!(
            said(r#"{"levelname": "ERROR", "message": "locked", "msgid": "LockTimeout"}"#),
            "log_message Some(\"error\") Some(\"LockTimeout\") Some(\"locked\")"
        );
        assert_eq!(
            said(r#"{"type": "file_status", "status": "E", "path": "srv"}"#),
            "file_status None None Some(\"E srv\")"
        );
        assert_eq!(
            said(r#"{"type": "weather", "sun": 1}"#),
            "weather None None Some(\"{\\\"type\\\":\\\"weather\\\",\\\"sun\\\":1}\")"
        );
    }
}
