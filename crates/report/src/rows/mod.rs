//! The rows of an answer: sorted, cut, and written in the formats of pipelines.
//!
//! A field is named by its path in the JSON answer, for instance `archive.name`.
//! Which fields there are comes from the answer's schema and not from the data,
//! so that the columns of an output do not depend on what was read.

mod cell;
mod fields;
mod order;

pub use fields::fields;

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::delimited::{Cell, Writer};
use crate::json::write_line;
use crate::table::{Column, Layout, Table};
use crate::text;
use cell::{Exact, exact, shown};
use order::{compare, instant};

/// Where the rows of an answer are.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The key of the list in the answer.
    pub list: &'static str,
    /// The key of a list in each of its elements: then that one's elements are
    /// the rows, each with what stands beside the list.
    pub nested: Option<&'static str>,
}

/// The rows of an answer.
///
/// ```
/// use borgq_report::rows::{Place, Rows};
/// use serde_json::json;
///
/// let answer = json!({"backups": [{"age_seconds": 9}, {"age_seconds": 10}]});
/// let place = Place { list: "backups", nested: None };
/// let mut rows = Rows::of(&answer, place)?;
/// rows.sort("age_seconds", true);
/// rows.limit(1);
/// let mut out = Vec::new();
/// rows.csv(&mut out, &["age_seconds"])?;
/// assert_eq!(out, b"age_seconds\r\n10\r\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Rows {
    rows: Vec<Value>,
}

impl Rows {
    /// The rows of an answer.
    ///
    /// # Errors
    ///
    /// If the answer is not one that JSON can hold.
    pub fn of(answer: &impl Serialize, place: Place) -> serde_json::Result<Self> {
        let mut answer = serde_json::to_value(answer)?;
        let list = answer.get_mut(place.list).map(Value::take);
        let rows = elements(list);
        let Some(nested) = place.nested else {
            return Ok(Self { rows });
        };
        let mut inner = Vec::new();
        for mut row in rows {
            let list = row.get_mut(nested).map(Value::take);
            if let Value::Object(beside) = &mut row {
                beside.remove(nested);
            }
            inner.extend(
                elements(list)
                    .into_iter()
                    .map(|element| joined(&row, element)),
            );
        }
        Ok(Self { rows: inner })
    }

    /// Sorts by a field: numbers as numbers, times as instants, the rest as text;
    /// the greatest first if `descending`. What is absent comes last in any case.
    /// Rows that are equal keep their order.
    pub fn sort(&mut self, field: &str, descending: bool) {
        self.rows
            .sort_by(|a, b| match (value(a, field), value(b, field)) {
                (Some(a), Some(b)) if descending => compare(b, a),
                (Some(a), Some(b)) => compare(a, b),
                (a, b) => a.is_none().cmp(&b.is_none()),
            });
    }

    /// Turns the order around.
    pub fn reverse(&mut self) {
        self.rows.reverse();
    }

    /// Keeps the first rows.
    pub fn limit(&mut self, most: usize) {
        self.rows.truncate(most);
    }

    /// Whether any row has the field.
    #[must_use]
    pub fn have(&self, field: &str) -> bool {
        self.rows.iter().any(|row| value(row, field).is_some())
    }

    /// The rows as a list, to be put back into the answer.
    #[must_use]
    pub fn into_values(self) -> Vec<Value> {
        self.rows
    }

