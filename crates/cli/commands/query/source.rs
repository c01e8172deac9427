//! The values that the filter runs over: the inventory, or borg's documents.

use std::sync::mpsc::SyncSender;

use borgq_filter::Value;
use borgq_query::{Problem, ProblemCode, Question};
use borgq_report::json;

use super::Event;
use crate::Failure;
use crate::args::{Jq, Source};
use crate::commands::{inventory, report};
use crate::exit::Exit;
use crate::input::{Input, Inputs};
use crate::surroundings::Surroundings;
use crate::watchdog::Watchdog;
use crate::zone::LocalZone;

/// JSON texts.
pub struct Documents {
    documents: Vec<Document>,
    /// What the input proves, whatever the filter makes of it.
    pub exit: Exit,
}

struct Document {
    json: Vec<u8>,
    /// For people: the input and which document of it.
    name: String,
}

impl Default for Documents {
    /// Nothing is read, so nothing is missing.
    fn default() -> Self {
        Self {
            documents: Vec::new(),
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
        };
        let watchdog = Watchdog::asleep();
        if args.documents {
            let inputs =
                Inputs::read_with_text(&source, &watchdog, surroundings).map_err(Failure::Usage)?;
            return Ok(Self::printed(inputs, surroundings));
        }
        let inputs = Inputs::read(&source, &watchdog, surroundings).map_err(Failure::Usage)?;
        let inventory = inventory(inputs, zone);
        let (repositories, problem) = question.repositories(&inventory);
        let problems: Vec<_> = inventory.problems.iter().chain(&problem).collect();
        report(&problems, surroundings);
        let answer = json::Inventory::new(question, &repositories, problems.iter().copied());
        let json = serde_json::to_vec(&answer).map_err(std::io::Error::from)?;
        Ok(Self {
            documents: vec![Document {
                json,
                name: "the inventory".into(),
            }],
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
        let problems: Vec<_> = inputs.problems.iter().cloned().chain(read).collect();
        let problems: Vec<_> = problems.iter().collect();
        report(&problems, surroundings);
        let exit = Exit::of(problems);
        let documents = inputs.inputs.iter().flat_map(of_input).collect();
        Self { documents, exit }
    }

    /// The values, one after the other or in one array. What is wrong with
    /// their texts is told.
    pub fn values(
        &self,
        slurp: bool,
        sender: &SyncSender<Event>,
    ) -> Box<dyn Iterator<Item = Value>> {
        let texts: Vec<_> = self
            .documents
            .iter()
            .map(|document| (document.json.clone(), document.name.clone()))
            .collect();
        let sender = sender.clone();
        let values = texts
            .into_iter()
            .filter_map(move |(json, name)| value(&json, &name, &sender));
        if slurp {
            Box::new(std::iter::once_with(move || Value::array(values)))
        } else {
            Box::new(values)
        }
    }
}

fn value(json: &[u8], name: &str, sender: &SyncSender<Event>) -> Option<Value> {
    match Value::read_cleaned(json) {
        Ok((value, 0)) => Some(value),
        Ok((value, cleaned)) => {
            let characters = if cleaned == 1 {
                "character"
            } else {
                "characters"
            };
            let text =
                format!("{name}: {cleaned} {characters} that JSON cannot hold became U+FFFD");
            let _ = sender.send(Event::Problem(text));
            Some(value)
        }
        Err(error) => {
            let _ = sender.send(Event::Problem(format!("{name}: {error}")));
            None
        }
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
