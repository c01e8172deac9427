//! Why a text is no quantity.

use std::fmt;

/// A text that is no quantity: what was wrong, where, and what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseQuantityError {
    what: &'static str,
    text: String,
    /// Character, counted from 1; none if the text is empty.
    character: Option<usize>,
    problem: String,
}

impl ParseQuantityError {
    /// `at` is a byte offset into `text`.
    pub(crate) fn new(
        what: &'static str,
        text: &str,
        at: usize,
        problem: impl Into<String>,
    ) -> Self {
        let before = text.get(..at).unwrap_or(text);
        Self {
            what,
            text: text.to_owned(),
            character: (!text.is_empty()).then(|| before.chars().count() + 1),
            problem: problem.into(),
        }
    }

    /// Where it went wrong: the character, counted from 1. None if the text is empty.
    #[must_use]
    pub fn character(&self) -> Option<usize> {
        self.character
    }

    /// What was wrong and expected, without text and place.
    pub(crate) fn problem(&self) -> &str {
        &self.problem
    }
}

impl fmt::Display for ParseQuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bad {} {:?}: {}", self.what, self.text, self.problem)?;
        match self.character {
            Some(character) => write!(f, " (at character {character})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ParseQuantityError {}
