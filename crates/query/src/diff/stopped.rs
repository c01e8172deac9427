//! Which groups have no new archive while others have.

use std::collections::HashMap;

use borgq_json::{Id, Text};
use chrono::{DateTime, TimeDelta, Utc};

use super::ids;
use super::pairs::Pair;
use crate::answer::{Group, GroupBy};
use crate::gaps::Gaps;
use crate::model::{Archive, Repository};

/// A group that has no new archive.
#[derive(Clone, Debug)]
pub struct Stopped<'a> {
    /// The series, host or user; `None` if the group is the whole repository.
    pub group: Option<String>,
    /// Its last archive.
    pub last: &'a Archive,
    /// How long that is before the newest archive of the groups that went on.
    pub silence: TimeDelta,
    /// The median of its intervals in the old inventory: the silence of a weekly
    /// series over a day means nothing.
    pub usual: Option<TimeDelta>,
}

/// A group in both inventories.
pub(super) struct History<'a> {
    name: Option<String>,
    /// The archives that count in the old inventory, oldest first.
    old: Vec<&'a Archive>,
    /// The newest archive that counts, is new, and later than the old ones.
    fresh: Option<&'a Archive>,
    /// How many archives there are in both together.
    count: usize,
    usual: Option<TimeDelta>,
}

/// The groups of an inventory, by the id and location of their repository.
pub(super) type Groups<'g, 'a> = HashMap<(Id, &'a Text), Vec<&'g Group<'a>>>;

/// Puts groups in order.
pub(super) fn by_repository<'g, 'a>(groups: &'g [Group<'a>]) -> Groups<'g, 'a> {
    let mut by_repository = Groups::new();
    for group in groups {
        let key = key(group.repository);
        by_repository.entry(key).or_default().push(group);
    }
    by_repository
}

fn key(repository: &Repository) -> (Id, &Text) {
    (repository.id, &repository.location)
}

/// The groups of a repository that is in both inventories.
pub(super) fn histories<'a>(
    pair: &Pair<'a>,
    old: &Groups<'_, 'a>,
    new: &Groups<'_, 'a>,
    now: DateTime<Utc>,
) -> Vec<History<'a>> {
    let (Some(before), Some(after), true) = (pair.old, pair.new, pair.is_same()) else {
        return Vec::new();
    };
    let mut groups: Vec<(&Option<String>, [Option<&Group<'a>>; 2])> = Vec::new();
    let mut index = HashMap::new();
    for (side, here) in [(0, old.get(&key(before))), (1, new.get(&key(after)))] {
        for group in here.into_iter().flatten() {
            let at = *index.entry(&group.name).or_insert_with(|| {
                groups.push((&group.name, [None; 2]));
                groups.len() - 1
            });
            if let Some(place) = groups.get_mut(at).and_then(|(_, it)| it.get_mut(side)) {
                *place = Some(group);
            }
        }
    }
    let known = ids(before);
    let history = |(name, [old, new]): (&Option<String>, [Option<&Group<'a>>; 2])| {
        let counted = |group: Option<&Group<'a>>| -> Vec<&'a Archive> {
            group
                .map(|group| group.counted().collect())
                .unwrap_or_default()
        };
        let (archives, candidates) = (counted(old), counted(new));
        let last = archives.last().map(|last| last.time.instant);
        let is_new = |archive: &&Archive| !known.contains(&archive.id);
        let fresh: Vec<_> = candidates.into_iter().filter(is_new).collect();
        History {
            name: name.clone(),
            count: archives.len() + fresh.len(),
            fresh: fresh
                .into_iter()
                .rfind(|archive| last.is_none_or(|last| archive.time.instant > last)),
            usual: old.and_then(|group| {
                let times = group.counted().map(|archive| archive.time.instant);
                Gaps::of(times, now, None).median()
            }),
            old: archives,
        }
    };
    groups.into_iter().map(history).collect()
}

impl<'a> History<'a> {
    /// When the group had a new archive, if it has one.
    pub(super) fn went_on(&self) -> Option<DateTime<Utc>> {
        self.fresh.map(|fresh| fresh.time.instant)
    }

    /// What is said of this group, if it stopped while another went on until
    /// `newest`.
    pub(super) fn stopped(&self, newest: DateTime<Utc>, group_by: GroupBy) -> Option<Stopped<'a>> {
        let last = *self.old.last()?;
        let silence = newest - last.time.instant;
        let made_once = group_by == GroupBy::Series
            && self.count == 1
            && last.name.to_display() == last.series.as_str();
        let stopped = self.fresh.is_none() && !made_once && silence > TimeDelta::zero();
        stopped.then(|| Stopped {
            group: self.name.clone(),
            last,
            silence,
            usual: self.usual,
        })
    }
}
