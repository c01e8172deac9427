//! The performance data of an assessment.

use borgq_query::quantity::Quantity;
use borgq_query::threshold::{Limits, Range};
use borgq_query::{Assessed, Assessment, Measured};

use super::labels::Labels;
use crate::error::Error;
use crate::label::Label;
use crate::number::Number;
use crate::perfdata::{Item, RangeText, Unit};

/// The totals, then each metric of each group, if there are not too many groups.
pub(super) fn items(assessment: &Assessment<'_>, labelled: usize) -> Result<Vec<Item>, Error> {
    let groups = &assessment.groups;
    let mut items = Vec::new();
    let mut total = |label: &str, count: usize| {
        let mut item = Item::new(Label::new(label), count as u64, Unit::None);
        item.min = Some(Number::from(0_u64));
        items.push(item);
    };
    total("groups", groups.len());
    let counts = assessment.counts();
    total("ok", counts.ok);
    total("warning", counts.warning);
    total("critical", counts.critical);
    total("unknown", counts.unknown);
    let oldest = groups.iter().max_by_key(|assessed| assessed.age());
    let oldest = oldest.and_then(|assessed| {
        assessed
            .metrics
            .first()
            .filter(|_| assessed.age().is_some())
    });
    let whole = oldest.map(|age| ("oldest_age", age));
    let input = assessment.input_age.as_ref().map(|age| ("input_age", age));
    for (label, measured) in whole.into_iter().chain(input) {
        items.extend(item(Label::new(label), measured)?);
    }
    if groups.len() <= labelled {
        let totals: Vec<_> = items.iter().map(|item| item.label.clone()).collect();
        let mut labels = Labels::new(groups.iter(), totals.iter().map(Label::as_str));
        // In an order that does not depend on states.
        let mut named: Vec<_> = groups.iter().collect();
        named.sort_by_cached_key(|assessed| place(assessed));
        for assessed in named {
            for measured in &assessed.metrics {
                // Taken in any case, so that other labels do not depend on it.
                let label = labels.give(assessed, measured);
                items.extend(item(label, measured)?);
            }
        }
    }
    Ok(items)
}

/// Where a group stands among the others.
fn place(assessed: &Assessed<'_>) -> (String, String, Option<String>, Option<usize>) {
    let repository = assessed.group.repository;
    let label = repository.label.as_ref();
    (
        label.map_or_else(String::new, |label| label.to_display().into_owned()),
        repository.location.to_display().into_owned(),
        assessed.group.name.clone(),
        assessed.group.rule,
    )
}

/// An item, if the value is known.
fn item(label: Label, measured: &Measured) -> Result<Option<Item>, Error> {
    let Ok(value) = &measured.value else {
        return Ok(None);
    };
    let number = Number::parse(&value.number().to_string())?;
    let (unit, min) = match value {
        Quantity::Duration(_) => (Unit::Seconds, Some(Number::from(0_u64))),
        Quantity::Size(_) => (Unit::Bytes, Some(Number::from(0_u64))),
        Quantity::Count(_) => (Unit::None, Some(Number::from(0_u64))),
        Quantity::Percent(_) => (Unit::Percent, None),
    };
    let mut item = Item::new(label, number, unit);
    let Limits { warning, critical } = measured.limits;
    item.warn = range(warning)?;
    item.crit = range(critical)?;
    item.min = min;
    Ok(Some(item))
}

fn range(range: Option<Range>) -> Result<Option<RangeText>, Error> {
    range
        .map(|range| RangeText::new(&range.perfdata().to_string()))
        .transpose()
}
