//! How outputs are printed.

use borgq_filter::{Layout, Value, WriteError};
use borgq_report::text::{is_hidden, lines};

use crate::args::Jq;

/// What the options say.
#[derive(Clone, Copy)]
pub struct Output {
    layout: Layout,
    raw: bool,
    newline: bool,
    terminal: bool,
}

impl Output {
    pub fn new(args: &Jq, terminal: bool) -> Self {
        const INDENT: usize = 2;
        Self {
            layout: Layout {
                indent: (!args.compact_output).then_some(INDENT),
                sort_keys: args.sort_keys,
                ..Self::one_line()
            },
            raw: args.raw_output || args.join_output,
            newline: !args.join_output,
            terminal,
        }
    }

    /// One line, on which nothing steers a terminal.
    pub fn one_line() -> Layout {
        Layout {
            escape: is_hidden,
            ..Layout::default()
        }
    }

    /// Writes an output. Bare strings are exact, but for a terminal. Nothing is
    /// written of what cannot be.
    pub fn write(&self, value: &Value, bytes: &mut Vec<u8>) -> Result<(), WriteError> {
        let start = bytes.len();
        match value.as_str().filter(|_| self.raw) {
            Some(text) if self.terminal => bytes.extend_from_slice(lines(&text).as_bytes()),
            Some(text) => bytes.extend_from_slice(text.as_bytes()),
            None => self
                .layout
                .write(value, bytes)
                .inspect_err(|_| bytes.truncate(start))?,
        }
        if self.newline {
            bytes.push(b'\n');
        }
        Ok(())
    }
}
