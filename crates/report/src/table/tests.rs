//! Tables are aligned, fit and lose no number.

use super::*;
use crate::testing::hostile;
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr as _;

fn table(rows: &[(String, i64, String)]) -> Table {
    let mut table = Table::new([
        Column::text("NAME"),
        Column::number("SIZE"),
        Column::text("COMMENT"),
    ]);
    for (name, size, comment) in rows {
        table.row([
            Cell::styled(name, Style::Critical),
            size.to_string().into(),
            Cell::styled(comment, Style::Unknown),
        ]);
    }
    table
}

fn rows() -> impl Strategy<Value = Vec<(String, i64, String)>> {
    proptest::collection::vec((hostile(), any::<i64>(), hostile()), 0..6)
}

fn without_colour(text: &str) -> String {
    ["\u{1b}[1;31m", "\u{1b}[35m", "\u{1b}[0m"]
        .iter()
        .fold(text.to_owned(), |text, ansi| text.replace(ansi, ""))
}

#[test]
fn nothing_is_cut_in_a_pipe() {
    let name = "x".repeat(500);
    let mut table = Table::new([Column::text("A")]);
    table.row([name.as_str()]);
    assert_eq!(table.render(Layout::default()), format!("A\n{name}\n"));
}

#[test]
fn numbers_are_never_cut_and_text_not_below_its_least_width() {
    let mut table = Table::new([Column::text("NAME"), Column::number("SIZE")]);
    table.row(["abcdefghijkl", "123456789012345"]);
    let narrow = Layout {
        width: Some(10),
        colour: false,
    };
    assert_eq!(
        table.render(narrow),
        "NAME                 SIZE\nabcd…jkl  123456789012345\n"
    );
}

#[test]
fn what_does_not_fit_beside_is_shown_below() {
    let mut table = Table::new([
        Column::text("NAME"),
        Column::number("SIZE"),
        Column::fixed("TIME"),
        Column::text("HOST"),
    ]);
    table
        .row(["web-2025-03-01", "1234567", "2025-03-01T02:00:00Z", "web"])
        .row(["web-2025-03-02", "7", "2025-03-02T02:00:00Z", ""]);
    let narrow = |width| {
        table.render(Layout {
            width: Some(width),
            colour: false,
        })
    };
    assert_eq!(narrow(46).lines().count(), 3);
    assert_eq!(
        narrow(42),
        "\
NAME               SIZE
web-2025-03-01  1234567
web-2025-03-02        7

NAME            TIME                  HOST
web-2025-03-01  2025-03-01T02:00:00Z  web
web-2025-03-02  2025-03-02T02:00:00Z
"
    );
}

#[test]
fn an_empty_cell_keeps_its_place() {
    let mut table = Table::new([Column::text("NAME"), Column::number("N"), Column::text("C")]);
    table
        .row(["", "10", "x"])
        .row(["a", "", "x"])
        .row(["", "", "x"]);
    assert_eq!(
        table.render(Layout::default()),
        "NAME   N  C\n      10  x\na         x\n          x\n"
    );
}

#[test]
fn emoji_and_wide_characters_are_aligned_by_their_columns() {
    let mut table = Table::new([Column::text("N"), Column::text("C")]);
    table
        .row(["👩‍🚀", "x"])
        .row(["e\u{301}", "x"])
        .row(["漢字", "x"]);
    assert_eq!(
        table.render(Layout::default()),
        "N     C\n👩‍🚀    x\ne\u{301}     x\n漢字  x\n"
    );
}

proptest! {
    #[test]
    fn lines_fit_are_aligned_and_hold_no_foreign_control(rows in rows(), width in 44_usize..160) {
        let table = table(&rows);
        let out = table.render(Layout { width: Some(width), colour: false });
        prop_assert_eq!(out.lines().count(), rows.len() + 1);
        for line in out.lines() {
            prop_assert!(line.width() <= width, "{:?}", line);
            prop_assert!(!line.ends_with(' ') && !line.contains(|c: char| c.is_control()));
        }
        for (line, (_, size, _)) in out.lines().skip(1).zip(&rows) {
            prop_assert!(line.contains(&size.to_string()));
        }
    }

    #[test]
    fn parts_fit_and_lose_no_number(
        rows in proptest::collection::vec((hostile(), hostile(), any::<[u32; 6]>()), 0..5),
        width in 30_usize..90,
    ) {
        let texts = [Column::text("A"), Column::text("B")];
        let numbers = (0..6).map(|_| Column::number("NUMBER"));
        let mut table = Table::new(texts.into_iter().chain(numbers));
        for (a, b, numbers) in &rows {
            let numbers = numbers.map(|number| number.to_string());
            table.row([a.clone(), b.clone()].into_iter().chain(numbers));
        }
        let out = table.render(Layout { width: Some(width), colour: false });
        for line in out.lines() {
            prop_assert!(line.width() <= width, "{:?}", line);
        }
        for number in rows.iter().flat_map(|(_, _, numbers)| numbers) {
            prop_assert!(out.contains(&number.to_string()));
        }
    }

    #[test]
    fn colour_changes_nothing_but_colour(rows in rows(), width in proptest::option::of(0_usize..120)) {
        let table = table(&rows);
        let plain = table.render(Layout { width, colour: false });
        prop_assert!(!plain.contains('\x1b'));
        prop_assert_eq!(without_colour(&table.render(Layout { width, colour: true })), plain);
    }
}
