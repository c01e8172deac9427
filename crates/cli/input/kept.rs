//! [`Kept`]: what is kept of the archives that are read.

use std::io;

use borgq_json::fold::Source;
use borgq_query::thin::Folded;
use borgq_query::{Archive, Inventory, Question, packed, thin};

use crate::secrets::hide_archive;
use crate::zone::LocalZone;

/// What is kept of the archives.
#[derive(Clone, Copy)]
pub enum Kept {
    /// The newest and the oldest ones, and their number.
    Ends,
    /// All, packed.
    Packed(Detail),
}

/// How much is kept of an archive.
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

impl Kept {
    /// Reads documents, if they are plain.
    pub fn fold<'a>(
        self,
        source: impl Into<Source<'a>>,
        buffer: &mut Vec<u8>,
        question: &Question,
        name: &str,
        zone: &LocalZone,
    ) -> io::Result<Option<Folded>> {
        match self {
            Self::Ends => thin::fold(source, buffer, question, name, zone),
            Self::Packed(detail) => {
                let prepare = &|archive: &mut Archive| detail.prepare(archive);
                packed::fold(source, buffer, question, prepare, name, zone)
            }
        }
    }

    /// Drops what is not kept of an inventory that was read whole.
    pub fn reduce(self, inventory: &mut Inventory, question: &Question) {
        match self {
            Self::Ends => inventory.thin(question),
            Self::Packed(detail) => inventory.pack(question, &|archive| detail.prepare(archive)),
        }
    }
}
