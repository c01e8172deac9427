//! Which repository of one inventory is which of the other.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

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
    let mut left = new.to_vec();
    let mut pairs: Vec<_> = old
        .iter()
        .map(|old| Pair {
            old: Some(*old),
            new: None,
        })
        .collect();
    join(&mut pairs, &mut left, |repository| {
        (repository.id, &repository.location)
    });
    join(&mut pairs, &mut left, |repository| &repository.location);
    join(&mut pairs, &mut left, |repository| repository.id);
    pairs.extend(left.into_iter().map(|new| Pair {
        old: None,
        new: Some(new),
    }));
    pairs
}

/// Gives repositories that have no new one yet the first that is left under the
/// same key.
fn join<'a, K: Eq + Hash>(
    pairs: &mut [Pair<'a>],
    left: &mut Vec<&'a Repository>,
    key: impl Fn(&'a Repository) -> K,
) {
    let mut waiting: HashMap<K, VecDeque<&mut Pair<'a>>> = HashMap::new();
    for pair in pairs.iter_mut().filter(|pair| pair.new.is_none()) {
        if let Some(old) = pair.old {
            waiting.entry(key(old)).or_default().push_back(pair);
        }
    }
    left.retain(|new| {
        let pair = waiting.get_mut(&key(new)).and_then(VecDeque::pop_front);
        match pair {
            Some(pair) => {
                pair.new = Some(new);
                false
            }
            None => true,
        }
    });
}
