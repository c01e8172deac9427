//! Reads the inputs that the arguments name.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use borgq_capture::{Ended, Limits, Outcome, run};
use borgq_json::{ProblemCode as InputCode, Reading, read, text_of};
use borgq_query::{Problem, ProblemCode};

use crate::args::Source;
use crate::surroundings::Surroundings;

/// An input that was read.
#[derive(Debug)]
pub struct Input {
    /// Its name in answers: the path, `-` for standard input, or the command.
    pub name: String,
    /// What was in it.
    pub reading: Reading,
    /// Its text, in which the positions of the reading count. Empty unless it
    /// is asked for.
    pub text: Vec<u8>,
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
    pub fn read(source: &Source, surroundings: &mut Surroundings<'_>) -> Result<Self, String> {
        Self::default().read_all(source, surroundings)
    }

    /// As [`Inputs::read`], and keeps the text of the inputs.
    ///
    /// # Errors
    ///
    /// Those of [`Inputs::read`].
    pub fn read_with_text(
        source: &Source,
        surroundings: &mut Surroundings<'_>,
    ) -> Result<Self, String> {
        let inputs = Self {
            keep_text: true,
            ..Self::default()
        };
        inputs.read_all(source, surroundings)
    }

    fn read_all(
        mut self,
        source: &Source,
        surroundings: &mut Surroundings<'_>,
    ) -> Result<Self, String> {
        if !source.command.is_empty() {
            self.run(&source.command, Limits::default());
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
            self.stdin(surroundings.stdin);
        }
        for input in &source.inputs {
            if input == "-" {
                self.stdin(surroundings.stdin);
            } else {
                self.path(Path::new(input));
            }
        }
        Ok(self)
    }

    /// Runs borg or borgmatic. Its exit status counts: borg's documents do not
    /// say that a run failed.
    fn run(&mut self, command: &[OsString], limits: Limits) {
        // Only the program: arguments can hold secrets.
        let name = command
            .first()
            .map(|program| program.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        let outcome = match run(command, limits) {
            Ok(outcome) => outcome,
            Err(error) => return self.problem(ProblemCode::RunFailed, error.to_string(), &name),
        };
        let mut reading = read(&outcome.stdout);
        if let Some((code, text)) = judge(&outcome, &reading) {
            self.problem(code, text, &name);
            // The failure is the reason, and borg prints nothing then.
            if reading.documents.is_empty() {
                let nothing = |problem: &borgq_json::Problem| problem.code == InputCode::Empty;
                reading.problems.retain(|problem| !nothing(problem));
            }
        }
        let text = self.text(&outcome.stdout);
        self.inputs.push(Input {
            name,
            reading,
            text,
        });
    }

    fn stdin(&mut self, stdin: &mut dyn Read) {
        let mut bytes = Vec::new();
        match stdin.read_to_end(&mut bytes) {
            Ok(_) => self.bytes("-", &bytes),
            Err(error) => self.unavailable("-", &error),
        }
    }

    fn path(&mut self, path: &Path) {
        let name = path.to_string_lossy();
        if !path.is_dir() {
            match std::fs::read(path) {
                Ok(bytes) => self.bytes(&name, &bytes),
                Err(error) => self.unavailable(&name, &error),
            }
            return;
        }
        match documents(path) {
            Ok(files) if files.is_empty() => {
                let text = "the directory holds no *.json files";
                self.problem(ProblemCode::Unavailable, text.into(), &name);
            }
            Ok(files) => files.iter().for_each(|file| self.path(file)),
            Err(error) => self.unavailable(&name, &error),
        }
    }

    fn bytes(&mut self, name: &str, bytes: &[u8]) {
        self.inputs.push(Input {
            name: name.into(),
            reading: read(bytes),
            text: self.text(bytes),
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
        self.problems.push(Problem {
            code,
            text,
            source: Some(name.into()),
        });
    }
}

/// What is wrong with a run, if anything is.
fn judge(outcome: &Outcome, reading: &Reading) -> Option<(ProblemCode, String)> {
    let how = match outcome.ended {
        Ended::Exited(0) => return None,
        Ended::Exited(status) => format!("ended with exit status {status}"),
        Ended::Signalled(signal) => format!("was ended by signal {signal}"),
        Ended::TimedOut => {
            return Some((ProblemCode::Timeout, "took too long and was ended".into()));
        }
        Ended::TooMuch => "printed too much and was ended".into(),
        _ => "was interrupted".into(),
    };
    let said = match last_line(&outcome.stderr) {
        Some(line) => format!("{how}: {line}"),
        None => how,
    };
    let whole = !reading.documents.is_empty() && reading.problems.is_empty();
    let array = reading.documents.iter().any(|entry| entry.in_array);
    Some(match outcome.ended {
        _ if array => (
            ProblemCode::RunFailed,
            format!("{said} (borgmatic leaves out repositories that fail, so some may be missing)"),
        ),
        Ended::Exited(1 | 100..=127) if whole => (ProblemCode::RunWarning, said),
        _ => (ProblemCode::RunFailed, said),
    })
}

/// The last line of standard error that says something.
fn last_line(stderr: &[u8]) -> Option<String> {
    const LONGEST: usize = 200;
    let line = stderr
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .map(<[u8]>::trim_ascii)
        .rfind(|line| !line.is_empty())?;
    Some(
        String::from_utf8_lossy(line)
            .chars()
            .take(LONGEST)
            .collect(),
    )
}

/// The `*.json` files of a directory, by name. Hidden files are being written.
fn documents(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        let hidden = path
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if path.extension() == Some(OsStr::new("json")) && !hidden && !path.is_dir() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
