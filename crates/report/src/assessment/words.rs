//! What is said of an assessment in words.

use std::cmp::Reverse;

use borgq_query::quantity::Duration;
use borgq_query::rules::Rule;
use borgq_query::state::State;
use borgq_query::threshold::{Limits, Metric};
use borgq_query::{Assessed, Assessment, Finding, Inventory, Measured, Question};

use super::lines::Lines;
use super::names::Names;
use super::{Detail, fleet};
use crate::human;

/// How many characters of a name stand in the first line, and how many reasons.
const NAME: usize = 80;
const REASONS: usize = 3;

/// The most concise sentence that leads to the problem.
pub(super) fn summary(assessment: &Assessment<'_>, question: &Question) -> String {
    let worst = assessment.state;
    let groups = &assessment.groups;
    if worst == State::Ok {
        let oldest = groups.iter().filter_map(Assessed::age).max();
        return format!(
            "{} {} backed up, the oldest last backup is {} old",
            groups.len(),
            noun(question, groups.len()),
            oldest.map(Duration::human).unwrap_or_default()
        );
    }
    let found = assessment.findings.iter();
    let found = found.filter(|finding| finding.state != State::Ok);
    let bad = groups.iter().filter(|assessed| assessed.state != State::Ok);
    let others = (found.clone().count() + bad.clone().count()).saturating_sub(1);
    let mut found = found.filter(|finding| finding.state == worst);
    let mut bad = bad.filter(|assessed| assessed.state == worst);
    let sentence = match (found.next(), bad.next()) {
        (Some(finding), _) => finding.text.clone(),
        (None, Some(group)) => format!(
            "{}: {}",
            short(&Names::of(assessment).name(group)),
            reasons(group)
        ),
        (None, None) => "no repository was read".into(),
    };
    match others {
        0 => sentence,
        1 => format!("{sentence} (and 1 more problem)"),
        _ => format!("{sentence} (and {others} more problems)"),
    }
}

/// What so many groups are called.
pub(super) fn noun(question: &Question, count: usize) -> &'static str {
    match (question.rules.divide(), count) {
        (false, _) => question.group_by.noun_for(count),
        (true, 1) => "group",
        (true, _) => "groups",
    }
}

/// The long output: how many groups there are if there are many, what was found
/// about the input, then the groups, then notes.
pub(super) fn lines(
    assessment: &Assessment<'_>,
    inventory: &Inventory,
    question: &Question,
    detail: Detail,
) -> Lines {
    let mut lines = Lines::default();
    if assessment.groups.len() > detail.labelled {
        for line in fleet::lines(assessment, question) {
            lines.push(|| line);
        }
    }
    let is_note = |finding: &&Finding| finding.state == State::Ok;
    let findings = assessment.findings.iter();
    for finding in findings.clone().filter(|finding| !is_note(finding)) {
        found(&mut lines, finding, question);
    }
    let names = Names::of(assessment);
    let shown = |assessed: &&Assessed<'_>| !detail.only_problems || assessed.state != State::Ok;
    for assessed in assessment.groups.iter().filter(shown) {
        lines.push(|| group(assessed, &names, question));
        if detail.verbosity > 0 {
            left_out(&mut lines, assessed);
        }
    }
    if detail.verbosity > 0 && !detail.only_problems {
        for finding in findings.filter(is_note) {
            found(&mut lines, finding, question);
        }
    }
    if detail.verbosity > 1 {
        read(&mut lines, inventory);
    }
    lines
}

fn found(lines: &mut Lines, finding: &Finding, question: &Question) {
    lines.push(|| {
        let mut line = format!("{}: {} [{}]", finding.state, finding.text, finding.code);
        for said in said_by(finding.rule, question) {
            line.push_str("; ");
            line.push_str(&said);
        }
        line
    });
    for line in &finding.details {
        lines.push(|| format!("  {line}"));
    }
}

/// What the rule of this number says to people.
fn said_by(rule: Option<usize>, question: &Question) -> impl Iterator<Item = String> {
    let rule = rule.and_then(|number| question.rules.numbered(number));
    let said = |name: &str, text: Option<&String>| text.map(|text| format!("{name}: {text}"));
    let of = |rule: &Rule| {
        [
            said("owner", rule.owner.as_ref()),
            said("note", rule.note.as_ref()),
        ]
    };
    rule.map(of).into_iter().flatten().flatten()
}

