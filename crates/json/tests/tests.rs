//! The laws of the crate, as a program that uses it sees them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod corpus;
mod cuts;
mod documents;
mod errors;
mod laws;
mod logs;
mod noise;
mod schemas;
mod value;
