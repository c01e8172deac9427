//! [`Findings`]: what is found, and what is found about the input as a whole.

use std::collections::HashMap;

use super::expect::Present;
use super::measure::{Measured, Values, elapsed};
use super::{Code, Criteria, Finding};
use crate::answer::{Group, Question};
use crate::model::{Inventory, Problem, Repository};
use crate::quantity::Quantity;
use crate::state::State;
use crate::threshold::Metric;

/// Findings as they are collected.
pub(super) struct Findings<'a> {
    criteria: &'a Criteria,
    pub(super) list: Vec<Finding>,
}

impl<'a> Findings<'a> {
    pub(super) const fn new(criteria: &'a Criteria) -> Self {
        Self {
            criteria,
            list: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, code: Code, text: String) {
        self.push(code, self.criteria.states.of(code), text, None);
    }

    /// Adds what the rule of this number demands.
    pub(super) fn add_for(&mut self, rule: usize, code: Code, text: String) {
        self.push(code, self.criteria.states.of(code), text, Some(rule));
    }

    fn push(&mut self, code: Code, state: State, text: String, rule: Option<usize>) {
        self.list.push(Finding {
            code,
            state,
            text,
            details: Vec::new(),
            message_id: None,
            rule,
        });
    }

    pub(super) fn problem(&mut self, problem: &Problem) {
        let text = match problem.source.as_deref() {
            Some("-") => format!("standard input: {}", problem.text),
            Some(source) => format!("{source}: {}", problem.text),
            None => problem.text.clone(),
        };
        self.add(problem.code.into(), text);
        if let Some(finding) = self.list.last_mut() {
            finding.details.clone_from(&problem.details);
            finding.message_id.clone_from(&problem.message_id);
        }
    }

    /// What is expected and is not there.
    pub(super) fn missing(&mut self, groups: &[Group<'_>], question: &Question) {
        let criteria = self.criteria;
        if !criteria.expected.is_empty() {
            let present = Present::of(groups);
            for expected in &criteria.expected {
                if !present.has(expected) {
                    let text = format!("{} is expected and missing", expected.text());
                    self.add(Code::Missing, text);
                }
            }
        }
        let mut governing: Vec<_> = groups.iter().filter_map(|group| group.rule).collect();
        governing.sort_unstable();
        let expected = question.rules.iter().filter(|rule| rule.is_expected());
        let missing = expected.filter(|rule| governing.binary_search(&rule.number).is_err());
        let missing: Vec<_> = missing.collect();
        if missing.is_empty() {
            return;
        }
        let before = question.rules.governed_before(groups);
        for rule in missing {
            let why = match before.contains(&rule.number) {
                true => "but a rule before it governs all of that",
                false => "and missing",
            };
            let text = format!(
                "{} is expected by rule {} {why}",
                rule.subject(),
                rule.number
            );
            self.add_for(rule.number, Code::Missing, text);
        }
    }

    /// What is found about the repositories, beside their archives.
    pub(super) fn repositories(&mut self, inventory: &Inventory, question: &Question) {
        let (repositories, _) = question.repositories(inventory);
        if let Some(number) = self.criteria.repositories
            && repositories.len() < number
        {
            let text = format!(
                "{number} repositories are expected, {} missing",
                number - repositories.len()
            );
            self.add(Code::Missing, text);
        }
        let mut places = HashMap::new();
        for repository in repositories {
            let location = repository.location.to_display();
            if let Some(other) = places.insert(repository.id, location.clone()) {
                let text =
                    format!("{location} has the id of {other}, so one is a copy of the other");
                self.add(Code::DuplicateRepository, text);
            }
            let mode = repository.encryption.to_display();
            if mode == "none" || mode.starts_with("authenticated") {
                let text = format!("{location} is not encrypted (mode {mode})");
                self.add(Code::Unencrypted, text);
            }
            self.touched(repository, question);
        }
    }

    fn touched(&mut self, repository: &Repository, question: &Question) {
        let Some(limit) = self.criteria.touched_since else {
            return;
        };
        let counts = |archive: &&crate::Archive| question.judge(archive).left_out.is_none();
        let newest = repository.archives.iter().filter(counts);
        let newest = newest.map(|archive| archive.time.instant).max();
        let location = repository.location.to_display();
        match (repository.last_modified, newest) {
            // Whoever asks must not take silence for an answer.
            (None, _) => {
                let text = format!(
                    "when {location} was written to is not known: the input does not say it \
                     (borg 1.x does, borg 2 not any more)"
                );
                let asked = self.criteria.states.asked(Code::TouchedSince);
                let state = asked.unwrap_or(State::Unknown);
                self.push(Code::TouchedSince, state, text, None);
            }
            (Some(modified), Some(newest)) if modified.instant - newest > limit => {
                let text = format!(
                    "{location} was written to {} after its newest complete archive",
                    elapsed(modified.instant - newest).human()
                );
                self.add(Code::TouchedSince, text);
            }
            _ => {}
        }
    }

    /// The age of the input as a whole, if it has limits.
    pub(super) fn input_age(
        &mut self,
        inventory: &Inventory,
        question: &Question,
    ) -> Option<Measured> {
        let limits = self.criteria.limits_of(Metric::InputAge, None)?;
        let age = Measured::judge(Metric::InputAge, limits, input_age(inventory, question));
        let text = match &age.value {
            Ok(_) if age.state == State::Ok => return Some(age),
            Ok(value) => {
                let oldest = inventory.inputs.iter().min_by_key(|input| input.made);
                let name = match (inventory.inputs.as_slice(), oldest) {
                    ([_, _, ..], Some(oldest)) => &oldest.name,
                    _ => "the input",
                };
                format!("{name} is {} old", value.human())
            }
            Err(reason) => format!("the age of the input is not known: {reason}"),
        };
        // The state is that of the limit, unless another one is asked for.
        let asked = self.criteria.states.asked(Code::InputOld);
        self.push(Code::InputOld, asked.unwrap_or(age.state), text, None);
        Some(age)
    }
}

/// The age of the oldest input.
fn input_age(inventory: &Inventory, question: &Question) -> Result<Values, String> {
    let mut oldest = None;
    for input in &inventory.inputs {
        let made = input.made.ok_or_else(|| match input.name.as_str() {
            "-" => "standard input does not say when it was made".to_owned(),
            name => format!("{name} does not say when it was made"),
        })?;
        if made - question.now > question.clock_skew {
            return Err(format!("{} is dated in the future", input.name));
        }
        oldest = oldest.max(Some(elapsed(question.now - made)));
    }
    let oldest = oldest.ok_or("there is no input")?;
    Ok(Quantity::Duration(oldest).into())
}
