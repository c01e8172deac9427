//! [`fold()`]: a packed inventory, made while the documents are read.

use std::io;

use borgq_json::Document;
use borgq_json::fold::{Fold, Glimpse, Keep, NotFolded, Source, Whole};

use super::Packer;
use crate::answer::Question;
use crate::model::{Archive, Inventory};
use crate::moment::{Moments, Zone};
use crate::normalize::{info_archive, list_archive};
use crate::thin::Folded;

/// Reads documents into an inventory that is [packed](Inventory::pack) for
/// `question`, each archive changed by `prepare` before.
///
/// `None` if the input is not plain enough for that: other output among the
/// documents, something broken, a time that means no instant, a repository or
/// an archive that stands there twice. Then read it with [`borgq_json::read()`],
/// which says what is wrong with it if anything is.
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
    prepare: &dyn Fn(&mut Archive),
    name: &str,
    zone: &dyn Zone,
) -> io::Result<Option<Folded>> {
    let mut folder = Folder {
        question,
        prepare,
        name,
        moments: Moments::new(zone),
        packer: Packer::default(),
        ids: Vec::new(),
        inventory: Inventory::default(),
        in_array: false,
    };
    let folded = borgq_json::fold::fold(source, buffer, &mut folder)?;
    Ok(folded.ok().map(|()| Folded {
        inventory: folder.inventory,
        in_array: folder.in_array,
    }))
}

struct Folder<'a> {
    question: &'a Question,
    prepare: &'a dyn Fn(&mut Archive),
    name: &'a str,
    moments: Moments<'a>,
    packer: Packer,
    /// A part of each id. Ids are hashes: where all parts differ, all ids do.
    ids: Vec<[u8; 6]>,
    inventory: Inventory,
    in_array: bool,
}

impl Fold for Folder<'_> {
    fn archive(&mut self, archive: &Glimpse<'_>, keep: &mut Keep<'_>) -> Result<(), NotFolded> {
        if self.ids.is_empty() {
            // One archive, so that the document shows its generation.
            keep.put(0);
        }
        let [a, b, c, d, e, f, ..] = *archive.id.as_bytes();
        self.ids.push([a, b, c, d, e, f]);
        // borg 1.x alone has checkpoints, and alone prints clock readings.
        let is_1x = archive.time.is_reading();
        let archive = match keep.read()? {
            Whole::RepoList(archive) => list_archive(archive, is_1x, &mut self.moments),
            Whole::Info(archive) => info_archive(archive, is_1x, &mut self.moments),
        };
        let mut archive = archive.map_err(|_| NotFolded)?;
        (self.prepare)(&mut archive);
        self.packer.push(&archive);
        Ok(())
    }

    fn document(&mut self, document: Document, in_array: bool) -> Result<(), NotFolded> {
        self.in_array |= in_array;
        let mut ids = std::mem::take(&mut self.ids);
        ids.sort_unstable();
        let twice = |pair: &[[u8; 6]]| matches!(pair, [one, next] if one == next);
        if ids.windows(2).any(twice) {
            return Err(NotFolded);
        }
        drop(ids);
        let known = self.inventory.repositories.len();
        self.inventory.add(document, self.name, self.moments.zone());
        // It must be a repository that was not known, and a document without
        // fault, to be known from one archive.
        let repositories = self.inventory.repositories.get_mut(known..);
        let Some([repository]) = repositories else {
            return Err(NotFolded);
        };
        let mut packer = std::mem::take(&mut self.packer);
        // A document of one archive, of a run, is not looked at in parts.
        if packer.heads.is_empty() {
            repository.pack_into(&mut packer, self.prepare);
        }
        repository.archives = Vec::new();
        repository.known = Default::default();
        repository.pack(packer, self.question);
        Ok(())
    }
}