/// The line of a group: its last archive, and all that was found.
fn group(assessed: &Assessed<'_>, names: &Names<'_>, question: &Question) -> String {
    let last = match (assessed.group.last(), assessed.age()) {
        (Some(last), Some(age)) => Some(format!(
            "last backup {} at {}, {} old{}",
            last.name.to_display(),
            last.time,
            age.human(),
            limits_of(assessed, Metric::Age)
        )),
        _ => None,
    };
    let metrics = assessed
        .metrics
        .iter()
        .filter(|measured| measured.metric != Metric::Age)
        .map(metric);
    let findings = assessed
        .findings
        .iter()
        .map(|finding| format!("{} [{}]", finding.text, finding.code));
    let rule = said_by(assessed.group.rule, question);
    let said: Vec<_> = last
        .into_iter()
        .chain(metrics)
        .chain(findings)
        .chain(rule)
        .collect();
    format!(
        "{}: {}: {}",
        assessed.state,
        names.name(assessed),
        said.join("; ")
    )
}

/// A name for the first line, which goes into pages. The lines below have all of it.
fn short(name: &str) -> String {
    let mut short: String = name.chars().take(NAME).collect();
    if short.len() < name.len() {
        short.push('…');
    }
    short
}

/// Why a group is not OK, in few words, the worst first. The line of the group
/// has all that was found.
fn reasons(assessed: &Assessed<'_>) -> String {
    let metrics = assessed.metrics.iter().map(|measured| {
        let text = match (measured.metric, &measured.value) {
            (Metric::Age, Ok(age)) => {
                let limit = violated(&measured.limits, measured.state);
                format!("last backup {} old{limit}", age.human())
            }
            _ => metric(measured),
        };
        (measured.state, text)
    });
    let findings = assessed.findings.iter();
    let findings = findings.map(|finding| (finding.state, finding.text.clone()));
    let reasons = findings.chain(metrics);
    let mut reasons: Vec<_> = reasons.filter(|(state, _)| *state != State::Ok).collect();
    reasons.sort_by_key(|(state, _)| Reverse(state.badness()));
    let more = if reasons.len() > REASONS { ", …" } else { "" };
    let reasons = reasons.into_iter().take(REASONS).map(|(_, text)| text);
    reasons.collect::<Vec<_>>().join(", ") + more
}

fn metric(measured: &Measured) -> String {
    let name = match &measured.kind {
        Some(kind) => format!("{} of {kind}", measured.metric),
        None => measured.metric.to_string(),
    };
    match &measured.value {
        Ok(value) => format!(
            "{name} {}{}",
            value.human(),
            violated(&measured.limits, measured.state)
        ),
        Err(reason) => format!("{name} not known: {reason}"),
    }
}

fn limits_of(assessed: &Assessed<'_>, metric: Metric) -> String {
    let mut metrics = assessed.metrics.iter();
    let measured = metrics.find(|measured| measured.metric == metric);
    measured
        .map(|measured| violated(&measured.limits, measured.state))
        .unwrap_or_default()
}

/// The limit that a value violates.
fn violated(limits: &Limits, state: State) -> String {
    let limit = match state {
        State::Critical => limits.critical,
        State::Warning => limits.warning,
        State::Ok | State::Unknown => None,
    };
    limit
        .map(|limit| format!(" (limit {limit})"))
        .unwrap_or_default()
}

fn left_out(lines: &mut Lines, assessed: &Assessed<'_>) {
    for judged in &assessed.group.archives {
        if let Some(reason) = judged.left_out {
            lines.push(|| {
                format!(
                    "  left out: {} at {} [{reason}]",
                    judged.archive.name.to_display(),
                    judged.archive.time
                )
            });
        }
    }
    if assessed.group.not_matched > 0 {
        lines.push(|| {
            format!(
                "  left out: {} archives of the repository [not-matched]",
                assessed.group.not_matched
            )
        });
    }
}

fn read(lines: &mut Lines, inventory: &Inventory) {
    for input in &inventory.inputs {
        let name = match input.name.as_str() {
            "-" => "standard input",
            name => name,
        };
        lines.push(|| match input.made {
            Some(made) => format!("read: {name}, made at {}", human::instant(made)),
            None => format!("read: {name}"),
        });
    }
    for repository in &inventory.repositories {
        lines.push(|| {
            format!(
                "read: repository {} at {}, {} archives, borg {}",
                repository.id,
                repository.location.to_display(),
                repository.archives.len(),
                repository.generation.name()
            )
        });
    }
}
