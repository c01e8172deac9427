//! `borgq diff`.

use std::ffi::OsStr;

use borgq_query::Inventory;
use borgq_query::diff::{Diff, Difference, What};
use borgq_report::human;
use borgq_report::json;
use borgq_report::table::Column;

use super::{maybe, name_of, report, table};
use crate::Failure;
use crate::args;
use crate::exit::Exit;
use crate::format;
use crate::input::whole;
use crate::question::question;
use crate::surroundings::Surroundings;
use crate::watchdog::Watchdog;
use crate::zone::LocalZone;

pub fn run(args: &args::Diff, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    format::check(&args.format, &format::DIFF)?;
    if args.old == "-" && args.new == "-" {
        let sentence = "OLD and NEW cannot both be standard input, give a file for one of them";
        return Err(Failure::Usage(sentence.into()));
    }
    let zone = LocalZone::new(args.question.timezone.as_deref(), surroundings.tz.clone());
    let question = question(&args.question, surroundings.now, &zone).map_err(Failure::Usage)?;
    let old = read(&args.old, args.most, &zone, surroundings)?;
    let new = read(&args.new, args.most, &zone, surroundings)?;
    let diff = Diff::of(&old, &new, &question);
    let problems = old.problems.iter().chain(&new.problems);
    let problems: Vec<_> = problems.chain(&diff.problems).collect();
    report(&problems, surroundings);
    let exit = Exit::of(problems.iter().copied());
    if !args.format.is_plain() {
        let diff = json::Diff::new(question.now, question.group_by, &diff.differences, problems);
        format::print(&args.format, &format::DIFF, &diff, surroundings)?;
    } else if !diff.differences.is_empty() {
        let columns = [
            Column::text("REPOSITORY"),
            Column::text("DIFFERENCE"),
            Column::text(&question.group_by.noun().to_uppercase()),
            Column::text("ARCHIVE"),
            Column::fixed("TIME"),
            Column::number("SILENT"),
            Column::number("USUAL"),
            Column::text("BEFORE"),
            Column::text("AFTER"),
        ];
        let rows: Vec<_> = diff.differences.iter().map(row).collect();
        table(columns, &rows, surroundings)?;
    } else if exit == Exit::Answered {
        writeln!(surroundings.out, "no differences")?;
    }
    Ok(exit)
}

fn read(
    input: &OsStr,
    most: args::Most,
    zone: &LocalZone,
    surroundings: &mut Surroundings<'_>,
) -> Result<Inventory, Failure> {
    let source = args::Source {
        inputs: vec![input.to_owned()],
        command: Vec::new(),
        most,
    };
    whole(&source, zone, &Watchdog::asleep(), surroundings).map_err(Failure::Usage)
}

fn row(difference: &Difference<'_>) -> [String; 9] {
    let what = &difference.what;
    let (archive, stopped) = match what {
        What::Came(archive) | What::Went(archive) => (Some(*archive), None),
        What::Stopped(stopped) => (Some(stopped.last), Some(stopped)),
        _ => (None, None),
    };
    let [before, after] = what.change().unwrap_or_default();
    [
        name_of(difference.repository),
        what.name().into(),
        maybe(stopped.and_then(|stopped| stopped.group.as_ref())),
        maybe(archive.map(|archive| archive.name.to_display())),
        maybe(archive.map(|archive| archive.time)),
        maybe(stopped.map(|stopped| human::duration(stopped.silence))),
        maybe(stopped.and_then(|stopped| stopped.usual.map(human::duration))),
        before,
        after,
    ]
}
