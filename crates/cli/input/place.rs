//! [`Place`]: where documents are, as the arguments name it.

use std::ffi::OsString;
use std::fs::FileType;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use borgq_capture::{Ended, Limits, Outcome, run};
use borgq_query::quantity::Size;
use borgq_query::{Problem, ProblemCode};
use bytes::Bytes;
use chrono::{DateTime, Utc};

use crate::args::Source;
use crate::surroundings::Surroundings;
use crate::watchdog::Watchdog;

/// A place where documents are, and what can be had there only once.
pub(super) enum Place {
    /// A file.
    File(PathBuf),
    /// Standard input, and what it held.
    Stdin(Bytes),
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
    let most = source.most.max_input;
    if !source.command.is_empty() {
        return Ok(vec![command(
            &source.command,
            most,
            watchdog,
            surroundings.now,
        )]);
    }
    if source.inputs.is_empty() {
        if surroundings.stdin_is_terminal {
            return Err(
                "no input: give a file, pipe the output of borg or borgmatic in, \
                 or put a command behind --"
                    .into(),
            );
        }
        return Ok(vec![stdin(most, watchdog, surroundings.stdin)]);
    }
    let mut places = Vec::new();
    for input in &source.inputs {
        if input == "-" {
            places.push(stdin(most, watchdog, surroundings.stdin));
        } else {
            places.extend(path(Path::new(input)));
        }
    }
    Ok(places)
}

/// Runs borg or borgmatic. Its exit status counts: borg's documents do not
/// say that a run failed.
fn command(command: &[OsString], most: Size, watchdog: &Watchdog, now: DateTime<Utc>) -> Place {
    // Only the program: arguments can hold secrets.
    let name = command
        .first()
        .map(|program| program.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    let usual = Limits::default();
    let time = watchdog.running(&name);
    let (timeout, grace) = time.unwrap_or((usual.timeout, usual.grace));
    let limits = Limits {
        stdout: usize::try_from(most.bytes()).unwrap_or(usize::MAX),
        timeout,
        grace,
        // This program is nothing but a check, and has no other children.
        adopt: time.is_some(),
        ..usual
    };
    let ran = run(command, limits);
    let was_ended =
        |outcome: &Outcome| matches!(outcome.ended, Ended::TimedOut | Ended::Interrupted(_));
    if !ran.as_ref().is_ok_and(was_ended) {
        watchdog.ran(&name);
    }
    match ran {
        Ok(mut outcome) => {
            // The beginning of too much is not worth the time to read it.
            if outcome.ended == Ended::TooMuch {
                outcome.stdout = Vec::new();
            }
            Place::Run { name, outcome, now }
        }
        Err(error) => {
            let text = error.to_string();
            Place::Nowhere(Problem::of(&name, ProblemCode::RunFailed, text))
        }
    }
}

fn stdin(most: Size, watchdog: &Watchdog, stdin: &mut dyn Read) -> Place {
    watchdog.stage("reading standard input");
    match all(stdin, most) {
        Ok(bytes) => Place::Stdin(bytes.into()),
        Err(error) => Place::Nowhere(unavailable("-", &error)),
    }
}

/// All that there is to read.
pub(super) fn all(mut reader: impl Read, most: Size) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = most.bytes();
    reader
        .by_ref()
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)?;
    match bytes.len() as u64 > limit {
        true => Err(too_long(most)),
        false => Ok(bytes),
    }
}

fn too_long(most: Size) -> io::Error {
    io::Error::other(format!(
        "it is longer than {most}: give --max-input a larger size if it should be"
    ))
}

/// A file, or the files of a directory.
fn path(path: &Path) -> Vec<Place> {
    if !path.is_dir() {
        return vec![Place::File(path.into())];
    }
    let name = path.to_string_lossy();
    match documents(path) {
        Ok(places) if places.is_empty() => {
            let text = "the directory holds no *.json files";
            let problem = Problem::of(&name, ProblemCode::Unavailable, text);
            vec![Place::Nowhere(problem)]
        }
        Ok(places) => places,
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
fn documents(directory: &Path) -> io::Result<Vec<Place>> {
    let mut files = Vec::new();
    let mut directories = vec![directory.to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(&directory)? {
            let entry = entry?;
            let path = entry.path();
            let kind = entry.file_type()?;
            let name = path.file_name().unwrap_or_default().as_encoded_bytes();
            if name.starts_with(b".") {
                continue;
            }
            if kind.is_dir() {
                directories.push(path);
            } else if name.ends_with(b".json") {
                files.push((path, kind));
            }
        }
    }
    // By the bytes: taking thousands of paths apart for each comparison takes long.
    files.sort_unstable_by(|(one, _), (other, _)| one.as_os_str().cmp(other.as_os_str()));
    let files = files.into_iter();
    Ok(files
        .filter_map(|(path, kind)| document(path, kind))
        .collect())
}

/// A file, if it is one: a pipe among the files would never end.
fn document(path: PathBuf, kind: FileType) -> Option<Place> {
    if kind.is_file() {
        return Some(Place::File(path));
    }
    match path.metadata() {
        Ok(status) if status.is_dir() => None,
        // Where a link leads nowhere, reading says so.
        Err(_) => Some(Place::File(path)),
        Ok(status) if status.is_file() => Some(Place::File(path)),
        Ok(_) => {
            let error = io::Error::other("it is neither a file nor a directory");
            let problem = unavailable(&path.to_string_lossy(), &error);
            Some(Place::Nowhere(problem))
        }
    }
}
