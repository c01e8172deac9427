//! [`write()`]: the lines of a table, one after another.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr as _;

use super::fit::{cut_widths, parts};
use super::{Cell, Column, GAP, Kind, Layout, Style, cut};
use crate::buffer::buffered;

/// How wide columns are, seen row by row.
#[derive(Clone, Debug, Default)]
pub struct Widths(Vec<usize>);

impl Widths {
    /// Keeps those of the columns that are shown.
    pub fn retain(&mut self, shown: &[bool]) {
        let mut shown = shown.iter();
        self.0.retain(|_| shown.next().is_some_and(|shown| *shown));
    }

    /// Sees a row.
    pub fn see(&mut self, row: &[Cell]) {
        if self.0.len() < row.len() {
            self.0.resize(row.len(), 0);
        }
        for (width, cell) in self.0.iter_mut().zip(row) {
            *width = cell.text.width().max(*width);
        }
    }
}

/// Writes a row.
pub type Line<'a> = dyn FnMut(&[Cell]) -> io::Result<()> + 'a;

/// Writes a table, as [`Table::render`](super::Table::render) has it, whose rows are not held.
///
/// `rows` hands out all rows, and may have to do it several times; `widths` have
/// seen them.
///
/// # Errors
///
/// Those of `out`.
///
/// ```
/// use borgq_report::table::{self, Cell, Column, Layout, Widths};
///
/// let cells = |number: u32| [Cell::from(number.to_string())];
/// let mut widths = Widths::default();
/// (9..=10).for_each(|number| widths.see(&cells(number)));
/// let mut out = Vec::new();
/// table::write(&mut out, &[Column::number("N")], widths, Layout::default(), &mut |line| {
///     (9..=10).try_for_each(|number| line(&cells(number)))
/// })?;
/// assert_eq!(out, b" N\n 9\n10\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write(
    out: &mut dyn Write,
    columns: &[Column],
    mut widths: Widths,
    layout: Layout,
    rows: &mut dyn FnMut(&mut Line<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let title = |column: &Column| Cell {
        text: column.title.clone(),
        style: Style::Plain,
    };
    let header: Vec<_> = columns.iter().map(title).collect();
    widths.see(&header);
    let Widths(widths) = widths;
    buffered(out, |out| {
        for (number, part) in parts(columns, &widths, layout.width).iter().enumerate() {
            if number > 0 {
                out.write_all(b"\n")?;
            }
            let widths = cut_widths(part, columns, &widths, layout.width);
            let mut text = String::new();
            let mut line = |row: &[Cell]| {
                text.clear();
                push_line(&mut text, row, columns, &widths, layout.colour);
                out.write_all(text.as_bytes())
            };
            line(&header)?;
            rows(&mut line)?;
        }
        Ok(())
    })
}

/// `widths` are the columns that are shown, with their widths.
fn push_line(
    out: &mut String,
    row: &[Cell],
    columns: &[Column],
    widths: &[(usize, usize)],
    colour: bool,
) {
    // Blanks are owed until something follows them, so that none end a line.
    let mut owed = 0;
    for &(at, width) in widths {
        let (Some(cell), Some(column)) = (row.get(at), columns.get(at)) else {
            continue;
        };
        let text = match column.kind {
            Kind::Text => cut::middle(&cell.text, width),
            Kind::Fixed | Kind::Number => cell.text.as_str().into(),
        };
        let shown = text.trim_end_matches(' ');
        let padding = width.saturating_sub(text.width());
        let (before, after) = match column.kind {
            Kind::Text | Kind::Fixed => (0, padding),
            Kind::Number => (padding, 0),
        };
        if !shown.is_empty() {
            out.extend(std::iter::repeat_n(' ', owed + before));
            owed = 0;
            let start = if colour { cell.style.start() } else { "" };
            out.push_str(start);
            out.push_str(shown);
            if !start.is_empty() {
                out.push_str("\u{1b}[0m");
            }
            owed += after + text.len() - shown.len() + GAP.len();
        } else {
            owed += width + GAP.len();
        }
    }
    out.push('\n');
}
