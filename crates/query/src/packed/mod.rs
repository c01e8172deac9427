//! Packing: an inventory holds its archives in few bytes each.
//!
//! Who lists all archives of a repository, or asks what lies between them, needs
//! all of them, and there can be a million. Packed, an archive takes about 100
//! bytes; each is made again when it is asked for.

mod bytes;
mod fold;
mod listing;
mod record;

use std::collections::BTreeMap;

use borgq_json::Id;
use chrono::{DateTime, Utc};

use crate::answer::{Group, GroupBy, Key, LeftOut, Question};
use crate::model::{Archive, Inventory, Repository};
use crate::rules::Grouped;
use crate::sizes::Measures;
use crate::thin::{Tallies, Tally};
use bytes::{Blocks, Writer};
pub use fold::fold;
pub use listing::Listing;

/// The archives of a repository, packed and judged by a question.
#[derive(Clone, Debug)]
pub struct Packed {
    blocks: Blocks,
    /// By time; of equal times the one listed first comes first.
    heads: Vec<Head>,
    /// Which of them count, by the groups.
    groups: BTreeMap<Key, Vec<u32>>,
}

/// What is needed of an archive most often.
#[derive(Clone, Copy, Debug)]
struct Head {
    instant: DateTime<Utc>,
    left_out: Option<LeftOut>,
    /// Where the rest is.
    place: usize,
}

impl Packed {
    const fn new() -> Self {
        Self {
            blocks: Blocks::new(),
            heads: Vec::new(),
            groups: BTreeMap::new(),
        }
    }

    /// How many archives there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.heads.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// The archive of this number, oldest first, and why it does not count, if
    /// so.
    #[must_use]
    pub fn get(&self, number: usize) -> Option<(Archive, Option<LeftOut>)> {
        let head = self.heads.get(number)?;
        Some((self.archive(head), head.left_out))
    }

    /// Why the archive of this number does not count, if so.
    #[must_use]
    pub fn left_out(&self, number: usize) -> Option<LeftOut> {
        self.heads.get(number)?.left_out
    }

    fn archive(&self, head: &Head) -> Archive {
        record::read(head.instant, &mut self.blocks.reader(head.place))
    }

    fn ids(&self) -> impl Iterator<Item = Id> {
        let id = |head: &Head| record::read_id(&mut self.blocks.reader(head.place));
        self.heads.iter().map(id)
    }
}

/// The packed archives of a group that count, oldest first.
#[derive(Clone, Copy, Debug)]
pub struct Counted<'a> {
    packed: &'a Packed,
    numbers: &'a [u32],
}

impl<'a> Counted<'a> {
    /// How many they are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    fn head(&self, at: usize) -> Option<&'a Head> {
        self.packed.heads.get(*self.numbers.get(at)? as usize)
    }

    /// One of them.
    #[must_use]
    pub fn archive(&self, at: usize) -> Option<Archive> {
        self.head(at).map(|head| self.packed.archive(head))
    }

    /// The archive times.
    pub fn times(&self) -> impl Iterator<Item = DateTime<Utc>> + use<'a> {
        let packed = self.packed;
        let head = |number: &u32| packed.heads.get(*number as usize);
        let heads = self.numbers.iter().filter_map(head);
        heads.map(|head| head.instant)
    }

    /// What one of them measures.
    #[must_use]
    pub fn measures(&self, at: usize) -> Option<Measures> {
        let mut reader = self.packed.blocks.reader(self.head(at)?.place);
        let numbers = record::Numbers::read(&mut reader);
        Some(Measures::known(
            [
                numbers.original_size,
                numbers.compressed_size,
                numbers.deduplicated_size,
                numbers.files,
            ],
            numbers.duration,
        ))
    }
}

impl<'a> Group<'a> {
    /// The archives that count, if the inventory is [packed](Inventory::pack).
    #[must_use]
    pub fn packed(&self) -> Counted<'a> {
        let key = Key {
            name: self.name.clone(),
            rule: self.rule,
        };
        let packed = self.repository.packed();
        let numbers = packed.groups.get(&key);
        Counted {
            packed,
            numbers: numbers.map(Vec::as_slice).unwrap_or_default(),
        }
    }
}

