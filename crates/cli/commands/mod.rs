//! One module a command.

pub mod archives;
pub mod backtest;
pub mod capture;
pub mod check;
pub mod completions;
pub mod diff;
pub mod gaps;
pub mod inspect;
pub mod last;
pub mod man;
pub mod query;
pub mod repos;
pub mod retention;
pub mod rules;
pub mod schema;
pub mod sizes;

use borgq_query::{Group, Inventory, Problem, Question, Repository};

use borgq_report::table::{self, Cell, Column, Layout, Line, Widths};

use crate::args::{Query, Source};
use crate::format::{self, Listing};
use crate::input::{Detail, gather, packed, whole};
use crate::question::question;
use crate::surroundings::Surroundings;
use crate::watchdog::Watchdog;
use crate::zone::LocalZone;
use crate::{Failure, closed_is_seen};

/// A question and the inventory that it is about.
struct Asked {
    question: Question,
    inventory: Inventory,
}

/// Reads the arguments and the inputs of a query command.
fn ask(
    query: &Query,
    listing: &Listing,
    surroundings: &mut Surroundings<'_>,
) -> Result<Asked, Failure> {
    ask_with(
        query,
        listing,
        surroundings,
        |source, _, zone, surroundings| whole(source, zone, &Watchdog::asleep(), surroundings),
    )
}

/// The same for an answer that shows the newest and the oldest archives only.
fn ask_for_ends(
    query: &Query,
    listing: &Listing,
    surroundings: &mut Surroundings<'_>,
) -> Result<Asked, Failure> {
    ask_with(
        query,
        listing,
        surroundings,
        |source, question, zone, surroundings| {
            gather(source, question, zone, &Watchdog::asleep(), surroundings)
        },
    )
}

/// The same for an answer that shows all archives, one after another.
fn ask_for_all(
    query: &Query,
    listing: &Listing,
    detail: Detail,
    surroundings: &mut Surroundings<'_>,
) -> Result<Asked, Failure> {
    ask_with(
        query,
        listing,
        surroundings,
        |source, question, zone, surroundings| packed(source, question, detail, zone, surroundings),
    )
}

fn ask_with(
    query: &Query,
    listing: &Listing,
    surroundings: &mut Surroundings<'_>,
    read: impl FnOnce(
        &Source,
        &Question,
        &LocalZone,
        &mut Surroundings<'_>,
    ) -> Result<Inventory, String>,
) -> Result<Asked, Failure> {
    format::check(&query.format, listing)?;
    let zone = LocalZone::new(query.question.timezone.as_deref(), surroundings.tz.clone());
    let question = question(&query.question, surroundings.now, &zone).map_err(Failure::Usage)?;
    let inventory = read(&query.source, &question, &zone, surroundings).map_err(Failure::Usage)?;
    Ok(Asked {
        question,
        inventory,
    })
}

/// Says on standard error what is wrong.
fn report(problems: &[&Problem], surroundings: &mut Surroundings<'_>) {
    for problem in problems {
        let source = match problem.source.as_deref() {
            Some("-") => "standard input: ".into(),
            Some(source) => format!("{source}: "),
            None => String::new(),
        };
        let sentence = format!("{source}{}", problem.text);
        let _ = writeln!(
            surroundings.err,
            "borgq: {}",
            borgq_report::text::terminal(&sentence)
        );
    }
}

/// What people call a repository: its label, else its location.
fn name_of(repository: &Repository) -> String {
    repository
        .label
        .as_ref()
        .unwrap_or(&repository.location)
        .to_display()
        .into_owned()
}

/// What people call a group: the repository, and the series, host or user.
fn name_of_group(group: &Group<'_>) -> String {
    let repository = name_of(group.repository);
    match &group.name {
        Some(name) => format!("{repository} {name}"),
        None => repository,
    }
}

/// Writes a table. Columns that are empty in all rows are left out.
fn table<const N: usize>(
    columns: [Column; N],
    rows: &[[String; N]],
    surroundings: &mut Surroundings<'_>,
) -> std::io::Result<()> {
    table_of(columns, || rows.iter().cloned(), surroundings)
}

/// The same with rows that are made one by one, and more than once.
fn table_of<const N: usize, Rows: Iterator<Item = [String; N]>>(
    columns: [Column; N],
    rows: impl Fn() -> Rows,
    surroundings: &mut Surroundings<'_>,
) -> std::io::Result<()> {
    let mut shown = [false; N];
    let mut widths = Widths::default();
    for row in rows() {
        let row = row.map(|cell| Cell::from(&*cell));
        for (shown, cell) in shown.iter_mut().zip(&row) {
            *shown = *shown || !cell.is_empty();
        }
        widths.see(&row);
    }
    widths.retain(&shown);
    let of_shown = |row: [String; N]| -> Vec<Cell> {
        let cells = row.iter().zip(shown).filter(|(_, shown)| *shown);
        cells.map(|(cell, _)| cell.into()).collect()
    };
    let columns = columns.into_iter().zip(shown).filter(|(_, shown)| *shown);
    let columns: Vec<_> = columns.map(|(column, _)| column).collect();
    let layout = Layout {
        width: surroundings.width,
        colour: surroundings.colour,
    };
    let lines = &mut |line: &mut Line<'_>| rows().try_for_each(|row| line(&of_shown(row)));
    let written = table::write(surroundings.out, &columns, widths, layout, lines);
    closed_is_seen(written)
}

/// What is not known is an empty cell.
fn maybe(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
