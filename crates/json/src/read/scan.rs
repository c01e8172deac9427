//! Finds the documents among other output.
//!
//! The scanner looks for brackets. A `{` or `[` that begins no JSON is text;
//! one that begins JSON and then breaks is a damaged document, and is reported.
//! Behind a damaged document it looks for another one at the beginning of a
//! line. What it reads again for that is limited, so that hostile input costs
//! time in proportion to its length.

use super::lines::{behind_space, ends_line, follows_text, newlines};
use super::notes::Notes;
use super::object::{Object, object};
use super::{Encoding, Entry, ProblemCode, Reading, SkippedKind};
use crate::error::Reason;
use crate::kind::Shape;
use crate::{Document, Error};

/// How many bytes may be read again behind damaged documents: so many times
/// the length of the input, and this many for a short one.
const AGAIN: (usize, usize) = (8, 1 << 20);

/// Keys of documents, which are in no text but in a piece of one.
const KEYS: [&[u8]; 6] = [
    b"\"archives\"",
    b"\"archive\"",
    b"\"repository\"",
    b"\"encryption\"",
    b"\"last_modified\"",
    b"\"id\"",
];

pub(super) fn scan(input: &[u8], encoding: Encoding) -> Reading {
    let mut scanner = Scanner {
        input,
        text_from: 0,
        again: AGAIN.1.max(input.len().saturating_mul(AGAIN.0)),
        damaged: false,
        notes: Notes::new(input, encoding),
    };
    let mut at = 0;
    while let Some(start) = scanner.bracket(at) {
        at = scanner.value(start);
    }
    scanner.text_ends(input.len());
    scanner.notes.finish()
}

struct Scanner<'a> {
    input: &'a [u8],
    /// Where the text begins that belongs to no value so far.
    text_from: usize,
    /// How many bytes may still be read again.
    again: usize,
    /// Behind a damaged document its pieces follow, which are not worth a problem each.
    damaged: bool,
    notes: Notes<'a>,
}

