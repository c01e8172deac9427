//! The values that the filter runs over: the inventory, or borg's documents.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use borgq_filter::Value;
use borgq_query::{Problem, ProblemCode, Question};
use borgq_report::json;

use super::Event;
use crate::Failure;
use crate::args::{Jq, Source};
use crate::commands::report;
use crate::exit::Exit;
use crate::input::{Input, Inputs, whole};
use crate::secrets::hide_problem;
use crate::surroundings::Surroundings;
use crate::watchdog::Watchdog;
use crate::zone::LocalZone;

/// JSON texts.
pub struct Documents {
    documents: Arc<[Document]>,
    /// What the input proves, whatever the filter makes of it.
    pub exit: Exit,
}

struct Document {
    json: Vec<u8>,
    /// For people: the input and which document of it. Empty if there is but
    /// one.
    name: String,
}

impl Default for Documents {
    /// Nothing is read, so nothing is missing.
    fn default() -> Self {
        Self {
            documents: Arc::default(),
            exit: Exit::Answered,
        }
    }
}

impl Documents {
    /// Reads what the arguments name, and says on standard error what is wrong
    /// with it.
    pub fn read(
        args: &Jq,
        inputs: &[std::ffi::OsString],
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
            let inputs =
                Inputs::read_with_text(&source, &watchdog, surroundings).map_err(Failure::Usage)?;
            return Ok(Self::printed(inputs, surroundings));
        }
        let inventory = whole(&source, zone, &watchdog, surroundings).map_err(Failure::Usage)?;
        let (repositories, problem) = question.repositories(&inventory);
        let problems: Vec<_> = inventory.problems.iter().chain(&problem).collect();
        report(&problems, surroundings);
        let answer = json::Inventory::new(question, &repositories, problems.iter().copied());
        let json = serde_json::to_vec(&answer).map_err(std::io::Error::from)?;
        Ok(Self {
            documents: Arc::new([Document {
                json,
                name: String::new(),
            }]),
            exit: Exit::of(problems),
        })
    }

    /// The documents as borg printed them.
    fn printed(inputs: Inputs, surroundings: &mut Surroundings<'_>) -> Self {
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
        let documents = inputs.inputs.iter().flat_map(of_input).collect();
        Self { documents, exit }
    }

    /// The values, one after the other or in one array. What is wrong with
    /// their texts is told. `taken` is set to the name of the latest.
    pub fn values(
        &self,
        slurp: bool,
        sender: &SyncSender<Event>,
        taken: &Rc<RefCell<String>>,
    ) -> Box<dyn Iterator<Item = Value>> {
        let documents = Arc::clone(&self.documents);
        let sender = sender.clone();
        let taken = Rc::clone(taken);
        let texts = (0..documents.len()).map(move |at| {
            documents.get(at).map(|document| {
                if !slurp {
                    taken.borrow_mut().clone_from(&document.name);
                }
                value(document, &sender)
            })
        });
        let values = texts.flatten().flatten();
        if slurp {
            Box::new(std::iter::once_with(move || Value::array(values)))
        } else {
            Box::new(values)
        }
    }
}

fn value(document: &Document, sender: &SyncSender<Event>) -> Option<Value> {
    let told = |problem: String| {
        // If nobody listens all ends soon.
        let _ = sender.send(Event::Problem(sentence(&document.name, &problem)));
    };
    match Value::read_cleaned(&document.json) {
        Ok((value, 0)) => Some(value),
        Ok((value, cleaned)) => {
            let characters = match cleaned {
                1 => "character",
                _ => "characters",
            };
            told(format!(
                "{cleaned} {characters} that JSON cannot hold became U+FFFD"
            ));
            Some(value)
        }
        Err(error) => {
            told(error.to_string());
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
        Document {
            json: json.unwrap_or_default().to_vec(),
            name: format!("{name}, line {}", entry.position.line),
        }
    })
}
