//! The surroundings that the system gives.

use std::io::{self, BufWriter, IsTerminal as _, Write as _};

use crate::clock;
use crate::surroundings::Surroundings;

/// Runs a program with the system's surroundings.
pub fn with_surroundings(program: fn(Surroundings<'_>) -> u8) -> u8 {
    let stdout = io::stdout();
    let terminal = stdout.is_terminal();
    let mut out = BufWriter::new(stdout.lock());
    let status = program(Surroundings {
        args: std::env::args_os().collect(),
        stdin: &mut io::stdin().lock(),
        out: &mut out,
        err: &mut io::stderr().lock(),
        now: clock::now(),
        tz: std::env::var_os("TZ"),
        stdin_is_terminal: io::stdin().is_terminal(),
        stdout_is_terminal: terminal,
        width: terminal.then(width).flatten(),
        colour: terminal
            && std::env::var_os("NO_COLOR").is_none_or(|no| no.is_empty())
            && std::env::var_os("TERM").is_some_and(|term| term != "dumb"),
    });
    let _ = out.flush();
    status
}

fn width() -> Option<usize> {
    std::env::var("COLUMNS").ok()?.parse().ok()
}
