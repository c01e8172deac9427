//! Cutting by columns, not by bytes or characters.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

const MARK: &str = "…";

/// The text in at most `width` columns: its beginning, `…` and its end. The ends of archive names
/// hold their dates.
pub(super) fn middle(text: &str, width: usize) -> Cow<'_, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    let Some(room) = width.checked_sub(MARK.width()) else {
        return Cow::Borrowed("");
    };
    let pieces = pieces(text);
    let tail = room / 2;
    let mut head = end_within(pieces.iter().copied(), room - tail);
    let tail = end_within(pieces.iter().rev().copied(), tail);
    let end = text.get(text.len() - tail..).unwrap_or_default();
    // The width of a text is not always the sum of the widths of its pieces.
    loop {
        let start = text.get(..head).unwrap_or_default();
        let cut = format!("{start}{MARK}{end}");
        if cut.width() <= width {
            return Cow::Owned(cut);
        }
        if head == 0 {
            return Cow::Borrowed(MARK);
        }
        head = start.char_indices().next_back().map_or(0, |(at, _)| at);
    }
}

/// The bytes of the pieces that fit together in `room` columns.
fn end_within<'a>(pieces: impl Iterator<Item = &'a str>, room: usize) -> usize {
    let fitting = pieces.scan(0, |used, piece| {
        *used += piece.width();
        (*used <= room).then_some(piece.len())
    });
    fitting.sum()
}

/// The text in pieces that are not torn: a character, what is put over it, and what a joiner ties
/// to it.
fn pieces(text: &str) -> Vec<&str> {
    const JOINER: char = '\u{200d}';
    const SKIN_TONES: std::ops::RangeInclusive<char> = '\u{1f3fb}'..='\u{1f3ff}';
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before = JOINER;
    for (at, c) in text.char_indices() {
        if before != JOINER && c.width() != Some(0) && !SKIN_TONES.contains(&c) {
            pieces.extend(text.get(start..at));
            start = at;
        }
        before = c;
    }
    pieces.extend(text.get(start..));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::hostile;
    use crate::text::terminal;
    use proptest::prelude::*;

    #[test]
    fn the_beginning_and_the_end_stay() {
        for (text, width, shown) in [
            ("abcdef", 6, "abcdef"),
            ("abcdef", 5, "ab…ef"),
            ("abcdef", 4, "ab…f"),
            ("abcdef", 1, "…"),
            ("abcdef", 0, ""),
            ("漢字漢字", 6, "漢…字"),
            ("漢字漢字", 4, "漢…"),
            ("👩‍🚀👩‍🚀👩‍🚀", 5, "👩‍🚀…👩‍🚀"),
            ("ae\u{301}bcde\u{301}", 5, "ae\u{301}…de\u{301}"),
        ] {
            assert_eq!(middle(text, width), shown, "{text} in {width}");
        }
    }

    proptest! {
        #[test]
        fn what_is_cut_fits(text in hostile(), width in 0_usize..40) {
            let text = terminal(&text);
            let cut = middle(&text, width);
            prop_assert!(cut.width() <= width);
            prop_assert_eq!(cut == text, text.width() <= width);
        }

        #[test]
        fn pieces_make_the_text(text in hostile()) {
            prop_assert_eq!(pieces(&text).concat(), text);
        }
    }
}
