//! The values that the filter runs over: the inventory, or borg's documents.

use std::cell::RefCell;
use std::panic::resume_unwind;
use std::rc::Rc;
use std::sync::mpsc::SyncSender;
use std::thread;

use borgq_filter::{Needs, Value};
use borgq_json::Reading;
use borgq_query::{Problem, ProblemCode, Question};
use borgq_report::json;
use bytes::Bytes;

use super::Event;
use crate::Failure;
use crate::args::{Jq, Source};
use crate::commands::report;
use crate::exit::Exit;
use crate::input::{Input, Inputs, outline, whole};
use crate::secrets::hide_problem;
use crate::surroundings::Surroundings;
use crate::watchdog::Watchdog;
use crate::zone::LocalZone;

/// The values that the filter runs over, some of them not yet more than texts.
pub struct Documents {
    documents: Vec<Document>,
    /// What the filter sees of each.
    needs: Needs,
    /// What the input proves, whatever the filter makes of it.
    pub exit: Exit,
}

struct Document {
    content: Content,
    /// For people: the input and which document of it. Empty if there is but
    /// one.
    name: String,
}

enum Content {
    Json(Bytes),
    /// A value, and how many characters in it became U+FFFD.
    Value(Value, usize),
}

impl Documents {
    /// Nothing is read, so nothing is missing.
    pub fn none() -> Self {
        Self {
            documents: Vec::new(),
            needs: Needs::ALL.clone(),
            exit: Exit::Answered,
        }
    }

    /// Reads what the arguments name, and says on standard error what is wrong
    /// with it. Of values that are right no more is made than `needs`.
    pub fn read(
        args: &Jq,
        inputs: &[std::ffi::OsString],
        needs: &Needs,
        question: &Question,
        zone: &LocalZone,
        surroundings: &mut Surroundings<'_>,
    ) -> Result<Self, Failure> {
        let source = Source {
            inputs: inputs.to_vec(),
            command: args.source.command.clone(),
            most: args.source.most,
        };
        let watchdog = Watchdog::asleep();
        if args.documents {
            let mut ahead = Ahead { needs, value: None };
            let reader = &mut |text: &Bytes| ahead.read(text);
            let inputs = Inputs::read_with_text(&source, &watchdog, surroundings, reader)
                .map_err(Failure::Usage)?;
            return Ok(Self::printed(inputs, ahead, surroundings));
        }
        let inventory = whole(&source, zone, &watchdog, surroundings).map_err(Failure::Usage)?;
        let (repositories, problem) = question.repositories(&inventory);
        let problems: Vec<_> = inventory.problems.iter().chain(&problem).collect();
        report(&problems, surroundings);
        let answer = json::Inventory::new(question, &repositories, problems.iter().copied());
        let value = Value::needed_of(&answer, needs).map_err(std::io::Error::other)?;
        let exit = Exit::of(problems);
        // The end of the process frees it faster than this could.
        std::mem::forget(inventory);
        Ok(Self {
            documents: vec![Document {
                content: Content::Value(value, 0),
                name: String::new(),
            }],
            needs: needs.clone(),
            exit,
        })
    }

    /// The documents as borg printed them.
    fn printed(inputs: Inputs, mut ahead: Ahead<'_>, surroundings: &mut Surroundings<'_>) -> Self {
        let read = inputs.inputs.iter().flat_map(|input| {
            input.reading.problems.iter().map(|problem| {
                let code = ProblemCode::Input(problem.code);
                Problem::of(&input.name, code, problem.text.clone())
            })
        });
        let problems: Vec<_> = (inputs.problems.iter().cloned().chain(read))
            .map(hide_problem)
            .collect();
        let problems: Vec<_> = problems.iter().collect();
        report(&problems, surroundings);
        let exit = Exit::of(problems);
        let mut documents: Vec<_> = inputs.inputs.iter().flat_map(of_input).collect();
        if let ([input], [document]) = (inputs.inputs.as_slice(), documents.as_mut_slice()) {
            ahead.fill(document, &input.text);
        }
        Self {
            documents,
            needs: ahead.needs.clone(),
            exit,
        }
    }

    /// The values, one after the other or in one array. What is wrong with
    /// their texts is told. `taken` is set to the name of the latest.
    pub fn values(
        self,
        slurp: bool,
        sender: &SyncSender<Event>,
        taken: &Rc<RefCell<String>>,
    ) -> Box<dyn Iterator<Item = Value>> {
        let sender = sender.clone();
        let taken = Rc::clone(taken);
        let needs = self.needs;
        let values = self.documents.into_iter().filter_map(move |document| {
            if !slurp {
                taken.borrow_mut().clone_from(&document.name);
            }
            value(document, &needs, &sender)
        });
        if slurp {
            Box::new(std::iter::once_with(move || Value::array(values)))
        } else {
            Box::new(values)
        }
    }
}
/// The value of a long input that is one document, made while that is checked.
struct Ahead<'a> {
    needs: &'a Needs,
    value: Option<(Value, usize)>,
}

impl Ahead<'_> {
    fn read(&mut self, text: &Bytes) -> Reading {
        /// What is shorter is not worth a thread, in bytes.
        const LONG: usize = 1 << 20;
        if text.len() < LONG {
            return outline(text);
        }
        thread::scope(|scope| {
            let reading = thread::Builder::new().spawn_scoped(scope, || outline(text));
            self.value = Value::read_needed(text, self.needs).ok();
            match reading.map(thread::ScopedJoinHandle::join) {
                Ok(Ok(reading)) => reading,
                Ok(Err(panic)) => resume_unwind(panic),
                // The system has no thread.
                Err(_) => outline(text),
            }
        })
    }

    /// Puts the value into the only document of the only input, if that is all
    /// there is in the text.
    fn fill(&mut self, document: &mut Document, text: &[u8]) {
        if let Some((value, cleaned)) = self.value.take()
            && matches!(&document.content, Content::Json(json) if json.len() == text.trim_ascii().len())
        {
            document.content = Content::Value(value, cleaned);
        }
    }
}

fn value(document: Document, needs: &Needs, sender: &SyncSender<Event>) -> Option<Value> {
    let told = |event: fn(String) -> Event, problem: String| {
        // If nobody listens all ends soon.
        let _ = sender.send(event(sentence(&document.name, &problem)));
    };
    let read = match document.content {
        Content::Json(json) => Value::read_needed(&json, needs),
        Content::Value(value, cleaned) => Ok((value, cleaned)),
    };
    match read {
        Ok((value, 0)) => Some(value),
        Ok((value, cleaned)) => {
            let characters = match cleaned {
                1 => "character",
                _ => "characters",
            };
            let problem = format!("{cleaned} {characters} that JSON cannot hold became U+FFFD");
            told(Event::Problem, problem);
            Some(value)
        }
        Err(error) => {
            told(Event::Lost, error.to_string());
            None
        }
    }
}

/// What is wrong with a document.
pub fn sentence(name: &str, problem: &str) -> String {
    if name.is_empty() {
        problem.to_owned()
    } else {
        format!("{name}: {problem}")
    }
}

fn of_input(input: &Input) -> impl Iterator<Item = Document> {
    let name = match input.name.as_str() {
        "-" => "standard input",
        name => name,
    };
    input.reading.documents.iter().map(move |entry| {
        let start = entry.position.offset;
        let json = input.text.get(start..start + entry.length);
        let json = json.map_or_else(Bytes::new, |json| input.text.slice_ref(json));
        Document {
            content: Content::Json(json),
            name: format!("{name}, line {}", entry.position.line),
        }
    })
}
