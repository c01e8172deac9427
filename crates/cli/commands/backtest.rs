//! `borgq backtest`.

use borgq_query::Group;
use borgq_query::backtest::{Backtest, Held};
use borgq_query::state::State;
use borgq_query::threshold::{self, Limits, Metric, Threshold};
use borgq_report::human;
use borgq_report::json;
use borgq_report::table::Column;
use borgq_report::text::terminal;
use chrono::TimeDelta;

use super::{Asked, ask, maybe, name_of, name_of_group, report, table};
use crate::Failure;
use crate::args;
use crate::exit::Exit;
use crate::format;
use crate::since::since;
use crate::surroundings::Surroundings;

/// A group and its replay.
struct Row<'a> {
    group: &'a Group<'a>,
    replay: Option<Backtest<'a>>,
}

pub fn run(args: &args::Backtest, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let limits = limits(args).map_err(Failure::Usage)?;
    let Asked {
        question,
        inventory,
    } = ask(&args.query, &format::BACKTEST, surroundings)?;
    let since = since(args.since.as_deref(), question.now).map_err(Failure::Usage)?;
    let answer = question.groups(&inventory);
    let replay = |group| Row {
        group,
        replay: Backtest::of(group, &question, &limits, since),
    };
    let rows: Vec<_> = answer.groups.iter().map(replay).collect();
    let problems: Vec<_> = inventory.problems.iter().chain(&answer.problems).collect();
    report(&problems, surroundings);
    if !args.query.format.is_plain() {
        let groups = rows.iter().map(|row| (row.group, row.replay.as_ref()));
        let problems = problems.iter().copied();
        let backtest = json::Backtest::new(question.now, since, &limits, groups, problems);
        format::print(
            &args.query.format,
            &format::BACKTEST,
            &backtest,
            surroundings,
        )?;
    } else if !rows.is_empty() {
        let noun = question.group_by.noun().to_uppercase();
        let lines: Vec<_> = rows.iter().map(|row| cells(row, &limits)).collect();
        table(columns(&noun), &lines, surroundings)?;
        episodes(&noun, &rows, surroundings)?;
        sum(&rows, &limits, surroundings)?;
        notes(&rows, surroundings)?;
    }
    let all = rows.iter().all(|row| row.replay.is_some());
    Ok(Exit::of(problems).or_none(all))
}

fn limits(args: &args::Backtest) -> Result<Limits, String> {
    let read = |option: &str, given: &Option<String>| -> Result<Vec<Threshold>, String> {
        let read: Result<_, _> = given.iter().map(|range| range.parse()).collect();
        read.map_err(|error| format!("{option}: {error}"))
    };
    let warning = read("--warning", &args.warning)?;
    let critical = read("--critical", &args.critical)?;
    let limits = threshold::limits(&warning, &critical).map_err(|error| error.to_string())?;
    match limits.as_slice() {
        [(Metric::Age, limits)] => Ok(*limits),
        _ => Err("only limits on the age can be replayed".into()),
    }
}

fn columns(noun: &str) -> [Column; 8] {
    [
        Column::text("REPOSITORY"),
        Column::text(noun),
        Column::fixed("FROM"),
        Column::number("OK"),
        Column::number("WARNING"),
        Column::number("TIMES"),
        Column::number("CRITICAL"),
        Column::number("TIMES"),
    ]
}

fn cells(row: &Row<'_>, limits: &Limits) -> [String; 8] {
    let held = |state| row.replay.as_ref().map(|replay| replay.held(state));
    let warning = limits.warning.and_then(|_| held(State::Warning));
    let critical = limits.critical.and_then(|_| held(State::Critical));
    let total = |held: Held| human::duration(held.total);
    [
        name_of(row.group.repository),
        maybe(row.group.name.as_ref()),
        match &row.replay {
            Some(replay) => human::instant(replay.from),
            None => "none".into(),
        },
        maybe(held(State::Ok).map(total)),
        maybe(warning.map(total)),
        maybe(warning.map(|held| held.times)),
        maybe(critical.map(total)),
        maybe(critical.map(|held| held.times)),
    ]
}

/// A table of the episodes that were not OK.
fn episodes(
    noun: &str,
    rows: &[Row<'_>],
    surroundings: &mut Surroundings<'_>,
) -> std::io::Result<()> {
    let mut lines = Vec::new();
    for row in rows {
        for episode in row.replay.iter().flat_map(Backtest::alerts) {
            lines.push([
                name_of(row.group.repository),
                maybe(row.group.name.as_ref()),
                episode.state.to_string(),
                human::instant(episode.from),
                if episode.ongoing {
                    "now".into()
                } else {
                    human::instant(episode.to)
                },
                human::duration(episode.length()),
                maybe(episode.ended_by.map(|archive| archive.name.to_display())),
            ]);
        }
    }
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(surroundings.out)?;
    let columns = [
        Column::text("REPOSITORY"),
        Column::text(noun),
        Column::text("STATE"),
        Column::fixed("FROM"),
        Column::fixed("TO"),
        Column::number("DURATION"),
        Column::text("ENDED BY"),
    ];
    table(columns, &lines, surroundings)
}

/// The sum over all groups in one sentence.
fn sum(
    rows: &[Row<'_>],
    limits: &Limits,
    surroundings: &mut Surroundings<'_>,
) -> std::io::Result<()> {
    let replays = || rows.iter().filter_map(|row| row.replay.as_ref());
    if replays().next().is_none() {
        return Ok(());
    }
    let said = |state: State| {
        let all = replays().map(|replay| replay.held(state));
        let (times, total) = all.fold((0, TimeDelta::zero()), |(times, total), held| {
            (times + held.times, total + held.total)
        });
        let often = match times {
            0 => return format!("never {state}"),
            1 => "once".to_owned(),
            times => format!("{times} times"),
        };
        format!("{state} {often}, {} in all", human::duration(total))
    };
    let warning = limits.warning.map(|_| said(State::Warning));
    let critical = limits.critical.map(|_| said(State::Critical));
    let said: Vec<_> = warning.into_iter().chain(critical).collect();
    writeln!(
        surroundings.out,
        "\nThese limits would have said {}.",
        said.join("; ")
    )
}

/// Says where prune has thinned the history.
fn notes(rows: &[Row<'_>], surroundings: &mut Surroundings<'_>) -> std::io::Result<()> {
    for row in rows {
        let thinned = row.replay.as_ref().and_then(|replay| replay.thinned_before);
        let Some(archive) = thinned else { continue };
        writeln!(
            surroundings.out,
            "{}: before {} prune has thinned the history: it was better than it looks.",
            terminal(&name_of_group(row.group)),
            archive.time
        )?;
    }
    Ok(())
}
