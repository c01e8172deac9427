//! [`Capture`]: a run that is kept, and how it is written and read.

use std::fmt;

use borgq_mask::{mask_argv, mask_text};
use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use crate::header::{Check, Format, Header, Stderr, Stdout, Timezone, VERSION};
use crate::run::Outcome;

/// A run of borg or borgmatic as it is kept in a file: a header on the first
/// line, then what the command printed, byte for byte.
///
/// ```
/// use borgq_capture::{Capture, Circumstances, Limits, Timezone, run};
///
/// let command = ["echo".into(), "{}".into()];
/// let circumstances = Circumstances {
///     started: "2025-03-02T02:00:00Z".parse().unwrap(),
///     finished: "2025-03-02T02:00:03Z".parse().unwrap(),
///     timezone: Timezone { name: "Europe/Berlin".into(), utc_offset_seconds: 3600 },
///     host: None,
///     user: None,
///     program_version: None,
///     checks: None,
/// };
/// let capture = Capture::of(&command, run(&command, Limits::default()).ok(), circumstances);
/// let bytes = capture.to_bytes();
/// assert!(Capture::is(&bytes));
/// let read = Capture::read(&bytes)?;
/// assert_eq!(read.stdout, b"{}\n");
/// assert_eq!(read.header.exit_status, Some(0));
/// # Ok::<(), borgq_capture::CaptureError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Capture {
    /// When, where and how the command ran.
    pub header: Header,
    /// What it printed on standard output.
    pub stdout: Vec<u8>,
}

/// What is known of a run from outside.
#[derive(Clone, Debug)]
pub struct Circumstances {
    /// When the command was started.
    pub started: DateTime<Utc>,
    /// When it had ended.
    pub finished: DateTime<Utc>,
    /// The zone in which it ran.
    pub timezone: Timezone,
    /// The name of the machine.
    pub host: Option<String>,
    /// The name of the user.
    pub user: Option<String>,
    /// What the program says its version is.
    pub program_version: Option<String>,
    /// When borgmatic's consistency checks were done.
    pub checks: Option<Vec<Check>>,
}

impl Capture {
    /// The capture of a run. Without an outcome the command could not be started.
    #[must_use]
    pub fn of(
        command: &[std::ffi::OsString],
        outcome: Option<Outcome>,
        circumstances: Circumstances,
    ) -> Self {
        let argv = command
            .iter()
            .map(|word| word.to_string_lossy().into_owned());
        let ended = outcome.as_ref().map(|outcome| outcome.ended);
        let (stdout, stderr) = match outcome {
            Some(outcome) => {
                let stderr = Stderr {
                    text: mask_text(&String::from_utf8_lossy(&outcome.stderr)),
                    length: outcome.stderr_length,
                    warnings: outcome.stderr_warnings,
                };
                (outcome.stdout, stderr)
            }
            None => (Vec::new(), Stderr::default()),
        };
        let mut header = Header {
            format: Format::Capture,
            version: VERSION,
            started: circumstances.started,
            finished: circumstances.finished,
            timezone: circumstances.timezone,
            host: circumstances.host,
            user: circumstances.user,
            argv: mask_argv(argv),
            exit_status: None,
            signal: None,
            stopped: None,
            program_version: circumstances.program_version,
            stderr,
            stdout: Stdout {
                length: stdout.len() as u64,
                sha256: sha256(&stdout),
            },
            checks: circumstances.checks,
        };
        header.set_ended(ended);
        Self { header, stdout }
    }

    /// Whether an input is a capture, whole or not.
    #[must_use]
    pub fn is(input: &[u8]) -> bool {
        // Also if somebody has indented it: then it is no longer whole.
        let mut rest = input;
        BEGINNING.iter().all(|token| {
            let behind = rest.trim_ascii_start().strip_prefix(*token);
            rest = behind.unwrap_or_default();
            behind.is_some()
        })
    }

