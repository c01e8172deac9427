//! Why a text is no threshold.

use std::fmt;

/// A text that is no threshold: what was wrong, where, and what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseThresholdError {
    what: &'static str,
    text: String,
    character: Option<usize>,
    problem: String,
}

impl ParseThresholdError {
    /// `at` counts the characters before the place.
    pub(super) fn new(what: &'static str, text: &str, at: usize, problem: String) -> Self {
        Self {
            what,
            text: text.to_owned(),
            character: (!text.is_empty()).then_some(at + 1),
            problem,
        }
    }

    /// Where it went wrong: the character, counted from 1. None if the text is empty.
    #[must_use]
    pub fn character(&self) -> Option<usize> {
        self.character
    }
}

impl fmt::Display for ParseThresholdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bad {} {:?}: {}", self.what, self.text, self.problem)?;
        match self.character {
            Some(character) => write!(f, " (at character {character})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ParseThresholdError {}
