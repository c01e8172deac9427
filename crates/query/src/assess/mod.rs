//! [`Assessment`]: the state of every group, and the findings that it rests on.

use std::cmp::Reverse;

use chrono::TimeDelta;

use crate::answer::{Group, LeftOut, Question, age};
use crate::model::{Inventory, Problem, ProblemCode};
use crate::quantity::{Duration, Quantity};
use crate::state::State;
use crate::threshold::Limits;

/// One fact that an assessment states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The stable name of the fact, for instance `no-backup`.
    pub code: &'static str,
    /// How bad it is.
    pub state: State,
    /// A sentence.
    pub text: String,
}

/// A group and what was found about it.
#[derive(Clone, Debug)]
pub struct Assessed<'a> {
    /// The group.
    pub group: Group<'a>,
    /// The age of its last complete archive.
    pub age: Option<Duration>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// The worst of the findings, and of the age against its limits. OK only if
    /// there is a last complete archive.
    pub state: State,
}

/// The state of everything that a question is about.
#[derive(Clone, Debug)]
pub struct Assessment<'a> {
    /// The groups, the worst first.
    pub groups: Vec<Assessed<'a>>,
    /// What was found about the input.
    pub findings: Vec<Finding>,
    /// The worst of all. UNKNOWN if there is no group.
    pub state: State,
}

impl Assessment<'_> {
    /// Judges every group against the limits of the age.
    ///
    /// OK is said only if the input was read completely and each group has a
    /// complete archive whose age is within the limits.
    #[must_use]
    pub fn of<'a>(
        inventory: &'a Inventory,
        question: &Question,
        limits: &Limits,
    ) -> Assessment<'a> {
        let answer = question.groups(inventory);
        let problems = inventory.problems.iter().chain(&answer.problems);
        let findings: Vec<_> = problems.map(finding).collect();
        let mut groups: Vec<_> = answer
            .groups
            .into_iter()
            .map(|group| assess(group, question, limits))
            .collect();
        groups.sort_by_key(|assessed| Reverse((assessed.state.badness(), assessed.age)));
        let state = State::worst_of(groups.iter().map(|assessed| assessed.state));
        let found = findings.iter().map(|finding| finding.state);
        let state = State::worst_of(found.chain([state]));
        Assessment {
            groups,
            findings,
            state,
        }
    }
}

fn finding(problem: &Problem) -> Finding {
    let text = match &problem.source {
        Some(source) if source == "-" => format!("standard input: {}", problem.text),
        Some(source) => format!("{source}: {}", problem.text),
        None => problem.text.clone(),
    };
    let state = match problem.code {
        ProblemCode::RunWarning => State::Warning,
        _ => State::Unknown,
    };
    Finding {
        code: problem.code.name(),
        state,
        text,
    }
}

fn assess<'a>(group: Group<'a>, question: &Question, limits: &Limits) -> Assessed<'a> {
    let mut findings = Vec::new();
    let left_out = |reason| {
        group
            .archives
            .iter()
            .filter(move |judged| judged.left_out == Some(reason))
            .count()
    };
    let (future, checkpoints) = (left_out(LeftOut::Future), left_out(LeftOut::Checkpoint));
    let age = group.last().map(|last| elapsed(age(last, question.now)));
    let mut find = |code, state, text| findings.push(Finding { code, state, text });
    let judged = match age {
        Some(age) => limits.judge(Quantity::Duration(age)),
        None => {
            match (checkpoints, future, group.not_matched) {
                (0, 0, 0) => find("no-backup", State::Critical, "there is no backup".into()),
                (0, 0, others) => find(
                    "nothing-matched",
                    State::Unknown,
                    format!("none of {others} archives matches"),
                ),
                (0, ..) => {}
                _ => find(
                    "checkpoint-only",
                    State::Critical,
                    format!("there is no complete backup, only {checkpoints} interrupted"),
                ),
            }
            findings
                .first()
                .map_or(State::Critical, |found| found.state)
        }
    };
    if future > 0 {
        let text = format!("{future} archives are dated in the future and prove nothing");
        findings.push(Finding {
            code: "future",
            state: State::Warning,
            text,
        });
    }
    let found = findings.iter().map(|finding| finding.state);
    let state = State::worst_of(found.chain([judged]));
    Assessed {
        group,
        age,
        findings,
        state,
    }
}

/// The age as a quantity. One that is too long for it is as old as can be.
fn elapsed(age: TimeDelta) -> Duration {
    Duration::try_from(age).unwrap_or(Duration::from_microseconds(i64::MAX))
}
