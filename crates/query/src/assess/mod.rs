//! [`Assessment`]: the state of every group, and the findings that it rests on.

mod code;
mod copies;
mod counts;
mod expect;
mod found;
mod group;
mod measure;

pub use code::{Code, States, UnknownCode};
pub use counts::Counts;
pub use expect::Expected;
pub use measure::Measured;

use std::cmp::Reverse;

use chrono::TimeDelta;

use crate::answer::{Group, Question};
use crate::model::Inventory;
use crate::quantity::{Duration, Quantity};
use crate::rules::{Rule, Rules};
use crate::state::State;
use crate::threshold::{Limits, Metric};
use found::Findings;
use measure::ChecksById;

/// What is asked of everything, unless a rule asks for something else.
#[derive(Clone, Debug, Default)]
pub struct Criteria {
    /// The limits of each metric, each metric at most once. The limits of a
    /// rule go before.
    pub limits: Vec<(Metric, Limits)>,
    /// How far back gaps count. All of them if it is `None`.
    pub since: Option<TimeDelta>,
    /// How long after its newest archive a repository may be written to.
    pub touched_since: Option<TimeDelta>,
    /// Groups that must be there.
    pub expected: Vec<Expected>,
    /// How many repositories must be there, at least.
    pub repositories: Option<usize>,
    /// States in place of the usual ones.
    pub states: States,
}

impl Criteria {
    /// Whether an inventory that is [thinned](Inventory::thin) is enough, also
    /// for these rules.
    #[must_use]
    pub fn ask_for_ends(&self, rules: &Rules) -> bool {
        let of_rules = rules.iter().flat_map(|rule| &rule.limits);
        let mut limits = self.limits.iter().chain(of_rules);
        !limits.any(|(metric, _)| metric.needs_all_archives())
    }

    /// The limits of a metric: those of the rule, else the usual ones.
    fn limits_of(&self, metric: Metric, rule: Option<&Rule>) -> Option<Limits> {
        let find = |limits: &[(Metric, Limits)]| {
            let limits = limits.iter().find(|(limited, _)| *limited == metric);
            limits.map(|(_, limits)| *limits)
        };
        rule.and_then(|rule| find(&rule.limits))
            .or_else(|| find(&self.limits))
    }
}

/// One fact that an assessment states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The stable name of the fact.
    pub code: Code,
    /// How bad it is.
    pub state: State,
    /// A sentence.
    pub text: String,
    /// The last lines that a run printed on standard error.
    pub details: Vec<String>,
    /// The stable name that borg has for what it said, for instance `LockTimeout`.
    pub message_id: Option<String>,
    /// The number of the rule that demands what was not found, if one does.
    pub rule: Option<usize>,
}

/// A group and what was found about it.
#[derive(Clone, Debug)]
pub struct Assessed<'a> {
    /// The group.
    pub group: Group<'a>,
    /// The host, if the group is of one, else the host that made the last
    /// complete archive, if the input says it.
    pub host: Option<String>,
    /// The age, and every metric that has limits.
    pub metrics: Vec<Measured>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// The worst of the findings and the metrics. OK only if there is a last
    /// complete archive.
    pub state: State,
}

impl Assessed<'_> {
    /// The age of the last complete archive, if there is one.
    #[must_use]
    pub fn age(&self) -> Option<Duration> {
        self.metrics.iter().find_map(|measured| match measured {
            Measured {
                metric: Metric::Age,
                value: Ok(Quantity::Duration(age)),
                ..
            } => Some(*age),
            _ => None,
        })
    }
}

/// The state of everything that a question is about.
#[derive(Clone, Debug)]
pub struct Assessment<'a> {
    /// The groups, the worst first.
    pub groups: Vec<Assessed<'a>>,
    /// What was found about the input, the worst first.
    pub findings: Vec<Finding>,
    /// The age of the oldest input, if it has limits.
    pub input_age: Option<Measured>,
    /// The worst of all. UNKNOWN if there is no group.
    pub state: State,
}

impl Assessment<'_> {
    /// Judges every group, by the rules of the question and by the criteria.
    ///
    /// OK is said only if the input was read completely and each group has a
    /// complete archive whose metrics are within their limits, and all that is
    /// expected is there.
    #[must_use]
    pub fn of<'a>(
        inventory: &'a Inventory,
        question: &Question,
        criteria: &Criteria,
    ) -> Assessment<'a> {
        let answer = question.groups(inventory);
        let mut found = Findings::new(criteria);
        for problem in inventory.problems.iter().chain(&answer.problems) {
            found.problem(problem);
        }
        found.missing(&answer.groups, question);
        found.repositories(inventory, question);
        let input_age = found.input_age(inventory, question);
        let checks = inventory.checks.as_ref().map(ChecksById::of);
        let mut groups: Vec<_> = answer
            .groups
            .into_iter()
            .map(|group| group::assess(group, checks.as_ref(), question, criteria))
            .collect();
        groups.sort_by_cached_key(|assessed| Reverse((assessed.state.badness(), assessed.age())));
        found.copies(&groups, &question.rules);
        let mut findings = found.list;
        findings.sort_by_key(|finding| Reverse(finding.state.badness()));
        let of_groups = groups.iter().map(|assessed| assessed.state);
        let state = State::worst_of(of_groups);
        let of_findings = findings.iter().map(|finding| finding.state);
        let state = State::worst_of(of_findings.chain([state]));
        Assessment {
            groups,
            findings,
            input_age,
            state,
        }
    }

    /// What is to be said if there was no answer in time: that, and no group.
    #[must_use]
    pub fn unanswered(sentence: &str, states: &States) -> Assessment<'static> {
        let finding = Finding {
            code: Code::Timeout,
            state: states.of(Code::Timeout),
            text: sentence.into(),
            details: Vec::new(),
            message_id: None,
            rule: None,
        };
        Assessment {
            groups: Vec::new(),
            state: finding.state,
            findings: vec![finding],
            input_age: None,
        }
    }
}

#[cfg(test)]
mod tests;
