//! Finds the documents among other output.
//!
//! The scanner looks for brackets. A `{` or `[` that begins no JSON is text;
//! one that begins JSON and then breaks is a damaged document, and is reported.
//! After each step the scanner goes on behind what it has looked at, so that
//! hostile input costs time in proportion to its length.

use super::{Encoding, Entry, Position, Problem, ProblemCode, Reading, Skipped, SkippedKind};
use crate::document::syntax;
use crate::error::Reason;
use crate::kind::Shape;
use crate::{Document, Error};

/// How often the scanner looks for documents behind one that never ends. Each
/// look may read the rest of the input.
const LOOKS_BEHIND_A_CUT: u32 = 64;

/// The longest sample of a skipped part, in bytes.
const SAMPLE: usize = 200;

pub(super) fn scan(input: &[u8], encoding: Encoding) -> Reading {
    let mut scanner = Scanner {
        input,
        text_from: 0,
        lines: Lines::default(),
        looks: 0,
        damaged: false,
        reading: Reading {
            documents: Vec::new(),
            skipped: Vec::new(),
            problems: Vec::new(),
            encoding,
        },
    };
    let mut at = 0;
    while let Some(start) = scanner.bracket(at) {
        at = scanner.value(start);
    }
    scanner.finish()
}

struct Scanner<'a> {
    input: &'a [u8],
    /// Where the text begins that belongs to no value so far.
    text_from: usize,
    lines: Lines,
    looks: u32,
    /// Behind a damaged document its pieces follow, which are not worth a problem each.
    damaged: bool,
    reading: Reading,
}

/// What stands at a bracket.
enum Object {
    Whole {
        end: usize,
        shape: Shape,
    },
    /// No JSON.
    Text {
        resume: usize,
    },
    Damaged {
        resume: usize,
        error: Error,
    },
    Cut {
        error: Error,
    },
}

