//! [`run`]: a command in a process group of its own, with a time limit.

mod family;
mod pipe;
mod signals;
mod supervisor;
mod warnings;

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use pipe::{Contents, Copy, Gathered, Keep};
use signals::Signals;
use supervisor::Supervisor;

/// What a run may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long it may run.
    pub timeout: Duration,
    /// How much it may print on standard output, in bytes.
    pub stdout: usize,
    /// How much of the end of standard error is kept, in bytes.
    pub stderr: usize,
    /// How long it may take to end after it was told to.
    pub grace: Duration,
    /// Whether what it prints also appears on this program's standard output
    /// and error, as it comes.
    pub pass_through: bool,
    /// Whether this program takes the place of parents that are gone, so that
    /// nobody escapes if the command must be ended (on Linux). All children of
    /// this program count as the command's then, so it must have no others.
    pub adopt: bool,
}

impl Default for Limits {
    /// No time limit to speak of, 1 GiB of output, 64 KiB of errors, 2 seconds of grace.
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(365 * 86_400),
            stdout: 1 << 30,
            stderr: 64 << 10,
            grace: Duration::from_secs(2),
            pass_through: false,
            adopt: false,
        }
    }
}

/// What a command printed, and how it ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// All of standard output, or its beginning if it was too much.
    pub stdout: Vec<u8>,
    /// The end of standard error, without a line whose beginning is not kept.
    pub stderr: Vec<u8>,
    /// How many bytes it printed on standard error.
    pub stderr_length: u64,
    /// How many warnings it printed there: JSON log lines of the level WARNING,
    /// and lines that begin with the word.
    pub stderr_warnings: u64,
    /// How it ended.
    pub ended: Ended,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ended {
    /// With this exit status.
    Exited(i32),
    /// By this signal, which is not from here.
    Signalled(i32),
    /// It was ended because it took too long.
    TimedOut,
    /// It was ended because it printed too much.
    TooMuch,
    /// It was ended because this program was told to end, by this signal.
    Interrupted(i32),
}

/// Why a command did not start.
#[derive(Debug)]
pub struct RunError {
    program: OsString,
    reason: io::Error,
}

impl RunError {
    /// Whether there is no such program.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.reason.kind() == io::ErrorKind::NotFound
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let program = self.program.to_string_lossy();
        match self.reason.kind() {
            io::ErrorKind::NotFound => {
                write!(f, "cannot run {program:?}: there is no such program")
            }
            io::ErrorKind::PermissionDenied => {
                write!(f, "cannot run {program:?}: it is not allowed")
            }
            _ => write!(f, "cannot run {program:?}: {}", self.reason),
        }
    }
}

impl std::error::Error for RunError {}

/// Runs `command` without a shell, with nothing on standard input, and waits.
///
/// The command has a process group of its own. If it takes too long, prints too
/// much, or this program gets SIGTERM, SIGINT or SIGHUP, the whole group gets
/// SIGTERM, and SIGKILL after the grace. So it does if the command asks something
/// on the terminal, where it gets no answer. On Linux those get the same who left
/// the group, and those who lost their parents, too, as daemons do, if
/// [`Limits::adopt`] says so. All of that takes no longer than the timeout and the
/// grace together.
///
/// A child that keeps standard output open when the command has ended is waited
/// for no longer than the grace. What is then left of the group is ended, and who
/// left it may stay.
///
/// # Errors
///
/// If `command` is empty or cannot be started.
///
/// ```
/// use borgq_capture::{Ended, Limits, run};
///
/// let outcome = run(&["echo".into(), "{}".into()], Limits::default())?;
/// assert_eq!(outcome.stdout, b"{}\n");
/// assert_eq!(outcome.ended, Ended::Exited(0));
/// # Ok::<(), borgq_capture::RunError>(())
/// ```
pub fn run(command: &[OsString], limits: Limits) -> Result<Outcome, RunError> {
    let (program, args) = command.split_first().ok_or_else(|| RunError {
        program: OsString::new(),
        reason: io::ErrorKind::InvalidInput.into(),
    })?;
    let failed = |reason| RunError {
        program: program.clone(),
        reason,
    };
    let signals = Signals::watch().map_err(failed)?;
    let deadline = Instant::now() + limits.timeout;
    #[cfg(target_os = "linux")]
    if limits.adopt {
        // Where it is not allowed, daemons escape.
        let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
    }
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .map_err(failed)?;
    let (sender, events) = mpsc::channel();
    let stdout = child.stdout.take().map(|pipe| {
        // A larger buffer saves most of a pipe's cost. It is a favour, not a need.
        #[cfg(target_os = "linux")]
        let _ = rustix::pipe::fcntl_setpipe_size(&pipe, 1 << 20);
        let copy = limits.pass_through.then(|| Copy::Out(io::stdout()));
        Gathered::start(pipe, Keep::First(limits.stdout), copy, sender.clone())
    });
    let stderr = child.stderr.take().map(|pipe| {
        let copy = limits.pass_through.then(|| Copy::Error(io::stderr()));
        Gathered::start(pipe, Keep::Last(limits.stderr), copy, sender)
    });
    let ended = Supervisor::new(&mut child, &events, &signals, deadline, limits).wait();
    let stderr = stderr.map(Gathered::take).unwrap_or_default();
    Ok(Outcome {
        stdout: stdout.map(Gathered::take).unwrap_or_default().bytes,
        stderr_length: stderr.length,
        stderr_warnings: stderr.warnings.count(),
        stderr: last_lines(stderr, limits.stderr),
        ended,
    })
}

/// The end. What is left of a line that is cut would be misread, and could be
/// a part of a secret.
fn last_lines(contents: Contents, most: usize) -> Vec<u8> {
    let mut bytes = contents.bytes;
    let surplus = bytes.len().saturating_sub(most);
    bytes.drain(..surplus);
    if contents.length > bytes.len() as u64 {
        let ends = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let end = bytes.iter().position(ends);
        let end = end.or_else(|| bytes.iter().position(u8::is_ascii_whitespace));
        bytes.drain(..end.map_or(0, |end| end + 1));
    }
    bytes
}

#[cfg(test)]
mod tests;
