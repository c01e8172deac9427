//! `borgq gaps`.

use borgq_query::gaps::{self, Gaps, Period, Slot, Slots};
use borgq_query::{Group, Problem, Zone as _};
use borgq_report::human;
use borgq_report::json;
use borgq_report::table::Column;
use borgq_report::text::terminal;

use super::{Asked, ask_for_all, maybe, name_of, name_of_group, report, table};
use crate::Failure;
use crate::args;
use crate::exit::Exit;
use crate::format;
use crate::input::Detail;
use crate::since::since;
use crate::surroundings::Surroundings;
use crate::zone::LocalZone;

/// A group and what is said of it.
struct Row<'a> {
    group: &'a Group<'a>,
    gaps: Gaps,
    slots: Option<Slots>,
}

pub fn run(args: &args::Gaps, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let zone = LocalZone::new(
        args.query.question.timezone.as_deref(),
        surroundings.tz.clone(),
    );
    let Asked {
        question,
        inventory,
    } = ask_for_all(&args.query, &format::GAPS, Detail::Measures, surroundings)?;
    let since = since(args.since.as_deref(), question.now).map_err(Failure::Usage)?;
    let answer = question.groups(&inventory);
    let gaps: Vec<_> = answer
        .groups
        .iter()
        .map(|group| Gaps::of(group.packed().times(), question.now, since))
        .collect();
    let counted = match args.slots {
        Some(slots) => gaps::slots(&gaps, period(slots), &zone),
        None => Vec::new(),
    };
    let mut more = Vec::new();
    let mut counted = counted
        .into_iter()
        .map(|counted| counted.map_err(|problem| note(&mut more, problem)).ok());
    let rows: Vec<_> = answer
        .groups
        .iter()
        .zip(gaps)
        .map(|(group, gaps)| Row {
            group,
            gaps,
            slots: counted.next().flatten(),
        })
        .collect();
    drop(counted);
    let problems = inventory.problems.iter().chain(&answer.problems);
    let problems: Vec<_> = problems.chain(&more).collect();
    report(&problems, surroundings);
    if !args.query.format.is_plain() {
        let groups = rows
            .iter()
            .map(|row| (row.group, &row.gaps, row.slots.as_ref()));
        let problems = problems.iter().copied();
        let gaps = json::Gaps::new(question.now, since, &zone.name(), groups, problems);
        format::print(&args.query.format, &format::GAPS, &gaps, surroundings)?;
    } else if !rows.is_empty() {
        let noun = question.group_by.noun();
        table(
            columns(noun),
            &rows.iter().map(cells).collect::<Vec<_>>(),
            surroundings,
        )?;
        missing(noun, &rows, surroundings)?;
        notes(&rows, surroundings)?;
    }
    let all = answer.groups.iter().all(|group| !group.packed().is_empty());
    Ok(Exit::of(problems).or_none(all))
}

const fn period(slots: args::Slots) -> Period {
    match slots {
        args::Slots::Hourly => Period::Hourly,
        args::Slots::Daily => Period::Daily,
        args::Slots::Weekly => Period::Weekly,
    }
}

/// Keeps a problem, once: all groups may have the same.
fn note(problems: &mut Vec<Problem>, problem: Problem) {
    if !problems.contains(&problem) {
        problems.push(problem);
    }
}

fn columns(noun: &str) -> [Column; 10] {
    [
        Column::text("REPOSITORY"),
        Column::text(&noun.to_uppercase()),
        Column::number("INTERVALS"),
        Column::number("MEDIAN"),
        Column::number("LONGEST"),
        Column::fixed("FROM"),
        Column::fixed("TO"),
        Column::number("CURRENT"),
        Column::number("SLOTS"),
        Column::number("MISSING"),
    ]
}

fn cells(row: &Row<'_>) -> [String; 10] {
    let gaps = &row.gaps;
    let longest = gaps.longest();
    let archives = row.group.packed();
    let time = |at| archives.archive(at).map(|archive| archive.time);
    [
        name_of(row.group.repository),
        maybe(row.group.name.as_ref()),
        gaps.intervals().len().to_string(),
        maybe(gaps.median().map(human::duration)),
        maybe(longest.map(|longest| human::duration(longest.length()))),
        maybe(longest.and_then(|longest| time(longest.from))),
        maybe(longest.and_then(|longest| time(longest.to))),
        gaps.current.map_or("none".into(), human::duration),
        maybe(row.slots.as_ref().map(Slots::len)),
        maybe(row.slots.as_ref().map(|slots| slots.missing.len())),
    ]
}

/// A table of the slots without a backup: one line for each stretch of them.
fn missing(
    noun: &str,
    rows: &[Row<'_>],
    surroundings: &mut Surroundings<'_>,
) -> std::io::Result<()> {
    let mut lines = Vec::new();
    for row in rows {
        let slots = row.slots.iter().flat_map(|slots| &slots.missing);
        let slots: Vec<_> = slots.collect();
        for stretch in slots.chunk_by(|one, next| one.end == next.start) {
            let name = |slot: Option<&&Slot>| maybe(slot.map(|slot| &slot.name));
            lines.push([
                name_of(row.group.repository),
                maybe(row.group.name.as_ref()),
                name(stretch.first()),
                name(stretch.last()),
                stretch.len().to_string(),
            ]);
        }
    }
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(surroundings.out)?;
    let columns = [
        Column::text("REPOSITORY"),
        Column::text(&noun.to_uppercase()),
        Column::fixed("MISSING FROM"),
        Column::fixed("TO"),
        Column::number("SLOTS"),
    ];
    table(columns, &lines, surroundings)
}

/// Says where prune has thinned the history.
fn notes(rows: &[Row<'_>], surroundings: &mut Surroundings<'_>) -> std::io::Result<()> {
    let mut space = "\n";
    for row in rows {
        let group = row.group;
        let before = row.gaps.thinned_before;
        let Some(archive) = before.and_then(|at| group.packed().archive(at)) else {
            continue;
        };
        writeln!(
            surroundings.out,
            "{space}{}: before {} the intervals are multiples of the newer ones: prune thins \
             history so, they are no sign of missed backups.",
            terminal(&name_of_group(group)),
            archive.time
        )?;
        space = "";
    }
    Ok(())
}
