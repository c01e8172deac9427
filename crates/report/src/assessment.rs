//! An assessment as the output of a monitoring plugin.

use borgq_query::quantity::Duration;
use borgq_query::threshold::{Limits, Range};
use borgq_query::{Assessed, Assessment, State};

use crate::human;
use crate::text::plugin;

/// How many groups have performance data of their own.
const LABELLED: usize = 20;

/// The whole output: the state and the reason on the first line, with the
/// performance data, then a line a group.
#[must_use]
pub fn text(assessment: &Assessment<'_>, limits: &Limits) -> String {
    let mut lines = vec![format!(
        "BORG {}: {} | {}",
        assessment.state,
        summary(assessment),
        perfdata(assessment, limits)
    )];
    lines.extend(assessment.findings.iter().map(|finding| {
        format!(
            "{}: {} [{}]",
            finding.state,
            plugin(&finding.text),
            finding.code
        )
    }));
    lines.extend(assessment.groups.iter().map(line));
    lines.join("\n") + "\n"
}

/// The output if nothing could be judged: one line with the reason.
#[must_use]
pub fn unknown(sentence: &str) -> String {
    format!("BORG {}: {}\n", State::Unknown, plugin(sentence))
}

fn summary(assessment: &Assessment<'_>) -> String {
    let worst = assessment.state;
    let input = assessment
        .findings
        .iter()
        .find(|finding| finding.state == worst);
    let bad = assessment
        .groups
        .iter()
        .filter(|group| group.state == worst)
        .count();
    match (worst, input, assessment.groups.first()) {
        (State::Ok, _, _) => {
            let oldest = assessment.groups.iter().filter_map(|group| group.age).max();
            format!(
                "{} backed up, the oldest last backup is {} old",
                assessment.groups.len(),
                oldest
                    .map(|age| human::duration(age.into()))
                    .unwrap_or_default()
            )
        }
        (_, Some(finding), _) => plugin(&finding.text).into_owned(),
        (_, None, Some(group)) => {
            let others = if bad > 1 {
                format!(" (and {} more)", bad - 1)
            } else {
                String::new()
            };
            format!("{}: {}{others}", name(group), reason(group))
        }
        (_, None, None) => "no repository was read".into(),
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
        Some(group) => format!("{} {}", plugin(&name), plugin(group)),
        None => plugin(&name).into_owned(),
    }
}

fn reason(assessed: &Assessed<'_>) -> String {
    let mut reasons: Vec<_> = assessed
        .findings
        .iter()
        .map(|finding| format!("{} [{}]", plugin(&finding.text), finding.code))
        .collect();
    if let (Some(age), Some(last)) = (assessed.age, assessed.group.last()) {
        reasons.insert(
            0,
            format!(
                "last backup {} old, {} at {}",
                human::duration(age.into()),
                plugin(&last.name.to_display()),
                last.time
            ),
        );
    }
    reasons.join(", ")
}

fn line(assessed: &Assessed<'_>) -> String {
    format!(
        "{}: {}: {}",
        assessed.state,
        name(assessed),
        reason(assessed)
    )
}

fn perfdata(assessment: &Assessment<'_>, limits: &Limits) -> String {
    let groups = &assessment.groups;
    let count = |state| groups.iter().filter(|group| group.state == state).count();
    let limit = |range: Option<Range>| {
        range.map(|range| range.perfdata().to_string()).unwrap_or_default()
    };
    let age = |label: &str, age: Duration| {
        format!(
            "{label}={}s;{};{};0",
            age.seconds(),
            limit(limits.warning),
            limit(limits.critical)
        )
    };
    let mut items = vec![
        format!("groups={};;;0", groups.len()),
        format!("ok={};;;0", count(State::Ok)),
        format!("warning={};;;0", count(State::Warning)),
        format!("critical={};;;0", count(State::Critical)),
        format!("unknown={};;;0", count(State::Unknown)),
    ];
    items.extend(
        groups
            .iter()
            .filter_map(|group| group.age)
            .max()
            .map(|oldest| age("oldest_age", oldest)),
    );
    if groups.len() <= LABELLED {
        let mut labels: Vec<(String, Duration)> = groups
            .iter()
            .filter_map(|group| Some((label(group), group.age?)))
            .collect();
        labels.sort();
        labels.dedup_by(|other, first| other.0 == first.0);
        items.extend(
            labels
                .iter()
                .map(|(label, value)| age(&format!("'age {label}'"), *value)),
        );
    }
    items.join(" ")
}

/// What may stand in a label: no quotes, no `=`, no `|`, no `::`.
fn label(assessed: &Assessed<'_>) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || " ._-/@".contains(c) {
            c
        } else {
            '_'
        }
    };
    name(assessed)
        .chars()
        .map(plain)
        .collect::<String>()
        .trim()
        .to_owned()
}
