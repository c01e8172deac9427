//! Reads the inputs that the arguments name.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use borgq_capture::{Capture, CaptureError, Ended, Limits, Outcome, run};
use borgq_json::{ProblemCode as InputCode, Reading, read, text_of};
use borgq_query::run::{Run, RunEnd};
use borgq_query::{Checked, Problem, ProblemCode};
use chrono::{DateTime, Utc};

use crate::args::Source;
use crate::clock;
use crate::surroundings::Surroundings;
use crate::watchdog::Watchdog;
use crate::zone::LocalZone;

/// An input that was read.
#[derive(Debug)]
pub struct Input {
    /// Its name in answers: the path, `-` for standard input, or the command.
    pub name: String,
    /// What was in it.
    pub reading: Reading,
    /// What is known of how it was made.
    pub origin: Origin,
    /// What the run that made it printed on standard error, as far as it is known.
    pub stderr: Vec<u8>,
    /// Its text, in which the positions of the reading count. Empty unless it
    /// is asked for.
    pub text: Vec<u8>,
}

/// What is known of how an input was made.
#[derive(Debug, Default)]
pub struct Origin {
    /// When.
    pub made: Option<DateTime<Utc>>,
    /// In which zone.
    pub zone: Option<LocalZone>,
    /// When consistency checks had been done.
    pub checks: Option<Vec<Checked>>,
}

/// All inputs, and what is wrong with those that could not be read.
#[derive(Debug, Default)]
pub struct Inputs {
    /// What was read, in the order of the arguments.
    pub inputs: Vec<Input>,
    /// What was not, and why.
    pub problems: Vec<Problem>,
    keep_text: bool,
}

impl Inputs {
    /// Reads what `source` names.
    ///
    /// # Errors
    ///
    /// A sentence, if it names nothing and standard input is a terminal.
    pub fn read(
        source: &Source,
        watchdog: &Watchdog,
        surroundings: &mut Surroundings<'_>,
    ) -> Result<Self, String> {
        Self::default().read_all(source, watchdog, surroundings)
    }

    /// As [`Inputs::read`], and keeps the text of the inputs.
    ///
    /// # Errors
    ///
    /// Those of [`Inputs::read`].
    pub fn read_with_text(
        source: &Source,
        watchdog: &Watchdog,
        surroundings: &mut Surroundings<'_>,
    ) -> Result<Self, String> {
        let inputs = Self {
            keep_text: true,
            ..Self::default()
        };
        inputs.read_all(source, watchdog, surroundings)
    }

    fn read_all(
        mut self,
        source: &Source,
        watchdog: &Watchdog,
        surroundings: &mut Surroundings<'_>,
    ) -> Result<Self, String> {
        if !source.command.is_empty() {
            let mut limits = Limits::default();
            limits.timeout = watchdog.running().unwrap_or(limits.timeout);
            self.run(&source.command, limits, surroundings.now);
            return Ok(self);
        }
        if source.inputs.is_empty() {
            if surroundings.stdin_is_terminal {
                return Err(
                    "no input: give a file, pipe the output of borg or borgmatic in, \
                     or put a command behind --"
                        .into(),
                );
            }
            watchdog.stage("reading standard input");
            self.stdin(surroundings.stdin);
        }
        for input in &source.inputs {
            if input == "-" {
                watchdog.stage("reading standard input");
                self.stdin(surroundings.stdin);
            } else {
                self.path(Path::new(input), watchdog);
            }
        }
        Ok(self)
    }

