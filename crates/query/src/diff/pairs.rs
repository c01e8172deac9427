//! Which repository of one inventory is which of the other.

use crate::model::Repository;

/// A repository in the old and in the new inventory, or in one of them.
pub(super) struct Pair<'a> {
    pub(super) old: Option<&'a Repository>,
    pub(super) new: Option<&'a Repository>,
}

impl Pair<'_> {
    /// Whether both are one repository, so that its archives can be compared.
    pub(super) fn is_same(&self) -> bool {
        match (self.old, self.new) {
            (Some(old), Some(new)) => old.id == new.id,
            _ => false,
        }
    }
}

/// Joins by id and location, then what is left by location, then by id.
pub(super) fn pairs<'a>(old: &[&'a Repository], new: &[&'a Repository]) -> Vec<Pair<'a>> {
    let mut left: Vec<_> = new.iter().map(|new| Some(*new)).collect();
    let mut pairs: Vec<_> = old
        .iter()
        .map(|old| Pair {
            old: Some(*old),
            new: None,
        })
        .collect();
    type Same = fn(&Repository, &Repository) -> bool;
    let ways: [Same; 3] = [
        |old, new| old.id == new.id && old.location == new.location,
        |old, new| old.location == new.location,
        |old, new| old.id == new.id,
    ];
    for same in ways {
        for pair in pairs.iter_mut().filter(|pair| pair.new.is_none()) {
            let Some(old) = pair.old else { continue };
            let found = left
                .iter_mut()
                .find(|new| new.is_some_and(|new| same(old, new)));
            pair.new = found.and_then(Option::take);
        }
    }
    pairs.extend(left.into_iter().flatten().map(|new| Pair {
        old: None,
        new: Some(new),
    }));
    pairs
}