/// Packs archives, one after another.
#[derive(Debug, Default)]
struct Packer {
    writer: Writer,
    heads: Vec<Head>,
}

impl Packer {
    fn push(&mut self, archive: &Archive) {
        record::write(archive, &mut self.writer);
        self.heads.push(Head {
            instant: archive.time.instant,
            left_out: archive.checkpoint.then_some(LeftOut::Checkpoint),
            place: self.writer.end(),
        });
    }

    /// All of them, as archives of `repository` judged by `question`.
    fn finish(self, question: &Question, repository: &Repository) -> (Packed, Tallies) {
        let mut packed = Packed {
            blocks: self.writer.finish(),
            ..Packed::new()
        };
        let mut heads = self.heads;
        heads.shrink_to_fit();
        // Stable: of archives with equal times the one listed last is the last.
        heads.sort_by_key(|head| head.instant);
        let chooses = !question.selection.archives.is_empty();
        let divides = question.group_by != GroupBy::Repository;
        let mut tallies = Tallies::default();
        let mut counts = BTreeMap::<_, Tally>::new();
        for (number, head) in (0..).zip(&mut heads) {
            let archive = (chooses || divides).then(|| packed.archive(head));
            head.left_out = match &archive {
                Some(archive) => question.judge(archive).left_out,
                None => question.reason(head.left_out.is_some(), head.instant),
            };
            if head.left_out == Some(LeftOut::NotMatched) {
                tallies.not_matched += 1;
                continue;
            }
            let group_by = question.group_by;
            let Grouped { name, rule, lacks } =
                group_by.group(archive.as_ref(), repository.generation);
            if let Some(lacks) = lacks {
                *tallies.lacking.entry(lacks).or_default() += 1;
            }
            let key = Key { name, rule };
            counts.entry(key.clone()).or_default().count(head.left_out);
            let numbers = packed.groups.entry(key).or_default();
            if head.left_out.is_none() {
                numbers.push(number);
            }
        }
        packed.heads = heads;
        tallies.groups = counts.into_iter().collect();
        (packed, tallies)
    }
}

impl Inventory {
    /// Packs the archives of all repositories, judged by a question and grouped
    /// as it says; its rules are not asked. `prepare` may change an archive
    /// before that.
    ///
    /// The [groups](Question::groups) of a packed inventory have the counts, and
    /// [`Group::packed`] in place of the archives. Documents about the same
    /// repositories must not be added any more, and other questions must not be
    /// asked.
    pub fn pack(&mut self, question: &Question, prepare: &dyn Fn(&mut Archive)) {
        for repository in &mut self.repositories {
            if repository.thinned.is_none() {
                let mut packer = Packer::default();
                repository.pack_into(&mut packer, prepare);
                repository.pack(packer, question);
            }
        }
    }
}

impl Repository {
    /// The packed archives: none, if the inventory is not packed.
    #[must_use]
    pub fn packed(&self) -> &Packed {
        static NONE: Packed = Packed::new();
        self.packed.as_deref().unwrap_or(&NONE)
    }

    /// The ids of all archives.
    pub(crate) fn ids(&self) -> impl Iterator<Item = Id> {
        let archives = self.archives.iter().map(|archive| archive.id);
        archives.chain(self.packed().ids())
    }

    fn pack_into(&mut self, packer: &mut Packer, prepare: &dyn Fn(&mut Archive)) {
        self.known = Default::default();
        for mut archive in std::mem::take(&mut self.archives) {
            prepare(&mut archive);
            packer.push(&archive);
        }
    }

    fn pack(&mut self, packer: Packer, question: &Question) {
        let (packed, tallies) = packer.finish(question, self);
        self.packed = Some(Box::new(packed));
        self.thinned = Some(tallies);
    }
}

#[cfg(test)]
mod tests;
