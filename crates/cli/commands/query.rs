//! `borgq query`.

mod functions;
mod output;
mod program;
mod source;

use std::mem::ManuallyDrop;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{SyncSender, sync_channel};

use borgq_filter::{Filter, Host, Message, Needs, RunError, Value, on_large_stack};
use borgq_report::text::{lines, terminal};

use crate::Failure;
use crate::args::Jq;
use crate::exit::Exit;
use crate::question::question;
use crate::surroundings::Surroundings;
use crate::zone::LocalZone;
use output::Output;
use program::Program;
use source::{Documents, sentence};

/// The exit statuses of jq that are not those of the other commands.
mod status {
    pub const FALSE: u8 = 1;
    pub const NO_FILTER: u8 = 3;
    pub const NO_OUTPUT: u8 = 4;
    pub const FAILED: u8 = 5;
}

/// Runs the filter. The exit status is jq's; an input that was not read
/// completely comes before all that a filter can say about the rest.
pub fn run(args: &Jq, surroundings: &mut Surroundings<'_>) -> u8 {
    match try_run(args, surroundings) {
        Ok(status) => status,
        Err(failure) => failure.report(surroundings) as u8,
    }
}

fn try_run(args: &Jq, surroundings: &mut Surroundings<'_>) -> Result<u8, Failure> {
    let program = Program::new(args).map_err(Failure::Usage)?;
    let zone = LocalZone::new(args.timezone.as_deref(), surroundings.tz.clone());
    let question = question(&args.question(), surroundings.now, &zone).map_err(Failure::Usage)?;
    let filter = match on_large_stack(|| program.compile(), || ()) {
        Ok(Ok(filter)) => filter,
        Ok(Err(error)) => {
            let text = error.to_string();
            let _ = writeln!(surroundings.err, "borgq: {}", lines(&text));
            return Ok(status::NO_FILTER);
        }
        Err(crashed) => {
            let _ = writeln!(surroundings.err, "borgq: {crashed}");
            return Ok(status::NO_FILTER);
        }
    };
    let documents = if args.null_input && !filter.reads_inputs() {
        Documents::none()
    } else {
        let needs = match args.slurp {
            true => filter.needs().item().unwrap_or(Needs::ALL),
            false => filter.needs(),
        };
        Documents::read(args, &program.inputs, needs, &question, &zone, surroundings)?
    };
    if surroundings.may_end_process && !args.source.command.is_empty() {
        end_on_signals();
    }
    let job = Job {
        program: &program,
        filter: &filter,
        output: Output::new(args, surroundings.stdout_is_terminal),
        null_input: args.null_input,
        slurp: args.slurp,
        now: question.now,
    };
    let mut complete = documents.exit;
    let ended = job.run(documents, &mut complete, surroundings)?;
    Ok(match ended {
        _ if complete == Exit::Incomplete => complete as u8,
        Ended::Closed if args.exit_status => Exit::Incomplete as u8,
        Ended::Closed => complete as u8,
        Ended::Failed => status::FAILED,
        Ended::Outputs(_) if complete != Exit::Answered => complete as u8,
        Ended::Outputs(None) if args.exit_status => status::NO_OUTPUT,
        Ended::Outputs(Some(false)) if args.exit_status => status::FALSE,
        Ended::Outputs(_) => Exit::Answered as u8,
    })
}

/// A filter may run without end, and Ctrl-C must end it. Whoever ran a command
/// before watched for signals, which are ignored from then on.
fn end_on_signals() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    for signal in [SIGHUP, SIGINT, SIGTERM] {
        let always = Arc::new(AtomicBool::new(true));
        // Without it, the signal does what it did.
        let _ = signal_hook::flag::register_conditional_default(signal, always);
    }
}

/// How a run of the filter ended.
enum Ended {
    /// Whoever reads the output has seen enough.
    Closed,
    /// The filter failed on an input.
    Failed,
    /// There were outputs: whether the last one is true for jq, if there is one.
    Outputs(Option<bool>),
}

/// What the thread of the filter tells.
enum Event {
    /// One or several.
    Output(Vec<u8>),
    /// For standard error, as it is.
    Said(String),
    /// For standard error, as a line of its own.
    Problem(String),
    /// The same: why the filter does not get a document.
    Lost(String),
}

struct Job<'a> {
    program: &'a Program,
    filter: &'a Filter,
    output: Output,
    null_input: bool,
    slurp: bool,
    now: chrono::DateTime<chrono::Utc>,
}

