//! [`Diff`]: what is different between two inventories of the same repositories.

mod pairs;
mod stopped;

pub use stopped::Stopped;

use std::collections::HashSet;

use borgq_json::{Generation, Id, Text};

use crate::answer::{LeftOut, Question};
use crate::model::{Archive, Inventory, Problem, ProblemCode, Repository};
use pairs::{Pair, pairs};
use stopped::{History, by_repository, histories};

/// One fact that is different.
#[derive(Clone, Debug)]
pub struct Difference<'a> {
    /// The repository, as the new inventory has it, or the old one if it vanished.
    pub repository: &'a Repository,
    /// What is different.
    pub what: What<'a>,
}

/// What is different.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum What<'a> {
    /// The repository is only in the new inventory.
    Appeared,
    /// The repository is only in the old inventory.
    Vanished,
    /// Another repository is at the same location: its archives are others too,
    /// and are not compared.
    IdChanged {
        /// The id that it had.
        before: Id,
        /// The id that it has.
        after: Id,
    },
    /// The same repository is at another location, and no longer at the old one.
    LocationChanged {
        /// Where it was.
        before: &'a Text,
        /// Where it is.
        after: &'a Text,
    },
    /// The encryption mode or cipher, the id hash, or the path of the key file.
    EncryptionChanged {
        /// What it was, for people.
        before: String,
        /// What it is, for people.
        after: String,
    },
    /// The shape of the documents: another version of borg printed them.
    GenerationChanged {
        /// What it was.
        before: Generation,
        /// What it is.
        after: Generation,
    },
    /// A group has no new archive, while another group has one that is newer than
    /// this one's last.
    Stopped(Stopped<'a>),
    /// An archive is only in the new inventory.
    Came(&'a Archive),
    /// An archive is only in the old inventory: pruned, deleted, or not listed.
    Went(&'a Archive),
}

impl What<'_> {
    /// The name in output, for instance `archive-came`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Appeared => "repository-appeared",
            Self::Vanished => "repository-vanished",
            Self::IdChanged { .. } => "id-changed",
            Self::LocationChanged { .. } => "location-changed",
            Self::EncryptionChanged { .. } => "encryption-changed",
            Self::GenerationChanged { .. } => "generation-changed",
            Self::Stopped(_) => "stopped",
            Self::Came(_) => "archive-came",
            Self::Went(_) => "archive-went",
        }
    }

    /// What it was and what it is, if it changed.
    #[must_use]
    pub fn change(&self) -> Option<[String; 2]> {
        let pair = |before: &dyn ToString, after: &dyn ToString| {
            Some([before.to_string(), after.to_string()])
        };
        match self {
            Self::IdChanged { before, after } => pair(before, after),
            Self::LocationChanged { before, after } => {
                pair(&before.to_display(), &after.to_display())
            }
            Self::EncryptionChanged { before, after } => pair(before, after),
            Self::GenerationChanged { before, after } => pair(before, after),
            _ => None,
        }
    }
}

/// What is different between two inventories of the same repositories.
///
/// Repositories are the same by id and location; of the others, those at the same
/// location had their id changed, and those with the same id were moved. Archives
/// are the same by id: a renamed or recreated archive went and came.
///
/// A group stopped if it had an archive that counts, has no new and later one, and
/// another group of these repositories has a new one that is later than its last.
/// A series of a single archive whose name holds no date or time was made once,
/// and is not expected to go on.
///
/// ```
/// use borgq_query::diff::Diff;
/// # use borgq_query::{GroupBy, Inventory, Question, Selection};
///
/// let read = |json: &[u8]| {
///     let mut inventory = Inventory::default();
///     let utc = chrono::FixedOffset::east_opt(0).unwrap();
///     inventory.add_reading(borgq_json::read(json), "list.json", &utc);
///     inventory
/// };
/// let new = include_str!("../../../json/examples/repo-list.json");
/// let old = new.replace("repokey-blake2", "none");
/// # let question = Question {
/// #     now: "2025-03-02T12:00:00Z".parse()?,
/// #     clock_skew: chrono::TimeDelta::minutes(5),
/// #     selection: Selection::default(),
/// #     group_by: GroupBy::Series,
/// #     rules: Default::default(),
/// # };
/// let (old, new) = (read(old.as_bytes()), read(new.as_bytes()));
/// let diff = Diff::of(&old, &new, &question);
/// assert_eq!(diff.differences.len(), 1);
/// assert_eq!(diff.differences[0].what.name(), "encryption-changed");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Diff<'a> {
    /// The differences, by repository in the order of the old input, then of the
    /// new one.
    pub differences: Vec<Difference<'a>>,
    /// Problems of the question. Those of the inventories stay there.
    pub problems: Vec<Problem>,
}

