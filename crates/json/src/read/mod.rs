//! [`read()`]: documents out of whatever a run left behind.

mod encoding;
mod lines;
mod notes;
mod object;
mod scan;

use std::fmt;
use std::io;

use crate::Document;

pub use encoding::Encoding;

/// What [`read()`] made of an input: documents, what lay between them, and
/// what could not be read.
///
/// The input was read completely only if there are no [problems](Self::problems).
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The complete documents, in the order of the input.
    pub documents: Vec<Entry>,
    /// What was skipped because it is no JSON document: warnings, banners,
    /// progress, log lines.
    pub skipped: Vec<Skipped>,
    /// What is wrong with the input. Never empty if there are no documents. Of
    /// very many only the first are listed.
    pub problems: Vec<Problem>,
    /// How the input was encoded.
    pub encoding: Encoding,
}

/// A document and where it stood.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The document.
    pub document: Document,
    /// Where it begins.
    pub position: Position,
    /// Its length in bytes.
    pub length: usize,
    /// Whether it stood in an array, as borgmatic prints it.
    pub in_array: bool,
}

/// A place in the input, counted in its text in UTF-8 without a byte order mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Bytes before it.
    pub offset: usize,
    /// The line, from 1.
    pub line: usize,
    /// The column in bytes, from 1.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// A part of the input that is no document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// What it is.
    pub kind: SkippedKind,
    /// Where it begins.
    pub position: Position,
    /// Its length in bytes, without the white space around it. Parts of a kind
    /// between two documents are counted together.
    pub length: usize,
    /// Its beginning. It may hold control characters.
    pub sample: String,
}

/// What a skipped part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SkippedKind {
    /// Text, for instance a warning or a banner.
    Text,
    /// JSON lines of `--log-json`.
    LogLines,
    /// An array without documents.
    EmptyArray,
}

impl SkippedKind {
    /// The name in output: `text`, `log-lines` or `empty-array`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LogLines => "log-lines",
            Self::EmptyArray => "empty-array",
        }
    }
}

/// Why an input was not read completely.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The stable name of the reason.
    pub code: ProblemCode,
    /// Where it was noticed, if it is at one place.
    pub position: Option<Position>,
    /// A sentence.
    pub text: String,
}

/// The stable name of a reason why an input was not read completely.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProblemCode {
    /// The input holds nothing.
    Empty,
    /// The input holds text, but no document.
    NoDocument,
    /// The input ends within a document or within an array of them.
    Truncated,
    /// A document is not as borg prints it, or something broken stands where
    /// one should.
    Unreadable,
    /// A JSON object is none of borg's documents.
    UnknownDocument,
}

impl ProblemCode {
    /// The name in output, for instance `no-document`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NoDocument => "no-document",
            Self::Truncated => "truncated",
            Self::Unreadable => "unreadable",
            Self::UnknownDocument => "unknown-document",
        }
    }
}

/// Reads the documents in what a run of borg or borgmatic printed.
///
/// It takes one document, borgmatic's array, several documents in a row or one
/// a line, in UTF-8 (with or without a byte order mark) or UTF-16. Warnings,
/// banners, progress and log lines may stand before, between and after them;
/// they are [skipped](Reading::skipped), and listed. A document that is cut
/// off or not as borg prints it is a [problem](Reading::problems) and gives
/// nothing; the complete ones around it are read.
///
/// ```
/// use borgq_json::{ProblemCode, read};
///
/// let json = include_str!("../../examples/repo-list.json");
/// let reading = read(format!("Remote: welcome\n{json}").as_bytes());
/// assert_eq!(reading.documents.len(), 1);
/// assert_eq!(reading.skipped[0].sample, "Remote: welcome");
///
/// let reading = read(&json.as_bytes()[..100]);
/// assert!(reading.documents.is_empty());
/// assert_eq!(reading.problems[0].code, ProblemCode::Truncated);
/// ```
#[must_use]
pub fn read(input: &[u8]) -> Reading {
    let (text, encoding) = encoding::decode(input);
    let mut reading = scan::scan(&text.bytes, encoding);
    if text.ends_within_a_character {
        reading.problems.push(Problem {
            code: ProblemCode::Truncated,
            position: None,
            text: "the input is UTF-16 and ends within a character".into(),
        });
    }
    reading
}

/// Reads all of `reader`, then as [`read()`].
///
/// # Errors
///
/// Those of `reader`.
///
/// ```
/// let file: &[u8] = include_bytes!("../../examples/repo-list.json");
/// assert_eq!(borgq_json::read_from(file)?.documents.len(), 1);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn read_from(mut reader: impl io::Read) -> io::Result<Reading> {
    let mut input = Vec::new();
    reader.read_to_end(&mut input)?;
    Ok(read(&input))
}

/// The text of an input, in which [positions](Position) count: UTF-8 without a
/// byte order mark. A surrogate that is half of no pair, which only UTF-16 can
/// hold, takes three bytes.
///
/// ```
/// let input = b"\xff\xfe[\0]\0";
/// assert_eq!(borgq_json::text_of(input).as_ref(), b"[]");
/// ```
#[must_use]
pub fn text_of(input: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    encoding::decode(input).0.bytes
}
