//! `borgq repos`.

use borgq_query::Summary;
use borgq_report::human;
use borgq_report::json::{Repos, write_line};
use borgq_report::table::{self, Cell};

use super::{Asked, ask, name_of, report};
use crate::Failure;
use crate::args::Query;
use crate::exit::Exit;
use crate::surroundings::Surroundings;

pub fn run(query: &Query, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let Asked {
        question,
        inventory,
    } = ask(query, surroundings)?;
    let (summaries, problem) = question.summaries(&inventory);
    let problems: Vec<_> = inventory.problems.iter().chain(&problem).collect();
    report(&problems, surroundings);
    if query.json {
        let repos = Repos::new(question.now, &summaries, problems.iter().copied());
        write_line(surroundings.out, &repos)?;
    } else if !summaries.is_empty() {
        let row = |summary: &Summary<'_>| {
            let repository = summary.repository;
            let listed = repository.listed;
            let totals = repository.totals;
            let time = |archive: Option<&borgq_query::Archive>| {
                Cell::text(
                    archive
                        .map(|archive| archive.time.to_string())
                        .unwrap_or_default(),
                )
            };
            vec![
                Cell::text(name_of(repository)),
                Cell::maybe(listed.then_some(summary.archives)),
                Cell::maybe(listed.then_some(summary.complete)),
                time(summary.oldest),
                time(summary.newest),
                Cell::maybe(totals.map(|totals| human::size(totals.original_size))),
                Cell::maybe(totals.map(|totals| human::size(totals.deduplicated_size))),
                Cell::text(repository.encryption.to_display()),
            ]
        };
        let rows: Vec<_> = summaries.iter().map(row).collect();
        table::write(
            surroundings.out,
            &[
                "REPOSITORY",
                "ARCHIVES",
                "COMPLETE",
                "OLDEST",
                "NEWEST",
                "SIZE",
                "DEDUPLICATED",
                "ENCRYPTION",
            ],
            &rows,
        )?;
    }
    Ok(Exit::of(problems))
}
