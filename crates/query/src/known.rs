//! [`Known`]: finds again what stands in a list already.

use std::collections::HashMap;
use std::hash::Hash;

/// What has an identity, by which it is told from others in a list.
pub(crate) trait Identified {
    type Identity: Eq + Hash;

    fn identity(&self) -> Self::Identity;

    /// Whether both are the same thing.
    fn is(&self, other: &Self) -> bool;
}

/// An index of a list in which each thing stands once.
///
/// Most lists are short, of the one repository of a file. Only a longer one is
/// worth an index.
#[derive(Clone, Debug)]
pub(crate) struct Known<I>(HashMap<I, usize>);

/// The length up to which a list is looked through.
const SHORT: usize = 8;

impl<I> Default for Known<I> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<I: Eq + Hash> Known<I> {
    /// Where `wanted` stands in the list. It is always the same list, which
    /// may have grown.
    pub(crate) fn find<T>(&mut self, list: &[T], wanted: &T) -> Option<usize>
    where
        T: Identified<Identity = I>,
    {
        if list.len() <= SHORT {
            return list.iter().position(|known| known.is(wanted));
        }
        for (at, known) in list.iter().enumerate().skip(self.0.len()) {
            self.0.insert(known.identity(), at);
        }
        self.0.get(&wanted.identity()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Identified for u32 {
        type Identity = Self;

        fn identity(&self) -> Self {
            *self
        }

        fn is(&self, other: &Self) -> bool {
            self == other
        }
    }

    #[test]
    fn short_and_long_lists_are_searched_alike() {
        let mut known = Known::default();
        let mut list = Vec::new();
        for number in (0..100).map(|n| n * 7 % 60) {
            let found = known.find(&list, &number);
            assert_eq!(found, list.iter().position(|n| *n == number));
            if found.is_none() {
                list.push(number);
            }
        }
        assert_eq!(list.len(), 60);
    }
}
