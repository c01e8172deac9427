//! Repository patterns.

use borgq_json::Text;
use borgq_mask::mask_text;

use super::error::{AmbiguousId, ParsePatternError};
use super::text::TextPattern;
use super::{id_prefix, one_id};

/// The fewest digits that are taken for the beginning of an id.
const LEAST_DIGITS: usize = 8;

/// What a pattern looks at in a repository.
#[derive(Clone, Copy, Debug)]
pub struct RepositoryFacts<'a> {
    /// Its id, in lower-case hex digits.
    pub id_hex: &'a str,
    /// Its label in borgmatic's configuration. None or empty if it has none.
    pub label: Option<&'a str>,
    /// Its location without secrets, see [`shown_location`].
    pub location: &'a str,
}

/// The location of a repository as answers show it, and as patterns look at it:
/// with `***` in place of a password or of the secret of a key. So a rule or a
/// command line needs no secret.
///
/// ```
/// use borgq_query::pattern::shown_location;
///
/// assert_eq!(shown_location(&"s3:ID:horse@/bucket/x".into()), "s3:ID:***@/bucket/x");
/// ```
#[must_use]
pub fn shown_location(location: &Text) -> String {
    mask_text(&location.to_display())
}

/// One pattern for repositories.
///
/// | pattern         | matches if                                                 |
/// | --------------- | ---------------------------------------------------------- |
/// | `TEXT`          | label or location are equal, or it is the id or the first 8 or more digits of it |
/// | `sh:PATTERN`    | label or location match; `*` does not cross a `/`, `**/` does |
/// | `re:EXPRESSION` | label or location match the regular expression             |
/// | `id:DIGITS`     | it is the id or the first 8 or more digits of it           |
///
/// The location is the [shown](shown_location) one. A secret in `TEXT` is masked
/// as well, so what borg calls the repository matches too.
///
/// ```
/// use borgq_query::pattern::{RepositoryFacts, RepositoryPattern};
/// let facts = RepositoryFacts {
///     id_hex: "d34db33f11",
///     label: Some("offsite"),
///     location: "ssh://u@h/srv/borg",
/// };
/// for text in ["offsite", "ssh://u@h/srv/borg", "d34db33f", "sh:off*", "re:.*/borg"] {
///     assert!(RepositoryPattern::parse(text)?.matches(&facts));
/// }
/// # Ok::<(), borgq_query::pattern::ParsePatternError>(())
/// ```
#[derive(Clone, Debug)]
pub struct RepositoryPattern {
    written: String,
    text: Option<TextPattern>,
    id: Option<String>,
}

impl RepositoryPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// If it is empty, or cannot be understood.
    pub fn parse(text: &str) -> Result<Self, ParsePatternError> {
        let fail = |at, problem| ParsePatternError::new("repository", text, at, problem);
        let written = mask_text(text);
        let pattern = match text.split_at_checked(3) {
            Some(("sh:", shell)) => TextPattern::shell(shell),
            Some(("re:", regex)) => TextPattern::regex(regex),
            Some(("id:", digits)) => {
                let id = id_prefix(digits, LEAST_DIGITS).ok_or_else(|| {
                    fail(
                        3,
                        format!("expected {LEAST_DIGITS} to 64 hex digits of a repository id"),
                    )
                })?;
                return Ok(Self {
                    written,
                    text: None,
                    id: Some(id),
                });
            }
            _ => {
                return Ok(Self {
                    text: Some(
                        TextPattern::exact(&written).map_err(|(at, problem)| fail(at, problem))?,
                    ),
                    written,
                    id: id_prefix(text, LEAST_DIGITS),
                });
            }
        };
        let pattern = pattern.map_err(|(at, problem)| fail(3 + at, problem))?;
        Ok(Self {
            written,
            text: Some(pattern),
            id: None,
        })
    }

    /// The pattern as it was written, without secrets.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.written
    }

    /// The only label or location that matches, if the pattern says it and
    /// cannot stand for an id.
    pub(crate) fn exact(&self) -> Option<&str> {
        match self.id {
            None => self.text.as_ref()?.as_exact(),
            Some(_) => None,
        }
    }

    /// The beginning of an id that it may stand for.
    pub(crate) fn id_prefix(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The only id that matches, if nothing else can.
    pub(crate) fn whole_id(&self) -> Option<&str> {
        match self.text {
            None => self.id_prefix().filter(|id| id.len() == 64),
            Some(_) => None,
        }
    }

    /// Whether a repository matches.
    #[must_use]
    pub fn matches(&self, facts: &RepositoryFacts<'_>) -> bool {
        let label = facts.label.filter(|label| !label.is_empty());
        let by_text = self.text.as_ref().is_some_and(|pattern| {
            pattern.matches(facts.location) || label.is_some_and(|label| pattern.matches(label))
        });
        let by_id = self
            .id
            .as_deref()
            .is_some_and(|id| facts.id_hex.starts_with(id));
        by_text || by_id
    }
}

/// Patterns that a repository must match one of. None at all match every repository.
#[derive(Clone, Debug, Default)]
pub struct RepositoryPatterns(Vec<RepositoryPattern>);

impl RepositoryPatterns {
    /// From single patterns.
    #[must_use]
    pub fn new(patterns: Vec<RepositoryPattern>) -> Self {
        Self(patterns)
    }

