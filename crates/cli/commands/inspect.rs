//! `borgq inspect`.

use borgq_json::{Entry, Reading, Skipped};
use borgq_query::{Problem, ProblemCode};
use borgq_report::json;
use borgq_report::table::Column;
use borgq_report::text::terminal;

use super::{maybe, report, table};
use crate::Failure;
use crate::args::Inspect;
use crate::exit::Exit;
use crate::format;
use crate::input::Inputs;
use crate::surroundings::Surroundings;
use crate::watchdog::Watchdog;

pub fn run(args: &Inspect, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    format::check(&args.format, &format::INSPECT)?;
    let inputs =
        Inputs::read(&args.source, &Watchdog::asleep(), surroundings).map_err(Failure::Usage)?;
    let read = inputs.inputs.iter().flat_map(|input| {
        input.reading.problems.iter().map(|problem| {
            let code = ProblemCode::Input(problem.code);
            Problem::of(&input.name, code, problem.text.clone())
        })
    });
    let problems: Vec<_> = inputs.problems.iter().cloned().chain(read).collect();
    let problems: Vec<_> = problems.iter().collect();
    report(&problems, surroundings);
    if !args.format.is_plain() {
        let inputs: Vec<_> = inputs
            .inputs
            .iter()
            .map(|input| json::Input {
                source: &input.name,
                reading: &input.reading,
            })
            .collect();
        let inspect = json::Inspect::new(surroundings.now, &inputs, problems.iter().copied());
        format::print(&args.format, &format::INSPECT, &inspect, surroundings)?;
        return Ok(Exit::of(problems));
    }
    for input in &inputs.inputs {
        text(&input.name, &input.reading, surroundings)?;
    }
    Ok(Exit::of(problems))
}

fn text(name: &str, reading: &Reading, surroundings: &mut Surroundings<'_>) -> std::io::Result<()> {
    let name = if name == "-" { "standard input" } else { name };
    writeln!(
        surroundings.out,
        "{} ({}):",
        terminal(name),
        reading.encoding.name()
    )?;
    let mut rows: Vec<_> = reading.documents.iter().map(document).collect();
    rows.extend(reading.skipped.iter().map(skipped));
    // As they stand in the input.
    rows.sort_by_key(|(offset, _)| *offset);
    let rows: Vec<_> = rows.into_iter().map(|(_, row)| row).collect();
    let columns = [
        Column::number("LINE"),
        Column::number("BYTES"),
        Column::text("WHAT"),
        Column::text("GENERATION"),
        Column::text("REPOSITORY"),
        Column::number("ARCHIVES"),
        Column::text("NOTE"),
    ];
    table(columns, &rows, surroundings)
}

fn document(entry: &Entry) -> (usize, [String; 7]) {
    let document = &entry.document;
    let repository = document.repository();
    let unknown = document.unknown_keys();
    let note = if unknown.is_empty() {
        String::new()
    } else {
        format!("unknown keys: {}", unknown.join(", "))
    };
    let row = [
        entry.position.line.to_string(),
        entry.length.to_string(),
        document.kind().to_string(),
        document.generation().to_string(),
        repository.location.to_display().into_owned(),
        maybe(json::archive_count(document)),
        note,
    ];
    (entry.position.offset, row)
}

fn skipped(part: &Skipped) -> (usize, [String; 7]) {
    const SHOWN: usize = 60;
    let mut sample: String = part.sample.chars().take(SHOWN).collect();
    if sample.len() < part.length {
        sample.push('…');
    }
    let row = [
        part.position.line.to_string(),
        part.length.to_string(),
        format!("skipped {}", part.kind.name()),
        String::new(),
        String::new(),
        String::new(),
        sample,
    ];
    (part.position.offset, row)
}
