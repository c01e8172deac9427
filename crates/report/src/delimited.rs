//! CSV and TSV, exact and safe to open in a spreadsheet.
//!
//! A spreadsheet takes a cell for a formula if it starts with `=`, `+`, `-` or `@` (or their
//! full-width forms), also behind blanks and control characters; a formula can run commands and
//! send data away. A *text* cell that starts so is written with `'` before it, and so is a text that
//! starts with `'` itself, a tab, a newline or a carriage return. So the text is exact after one
//! leading `'`, if there is one, is removed. Numbers are written as they are: `-5` stays a number.
//!
//! | | CSV (RFC 4180) | TSV |
//! | --- | --- | --- |
//! | line end | CR LF | LF |
//! | special characters | in quotes, `"` doubled | `\t` `\n` `\r` `\\` |
//! | empty text | `""` | nothing |
//! | nothing | nothing | nothing |
//!
//! No other character is changed: these formats are for programs, not for terminals.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::error::{Error, Kind};
use crate::number::Number;

/// One cell of a row.
///
/// ```
/// use borgq_report::delimited::Cell;
///
/// let row = [Cell::Text("web"), Cell::Number(12_u8.into()), Cell::Empty];
/// # let _ = row;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Raw text from anywhere.
    Text(&'a str),
    /// A number, never taken for text.
    Number(Number),
    /// What is not known. Missing is not zero.
    Empty,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Csv,
    Tsv,
}

/// Writes a header and rows of the same number of cells.
///
/// ```
/// use borgq_report::delimited::{Cell, Writer};
///
/// let mut csv = Writer::csv(Vec::new(), &["name", "files"])?;
/// csv.row(&[Cell::Text("=1+1, \"x\""), Cell::Number((-5_i8).into())])?;
/// assert_eq!(csv.into_inner(), b"name,files\r\n\"'=1+1, \"\"x\"\"\",-5\r\n");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    format: Format,
    columns: usize,
}

impl<W: Write> Writer<W> {
    /// Starts comma-separated values with their header.
    ///
    /// # Errors
    /// Those of `out`.
    ///
    /// ```
    /// # use borgq_report::delimited::Writer;
    /// assert_eq!(Writer::csv(Vec::new(), &["a", "b"])?.into_inner(), b"a,b\r\n");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn csv(out: W, header: &[&str]) -> io::Result<Self> {
        Self::start(out, Format::Csv, header)
    }

    /// Starts tab-separated values with their header.
    ///
    /// # Errors
    /// Those of `out`.
    ///
    /// ```
    /// use borgq_report::delimited::{Cell, Writer};
    ///
    /// let mut tsv = Writer::tsv(Vec::new(), &["name", "host"])?;
    /// tsv.row(&[Cell::Text("a\tb\\c"), Cell::Empty])?;
    /// assert_eq!(tsv.into_inner(), b"name\thost\na\\tb\\\\c\t\n");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn tsv(out: W, header: &[&str]) -> io::Result<Self> {
        Self::start(out, Format::Tsv, header)
    }

    fn start(out: W, format: Format, header: &[&str]) -> io::Result<Self> {
        let mut writer = Self {
            out,
            format,
            columns: header.len(),
        };
        let header: Vec<_> = header.iter().map(|&title| Cell::Text(title)).collect();
        writer.row(&header)?;
        Ok(writer)
    }

    /// Writes one row.
    ///
    /// # Errors
    /// Those of the output, and `InvalidInput` if the header has another number of cells; then
    /// nothing is written.
    ///
    /// ```
    /// # use borgq_report::delimited::{Cell, Writer};
    /// let mut csv = Writer::csv(Vec::new(), &["a", "b"])?;
    /// let error = csv.row(&[Cell::Empty]).unwrap_err();
    /// assert_eq!(error.to_string(), "row of 1 cells, expected 2 as in the header");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        if cells.len() != self.columns {
            let error = Error::from(Kind::Width {
                cells: cells.len(),
                columns: self.columns,
            });
            return Err(io::Error::new(io::ErrorKind::InvalidInput, error));
        }
        let (separator, end) = match self.format {
            Format::Csv => (",", "\r\n"),
            Format::Tsv => ("\t", "\n"),
        };
        // A line of nothing at all would be no row to many readers of CSV.
        let alone = self.columns == 1 && self.format == Format::Csv;
        let mut line = String::new();
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                line.push_str(separator);
            }
            match (cell, self.format) {
                (Cell::Text(text), Format::Csv) => push_quoted(&mut line, &disarmed(text)),
                (Cell::Text(text), Format::Tsv) => push_escaped(&mut line, &disarmed(text)),
                (Cell::Number(number), _) => line.push_str(number.as_str()),
                (Cell::Empty, _) if alone => line.push_str("\"\""),
                (Cell::Empty, _) => {}
            }
        }
        line.push_str(end);
        self.out.write_all(line.as_bytes())
    }

    /// The output. Nothing is held back in between.
    ///
    /// ```
    /// # use borgq_report::delimited::Writer;
    /// assert_eq!(Writer::tsv(Vec::new(), &["a"])?.into_inner(), b"a\n");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn into_inner(self) -> W {
        self.out
    }
}