    /// The first line of the file, with its end. What was printed follows.
    #[must_use]
    pub fn first_line(&self) -> Vec<u8> {
        // Strings and integers alone: it cannot fail.
        let mut line = serde_json::to_vec(&self.header).unwrap_or_default();
        line.push(b'\n');
        line
    }

    /// What is written to a file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.first_line();
        bytes.extend_from_slice(&self.stdout);
        bytes
    }

    /// Splits captures that stand one behind the other. What is behind the first
    /// is empty, unless another one begins exactly where it ends.
    ///
    /// ```
    /// use borgq_capture::Capture;
    ///
    /// assert_eq!(Capture::split(b"{}"), (&b"{}"[..], &b""[..]));
    /// ```
    #[must_use]
    pub fn split(input: &[u8]) -> (&[u8], &[u8]) {
        let end = || {
            let line = input.iter().position(|byte| *byte == b'\n')?;
            let header: Header = serde_json::from_slice(input.get(..line)?).ok()?;
            let length = usize::try_from(header.stdout.length).ok()?;
            let end = (line + 1).checked_add(length)?;
            Self::is(input.get(end..)?).then_some(end)
        };
        input.split_at(end().unwrap_or(input.len()))
    }

    /// Reads a capture, and checks that it is whole.
    ///
    /// # Errors
    ///
    /// If the header is cut off or none, if its version is not known, or if the
    /// output is not exactly what was captured.
    pub fn read(input: &[u8]) -> Result<Self, CaptureError> {
        let (header, stdout) = Self::parse(input)?;
        let stdout = stdout.to_vec();
        Ok(Self { header, stdout })
    }

    /// The same, without a copy of the output.
    ///
    /// # Errors
    ///
    /// Those of [`Capture::read`].
    pub fn parse(input: &[u8]) -> Result<(Header, &[u8]), CaptureError> {
        let end = input
            .iter()
            .position(|byte| *byte == b'\n')
            .ok_or(CaptureError::Truncated("its header has no end".into()))?;
        let (line, stdout) = input.split_at(end);
        let stdout = stdout.get(1..).unwrap_or_default();
        let header: Header = serde_json::from_slice(line).map_err(|error| {
            if error.is_eof() {
                CaptureError::Truncated("its header has no end".into())
            } else {
                CaptureError::Unreadable(format!("its header is none: {error}"))
            }
        })?;
        if header.version != VERSION {
            return Err(CaptureError::Unreadable(format!(
                "it has version {} of the format, expected {VERSION}",
                header.version
            )));
        }
        let length = stdout.len() as u64;
        if length != header.stdout.length {
            return Err(CaptureError::Truncated(format!(
                "it holds {length} bytes of output, expected {}",
                header.stdout.length
            )));
        }
        if sha256(stdout) != header.stdout.sha256 {
            return Err(CaptureError::Truncated(
                "its output was changed: the SHA-256 is not that of the header".into(),
            ));
        }
        Ok((header, stdout))
    }
}

/// How each capture begins: `format` is the first key.
const BEGINNING: [&[u8]; 5] = [b"{", b"\"format\"", b":", b"\"capture\"", b","];

fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let halves = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let digits = halves.filter_map(|half| char::from_digit(half.into(), 16));
    digits.collect()
}

/// Why a capture cannot be used. It reads as a sentence about the capture.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CaptureError {
    /// It is torn or was edited.
    Truncated(String),
    /// It is of no known format.
    Unreadable(String),
}

impl fmt::Display for CaptureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated(how) => write!(f, "the capture is not whole: {how}"),
            Self::Unreadable(how) => write!(f, "the capture cannot be read: {how}"),
        }
    }
}

