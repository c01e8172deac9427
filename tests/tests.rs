//! The integration tests of borgq, one module a concern.

mod cases;
mod program;

mod answers;
mod arguments;
mod corpus;
mod schemas;
