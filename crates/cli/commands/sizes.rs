//! `borgq sizes`.

use borgq_query::quantity::{Duration, Percent};
use borgq_query::sizes::{Measured, Measures, Sizes};
use borgq_query::{Archive, Group, Repository};
use borgq_report::human;
use borgq_report::json;
use borgq_report::table::Column;

use super::{Asked, ask_for_all, maybe, name_of, report, table, table_of};
use crate::Failure;
use crate::args;
use crate::exit::Exit;
use crate::format;
use crate::input::Detail;
use crate::surroundings::Surroundings;

type Row<'a> = (&'a Group<'a>, Sizes<'a>);

pub fn run(args: &args::Sizes, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let Asked {
        question,
        inventory,
    } = ask_for_all(&args.query, &format::SIZES, Detail::Measures, surroundings)?;
    let answer = question.groups(&inventory);
    let (repositories, _) = question.repositories(&inventory);
    let groups = answer.groups.iter();
    let rows: Vec<Row<'_>> = groups
        .map(|group| (group, Sizes::of(group.packed())))
        .collect();
    let unknown: Vec<_> = rows
        .iter()
        .filter_map(|(group, sizes)| sizes.problem(group))
        .collect();
    let problems = inventory.problems.iter().chain(&answer.problems);
    let problems: Vec<_> = problems.chain(&unknown).collect();
    report(&problems, surroundings);
    if !args.query.format.is_plain() {
        let problems = problems.iter().copied();
        let sizes = json::Sizes::new(question.now, &rows, &repositories, problems);
        format::print_each(&args.query.format, &format::SIZES, &sizes, surroundings)?;
    } else {
        let noun = question.group_by.noun().to_uppercase();
        archives(&noun, &rows, surroundings)?;
        medians(&noun, &rows, surroundings)?;
        totals(&repositories, surroundings)?;
    }
    let all = answer.groups.iter().all(|group| !group.packed().is_empty());
    Ok(Exit::of(problems).or_none(all))
}

/// The cells that archives and groups have alike.
fn measures(measures: &Measures) -> [String; 6] {
    [
        maybe(measures.original_size.map(human::size)),
        maybe(measures.compressed_size.map(human::size)),
        maybe(measures.deduplicated_size.map(human::size)),
        maybe(measures.files),
        maybe(measures.duration.map(Duration::human)),
        maybe(
            measures
                .bytes_per_second
                .map(|bytes| format!("{}/s", human::size(bytes))),
        ),
    ]
}

fn archives(
    noun: &str,
    rows: &[Row<'_>],
    surroundings: &mut Surroundings<'_>,
) -> std::io::Result<()> {
    let line = |group: &Group<'_>, archive: Archive, measured: Measured| {
        let [
            original,
            compressed,
            deduplicated,
            files,
            duration,
            throughput,
        ] = measures(&measured.measures);
        [
            name_of(group.repository),
            maybe(group.name.as_ref()),
            archive.name.to_display().into_owned(),
            archive.time.to_string(),
            original,
            compressed,
            deduplicated,
            files,
            duration,
            throughput,
            maybe(measured.from_previous.original_size.map(signed)),
            maybe(measured.from_median.original_size.map(signed)),
        ]
    };
    if rows.iter().all(|(_, sizes)| sizes.archives.is_empty()) {
        return Ok(());
    }
    let lines = || {
        rows.iter().flat_map(|(group, sizes)| {
            let line = move |at| {
                let archive = sizes.archives.archive(at)?;
                Some(line(group, archive, sizes.measured(at)?))
            };
            (0..sizes.archives.len()).filter_map(line)
        })
    };
    let columns = [
        Column::text("REPOSITORY"),
        Column::text(noun),
        Column::text("ARCHIVE"),
        Column::fixed("TIME"),
        Column::number("ORIGINAL"),
        Column::number("COMPRESSED"),
        Column::number("DEDUPLICATED"),
        Column::number("FILES"),
        Column::number("DURATION"),
        Column::number("PER SECOND"),
        Column::number("CHANGE"),
        Column::number("TO MEDIAN"),
    ];
    table_of(columns, lines, surroundings)?;
    writeln!(surroundings.out)
}

/// A table of the groups' medians.
fn medians(
    noun: &str,
    rows: &[Row<'_>],
    surroundings: &mut Surroundings<'_>,
) -> std::io::Result<()> {
    let line = |(group, sizes): &Row<'_>| {
        let [
            original,
            compressed,
            deduplicated,
            files,
            duration,
            throughput,
        ] = measures(&sizes.median);
        let largest = sizes.largest.and_then(|at| sizes.archives.archive(at));
        [
            name_of(group.repository),
            maybe(group.name.as_ref()),
            sizes.archives.len().to_string(),
            original,
            compressed,
            deduplicated,
            files,
            duration,
            throughput,
            maybe(largest.map(|largest| largest.name.to_display().into_owned())),
        ]
    };
    if rows.is_empty() {
        return Ok(());
    }
    let columns = [
        Column::text("REPOSITORY"),
        Column::text(noun),
        Column::number("MEDIAN OF"),
        Column::number("ORIGINAL"),
        Column::number("COMPRESSED"),
        Column::number("DEDUPLICATED"),
        Column::number("FILES"),
        Column::number("DURATION"),
        Column::number("PER SECOND"),
        Column::text("LARGEST"),
    ];
    table(
        columns,
        &rows.iter().map(line).collect::<Vec<_>>(),
        surroundings,
    )
}

/// A table of the repositories of which borg gives totals.
fn totals(
    repositories: &[&Repository],
    surroundings: &mut Surroundings<'_>,
) -> std::io::Result<()> {
    let line = |repository: &&Repository| {
        let totals = repository.totals?;
        let ratio = |ratio: Option<f64>| maybe(ratio.map(|ratio| format!("{ratio:.1}")));
        Some([
            name_of(repository),
            human::size(totals.original_size),
            human::size(totals.compressed_size),
            human::size(totals.deduplicated_size),
            ratio(totals.overall_ratio()),
            ratio(totals.deduplication_ratio()),
        ])
    };
    let lines: Vec<_> = repositories.iter().filter_map(line).collect();
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(surroundings.out)?;
    let columns = [
        Column::text("REPOSITORY"),
        Column::number("ALL ARCHIVES"),
        Column::number("COMPRESSED"),
        Column::number("STORED"),
        Column::number("RATIO"),
        Column::number("DEDUPLICATION"),
    ];
    table(columns, &lines, surroundings)
}

/// A change with its sign.
fn signed(change: Percent) -> String {
    let sign = if change > Percent::ZERO { "+" } else { "" };
    format!("{sign}{}", change.human())
}
