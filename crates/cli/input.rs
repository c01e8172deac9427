//! Reads the inputs that the arguments name.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use borgq_json::{Reading, read};
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
}

/// All inputs, and what is wrong with those that could not be read.
#[derive(Debug, Default)]
pub struct Inputs {
    /// What was read, in the order of the arguments.
    pub inputs: Vec<Input>,
    /// What was not, and why.
    pub problems: Vec<Problem>,
}

impl Inputs {
    /// Reads what `source` names.
    ///
    /// # Errors
    ///
    /// A sentence, if it names nothing and standard input is a terminal.
    pub fn read(source: &Source, surroundings: &mut Surroundings<'_>) -> Result<Self, String> {
        let mut inputs = Self::default();
        if !source.command.is_empty() {
            inputs.run(&source.command);
            return Ok(inputs);
        }
        if source.inputs.is_empty() {
            if surroundings.stdin_is_terminal {
                return Err("no input: give a file, pipe the output of borg or borgmatic in, \
                     or put a command behind --"
                    .into());
            }
            inputs.stdin(surroundings.stdin);
        }
        for input in &source.inputs {
            if input == "-" {
                inputs.stdin(surroundings.stdin);
            } else {
                inputs.path(Path::new(input));
            }
        }
        Ok(inputs)
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
            Ok(files) if files.is_empty() => self.problems.push(Problem {
                code: ProblemCode::Unavailable,
                text: "the directory holds no *.json files".into(),
                source: Some(name.into_owned()),
            }),
            Ok(files) => files.iter().for_each(|file| self.path(file)),
            Err(error) => self.unavailable(&name, &error),
        }
    }

    fn bytes(&mut self, name: &str, bytes: &[u8]) {
        self.inputs.push(Input { name: name.into(), reading: read(bytes) });
    }

    fn unavailable(&mut self, name: &str, error: &io::Error) {
        self.problems.push(Problem {
            code: ProblemCode::Unavailable,
            text: format!("cannot be read: {error}"),
            source: Some(name.into()),
        });
    }
}

/// The `*.json` files of a directory, by name. Hidden files are being written.
fn documents(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if path.extension() == Some(OsStr::new("json")) && !hidden && !path.is_dir() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
