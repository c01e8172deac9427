//! Text from documents made safe for where it is shown.
//!
//! Archive names, comments and paths can hold anything: newlines, terminal
//! sequences, characters that reverse or hide text.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character steers a terminal, ends a line, changes the direction of
/// text or cannot be seen.
#[must_use]
pub fn is_hidden_or_control(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// A text on one line of a terminal: every character that steers, hides or ends
/// a line is shown as an escape such as `\n`, `\x1b` or `\u{202e}`, and a
/// backslash as two.
///
/// ```
/// use borgq_report::text::terminal;
///
/// assert_eq!(terminal("web-2025"), "web-2025");
/// assert_eq!(terminal("a\nb\u{1b}[31m"), "a\\nb\\x1b[31m");
/// ```
#[must_use]
pub fn terminal(text: &str) -> Cow<'_, str> {
    escaped(text, |_| None)
}

/// A text on one line of a monitoring plugin: as for a [terminal], and `|`,
/// which would begin the performance data, becomes `¦`.
///
/// ```
/// use borgq_report::text::plugin;
///
/// assert_eq!(plugin("a|b=1"), "a¦b=1");
/// ```
#[must_use]
pub fn plugin(text: &str) -> Cow<'_, str> {
    escaped(text, |c| (c == '|').then_some("¦"))
}

fn escaped(text: &str, replacement: impl Fn(char) -> Option<&'static str>) -> Cow<'_, str> {
    let plain = |c: char| c != '\\' && !is_hidden_or_control(c) && replacement(c).is_none();
    if text.chars().all(plain) {
        return text.into();
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            _ if plain(c) => safe.push(c),
            '\\' => safe.push_str(r"\\"),
            '\n' => safe.push_str(r"\n"),
            '\r' => safe.push_str(r"\r"),
            '\t' => safe.push_str(r"\t"),
            _ => match replacement(c) {
                Some(other) => safe.push_str(other),
                None if u32::from(c) < 0x100 => {
                    let _ = write!(safe, "\\x{:02x}", u32::from(c));
                }
                None => {
                    let _ = write!(safe, "\\u{{{:x}}}", u32::from(c));
                }
            },
        }
    }
    safe.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_on_a_terminal_steers_or_hides(text in any::<String>()) {
            prop_assert!(!terminal(&text).chars().any(is_hidden_or_control));
        }

        #[test]
        fn nothing_in_a_plugins_text_begins_performance_data(text in any::<String>()) {
            let safe = plugin(&text).into_owned();
            prop_assert!(!safe.contains(['|', '\n', '\r', '\0']));
            prop_assert!(!safe.chars().any(is_hidden_or_control));
        }

        #[test]
        fn different_texts_stay_different(a in "[\\\\nx1b\n\u{1b}]{0,6}", b in "[\\\\nx1b\n\u{1b}]{0,6}") {
            prop_assert_eq!(a == b, terminal(&a) == terminal(&b));
        }
    }

    #[test]
    fn ordinary_text_stays() {
        for text in [
            "",
            "web 2025",
            "é漢字",
            "👩\u{200d}💻",
            "a'b\"c",
            "\u{202f}",
        ] {
            assert_eq!(terminal(text), text);
        }
    }
}
