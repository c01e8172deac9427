//! What a reading has found so far.

use super::lines::Lines;
use super::{Encoding, Entry, Position, Problem, ProblemCode, Reading, Skipped, SkippedKind};
use crate::Error;
use crate::error::Reason;

/// The longest sample of a skipped part, in bytes.
const SAMPLE: usize = 200;

/// How many problems are listed. Hostile input can have one in every line.
const MOST_PROBLEMS: usize = 100;

/// A reading in the making.
pub(super) struct Notes<'a> {
    input: &'a [u8],
    lines: Lines,
    encoding: Encoding,
    pub(super) documents: Vec<Entry>,
    pub(super) problems: Vec<Problem>,
    skipped: Vec<Skipped>,
}

impl<'a> Notes<'a> {
    pub(super) fn new(input: &'a [u8], encoding: Encoding) -> Self {
        Self {
            input,
            lines: Lines::default(),
            encoding,
            documents: Vec::new(),
            problems: Vec::new(),
            skipped: Vec::new(),
        }
    }

    pub(super) fn position(&mut self, offset: usize) -> Position {
        self.lines.position(self.input, offset)
    }

    pub(super) fn refuse(&mut self, start: usize, reason: Reason) {
        self.problem(start, Error::new(reason));
    }

    /// The error counts lines and columns from `start`.
    pub(super) fn problem(&mut self, start: usize, error: Error) {
        let position = self.position(start);
        let code = if error.is_truncated() {
            ProblemCode::Truncated
        } else if error.is_unknown_kind() {
            ProblemCode::UnknownDocument
        } else {
            ProblemCode::Unreadable
        };
        let text = error.moved(position.line, position.column).to_string();
        self.push(code, Some(position), text);
    }

    pub(super) fn note(&mut self, code: ProblemCode, at: usize, text: String) {
        let position = self.position(at);
        self.push(code, Some(position), text);
    }

    fn push(&mut self, code: ProblemCode, position: Option<Position>, text: String) {
        let text = match self.problems.len() {
            0..MOST_PROBLEMS => text,
            MOST_PROBLEMS => {
                format!("found more than {MOST_PROBLEMS} problems, no more are listed")
            }
            _ => return,
        };
        self.problems.push(Problem {
            code,
            position,
            text,
        });
    }

    /// Notes a part that is no document. Parts of a kind between two documents are one.
    pub(super) fn skip(&mut self, kind: SkippedKind, start: usize, end: usize) {
        let part = self.input.get(start..end).unwrap_or_default();
        let begins = part.trim_ascii_start();
        let start = end - begins.len();
        let part = begins.trim_ascii_end();
        if part.is_empty() {
            return;
        }
        let document = self.documents.last().map(|entry| entry.position);
        let earlier = self
            .skipped
            .iter_mut()
            .rev()
            .take_while(|skipped| document < Some(skipped.position))
            .find(|skipped| skipped.kind == kind);
        if let Some(earlier) = earlier {
            earlier.length += part.len();
            return;
        }
        let position = self.position(start);
        let mut cut = SAMPLE.min(part.len());
        while cut > SAMPLE - 3 && part.get(cut).is_some_and(|byte| byte & 0xc0 == 0x80) {
            // Not within a character.
            cut -= 1;
        }
        let sample = part.get(..cut).unwrap_or(part);
        self.skipped.push(Skipped {
            kind,
            position,
            length: part.len(),
            sample: String::from_utf8_lossy(sample).into_owned(),
        });
    }

    pub(super) fn finish(mut self) -> Reading {
        if self.documents.is_empty() && self.problems.is_empty() {
            let (code, text) = self.nothing();
            self.push(code, None, text.into());
        }
        Reading {
            documents: self.documents,
            skipped: self.skipped,
            problems: self.problems,
            encoding: self.encoding,
        }
    }

    /// Why an input without problems holds no document.
    fn nothing(&self) -> (ProblemCode, &'static str) {
        let has = |kind| self.skipped.iter().any(|part| part.kind == kind);
        if self.skipped.is_empty() {
            (
                ProblemCode::Empty,
                "the input is empty, expected a document of borg",
            )
        } else if has(SkippedKind::EmptyArray) {
            (
                ProblemCode::NoDocument,
                "the input is a list without documents, expected one for each repository",
            )
        } else if has(SkippedKind::LogLines) {
            (
                ProblemCode::NoDocument,
                "the input holds log lines but no document, expected a document of borg",
            )
        } else {
            (
                ProblemCode::NoDocument,
                "the input holds text but no JSON document, expected a document of borg",
            )
        }
    }
}
