//! `borgq inspect`.

use borgq_json::{Entry, Reading, Skipped};
use borgq_query::pattern::RepositoryFacts;
use borgq_query::{Problem, ProblemCode, Selection, Text};
use borgq_report::json;
use borgq_report::table::Column;
use borgq_report::text::terminal;

use super::{maybe, report, table};
use crate::Failure;
use crate::args::Inspect;
use crate::exit::Exit;
use crate::format;
use crate::input::Inputs;
use crate::question::question;
use crate::secrets::{hide_problem, hide_reading};
use crate::surroundings::Surroundings;
use crate::watchdog::Watchdog;
use crate::zone::LocalZone;

pub fn run(args: &Inspect, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    format::check(&args.format, &format::INSPECT)?;
    let asked = args.question.question();
    let zone = LocalZone::new(asked.timezone.as_deref(), surroundings.tz.clone());
    let question = question(&asked, surroundings.now, &zone).map_err(Failure::Usage)?;
    let mut inputs =
        Inputs::read(&args.source, &Watchdog::asleep(), surroundings).map_err(Failure::Usage)?;
    let none = select(&question.selection, &mut inputs);
    for input in &mut inputs.inputs {
        hide_reading(&mut input.reading);
    }
    let read = inputs.inputs.iter().flat_map(|input| {
        input.reading.problems.iter().map(|problem| {
            let code = ProblemCode::Input(problem.code);
            Problem::of(&input.name, code, problem.text.clone())
        })
    });
    let problems: Vec<_> = inputs
        .problems
        .iter()
        .cloned()
        .chain(read)
        .chain(none)
        .map(hide_problem)
        .collect();
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
        let inspect = json::Inspect::new(question.now, &inputs, problems.iter().copied());
        format::print(&args.format, &format::INSPECT, &inspect, surroundings)?;
        return Ok(Exit::of(problems));
    }
    for input in &inputs.inputs {
        text(&input.name, &input.reading, surroundings)?;
    }
    Ok(Exit::of(problems))
}

/// Leaves only the documents about the chosen repositories. If there are
/// documents and none is left, that is a problem.
fn select(selection: &Selection, inputs: &mut Inputs) -> Option<Problem> {
    let (mut read, mut left) = (0, 0);
    for input in &mut inputs.inputs {
        let documents = &mut input.reading.documents;
        read += documents.len();
        documents.retain(|entry| {
            let repository = entry.document.repository();
            selection.repositories.matches(&RepositoryFacts {
                id_hex: &repository.id.to_string(),
                label: repository.label.as_ref().map(Text::to_display).as_deref(),
                location: &repository.location.to_display(),
            })
        });
        left += documents.len();
    }
    (left == 0 && read > 0).then(|| {
        let text = format!("none of the documents is about these repositories ({read} were read)");
        Problem::new(ProblemCode::NothingMatched, text)
    })
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
    if rows.is_empty() {
        return Ok(());
    }
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
