//! [`Selection`]: which repositories and archives a question is about.

use borgq_json::Text;

use crate::model::{Archive, Inventory, Problem, ProblemCode, Repository};
use crate::pattern::{ArchivePatterns, Facts, RepositoryFacts, RepositoryPatterns, shown_location};

/// Which repositories and archives a question is about. No pattern chooses all.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// One of them must match a repository.
    pub repositories: RepositoryPatterns,
    /// All of them must match an archive.
    pub archives: ArchivePatterns,
}

impl Selection {
    /// Whether a repository is chosen.
    #[must_use]
    pub fn has_repository(&self, repository: &Repository) -> bool {
        if self.repositories.is_empty() {
            return true;
        }
        let label = repository.label.as_ref().map(Text::to_display);
        self.repositories.matches(&RepositoryFacts {
            label: label.as_deref(),
            location: &shown_location(&repository.location),
            id_hex: &repository.id.to_string(),
        })
    }

    /// The beginnings of ids in the patterns that stand for more than one
    /// repository, or for more than one archive of a repository.
    #[must_use]
    pub fn ambiguous(&self, inventory: &Inventory) -> Vec<Problem> {
        let repositories = inventory.repositories.iter();
        let mut errors = Vec::new();
        if !self.repositories.is_empty() {
            let ids = repositories.clone().map(|it| it.id.to_string());
            let ids: Vec<_> = ids.collect();
            let ids = ids.iter().map(String::as_str);
            errors.extend(self.repositories.check_ids(ids).err());
        }
        if self.archives.has_ids() {
            for repository in repositories {
                let ids: Vec<_> = repository.ids().map(|id| id.to_string()).collect();
                errors.extend(
                    self.archives
                        .check_ids(ids.iter().map(String::as_str))
                        .err(),
                );
            }
        }
        errors
            .iter()
            .map(|error| Problem::new(ProblemCode::AmbiguousId, error.to_string()))
            .collect()
    }

    /// Whether an archive is chosen.
    #[must_use]
    pub fn has_archive(&self, archive: &Archive) -> bool {
        if self.archives.is_empty() {
            return true;
        }
        let display =
            |text: &Option<Text>| text.as_ref().map(|text| text.to_display().into_owned());
        let (host, user) = (display(&archive.host), display(&archive.user));
        let tags: Option<Vec<String>> = archive.tags.as_ref().map(|tags| {
            tags.iter()
                .map(|tag| tag.to_display().into_owned())
                .collect()
        });
        self.archives.matches(&Facts {
            id_hex: &archive.id.to_string(),
            name: &archive.name.to_display(),
            host: host.as_deref(),
            user: user.as_deref(),
            tags: tags.as_deref(),
        })
    }
}
