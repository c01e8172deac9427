//! [`Checks`]: what is known of consistency checks.

use std::collections::HashSet;

use borgq_json::Id;
use chrono::{DateTime, Utc};

/// What inputs say of consistency checks.
#[derive(Clone, Debug, Default)]
pub struct Checks {
    /// The checks that were done.
    pub done: Vec<Checked>,
    /// The repositories of which all checks are told. If one of these has none,
    /// it was never checked; of any other that is not known.
    pub told: HashSet<Id>,
}

/// A consistency check of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The id of the repository: 64 lower-case hexadecimal digits.
    pub repository_id: String,
    /// What was checked, for instance `repository` or `archives`.
    pub kind: String,
    /// When that was.
    pub time: DateTime<Utc>,
}

impl Checks {
    /// Adds what another input says.
    ///
    /// ```
    /// use borgq_query::{Checks, Id};
    ///
    /// let id = Id::from([7; 32]);
    /// let mut checks = Checks::default();
    /// checks.extend(Checks { told: [id].into(), ..Checks::default() });
    /// assert!(checks.told.contains(&id));
    /// ```
    pub fn extend(&mut self, other: Self) {
        self.done.extend(other.done);
        self.told.extend(other.told);
    }
}
