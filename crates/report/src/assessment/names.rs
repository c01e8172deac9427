//! What people call a group.

use std::collections::HashMap;

use borgq_query::{Assessed, Assessment, Repository, Text};

/// The labels of repositories, with the repository if it alone is called so.
///
/// Many hosts call their repository alike.
pub(super) struct Names<'a>(HashMap<&'a Text, Option<&'a Repository>>);

impl<'a> Names<'a> {
    pub(super) fn of(assessment: &'a Assessment<'a>) -> Self {
        let mut names = HashMap::new();
        for assessed in &assessment.groups {
            let repository = assessed.group.repository;
            if let Some(label) = &repository.label {
                let owner = names.entry(label).or_insert(Some(repository));
                *owner = owner.filter(|owner| std::ptr::eq(*owner, repository));
            }
        }
        Self(names)
    }

    /// The label, else the location, and the group. If others have that label,
    /// also the location.
    pub(super) fn name(&self, assessed: &Assessed<'_>) -> String {
        let repository = assessed.group.repository;
        let location = &repository.location;
        let owner = repository.label.as_ref().unwrap_or(location).to_display();
        let mut name = match &assessed.group.name {
            Some(group) => format!("{owner} {group}"),
            None => owner.into_owned(),
        };
        if let Some(label) = &repository.label
            && self.0.get(label).is_some_and(Option::is_none)
        {
            name = format!("{name} at {}", location.to_display());
        }
        name
    }
}