/// The text, with `'` before it if a spreadsheet could take it for a formula.
fn disarmed(text: &str) -> Cow<'_, str> {
    let unseen = |c: char| c.is_whitespace() || crate::text::is_hidden(c);
    let seen = text.trim_start_matches(unseen);
    let formula = seen.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if formula || text.starts_with(['\'', '\t', '\n', '\r']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

fn push_quoted(line: &mut String, text: &str) {
    let special = |c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '"');
    if text.is_empty() || text.contains(special) {
        line.push('"');
        line.push_str(&text.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(text);
    }
}

fn push_escaped(line: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\\' => line.push_str("\\\\"),
            '\t' => line.push_str("\\t"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            c => line.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::hostile;
    use proptest::prelude::*;

    /// A strict reader of RFC 4180, for the writer to be held against.
    fn read_csv(text: &str) -> Vec<Vec<String>> {
        let (mut rows, mut row, mut field) = (vec![], vec![], String::new());
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' => {
                    assert!(field.is_empty(), "quote inside a field");
                    loop {
                        match chars.next().expect("closing quote") {
                            '"' if chars.peek() == Some(&'"') => field.push(chars.next().unwrap()),
                            '"' => break,
                            c => field.push(c),
                        }
                    }
                    assert!(
                        matches!(chars.peek(), Some(',' | '\r')),
                        "text after a quote"
                    );
                }
                ',' => row.push(std::mem::take(&mut field)),
                '\r' => {
                    assert_eq!(chars.next(), Some('\n'));
                    row.push(std::mem::take(&mut field));
                    rows.push(std::mem::take(&mut row));
                }
                '\n' => panic!("newline outside quotes"),
                c => field.push(c),
            }
        }
        assert!(row.is_empty() && field.is_empty(), "last line is not ended");
        rows
    }

    fn read_tsv(text: &str) -> Vec<Vec<String>> {
        let unescape = |field: &str| {
            let mut out = String::new();
            let mut chars = field.chars();
            while let Some(c) = chars.next() {
                out.push(match c {
                    '\\' => match chars.next().unwrap() {
                        't' => '\t',
                        'n' => '\n',
                        'r' => '\r',
                        '\\' => '\\',
                        c => panic!("no such escape: {c}"),
                    },
                    c => c,
                });
            }
            out
        };
        let lines = text.strip_suffix('\n').unwrap().split('\n');
        lines
            .map(|line| line.split('\t').map(unescape).collect())
            .collect()
    }

    fn exact(field: &str) -> &str {
        field.strip_prefix('\'').unwrap_or(field)
    }

    fn written(format: Format, rows: &[(String, String)]) -> String {
        let mut writer = Writer::start(Vec::new(), format, &["a", "b", "n"]).unwrap();
        for (a, b) in rows {
            writer
                .row(&[Cell::Text(a), Cell::Text(b), Cell::Number((-5_i8).into())])
                .unwrap();
        }
        String::from_utf8(writer.into_inner()).unwrap()
    }

    #[test]
    fn formulas_are_text_and_numbers_stay_numbers() {
        for (text, safe) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            (" \u{feff}-1", "' \u{feff}-1"),
            ("＝1", "'＝1"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("'x", "''x"),
            ("a=1", "a=1"),
            ("web-1", "web-1"),
            ("", ""),
        ] {
            assert_eq!(disarmed(text), safe);
        }
    }

    #[test]
    fn a_row_of_one_empty_cell_is_no_empty_line() {
        let mut csv = Writer::csv(Vec::new(), &["a"]).unwrap();
        csv.row(&[Cell::Empty]).unwrap();
        csv.row(&[Cell::Text("")]).unwrap();
        assert_eq!(csv.into_inner(), b"a\r\n\"\"\r\n\"\"\r\n");
    }

    proptest! {
        #[test]
        fn every_text_reads_back_exactly_and_none_is_a_formula(
            rows in proptest::collection::vec((hostile(), hostile()), 0..5),
        ) {
            for read in [read_csv(&written(Format::Csv, &rows)), read_tsv(&written(Format::Tsv, &rows))] {
                prop_assert_eq!(read.len(), rows.len() + 1);
                for (fields, (a, b)) in read.iter().skip(1).zip(&rows) {
                    prop_assert_eq!(fields.len(), 3);
                    prop_assert_eq!(exact(&fields[0]), a);
                    prop_assert_eq!(exact(&fields[1]), b);
                    prop_assert_eq!(&fields[2], "-5");
                    prop_assert!(!fields[0].trim_start().starts_with(['=', '+', '-', '@']));
                    prop_assert!(!fields[0].starts_with(['\t', '\r']));
                }
            }
        }
    }
}
