//! `borgq inspect`.

use borgq_json::log::{Said, read_log};
use borgq_json::{Entry, Reading, Skipped, SkippedKind, read};
use borgq_query::pattern::{RepositoryFacts, shown_location};
use borgq_query::{Problem, ProblemCode, Selection, Text};
use borgq_report::json::{self, LogEntry};
use borgq_report::table::Column;
use borgq_report::text::terminal;
use bytes::Bytes;

use super::{maybe, report, table};
use crate::Failure;
use crate::args::Inspect;
use crate::exit::Exit;
use crate::format;
use crate::input::{Input, Inputs};
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
    let watchdog = Watchdog::asleep();
    let reader = &mut |bytes: &Bytes| read(bytes);
    let mut inputs = Inputs::read_with_text(&args.source, &watchdog, surroundings, reader)
        .map_err(Failure::Usage)?;
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
    let log: Vec<_> = inputs.inputs.iter().map(log).collect();
    if !args.format.is_plain() {
        let log = log.into_iter().flatten().collect();
        let inputs: Vec<_> = inputs
            .inputs
            .iter()
            .map(|input| json::Input {
                source: &input.name,
                reading: &input.reading,
            })
            .collect();
        let inspect = json::Inspect::new(question.now, &inputs, log, problems.iter().copied());
        format::print(&args.format, &format::INSPECT, &inspect, surroundings)?;
        return Ok(Exit::of(problems));
    }
    for (input, log) in inputs.inputs.iter().zip(&log) {
        text(&input.name, &input.reading, surroundings)?;
        logged(log, surroundings)?;
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
                location: &shown_location(&repository.location),
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

/// What a run logged on standard error, and the log lines in what it printed.
fn log(input: &Input) -> Vec<LogEntry> {
    let reading = &input.reading;
    let parts = reading.skipped.iter();
    let parts = parts.filter(|part| part.kind == SkippedKind::LogLines);
    let printed = parts.flat_map(|part| {
        // As far as to the next document: parts of a kind are counted together.
        let from = part.position.offset;
        let documents = reading.documents.iter().map(|entry| entry.position.offset);
        let to = documents.filter(|offset| *offset > from).min();
        let to = to.unwrap_or(input.text.len());
        let lines = read_log(input.text.get(from..to).unwrap_or_default());
        let lines = lines.into_iter();
        // The text is listed as skipped.
        let lines = lines.filter(|line| matches!(line.said, Said::Json(_)));
        lines.map(move |mut line| {
            line.line += part.position.line - 1;
            LogEntry::new(&input.name, "stdout", &line)
        })
    });
    let errors = read_log(&input.stderr).into_iter();
    let errors = errors.map(|line| LogEntry::new(&input.name, "stderr", &line));
    printed.chain(errors).collect()
}

/// The log as a table. Of the many lines about progress and files it has the number.
fn logged(log: &[LogEntry], surroundings: &mut Surroundings<'_>) -> std::io::Result<()> {
    if log.is_empty() {
        return Ok(());
    }
    let mut many = Vec::new();
    let mut rows = Vec::new();
    for entry in log {
        let kind = (entry.stream, entry.kind.as_str());
        if entry.is_one_of_many() {
            if many.contains(&kind) {
                continue;
            }
            many.push(kind);
        }
        let message = if entry.is_one_of_many() {
            let lines = log
                .iter()
                .filter(|other| (other.stream, other.kind.as_str()) == kind);
            format!("{} in all", lines.count())
        } else {
            entry.message.clone().unwrap_or_default()
        };
        rows.push([
            entry.stream.into(),
            entry.line.to_string(),
            entry.kind.clone(),
            entry.level.unwrap_or_default().into(),
            entry.message_id.clone().unwrap_or_default(),
            message,
        ]);
    }
    writeln!(surroundings.out)?;
    let columns = [
        Column::text("LOG"),
        Column::number("LINE"),
        Column::text("TYPE"),
        Column::text("LEVEL"),
        Column::text("ID"),
        Column::text("MESSAGE"),
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
