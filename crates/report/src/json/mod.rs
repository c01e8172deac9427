//! Answers as JSON: one object on one line, with a format and a version.
//!
//! Every answer begins with `format` (the name of the command) and `version`,
//! and ends with `problems`. Times are RFC 3339 in UTC with `Z`, sizes integers
//! in bytes, durations seconds. What borg did not say is absent, never `null`
//! or 0. Text that is not Unicode has U+FFFD in place of the bytes.

mod archives;
mod backtest;
mod check;
mod diff;
mod each;
mod gaps;
mod inspect;
mod inventory;
mod last;
mod log;
mod reference;
mod repos;
mod retention;
mod rules_check;
#[cfg(feature = "schema")]
pub mod schema;
mod shared;
mod sizes;
mod write;

pub use archives::Archives;
pub use backtest::Backtest;
pub use check::Check;
pub use diff::Diff;
pub use gaps::Gaps;
pub use inspect::{Input, Inspect, archive_count};
pub use inventory::Inventory;
pub use last::Last;
pub use log::LogEntry;
pub use repos::Repos;
pub use retention::Retention;
pub use rules_check::{Rule, RulesCheck};
pub use sizes::Sizes;
pub use write::{push_line, write_line};

/// The version of all formats here. It changes when a reader would have to.
pub const VERSION: u32 = 1;
