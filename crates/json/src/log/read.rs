//! [`read_log`]: the lines of a standard error.

use crate::Text;
use crate::log::LogLine;

/// A line of a log and where it stood.
#[derive(Clone, Debug, PartialEq)]
pub struct Logged {
    /// The line, from 1.
    pub line: usize,
    /// What it says.
    pub said: Said,
}

/// What a line of a log says.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "few are held at once, and a box would show in every match"
)]
pub enum Said {
    /// A JSON line of `--log-json`.
    Json(LogLine),
    /// Anything else, as it stands there.
    Text(Text),
}

/// Reads what borg or borgmatic printed on standard error, with `--log-json` or
/// without. Blank lines are left out; a carriage return ends a line too.
///
/// ```
/// use borgq_json::log::{Said, read_log};
///
/// let log = read_log(b"Remote: welcome\n{\"type\": \"file_status\", \"status\": \"A\", \"path\": \"srv\"}\n");
/// assert!(matches!(&log[0].said, Said::Text(text) if *text == "Remote: welcome"));
/// assert!(matches!(&log[1].said, Said::Json(_)));
/// assert_eq!(log[1].line, 2);
/// ```
#[must_use]
pub fn read_log(input: &[u8]) -> Vec<Logged> {
    let lines = input.split(|byte| *byte == b'\n').zip(1..);
    let parts = lines.flat_map(|(text, line)| {
        let parts = text.split(|byte| *byte == b'\r');
        parts.map(move |part| (part.trim_ascii(), line))
    });
    parts
        .filter(|(part, _)| !part.is_empty())
        .map(|(part, line)| Logged {
            line,
            said: said(part),
        })
        .collect()
}

fn said(line: &[u8]) -> Said {
    let json = line.starts_with(b"{").then(|| serde_json::from_slice(line));
    match json {
        Some(Ok(line)) => Said::Json(line),
        _ => Said::Text(Text::from_bytes(line)),
    }
}
