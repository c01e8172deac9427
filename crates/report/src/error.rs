//! Why something cannot be said in a medium.

use std::fmt;

/// A value that has no place in the medium, with a text for the person who reads it.
///
/// ```
/// use borgq_report::number::Number;
///
/// let error = Number::parse("1e9").unwrap_err();
/// assert_eq!(error.to_string(), "\"1e9\" is no plain decimal number, expected digits such as -12.5");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Number(String),
    Range(String),
    Width { cells: usize, columns: usize },
}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Self {
        Self { kind }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Number(text) => write!(
                f,
                "{text:?} is no plain decimal number, expected digits such as -12.5"
            ),
            Kind::Range(text) => write!(
                f,
                "{text:?} is no range, expected [@]start:end such as 10, 10:, ~:10 or @10:20"
            ),
            Kind::Width { cells, columns } => {
                write!(
                    f,
                    "row of {cells} cells, expected {columns} as in the header"
                )
            }
        }
    }
}

impl std::error::Error for Error {}