    /// Runs borg or borgmatic. Its exit status counts: borg's documents do not
    /// say that a run failed.
    fn run(&mut self, command: &[OsString], limits: Limits, now: DateTime<Utc>) {
        // Only the program: arguments can hold secrets.
        let name = command
            .first()
            .map(|program| program.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        let outcome = match run(command, limits) {
            Ok(outcome) => outcome,
            Err(error) => return self.problem(ProblemCode::RunFailed, error.to_string(), &name),
        };
        // The command printed what was kept of another.
        if outcome.ended == Ended::Exited(0) && Capture::is(&outcome.stdout) {
            return self.bytes(&name, &outcome.stdout, Some(now));
        }
        let ran = Ran {
            ended: outcome.ended,
            stdout: &outcome.stdout,
            stderr: &outcome.stderr,
        };
        let origin = Origin {
            made: Some(now),
            ..Origin::default()
        };
        self.ran(&name, ran, origin);
    }

    fn stdin(&mut self, stdin: &mut dyn Read) {
        let mut bytes = Vec::new();
        match stdin.read_to_end(&mut bytes) {
            Ok(_) => self.bytes("-", &bytes, None),
            Err(error) => self.unavailable("-", &error),
        }
    }

    fn path(&mut self, path: &Path, watchdog: &Watchdog) {
        let name = path.to_string_lossy();
        watchdog.stage(&format!("reading {name}"));
        if !path.is_dir() {
            match contents(path) {
                Ok((bytes, made)) => self.bytes(&name, &bytes, made),
                Err(error) => self.unavailable(&name, &error),
            }
            return;
        }
        match documents(path) {
            Ok(files) if files.is_empty() => {
                let text = "the directory holds no *.json files";
                self.problem(ProblemCode::Unavailable, text.into(), &name);
            }
            Ok(files) => files.iter().for_each(|file| self.path(file, watchdog)),
            Err(error) => self.unavailable(&name, &error),
        }
    }

    fn bytes(&mut self, name: &str, bytes: &[u8], made: Option<DateTime<Utc>>) {
        if Capture::is(bytes) {
            let mut rest = bytes;
            // Maybe several, as cat prints them.
            while !rest.is_empty() {
                let (first, behind) = Capture::split(rest);
                self.capture(name, first);
                rest = behind;
            }
            return;
        }
        self.inputs.push(Input {
            name: name.into(),
            reading: read(bytes),
            origin: Origin {
                made,
                ..Origin::default()
            },
            stderr: Vec::new(),
            text: self.text(bytes),
        });
    }

    /// A run that was kept. It brings its zone, its time and its exit status.
    fn capture(&mut self, name: &str, bytes: &[u8]) {
        let Capture { header, stdout } = match Capture::read(bytes) {
            Ok(capture) => capture,
            Err(error) => {
                let code = match error {
                    CaptureError::Truncated(_) => InputCode::Truncated,
                    _ => InputCode::Unreadable,
                };
                return self.problem(ProblemCode::Input(code), error.to_string(), name);
            }
        };
        let origin = Origin {
            made: Some(header.finished),
            zone: Some(LocalZone::new(Some(&header.timezone.name), None)),
            checks: header.checks.as_ref().map(|checks| checked(checks)),
        };
        match header.ended() {
            Some(ended) => {
                let run = Ran {
                    ended,
                    stdout: &stdout,
                    stderr: header.stderr.text.as_bytes(),
                };
                self.ran(name, run, origin);
            }
            None => {
                let program = header.argv.first().map_or("the command", String::as_str);
                let text = format!("{program} could not be started");
                self.problem(ProblemCode::RunFailed, text, name);
            }
        }
    }

    /// What a run printed, and what its end says of that.
    fn ran(&mut self, name: &str, ran: Ran<'_>, origin: Origin) {
        let mut reading = read(ran.stdout);
        let problems = judge(ran.ended, ran.stderr, &reading).problems(name);
        // A failure is the reason, and borg prints nothing then.
        if reading.documents.is_empty() && problems.iter().any(|p| p.code.is_incomplete()) {
            let nothing = |problem: &borgq_json::Problem| problem.code == InputCode::Empty;
            reading.problems.retain(|problem| !nothing(problem));
        }
        self.problems.extend(problems);
        let text = self.text(ran.stdout);
        self.inputs.push(Input {
            name: name.into(),
            reading,
            origin,
            stderr: ran.stderr.to_vec(),
            text,
        });
    }

    fn text(&self, bytes: &[u8]) -> Vec<u8> {
        if self.keep_text {
            text_of(bytes).into_owned()
        } else {
            Vec::new()
        }
    }

    fn unavailable(&mut self, name: &str, error: &io::Error) {
        self.problem(
            ProblemCode::Unavailable,
            format!("cannot be read: {error}"),
            name,
        );
    }

    fn problem(&mut self, code: ProblemCode, text: String, name: &str) {
        self.problems.push(Problem::of(name, code, text));
    }
}

fn checked(checks: &[borgq_capture::Check]) -> Vec<Checked> {
    let checked = |check: &borgq_capture::Check| Checked {
        repository_id: check.repository_id.clone(),
        kind: check.kind.clone(),
        time: check.time,
    };
    checks.iter().map(checked).collect()
}

/// Whether a run proves something: it did not fail, and printed whole documents.
pub fn proves(outcome: &Outcome) -> bool {
    let reading = read(&outcome.stdout);
    judge(outcome.ended, &outcome.stderr, &reading)
        .problem("")
        .is_none_or(|problem| problem.code == ProblemCode::RunWarning)
        && !reading.documents.is_empty()
        && reading.problems.is_empty()
}

fn judge<'a>(ended: Ended, stderr: &'a [u8], reading: &Reading) -> Run<'a> {
    Run {
        end: end(ended),
        stderr,
        whole: !reading.documents.is_empty() && reading.problems.is_empty(),
        array: reading.documents.iter().any(|entry| entry.in_array),
    }
}

/// A run that has ended.
struct Ran<'a> {
    ended: Ended,
    stdout: &'a [u8],
    stderr: &'a [u8],
}

const fn end(ended: Ended) -> RunEnd {
    match ended {
        Ended::Exited(status) => RunEnd::Exited(status),
        Ended::Signalled(signal) => RunEnd::Signalled(signal),
        Ended::TimedOut => RunEnd::TimedOut,
        Ended::TooMuch => RunEnd::TooMuch,
        _ => RunEnd::Interrupted,
    }
}

/// What a file holds, and when that was written.
fn contents(path: &Path) -> io::Result<(Vec<u8>, Option<DateTime<Utc>>)> {
    let mut file = File::open(path)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let modified = file.metadata()?.modified();
    Ok((bytes, modified.ok().and_then(clock::instant)))
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
            if entry.file_type()?.is_dir() {
                directories.push(path);
            } else if path.extension() == Some(OsStr::new("json")) && !path.is_dir() {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
