//! [`Sets`]: what must be read together.

/// Sets of numbers, which are joined.
pub(super) struct Sets(Vec<usize>);

impl Sets {
    pub(super) fn of(count: usize) -> Self {
        Self((0..count).collect())
    }

    /// The least member of the set.
    fn least(&self, mut member: usize) -> usize {
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

    /// The members of each set at the place of its least member.
    pub(super) fn members(&self) -> Vec<Vec<usize>> {
        let mut members = vec![Vec::new(); self.0.len()];
        for member in 0..self.0.len() {
            if let Some(set) = members.get_mut(self.least(member)) {
                set.push(member);
            }
        }
        members
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_joined_stands_at_its_least_member() {
        let mut sets = Sets::of(6);
        for (one, other) in [(4, 5), (1, 4), (2, 0), (5, 1), (3, 3)] {
            sets.join(one, other);
        }
        let members = sets.members();
        assert_eq!(
            members,
            [vec![0, 2], vec![1, 4, 5], vec![], vec![3], vec![], vec![]]
        );
    }
}
