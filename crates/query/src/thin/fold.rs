//! [`fold()`]: a thinned inventory, made while the documents are read.

use std::collections::{BTreeMap, HashMap};
use std::io;

use borgq_json::fold::{Fold, Glimpse, Keep, NotFolded, Source};
use borgq_json::{Document, Id, Timestamp};
use chrono::{DateTime, Utc};

use super::{Tallies, Tally};
use crate::answer::{GroupBy, Key, LeftOut, Question};
use crate::checkpoint::{ends_as_checkpoint, is_checkpoint};
use crate::folded::{Folded, Ids};
use crate::model::{Inventory, Repository};
use crate::moment::{Moments, Zone};
use crate::rules::{Governing, Grouped};
use crate::series::series_of;

/// Reads documents into an inventory that is [thinned](Inventory::thin) for
/// `question`, in memory that does not grow with the archives but by six
/// bytes each.
///
/// `None` if the input is not plain enough for that: other output among the
/// documents, something broken, a time that means no instant, a repository or
/// an archive that stands there twice; or if the question chooses archives by
/// patterns, or groups them by user or as prune does. Then read it with
/// [`borgq_json::read()`], which says what is wrong with it if anything is.
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
    if matches!(question.group_by, GroupBy::User | GroupBy::Prune)
        || !question.selection.archives.is_empty()
    {
        return Ok(None);
    }
    let mut thinner = Thinner {
        question,
        latest: question.now + question.clock_skew,
        name,
        moments: Moments::new(zone),
        by_host: question.group_by == GroupBy::Host || question.rules.divide(),
        by_series: question.group_by == GroupBy::Series || question.rules.divide(),
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
    question: &'a Question,
    /// An archive with a later time is in the future.
    latest: DateTime<Utc>,
    name: &'a str,
    moments: Moments<'a>,
    /// What the groups may depend on. Which rules govern the repository, and so
    /// whether they do, is known at the end of the document only.
    by_host: bool,
    by_series: bool,
    archives: Archives,
    inventory: Inventory,
    in_array: bool,
}

/// What is known of the archives of one document.
#[derive(Default)]
struct Archives {
    cells: Vec<Cell>,
    /// Where the cell of a host and a series is.
    places: HashMap<Vec<u8>, usize>,
    /// The key that is looked for, in memory that is used again.
    key: Vec<u8>,
    ids: Ids,
}

/// The archives of one host and one series, as far as that matters: all of them
/// are in one group.
struct Cell {
    tally: Tally,
    oldest: Option<DateTime<Utc>>,
    newest: Option<DateTime<Utc>>,
    /// An archive that is kept.
    sample: Id,
}

impl Thinner<'_> {
    fn instant(&mut self, time: &Timestamp) -> Result<DateTime<Utc>, NotFolded> {
        let moment = self.moments.of(time).map_err(|_| NotFolded)?;
        Ok(moment.instant)
    }

    /// The place of the cell among the cells.
    fn cell(&mut self, archive: &Glimpse<'_>, clock_reading: bool) -> Result<usize, NotFolded> {
        let Archives {
            cells, places, key, ..
        } = &mut self.archives;
        let mut at = 0;
        if self.by_host || self.by_series {
            key.clear();
            if self.by_host {
                if archive.host_base64.is_some() {
                    return Err(NotFolded);
                }
                match &archive.host {
                    Some(host) => key.extend_from_slice(host),
                    None => key.push(NO_HOST),
                }
                key.push(END_OF_HOST);
            }
            if self.by_series {
                let name = archive.exact_name.as_ref().unwrap_or(&archive.name);
                let name = std::str::from_utf8(name).map_err(|_| NotFolded)?;
                let series = series_of(name, clock_reading && is_checkpoint(name));
                key.extend_from_slice(series.as_bytes());
            }
            at = match places.get(key.as_slice()) {
                Some(at) => *at,
                None => {
                    places.insert(key.clone(), cells.len());
                    cells.len()
                }
            };
        }
        if cells.len() <= at {
            cells.push(Cell {
                tally: Tally::default(),
                oldest: None,
                newest: None,
                sample: archive.id,
            });
        }
        Ok(at)
    }
}

/// Bytes that no text holds.
const NO_HOST: u8 = 0xfe;
const END_OF_HOST: u8 = 0xff;

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
        self.archives.ids.push(&archive.id);
        let at = self.cell(archive, clock_reading)?;
        let cell = self.archives.cells.get_mut(at).ok_or(NotFolded)?;
        // One archive at least: the document shows its generation by it, and the
        // cell its group.
        let first = cell.tally == Tally::default();
        cell.tally.count(left_out);
        if left_out.is_none() {
            if cell.oldest.is_none_or(|oldest| instant < oldest) {
                cell.oldest = Some(instant);
                cell.sample = archive.id;
                keep.put(2 * at);
            }
            // Of archives with equal times the one listed last is the last.
            if cell.newest.is_none_or(|newest| instant >= newest) {
                cell.newest = Some(instant);
                keep.put(2 * at + 1);
            }
        } else if first {
            keep.put(2 * at);
        }
        Ok(())
    }

    fn document(&mut self, document: Document, in_array: bool) -> Result<(), NotFolded> {
        self.in_array |= in_array;
        let Archives { cells, ids, .. } = std::mem::take(&mut self.archives);
        ids.differ()?;
        let zone = self.moments.zone();
        let repository = self.inventory.add_folded(document, self.name, zone)?;
        // A document of one archive, of a run, is not looked at in parts.
        if !cells.is_empty() {
            repository.known = Default::default();
            repository.thinned = Some(self.question.tallies(repository, &cells)?);
        }
        Ok(())
    }
}

impl Question {
    /// How many archives the groups have, of which the cells are parts.
    fn tallies(&self, repository: &Repository, cells: &[Cell]) -> Result<Tallies, NotFolded> {
        let mut governing = Governing::new(&self.rules, self.group_by, repository);
        let archives = repository.archives.iter();
        let by_id: HashMap<_, _> = archives.map(|archive| (archive.id, archive)).collect();
        let mut groups = BTreeMap::<_, Tally>::new();
        let mut lacking = BTreeMap::new();
        for cell in cells {
            let sample = by_id.get(&cell.sample).ok_or(NotFolded)?;
            let Grouped { name, rule, lacks } = governing.group(sample);
            if let Some(lacks) = lacks {
                *lacking.entry(lacks).or_default() += cell.tally.all();
            }
            groups
                .entry(Key { name, rule })
                .or_default()
                .add(cell.tally);
        }
        Ok(Tallies {
            groups: groups.into_iter().collect(),
            not_matched: 0,
            lacking,
        })
    }
}
