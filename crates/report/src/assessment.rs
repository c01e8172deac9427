//! An assessment as the output of a monitoring plugin.

use borgq_query::quantity::Duration;
use borgq_query::state::State;
use borgq_query::threshold::{Limits, Range};
use borgq_query::{Assessed, Assessment};

use crate::error::Error;
use crate::label::Labels;
use crate::number::Number;
use crate::perfdata::{Item, RangeText, Unit};
use crate::plugin::Output;

/// How many groups have performance data of their own.
const LABELLED: usize = 20;

/// What the plugin says of an assessment: the worst group first.
///
/// # Errors
///
/// If a limit cannot be written as performance data.
pub fn output(assessment: &Assessment<'_>, limits: &Limits) -> Result<Output<'static>, Error> {
    let findings = assessment
        .findings
        .iter()
        .map(|finding| format!("{}: {} [{}]", finding.state, finding.text, finding.code));
    let groups = assessment.groups.iter().map(|assessed| {
        format!(
            "{}: {}: {}",
            assessed.state,
            name(assessed),
            reason(assessed)
        )
    });
    Ok(Output {
        service: "BORG",
        state: assessment.state.word(),
        summary: summary(assessment),
        perfdata: perfdata(assessment, limits)?,
        long: findings.chain(groups).collect(),
    })
}

/// What the plugin says if nothing could be judged.
#[must_use]
pub fn unknown(sentence: &str) -> Output<'static> {
    Output {
        service: "BORG",
        state: State::Unknown.word(),
        summary: sentence.into(),
        perfdata: Vec::new(),
        long: Vec::new(),
    }
}

fn summary(assessment: &Assessment<'_>) -> String {
    let worst = assessment.state;
    let groups = &assessment.groups;
    if worst == State::Ok {
        let oldest = groups.iter().filter_map(|assessed| assessed.age).max();
        return format!(
            "{} backed up, the oldest last backup is {} old",
            groups.len(),
            oldest.map(Duration::human).unwrap_or_default()
        );
    }
    if let Some(finding) = assessment
        .findings
        .iter()
        .find(|finding| finding.state == worst)
    {
        return finding.text.clone();
    }
    let bad = groups
        .iter()
        .filter(|assessed| assessed.state == worst)
        .count();
    match groups.first() {
        Some(first) if bad > 1 => {
            format!("{}: {} (and {} more)", name(first), reason(first), bad - 1)
        }
        Some(first) => format!("{}: {}", name(first), reason(first)),
        None => "no repository was read".into(),
    }
}

fn name(assessed: &Assessed<'_>) -> String {
    let repository = assessed.group.repository;
    let name = repository
        .label
        .as_ref()
        .unwrap_or(&repository.location)
        .to_display();
    match &assessed.group.name {
        Some(group) => format!("{name} {group}"),
        None => name.into_owned(),
    }
}

fn reason(assessed: &Assessed<'_>) -> String {
    let last = assessed.age.zip(assessed.group.last()).map(|(age, last)| {
        format!(
            "last backup {} old, {} at {}",
            age.human(),
            last.name.to_display(),
            last.time
        )
    });
    let findings = assessed
        .findings
        .iter()
        .map(|finding| format!("{} [{}]", finding.text, finding.code));
    last.into_iter()
        .chain(findings)
        .collect::<Vec<_>>()
        .join(", ")
}

fn perfdata(assessment: &Assessment<'_>, limits: &Limits) -> Result<Vec<Item>, Error> {
    let groups = &assessment.groups;
    let mut labels = Labels::default();
    let count = |state| {
        groups
            .iter()
            .filter(|assessed| assessed.state == state)
            .count()
    };
    let mut items: Vec<_> = [
        ("groups", groups.len()),
        ("ok", count(State::Ok)),
        ("warning", count(State::Warning)),
        ("critical", count(State::Critical)),
        ("unknown", count(State::Unknown)),
    ]
    .into_iter()
    .map(|(label, count)| {
        let mut item = Item::new(labels.add(label), count as u64, Unit::None);
        item.min = Some(Number::from(0_u64));
        item
    })
    .collect();
    let range = |range: Option<Range>| {
        range
            .map(|range| RangeText::new(&range.perfdata().to_string()))
            .transpose()
    };
    let (warning, critical) = (range(limits.warning)?, range(limits.critical)?);
    let mut age = |label: &str, age: Duration| -> Result<Item, Error> {
        let seconds = Number::parse(&age.seconds().to_string())?;
        let mut item = Item::new(labels.add(label), seconds, Unit::Seconds);
        item.warn = warning.clone();
        item.crit = critical.clone();
        item.min = Some(Number::from(0_u64));
        Ok(item)
    };
    if let Some(oldest) = groups.iter().filter_map(|assessed| assessed.age).max() {
        items.push(age("oldest_age", oldest)?);
    }
    if groups.len() <= LABELLED {
        // By name, so that a label stays with its group from run to run.
        let mut ages: Vec<_> = groups
            .iter()
            .filter_map(|assessed| Some((name(assessed), assessed.age?)))
            .collect();
        ages.sort();
        for (name, value) in ages {
            items.push(age(&name, value)?);
        }
    }
    Ok(items)
}
