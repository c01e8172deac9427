//! `borgq archives`.

use borgq_query::{Judged, LeftOut, Repository, Text, age};
use borgq_report::human;
use borgq_report::json;
use borgq_report::table::Column;

use super::{Asked, ask, maybe, name_of, report, table};
use crate::Failure;
use crate::args::Archives;
use crate::exit::Exit;
use crate::format;
use crate::surroundings::Surroundings;

pub fn run(args: &Archives, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let Asked {
        question,
        inventory,
    } = ask(&args.query, &format::ARCHIVES, surroundings)?;
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
    if !args.query.format.is_plain() {
        let archives = json::Archives::new(question.now, listed, problems.iter().copied());
        format::print(
            &args.query.format,
            &format::ARCHIVES,
            &archives,
            surroundings,
        )?;
    } else if !listed.is_empty() {
        let row = |(repository, judged): &(&Repository, Judged<'_>)| {
            let archive = judged.archive;
            let text = |text: &Option<Text>| maybe(text.as_ref().map(Text::to_display));
            [
                name_of(repository),
                archive.name.to_display().into_owned(),
                archive.time.to_string(),
                // What is later than now has no age.
                maybe(
                    (archive.time.instant <= question.now)
                        .then(|| human::duration(age(archive, question.now))),
                ),
                text(&archive.host),
                text(&archive.user),
                maybe(archive.original_size.map(human::size)),
                maybe(archive.deduplicated_size.map(human::size)),
                maybe(archive.files),
                maybe(judged.left_out),
            ]
        };
        let columns = [
            Column::text("REPOSITORY"),
            Column::text("ARCHIVE"),
            Column::fixed("TIME"),
            Column::number("AGE"),
            Column::text("HOST"),
            Column::text("USER"),
            Column::number("SIZE"),
            Column::number("DEDUPLICATED"),
            Column::number("FILES"),
            Column::text("LEFT OUT"),
        ];
        let rows: Vec<_> = listed.iter().map(row).collect();
        table(columns, &rows, surroundings)?;
    }
    let all = answer.groups.iter().all(|group| group.last().is_some());
    Ok(Exit::of(problems).or_none(all))
}
