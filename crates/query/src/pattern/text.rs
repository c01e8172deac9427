//! Patterns for one text: `id:`, `sh:` and `re:`.

use regex_lite::{Regex, RegexBuilder};

use super::shell;

/// Longer patterns are refused; no borg archive name is that long.
const MAX_LENGTH: usize = 4096;

/// How large a compiled expression may grow, in bytes. It bounds the time that
/// matching takes for each character.
const MAX_COMPILED: usize = 256 * 1024;

/// A pattern that a whole text matches or not.
#[derive(Clone, Debug)]
pub(super) enum TextPattern {
    Exact(String),
    Regex(Regex),
}

/// What was wrong, after how many characters.
pub(super) type Problem = (usize, String);

impl TextPattern {
    /// A text that must be equal.
    pub(super) fn exact(text: &str) -> Result<Self, Problem> {
        if text.is_empty() {
            return Err((0, "nothing follows, expected the text to match".to_owned()));
        }
        Ok(Self::Exact(text.to_owned()))
    }

    /// A shell-style pattern, without its `sh:`.
    pub(super) fn shell(pattern: &str) -> Result<Self, Problem> {
        limit(pattern)?;
        let regex = format!(r"\A(?:{})\z", shell::translate(pattern)?);
        Ok(Self::Regex(compile(&regex)?))
    }

    /// A regular expression, without its `re:`. Like in borg it begins at the start
    /// of the text and `\Z` is appended to it, so that in `a|b` only `b` is bound
    /// to the end.
    pub(super) fn regex(pattern: &str) -> Result<Self, Problem> {
        limit(pattern)?;
        refuse_foreign(pattern)?;
        // Alone first: `a)(b` must not become valid by what is put around it.
        compile(pattern)?;
        Ok(Self::Regex(compile(&format!(r"\A(?:{pattern}\z)"))?))
    }

    /// The only text that matches, if it is a text.
    pub(super) fn as_exact(&self) -> Option<&str> {
        match self {
            Self::Exact(exact) => Some(exact),
            Self::Regex(_) => None,
        }
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        match self {
            Self::Exact(exact) => exact == text,
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}

fn limit(pattern: &str) -> Result<(), Problem> {
    if pattern.is_empty() {
        return Err((0, "nothing follows, expected the text to match".to_owned()));
    }
    if pattern.len() > MAX_LENGTH {
        return Err((0, format!("it is longer than {MAX_LENGTH} bytes")));
    }
    Ok(())
}

fn compile(regex: &str) -> Result<Regex, Problem> {
    RegexBuilder::new(regex)
        .size_limit(MAX_COMPILED)
        .build()
        .map_err(|error| (0, format!("it cannot be compiled: {error}")))
}

/// Refuses what this engine would read in another way than borg's.
fn refuse_foreign(pattern: &str) -> Result<(), Problem> {
    let mut chars = pattern.chars().enumerate().peekable();
    // A repetition right before, and whether it may still take a `?` (not greedy).
    let mut repeated = None;
    let mut before = None;
    while let Some((at, c)) = chars.next() {
        let last = before.replace(c);
        match c {
            '\\' => {
                chars.next();
                repeated = None;
            }
            '[' => {
                for leading in ['^', ']'] {
                    chars.next_if(|(_, c)| *c == leading);
                }
                while let Some((at, c)) = chars.next() {
                    match c {
                        '\\' => drop(chars.next()),
                        '[' => {
                            let problem = r"write `\[` for a plain `[` inside `[...]`";
                            return Err((at, problem.to_owned()));
                        }
                        ']' => break,
                        _ => {}
                    }
                }
                repeated = None;
            }
            '?' if repeated == Some(true) => repeated = Some(false),
            '?' if last == Some('(') => {}
            '*' | '+' | '?' | '{' => {
                if repeated.is_some() {
                    let problem = "a repetition of a repetition needs a group, such as `(?:a+)*`";
                    return Err((at, problem.to_owned()));
                }
                if c == '{' {
                    while chars.next_if(|(_, c)| *c != '}').is_some() {}
                    chars.next();
                }
                repeated = Some(true);
            }
            _ => repeated = None,
        }
    }
    Ok(())
}
