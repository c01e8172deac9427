//! Aligned tables for people.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr as _;

use crate::text::terminal;

/// One cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Text, aligned to the left. It may come from a document: it is escaped.
    Text(String),
    /// A number with or without its unit, aligned to the right.
    Number(String),
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A number.
    pub fn number(number: impl ToString) -> Self {
        Self::Number(number.to_string())
    }

    /// A number, or nothing.
    pub fn maybe(number: Option<impl ToString>) -> Self {
        Self::Number(number.map(|number| number.to_string()).unwrap_or_default())
    }

    fn shown(&self) -> String {
        match self {
            Self::Text(text) | Self::Number(text) => terminal(text).into_owned(),
        }
    }
}

/// Writes a table: a header, then rows, two blanks between columns and none at
/// the end of a line. A column that is empty in all rows is left out.
///
/// # Errors
///
/// Those of `out`.
///
/// ```
/// use borgq_report::table::{Cell, write};
///
/// let mut out = Vec::new();
/// let rows = [vec![Cell::text("web"), Cell::number(7)], vec![Cell::text("漢"), Cell::number(12)]];
/// write(&mut out, &["HOST", "FILES"], &rows)?;
/// assert_eq!(String::from_utf8(out).unwrap(), "HOST  FILES\nweb       7\n漢       12\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write(out: &mut dyn Write, header: &[&str], rows: &[Vec<Cell>]) -> io::Result<()> {
    let cells: Vec<Vec<_>> = rows
        .iter()
        .map(|row| row.iter().map(Cell::shown).collect())
        .collect();
    let columns: Vec<Column> = header
        .iter()
        .enumerate()
        .filter_map(|(at, title)| {
            let widths = cells
                .iter()
                .map(|row| row.get(at).map_or(0, |cell| cell.width()));
            let width = widths.max().unwrap_or(title.width());
            let right = rows
                .iter()
                .any(|row| matches!(row.get(at), Some(Cell::Number(_))));
            (width > 0).then(|| Column {
                at,
                width: width.max(title.width()),
                right,
            })
        })
        .collect();
    let header: Vec<_> = header.iter().map(|title| (*title).to_owned()).collect();
    for row in std::iter::once(&header).chain(&cells) {
        let mut line = String::new();
        for (place, column) in columns.iter().enumerate() {
            if place > 0 {
                line.push_str("  ");
            }
            let cell = row.get(column.at).map_or("", String::as_str);
            let blanks = " ".repeat(column.width.saturating_sub(cell.width()));
            let (before, behind) = if column.right {
                (blanks, String::new())
            } else {
                (String::new(), blanks)
            };
            line.extend([&before, cell, &behind]);
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

struct Column {
    at: usize,
    width: usize,
    right: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_stay_in_their_cell() {
        let mut out = Vec::new();
        let row = vec![Cell::text("a\nb\u{1b}[2J"), Cell::text("")];
        write(&mut out, &["NAME", "NOTE"], &[row]).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "NAME\na\\nb\\x1b[2J\n");
    }
}