    /// One object a line.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn jsonl(&self, out: &mut dyn Write) -> io::Result<()> {
        self.rows.iter().try_for_each(|row| write_line(out, row))
    }

    /// CSV with a header.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn csv(&self, out: &mut dyn Write, fields: &[&str]) -> io::Result<()> {
        self.delimited(Writer::csv(out, fields)?, fields)
    }

    /// TSV with a header.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn tsv(&self, out: &mut dyn Write, fields: &[&str]) -> io::Result<()> {
        self.delimited(Writer::tsv(out, fields)?, fields)
    }

    fn delimited<W: Write>(&self, mut writer: Writer<W>, fields: &[&str]) -> io::Result<()> {
        for row in &self.rows {
            let texts: Vec<_> = fields
                .iter()
                .map(|field| value(row, field))
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
        for row in &self.rows {
            match exact(value(row, field)) {
                Exact::Nothing => writeln!(out)?,
                Exact::Number(number) => writeln!(out, "{number}")?,
                Exact::Text(exact) => writeln!(out, "{}", text::terminal(&exact))?,
            }
        }
        Ok(())
    }

    /// A table for people: durations and sizes in large units.
    #[must_use]
    pub fn table(&self, fields: &[&str], layout: Layout) -> String {
        let column = |field: &&str| {
            let title = title(field);
            let numbers = self
                .rows
                .iter()
                .any(|row| value(row, field).is_some_and(Value::is_number));
            let mut texts = self
                .rows
                .iter()
                .filter_map(|row| value(row, field)?.as_str());
            let times = texts.clone().next().is_some() && texts.all(|text| instant(text).is_some());
            match (numbers, times) {
                (true, _) => Column::number(&title),
                (_, true) => Column::fixed(&title),
                _ => Column::text(&title),
            }
        };
        let mut table = Table::new(fields.iter().map(column));
        for row in &self.rows {
            table.row(fields.iter().map(|field| shown(field, value(row, field))));
        }
        table.render(layout)
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

fn elements(list: Option<Value>) -> Vec<Value> {
    match list {
        Some(Value::Array(elements)) => elements,
        _ => Vec::new(),
    }
}

/// An element with what stands beside its list. Its own keys win.
fn joined(beside: &Value, element: Value) -> Value {
    let (Value::Object(beside), Value::Object(element)) = (beside, element) else {
        return Value::Null;
    };
    let mut joined: Map<String, Value> = beside.clone();
    joined.extend(element);
    Value::Object(joined)
}

/// What a row has at a path.
fn value<'a>(row: &'a Value, field: &str) -> Option<&'a Value> {
    field.split('.').try_fold(row, |value, key| value.get(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rows(rows: Value) -> Rows {
        let place = Place {
            list: "rows",
            nested: None,
        };
        Rows::of(&json!({ "rows": rows }), place).unwrap()
    }

    #[track_caller]
    fn sorts(values: Value, want: Value) {
        let list: Vec<_> = values
            .as_array()
            .unwrap()
            .iter()
            .map(|value| json!({"x": value}))
            .collect();
        let mut sorted = rows(json!(list));
        sorted.sort("x", false);
        let got: Vec<_> = sorted.rows.iter().map(|row| row["x"].clone()).collect();
        assert_eq!(json!(got), want);
    }

    #[test]
    fn numbers_times_and_texts_are_sorted_as_what_they_are() {
        sorts(json!([10, 9, 100, 9.5]), json!([9, 9.5, 10, 100]));
        sorts(
            json!([u64::MAX, u64::MAX - 1]),
            json!([u64::MAX - 1, u64::MAX]),
        );
        sorts(
            json!([
                "2025-01-01T00:00:00.5Z",
                "2025-01-01T00:00:00Z",
                "2025-01-01T00:00:00.25Z"
            ]),
            json!([
                "2025-01-01T00:00:00Z",
                "2025-01-01T00:00:00.25Z",
                "2025-01-01T00:00:00.5Z"
            ]),
        );
        sorts(json!(["b", "a", "B"]), json!(["B", "a", "b"]));
    }

    #[test]
    fn what_is_absent_comes_last() {
        let list = rows(json!([{}, {"x": 2}, {"y": 1}, {"x": 1}]));
        let (one, two, y) = (json!({"x": 1}), json!({"x": 2}), json!({"y": 1}));
        let sorted = |descending| {
            let mut sorted = list.clone();
            sorted.sort("x", descending);
            sorted.into_values()
        };
        assert_eq!(
            sorted(false),
            [one.clone(), two.clone(), json!({}), y.clone()]
        );
        assert_eq!(sorted(true), [two, one, json!({}), y]);
    }

    #[test]
    fn values_are_one_line_each() {
        let mut out = Vec::new();
        let hostile =
            rows(json!([{"x": "a\nb\u{1b}"}, {}, {"x": 1.5}, {"x": ["a", "b"]}, {"x": true}]));
        hostile.values(&mut out, "x").unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "a\\nb\\x1b\n\n1.5\na,b\ntrue\n"
        );
    }

    #[test]
    fn nested_rows_have_what_stands_beside_them() {
        let answer = json!({"groups": [
            {"host": "web", "archives": [{"name": "a"}, {"name": "b"}]},
            {"host": "db", "archives": []},
        ]});
        let place = Place {
            list: "groups",
            nested: Some("archives"),
        };
        let rows = Rows::of(&answer, place).unwrap();
        assert_eq!(
            rows.into_values(),
            [
                json!({"host": "web", "name": "a"}),
                json!({"host": "web", "name": "b"})
            ]
        );
    }

    #[test]
    fn a_table_shows_units_that_people_read() {
        let rows = rows(json!([{"age_seconds": 93600, "original_size": 1536, "a": {"n": "x"}}]));
        assert_eq!(
            rows.table(
                &["a.n", "age_seconds", "original_size"],
                Layout {
                    width: None,
                    colour: false
                }
            ),
            "A N    AGE  ORIGINAL SIZE\nx    1d 2h        1.5 KiB\n"
        );
    }
}
