//! [`Counts`]: how many groups are in which state.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Assessment;
use crate::state::State;

/// How many groups are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// OK.
    pub ok: usize,
    /// WARNING.
    pub warning: usize,
    /// CRITICAL.
    pub critical: usize,
    /// UNKNOWN.
    pub unknown: usize,
}

impl Counts {
    /// All of them.
    #[must_use]
    pub const fn all(&self) -> usize {
        self.ok + self.problems()
    }

    /// Those that are not OK.
    #[must_use]
    pub const fn problems(&self) -> usize {
        self.warning + self.critical + self.unknown
    }

    const fn add(&mut self, state: State) {
        match state {
            State::Ok => self.ok += 1,
            State::Warning => self.warning += 1,
            State::Critical => self.critical += 1,
            State::Unknown => self.unknown += 1,
        }
    }
}

impl Assessment<'_> {
    /// How many groups are in which state.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        self.groups
            .iter()
            .for_each(|assessed| counts.add(assessed.state));
        counts
    }

    /// The same for the groups of each host, the worst host first. Groups whose
    /// host is not known are in none.
    #[must_use]
    pub fn hosts(&self) -> Vec<(String, Counts)> {
        let mut hosts: BTreeMap<String, Counts> = BTreeMap::new();
        for assessed in &self.groups {
            if let Some(host) = &assessed.host {
                hosts.entry(host.clone()).or_default().add(assessed.state);
            }
        }
        let mut hosts: Vec<_> = hosts.into_iter().collect();
        hosts.sort_by_key(|(_, counts)| Reverse((counts.critical, counts.unknown, counts.warning)));
        hosts
    }
}
