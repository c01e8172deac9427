//! [`Sets`]: what must be read together.

use std::collections::BTreeMap;

/// Sets of numbers, which are joined.
pub(super) struct Sets(Vec<usize>);

impl Sets {
    pub(super) fn of(count: usize) -> Self {
        Self((0..count).collect())
    }

    /// The least member of the set.
    pub(super) fn least(&self, mut member: usize) -> usize {
        while let Some(parent) = self.0.get(member)
            && *parent != member
        {
            member = *parent;
        }
        member
    }

    pub(super) fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.least(one), self.least(other));
        if let Some(parent) = self.0.get_mut(one.max(other)) {
            *parent = one.min(other);
        }
    }

    /// The sets that have several members, by the least of them.
    pub(super) fn several(&self) -> BTreeMap<usize, Vec<usize>> {
        let mut several = BTreeMap::new();
        for member in 0..self.0.len() {
            let least = self.least(member);
            if least != member {
                let set = several.entry(least).or_insert_with(|| vec![least]);
                set.push(member);
            }
        }
        several
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_joined_is_one_set() {
        let mut sets = Sets::of(6);
        for (one, other) in [(4, 5), (1, 4), (2, 0), (5, 1), (3, 3)] {
            sets.join(one, other);
        }
        let several = sets.several().into_iter();
        assert_eq!(
            several.collect::<Vec<_>>(),
            [(0, vec![0, 2]), (1, vec![1, 4, 5])]
        );
        assert_eq!(sets.least(3), 3);
    }
}
