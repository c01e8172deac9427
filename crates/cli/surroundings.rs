//! What a program is given from outside, so that a test can give something else.

use std::ffi::OsString;
use std::io::{Read, Write};

use chrono::{DateTime, Utc};

/// Arguments, streams, clock and environment of a run.
pub struct Surroundings<'a> {
    /// The arguments, the program's own name first.
    pub args: Vec<OsString>,
    /// Standard input.
    pub stdin: &'a mut dyn Read,
    /// Standard output.
    pub out: &'a mut dyn Write,
    /// Standard error.
    pub err: &'a mut dyn Write,
    /// The present time.
    pub now: DateTime<Utc>,
    /// The variable `TZ`.
    pub tz: Option<OsString>,
    /// Whether standard input is a terminal: nobody types a document.
    pub stdin_is_terminal: bool,
    /// Whether standard output is a terminal, which obeys what is written to it.
    pub stdout_is_terminal: bool,
    /// The width of the terminal that standard output is, if it is one.
    pub width: Option<usize>,
    /// Whether to colour standard output.
    pub colour: bool,
    /// Whether standard output was closed: nobody reads what is written to it.
    pub out_is_closed: bool,
    /// Whether a check may end the whole process when its time is over.
    pub may_end_process: bool,
}
