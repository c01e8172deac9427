//! Answers: which archives count, in which groups, and which of them is the last.

use std::collections::BTreeMap;
use std::fmt;

use borgq_json::Generation;
use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{Archive, Inventory, Problem, ProblemCode, Repository};
use crate::rules::{Governing, Grouped, Rules};
use crate::selection::Selection;
use crate::thin::Tally;

/// What belongs together and needs a backup of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum GroupBy {
    /// All archives of a repository.
    #[default]
    Repository,
    /// The archives of one series in a repository.
    Series,
    /// The archives that one host made in a repository.
    Host,
    /// The archives that one user made in a repository.
    User,
    /// What `borg prune` takes together unless it is told otherwise: all archives
    /// of a repository; in borg 2.0 that prints `time` those of one name and host.
    Prune,
}

/// A question about an inventory.
#[derive(Clone, Debug)]
pub struct Question {
    /// The present time, or another one to look back from.
    pub now: DateTime<Utc>,
    /// How far a clock may be ahead. An archive later than `now` and this
    /// proves nothing.
    pub clock_skew: TimeDelta,
    /// Which repositories and archives are asked about.
    pub selection: Selection,
    /// What belongs together.
    pub group_by: GroupBy,
    /// Rules that govern archives. What they govern has groups of its own.
    pub rules: Rules,
}

/// What tells a group from the others of its repository.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) name: Option<String>,
    /// The number of the rule.
    pub(crate) rule: Option<usize>,
}

/// Why an archive does not count as a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LeftOut {
    /// The patterns did not choose it.
    NotMatched,
    /// It is a checkpoint of borg 1.x: an interrupted run.
    Checkpoint,
    /// Its time is later than now, so it proves no age.
    Future,
}

impl LeftOut {
    /// The name in output, for instance `not-matched`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotMatched => "not-matched",
            Self::Checkpoint => "checkpoint",
            Self::Future => "future",
        }
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An archive, and whether it counts.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// The archive.
    pub archive: &'a Archive,
    /// Why it does not count, if so.
    pub left_out: Option<LeftOut>,
}

/// Archives of a repository that belong together.
#[derive(Clone, Debug)]
pub struct Group<'a> {
    /// The repository.
    pub repository: &'a Repository,
    /// The series, host or user. `None` if the group is the whole repository,
    /// or if the documents do not say it.
    pub name: Option<String>,
    /// The number of the rule that governs it, if one does.
    pub rule: Option<usize>,
    /// The archives that the patterns chose, oldest first. Of a
    /// [thinned](Inventory::thin) inventory the ends only.
    pub archives: Vec<Judged<'a>>,
    /// How many archives the patterns chose.
    pub tally: Tally,
    /// How many archives of the repository the patterns did not choose.
    pub not_matched: usize,
}

impl<'a> Group<'a> {
    /// The archives that count: complete, chosen and not in the future.
    pub fn counted(&self) -> impl DoubleEndedIterator<Item = &'a Archive> {
        let counts = |judged: &&Judged<'_>| judged.left_out.is_none();
        self.archives
            .iter()
            .filter(counts)
            .map(|judged| judged.archive)
    }

    /// The newest archive that counts.
    #[must_use]
    pub fn last(&self) -> Option<&'a Archive> {
        self.counted().next_back()
    }
}

/// The age of an archive at `now`. It is never negative: a clock that is a
/// little ahead makes an archive of now.
///
/// In a repeated hour it is the older of the two ages.
#[must_use]
pub fn age(archive: &Archive, now: DateTime<Utc>) -> TimeDelta {
    (now - archive.time.instant).max(TimeDelta::zero())
}

/// The groups that a question is about, and what keeps the answer from being
/// complete.
#[derive(Clone, Debug)]
pub struct Groups<'a> {
    /// The groups, by repository in the order of the input, then by name.
    pub groups: Vec<Group<'a>>,
    /// Problems of the question. Those of the inventory stay there.
    pub problems: Vec<Problem>,
}

