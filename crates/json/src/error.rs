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
///      invalid type: integer `5`, expected a sequence"
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
    /// No JSON.
    Malformed {
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
        matches!(*self.0, Reason::Truncated { .. })
    }

    /// Whether the input is JSON, but none of borg's documents.
    #[must_use]
    pub fn is_unknown_kind(&self) -> bool {
        matches!(
            *self.0,
            Reason::Contradiction | Reason::Configuration | Reason::Foreign
        )
    }

    /// The line and column in the whole input, if the document began at `line` and `column`.
    pub(crate) fn moved(mut self, to_line: usize, to_column: usize) -> Self {
        match &mut *self.0 {
            Reason::Truncated { line, column }
            | Reason::Malformed { line, column, .. }
            | Reason::Unfit { line, column, .. }
            | Reason::Trailing { line, column } => {
                if *line == 1 {
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
        match &*self.0 {
            Reason::Truncated { line, column } => write!(
                f,
                "the input ends within a document (line {line}, column {column}), \
                 expected its last bracket"
            ),
            Reason::Malformed {
                line,
                column,
                message,
            } => {
                write!(
                    f,
                    "not valid JSON (line {line}, column {column}): {message}"
                )
            }
            Reason::Unfit {
                kind,
                path,
                line,
                column,
                message,
            } => {
                write!(f, "{kind} document: ")?;
                if !path.is_empty() {
                    write!(f, "{path} ")?;
                }
                write!(f, "(line {line}, column {column}): {message}")
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
            Reason::Trailing { line, column } => write!(
                f,
                "found more after the document (line {line}, column {column}), expected its end"
            ),
        }
    }
}

impl std::error::Error for Error {}

/// The longest message that is repeated. Values from documents can be of any length.
const LONGEST: usize = 300;

/// The message of a JSON error without its position, cut if it repeats a long value.
pub(crate) fn message(error: &serde_json::Error) -> String {
    let mut message = error.to_string();
    if let Some(position) = message.rfind(" at line ") {
        message.truncate(position);
    }
    if message.len() > LONGEST {
        // The end says what was expected.
        let tail = message.rfind(", expected ").unwrap_or(message.len());
        let head = message.floor_char_boundary(LONGEST.min(tail));
        message.replace_range(head..tail, "…");
        message.truncate(message.floor_char_boundary(2 * LONGEST));
    }
    message
}
