//! Counts the warnings in a standard error, however long it is.

use serde::Deserialize;

/// The longest line that is looked at, in bytes.
const LONGEST: usize = 64 << 10;

/// The warnings so far: JSON log lines of the level WARNING, and lines that
/// begin with the word.
#[derive(Debug, Default)]
pub(super) struct Warnings {
    line: Vec<u8>,
    count: u64,
}

impl Warnings {
    /// Takes the next part of the stream.
    pub(super) fn read(&mut self, mut bytes: &[u8]) {
        while let Some(end) = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            let (line, rest) = bytes.split_at(end);
            self.push(line);
            self.count = self.count();
            self.line.clear();
            bytes = rest.get(1..).unwrap_or_default();
        }
        self.push(bytes);
    }

    fn push(&mut self, part: &[u8]) {
        let room = LONGEST.saturating_sub(self.line.len()).min(part.len());
        self.line.extend_from_slice(part.split_at(room).0);
    }

    /// How many there are, with the last line, which may have no end.
    pub(super) fn count(&self) -> u64 {
        self.count + u64::from(is_warning(&self.line))
    }
}

fn is_warning(line: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Level {
        levelname: String,
    }
    let line = line.trim_ascii_start();
    if line.starts_with(b"{") {
        serde_json::from_slice::<Level>(line).is_ok_and(|line| line.levelname == "WARNING")
    } else {
        line.get(..7)
            .is_some_and(|word| word.eq_ignore_ascii_case(b"warning"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn count(text: &str, parts: usize) -> u64 {
        let mut warnings = Warnings::default();
        for part in text.as_bytes().chunks(parts) {
            warnings.read(part);
        }
        warnings.count()
    }

    #[test]
    fn warnings_are_counted_in_text_and_in_json_lines() {
        assert_eq!(count("", 9), 0);
        assert_eq!(count("Warning: a\nb\nWARNING c\nwarn\n", 9), 2);
        assert_eq!(count("50%\rWarning", 9), 1);
        let line =
            |level: &str| format!("{{\"levelname\": {level:?}, \"message\": \"\\udce9\"}}\n");
        let lines = line("WARNING") + &line("INFO") + "{nonsense\n" + &line("WARNING");
        assert_eq!(count(&lines, 9), 2);
        assert_eq!(count(&"warning".repeat(100_000), 9), 1);
    }

    proptest! {
        #[test]
        fn it_does_not_matter_how_the_stream_comes(
            lines in prop::collection::vec("(warning|WARN|\\{\"levelname\":\"WARNING\"\\}|x|)", 0..9),
            parts in 1..20_usize,
        ) {
            let text = lines.join("\n");
            let all = text.lines().filter(|line| is_warning(line.as_bytes())).count() as u64;
            prop_assert_eq!(count(&text, parts), all);
        }
    }
}
