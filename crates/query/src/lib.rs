//! The inventory made from borg documents: time, selection, grouping, answers and assessments.
//!
//! ```
//! use borgq_query::{GroupBy, Inventory, Question, Selection, age};
//! use chrono::{FixedOffset, TimeDelta};
//!
//! let json = include_bytes!("../../json/examples/repo-list.json");
//! let mut inventory = Inventory::default();
//! let utc = FixedOffset::east_opt(0).unwrap();
//! inventory.add_reading(borgq_json::read(json), "list.json", &utc);
//!
//! let question = Question {
//!     now: "2025-03-02T12:00:00Z".parse()?,
//!     clock_skew: TimeDelta::minutes(5),
//!     selection: Selection::default(),
//!     group_by: GroupBy::Repository,
//!     rules: Default::default(),
//! };
//! let answer = question.groups(&inventory);
//! let last = answer.groups[0].last().unwrap();
//! assert_eq!(last.name, "web-2025-03-02");
//! assert_eq!(age(last, question.now), TimeDelta::hours(10));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod assess;
pub mod backtest;
mod checkpoint;
mod checks;
pub mod diff;
mod folded;
pub mod gaps;
mod known;
mod model;
mod moment;
mod normalize;
pub mod packed;
pub mod pattern;
pub mod quantity;
pub mod retention;
pub mod rules;
pub mod run;
#[cfg(test)]
mod samples;
mod selection;
pub mod series;
mod shell;
pub mod sizes;
pub mod state;
pub mod thin;
pub mod threshold;

pub use answer::{Group, GroupBy, Groups, Judged, LeftOut, Question, Summary, age};
pub use assess::{
    Assessed, Assessment, Code, Counts, Criteria, Expected, Finding, Measured, States, UnknownCode,
};
pub use borgq_json::{Id, Text, Timestamp};
pub use checkpoint::is_checkpoint;
pub use checks::{Checked, Checks};
pub use folded::Folded;
pub use model::{Archive, Input, Inventory, Measures, Problem, ProblemCode, Repository, Totals};
pub use moment::{Moment, NoMoment, Zone};
pub use selection::Selection;
pub use series::series_of;
pub use state::State;
