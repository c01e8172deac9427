//! Hostile text made safe for one line of output.
//!
//! What cannot be seen is written as a visible escape, and a backslash is doubled, so that the
//! output is unambiguous: two different texts never look alike because of an escape. A text
//! without a backslash and without hidden characters stays as it is.
//!
//! | in the text | in the output |
//! | --- | --- |
//! | `\` | `\\` |
//! | newline, carriage return, tab | `\n` `\r` `\t` |
//! | other control characters below U+0080 | `\x1b` |
//! | control characters U+0080–U+009F, bidi controls, line and paragraph separators, characters of no width that hide text | `\u{202e}` |
//!
//! Two kinds of invisible characters have a use, and are left alone where they have it: joiners
//! (U+200C, U+200D) between two visible characters beyond ASCII, as in `👩‍🚀` and in Persian words,
//! and the variation selectors U+FE0E and U+FE0F after such a character or in a keycap (`1️⃣`).
//! Everywhere else they would only make two names look the same, and are escaped.

use std::borrow::Cow;
use std::fmt::Write as _;

/// One line for a terminal or a log: nothing in it moves the cursor, changes colours, reverses
/// the order of characters or hides.
///
/// ```
/// use borgq_report::text::terminal;
///
/// assert_eq!(terminal("übung-漢字-👩‍🚀"), "übung-漢字-👩‍🚀");
/// assert_eq!(terminal("a\nb\u{1b}[31m"), r"a\nb\x1b[31m");
/// assert_eq!(terminal("gpj.\u{202e}exe"), r"gpj.\u{202e}exe");
/// assert_eq!(terminal(r"C:\new"), r"C:\\new");
/// ```
#[must_use]
pub fn terminal(text: &str) -> Cow<'_, str> {
    escape(text, None)
}

/// Lines for a terminal that are otherwise as they are: newlines, tabs and backslashes stay, what
/// moves the cursor, changes colours or reverses the order of characters is escaped.
///
/// ```
/// use borgq_report::text::lines;
///
/// assert_eq!(lines("a\tb\n"), "a\tb\n");
/// assert_eq!(lines("a\u{1b}[2J\u{202e}"), r"a\x1b[2J\u{202e}");
/// ```
#[must_use]
pub fn lines(text: &str) -> Cow<'_, str> {
    let steers = |c: char| {
        is_hidden(c)
            && !matches!(
                c,
                '\n' | '\t' | ZERO_WIDTH_JOINER | ZERO_WIDTH_NON_JOINER | TEXT_STYLE | EMOJI_STYLE
            )
    };
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if !steers(c) => shown.push(c),
            c if c.is_ascii() => shown.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => shown.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
        }
    }
    Cow::Owned(shown)
}

/// One line of a monitoring plugin's text: as [`terminal`], and `|`, which would start performance
/// data, is `\x7c`.
///
/// A `;` stays: it separates nothing here. Nagios shows it as `:` in the first line, which
/// changes no meaning.
///
/// ```
/// use borgq_report::text::plugin;
///
/// assert_eq!(plugin("x | age=0s\nBORG OK"), r"x \x7c age=0s\nBORG OK");
/// ```
#[must_use]
pub fn plugin(text: &str) -> Cow<'_, str> {
    escape(text, Some('|'))
}

const ZERO_WIDTH_NON_JOINER: char = '\u{200c}';
const ZERO_WIDTH_JOINER: char = '\u{200d}';
const TEXT_STYLE: char = '\u{fe0e}';
const EMOJI_STYLE: char = '\u{fe0f}';
const KEYCAP: char = '\u{20e3}';

/// Whether nothing is seen of this character, or it changes how others are seen: control
/// characters, separators of lines, and what Unicode calls default ignorable.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

fn is_visible_beyond_ascii(c: char) -> bool {
    !c.is_ascii() && !is_hidden(c)
}

/// Whether `c` is a joiner or a variation selector in a place where it has a use.
fn shapes(before: Option<char>, c: char, after: Option<char>) -> bool {
    match c {
        ZERO_WIDTH_JOINER | ZERO_WIDTH_NON_JOINER => {
            before.is_some_and(|b| {
                is_visible_beyond_ascii(b) || matches!(b, TEXT_STYLE | EMOJI_STYLE)
            }) && after.is_some_and(is_visible_beyond_ascii)
        }
        TEXT_STYLE | EMOJI_STYLE => before.is_some_and(|b| {
            is_visible_beyond_ascii(b)
                || (matches!(b, '0'..='9' | '#' | '*') && after == Some(KEYCAP))
        }),
        _ => false,
    }
}

