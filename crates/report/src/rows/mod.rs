//! The rows of an answer: sorted, cut, and written in the formats of pipelines.
//!
//! A field is named by its path in the JSON answer, for instance `archive.name`.
//! Which fields there are comes from the answer's schema and not from the data,
//! so that the columns of an output do not depend on what was read.

mod answer;
mod cell;
mod fields;
mod framed;
mod kinds;
mod order;

pub use answer::Answer;
pub(crate) use answer::joined;
pub use fields::fields;

use std::io::{self, Write};

use serde_json::Value;

use crate::buffer::buffered;
use crate::delimited::{Cell, Writer};
use crate::json::{push_line, write_line};
use crate::table::{self, Layout, Widths};
use crate::text;
use cell::{Exact, exact, shown};
use framed::Framed;
use kinds::Kinds;
use order::Key;

/// Where the rows of an answer are.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The key of the list in the answer.
    pub list: &'static str,
    /// The key of a list in each of its elements: then that one's elements are
    /// the rows, each with what stands beside the list.
    pub nested: Option<&'static str>,
}

/// An answer whose rows are made one by one, each whenever it is needed.
pub trait Source {
    /// How many rows there are.
    fn len(&self) -> usize;

    /// The row of this number, the first being 0.
    ///
    /// # Errors
    ///
    /// If it is not one that JSON can hold.
    fn row(&self, at: usize) -> serde_json::Result<Value>;

    /// The answer without its rows.
    ///
    /// # Errors
    ///
    /// If it is not one that JSON can hold.
    fn frame(&self) -> serde_json::Result<Value>;

    /// Whether there are no rows.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The rows of an answer, in an order.
///
/// ```
/// use borgq_report::rows::{Answer, Place, Rows};
/// use serde_json::json;
///
/// let answer = json!({"backups": [{"age_seconds": 9}, {"age_seconds": 10}]});
/// let place = Place { list: "backups", nested: None };
/// let answer = Answer::of(&answer, place)?;
/// let mut rows = Rows::of(&answer);
/// rows.sort("age_seconds", true)?;
/// rows.limit(1);
/// let mut out = Vec::new();
/// rows.csv(&mut out, &["age_seconds"])?;
/// assert_eq!(out, b"age_seconds\r\n10\r\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Rows<'a> {
    source: &'a dyn Source,
    /// The numbers of the rows.
    order: Vec<u32>,
}

impl<'a> Rows<'a> {
    /// The rows of an answer, in its order.
    #[must_use]
    pub fn of(source: &'a dyn Source) -> Self {
        let len = u32::try_from(source.len()).unwrap_or(u32::MAX);
        Self {
            source,
            order: (0..len).collect(),
        }
    }

    fn rows(&self) -> impl Iterator<Item = io::Result<Value>> {
        let numbers = self.order.iter();
        numbers.map(|number| Ok(self.source.row(*number as usize)?))
    }

