//! Rules: what is expected where, and by which limits it is judged.
//!
//! A rule names repositories by label, location or id, and archives by host and
//! series. An archive is governed by the first rule that matches it: by that
//! one's limits, and where the rule has none for a metric, by the usual ones.
//! What no rule matches is judged by the usual limits.
//!
//! A rule that asks for a host or a series makes a group of each: a host gone
//! silent must show. A host that the input does not say matches no rule that
//! asks for one, and that is a problem of the answer.

mod govern;
mod index;

use std::collections::HashMap;
use std::fmt;

pub(crate) use govern::{Governing, Grouped};

use crate::model::{Inventory, Problem, ProblemCode, Repository};
use crate::pattern::{
    NamePattern, RepositoryFacts, RepositoryPattern, RepositoryPatterns, shown_location,
};
use crate::quantity::Duration;
use crate::threshold::{Limits, Metric};
use index::Index;

/// What it governs, and what it demands of that.
#[derive(Clone, Debug, Default)]
pub struct Rule {
    /// Its place among the rules, counted from 1. [`Rules::new`] sets it.
    pub number: usize,
    /// The label, location or id of the repository.
    pub repository: Option<RepositoryPattern>,
    /// The label of the repository.
    pub label: Option<NamePattern>,
    /// The host that made the archive.
    pub host: Option<NamePattern>,
    /// The series of the archive.
    pub series: Option<NamePattern>,
    /// The limits of metrics, each metric at most once. They replace the usual
    /// limits of the same metric, both of them.
    pub limits: Vec<(Metric, Limits)>,
    /// Whether it is CRITICAL if the rule governs nothing.
    pub expect: bool,
    /// In how many repositories, at least, the same series or host must be fresh.
    pub copies: Option<usize>,
    /// How far a copy may be behind the newest one and still be fresh.
    pub max_lag: Option<Duration>,
    /// Who is responsible.
    pub owner: Option<String>,
    /// What people should know.
    pub note: Option<String>,
}

impl Rule {
    /// Whether something must be there for it to govern. What must have copies
    /// must be there.
    #[must_use]
    pub const fn is_expected(&self) -> bool {
        self.expect || self.copies.is_some()
    }

    /// What it governs, for instance `host web, series sh:etc-*`.
    #[must_use]
    pub fn subject(&self) -> String {
        let name = |name: &'static str, pattern: &Option<NamePattern>| {
            let pattern = pattern.as_ref();
            pattern.map(|pattern| format!("{name} {}", pattern.text()))
        };
        let repository = self.repository.as_ref();
        let parts = [
            repository.map(|pattern| format!("repository {}", pattern.text())),
            name("label", &self.label),
            name("host", &self.host),
            name("series", &self.series),
        ];
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        match parts.is_empty() {
            true => "everything".into(),
            false => parts.join(", "),
        }
    }

    /// Whether it can govern a part of a repository, or makes more than one
    /// group of it.
    const fn divides(&self) -> bool {
        self.host.is_some() || self.series.is_some() || self.copies.is_some()
    }

    fn matches_repository(&self, facts: &RepositoryFacts<'_>) -> bool {
        let by = self.repository.as_ref();
        let label = self.label.as_ref();
        by.is_none_or(|pattern| pattern.matches(facts))
            && label.is_none_or(|pattern| facts.label.is_some_and(|label| pattern.matches(label)))
    }
}

/// Rules in their order, of which the first that matches governs.
///
/// ```
/// use borgq_query::pattern::NamePattern;
/// use borgq_query::rules::{Rule, Rules};
///
/// let label = NamePattern::parse("label", "offsite")?;
/// let offsite = Rule { label: Some(label), expect: true, ..Rule::default() };
/// let rules = Rules::new(vec![offsite, Rule::default()]).unwrap();
/// let subjects: Vec<_> = rules.iter().map(Rule::subject).collect();
/// assert_eq!(subjects, ["label offsite", "everything"]);
/// # Ok::<(), borgq_query::pattern::ParsePatternError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Rules {
    rules: Vec<Rule>,
    index: Index,
}

impl Rules {
    /// From single rules, in their order.
    ///
    /// # Errors
    ///
    /// If there is none, if a rule contradicts itself, or if it can never
    /// govern anything because of one before it.
    pub fn new(mut rules: Vec<Rule>) -> Result<Self, RefusedRule> {
        if rules.is_empty() {
            let text = "there is no rule, so nothing is governed and nothing expected";
            return Err(RefusedRule::of(0, None, text.into()));
        }
        let mut subjects = HashMap::new();
        let mut everything = None;
        for (number, rule) in (1..).zip(&mut rules) {
            rule.number = number;
            rule.check()?;
            let refuse = |text| Err(RefusedRule::of(number, None, text));
            if let Some(other) = everything {
                return refuse(format!(
                    "it governs nothing, because rule {other} before it governs everything"
                ));
            }
            if let Some(other) = subjects.insert(rule.subject(), number) {
                return refuse(format!(
                    "it governs nothing, because rule {other} before it has the same patterns"
                ));
            }
            let all = rule.repository.is_none() && rule.label.is_none();
            if all && rule.host.is_none() && rule.series.is_none() {
                everything = Some(number);
            }
        }
        let index = Index::of(&rules);
        Ok(Self { rules, index })
    }

