//! Runs borg or borgmatic and keeps what it said.

mod run;

pub use run::{Ended, Limits, Outcome, RunError, run};
