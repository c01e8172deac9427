//! Why a pattern is refused.

use std::fmt;

use borgq_mask::mask_text;

/// A text that is no pattern: what was wrong, where, and what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsePatternError {
    what: &'static str,
    text: String,
    character: usize,
    problem: String,
}

impl ParsePatternError {
    /// `at` counts the characters before the place. Secrets in the text are masked.
    pub(super) fn new(
        what: &'static str,
        text: &str,
        at: usize,
        problem: impl Into<String>,
    ) -> Self {
        Self {
            what,
            text: mask_text(text),
            character: at + 1,
            problem: problem.into(),
        }
    }

    /// Where it went wrong: the character, counted from 1. For a regular
    /// expression this is where the expression begins.
    #[must_use]
    pub fn character(&self) -> usize {
        self.character
    }
}

impl fmt::Display for ParsePatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            what,
            text,
            character,
            problem,
        } = self;
        write!(
            f,
            "bad {what} pattern {text:?}: {problem} (at character {character})"
        )
    }
}

impl std::error::Error for ParsePatternError {}

/// The beginning of an id that stands for more than one archive or repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmbiguousId {
    what: &'static str,
    prefix: String,
    count: usize,
}

impl AmbiguousId {
    pub(super) fn new(what: &'static str, prefix: &str, count: usize) -> Self {
        Self {
            what,
            prefix: prefix.to_owned(),
            count,
        }
    }
}

impl fmt::Display for AmbiguousId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            what,
            prefix,
            count,
        } = self;
        write!(
            f,
            "{count} different {what} ids begin with {prefix}, expected one: write more of its digits"
        )
    }
}

impl std::error::Error for AmbiguousId {}
