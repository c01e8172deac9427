//! `borgq repos`.

use borgq_query::Summary;
use borgq_report::human;
use borgq_report::json::Repos;
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
    } = ask_for_ends(query, &format::REPOS, surroundings)?;
    let (mut summaries, problem) = question.summaries(&inventory);
    if *only_problems {
        summaries.retain(|summary| summary.newest.is_none());
    }
    let problems: Vec<_> = inventory.problems.iter().chain(&problem).collect();
    report(&problems, surroundings);
    if !query.format.is_plain() {
        let repos = Repos::new(question.now, &summaries, problems.iter().copied());
        format::print(&query.format, &format::REPOS, &repos, surroundings)?;
    } else if !summaries.is_empty() {
        let row = |summary: &Summary<'_>| {
            let repository = summary.repository;
            let listed = repository.listed;
            let totals = repository.totals;
            [
                name_of(repository),
                maybe(listed.then_some(summary.archives)),
                maybe(listed.then_some(summary.complete)),
                maybe(summary.oldest.map(|archive| archive.time)),
                maybe(summary.newest.map(|archive| archive.time)),
                maybe(totals.map(|totals| human::size(totals.original_size))),
                maybe(totals.map(|totals| human::size(totals.deduplicated_size))),
                repository.encryption.to_display().into_owned(),
            ]
        };
        let columns = [
            Column::text("REPOSITORY"),
            Column::number("ARCHIVES"),
            Column::number("COMPLETE"),
            Column::fixed("OLDEST"),
            Column::fixed("NEWEST"),
            Column::number("SIZE"),
            Column::number("DEDUPLICATED"),
            Column::text("ENCRYPTION"),
        ];
        let rows: Vec<_> = summaries.iter().map(row).collect();
        table(columns, &rows, surroundings)?;
    }
    Ok(Exit::of(problems))
}