impl<'a> Diff<'a> {
    /// Compares two inventories. The patterns of the question choose what is
    /// compared; its grouping says what is expected to go on.
    #[must_use]
    pub fn of(old: &'a Inventory, new: &'a Inventory, question: &Question) -> Self {
        let (old_groups, new_groups) = (question.groups(old), question.groups(new));
        let pairs = pairs(&question.repositories(old).0, &question.repositories(new).0);
        let old_by = by_repository(&old_groups.groups);
        let new_by = by_repository(&new_groups.groups);
        let histories: Vec<_> = pairs
            .iter()
            .map(|pair| histories(pair, &old_by, &new_by, question.now))
            .collect();
        let newest = histories
            .iter()
            .flatten()
            .filter_map(History::went_on)
            .max();
        let mut differences = Vec::new();
        for (pair, histories) in pairs.iter().zip(&histories) {
            let Some(repository) = pair.new.or(pair.old) else {
                continue;
            };
            let stopped = histories
                .iter()
                .filter_map(|history| history.stopped(newest?, question.group_by))
                .map(What::Stopped);
            let found = pair.facts().into_iter().chain(stopped);
            let found = found.chain(pair.archives(question));
            differences.extend(found.map(|what| Difference { repository, what }));
        }
        Self {
            differences,
            problems: problems(&old_groups.problems, &new_groups.problems),
        }
    }
}

/// The problems of both, each once. Patterns that choose nothing of one of them
/// are no problem: that is a difference.
fn problems(old: &[Problem], new: &[Problem]) -> Vec<Problem> {
    let nothing = |problem: &Problem| problem.code == ProblemCode::NothingMatched;
    let both = old.iter().any(nothing) && new.iter().any(nothing);
    let mut problems: Vec<Problem> = Vec::new();
    for problem in old.iter().chain(new) {
        if (both || !nothing(problem)) && !problems.contains(problem) {
            problems.push(problem.clone());
        }
    }
    problems
}

impl<'a> Pair<'a> {
    /// What is different of the repository itself.
    fn facts(&self) -> Vec<What<'a>> {
        let (old, new) = match (self.old, self.new) {
            (Some(old), Some(new)) => (old, new),
            (None, _) => return vec![What::Appeared],
            (_, None) => return vec![What::Vanished],
        };
        let mut facts = Vec::new();
        if old.id != new.id {
            facts.push(What::IdChanged {
                before: old.id,
                after: new.id,
            });
        }
        if old.location != new.location {
            facts.push(What::LocationChanged {
                before: &old.location,
                after: &new.location,
            });
        }
        let (before, after) = (encryption(old), encryption(new));
        if before != after {
            facts.push(What::EncryptionChanged { before, after });
        }
        if old.generation != new.generation {
            facts.push(What::GenerationChanged {
                before: old.generation,
                after: new.generation,
            });
        }
        facts
    }

    /// The archives that came and went, by time.
    fn archives(&self, question: &Question) -> Vec<What<'a>> {
        let (Some(old), Some(new), true) = (self.old, self.new, self.is_same()) else {
            return Vec::new();
        };
        if !(old.listed && new.listed) {
            return Vec::new();
        }
        let only = |here: &'a Repository, there: &'a Repository| {
            let there = ids(there);
            let chosen = |archive: &&Archive| {
                question.judge(archive).left_out != Some(LeftOut::NotMatched)
                    && !there.contains(&archive.id)
            };
            here.archives.iter().filter(chosen).collect::<Vec<_>>()
        };
        let went = only(old, new).into_iter().map(|it| (it, What::Went(it)));
        let came = only(new, old).into_iter().map(|it| (it, What::Came(it)));
        let mut archives: Vec<_> = went.chain(came).collect();
        archives.sort_by_key(|(archive, _)| archive.time.instant);
        archives.into_iter().map(|(_, what)| what).collect()
    }
}

/// The ids of the archives.
fn ids(repository: &Repository) -> HashSet<Id> {
    let archives = repository.archives.iter();
    archives.map(|archive| archive.id).collect()
}

/// Mode or cipher, id hash and key file in one text.
fn encryption(repository: &Repository) -> String {
    let mut text = repository.encryption.to_display().into_owned();
    if let Some(hash) = &repository.id_hash {
        text.push_str(&format!(", id hash {}", hash.to_display()));
    }
    if let Some(path) = &repository.key_file {
        text.push_str(&format!(", key file {}", path.to_display()));
    }
    text
}

#[cfg(test)]
mod tests;
