//! [`Each`]: a list that is never held as a whole.

use std::fmt;

use serde::{Serialize, Serializer};

/// A list whose elements are made one by one, whenever they are written.
pub(super) struct Each<'a, T> {
    len: usize,
    element: Box<dyn Fn(usize) -> Option<T> + 'a>,
}

impl<'a, T> Each<'a, T> {
    pub(super) fn new(len: usize, element: impl Fn(usize) -> Option<T> + 'a) -> Self {
        Self {
            len,
            element: Box::new(element),
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    pub(super) fn get(&self, at: usize) -> Option<T> {
        (self.element)(at)
    }
}

impl<T> fmt::Debug for Each<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} elements", self.len)
    }
}

impl<T: Serialize> Serialize for Each<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((0..self.len).filter_map(|at| self.get(at)))
    }
}
