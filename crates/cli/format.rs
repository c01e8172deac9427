//! `--format` and its companions: how the rows of an answer are printed.

use std::io;

use borgq_report::json::write_line;
use borgq_report::rows::{Answer, Place, Rows, Source, fields};
use borgq_report::table::Layout;
use serde::Serialize;

use crate::args::{Format, FormatName};
use crate::commands::schema;
use crate::surroundings::Surroundings;
use crate::{Failure, closed_is_seen};

/// An answer whose rows can be printed in every format.
///
/// A command joins by naming its own here, by calling [`check`] before it reads
/// anything, and [`print`] with its JSON answer unless [`Format::is_plain`].
#[derive(Clone, Copy, Debug)]
pub struct Listing {
    /// The name of the answer's schema.
    schema: &'static str,
    place: Place,
    /// The columns if none are chosen.
    fields: &'static [&'static str],
    /// Those of them that a table has no room for.
    wide: &'static [&'static str],
}

macro_rules! listings {
    ($($NAME:ident $schema:literal $list:literal $nested:expr,
        [$($field:literal),* $(,)?] wide [$($wide:literal),* $(,)?])*) => {
        $(pub const $NAME: Listing = Listing {
            schema: $schema,
            place: Place { list: $list, nested: $nested },
            fields: &[$($field),*],
            wide: &[$($wide),*],
        };)*

        #[cfg(test)]
        const ALL: &[Listing] = &[$($NAME),*];
    };
}

listings! {
    LAST "last" "backups" None, [
        "repository.location", "repository.label", "group", "archive.name", "archive.time",
        "age_seconds",
    ] wide []
    ARCHIVES "archives" "archives" None, [
        "repository_id", "name", "id", "time", "series", "complete", "left_out", "host", "user",
        "comment", "tags", "duration_seconds", "original_size", "compressed_size",
        "deduplicated_size", "files",
    ] wide ["repository_id", "id", "series", "complete", "comment", "tags", "compressed_size"]
    REPOS "repos" "repositories" None, [
        "location", "label", "id", "archives", "complete_archives", "oldest", "newest",
        "original_size", "deduplicated_size", "encryption", "last_modified",
    ] wide ["id", "last_modified"]
    GAPS "gaps" "gaps" None, [
        "repository.location", "repository.label", "group", "median_seconds",
        "longest.duration_seconds", "longest.from.name", "longest.to.name",
        "current.duration_seconds", "slots.total", "slots.filled", "thinned",
    ] wide ["longest.from.name", "longest.to.name"]
    BACKTEST "backtest" "backtests" None, [
        "repository.location", "repository.label", "group", "replay.from", "replay.to",
        "replay.ok.total_seconds", "replay.warning.times", "replay.warning.total_seconds",
        "replay.critical.times", "replay.critical.total_seconds",
    ] wide ["replay.to"]
    SIZES "sizes" "sizes" Some("archives"), [
        "repository.location", "repository.label", "group", "name", "time", "original_size",
        "compressed_size", "deduplicated_size", "files", "duration_seconds", "bytes_per_second",
        "change_from_previous.original_size_percent", "change_from_median.original_size_percent",
    ] wide ["compressed_size", "bytes_per_second"]
    DIFF "diff" "differences" None, [
        "repository.location", "repository.label", "group", "kind", "archive.name",
        "archive.time", "before", "after",
    ] wide []
    RETENTION "retention" "retention" Some("archives"), [
        "repository.location", "repository.label", "group", "name", "time", "kept", "rule",
        "number", "oldest",
    ] wide ["oldest"]
    RULES_CHECK "rules-check" "groups" None, [
        "rule", "repository.location", "repository.label", "group", "owner", "note",
    ] wide []
    INSPECT "inspect" "documents" None, [
        "source", "line", "length", "kind", "generation", "location", "archives",
    ] wide ["length"]
}

