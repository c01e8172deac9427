//! [`Assessment`]: the state of every group, and the findings that it rests on.

mod code;
mod expect;
mod measure;

pub use code::{Code, States, UnknownCode};
pub use expect::Expected;
pub use measure::Measured;

use std::cmp::Reverse;
use std::collections::HashMap;

use chrono::TimeDelta;

use crate::answer::{Group, Question};
use crate::model::{Checked, Inventory, Problem, Repository};
use crate::quantity::{Duration, Quantity};
use crate::state::State;
use crate::threshold::{Limits, Metric};
use measure::{Measure, Values, elapsed};

/// What is asked of the groups.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// The limits of each metric, each metric at most once.
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

impl Rules {
    /// Whether an inventory that is [thinned](Inventory::thin) is enough.
    #[must_use]
    pub fn ask_for_ends(&self) -> bool {
        let mut metrics = self.limits.iter().map(|(metric, _)| metric);
        !metrics.any(|metric| metric.needs_all_archives())
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
}

/// A group and what was found about it.
#[derive(Clone, Debug)]
pub struct Assessed<'a> {
    /// The group.
    pub group: Group<'a>,
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
    /// Judges every group by the rules.
    ///
    /// OK is said only if the input was read completely and each group has a
    /// complete archive whose metrics are within their limits.
    #[must_use]
    pub fn of<'a>(inventory: &'a Inventory, question: &Question, rules: &Rules) -> Assessment<'a> {
        let answer = question.groups(inventory);
        let (repositories, _) = question.repositories(inventory);
        let mut found = Findings::new(rules);
        for problem in inventory.problems.iter().chain(&answer.problems) {
            found.problem(problem);
        }
        found.missing(&answer.groups, &repositories);
        found.repositories(&repositories, question);
        let input_age = rules
            .limits
            .iter()
            .find(|(metric, _)| *metric == Metric::InputAge)
            .map(|(metric, limits)| {
                Measured::judge(*metric, *limits, input_age(inventory, question))
            });
        if let Some(age) = &input_age {
            found.input_age(age);
        }
        let mut groups: Vec<_> = answer
            .groups
            .into_iter()
            .map(|group| assess(group, inventory.checks.as_deref(), question, rules))
            .collect();
        groups.sort_by_cached_key(|assessed| Reverse((assessed.state.badness(), assessed.age())));
        let state = State::worst_of(groups.iter().map(|assessed| assessed.state));
        let mut findings = found.list;
        findings.sort_by_key(|finding| Reverse(finding.state.badness()));
        let states = findings.iter().map(|finding| finding.state);
        let state = State::worst_of(states.chain([state]));
        Assessment {
            groups,
            findings,
            input_age,
            state,
        }
    }
}

/// Findings as they are collected.
struct Findings<'a> {
    rules: &'a Rules,
    list: Vec<Finding>,
}

impl<'a> Findings<'a> {
    const fn new(rules: &'a Rules) -> Self {
        Self {
            rules,
            list: Vec::new(),
        }
    }

    fn add(&mut self, code: Code, text: String) {
        self.list.push(Finding {
            code,
            state: self.rules.states.of(code),
            text,
            details: Vec::new(),
            message_id: None,
        });
    }

    fn problem(&mut self, problem: &Problem) {
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

    fn missing(&mut self, groups: &[Group<'_>], repositories: &[&Repository]) {
        for expected in &self.rules.expected {
            if !groups.iter().any(|group| expected.is(group)) {
                let text = format!("{} is expected and missing", expected.text());
                self.add(Code::Missing, text);
            }
        }
        if let Some(number) = self.rules.repositories
            && repositories.len() < number
        {
            let text = format!(
                "{number} repositories are expected, {} missing",
                number - repositories.len()
            );
            self.add(Code::Missing, text);
        }
    }

    fn repositories(&mut self, repositories: &[&Repository], question: &Question) {
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
        let Some(limit) = self.rules.touched_since else {
            return;
        };
        let counts = |archive: &&crate::Archive| question.judge(archive).left_out.is_none();
        let newest = repository.archives.iter().filter(counts);
        let newest = newest.map(|archive| archive.time.instant).max();
        if let (Some(modified), Some(newest)) = (repository.last_modified, newest) {
            let after = modified.instant - newest;
            if after > limit {
                let text = format!(
                    "{} was written to {} after its newest complete archive",
                    repository.location.to_display(),
                    elapsed(after).human()
                );
                self.add(Code::TouchedSince, text);
            }
        }
    }

    fn input_age(&mut self, age: &Measured) {
        let text = match &age.value {
            Ok(value) if age.state != State::Ok => format!("the input is {} old", value.human()),
            Ok(_) => return,
            Err(reason) => format!("the age of the input is not known: {reason}"),
        };
        self.list.push(Finding {
            code: Code::InputOld,
            state: age.state,
            text,
            details: Vec::new(),
            message_id: None,
        });
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

fn assess<'a>(
    group: Group<'a>,
    checks: Option<&[Checked]>,
    question: &Question,
    rules: &Rules,
) -> Assessed<'a> {
    let mut found = Findings::new(rules);
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
    let measure = Measure {
        group: &group,
        checks,
        now: question.now,
        clock_skew: question.clock_skew,
        since: rules.since,
    };
    let limits = |metric| {
        let limits = rules.limits.iter().find(|(limited, _)| *limited == metric);
        limits.map(|(_, limits)| *limits)
    };
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
            Metric::Archives => true,
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
        group,
        metrics,
        findings,
        state,
    }
}