impl Question {
    /// Whether an archive counts. Not being chosen comes before every other reason.
    #[must_use]
    pub fn judge<'a>(&self, archive: &'a Archive) -> Judged<'a> {
        let left_out = if !self.selection.has_archive(archive) {
            Some(LeftOut::NotMatched)
        } else {
            self.reason(archive.checkpoint, archive.time.instant)
        };
        Judged { archive, left_out }
    }

    /// Why a chosen archive does not count, if so.
    pub(crate) fn reason(&self, checkpoint: bool, time: DateTime<Utc>) -> Option<LeftOut> {
        if checkpoint {
            Some(LeftOut::Checkpoint)
        } else if time - self.now > self.clock_skew {
            Some(LeftOut::Future)
        } else {
            None
        }
    }

    /// The repositories that the question is about.
    ///
    /// If there are repositories and none is chosen, that is a problem.
    #[must_use]
    pub fn repositories<'a>(
        &self,
        inventory: &'a Inventory,
    ) -> (Vec<&'a Repository>, Option<Problem>) {
        let chosen = |repository: &&Repository| self.selection.has_repository(repository);
        // At once: there can be ten thousand.
        let mut repositories = Vec::with_capacity(inventory.repositories.len());
        repositories.extend(inventory.repositories.iter().filter(chosen));
        let problem = (repositories.is_empty() && !inventory.repositories.is_empty()).then(|| {
            let read = inventory.repositories.len();
            let text = format!("none of the repositories matches ({read} were read)");
            Problem::new(ProblemCode::NothingMatched, text)
        });
        (repositories, problem)
    }

    /// Puts the archives of the chosen repositories into groups.
    ///
    /// A repository about whose archives nothing is known has no group and is a
    /// problem. One without archives has one group without archives.
    #[must_use]
    pub fn groups<'a>(&self, inventory: &'a Inventory) -> Groups<'a> {
        let (repositories, problem) = self.repositories(inventory);
        let mut answer = Groups {
            groups: Vec::new(),
            problems: problem.into_iter().collect(),
        };
        answer.problems.extend(self.selection.ambiguous(inventory));
        answer.problems.extend(self.rules.ambiguous(inventory));
        for repository in repositories {
            if !repository.listed {
                let text = format!(
                    "nothing is known about the archives of {}: repo-info does not list them, \
                     add the output of borg list or borg repo-list",
                    repository.location.to_display()
                );
                let problem = Problem::new(ProblemCode::NoArchiveList, text);
                answer.problems.push(problem);
                continue;
            }
            self.group(repository, &mut answer);
        }
        answer
    }

    fn group<'a>(&self, repository: &'a Repository, answer: &mut Groups<'a>) {
        let sorted = self.sorted(repository);
        for (noun, archives) in &sorted.lacking {
            let text = format!(
                "the input does not say the {noun} of {archives} archives in {}: \
                 use borg info, or list with --format",
                repository.location.to_display()
            );
            let problem = Problem::new(ProblemCode::NoGroup, text);
            answer.problems.push(problem);
        }
        for (Key { name, rule }, Part { archives, tally }) in sorted.groups {
            answer.groups.push(Group {
                repository,
                name,
                rule,
                archives,
                tally,
                not_matched: sorted.not_matched,
            });
        }
    }

    /// The chosen archives by group, at least one group, and how many they are.
    pub(crate) fn sorted<'a>(&self, repository: &'a Repository) -> Sorted<'a> {
        let mut sorted = Sorted::default();
        let mut governing = Governing::new(&self.rules, self.group_by, repository);
        for archive in &repository.archives {
            let judged = self.judge(archive);
            if judged.left_out == Some(LeftOut::NotMatched) {
                sorted.not_matched += 1;
                continue;
            }
            let Grouped { name, rule, lacks } = governing.group(archive);
            if let Some(lacks) = lacks {
                *sorted.lacking.entry(lacks).or_default() += 1;
            }
            let part = sorted.groups.entry(Key { name, rule }).or_default();
            part.tally.count(judged.left_out);
            part.archives.push(judged);
        }
        if let Some(thinned) = &repository.thinned {
            sorted.not_matched = thinned.not_matched;
            sorted.lacking.clone_from(&thinned.lacking);
            for (key, tally) in &thinned.groups {
                sorted.groups.entry(key.clone()).or_default().tally = *tally;
            }
        }
        if sorted.groups.is_empty() {
            let whole = Key {
                name: None,
                rule: governing.whole(),
            };
            sorted.groups.insert(whole, Part::default());
        }
        for part in sorted.groups.values_mut() {
            // Stable: of archives with equal times the one listed last is the last.
            part.archives
                .sort_by_key(|judged| judged.archive.time.instant);
        }
        sorted
    }
}

