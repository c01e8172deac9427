//! [`fold()`]: a packed inventory, made while the documents are read.

use std::io;

use borgq_json::Document;
use borgq_json::fold::{Fold, Glimpse, Keep, NotFolded, Source, Whole};

use super::Packer;
use crate::answer::Question;
use crate::folded::{Folded, Ids};
use crate::model::{Archive, Inventory};
use crate::moment::{Moments, Zone};
use crate::normalize::{info_archive, list_archive};

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
        ids: Ids::default(),
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
    ids: Ids,
    inventory: Inventory,
    in_array: bool,
}

impl Fold for Folder<'_> {
    fn archive(&mut self, archive: &Glimpse<'_>, keep: &mut Keep<'_>) -> Result<(), NotFolded> {
        if self.ids.is_empty() {
            // One archive, so that the document shows its generation.
            keep.put(0);
        }
        self.ids.push(&archive.id);
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
        std::mem::take(&mut self.ids).differ()?;
        let zone = self.moments.zone();
        let repository = self.inventory.add_folded(document, self.name, zone)?;
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