/// Checks the arguments before anything is read.
///
/// # Errors
///
/// A sentence that says which argument is wrong, and lists the fields if one is
/// not known.
pub fn check(format: &Format, listing: &Listing) -> Result<(), Failure> {
    let name = format.name();
    let value = name == FormatName::Value;
    let sentence = match (&format.field, &format.fields) {
        (None, _) if value => Some("--format value: say which with --field"),
        (Some(_), _) if !value => Some("--field prints one value a row: leave --format away"),
        (_, Some(_)) if matches!(name, FormatName::Json | FormatName::Jsonl) || value => {
            Some("--fields chooses columns of a table, csv or tsv")
        }
        _ => None,
    };
    if let Some(sentence) = sentence {
        return Err(Failure::Usage(sentence.into()));
    }
    let named = format.field.iter().chain(format.fields.iter().flatten());
    let mut named = named.chain(&format.sort).peekable();
    if named.peek().is_none() {
        return Ok(());
    }
    let known = listing.known();
    match named.find(|name| !known.contains(name)) {
        None => Ok(()),
        Some(name) => Err(Failure::Usage(format!(
            "there is no field {name:?}, expected one of {}",
            known.join(", ")
        ))),
    }
}

/// Prints an answer in another way than by the command's own table.
///
/// # Errors
///
/// If the output cannot be written.
pub fn print(
    format: &Format,
    listing: &Listing,
    answer: &impl Serialize,
    surroundings: &mut Surroundings<'_>,
) -> Result<(), Failure> {
    let written = if format.is_whole() {
        write_line(surroundings.out, answer)
    } else {
        let answer = Answer::of(answer, listing.place).map_err(io::Error::from);
        answer.and_then(|answer| write(format, listing, &answer, surroundings))
    };
    Ok(closed_is_seen(written)?)
}

/// The same of an answer whose rows are made one by one.
///
/// # Errors
///
/// If the output cannot be written.
pub fn print_each(
    format: &Format,
    listing: &Listing,
    answer: &(impl Serialize + Source),
    surroundings: &mut Surroundings<'_>,
) -> Result<(), Failure> {
    let written = match format.is_whole() {
        true => write_line(surroundings.out, answer),
        false => write(format, listing, answer, surroundings),
    };
    Ok(closed_is_seen(written)?)
}

fn write(
    format: &Format,
    listing: &Listing,
    answer: &dyn Source,
    surroundings: &mut Surroundings<'_>,
) -> io::Result<()> {
    let name = format.name();
    let mut rows = Rows::of(answer);
    match &format.sort {
        Some(field) => rows.sort(field, format.reverse)?,
        None if format.reverse => rows.reverse(),
        None => {}
    }
    if let Some(limit) = format.limit {
        rows.limit(limit);
    }
    let fields: Vec<&str> = match &format.fields {
        Some(fields) => fields.iter().map(String::as_str).collect(),
        None if name == FormatName::Table => {
            let mut fields = listing.fields.to_vec();
            fields.retain(|field| !listing.wide.contains(field));
            rows.known(&fields)?
        }
        None => listing.fields.to_vec(),
    };
    let layout = Layout {
        width: surroundings.width,
        colour: surroundings.colour,
    };
    let out = &mut *surroundings.out;
    match name {
        FormatName::Table => rows.table(out, &fields, layout)?,
        FormatName::Json => rows.json(out, listing.place)?,
        FormatName::Jsonl => rows.jsonl(out)?,
        FormatName::Csv => rows.csv(out, &fields)?,
        FormatName::Tsv => rows.tsv(out, &fields)?,
        FormatName::Value => {
            let field = format.field.as_deref().unwrap_or_default();
            rows.values(out, field)?;
        }
    }
    Ok(())
}

impl Listing {
    /// The fields that its rows can have.
    fn known(&self) -> Vec<String> {
        schema::named(self.schema).map_or_else(Vec::new, |schema| fields(schema, self.place))
    }
}

impl Format {
    fn name(&self) -> FormatName {
        match self.format {
            Some(name) => name,
            None if self.json => FormatName::Json,
            None if self.field.is_some() => FormatName::Value,
            None => FormatName::Table,
        }
    }

    /// Whether the command's own table is asked for.
    pub fn is_plain(&self) -> bool {
        self.name() == FormatName::Table && self.fields.is_none() && !self.changes_rows()
    }

    /// Whether the JSON answer is asked for as it is.
    fn is_whole(&self) -> bool {
        self.name() == FormatName::Json && !self.changes_rows()
    }

    fn changes_rows(&self) -> bool {
        self.sort.is_some() || self.reverse || self.limit.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_column_is_a_field() {
        for listing in ALL {
            let known = listing.known();
            for field in listing.fields {
                assert!(
                    known.iter().any(|known| known == field),
                    "{}: {field}: {known:?}",
                    listing.schema
                );
            }
            for field in listing.wide {
                assert!(listing.fields.contains(field), "{field}");
            }
        }
    }
}