/// The chosen archives of a repository by group.
#[derive(Default)]
pub(crate) struct Sorted<'a> {
    pub(crate) groups: BTreeMap<Key, Part<'a>>,
    /// Archives that the patterns did not choose.
    pub(crate) not_matched: usize,
    /// Archives of which something is not known that their group needs: what,
    /// and how many they are.
    pub(crate) lacking: BTreeMap<&'static str, usize>,
}

/// The archives of a group, oldest first, and how many they are: more, if the
/// inventory is thinned.
#[derive(Default)]
pub(crate) struct Part<'a> {
    pub(crate) archives: Vec<Judged<'a>>,
    pub(crate) tally: Tally,
}

impl GroupBy {
    /// What a group is named by: `repository`, `series`, `host` or `user`.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Repository => "repository",
            Self::Series => "series",
            Self::Host => "host",
            Self::User => "user",
            Self::Prune => "host",
        }
    }

    /// The noun for so many groups, for instance `hosts` or `repositories`.
    #[must_use]
    pub const fn noun_for(self, count: usize) -> &'static str {
        match self {
            _ if count == 1 => self.noun(),
            Self::Repository => "repositories",
            Self::Series => "series",
            Self::Host => "hosts",
            Self::User => "users",
            Self::Prune => "groups",
        }
    }

    /// Whether a repository of this generation can have several groups.
    pub(crate) fn splits(self, generation: Generation) -> bool {
        match self {
            Self::Repository => false,
            Self::Series | Self::Host | Self::User => true,
            Self::Prune => generation == Generation::V2,
        }
    }

    pub(crate) fn name_of(self, archive: &Archive, generation: Generation) -> Option<String> {
        match self {
            Self::Repository => None,
            Self::Series => Some(archive.series.clone()),
            Self::Host => archive
                .host
                .as_ref()
                .map(|host| host.to_display().into_owned()),
            Self::User => archive
                .user
                .as_ref()
                .map(|user| user.to_display().into_owned()),
            Self::Prune if self.splits(generation) => archive
                .host
                .as_ref()
                .map(|host| format!("{}@{}", archive.name.to_display(), host.to_display())),
            Self::Prune => None,
        }
    }
}

/// A repository in numbers.
#[derive(Clone, Copy, Debug)]
pub struct Summary<'a> {
    /// The repository.
    pub repository: &'a Repository,
    /// How many archives the patterns choose.
    pub archives: usize,
    /// How many of them count: complete and not in the future.
    pub complete: usize,
    /// The oldest archive that counts.
    pub oldest: Option<&'a Archive>,
    /// The newest archive that counts.
    pub newest: Option<&'a Archive>,
}

impl Question {
    /// The chosen repositories in numbers.
    #[must_use]
    pub fn summaries<'a>(&self, inventory: &'a Inventory) -> (Vec<Summary<'a>>, Option<Problem>) {
        let (repositories, problem) = self.repositories(inventory);
        let summaries = repositories.into_iter().map(|repository| {
            let sorted = self.sorted(repository);
            let parts = || sorted.groups.values();
            let mut counted: Vec<_> = parts()
                .flat_map(|part| &part.archives)
                .filter(|judged| judged.left_out.is_none())
                .map(|judged| judged.archive)
                .collect();
            counted.sort_by_key(|archive| archive.time.instant);
            Summary {
                repository,
                archives: parts().map(|part| part.tally.all()).sum(),
                complete: parts().map(|part| part.tally.complete).sum(),
                oldest: counted.first().copied(),
                newest: counted.last().copied(),
            }
        });
        (summaries.collect(), problem)
    }
}

#[cfg(test)]
mod tests;
