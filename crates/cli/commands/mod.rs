//! One module a command.

pub mod archives;
pub mod check;
pub mod inspect;
pub mod last;
pub mod repos;
pub mod schema;

use borgq_query::{Inventory, Problem, Question, Repository};

use crate::Failure;
use crate::args::Query;
use crate::input::Inputs;
use crate::question::question;
use crate::surroundings::Surroundings;
use crate::zone::LocalZone;

/// A question and the inventory that it is about.
struct Asked {
    question: Question,
    inventory: Inventory,
}

/// Reads the arguments and the inputs of a query command.
fn ask(query: &Query, surroundings: &mut Surroundings<'_>) -> Result<Asked, Failure> {
    let zone = LocalZone::new(query.question.timezone.as_deref(), surroundings.tz.clone());
    let question = question(&query.question, surroundings.now, &zone).map_err(Failure::Usage)?;
    let inputs = Inputs::read(&query.source, surroundings).map_err(Failure::Usage)?;
    Ok(Asked {
        question,
        inventory: inventory(inputs, &zone),
    })
}

fn inventory(inputs: Inputs, zone: &LocalZone) -> Inventory {
    let mut inventory = Inventory::default();
    inventory.problems = inputs.problems;
    for input in inputs.inputs {
        inventory.add_reading(input.reading, &input.name, zone);
    }
    inventory
}

/// Says on standard error what is wrong.
fn report(problems: &[&Problem], surroundings: &mut Surroundings<'_>) {
    for problem in problems {
        let source = match problem.source.as_deref() {
            Some("-") => "standard input: ".into(),
            Some(source) => format!("{source}: "),
            None => String::new(),
        };
        let sentence = format!("{source}{}", problem.text);
        let _ = writeln!(
            surroundings.err,
            "borgq: {}",
            borgq_report::text::terminal(&sentence)
        );
    }
}

/// What people call a repository: its label, else its location.
fn name_of(repository: &Repository) -> String {
    repository
        .label
        .as_ref()
        .unwrap_or(&repository.location)
        .to_display()
        .into_owned()
}