    /// Whether there is none, so that every repository matches.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a repository matches one of them.
    #[must_use]
    pub fn matches(&self, facts: &RepositoryFacts<'_>) -> bool {
        self.0.is_empty() || self.0.iter().any(|pattern| pattern.matches(facts))
    }

    /// Which patterns match none of these repositories, counted from 0: what was
    /// asked for by name and is missing must show.
    pub fn unmatched<'a>(
        &self,
        all: impl Iterator<Item = RepositoryFacts<'a>> + Clone,
    ) -> Vec<usize> {
        let missing =
            |pattern: &RepositoryPattern| !all.clone().any(|facts| pattern.matches(&facts));
        let patterns = self.0.iter().enumerate();
        patterns
            .filter(|(_, pattern)| missing(pattern))
            .map(|(at, _)| at)
            .collect()
    }

    /// Checks that the beginning of an id stands for one repository, given the
    /// ids of all repositories.
    ///
    /// # Errors
    /// If several different ids begin with it. The same id twice is one.
    pub fn check_ids<'a>(
        &self,
        all: impl Iterator<Item = &'a str> + Clone,
    ) -> Result<(), AmbiguousId> {
        let prefixes = self.0.iter().filter_map(|pattern| pattern.id.as_deref());
        prefixes
            .into_iter()
            .try_for_each(|prefix| one_id("repository", prefix, all.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACTS: RepositoryFacts<'_> = RepositoryFacts {
        id_hex: "d34db33f00000000000000000000000000000000000000000000000000000001",
        label: Some("offsite"),
        location: "ssh://u@h/srv/borg",
    };

    #[test]
    fn a_repository_is_known_by_label_location_or_id() {
        #[track_caller]
        fn row(pattern: &str, want: bool) {
            let pattern = RepositoryPattern::parse(pattern).unwrap();
            assert_eq!(pattern.matches(&FACTS), want, "{pattern:?}");
        }
        row("offsite", true);
        row("off", false);
        row("ssh://u@h/srv/borg", true);
        row("/srv/borg", false);
        row("d34db33f", true);
        row("D34DB33F00", true);
        row("d34db33", false);
        row("34db33f0", false);
        row(FACTS.id_hex, true);
        row("id:d34db33f", true);
        row("sh:off*", true);
        row("sh:ssh://*", false);
        row("sh:**/borg", true);
        row("sh:d34db33f*", false);
        row("re:ssh://.*", true);
        row("re:off", false);
    }

    #[test]
    fn a_location_is_named_with_its_secret_or_without() {
        let location = shown_location(&"s3:ID:ho/rse@https://host/b".into());
        let facts = RepositoryFacts {
            location: &location,
            ..FACTS
        };
        for (text, want) in [
            ("s3:ID:ho/rse@https://host/b", true),
            ("s3:ID:***@https://host/b", true),
            ("sh:s3:ID:***@https://host/b", true),
            ("re:s3:.*", true),
            ("s3:ID:***@https://host/c", false),
            ("sh:s3:ID:ho/rse@https://host/b", false),
        ] {
            let pattern = RepositoryPattern::parse(text).unwrap();
            assert_eq!(pattern.matches(&facts), want, "{text}");
            assert!(!pattern.text().contains("rse"), "{text}");
        }
    }

    #[test]
    fn an_empty_label_is_no_label() {
        let facts = RepositoryFacts {
            label: Some(""),
            location: "/srv/borg",
            ..FACTS
        };
        for pattern in ["sh:*", "re:x?", "offsite"] {
            let pattern = RepositoryPattern::parse(pattern).unwrap();
            assert!(!pattern.matches(&facts), "{pattern:?}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused_with_its_place() {
        #[track_caller]
        fn refuses(text: &str, why: &str) {
            let error = RepositoryPattern::parse(text).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("bad repository pattern {text:?}: {why}")
            );
        }
        refuses(
            "",
            "nothing follows, expected the text to match (at character 1)",
        );
        refuses(
            "sh:",
            "nothing follows, expected the text to match (at character 4)",
        );
        let digits = "expected 8 to 64 hex digits of a repository id (at character 4)";
        refuses("id:", digits);
        refuses("id:d34db33", digits);
        refuses("id:offsite!", digits);
        refuses(
            "sh:a[b-a]",
            "the set goes from 'b' down to 'a' (at character 6)",
        );
    }

    #[test]
    fn a_pattern_that_matches_nothing_shows() {
        let read = |text| RepositoryPattern::parse(text).unwrap();
        let patterns = RepositoryPatterns::new(vec![read("offsite"), read("gone")]);
        assert!(patterns.matches(&FACTS));
        assert_eq!(patterns.unmatched([FACTS].into_iter()), [1]);
        assert!(RepositoryPatterns::default().matches(&FACTS));
        assert!(!RepositoryPatterns::new(vec![read("gone")]).matches(&FACTS));
    }

    #[test]
    fn an_id_prefix_stands_for_one_repository() {
        let read = |text| RepositoryPattern::parse(text).unwrap();
        let patterns = RepositoryPatterns::new(vec![read("d34db33f")]);
        assert_eq!(
            patterns.check_ids(["d34db33f1", "d34db33f1"].into_iter()),
            Ok(())
        );
        let error = patterns
            .check_ids(["d34db33f1", "d34db33f2"].into_iter())
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "2 different repository ids begin with d34db33f, expected one: write more of its digits"
        );
    }
}
