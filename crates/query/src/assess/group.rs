//! The assessment of one group.

use super::found::Findings;
use super::measure::{ChecksById, Measure, Measured};
use super::{Assessed, Code, Criteria};
use crate::answer::{Group, GroupBy, Question};
use crate::rules::Rule;
use crate::state::State;
use crate::threshold::{Limits, Metric};

/// Judges a group by its rule and by the criteria.
pub(super) fn assess<'a>(
    group: Group<'a>,
    checks: Option<&ChecksById<'_>>,
    question: &Question,
    criteria: &Criteria,
) -> Assessed<'a> {
    let rule = group
        .rule
        .and_then(|number| question.rules.numbered(number));
    let mut found = Findings::new(criteria);
    let (future, checkpoints) = (group.tally.future, group.tally.checkpoints);
    let last = group.last();
    match last {
        Some(last) if last.time.other.is_some() => found.add(
            Code::AmbiguousTime,
            "the clock was set back then, so there are two possible ages".into(),
        ),
        Some(_) => {}
        None if checkpoints > 0 => found.add(
            Code::CheckpointOnly,
            format!("there is no complete backup, only {checkpoints} interrupted"),
        ),
        None if future == 0 && group.not_matched > 0 => found.add(
            Code::NothingMatched,
            format!("none of {} archives matches", group.not_matched),
        ),
        None => found.add(Code::NoBackup, "there is no backup".into()),
    }
    if future > 0 {
        let text = match future {
            1 => "an archive is dated in the future and proves nothing".into(),
            _ => format!("{future} archives are dated in the future and prove nothing"),
        };
        found.add(Code::Future, text);
    }
    if rule.is_none() && !question.rules.is_empty() {
        found.add(Code::Ungoverned, "no rule governs it".into());
    }
    let measure = Measure {
        group: &group,
        checks,
        now: question.now,
        clock_skew: question.clock_skew,
        since: criteria.since,
    };
    let limits = |metric| criteria.limits_of(metric, rule);
    let checked = limits(Metric::CheckAge).filter(|_| measure.checks().is_some());
    let checked = checked.map(|limits| measure.check_ages(limits));
    // That there is none is a finding, and not a value that is not known.
    if checked.as_ref().is_some_and(Vec::is_empty) {
        found.add(Code::NeverChecked, "no consistency check is known".into());
    }
    let metrics: Vec<_> = Metric::ALL
        .into_iter()
        .filter(|metric| *metric != Metric::InputAge)
        .filter_map(|metric| match limits(metric) {
            None if metric == Metric::Age => Some((metric, Limits::default())),
            limits => limits.map(|limits| (metric, limits)),
        })
        // Without a last archive there is a finding that says so.
        .filter(|(metric, _)| match metric {
            Metric::Archives | Metric::RepositorySize => true,
            Metric::CheckAge => checked.is_none(),
            _ => last.is_some(),
        })
        .map(|(metric, limits)| Measured::judge(metric, limits, measure.of(metric)))
        .chain(checked.iter().flatten().cloned())
        .collect();
    let states = found.list.iter().map(|finding| finding.state);
    let judged = metrics.iter().map(|measured| measured.state);
    let state = State::worst_of(states.chain(judged));
    let findings = found.list;
    Assessed {
        host: host(&group, rule, question),
        group,
        metrics,
        findings,
        state,
    }
}

fn host(group: &Group<'_>, rule: Option<&Rule>, question: &Question) -> Option<String> {
    let by = rule.map_or(question.group_by, |rule| rule.group_by(question.group_by));
    let both = rule.is_some_and(|rule| rule.series.is_some());
    if by == GroupBy::Host && !both {
        return group.name.clone();
    }
    let host = group.last()?.host.as_ref()?;
    Some(host.to_display().into_owned())
}