    /// The rules in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter()
    }

    /// Whether there is none, so that all is judged by the usual limits.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The rule of this number, counted from 1.
    #[must_use]
    pub fn numbered(&self, number: usize) -> Option<&Rule> {
        self.rules.get(number.checked_sub(1)?)
    }

    /// Whether one of them can govern a part of a repository, or makes more
    /// than one group of it.
    #[must_use]
    pub fn divide(&self) -> bool {
        self.rules.iter().any(Rule::divides)
    }

    /// The beginnings of ids in the patterns that stand for more than one repository.
    pub(crate) fn ambiguous(&self, inventory: &Inventory) -> Option<Problem> {
        let patterns = self
            .rules
            .iter()
            .filter_map(|rule| rule.repository.as_ref());
        let short = patterns.filter(|pattern| pattern.id_prefix().is_some_and(|id| id.len() < 64));
        let short = RepositoryPatterns::new(short.cloned().collect());
        if short.is_empty() {
            return None;
        }
        let repositories = inventory.repositories.iter();
        let ids: Vec<_> = repositories
            .map(|repository| repository.id.to_string())
            .collect();
        let error = short.check_ids(ids.iter().map(String::as_str)).err()?;
        Some(Problem::new(ProblemCode::AmbiguousId, error.to_string()))
    }

    /// The rules that can govern archives of a repository, in their order.
    pub(crate) fn of<'a>(&'a self, repository: &Repository) -> Vec<&'a Rule> {
        if self.rules.is_empty() {
            return Vec::new();
        }
        let label = repository.label.as_ref().map(|label| label.to_display());
        let facts = RepositoryFacts {
            id_hex: &repository.id.to_string(),
            label: label.as_deref(),
            location: &shown_location(&repository.location),
        };
        let candidates = self.index.candidates(&facts).into_iter();
        let candidates = candidates.filter_map(|at| self.rules.get(at));
        candidates
            .filter(|rule| rule.matches_repository(&facts))
            .collect()
    }
}

impl Rule {
    fn check(&self) -> Result<(), RefusedRule> {
        let refuse =
            |key, text: &str| Err(RefusedRule::of(self.number, Some(key), text.to_owned()));
        if self.copies == Some(0) {
            return refuse(
                "copies",
                "no copy at all proves nothing, expected 1 or more",
            );
        }
        match self.max_lag {
            Some(_) if self.copies.is_none() => {
                return refuse(
                    "max-lag",
                    "it says how far copies may lag, so it needs copies, for instance copies = 2",
                );
            }
            Some(lag) if lag < Duration::ZERO => {
                return refuse(
                    "max-lag",
                    "no copy can lag less than nothing, expected for instance 1d",
                );
            }
            _ => {}
        }
        for (key, text) in [("owner", &self.owner), ("note", &self.note)] {
            if text.as_ref().is_some_and(|text| text.trim().is_empty()) {
                return refuse(key, "it says nothing, expected a text");
            }
        }
        let mut limits = self.limits.iter();
        match limits.find(|(metric, _)| *metric == Metric::InputAge) {
            None => Ok(()),
            Some((_, limits)) => {
                let key = match limits.warning {
                    Some(_) => "warning",
                    None => "critical",
                };
                refuse(
                    key,
                    "input-age is of all inputs together and not of a rule, give it on the command line",
                )
            }
        }
    }
}

/// Why rules are refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRule {
    number: usize,
    key: Option<&'static str>,
    text: String,
}

impl RefusedRule {
    const fn of(number: usize, key: Option<&'static str>, text: String) -> Self {
        Self { number, key, text }
    }

    /// The number of the rule, counted from 1. 0 if there is no rule.
    #[must_use]
    pub const fn number(&self) -> usize {
        self.number
    }

    /// What of the rule is refused, if it is not the rule as a whole.
    #[must_use]
    pub const fn key(&self) -> Option<&'static str> {
        self.key
    }
}

impl fmt::Display for RefusedRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.number > 0 {
            write!(f, "rule {}: ", self.number)?;
        }
        if let Some(key) = self.key {
            write!(f, "{key}: ")?;
        }
        f.write_str(&self.text)
    }
}

impl std::error::Error for RefusedRule {}

#[cfg(test)]
mod tests;
