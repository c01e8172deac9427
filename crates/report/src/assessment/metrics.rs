//! The performance data of an assessment.

use borgq_query::quantity::Quantity;
use borgq_query::threshold::{Limits, Range};
use borgq_query::{Assessed, Assessment, Measured, Repository};

use crate::error::Error;
use crate::label::{Label, Labels, checksum};
use crate::number::Number;
use crate::perfdata::{Item, RangeText, Unit};

/// How much of a location's last part stands in a label: with the checksum
/// that makes it unique, the 19 characters that every consumer keeps.
const KEPT: usize = 10;

/// The totals, then each metric of each group, if there are not too many groups.
pub(super) fn items(assessment: &Assessment<'_>, labelled: usize) -> Result<Vec<Item>, Error> {
    let groups = &assessment.groups;
    let mut labels = Labels::default();
    let mut items = Vec::new();
    let mut total = |label: &str, count: usize| {
        let mut item = Item::new(labels.add(label), count as u64, Unit::None);
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
        items.extend(item(&mut labels, label, measured)?);
    }
    if groups.len() <= labelled {
        // By name, so that a label stays with its group from run to run.
        let mut named: Vec<_> = groups.iter().map(|group| (short(group), group)).collect();
        named.sort_by(|(a, one), (b, other)| a.cmp(b).then(one.group.rule.cmp(&other.group.rule)));
        for (name, group) in named {
            // Escaped apart, so that the metric stays readable.
            let name = Label::new(&name);
            for measured in &group.metrics {
                let kind = measured.kind.as_ref().map(|kind| format!("_{kind}"));
                let metric = measured.metric.name().replace('-', "_") + &kind.unwrap_or_default();
                items.extend(item(
                    &mut labels,
                    &format!("{}_{metric}", name.as_str()),
                    measured,
                )?);
            }
        }
    }
    Ok(items)
}

/// An item, if the value is known.
fn item(labels: &mut Labels, label: &str, measured: &Measured) -> Result<Option<Item>, Error> {
    // Taken in any case, so that other labels do not depend on it.
    let label = labels.add(label);
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

/// A short name for a group that depends on nothing but itself.
fn short(assessed: &Assessed<'_>) -> String {
    let name = repository(assessed.group.repository);
    match &assessed.group.name {
        Some(group) => format!("{name}_{group}"),
        None => name,
    }
}

/// The label, else the last part of the location and a checksum of it all.
fn repository(repository: &Repository) -> String {
    if let Some(label) = &repository.label {
        return label.to_display().into_owned();
    }
    let location = repository.location.to_display();
    let last = location.trim_end_matches('/').rsplit('/').next();
    let kept: String = last.unwrap_or_default().chars().take(KEPT).collect();
    format!("{kept}-{:08x}", checksum(&location))
}
