//! A strict parser of performance data, to hold the writer against. It takes nothing that one of
//! the consumers would misread.

use proptest::option;
use proptest::prelude::*;

use super::{Item, RangeText, Unit};
use crate::label::Label;
use crate::number::Number;
use crate::testing::hostile;

/// The items of a line, or what is wrong with it.
pub(crate) fn parse(line: &str) -> Result<Vec<Item>, String> {
    let mut items = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        if !items.is_empty() {
            rest = rest.strip_prefix(' ').ok_or("no blank between items")?;
        }
        let (label, after) = match rest.strip_prefix('\'') {
            Some(quoted) => {
                let (label, after) = quoted.split_once('\'').ok_or("quote is not closed")?;
                if !label.contains(' ') {
                    return Err(format!("needless quotes: {label:?}"));
                }
                (
                    label,
                    after.strip_prefix('=').ok_or("no = after the quote")?,
                )
            }
            None => rest.split_once('=').ok_or("no =")?,
        };
        let quoted = rest.starts_with('\'');
        let bad = |c: char| c.is_control() || "=|'".contains(c) || (c == ' ' && !quoted);
        if label.is_empty() || label.trim() != label || label.contains(bad) || label.contains("::")
        {
            return Err(format!("bad label {label:?}"));
        }
        let (fields, after) = match after.find(' ') {
            Some(end) => after.split_at(end),
            None => (after, ""),
        };
        items.push(item_of(label, fields)?);
        rest = after;
    }
    Ok(items)
}

fn item_of(label: &str, fields: &str) -> Result<Item, String> {
    let fields: Vec<&str> = fields.split(';').collect();
    if fields.len() > 5 || (fields.len() > 1 && fields.last() == Some(&"")) {
        return Err(format!("dangling or too many fields: {fields:?}"));
    }
    let value = fields[0];
    let digits = value
        .find(|c: char| !"-.0123456789".contains(c))
        .unwrap_or(value.len());
    let unit = match &value[digits..] {
        "" | "U" => Unit::None,
        "s" => Unit::Seconds,
        "B" => Unit::Bytes,
        "%" => Unit::Percent,
        "c" => Unit::Counter,
        other => return Err(format!("bad unit {other:?}")),
    };
    let number = |text: &str| Number::parse(text).map_err(|error| error.to_string());
    let field = |at: usize| fields.get(at).copied().filter(|text| !text.is_empty());
    let range = |at| {
        field(at)
            .map(RangeText::new)
            .transpose()
            .map_err(|error| error.to_string())
    };
    Ok(Item {
        label: Label::new(label),
        value: if value == "U" {
            None
        } else {
            Some(number(&value[..digits])?)
        },
        unit,
        warn: range(1)?,
        crit: range(2)?,
        min: field(3).map(number).transpose()?,
        max: field(4).map(number).transpose()?,
    })
}

fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<f64>().prop_filter_map("finite", Number::from_f64),
    ]
}

fn range() -> impl Strategy<Value = RangeText> {
    (any::<bool>(), option::of(number()), option::of(number())).prop_filter_map(
        "a bound",
        |(inside, start, end)| {
            let bounds = match (start, end) {
                (None, None) => return None,
                (None, Some(end)) => format!("~:{end}"),
                (Some(start), None) => format!("{start}:"),
                (Some(start), Some(end)) => format!("{start}:{end}"),
            };
            RangeText::new(&format!("{}{bounds}", if inside { "@" } else { "" })).ok()
        },
    )
}

/// Any item, with a hostile label. An undetermined value has no unit.
pub(crate) fn item() -> impl Strategy<Value = Item> {
    let units = [
        Unit::None,
        Unit::Seconds,
        Unit::Bytes,
        Unit::Percent,
        Unit::Counter,
    ];
    (
        (
            hostile(),
            option::weighted(0.9, number()),
            proptest::sample::select(units.to_vec()),
        ),
        (
            option::of(range()),
            option::of(range()),
            option::of(number()),
            option::of(number()),
        ),
    )
        .prop_map(|((label, value, unit), (warn, crit, min, max))| Item {
            label: Label::new(&label),
            unit: if value.is_some() { unit } else { Unit::None },
            value,
            warn,
            crit,
            min,
            max,
        })
}

#[test]
fn the_parser_refuses_what_consumers_misread() {
    for line in [
        "a",
        "=1",
        "a=",
        "a=1;",
        "a=1  b=2",
        " a=1",
        "a=1 ",
        "'a'=1",
        "'a b=1",
        "' a'=1",
        "a::b=1",
        "a=1KB",
        "a=1e3",
        "a=+1",
        "a=1,5",
        "a=1;;;;;",
        "a=1;;;;;1",
        "a=NaN",
        "a b=1",
        "a=1;x",
    ] {
        assert!(parse(line).is_err(), "{line:?}");
    }
    assert_eq!(parse(""), Ok(vec![]));
    assert_eq!(parse("a=1 'b c'=U;1:;;0").unwrap().len(), 2);
}
