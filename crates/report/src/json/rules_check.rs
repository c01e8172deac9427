//! The answer of `borgq rules check`.

use std::collections::HashMap;

use borgq_query::threshold::{Range, Threshold};
use borgq_query::{self as query, Question};
use serde::Serialize;

use super::VERSION;
use super::check;
use super::shared::{Problem, Repository, Time};

/// Which rule governs what.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RulesCheck {
    /// `rules-check`.
    format: &'static str,
    /// The version of the format.
    version: u32,
    /// The present time of the question.
    now: Time,
    /// The groups: first those that no rule governs.
    groups: Vec<Group>,
    /// The rules in their order.
    rules: Vec<Rule>,
    /// What keeps the answer from being complete, empty if nothing does.
    problems: Vec<Problem>,
}

/// A group and its rule.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Group {
    /// The repository that holds the group.
    repository: Repository,
    /// The series, host or user. Absent if the group is the whole repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    #[serde(flatten)]
    rule: check::Rule,
}

/// A rule and what it governs.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rule {
    /// The number of the rule, counted from 1.
    pub number: usize,
    /// What it governs, in words.
    pub subject: String,
    /// Its limits of WARNING, as they are written.
    pub warning: Vec<String>,
    /// Its limits of CRITICAL, as they are written.
    pub critical: Vec<String>,
    /// How many groups it governs.
    pub groups: usize,
    /// Whether something must be there for it to govern.
    pub expected: bool,
    /// Whether that is missing.
    pub missing: bool,
}

impl RulesCheck {
    /// The answer for these groups and rules.
    pub fn new<'a>(
        question: &Question,
        groups: &[query::Group<'_>],
        rules: Vec<Rule>,
        problems: impl IntoIterator<Item = &'a query::Problem>,
    ) -> Self {
        let group = |group: &query::Group<'_>| Group {
            repository: group.repository.into(),
            group: group.name.clone(),
            rule: check::Rule::of(group.rule, question),
        };
        Self {
            format: "rules-check",
            version: VERSION,
            now: question.now.into(),
            groups: groups.iter().map(group).collect(),
            rules,
            problems: problems.into_iter().map(Problem::from).collect(),
        }
    }
}

impl Rule {
    /// The rules of a question, and how many of these groups each governs.
    #[must_use]
    pub fn all(question: &Question, groups: &[query::Group<'_>]) -> Vec<Self> {
        let mut governed: HashMap<_, usize> = HashMap::new();
        for number in groups.iter().filter_map(|group| group.rule) {
            *governed.entry(number).or_default() += 1;
        }
        let rule = |rule: &query::rules::Rule| {
            let groups = governed.get(&rule.number).copied().unwrap_or_default();
            let limits = |side: fn(&query::threshold::Limits) -> Option<Range>| {
                let limits = rule.limits.iter();
                let limits = limits.filter_map(|(metric, limits)| {
                    side(limits).map(|range| Threshold {
                        metric: *metric,
                        range,
                    })
                });
                limits.map(|threshold| threshold.to_string()).collect()
            };
            Self {
                number: rule.number,
                subject: rule.subject(),
                warning: limits(|limits| limits.warning),
                critical: limits(|limits| limits.critical),
                groups,
                expected: rule.is_expected(),
                missing: rule.is_expected() && groups == 0,
            }
        };
        question.rules.iter().map(rule).collect()
    }
}
