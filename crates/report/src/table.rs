//! Tables for people: aligned columns, two blanks between them, no blanks at the end of a line.

use crate::text;

mod cut;
mod fit;
mod write;

pub use write::{Line, Widths, write};

const GAP: &str = "  ";

/// A column: its title, and how its cells are set.
///
/// ```
/// use borgq_report::table::Column;
///
/// let columns = [Column::text("ARCHIVE"), Column::number("FILES")];
/// # let _ = columns;
/// ```
#[derive(Clone, Debug)]
pub struct Column {
    title: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Fixed,
    Number,
}

impl Column {
    /// Left-aligned; long cells may be cut in the middle.
    ///
    /// ```
    /// # let _ =
    /// borgq_report::table::Column::text("ARCHIVE");
    /// ```
    #[must_use]
    pub fn text(title: &str) -> Self {
        Self {
            title: text::terminal(title).into_owned(),
            kind: Kind::Text,
        }
    }

    /// Left-aligned and never cut: times.
    ///
    /// ```
    /// # let _ =
    /// borgq_report::table::Column::fixed("TIME");
    /// ```
    #[must_use]
    pub fn fixed(title: &str) -> Self {
        Self {
            title: text::terminal(title).into_owned(),
            kind: Kind::Fixed,
        }
    }

    /// Right-aligned and never cut: numbers, sizes, ages.
    ///
    /// ```
    /// # let _ =
    /// borgq_report::table::Column::number("FILES");
    /// ```
    #[must_use]
    pub fn number(title: &str) -> Self {
        Self {
            title: text::terminal(title).into_owned(),
            kind: Kind::Number,
        }
    }
}

/// The colour of a cell, by the state it speaks of.
///
/// ```
/// use borgq_report::table::{Cell, Style};
///
/// let cell = Cell::styled("CRITICAL", Style::Critical);
/// # let _ = cell;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// The terminal's own colour.
    #[default]
    Plain,
    /// Green.
    Ok,
    /// Yellow.
    Warning,
    /// Bold red.
    Critical,
    /// Magenta.
    Unknown,
}

impl Style {
    fn start(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Ok => "\u{1b}[32m",
            Self::Warning => "\u{1b}[33m",
            Self::Critical => "\u{1b}[1;31m",
            Self::Unknown => "\u{1b}[35m",
        }
    }
}

/// One cell. Its text is raw: it is escaped for a terminal here.
///
/// ```
/// use borgq_report::table::Cell;
///
/// let cell = Cell::from("web-2024-05-01");
/// # let _ = cell;
/// ```
#[derive(Clone, Debug, Default)]
pub struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    /// A cell in a colour.
    ///
    /// ```
    /// use borgq_report::table::{Cell, Style};
    /// # let _ =
    /// Cell::styled("OK", Style::Ok);
    /// ```
    #[must_use]
    pub fn styled(text: &str, style: Style) -> Self {
        Self {
            text: text::terminal(text).into_owned(),
            style,
        }
    }
}

impl Cell {
    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

impl<T: AsRef<str>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::styled(text.as_ref(), Style::Plain)
    }
}

/// What the table is shown on.
///
/// ```
/// use borgq_report::table::Layout;
///
/// let pipe = Layout::default();
/// let terminal = Layout { width: Some(80), colour: true };
/// # let _ = (pipe, terminal);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The columns of the terminal; without it nothing is cut.
    pub width: Option<usize>,
    /// Whether styles are shown, by ANSI sequences.
    pub colour: bool,
}

/// A header and rows.
///
/// ```
/// use borgq_report::table::{Column, Layout, Table};
///
/// let mut table = Table::new([Column::text("ARCHIVE"), Column::number("FILES"), Column::text("HOST")]);
/// table.row(["漢字", "12", "web"]);
/// table.row(["web-2024-05-01T02:00:00", "1234567", ""]);
/// assert_eq!(
///     table.render(Layout { width: Some(27), colour: false }),
///     "\
/// ARCHIVE         FILES  HOST
/// 漢字               12  web
/// web-20…00:00  1234567
/// ",
/// );
/// ```
#[derive(Clone, Debug)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table without rows.
    ///
    /// ```
    /// use borgq_report::table::{Column, Layout, Table};
    ///
    /// assert_eq!(Table::new([Column::text("A")]).render(Layout::default()), "A\n");
    /// ```
    #[must_use]
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self {
            columns: columns.into_iter().collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row. Missing cells are empty; cells beyond the last column are shown without a title.
    ///
    /// ```
    /// use borgq_report::table::{Column, Layout, Table};
    ///
    /// let mut table = Table::new([Column::number("N")]);
    /// table.row(["10"]).row(["5", "more"]);
    /// assert_eq!(table.render(Layout::default()), " N\n10\n 5  more\n");
    /// ```
    pub fn row<C: Into<Cell>>(&mut self, cells: impl IntoIterator<Item = C>) -> &mut Self {
        let row: Vec<Cell> = cells.into_iter().map(Into::into).collect();
        while self.columns.len() < row.len() {
            self.columns.push(Column::text(""));
        }
        self.rows.push(row);
        self
    }

    /// The lines, header first, each with its line end.
    ///
    /// If the table is wider than the layout, the widest columns of text are cut to a common width,
    /// though not below 8. Columns of numbers and fixed ones are never cut. If that is not enough,
    /// the columns are shown in parts, one below the other, each with the leading columns of text.
    ///
    /// ```
    /// use borgq_report::table::{Cell, Column, Layout, Style, Table};
    ///
    /// let mut table = Table::new([Column::text("STATE")]);
    /// table.row([Cell::styled("OK", Style::Ok)]);
    /// let layout = Layout { width: None, colour: true };
    /// assert_eq!(table.render(layout), "STATE\n\u{1b}[32mOK\u{1b}[0m\n");
    /// ```
    #[must_use]
    pub fn render(&self, layout: Layout) -> String {
        let mut widths = Widths::default();
        self.rows.iter().for_each(|row| widths.see(row));
        let mut out = Vec::new();
        let rows = &mut |line: &mut Line<'_>| self.rows.iter().try_for_each(|row| line(row));
        // Nothing fails to be written to memory.
        let _ = write(&mut out, &self.columns, widths, layout, rows);
        String::from_utf8(out).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
