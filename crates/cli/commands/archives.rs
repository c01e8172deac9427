//! `borgq archives`.

use borgq_query::{Judged, LeftOut, Repository};
use borgq_report::human;
use borgq_report::json::{self, write_line};
use borgq_report::table::{self, Cell};

use super::{Asked, ask, name_of, report};
use crate::Failure;
use crate::args::Archives;
use crate::exit::Exit;
use crate::surroundings::Surroundings;

pub fn run(args: &Archives, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let Asked {
        question,
        inventory,
    } = ask(&args.query, surroundings)?;
    let answer = question.groups(&inventory);
    let problems: Vec<_> = inventory.problems.iter().chain(&answer.problems).collect();
    report(&problems, surroundings);
    let mut listed: Vec<(&Repository, Judged<'_>)> = Vec::new();
    let (repositories, _) = question.repositories(&inventory);
    for repository in repositories {
        let judged = repository
            .archives
            .iter()
            .map(|archive| question.judge(archive));
        let shown =
            |judged: &Judged<'_>| args.left_out || judged.left_out != Some(LeftOut::NotMatched);
        let mut archives: Vec<_> = judged.filter(shown).collect();
        archives.sort_by_key(|judged| judged.archive.time.instant);
        listed.extend(archives.into_iter().map(|judged| (repository, judged)));
    }
    if args.query.json {
        let archives = json::Archives::new(question.now, listed, problems.iter().copied());
        write_line(surroundings.out, &archives)?;
    } else if !listed.is_empty() {
        let row = |(repository, judged): &(&Repository, Judged<'_>)| {
            let archive = judged.archive;
            let text = |text: &Option<borgq_query::Text>| {
                Cell::text(
                    text.as_ref()
                        .map(|text| text.to_display())
                        .unwrap_or_default(),
                )
            };
            vec![
                Cell::text(name_of(repository)),
                Cell::text(archive.name.to_display()),
                Cell::text(archive.time.to_string()),
                Cell::number(human::duration(borgq_query::age(archive, question.now))),
                text(&archive.host),
                text(&archive.user),
                Cell::maybe(archive.original_size.map(human::size)),
                Cell::maybe(archive.deduplicated_size.map(human::size)),
                Cell::maybe(archive.files),
                Cell::text(judged.left_out.map(LeftOut::name).unwrap_or_default()),
            ]
        };
        let rows: Vec<_> = listed.iter().map(row).collect();
        table::write(
            surroundings.out,
            &[
                "REPOSITORY",
                "ARCHIVE",
                "TIME",
                "AGE",
                "HOST",
                "USER",
                "SIZE",
                "DEDUPLICATED",
                "FILES",
                "LEFT OUT",
            ],
            &rows,
        )?;
    }
    let all = answer.groups.iter().all(|group| group.last().is_some());
    Ok(Exit::of(problems).or_none(all))
}
