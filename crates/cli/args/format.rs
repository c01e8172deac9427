//! How an answer is printed.

use clap::{Args, ValueEnum};

/// How the answer is printed.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct Format {
    /// Print one JSON object on one line: --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,

    /// A table, JSON, or rows for pipelines
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<FormatName>,

    /// Print one field bare, a line a row: --format value. `--field help` lists the fields
    #[arg(long, value_name = "FIELD")]
    pub field: Option<String>,

    /// The fields that are the columns of a table, csv or tsv
    #[arg(long, value_name = "FIELD,...", value_delimiter = ',')]
    pub fields: Option<Vec<String>>,

    /// Sort the rows by a field; what is absent comes last
    #[arg(long, value_name = "FIELD")]
    pub sort: Option<String>,

    /// Turn the order of the rows around
    #[arg(long)]
    pub reverse: bool,

    /// Print so many rows at most
    #[arg(long, value_name = "NUMBER")]
    pub limit: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatName {
    /// Aligned, for people
    Table,
    /// One object on one line
    Json,
    /// One object a row and line
    Jsonl,
    /// As RFC 4180, with a header; a text that a spreadsheet could take for a formula has ' before it
    Csv,
    /// Columns between tabs, with a header; ' as in csv; tabs, line ends and backslashes escaped
    Tsv,
    /// One field bare, a line a row; line breaks and control characters escaped
    Value,
}
