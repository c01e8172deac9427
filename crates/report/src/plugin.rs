//! The complete output of a monitoring plugin.
//!
//! ```text
//! BORG WARNING: web: newest archive is 1d 4h old | age=100800s;93600;180000
//! web: 31 archives, newest web-2024-05-01
//! ```
//!
//! All performance data is in the first line: a second section is read differently by Nagios and
//! Icinga.

use crate::perfdata::{self, Item};
use crate::text;

/// The most bytes that Nagios takes from a plugin, the line end included.
pub const LIMIT: usize = 8192;

/// The bytes of the summary that stay before performance data is left out.
const KEPT_SUMMARY: usize = 80;

/// What a plugin says. All texts are raw: they are escaped on rendering.
///
/// ```
/// use borgq_report::{label::Label, perfdata::{Item, Unit}, plugin::{LIMIT, Output}};
///
/// let output = Output {
///     service: "BORG",
///     state: "OK",
///     summary: "1 repository".into(),
///     perfdata: vec![Item::new(Label::new("age"), 60_u8, Unit::Seconds)],
///     long: vec!["web: odd|name\n".into()],
///     more: 0,
/// };
/// assert_eq!(output.render(LIMIT), "BORG OK: 1 repository | age=60s\nweb: odd\\x7cname\\n\n");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output<'a> {
    /// What is checked, the first word of the output.
    pub service: &'a str,
    /// The word for the exit status: `OK`, `WARNING`, `CRITICAL` or `UNKNOWN`.
    pub state: &'a str,
    /// One short sentence; it goes into pages.
    pub summary: String,
    /// The measured values, the most important first: what does not fit is left out from the end.
    pub perfdata: Vec<Item>,
    /// The lines after the first, the most important first.
    pub long: Vec<String>,
    /// How many lines there are behind those, of which nobody made the text
    /// because there is no room for it.
    pub more: usize,
}

impl Output<'_> {
    /// The text to print, at most `limit` bytes (at least 1), with a line end at its end.
    ///
    /// What is too long is cut in this order, and each step only as far as needed:
    ///
    /// 1. long lines, from the last; `and N more` says how many,
    /// 2. the summary at a character, down to 80 bytes; `…` marks the place,
    /// 3. items of performance data, from the last, each as a whole,
    /// 4. what is left of the summary, then of service and state.
    ///
    /// ```
    /// # use borgq_report::plugin::Output;
    /// # let output = Output {
    /// #     service: "BORG", state: "OK", summary: "fine".into(), perfdata: vec![],
    /// #     long: (1..=100).map(|n| format!("repository {n}")).collect(), more: 0,
    /// # };
    /// assert_eq!(output.render(40), "BORG OK: fine\nrepository 1\nand 99 more\n");
    /// ```
    #[must_use]
    pub fn render(&self, limit: usize) -> String {
        let limit = limit.max(1);
        let mut out = self.first_line(limit - 1);
        out.push('\n');
        self.push_long(&mut out, limit);
        out
    }

    fn first_line(&self, room: usize) -> String {
        let head = format!(
            "{} {}",
            text::plugin(self.service),
            text::plugin(self.state)
        );
        let summary = match text::plugin(&self.summary) {
            summary if summary.is_empty() => String::new(),
            summary => format!(": {summary}"),
        };
        let head = cut(&head, room);
        let kept = cut(&summary, KEPT_SUMMARY).len();
        let items = self.items_within(room.saturating_sub(head.len() + kept));
        let shown = cut(&summary, room - head.len() - items.len());
        // Not even one character of the summary is left.
        let lost = shown != summary && shown.len() <= ": …".len();
        head + if lost { "" } else { &shown } + &items
    }

    /// As many items as fit, with the bar before them.
    fn items_within(&self, room: usize) -> String {
        let mut fitting = self.perfdata.as_slice();
        while let [kept @ .., _] = fitting {
            let items = format!(" | {}", perfdata::line(fitting));
            if items.len() <= room {
                return items;
            }
            fitting = kept;
        }
        String::new()
    }

    fn push_long(&self, out: &mut String, limit: usize) {
        let all = self.long.len() + self.more;
        let more = |hidden: usize| match hidden {
            0 => String::new(),
            hidden => format!("and {hidden} more\n"),
        };
        let mut lines = Vec::new();
        let mut used = out.len();
        // How many lines fit together with the line that counts the others.
        let mut fitting = (used + more(all).len() <= limit).then_some(0);
        for (shown, line) in (1..).zip(&self.long) {
            let line = text::plugin(line);
            used += line.len() + 1;
            if used > limit {
                break;
            }
            lines.push(line);
            if used + more(all - shown).len() <= limit {
                fitting = Some(shown);
            }
        }
        if let Some(shown) = fitting {
            for line in lines.iter().take(shown) {
                out.push_str(line);
                out.push('\n');
            }
            out.push_str(&more(all - shown));
        }
    }
}

