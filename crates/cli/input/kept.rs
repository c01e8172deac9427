//! [`Kept`]: what is kept of the archives that are read.

use std::io;

use borgq_json::fold::Source;
use borgq_query::{Archive, Folded, Inventory, Question, packed, thin};

use crate::secrets::hide_archive;
use crate::zone::LocalZone;

/// What is kept of the archives that are read. A program has only the code of
/// those that it uses.
pub trait Kept: Sync {
    /// Reads documents, if they are plain.
    fn fold(
        &self,
        source: Source<'_>,
        buffer: &mut Vec<u8>,
        question: &Question,
        name: &str,
        zone: &LocalZone,
    ) -> io::Result<Option<Folded>>;

    /// Drops what is not kept of an inventory that was read whole.
    fn reduce(&self, inventory: &mut Inventory, question: &Question);

    /// Whether it is all archives.
    fn is_all(&self) -> bool;
}

/// The newest and the oldest ones, and their number.
pub struct Ends;

/// All, packed: how much of each.
#[derive(Clone, Copy)]
pub enum Detail {
    /// All that borg said.
    All,
    /// Which one it is, and what it measures.
    Measures,
}

impl Detail {
    /// Takes away what is not kept, and what must not be shown.
    fn prepare(self, archive: &mut Archive) {
        match self {
            Self::All => hide_archive(archive),
            Self::Measures => {
                archive.start = None;
                archive.end = None;
                archive.comment = None;
                archive.command_line = None;
                archive.cwd = None;
                archive.chunker_params = None;
                archive.tam = None;
                archive.measures = None;
            }
        }
    }
}

impl Kept for Ends {
    fn fold(
        &self,
        source: Source<'_>,
        buffer: &mut Vec<u8>,
        question: &Question,
        name: &str,
        zone: &LocalZone,
    ) -> io::Result<Option<Folded>> {
        thin::fold(source, buffer, question, name, zone)
    }

    fn reduce(&self, inventory: &mut Inventory, question: &Question) {
        inventory.thin(question);
    }

    fn is_all(&self) -> bool {
        false
    }
}

impl Kept for Detail {
    fn fold(
        &self,
        source: Source<'_>,
        buffer: &mut Vec<u8>,
        question: &Question,
        name: &str,
        zone: &LocalZone,
    ) -> io::Result<Option<Folded>> {
        let prepare = &|archive: &mut Archive| self.prepare(archive);
        packed::fold(source, buffer, question, prepare, name, zone)
    }

    fn reduce(&self, inventory: &mut Inventory, question: &Question) {
        inventory.pack(question, &|archive| self.prepare(archive));
    }

    fn is_all(&self) -> bool {
        true
    }
}