impl Job<'_> {
    fn run(
        &self,
        documents: Documents,
        complete: &mut Exit,
        surroundings: &mut Surroundings<'_>,
    ) -> Result<Ended, Failure> {
        // A filter may say much before anybody reads.
        const WAITING: usize = 64;
        let (sender, receiver) = sync_channel(WAITING);
        let mut written = Ok(());
        let Surroundings { out, err, .. } = surroundings;
        let ended = on_large_stack(
            move || self.filter(documents, &sender),
            || {
                for event in receiver {
                    match event {
                        Event::Output(bytes) => written = out.write_all(&bytes),
                        Event::Said(text) => {
                            let _ = err.write_all(lines(&text).as_bytes());
                        }
                        Event::Problem(text) => {
                            let _ = writeln!(err, "borgq: {}", terminal(&text));
                        }
                        Event::Lost(text) => {
                            *complete = Exit::Incomplete;
                            let _ = writeln!(err, "borgq: {}", terminal(&text));
                        }
                    }
                    if written.is_err() {
                        // The thread notices that nobody listens.
                        break;
                    }
                }
            },
        );
        match written {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(Ended::Closed),
            Err(error) => Err(error.into()),
            Ok(()) => Ok(ended.unwrap_or_else(|crashed| {
                let _ = writeln!(surroundings.err, "borgq: {crashed}");
                Ended::Failed
            })),
        }
    }

    /// On the thread of the filter.
    fn filter(&self, documents: Documents, sender: &SyncSender<Event>) -> Ended {
        /// How much is written at once, in bytes.
        const MUCH: usize = 1 << 15;
        let said = sender.clone();
        let taken = Rc::default();
        let host = Host {
            now: functions::seconds_since_1970(self.now),
            inputs: documents.values(self.slurp, sender, &taken),
            functions: functions::ALL,
            messages: Box::new(move |message| {
                // Nobody listens if the output is closed, and then all ends.
                let _ = said.send(Event::Said(text_of(&message)));
            }),
        };
        let run = self.filter.start(host, self.program.values());
        let mut ended = Ended::Outputs(None);
        let mut failed = false;
        let mut written = Vec::new();
        let mut first = self.null_input.then_some(Value::NULL);
        // The end of the process frees the last input and output faster than this could.
        let mut last_input = ManuallyDrop::new(Value::NULL);
        let mut last_output = ManuallyDrop::new(Value::NULL);
        while let Some(input) = first.take().or_else(|| {
            let more = !self.null_input;
            more.then(|| run.next_input()).flatten()
        }) {
            if !self.filter.updates() {
                *last_input = input.clone();
            }
            for output in run.outputs(input) {
                let problem = match output {
                    Ok(value) => {
                        ended = Ended::Outputs(Some(value.is_truthy()));
                        let written = self.output.write(&value, &mut written);
                        *last_output = value;
                        written.map_err(|error| error.to_string())
                    }
                    Err(error) => Err(failure(&error)),
                };
                if let Err(problem) = problem {
                    failed = true;
                    let problem = sentence(&taken.borrow(), &problem);
                    let before = Event::Output(std::mem::take(&mut written));
                    let sent = sender.send(before);
                    if sent
                        .and_then(|()| sender.send(Event::Problem(problem)))
                        .is_err()
                    {
                        return Ended::Closed;
                    }
                } else if written.len() >= MUCH
                    && sender
                        .send(Event::Output(std::mem::take(&mut written)))
                        .is_err()
                {
                    return Ended::Closed;
                }
            }
        }
        if sender.send(Event::Output(written)).is_err() {
            return Ended::Closed;
        }
        if failed { Ended::Failed } else { ended }
    }
}

fn failure(error: &RunError) -> String {
    format!("the filter failed: {error}")
}

/// What `debug` and `stderr` print, as in jq.
fn text_of(message: &Message) -> String {
    let json = |value: &Value| {
        let mut text = Vec::new();
        let written = Output::one_line().write(value, &mut text);
        written.map_or_else(
            |error| error.to_string(),
            |()| String::from_utf8_lossy(&text).into_owned(),
        )
    };
    match message {
        Message::Debug(value) => format!("[\"DEBUG:\",{}]\n", json(value)),
        Message::Stderr(value) => value
            .as_str()
            .map_or_else(|| json(value), std::borrow::Cow::into_owned),
    }
}
