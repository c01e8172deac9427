//! The surroundings that the system gives.

use std::io::{self, BufWriter, IsTerminal as _, Write as _};
use std::panic;

use rustix::fs::{OFlags, fcntl_getfl, fstat, major, minor};

use crate::clock;
use crate::exit::Exit;
use crate::surroundings::Surroundings;

/// Runs a program with the system's surroundings.
pub fn with_surroundings(program: fn(Surroundings<'_>) -> u8) -> u8 {
    // A panic never looks like an answer.
    panic::set_hook(Box::new(|panic| {
        let reason = panic.payload_as_str().unwrap_or("no reason is known");
        let mut err = io::stderr();
        let _ = writeln!(
            err,
            "borgq: an internal error, which is worth a report: {reason}"
        );
        std::process::exit(Exit::Incomplete as i32);
    }));
    let terminal = io::stdout().is_terminal();
    // Not locked, as standard error: a watchdog and a command that is passed through must be
    // able to write.
    let mut out = BufWriter::new(io::stdout());
    let status = program(Surroundings {
        args: std::env::args_os().collect(),
        stdin: &mut io::stdin().lock(),
        out: &mut out,
        err: &mut io::stderr(),
        now: clock::now(),
        tz: std::env::var_os("TZ"),
        stdin_is_terminal: io::stdin().is_terminal(),
        stdout_is_terminal: terminal,
        width: terminal.then(width).flatten(),
        colour: terminal
            && std::env::var_os("NO_COLOR").is_none_or(|no| no.is_empty())
            && std::env::var_os("TERM").is_some_and(|term| term != "dumb"),
        out_is_closed: is_closed(),
        may_end_process: true,
    });
    let _ = out.flush();
    status
}

fn width() -> Option<usize> {
    let (terminal_size::Width(columns), _) = terminal_size::terminal_size()?;
    Some(columns.into())
}

/// Whether standard output was closed. The standard library opens `/dev/null`
/// in its place, for reading and writing; whoever redirects to it, for writing.
fn is_closed() -> bool {
    const NULL: (u32, u32) = (1, 3);
    let out = rustix::stdio::stdout();
    let is_null = fstat(out).is_ok_and(|stat| (major(stat.st_rdev), minor(stat.st_rdev)) == NULL);
    is_null && fcntl_getfl(out).is_ok_and(|flags| flags.contains(OFlags::RDWR))
}
