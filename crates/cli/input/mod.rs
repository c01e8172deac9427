//! Reads the inputs that the arguments name.

mod gather;
mod kept;
mod outline;
mod part;
mod place;
mod sets;

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::path::Path;

use borgq_capture::{Capture, CaptureError, Ended, Outcome};
use borgq_json::{ProblemCode as InputCode, Reading, read, text_of};
use borgq_query::quantity::Size;
use borgq_query::run::{Run, RunEnd};
use borgq_query::{Checked, Checks, Id, Inventory, Problem, ProblemCode};
use bytes::Bytes;
use chrono::{DateTime, Utc};

use crate::args::Source;
use crate::clock;
use crate::surroundings::Surroundings;
use crate::watchdog::Watchdog;
use crate::zone::LocalZone;
use place::{Place, all, places, unavailable};

pub use gather::{gather, packed, whole};
pub use kept::Detail;
pub use outline::outline;

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
    pub text: Bytes,
}

/// What is known of how an input was made.
#[derive(Debug, Default)]
pub struct Origin {
    /// When.
    pub made: Option<DateTime<Utc>>,
    /// In which zone.
    pub zone: Option<LocalZone>,
    /// When consistency checks had been done.
    pub checks: Option<Vec<borgq_capture::Check>>,
}

/// All inputs, and what is wrong with those that could not be read.
#[derive(Debug)]
pub struct Inputs {
    /// What was read, in the order of the arguments.
    pub inputs: Vec<Input>,
    /// What was not, and why.
    pub problems: Vec<Problem>,
    keep_text: bool,
    /// The longest input that is read.
    most: Size,
}

impl Inputs {
    const fn new(most: Size) -> Self {
        Self {
            inputs: Vec::new(),
            problems: Vec::new(),
            keep_text: false,
            most,
        }
    }

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
        let mut inputs = Self::new(source.most.max_input);
        for place in places(source, watchdog, surroundings)? {
            inputs.take(&place, watchdog, &mut |bytes| read(bytes));
        }
        Ok(inputs)
    }

    /// As [`Inputs::read`], and keeps the text of the inputs. What is in a file
    /// or in standard input is read by `reader`, unless it is a capture.
    ///
    /// # Errors
    ///
    /// Those of [`Inputs::read`].
    pub fn read_with_text(
        source: &Source,
        watchdog: &Watchdog,
        surroundings: &mut Surroundings<'_>,
        reader: &mut dyn FnMut(&Bytes) -> Reading,
    ) -> Result<Self, String> {
        let mut inputs = Self {
            keep_text: true,
            ..Self::new(source.most.max_input)
        };
        for place in places(source, watchdog, surroundings)? {
            inputs.take(&place, watchdog, reader);
        }
        Ok(inputs)
    }

    /// Reads what is at a place.
    fn take(
        &mut self,
        place: &Place,
        watchdog: &Watchdog,
        reader: &mut dyn FnMut(&Bytes) -> Reading,
    ) {
        match place {
            Place::Stdin(bytes) => self.bytes("-", bytes, None, reader),
            Place::File(path) => {
                let name = path.to_string_lossy();
                watchdog.stage(&format!("reading {name}"));
                match contents(path, self.most) {
                    Ok((bytes, made)) => self.bytes(&name, &bytes.into(), made, reader),
                    Err(error) => self.problems.push(unavailable(&name, &error)),
                }
            }
            // The command printed what was kept of another.
            Place::Run { name, outcome, .. }
                if outcome.ended == WELL && Capture::is(&outcome.stdout) =>
            {
                self.captures(name, &outcome.stdout);
            }
            Place::Run { name, outcome, now } => {
                let ran = Ran {
                    ended: outcome.ended,
                    stdout: &outcome.stdout,
                    stderr: &outcome.stderr,
                };
                let origin = Origin {
                    made: Some(*now),
                    ..Origin::default()
                };
                self.ran(name, ran, origin);
            }
            Place::Nowhere(problem) => self.problems.push(problem.clone()),
        }
    }

    fn bytes(
        &mut self,
        name: &str,
        bytes: &Bytes,
        made: Option<DateTime<Utc>>,
        reader: &mut dyn FnMut(&Bytes) -> Reading,
    ) {
        if Capture::is(bytes) {
            return self.captures(name, bytes);
        }
        self.inputs.push(Input {
            name: name.into(),
            reading: reader(bytes),
            origin: Origin {
                made,
                ..Origin::default()
            },
            stderr: Vec::new(),
            text: self.text(bytes),
        });
    }

    /// One capture, or several, as cat prints them.
    fn captures(&mut self, name: &str, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let (first, behind) = Capture::split(bytes);
            self.capture(name, first);
            bytes = behind;
        }
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
            checks: header.checks.clone(),
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
        let text = match self.keep_text {
            true => self.text(&Bytes::copy_from_slice(ran.stdout)),
            false => Bytes::new(),
        };
        self.inputs.push(Input {
            name: name.into(),
            reading,
            origin,
            stderr: ran.stderr.to_vec(),
            text,
        });
    }

    fn text(&self, bytes: &Bytes) -> Bytes {
        match self.keep_text.then(|| text_of(bytes)) {
            None => Bytes::new(),
            Some(Cow::Borrowed(text)) => bytes.slice_ref(text),
            Some(Cow::Owned(text)) => text.into(),
        }
    }

    fn problem(&mut self, code: ProblemCode, text: String, name: &str) {
        self.problems.push(Problem::of(name, code, text));
    }

    /// All that was read. Clock readings of inputs that do not know their zone
    /// are taken in `zone`.
    pub fn into_inventory(self, zone: &LocalZone) -> Inventory {
        let mut inventory = Inventory::default();
        inventory.problems = self.problems;
        for input in self.inputs {
            inventory.inputs.push(borgq_query::Input {
                name: input.name.clone(),
                made: input.origin.made,
            });
            let documents = input.reading.documents.iter();
            let told = documents.map(|entry| entry.document.repository().id);
            if let Some(checks) = checks(input.origin.checks.as_deref(), told) {
                inventory.checks.get_or_insert_default().extend(checks);
            }
            let zone = input.origin.zone.as_ref().unwrap_or(zone);
            inventory.add_reading(input.reading, &input.name, zone);
        }
        inventory
    }
}

/// What a capture says of the consistency checks of the repositories in it.
fn checks(
    checks: Option<&[borgq_capture::Check]>,
    repositories: impl Iterator<Item = Id>,
) -> Option<Checks> {
    let checked = |check: &borgq_capture::Check| Checked {
        repository_id: check.repository_id.clone(),
        kind: check.kind.clone(),
        time: check.time,
    };
    Some(Checks {
        done: checks?.iter().map(checked).collect(),
        told: repositories.collect(),
    })
}

/// Whether a run proves something: it did not fail, and printed whole documents.
pub fn proves(outcome: &Outcome) -> bool {
    // What was ended is not read: it may be more than there is memory for.
    if !matches!(outcome.ended, Ended::Exited(_)) {
        return false;
    }
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

/// How a run ends that did not fail.
const WELL: Ended = Ended::Exited(0);

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
fn contents(path: &Path, most: Size) -> io::Result<(Vec<u8>, Option<DateTime<Utc>>)> {
    let mut file = File::open(path)?;
    let bytes = all(&mut file, most)?;
    let modified = file.metadata()?.modified();
    Ok((bytes, modified.ok().and_then(clock::instant)))
}
