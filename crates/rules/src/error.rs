//! [`ReadError`]: why a rules file is refused.

use std::fmt;

/// What is wrong with a rules file, and where. Prints as
/// `line 3, column 12: …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    line: usize,
    column: usize,
    text: String,
}

impl ReadError {
    /// `at` counts the bytes of the file before the place.
    pub(crate) fn at(file: &str, at: usize, text: impl Into<String>) -> Self {
        let end = (0..=at.min(file.len()))
            .rev()
            .find(|at| file.is_char_boundary(*at));
        let before = end.and_then(|end| file.get(..end)).unwrap_or_default();
        let (_, last) = before.rsplit_once('\n').unwrap_or(("", before));
        Self {
            line: before.matches('\n').count() + 1,
            column: last.chars().count() + 1,
            text: text.into(),
        }
    }

    /// The line, counted from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }

    /// The character in the line, counted from 1.
    #[must_use]
    pub const fn column(&self) -> usize {
        self.column
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, text } = self;
        write!(f, "line {line}, column {column}: {text}")
    }
}

impl std::error::Error for ReadError {}
