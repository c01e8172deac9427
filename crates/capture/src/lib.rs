//! Runs borg or borgmatic and keeps what it said
