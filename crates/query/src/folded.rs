//! [`Folded`]: what is common to all ways of folding documents.

use borgq_json::fold::NotFolded;
use borgq_json::{Document, Id};

use crate::model::{Inventory, Repository};
use crate::moment::Zone;

/// What was read, if it could be folded.
#[derive(Debug)]
pub struct Folded {
    /// The inventory, thinned or packed. No document must be added to it.
    pub inventory: Inventory,
    /// Whether a document stood in an array, as borgmatic prints it.
    pub in_array: bool,
}

/// A part of each id of a document. Ids are hashes: where all parts differ, all
/// ids do.
#[derive(Default)]
pub(crate) struct Ids(Vec<[u8; 6]>);

impl Ids {
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn push(&mut self, id: &Id) {
        if self.0.is_empty() {
            self.0.reserve(64);
        }
        let [a, b, c, d, e, f, ..] = *id.as_bytes();
        self.0.push([a, b, c, d, e, f]);
    }

    /// Gives up if an archive may stand there twice.
    pub(crate) fn differ(mut self) -> Result<(), NotFolded> {
        self.0.sort_unstable();
        let twice = |pair: &[[u8; 6]]| matches!(pair, [one, next] if one == next);
        match self.0.windows(2).any(twice) {
            true => Err(NotFolded),
            false => Ok(()),
        }
    }
}

impl Inventory {
    /// Adds a document of which only some archives were kept. It must be without
    /// fault, and about a repository that was not known.
    pub(crate) fn add_folded(
        &mut self,
        document: Document,
        name: &str,
        zone: &dyn Zone,
    ) -> Result<&mut Repository, NotFolded> {
        let known = self.repositories.len();
        self.add(document, name, zone);
        match self.repositories.get_mut(known..) {
            Some([repository]) => Ok(repository),
            _ => Err(NotFolded),
        }
    }
}
