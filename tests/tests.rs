//! The integration tests of borgq, one module a concern.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test a panic is the message"
)]

mod cases;
mod documents;
mod perfdata;
mod program;

mod answers;
mod arguments;
mod attacks;
mod backtest;
mod capture;
mod check;
mod conditions;
mod corpus;
mod diff;
mod fleet;
mod formats;
mod fuzz;
mod gaps;
mod help;
mod history;
mod jq;
mod kept;
mod labels;
mod law;
mod logs;
mod output;
mod packed;
mod pitfalls;
mod plugin;
mod prelude;
mod query;
mod readme;
mod retention;
mod rules;
mod said;
mod scenarios;
mod schemas;
mod sizes;
mod strict;
mod thin;
mod thresholds;
mod truth;