    /// Sorts by a field: numbers as numbers, times as instants, the rest as text;
    /// the greatest first if `descending`. What is absent comes last in any case.
    /// Rows that are equal keep their order.
    ///
    /// # Errors
    ///
    /// If a row is not one that JSON can hold.
    pub fn sort(&mut self, field: &str, descending: bool) -> io::Result<()> {
        let key = |row: io::Result<Value>| Ok(value(&row?, field).map(Key::of));
        let keys: Vec<Option<Key>> = self.rows().map(key).collect::<io::Result<_>>()?;
        let key = |number: &u32| keys.get(*number as usize).and_then(Option::as_ref);
        self.order.sort_by(|a, b| match (key(a), key(b)) {
            (Some(a), Some(b)) if descending => b.cmp(a),
            (Some(a), Some(b)) => a.cmp(b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        });
        Ok(())
    }

    /// Turns the order around.
    pub fn reverse(&mut self) {
        self.order.reverse();
    }

    /// Keeps the first rows.
    pub fn limit(&mut self, most: usize) {
        self.order.truncate(most);
    }

    /// Which of the fields any row has.
    ///
    /// # Errors
    ///
    /// If a row is not one that JSON can hold.
    pub fn known<'f>(&self, fields: &[&'f str]) -> io::Result<Vec<&'f str>> {
        let mut known = vec![false; fields.len()];
        for row in self.rows() {
            let row = row?;
            for (known, field) in known.iter_mut().zip(fields) {
                *known = *known || value(&row, field).is_some();
            }
            if !known.contains(&false) {
                break;
            }
        }
        let known = fields.iter().zip(known).filter(|(_, known)| *known);
        Ok(known.map(|(field, _)| *field).collect())
    }

    /// The answer with these rows in place of its list.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn json(&self, out: &mut dyn Write, place: Place) -> io::Result<()> {
        let frame = self.source.frame()?;
        write_line(
            out,
            &Framed {
                rows: self,
                frame,
                place,
            },
        )
    }

    /// One object a line.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn jsonl(&self, out: &mut dyn Write) -> io::Result<()> {
        buffered(out, |out| {
            let mut line = Vec::new();
            self.rows().try_for_each(|row| {
                line.clear();
                push_line(&mut line, &row?)?;
                out.write_all(&line)
            })
        })
    }

    /// CSV with a header.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn csv(&self, out: &mut dyn Write, fields: &[&str]) -> io::Result<()> {
        buffered(out, |out| self.delimited(Writer::csv(out, fields)?, fields))
    }

    /// TSV with a header.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn tsv(&self, out: &mut dyn Write, fields: &[&str]) -> io::Result<()> {
        buffered(out, |out| self.delimited(Writer::tsv(out, fields)?, fields))
    }

    fn delimited<W: Write>(&self, mut writer: Writer<W>, fields: &[&str]) -> io::Result<()> {
        for row in self.rows() {
            let row = row?;
            let texts: Vec<_> = fields
                .iter()
                .map(|field| value(&row, field))
                .map(exact)
                .collect();
            let cells: Vec<_> = texts
                .iter()
                .map(|exact| match exact {
                    Exact::Nothing => Cell::Empty,
                    Exact::Number(number) => Cell::Number(number.clone()),
                    Exact::Text(text) => Cell::Text(text),
                })
                .collect();
            writer.row(&cells)?;
        }
        Ok(())
    }

    /// One field, a line a row. What is absent is an empty line. What would
    /// break a line or steer a terminal is escaped.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn values(&self, out: &mut dyn Write, field: &str) -> io::Result<()> {
        buffered(out, |out| {
            self.rows()
                .try_for_each(|row| match exact(value(&row?, field)) {
                    Exact::Nothing => writeln!(out),
                    Exact::Number(number) => writeln!(out, "{number}"),
                    Exact::Text(exact) => writeln!(out, "{}", text::terminal(&exact)),
                })
        })
    }

    /// A table for people: durations and sizes in large units.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn table(&self, out: &mut dyn Write, fields: &[&str], layout: Layout) -> io::Result<()> {
        let mut kinds = vec![Kinds::default(); fields.len()];
        let mut widths = Widths::default();
        let cells = |row: &Value| {
            let shown = fields.iter().map(|field| shown(field, value(row, field)));
            shown.map(table::Cell::from).collect::<Vec<_>>()
        };
        for row in self.rows() {
            let row = row?;
            for (kinds, field) in kinds.iter_mut().zip(fields) {
                kinds.see(value(&row, field));
            }
            widths.see(&cells(&row));
        }
        let columns = fields.iter().zip(kinds);
        let columns: Vec<_> = columns
            .map(|(field, kinds)| kinds.column(&title(field)))
            .collect();
        table::write(out, &columns, widths, layout, &mut |line| {
            self.rows().try_for_each(|row| line(&cells(&row?)))
        })
    }
}

/// A field as the title of a column. The unit of what is shown for people stands
/// in the cells.
fn title(field: &str) -> String {
    let name = field.strip_suffix("_seconds").unwrap_or(field);
    let name = match name.strip_suffix("_percent") {
        Some(name) => format!("{name} %"),
        None => name.to_owned(),
    };
    name.replace(['.', '_'], " ").to_uppercase()
}

/// What a row has at a path.
fn value<'a>(row: &'a Value, field: &str) -> Option<&'a Value> {
    field.split('.').try_fold(row, |value, key| value.get(key))
}

#[cfg(test)]
mod tests;