impl Scanner<'_> {
    fn tail(&self, at: usize) -> &[u8] {
        self.input.get(at..).unwrap_or_default()
    }

    fn bracket(&self, at: usize) -> Option<usize> {
        let found = self
            .tail(at)
            .iter()
            .position(|byte| matches!(byte, b'{' | b'['))?;
        Some(at + found)
    }

    fn behind_space(&self, at: usize) -> usize {
        let tail = self.tail(at);
        at + tail.len() - trim_start(tail).len()
    }

    /// Takes what begins at the bracket. Returns where to look further.
    fn value(&mut self, start: usize) -> usize {
        if self.input.get(start) == Some(&b'[') {
            return self.array(start);
        }
        match self.object(start) {
            Object::Whole { end, shape } => {
                self.text_ends(start);
                self.accept(start, end, shape, false);
                self.text_from = end;
                end
            }
            Object::Text { resume } => resume,
            Object::Damaged { resume, error } => self.damage(start, error, resume),
            Object::Cut { error } => self.cut(start, error),
        }
    }

    /// borgmatic's array: objects, with commas between them.
    fn array(&mut self, start: usize) -> usize {
        let mut at = self.behind_space(start + 1);
        match self.input.get(at) {
            Some(b'{') => {}
            Some(b']') => {
                self.text_ends(start);
                self.skip(SkippedKind::EmptyArray, start, at + 1);
                self.text_from = at + 1;
                return at + 1;
            }
            Some(_) => return start + 1,
            None => return self.cut(start, self.cut_at_end(start)),
        }
        let mut first = true;
        loop {
            match self.object(at) {
                Object::Whole { end, shape } => {
                    if first {
                        self.text_ends(start);
                    }
                    self.accept(at, end, shape, true);
                    self.text_from = end;
                    at = self.behind_space(end);
                }
                Object::Text { resume } if first => return resume,
                Object::Text { resume } => return self.damage(at, self.broken_array(at), resume),
                Object::Damaged { resume, error } => return self.damage(at, error, resume),
                Object::Cut { error } => return self.cut(at, error),
            }
            first = false;
            match self.input.get(at) {
                Some(b']') => {
                    self.text_from = at + 1;
                    return at + 1;
                }
                Some(b',') => at = self.behind_space(at + 1),
                Some(_) => return self.damage(at, self.broken_array(at), at),
                None => return self.cut(at, self.cut_at_end(at)),
            }
            match self.input.get(at) {
                Some(b'{') => {}
                Some(_) => return self.damage(at, self.broken_array(at), at),
                None => return self.cut(at, self.cut_at_end(at)),
            }
        }
    }

    /// Errors here count lines and columns from the object's own start.
    fn object(&self, start: usize) -> Object {
        let tail = self.tail(start);
        let mut values = serde_json::Deserializer::from_slice(tail).into_iter::<Shape>();
        let error = match values.next() {
            Some(Ok(shape)) => {
                return Object::Whole {
                    end: start + values.byte_offset(),
                    shape,
                };
            }
            Some(Err(error)) => error,
            None => return Object::Text { resume: start + 1 },
        };
        if error.is_eof() {
            return Object::Cut {
                error: Error::new(syntax(&error)),
            };
        }
        let line_start = match error.line() {
            0 | 1 => 0,
            line => newlines(tail)
                .nth(line - 2)
                .map_or(0, |newline| newline + 1),
        };
        let fault = line_start + error.column().saturating_sub(1);
        let resume = start + fault.max(1);
        if begins_with_key(tail.get(..fault).unwrap_or(tail)) {
            Object::Damaged {
                resume,
                error: Error::new(syntax(&error)),
            }
        } else {
            Object::Text { resume }
        }
    }

    fn cut_at_end(&self, from: usize) -> Error {
        let mut lines = Lines::default();
        let end = lines.position(self.tail(from), self.input.len() - from);
        Error::new(Reason::Truncated {
            line: end.line,
            column: end.column,
        })
    }

    fn broken_array(&self, at: usize) -> Error {
        let found = self
            .tail(at)
            .utf8_chunks()
            .next()
            .and_then(|chunk| chunk.valid().chars().next());
        let found = found.unwrap_or(char::REPLACEMENT_CHARACTER).escape_debug();
        Error::new(Reason::Malformed {
            line: 1,
            column: 1,
            message: format!("found `{found}` in a list of documents, expected `,`, `]` or `{{`"),
        })
    }

    fn accept(&mut self, start: usize, end: usize, shape: Shape, in_array: bool) {
        let position = self.lines.position(self.input, start);
        let json = self.input.get(start..end).unwrap_or_default();
        let kind = match shape {
            Shape::Document(kind) => kind,
            Shape::LogLine => return self.skip(SkippedKind::LogLines, start, end),
            _ if self.damaged => return self.skip(SkippedKind::Text, start, end),
            Shape::Contradiction => return self.refuse(Reason::Contradiction, position),
            Shape::Configuration => return self.refuse(Reason::Configuration, position),
            Shape::Foreign => return self.refuse(Reason::Foreign, position),
        };
        match Document::of_kind(kind, json) {
            Ok(document) => {
                self.damaged = false;
                self.reading.documents.push(Entry {
                    document,
                    position,
                    length: end - start,
                    in_array,
                });
            }
            Err(error) => self.reading.problems.push(Problem::of(error, position)),
        }
    }

    fn refuse(&mut self, reason: Reason, position: Position) {
        self.reading
            .problems
            .push(Problem::of(Error::new(reason), position));
    }

    fn report(&mut self, start: usize, error: Error) {
        self.text_ends(start);
        self.text_from = start;
        if !self.damaged {
            let position = self.lines.position(self.input, start);
            self.reading.problems.push(Problem::of(error, position));
            self.damaged = true;
        }
    }

    fn damage(&mut self, start: usize, error: Error, resume: usize) -> usize {
        self.report(start, error);
        resume
    }

    /// The value at `start` never ends. A document may still begin on a line behind it.
    fn cut(&mut self, start: usize, error: Error) -> usize {
        self.report(start, error);
        self.looks += 1;
        if self.looks > LOOKS_BEHIND_A_CUT {
            return self.input.len();
        }
        newlines(self.tail(start))
            .map(|newline| start + newline + 1)
            .find(|line| matches!(self.input.get(*line), Some(b'{' | b'[')))
            .unwrap_or(self.input.len())
    }

    /// The text before `end` belongs to no value: it is skipped.
    fn text_ends(&mut self, end: usize) {
        self.skip(SkippedKind::Text, self.text_from, end);
    }

    fn skip(&mut self, kind: SkippedKind, start: usize, end: usize) {
        let part = self.input.get(start..end).unwrap_or_default();
        let begins = trim_start(part);
        let part = begins.trim_ascii_end();
        let start = end - begins.len();
        if part.is_empty() {
            return;
        }
        if let Some(last) = self.reading.skipped.last_mut()
            && last.kind == kind
            && kind != SkippedKind::EmptyArray
            && self
                .reading
                .documents
                .last()
                .is_none_or(|entry| entry.position < last.position)
        {
            last.length += part.len();
            return;
        }
        let position = self.lines.position(self.input, start);
        let sample = part.get(..SAMPLE).unwrap_or(part);
        self.reading.skipped.push(Skipped {
            kind,
            position,
            length: part.len(),
            sample: String::from_utf8_lossy(sample).into_owned(),
        });
    }

    fn finish(mut self) -> Reading {
        if !self.damaged {
            self.text_ends(self.input.len());
        }
        if self.reading.documents.is_empty() && self.reading.problems.is_empty() {
            let (code, text) = if self.reading.skipped.is_empty() {
                (
                    ProblemCode::Empty,
                    "the input is empty, expected a document of borg",
                )
            } else if self
                .reading
                .skipped
                .iter()
                .any(|part| part.kind == SkippedKind::EmptyArray)
            {
                (
                    ProblemCode::NoDocument,
                    "the input is a list without documents, expected one for each repository",
                )
            } else {
                (
                    ProblemCode::NoDocument,
                    "the input holds text but no JSON document, expected a document of borg",
                )
            };
            let text = text.into();
            self.reading.problems.push(Problem {
                code,
                position: None,
                text,
            });
        }
        self.reading
    }
}

fn trim_start(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii_start()
}

fn newlines(bytes: &[u8]) -> impl Iterator<Item = usize> {
    bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'\n')
        .map(|(at, _)| at)
}

/// Whether `{`, a string and `:` stand at the start.
fn begins_with_key(object: &[u8]) -> bool {
    let inside = object.strip_prefix(b"{").map(trim_start);
    let Some(mut rest) = inside.and_then(|inside| inside.strip_prefix(b"\"")) else {
        return false;
    };
    loop {
        match rest {
            [b'"', tail @ ..] => return trim_start(tail).starts_with(b":"),
            [b'\\', _, tail @ ..] | [_, tail @ ..] => rest = tail,
            [] => return false,
        }
    }
}

/// Counts lines once, however many positions are asked for.
#[derive(Default)]
struct Lines {
    offset: usize,
    line: usize,
    line_start: usize,
}

impl Lines {
    fn position(&mut self, input: &[u8], offset: usize) -> Position {
        if offset < self.offset {
            *self = Self::default();
        }
        for newline in newlines(input.get(self.offset..offset).unwrap_or_default()) {
            self.line += 1;
            self.line_start = self.offset + newline + 1;
        }
        self.offset = offset;
        Position {
            offset,
            line: self.line + 1,
            column: offset - self.line_start + 1,
        }
    }
}
