//! [`Place`]: where documents are, as the arguments name it.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use borgq_capture::{Limits, Outcome, run};
use borgq_query::{Problem, ProblemCode};
use chrono::{DateTime, Utc};

use crate::args::Source;
use crate::surroundings::Surroundings;
use crate::watchdog::Watchdog;

/// A place where documents are, and what can be had there only once.
pub(super) enum Place {
    /// A file.
    File(PathBuf),
    /// Standard input, and what it held.
    Stdin(Vec<u8>),
    /// A command, and what came of it.
    Run {
        name: String,
        outcome: Outcome,
        now: DateTime<Utc>,
    },
    /// Nowhere: what is wrong with the argument.
    Nowhere(Problem),
}

/// The places that `source` names. Runs the command, and reads standard input.
///
/// # Errors
///
/// A sentence, if it names nothing and standard input is a terminal.
pub(super) fn places(
    source: &Source,
    watchdog: &Watchdog,
    surroundings: &mut Surroundings<'_>,
) -> Result<Vec<Place>, String> {
    if !source.command.is_empty() {
        return Ok(vec![command(&source.command, watchdog, surroundings.now)]);
    }
    if source.inputs.is_empty() {
        if surroundings.stdin_is_terminal {
            return Err(
                "no input: give a file, pipe the output of borg or borgmatic in, \
                 or put a command behind --"
                    .into(),
            );
        }
        return Ok(vec![stdin(watchdog, surroundings.stdin)]);
    }
    let mut places = Vec::new();
    for input in &source.inputs {
        if input == "-" {
            places.push(stdin(watchdog, surroundings.stdin));
        } else {
            places.extend(path(Path::new(input)));
        }
    }
    Ok(places)
}

/// Runs borg or borgmatic. Its exit status counts: borg's documents do not
/// say that a run failed.
fn command(command: &[OsString], watchdog: &Watchdog, now: DateTime<Utc>) -> Place {
    let mut limits = Limits::default();
    limits.timeout = watchdog.running().unwrap_or(limits.timeout);
    // Only the program: arguments can hold secrets.
    let name = command
        .first()
        .map(|program| program.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    match run(command, limits) {
        Ok(outcome) => Place::Run { name, outcome, now },
        Err(error) => {
            let text = error.to_string();
            Place::Nowhere(Problem::of(&name, ProblemCode::RunFailed, text))
        }
    }
}

fn stdin(watchdog: &Watchdog, stdin: &mut dyn Read) -> Place {
    watchdog.stage("reading standard input");
    let mut bytes = Vec::new();
    match stdin.read_to_end(&mut bytes) {
        Ok(_) => Place::Stdin(bytes),
        Err(error) => Place::Nowhere(unavailable("-", &error)),
    }
}

/// A file, or the files of a directory.
fn path(path: &Path) -> Vec<Place> {
    if !path.is_dir() {
        return vec![Place::File(path.into())];
    }
    let name = path.to_string_lossy();
    match documents(path) {
        Ok(files) if files.is_empty() => {
            let text = "the directory holds no *.json files";
            let problem = Problem::of(&name, ProblemCode::Unavailable, text);
            vec![Place::Nowhere(problem)]
        }
        Ok(files) => files.into_iter().map(Place::File).collect(),
        Err(error) => vec![Place::Nowhere(unavailable(&name, &error))],
    }
}

/// The problem of an input that cannot be read.
pub(super) fn unavailable(name: &str, error: &io::Error) -> Problem {
    let text = format!("cannot be read: {error}");
    Problem::of(name, ProblemCode::Unavailable, text)
}

/// The `*.json` files of a directory and those below it, by name. Hidden files
/// are being written, and links to directories could lead in a circle.
fn documents(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut directories = vec![directory.to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(&directory)? {
            let entry = entry?;
            let path = entry.path();
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            let kind = entry.file_type()?;
            if kind.is_dir() {
                directories.push(path);
            } else if path.extension() == Some(OsStr::new("json"))
                && !(kind.is_symlink() && path.is_dir())
            {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
