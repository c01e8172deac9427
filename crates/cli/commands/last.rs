//! `borgq last`.

use borgq_query::{Group, age};
use borgq_report::human;
use borgq_report::json::Last;
use borgq_report::table::Column;

use super::{Asked, ask_for_ends, maybe, name_of, report, table};
use crate::Failure;
use crate::args::Backups;
use crate::exit::Exit;
use crate::format;
use crate::surroundings::Surroundings;

pub fn run(args: &Backups, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let Backups {
        query,
        only_problems,
    } = args;
    let Asked {
        question,
        inventory,
    } = ask_for_ends(query, &format::LAST, surroundings)?;
    let mut answer = question.groups(&inventory);
    let all = answer.groups.iter().all(|group| group.last().is_some());
    if *only_problems {
        answer.groups.retain(|group| group.last().is_none());
    }
    let problems: Vec<_> = inventory.problems.iter().chain(&answer.problems).collect();
    report(&problems, surroundings);
    if !query.format.is_plain() {
        let last = Last::new(question.now, &answer.groups, problems.iter().copied());
        format::print(&query.format, &format::LAST, &last, surroundings)?;
    } else if !answer.groups.is_empty() {
        let row = |group: &Group<'_>| {
            let last = group.last();
            [
                name_of(group.repository),
                maybe(group.name.as_ref()),
                last.map_or("none".into(), |last| last.name.to_display().into_owned()),
                maybe(last.map(|last| last.time)),
                maybe(last.map(|last| human::duration(age(last, question.now)))),
            ]
        };
        let columns = [
            Column::text("REPOSITORY"),
            Column::text(&question.group_by.noun().to_uppercase()),
            Column::text("LAST ARCHIVE"),
            Column::fixed("TIME"),
            Column::number("AGE"),
        ];
        let rows: Vec<_> = answer.groups.iter().map(row).collect();
        table(columns, &rows, surroundings)?;
    }
    Ok(Exit::of(problems).or_none(all))
}