/// The text, cut at a character so that it takes at most `room` bytes, with `…` if there is room.
fn cut(text: &str, room: usize) -> String {
    const MARK: &str = "…";
    if text.len() <= room {
        return text.to_owned();
    }
    let (room, mark) = match room.checked_sub(MARK.len()) {
        Some(room) => (room, MARK),
        None => (room, ""),
    };
    let end = (0..=room).rev().find(|&at| text.is_char_boundary(at));
    let kept = end.and_then(|end| text.get(..end)).unwrap_or_default();
    format!("{kept}{mark}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::Label;
    use crate::perfdata::{Unit, strict};
    use crate::testing::hostile;
    use proptest::prelude::*;

    fn items(count: u64) -> Vec<Item> {
        (0..count)
            .map(|n| Item::new(Label::new(&format!("i{n}")), n, Unit::None))
            .collect()
    }

    fn output(summary: &str, perfdata: Vec<Item>, long: &[&str]) -> Output<'static> {
        Output {
            service: "BORG",
            state: "CRITICAL",
            summary: summary.to_owned(),
            perfdata,
            long: long.iter().map(|&line| line.to_owned()).collect(),
            more: 0,
        }
    }

    #[test]
    fn an_archive_name_forges_neither_a_line_nor_performance_data() {
        let name = "x\nBORG OK: fine | age=0s";
        assert_eq!(
            output(name, items(1), &[name]).render(LIMIT),
            "BORG CRITICAL: x\\nBORG OK: fine \\x7c age=0s | i0=0\nx\\nBORG OK: fine \\x7c age=0s\n"
        );
    }

    #[test]
    fn without_summary_there_is_no_colon() {
        assert_eq!(output("", vec![], &[]).render(LIMIT), "BORG CRITICAL\n");
        assert_eq!(
            output("", items(1), &[]).render(LIMIT),
            "BORG CRITICAL | i0=0\n"
        );
    }

    #[test]
    fn the_last_line_needs_no_room_for_a_count() {
        let output = output("s", vec![], &["one", "two"]);
        let all = "BORG CRITICAL: s\none\ntwo\n";
        assert_eq!(output.render(all.len()), all);
        assert_eq!(output.render(all.len() - 1), "BORG CRITICAL: s\n");
        let long = "BORG CRITICAL: s\nand 1 more\n";
        let one = Output {
            long: vec!["a line that is longer".into()],
            ..output
        };
        assert_eq!(one.render(long.len()), long);
    }

    #[test]
    fn the_summary_is_cut_before_an_item_and_items_before_what_is_left_of_it() {
        let output = output(&"é".repeat(200), items(3), &["long"]);
        let line = output.render(130);
        assert_eq!(
            line,
            format!("BORG CRITICAL: {}… | i0=0 i1=1 i2=2\n", "é".repeat(47))
        );
        // The last limit at which the kept part of the summary leaves room for all items.
        let line = output.render(110);
        assert_eq!(
            line,
            format!("BORG CRITICAL: {}… | i0=0 i1=1 i2=2\n", "é".repeat(37))
        );
        let line = output.render(109);
        assert_eq!(
            line,
            format!("BORG CRITICAL: {}… | i0=0 i1=1\n", "é".repeat(39))
        );
        let line = output.render(30);
        assert_eq!(line, format!("BORG CRITICAL: {}…\n", "é".repeat(5)));
        assert_eq!(output.render(14), "BORG CRITICAL\n");
        assert_eq!(output.render(8), "BORG…\n");
        assert_eq!(output.render(1), "\n");
    }

    proptest! {
        #[test]
        fn output_keeps_the_limit_and_the_layout(
            summary in hostile(),
            perfdata in proptest::collection::vec(strict::item(), 0..6),
            long in proptest::collection::vec(hostile(), 0..6),
            more in 0_usize..3,
            limit in prop_oneof![1_usize..200, 200_usize..2000, Just(LIMIT)],
        ) {
            let output = Output { service: "BORG", state: "CRITICAL", summary, perfdata, long, more };
            let out = output.render(limit);
            prop_assert!(out.len() <= limit && out.ends_with('\n'));
            prop_assert!(!out.chars().any(|c| c.is_control() && c != '\n'));

            let mut lines = out.lines();
            let first = lines.next().unwrap();
            if limit > "BORG CRITICAL".len() {
                prop_assert!(first.starts_with("BORG CRITICAL"));
            }
            if let Some((_, perf)) = first.split_once('|') {
                let shown = strict::parse(perf.strip_prefix(' ').unwrap());
                prop_assert!(shown.is_ok_and(|shown| output.perfdata.starts_with(&shown)));
            }
            prop_assert!(lines.clone().all(|line| !line.contains('|')));

            let whole = output.render(usize::MAX);
            prop_assert_eq!(whole.lines().count(), 1 + output.long.len() + usize::from(more > 0));
            prop_assert_eq!(out == whole, whole.len() <= limit);
            if out != whole && first == whole.lines().next().unwrap() && lines.clone().next().is_some() {
                let shown = lines.clone().count() - 1;
                let count = format!("and {} more", output.long.len() + more - shown);
                prop_assert_eq!(lines.next_back(), Some(count.as_str()));
            }
        }
    }
}
