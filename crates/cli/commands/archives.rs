//! `borgq archives`.

use borgq_query::packed::Listing;
use borgq_query::{Archive, LeftOut, Repository, Text, age};
use borgq_report::human;
use borgq_report::json;
use borgq_report::table::Column;

use super::{Asked, ask_for_all, maybe, name_of, report, table_of};
use crate::Failure;
use crate::args::Archives;
use crate::exit::Exit;
use crate::format;
use crate::input::Detail;
use crate::surroundings::Surroundings;

pub fn run(args: &Archives, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let Asked {
        question,
        inventory,
    } = ask_for_all(&args.query, &format::ARCHIVES, Detail::All, surroundings)?;
    let answer = question.groups(&inventory);
    let problems: Vec<_> = inventory.problems.iter().chain(&answer.problems).collect();
    report(&problems, surroundings);
    let (repositories, _) = question.repositories(&inventory);
    let listed = Listing::of(repositories, args.left_out);
    if !args.query.format.is_plain() {
        let archives = json::Archives::new(question.now, &listed, problems.iter().copied());
        format::print_each(
            &args.query.format,
            &format::ARCHIVES,
            &archives,
            surroundings,
        )?;
    } else if !listed.is_empty() {
        let row = |(repository, archive, left_out): (&Repository, Archive, Option<LeftOut>)| {
            let text = |text: &Option<Text>| maybe(text.as_ref().map(Text::to_display));
            [
                name_of(repository),
                archive.name.to_display().into_owned(),
                archive.time.to_string(),
                // What is later than now has no age.
                maybe(
                    (archive.time.instant <= question.now)
                        .then(|| human::duration(age(&archive, question.now))),
                ),
                text(&archive.host),
                text(&archive.user),
                maybe(archive.original_size.map(human::size)),
                maybe(archive.deduplicated_size.map(human::size)),
                maybe(archive.files),
                maybe(left_out),
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
        let rows = || (0..listed.len()).filter_map(|at| listed.get(at)).map(row);
        table_of(columns, rows, surroundings)?;
    }
    let all = answer.groups.iter().all(|group| !group.packed().is_empty());
    Ok(Exit::of(problems).or_none(all))
}
