//! [`Part`]: an inventory of one place, to be joined with the others.

use borgq_query::{Input, Inventory};
use chrono::{DateTime, Utc};

/// What is known from one place.
#[derive(Default)]
pub struct Part {
    pub inventory: Inventory,
    /// How many of the problems are those of the input, and not of what is
    /// in it.
    pub of_input: usize,
    /// The run that a file keeps, if it does.
    pub run: Option<RunKey>,
}

/// What tells a run from all others: a copy of a capture proves nothing more.
#[derive(PartialEq, Eq, Hash)]
pub struct RunKey {
    pub host: Option<String>,
    pub started: DateTime<Utc>,
    pub finished: DateTime<Utc>,
    pub sha256: String,
}

/// The inventory, with the input that it is from.
pub fn with_input(mut inventory: Inventory, name: &str, made: Option<DateTime<Utc>>) -> Inventory {
    inventory.inputs.reserve_exact(1);
    inventory.inputs.push(Input {
        name: name.into(),
        made,
    });
    inventory
}