impl Scanner<'_> {
    fn tail(&self, at: usize) -> &[u8] {
        self.input.get(at..).unwrap_or_default()
    }

    fn bracket(&self, at: usize) -> Option<usize> {
        let mut bytes = self.tail(at).iter();
        let found = bytes.position(|byte| matches!(byte, b'{' | b'['))?;
        Some(at + found)
    }

    fn begins_line(&self, start: usize) -> bool {
        !follows_text(self.input, self.text_from, start)
    }

    /// Takes what begins at the bracket. Returns where to look further.
    fn value(&mut self, start: usize) -> usize {
        if self.input.get(start) == Some(&b'[') {
            return self.array(start);
        }
        match object(self.input, start, self.begins_line(start)) {
            Object::Whole { shape, end }
                if shape == Shape::Unrelated && !self.begins_line(start) =>
            {
                end
            }
            Object::Whole { end, shape } => {
                self.text_ends(start);
                self.accept(start, end, shape, false);
                end
            }
            Object::Text { resume } => resume,
            Object::Damaged { fault, error } => self.damage(start, start, error, fault),
            Object::Cut { error } => self.damage(start, start, error, self.input.len()),
        }
    }

    /// borgmatic's array: objects, with commas between them.
    fn array(&mut self, start: usize) -> usize {
        let mut at = behind_space(self.input, start + 1);
        match self.input.get(at) {
            Some(b'{') => {}
            Some(b']') if self.begins_line(start) => {
                self.text_ends(start);
                self.notes.skip(SkippedKind::EmptyArray, start, at + 1);
                self.text_from = at + 1;
                return at + 1;
            }
            // A bracket that has a line of its own is what a cut list leaves.
            Some(_) if !self.begins_line(start) || !ends_line(self.input, start + 1) => {
                return start + 1;
            }
            _ => {
                let error = self.no_list(at);
                return self.damage(start, at, error, at);
            }
        }
        let mut first = true;
        loop {
            let from = if first { start } else { at };
            match object(self.input, at, true) {
                Object::Whole { shape, end }
                    if first && shape == Shape::Unrelated && !self.begins_line(start) =>
                {
                    return end;
                }
                Object::Whole { end, shape } => {
                    if first {
                        self.text_ends(start);
                    }
                    self.accept(at, end, shape, true);
                    at = behind_space(self.input, end);
                }
                Object::Text { resume } if first => return resume,
                Object::Text { resume } => {
                    let error = self.no_list(resume);
                    return self.damage(from, resume, error, resume);
                }
                Object::Damaged { fault, error } => return self.damage(from, at, error, fault),
                Object::Cut { error } => return self.damage(from, at, error, self.input.len()),
            }
            first = false;
            self.text_from = at;
            match self.input.get(at) {
                Some(b']') => {
                    self.text_from = at + 1;
                    return at + 1;
                }
                Some(b',') => {
                    at = behind_space(self.input, at + 1);
                    self.text_from = at;
                    if self.input.get(at) == Some(&b'{') {
                        continue;
                    }
                }
                _ => {}
            }
            let error = self.no_list(at);
            return self.damage(at, at, error, at);
        }
    }

    /// What stands at `at` is no part of a list of documents.
    fn no_list(&self, at: usize) -> Error {
        // A character has four bytes at most.
        let tail = self.tail(at);
        let Some(chunk) = tail.get(..4).unwrap_or(tail).utf8_chunks().next() else {
            return Error::new(Reason::CutList { line: 1, column: 1 });
        };
        let found = chunk.valid().chars().next();
        let found = found.unwrap_or(char::REPLACEMENT_CHARACTER).escape_debug();
        Error::new(Reason::Malformed {
            line: 1,
            column: 1,
            message: format!(
                "found `{found}` in a list, expected documents with commas between them"
            ),
        })
    }

    fn accept(&mut self, start: usize, end: usize, shape: Shape, in_array: bool) {
        self.text_from = end;
        let kind = match shape {
            Shape::Document(kind) => kind,
            Shape::LogLine => return self.notes.skip(SkippedKind::LogLines, start, end),
            _ if self.damaged => return,
            Shape::Contradiction => return self.notes.refuse(start, Reason::Contradiction),
            Shape::Configuration => return self.notes.refuse(start, Reason::Configuration),
            Shape::Foreign | Shape::Unrelated => {
                return self.notes.refuse(start, Reason::Foreign);
            }
        };
        self.damaged = false;
        let json = self.input.get(start..end).unwrap_or_default();
        match Document::of_kind(kind, json) {
            Ok(document) => {
                let position = self.notes.position(start);
                self.notes.documents.push(Entry {
                    document,
                    position,
                    length: end - start,
                    in_array,
                });
            }
            Err(error) => self.notes.problem(start, error),
        }
    }

    /// What begins at `start` breaks. The error counts from `at`; everything
    /// before `until` was read.
    fn damage(&mut self, start: usize, at: usize, error: Error, until: usize) -> usize {
        self.text_ends(start);
        if !self.damaged {
            self.notes.problem(at, error);
            self.damaged = true;
        }
        let Some(again) = self.again.checked_sub(until - at) else {
            return until;
        };
        self.again = again;
        let inside = self.input.get(at..until).unwrap_or_default();
        newlines(inside)
            .map(|newline| at + newline + 1)
            .find(|line| matches!(self.input.get(*line), Some(b'{' | b'[')))
            .unwrap_or(until)
    }

    /// The text before `end` belongs to no value: it is skipped. What is
    /// behind a damaged document belongs to that.
    fn text_ends(&mut self, end: usize) {
        if self.damaged {
            return;
        }
        let text = self.input.get(self.text_from..end).unwrap_or_default();
        let at = behind_space(self.input, self.text_from);
        // Behind a value these belong to a list or an object whose beginning is missing.
        if self.text_from > 0
            && self.notes.problems.is_empty()
            && let [found @ (b',' | b']' | b'}'), ..] = text.trim_ascii_start()
        {
            let text = format!(
                "found `{}` behind a document, but nothing that it ends or continues: \
                 the beginning of the input may be missing",
                char::from(*found)
            );
            self.notes.note(ProblemCode::Unreadable, at, text);
        } else if let Some(key) = KEYS.iter().find(|key| has_key(text, key)) {
            let text = format!(
                "found the key {} outside of a document: the beginning of a document is missing",
                String::from_utf8_lossy(key)
            );
            self.notes.note(ProblemCode::Unreadable, at, text);
        }
        self.notes.skip(SkippedKind::Text, self.text_from, end);
    }
}

/// Whether the key stands in the text, with a colon behind it.
fn has_key(text: &[u8], key: &[u8]) -> bool {
    memchr::memmem::find_iter(text, key).any(|at| {
        let behind = text.get(at + key.len()..).unwrap_or_default();
        behind.trim_ascii_start().starts_with(b":")
    })
}
