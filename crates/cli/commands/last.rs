//! `borgq last`.

use borgq_query::{Group, age};
use borgq_report::json::{Last, write_line};
use borgq_report::{human, table};

use super::{Asked, ask, report};
use crate::Failure;
use crate::args::Query;
use crate::exit::Exit;
use crate::surroundings::Surroundings;

pub fn run(query: &Query, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let Asked { question, inventory, .. } = ask(query, surroundings)?;
    let answer = question.groups(&inventory);
    let problems: Vec<_> = inventory.problems.iter().chain(&answer.problems).collect();
    if query.json {
        let last = Last::new(question.now, &answer.groups, problems.iter().copied());
        write_line(surroundings.out, &last)?;
    } else {
        todo!()
    }
    report(&problems, surroundings);
    let all = answer.groups.iter().all(|group| group.last().is_some());
    Ok(Exit::of(problems).or_none(all))
}
