//! The integration tests of borgq, one module a concern.
