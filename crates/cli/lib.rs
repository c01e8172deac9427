//! The command line of borgq.
