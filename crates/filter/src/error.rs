//! What can go wrong, in sentences.

use std::fmt;

use unicode_width::UnicodeWidthStr;

use crate::value::Value;
use crate::write::Layout;

/// Why a text is no filter, and where.
///
/// It prints the reason with line and column, then the line and a caret under
/// the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileError {
    message: String,
    line: usize,
    column: usize,
    excerpt: String,
    /// In columns of a terminal.
    caret: usize,
}

impl CompileError {
    /// `found` is the part of `text` that is wrong.
    pub(crate) fn new(text: &str, found: &str, message: String) -> Self {
        let at = jaq_core::load::span(text, found).start;
        let before = text.get(..at).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = text.get(line_start..).unwrap_or_default();
        let line = line.split('\n').next().unwrap_or_default();
        let column = text
            .get(line_start..at)
            .map_or(0, |before| before.chars().count());
        // A window on the line, if that is long.
        const BEFORE: usize = 60;
        const SHOWN: usize = 90;
        let skipped = column.saturating_sub(BEFORE);
        Self {
            message,
            line: before.matches('\n').count() + 1,
            column: column + 1,
            caret: line_part(line, skipped, column - skipped).width(),
            excerpt: line_part(line, skipped, SHOWN),
        }
    }

    /// The line, from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }

    /// The column in characters, from 1.
    #[must_use]
    pub const fn column(&self) -> usize {
        self.column
    }

    pub(crate) fn place(&self) -> (usize, usize) {
        (self.line, self.column)
    }
}

/// So many characters of a line, without what would move the cursor.
fn line_part(line: &str, from: usize, count: usize) -> String {
    let shown = |c: char| if c.is_control() { ' ' } else { c };
    line.chars().skip(from).take(count).map(shown).collect()
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            message,
            line,
            column,
            excerpt,
            caret,
        } = self;
        writeln!(f, "{message} (line {line}, column {column})")?;
        writeln!(f, "  {excerpt}")?;
        write!(f, "  {:caret$}^", "")
    }
}

impl std::error::Error for CompileError {}

/// Why a filter failed on a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunError(String);

impl RunError {
    pub(crate) fn new(error: jaq_core::Error<jaq_json::Val>) -> Self {
        // The text of an error may hold the whole input.
        const LONGEST: usize = 300;
        let text = match Value(error.into_val()) {
            value if value.as_str().is_some() => value.as_str().unwrap_or_default().into_owned(),
            value => {
                let mut json = Vec::new();
                match Layout::default().write(&value, &mut json) {
                    Ok(()) => format!("{} (not a string)", String::from_utf8_lossy(&json)),
                    Err(_) => "with a value that cannot be JSON".into(),
                }
            }
        };
        let mut shown: String = text.chars().take(LONGEST).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        Self(shown)
    }

    /// jaq's exceptions that are no errors never leave a filter without `halt`.
    pub(crate) fn unknown() -> Self {
        Self("the filter ended in an unknown way".into())
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for RunError {}

/// Why a text is not a JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError(pub(crate) String);

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ReadError {}

/// Why a value that a filter gave cannot be written as JSON, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteError {
    pub(crate) path: String,
    pub(crate) problem: &'static str,
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() {
            "."
        } else {
            &self.path
        };
        write!(f, "the output cannot be JSON: {path} is {}", self.problem)
    }
}

impl std::error::Error for WriteError {}