fn escape(text: &str, also: Option<char>) -> Cow<'_, str> {
    let mut out: Option<String> = None;
    // The character before, if it was kept.
    let mut before = None;
    let mut rest = text.char_indices();
    while let Some((at, c)) = rest.next() {
        let must = c == '\\' || also == Some(c) || is_hidden(c);
        if must && !shapes(before, c, rest.clone().next().map(|(_, after)| after)) {
            let out = out.get_or_insert_with(|| text.get(..at).unwrap_or_default().to_owned());
            push_escape(out, c);
            before = None;
        } else {
            if let Some(out) = &mut out {
                out.push(c);
            }
            before = Some(c);
        }
    }
    out.map_or(Cow::Borrowed(text), Cow::Owned)
}

fn push_escape(out: &mut String, c: char) {
    match c {
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        // Writing to a string cannot fail.
        c if c.is_ascii() => drop(write!(out, "\\x{:02x}", u32::from(c))),
        c => drop(write!(out, "\\u{{{:x}}}", u32::from(c))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::hostile;
    use proptest::prelude::*;

    /// The inverse of the escaping, written from the table above.
    fn unescape(text: &str) -> String {
        let mut out = String::new();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            if c != '\\' {
                out.push(c);
                continue;
            }
            match chars.next() {
                Some('\\') => out.push('\\'),
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some('t') => out.push('\t'),
                Some('x') => {
                    let hex: String = chars.by_ref().take(2).collect();
                    out.push(char::from(u8::from_str_radix(&hex, 16).unwrap()));
                }
                Some('u') => {
                    assert_eq!(chars.next(), Some('{'));
                    let hex: String = chars.by_ref().take_while(|&c| c != '}').collect();
                    out.push(char::from_u32(u32::from_str_radix(&hex, 16).unwrap()).unwrap());
                }
                other => panic!("no such escape: {other:?}"),
            }
        }
        out
    }

    #[track_caller]
    fn unchanged(text: &str) {
        assert!(
            matches!(terminal(text), Cow::Borrowed(same) if same == text),
            "{text:?}"
        );
    }

    #[test]
    fn ordinary_names_stay_as_they_are() {
        for name in [
            "",
            "web-2024-05-01T02:00:00",
            "größe é e\u{301}",
            "漢字 テスト",
            "👩‍🚀",
            "❤️‍🔥",
            "🏳️‍🌈",
            "👨‍👩‍👧‍👦",
            "1️⃣",
            "🇩🇪",
            "می‌خواهم",
            "שלום",
            "bytes that were no UTF-8: \u{fffd}",
        ] {
            unchanged(name);
        }
    }

    #[test]
    fn what_hides_or_moves_is_shown() {
        for (text, shown) in [
            ("\0\u{7}\u{8}\u{7f}", r"\x00\x07\x08\x7f"),
            ("\u{85}\u{9b}31m", r"\u{85}\u{9b}31m"),
            ("\u{2028}\u{2029}", r"\u{2028}\u{2029}"),
            ("\u{61c}\u{200e}\u{200f}", r"\u{61c}\u{200e}\u{200f}"),
            ("\u{202a}\u{2066}\u{2069}", r"\u{202a}\u{2066}\u{2069}"),
            ("\u{feff}web\u{200b}", r"\u{feff}web\u{200b}"),
            ("we\u{200d}b", r"we\u{200d}b"),
            ("é\u{200d}\u{200d}é", r"é\u{200d}\u{200d}é"),
            ("é\u{200d}", r"é\u{200d}"),
            ("1\u{fe0f}", r"1\u{fe0f}"),
            ("é\u{fe0f}\u{fe0f}", "é\u{fe0f}\\u{fe0f}"),
            ("\u{1f3f4}\u{e0067}", "\u{1f3f4}\\u{e0067}"),
        ] {
            assert_eq!(terminal(text), shown);
        }
    }

    #[test]
    fn a_semicolon_stays_in_plugin_text_and_a_bar_does_not() {
        assert_eq!(plugin("a;b|c"), r"a;b\x7cc");
        assert_eq!(terminal("a;b|c"), "a;b|c");
    }

    proptest! {
        #[test]
        fn escaping_can_be_undone(text in hostile()) {
            prop_assert_eq!(unescape(&terminal(&text)), text.as_str());
            prop_assert_eq!(unescape(&plugin(&text)), text.as_str());
        }

        #[test]
        fn no_control_bidi_or_separator_is_left(text in hostile()) {
            for out in [terminal(&text), plugin(&text)] {
                prop_assert!(!out.chars().any(|c| c.is_control()
                    || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}'
                        | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')), "{:?}", out);
            }
            prop_assert!(!plugin(&text).contains('|'));
        }

        #[test]
        fn printable_ascii_without_backslash_is_unchanged(text in "[ -\\[\\]-~]*") {
            prop_assert_eq!(terminal(&text), text.as_str());
        }
    }
}
