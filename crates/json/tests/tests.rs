//! The laws of the crate, as a program that uses it sees them.

mod corpus;
mod cuts;
mod documents;
mod errors;
mod laws;
mod noise;
#[cfg(feature = "schema")]
mod schemas;
mod value;
