//! The integration tests of borgq, one module a concern.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "in a test a panic is the message"
)]

mod cases;
mod program;

mod answers;
mod arguments;
mod backtest;
mod corpus;
mod diff;
mod gaps;
mod help;
mod history;
mod readme;
mod schemas;
mod sizes;
