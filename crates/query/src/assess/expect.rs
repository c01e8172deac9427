//! [`Expected`]: what must be there.

use std::collections::HashSet;

use crate::answer::Group;
use crate::pattern::{ParsePatternError, RepositoryFacts, RepositoryPattern, shown_location};

/// A group that must be there, by the label, location or id of its repository,
/// or by its own name: the series, host or user.
///
/// It is written as a pattern for repositories.
#[derive(Clone, Debug)]
pub struct Expected(RepositoryPattern);

impl Expected {
    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// If it is no pattern for repositories.
    pub fn parse(text: &str) -> Result<Self, ParsePatternError> {
        RepositoryPattern::parse(text).map(Self)
    }

    /// The pattern as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.text()
    }
}

/// What groups are there.
pub(super) struct Present {
    /// Labels, locations and names.
    texts: HashSet<String>,
    /// Ids of repositories.
    ids: HashSet<String>,
}

impl Present {
    pub(super) fn of(groups: &[Group<'_>]) -> Self {
        let mut texts = HashSet::new();
        let mut ids = HashSet::new();
        for group in groups {
            let repository = group.repository;
            let label = repository.label.iter();
            texts.extend(label.map(|label| label.to_display().into_owned()));
            texts.insert(shown_location(&repository.location));
            texts.extend(group.name.clone().filter(|name| !name.is_empty()));
            ids.insert(repository.id.to_string());
        }
        Self { texts, ids }
    }

    /// Whether one of them is what is expected.
    pub(super) fn has(&self, expected: &Expected) -> bool {
        let Expected(pattern) = expected;
        if let Some(text) = pattern.exact() {
            return self.texts.contains(text);
        }
        let by_text = |text: &String| {
            pattern.matches(&RepositoryFacts {
                id_hex: "",
                label: None,
                location: text,
            })
        };
        let by_id = |prefix: &str| self.ids.iter().any(|id| id.starts_with(prefix));
        self.texts.iter().any(by_text) || pattern.id_prefix().is_some_and(by_id)
    }
}
