//! Lines and white space of an input.

use super::Position;

/// Counts lines once, however many positions are asked for in ascending order.
#[derive(Default)]
pub(super) struct Lines {
    offset: usize,
    line: usize,
    line_start: usize,
}

impl Lines {
    pub(super) fn position(&mut self, input: &[u8], offset: usize) -> Position {
        if offset < self.offset {
            *self = Self::default();
        }
        for newline in newlines(input.get(self.offset..offset).unwrap_or_default()) {
            self.line += 1;
            self.line_start = self.offset + newline + 1;
        }
        self.offset = offset;
        Position {
            offset,
            line: self.line + 1,
            column: offset - self.line_start + 1,
        }
    }
}

pub(super) fn newlines(bytes: &[u8]) -> impl Iterator<Item = usize> {
    bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'\n')
        .map(|(at, _)| at)
}

/// Where the space that begins at `at` ends.
pub(super) fn behind_space(input: &[u8], at: usize) -> usize {
    let tail = input.get(at..).unwrap_or_default();
    at + tail.len() - tail.trim_ascii_start().len()
}

/// What stands before `at` on its line, from `from` on, ends in something that is no blank.
pub(super) fn follows_text(input: &[u8], from: usize, at: usize) -> bool {
    let before = input.get(from..at).unwrap_or_default();
    let last = before
        .iter()
        .rfind(|byte| !matches!(byte, b' ' | b'\t' | 0x0c));
    last.is_some_and(|byte| !matches!(byte, b'\n' | b'\r'))
}

/// Nothing but blanks stands between `at` and the end of its line, which is
/// not the end of the input.
pub(super) fn ends_line(input: &[u8], at: usize) -> bool {
    let mut rest = input.get(at..).unwrap_or_default().iter();
    let next = rest.find(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | 0x0c));
    next == Some(&b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_bytes_from_one() {
        let mut lines = Lines::default();
        let mut at = |offset| lines.position("a\nbü\n\nc".as_bytes(), offset).to_string();
        assert_eq!(at(0), "line 1, column 1");
        assert_eq!(at(2), "line 2, column 1");
        assert_eq!(at(5), "line 2, column 4");
        assert_eq!(at(7), "line 4, column 1");
        assert_eq!(at(1), "line 1, column 2");
    }

    #[test]
    fn only_text_on_the_same_line_counts() {
        assert!(follows_text(b"a {", 0, 2));
        assert!(!follows_text(b"a\n  {", 0, 4));
        assert!(!follows_text(b"50%\r{", 0, 4));
        assert!(!follows_text(b"}  {", 1, 3));
        assert!(ends_line(b"{ \r\n", 1));
        assert!(!ends_line(b"{ x\n", 1));
        assert!(!ends_line(b"{ ", 1));
    }
}