impl std::error::Error for CaptureError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Ended;
    use proptest::prelude::*;

    fn capture(stdout: &[u8], ended: Option<Ended>) -> Capture {
        let outcome = ended.map(|ended| Outcome {
            stdout: stdout.to_vec(),
            stderr: b"Warning: odd \xff\n".to_vec(),
            stderr_length: 14,
            stderr_warnings: 1,
            ended,
        });
        let circumstances = Circumstances {
            started: "2025-03-02T02:00:00Z".parse().unwrap(),
            finished: "2025-03-02T02:00:03.5Z".parse().unwrap(),
            timezone: Timezone {
                name: "Europe/Berlin".into(),
                utc_offset_seconds: 3600,
            },
            host: Some("web".into()),
            user: Some("root".into()),
            program_version: None,
            checks: None,
        };
        Capture::of(&["borg".into(), "list".into()], outcome, circumstances)
    }

    #[test]
    fn how_the_command_ended_is_kept() {
        for ended in [
            Some(Ended::Exited(2)),
            Some(Ended::Signalled(9)),
            Some(Ended::TimedOut),
            Some(Ended::TooMuch),
            Some(Ended::Interrupted(2)),
            None,
        ] {
            let read = Capture::read(&capture(b"x", ended).to_bytes()).unwrap();
            assert_eq!(read.header.ended(), ended);
        }
        let header = capture(b"", Some(Ended::Exited(0))).header;
        assert_eq!((header.stderr.warnings, header.stderr.length), (1, 14));
    }

    #[test]
    fn the_errors_are_sentences() {
        let whole = capture(b"{}\n", Some(Ended::Exited(0))).to_bytes();
        let error = |bytes: &[u8]| Capture::read(bytes).unwrap_err().to_string();
        assert_eq!(
            error(&whole[..40]),
            "the capture is not whole: its header has no end"
        );
        assert_eq!(
            error(&whole[..whole.len() - 1]),
            "the capture is not whole: it holds 2 bytes of output, expected 3"
        );
        let indented = String::from_utf8(whole.clone())
            .unwrap()
            .replacen('{', "{\n ", 1);
        assert!(Capture::is(indented.as_bytes()));
        assert_eq!(
            error(indented.as_bytes()),
            "the capture is not whole: its header has no end"
        );
        let mut edited = whole.clone();
        let at = edited.len() - 2;
        edited[at] = b']';
        assert_eq!(
            error(&edited),
            "the capture is not whole: its output was changed: the SHA-256 is not that of the header"
        );
        let newer = String::from_utf8(whole)
            .unwrap()
            .replacen("\"version\":1", "\"version\":2", 1);
        assert_eq!(
            error(newer.as_bytes()),
            "the capture cannot be read: it has version 2 of the format, expected 1"
        );
    }

    proptest! {
        #[test]
        fn writing_then_reading_is_identity(stdout: Vec<u8>, status: i32) {
            let capture = capture(&stdout, Some(Ended::Exited(status)));
            let bytes = capture.to_bytes();
            prop_assert!(Capture::is(&bytes));
            prop_assert_eq!(Capture::read(&bytes), Ok(capture));
        }

        #[test]
        fn captures_in_a_row_are_split(outputs: Vec<Vec<u8>>) {
            let captures: Vec<_> = outputs
                .iter()
                .map(|stdout| capture(stdout, Some(Ended::Exited(0))).to_bytes())
                .collect();
            let row = captures.concat();
            let mut rest = row.as_slice();
            for whole in captures {
                let (first, behind) = Capture::split(rest);
                prop_assert_eq!(first, whole);
                rest = behind;
            }
            prop_assert!(rest.is_empty());
        }

        #[test]
        fn a_capture_that_is_cut_or_flipped_is_never_read_as_another(
            stdout: Vec<u8>,
            at: prop::sample::Index,
            bit in 0..8_u8,
        ) {
            let capture = capture(&stdout, Some(Ended::Exited(0)));
            let bytes = capture.to_bytes();
            let at = at.index(bytes.len());
            prop_assert!(Capture::read(&bytes[..at]).is_err());
            let mut flipped = bytes;
            flipped[at] ^= 1 << bit;
            if let Ok(read) = Capture::read(&flipped) {
                prop_assert_eq!(read.stdout, capture.stdout);
            }
        }
    }
}
