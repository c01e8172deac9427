//! [`Expected`]: what must be there.

use crate::answer::Group;
use crate::model::Repository;
use crate::pattern::{ParsePatternError, RepositoryFacts, RepositoryPattern};

/// A group that must be there, by the label, location or id of its repository,
/// or by its own name: the series, host or user.
///
/// It is written as a pattern for repositories.
#[derive(Clone, Debug)]
pub struct Expected {
    text: String,
    pattern: RepositoryPattern,
}

impl Expected {
    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// If it is no pattern for repositories.
    pub fn parse(text: &str) -> Result<Self, ParsePatternError> {
        Ok(Self {
            text: text.into(),
            pattern: RepositoryPattern::parse(text)?,
        })
    }

    /// The pattern as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is this group.
    pub(super) fn is(&self, group: &Group<'_>) -> bool {
        self.matches_repository(group.repository)
            || group.name.as_deref().is_some_and(|name| {
                self.pattern.matches(&RepositoryFacts {
                    id_hex: "",
                    label: Some(name),
                    location: "",
                })
            })
    }

    fn matches_repository(&self, repository: &Repository) -> bool {
        self.pattern.matches(&RepositoryFacts {
            id_hex: &repository.id.to_string(),
            label: repository
                .label
                .as_ref()
                .map(|label| label.to_display())
                .as_deref(),
            location: &repository.location.to_display(),
        })
    }
}
