//! [`fold()`]: a thinned inventory, made while the documents are read.

use std::collections::HashMap;
use std::io;

use borgq_json::fold::{Fold, Glimpse, Keep, NotFolded, Source};
use borgq_json::{Document, Timestamp};
use chrono::{DateTime, Utc};

use super::{Tallies, Tally};
use crate::answer::{GroupBy, Key, LeftOut, Question};
use crate::checkpoint::{ends_as_checkpoint, is_checkpoint};
use crate::model::Inventory;
use crate::moment::{Moments, Zone};
use crate::rules::{Governing, Rules};
use crate::series::series_of;

/// What was read, if it could be folded.
#[derive(Debug)]
pub struct Folded {
    /// The thinned inventory. No document must be added to it.
    pub inventory: Inventory,
    /// Whether a document stood in an array, as borgmatic prints it.
    pub in_array: bool,
}

/// Reads documents into an inventory that is [thinned](Inventory::thin) for
/// `question`, in memory that does not grow with the archives but by six
/// bytes each.
///
/// `None` if the input is not plain enough for that: other output among the
/// documents, something broken, a time that means no instant, a repository or
/// an archive that stands there twice; or if the question chooses archives by
/// patterns, or groups them by anything but repository and series, as rules
/// can. Then read it with [`borgq_json::read()`], which says what is wrong with
/// it if anything is.
///
/// `name` names the input in problems; clock readings are taken in `zone`;
/// `buffer` holds a part of what is read piece by piece, and can be used again
/// for another input.
///
/// # Errors
///
/// Those of the reader.
pub fn fold<'a>(
    source: impl Into<Source<'a>>,
    buffer: &mut Vec<u8>,
    question: &Question,
    name: &str,
    zone: &dyn Zone,
) -> io::Result<Option<Folded>> {
    let by_series = match question.group_by {
        GroupBy::Repository => false,
        GroupBy::Series => true,
        GroupBy::Host | GroupBy::User | GroupBy::Prune => return Ok(None),
    };
    if !question.selection.archives.is_empty() || question.rules.divide_all() {
        return Ok(None);
    }
    let mut thinner = Thinner {
        latest: question.now + question.clock_skew,
        name,
        moments: Moments::new(zone),
        by_series,
        rules: &question.rules,
        archives: Archives::default(),
        inventory: Inventory::default(),
        in_array: false,
    };
    let folded = borgq_json::fold::fold(source, buffer, &mut thinner)?;
    Ok(folded.ok().map(|()| Folded {
        inventory: thinner.inventory,
        in_array: thinner.in_array,
    }))
}

struct Thinner<'a> {
    /// An archive with a later time is in the future.
    latest: DateTime<Utc>,
    name: &'a str,
    moments: Moments<'a>,
    by_series: bool,
    rules: &'a Rules,
    archives: Archives,
    inventory: Inventory,
    in_array: bool,
}

/// What is known of the archives of one document.
#[derive(Default)]
struct Archives {
    groups: Vec<Group>,
    /// The groups by series.
    series: HashMap<String, usize>,
    /// A part of each id. Ids are hashes: where all parts differ, all ids do.
    ids: Vec<[u8; 6]>,
}

/// A group in the making.
#[derive(Default)]
struct Group {
    tally: Tally,
    oldest: Option<DateTime<Utc>>,
    newest: Option<DateTime<Utc>>,
}

impl Thinner<'_> {
    fn instant(&mut self, time: &Timestamp) -> Result<DateTime<Utc>, NotFolded> {
        let moment = self.moments.of(time).map_err(|_| NotFolded)?;
        Ok(moment.instant)
    }

    /// The place of the group among the groups.
    fn group(&mut self, archive: &Glimpse<'_>, clock_reading: bool) -> Result<usize, NotFolded> {
        let Archives { groups, series, .. } = &mut self.archives;
        let at = if self.by_series {
            let name = archive.exact_name.as_ref().unwrap_or(&archive.name);
            let name = std::str::from_utf8(name).map_err(|_| NotFolded)?;
            let name = series_of(name, clock_reading && is_checkpoint(name));
            match series.get(name.as_ref()) {
                Some(at) => *at,
                None => {
                    series.insert(name.into_owned(), groups.len());
                    groups.len()
                }
            }
        } else {
            0
        };
        if groups.len() <= at {
            groups.push(Group::default());
        }
        Ok(at)
    }
}

impl Fold for Thinner<'_> {
    fn archive(&mut self, archive: &Glimpse<'_>, keep: &mut Keep<'_>) -> Result<(), NotFolded> {
        let instant = self.instant(&archive.time)?;
        let others = archive.other_times.iter().flatten();
        for time in others.filter(|time| **time != archive.time) {
            self.instant(time)?;
        }
        // borg 1.x alone has checkpoints, and alone prints clock readings.
        let clock_reading = archive.time.is_reading();
        let mut names = std::iter::once(&archive.name).chain(&archive.exact_name);
        let left_out = if clock_reading && names.any(|name| ends_as_checkpoint(name)) {
            Some(LeftOut::Checkpoint)
        } else if instant > self.latest {
            Some(LeftOut::Future)
        } else {
            None
        };
        if self.archives.ids.is_empty() {
            self.archives.ids.reserve(64);
            // One archive at least, so that the document shows its generation.
            if left_out.is_some() {
                keep.put(0);
            }
        }
        let [a, b, c, d, e, f, ..] = *archive.id.as_bytes();
        self.archives.ids.push([a, b, c, d, e, f]);
        let at = self.group(archive, clock_reading)?;
        let group = self.archives.groups.get_mut(at).ok_or(NotFolded)?;
        group.tally.count(left_out);
        if left_out.is_none() {
            if group.oldest.is_none_or(|oldest| instant < oldest) {
                group.oldest = Some(instant);
                keep.put(2 * at + 1);
            }
            // Of archives with equal times the one listed last is the last.
            if group.newest.is_none_or(|newest| instant >= newest) {
                group.newest = Some(instant);
                keep.put(2 * at + 2);
            }
        }
        Ok(())
    }

    fn document(&mut self, document: Document, in_array: bool) -> Result<(), NotFolded> {
        self.in_array |= in_array;
        let Archives {
            groups,
            series,
            mut ids,
        } = std::mem::take(&mut self.archives);
        ids.sort_unstable();
        let twice = |pair: &[[u8; 6]]| matches!(pair, [one, next] if one == next);
        if ids.windows(2).any(twice) {
            return Err(NotFolded);
        }
        let known = self.inventory.repositories.len();
        self.inventory.add(document, self.name, self.moments.zone());
        // It must be a repository that was not known, and a document without
        // fault, to be known from two archives.
        let repositories = self.inventory.repositories.get_mut(known..);
        let Some([repository]) = repositories else {
            return Err(NotFolded);
        };
        let mut names: Vec<_> = groups.iter().map(|_| None).collect();
        for (name, at) in series {
            if let Some(place) = names.get_mut(at) {
                *place = Some(name);
            }
        }
        // A document of one archive, of a run, is not looked at in parts.
        if !groups.is_empty() {
            repository.known = Default::default();
            let tallies = groups.iter().map(|group| group.tally);
            let governing = Governing::new(self.rules, GroupBy::Repository, repository);
            if governing.divides() {
                return Err(NotFolded);
            }
            let rule = governing.whole();
            let keys = names.into_iter().map(|name| Key { name, rule });
            repository.thinned = Some(Tallies {
                groups: keys.zip(tallies).collect(),
                ..Tallies::default()
            });
        }
        Ok(())
    }
}
