//! Thinning: an inventory keeps only the archives that an answer shows.
//!
//! Who asks for the last backup of each group, how many there are and how old
//! the oldest is, needs two archives of each group and a count. A repository
//! can have a million, and there can be ten thousand repositories.

mod fold;

use std::collections::BTreeMap;

pub use fold::fold;

use crate::answer::{Judged, Key, LeftOut, Question, Sorted};
use crate::model::{Inventory, Repository};

/// How many archives a group has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Those that count.
    pub complete: usize,
    /// Those that are left out because they are checkpoints.
    pub checkpoints: usize,
    /// Those that are left out because they are dated in the future.
    pub future: usize,
}

impl Tally {
    /// All of them.
    #[must_use]
    pub const fn all(&self) -> usize {
        self.complete + self.checkpoints + self.future
    }
}

/// What was read of a repository that was thinned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tallies {
    /// How many archives the groups have, each group once.
    pub(crate) groups: Vec<(Key, Tally)>,
    /// Archives that the patterns did not choose.
    pub(crate) not_matched: usize,
    /// Archives of which something is not known that their group needs: what,
    /// and how many they are.
    pub(crate) lacking: BTreeMap<&'static str, usize>,
}

impl Tally {
    const fn add(&mut self, other: Self) {
        self.complete += other.complete;
        self.checkpoints += other.checkpoints;
        self.future += other.future;
    }

    pub(crate) const fn count(&mut self, left_out: Option<LeftOut>) {
        match left_out {
            None => self.complete += 1,
            Some(LeftOut::Checkpoint) => self.checkpoints += 1,
            Some(LeftOut::Future) => self.future += 1,
            Some(LeftOut::NotMatched) => {}
        }
    }
}

impl Inventory {
    /// Drops the archives that no answer to `question` shows that is about the
    /// newest and the oldest archives and their number.
    ///
    /// Such answers stay the same. Documents about the same repositories must
    /// not be added any more, and other questions must not be asked.
    pub fn thin(&mut self, question: &Question) {
        self.repositories
            .iter_mut()
            .for_each(|repository| repository.thin(question));
    }

    /// Takes over what another inventory holds, which knows none of the same
    /// repositories.
    pub fn append(&mut self, other: Self) {
        self.repositories.extend(other.repositories);
        self.problems.extend(other.problems);
        self.inputs.extend(other.inputs);
        if let Some(checks) = other.checks {
            self.checks.get_or_insert_default().extend(checks);
        }
    }
}

impl Repository {
    fn thin(&mut self, question: &Question) {
        if self.thinned.is_some() {
            return;
        }
        let Sorted {
            groups,
            not_matched,
            lacking,
        } = question.sorted(self);
        // Which rules an archive matches depends on its host and its series.
        let divide = question.rules.divide();
        let mut kept = Vec::new();
        for part in groups.values() {
            let mut cells = BTreeMap::new();
            for Judged { archive, left_out } in &part.archives {
                let cell = divide.then_some((&archive.host, &archive.series));
                let ends = cells.entry(cell).or_insert((*left_out, [archive.id; 2]));
                match (&ends, left_out) {
                    ((Some(_), _), None) => *ends = (None, [archive.id; 2]),
                    ((None, [oldest, _]), None) => *ends = (None, [*oldest, archive.id]),
                    (_, Some(_)) => {}
                }
            }
            kept.extend(cells.into_values().flat_map(|(_, ends)| ends));
        }
        let groups = groups.into_iter();
        let thinned = Tallies {
            groups: groups.map(|(key, part)| (key, part.tally)).collect(),
            not_matched,
            lacking,
        };
        kept.sort_unstable();
        self.archives
            .retain(|archive| kept.binary_search(&archive.id).is_ok());
        self.archives.shrink_to_fit();
        self.known = Default::default();
        self.thinned = Some(thinned);
    }
}
