//! [`Lines`]: the long output, as far as there is room for it.

use crate::plugin::LIMIT;

/// Lines, of which those that nobody will see are only counted: ten thousand
/// groups have far more than fit.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) made: Vec<String>,
    /// How many lines there are behind those.
    pub(super) more: usize,
    bytes: usize,
}

impl Lines {
    pub(super) fn push(&mut self, line: impl FnOnce() -> String) {
        if self.bytes > LIMIT {
            self.more += 1;
            return;
        }
        let line = line();
        self.bytes += line.len() + 1;
        self.made.push(line);
    }
}
