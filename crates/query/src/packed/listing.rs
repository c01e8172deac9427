//! [`Listing`]: the archives of many repositories, one after another.

use crate::answer::LeftOut;
use crate::model::{Archive, Repository};

/// The archives of packed repositories, oldest first within their repository.
#[derive(Clone, Debug)]
pub struct Listing<'a> {
    parts: Vec<Part<'a>>,
    len: usize,
}

#[derive(Clone, Debug)]
struct Part<'a> {
    repository: &'a Repository,
    /// How many archives stand before those of this repository.
    before: usize,
    /// Which of its archives are listed. `None`: all.
    numbers: Option<Vec<u32>>,
}

impl<'a> Listing<'a> {
    /// The archives of these repositories, but those that the patterns did not
    /// choose, unless `all` are asked for.
    pub fn of(repositories: impl IntoIterator<Item = &'a Repository>, all: bool) -> Self {
        let mut parts = Vec::new();
        let mut len = 0;
        for repository in repositories {
            let packed = repository.packed();
            let matched = |at: &u32| packed.left_out(*at as usize) != Some(LeftOut::NotMatched);
            let numbers: Vec<u32> = match all {
                true => Vec::new(),
                false => (0..).take(packed.len()).filter(matched).collect(),
            };
            let some = !all && numbers.len() < packed.len();
            parts.push(Part {
                repository,
                before: len,
                numbers: some.then_some(numbers),
            });
            len += parts.last().map_or(0, Part::len);
        }
        Self { parts, len }
    }

    /// How many archives there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The archive of this number with its repository, and why it does not count,
    /// if so.
    #[must_use]
    pub fn get(&self, number: usize) -> Option<(&'a Repository, Archive, Option<LeftOut>)> {
        let part = self.parts.partition_point(|part| part.before <= number);
        let part = self.parts.get(part.checked_sub(1)?)?;
        let number = number - part.before;
        let number = match &part.numbers {
            Some(numbers) => *numbers.get(number)? as usize,
            None => number,
        };
        let (archive, left_out) = part.repository.packed().get(number)?;
        Some((part.repository, archive, left_out))
    }
}

impl Part<'_> {
    fn len(&self) -> usize {
        let all = self.repository.packed().len();
        self.numbers.as_ref().map_or(all, Vec::len)
    }
}
