//! Patterns for one name: a label, a host or a series.

use super::error::ParsePatternError;
use super::text::TextPattern;

/// A pattern for one name.
///
/// | pattern         | matches if                                         |
/// | --------------- | -------------------------------------------------- |
/// | `TEXT`          | the name is equal                                  |
/// | `sh:PATTERN`    | it matches; `*` does not cross a `/`, `**/` does   |
/// | `re:EXPRESSION` | it matches the regular expression                  |
///
/// ```
/// use borgq_query::pattern::NamePattern;
/// let pattern = NamePattern::parse("host", "sh:web*")?;
/// assert!(pattern.matches("web7"));
/// assert!(!pattern.matches("db"));
/// // A series has a `*` in its name, which is no pattern.
/// assert!(!NamePattern::parse("series", "web-*")?.matches("web-7"));
/// # Ok::<(), borgq_query::pattern::ParsePatternError>(())
/// ```
#[derive(Clone, Debug)]
pub struct NamePattern {
    written: String,
    text: TextPattern,
}

impl NamePattern {
    /// Reads a pattern. `what` is named by errors, for instance `host`.
    ///
    /// # Errors
    /// If it is empty, or cannot be understood.
    pub fn parse(what: &'static str, text: &str) -> Result<Self, ParsePatternError> {
        let (start, pattern) = match text.split_at_checked(3) {
            Some(("sh:", shell)) => (3, TextPattern::shell(shell)),
            Some(("re:", regex)) => (3, TextPattern::regex(regex)),
            _ => (0, TextPattern::exact(text)),
        };
        let pattern = pattern
            .map_err(|(at, problem)| ParsePatternError::new(what, text, start + at, problem))?;
        Ok(Self {
            written: text.to_owned(),
            text: pattern,
        })
    }

    /// Whether a name matches.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        self.text.matches(name)
    }

    /// The pattern as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.written
    }

    /// The only name that matches, if the pattern says it.
    pub(crate) fn exact(&self) -> Option<&str> {
        self.text.as_exact()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_pattern_is_refused_with_what_it_is_for_and_its_place() {
        let error = |text| NamePattern::parse("host", text).unwrap_err().to_string();
        assert_eq!(
            error(""),
            "bad host pattern \"\": nothing follows, expected the text to match (at character 1)"
        );
        assert!(error("sh:a[b-a]").ends_with("(at character 6)"));
        assert!(error("re:(").starts_with("bad host pattern \"re:(\": "));
    }

    #[test]
    fn only_a_plain_text_is_exact() {
        let exact = |text| {
            let pattern = NamePattern::parse("label", text).unwrap();
            pattern.exact().map(str::to_owned)
        };
        assert_eq!(exact("id:web"), Some("id:web".into()));
        assert_eq!(exact("sh:web"), None);
        assert_eq!(exact("re:web"), None);
    }
}
