//! [`Error`]: why an object is not one of borg's documents.

use std::fmt;

use crate::kind::{Kind, UNDERSTOOD};

/// Why bytes could not be read as one of borg's documents.
///
/// The text says which document, the path of the value, line and column, what
/// was found and what was expected.
///
/// ```
/// let error = borgq_json::Document::from_slice(b"{\"archives\": 5, \"repository\": {}}").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "repo-list document: archives (line 1, column 14): \
///      found `5`, expected a list"
/// );
/// ```
#[derive(Debug)]
pub struct Error(Box<Reason>);

#[derive(Debug)]
pub(crate) enum Reason {
    /// JSON that ends before its last bracket.
    Truncated {
        line: usize,
        column: usize,
    },
    /// A list of documents that ends before its last bracket.
    CutList {
        line: usize,
        column: usize,
    },
    /// No JSON.
    Malformed {
        line: usize,
        column: usize,
        message: String,
    },
    /// JSON, but no object.
    NoObject {
        line: usize,
        column: usize,
        message: String,
    },
    /// JSON, but not as borg prints this document.
    Unfit {
        kind: Kind,
        path: String,
        line: usize,
        column: usize,
        message: String,
    },
    Contradiction,
    Configuration,
    Foreign,
    /// More after the document.
    Trailing {
        line: usize,
        column: usize,
    },
}

impl Error {
    pub(crate) fn new(reason: Reason) -> Self {
        Self(Box::new(reason))
    }

    /// Whether the input ended before the document did.
    #[must_use]
    pub fn is_truncated(&self) -> bool {
        matches!(*self.0, Reason::Truncated { .. } | Reason::CutList { .. })
    }

    /// Whether the input is JSON, but none of borg's documents.
    #[must_use]
    pub fn is_unknown_kind(&self) -> bool {
        matches!(
            *self.0,
            Reason::NoObject { .. }
                | Reason::Contradiction
                | Reason::Configuration
                | Reason::Foreign
        )
    }

    /// Which document it was taken for. `None` if that could not be told.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match *self.0 {
            Reason::Unfit { kind, .. } => Some(kind),
            _ => None,
        }
    }

    /// Where the value is in the document, for instance
    /// `archives[17].stats.nfiles`. `None` for the whole document.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        match &*self.0 {
            Reason::Unfit { path, .. } if !path.is_empty() => Some(path),
            _ => None,
        }
    }

    /// The line and the column in bytes, from 1, at which the reader gave up.
    /// `None` if the whole document is wrong.
    #[must_use]
    pub fn line_and_column(&self) -> Option<(usize, usize)> {
        match *self.0 {
            Reason::Truncated { line, column }
            | Reason::CutList { line, column }
            | Reason::Malformed { line, column, .. }
            | Reason::NoObject { line, column, .. }
            | Reason::Unfit { line, column, .. }
            | Reason::Trailing { line, column } => Some((line.max(1), column.max(1))),
            Reason::Contradiction | Reason::Configuration | Reason::Foreign => None,
        }
    }

    /// The line and column in the whole input, if the document began at `line` and `column`.
    pub(crate) fn moved(mut self, to_line: usize, to_column: usize) -> Self {
        match &mut *self.0 {
            Reason::Truncated { line, column }
            | Reason::CutList { line, column }
            | Reason::Malformed { line, column, .. }
            | Reason::NoObject { line, column, .. }
            | Reason::Unfit { line, column, .. }
            | Reason::Trailing { line, column } => {
                *column = (*column).max(1);
                if *line <= 1 {
                    *line = 1;
                    *column += to_column - 1;
                }
                *line += to_line - 1;
            }
            Reason::Contradiction | Reason::Configuration | Reason::Foreign => {}
        }
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.line_and_column().unwrap_or((1, 1));
        let place = format_args!("(line {line}, column {column})");
        match &*self.0 {
            Reason::Truncated { .. } => write!(
                f,
                "the input ends within a document {place}, expected its last bracket"
            ),
            Reason::CutList { .. } => write!(
                f,
                "the input ends within a list of documents {place}, expected its last bracket"
            ),
            Reason::NoObject { message, .. } => write!(f, "this is no document {place}: {message}"),
            Reason::Malformed { message, .. } => write!(f, "not valid JSON {place}: {message}"),
            Reason::Unfit {
                kind,
                path,
                message,
                ..
            } => {
                let gap = if path.is_empty() { "" } else { " " };
                write!(f, "{kind} document: {path}{gap}{place}: {message}")
            }
            Reason::Contradiction => write!(
                f,
                "the object has keys of several kinds of documents at once, {UNDERSTOOD}"
            ),
            Reason::Configuration => write!(
                f,
                "this is borgmatic's configuration, which can hold passphrases and proves no \
                 backup, {UNDERSTOOD}"
            ),
            Reason::Foreign => write!(f, "the object is none of borg's documents, {UNDERSTOOD}"),
            Reason::Trailing { .. } => {
                write!(f, "found more after the document {place}, expected its end")
            }
        }
    }
}

impl std::error::Error for Error {}

/// The longest text that is repeated, in bytes. Values from documents can be
/// of any length.
const LONGEST: usize = 300;

/// The text, cut if it is very long.
pub(crate) fn shortened(mut text: String) -> String {
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
        text.push('…');
    }
    text
}

/// The message of a JSON error in this crate's words, without its position.
pub(crate) fn message(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = message.strip_suffix(&place).unwrap_or(&message);
    let typed = ["invalid type: ", "invalid value: "]
        .iter()
        .find_map(|start| message.strip_prefix(start));
    // The found value may hold anything, so the last one is serde's.
    match typed.and_then(|typed| typed.rsplit_once(", expected ")) {
        Some((found, expected)) => {
            format!(
                "found {}, expected {}",
                found_words(found),
                expected_words(expected)
            )
        }
        None => shortened(message.to_owned()),
    }
}

fn found_words(found: &str) -> String {
    match found {
        "map" => "an object".into(),
        "sequence" => "a list".into(),
        _ => {
            let short = ["integer ", "floating point ", "boolean ", "string "]
                .iter()
                .find_map(|kind| found.strip_prefix(kind));
            shortened(short.unwrap_or(found).into())
        }
    }
}

fn expected_words(expected: &str) -> &str {
    match expected {
        "u64" => "a whole number from 0 to 18446744073709551615",
        "f64" => "a number",
        "a boolean" => "true or false",
        "a string" => "a text",
        "a sequence" => "a list",
        own => own,
    }
}
