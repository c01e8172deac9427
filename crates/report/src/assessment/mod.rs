//! An assessment as the output of a monitoring plugin.

mod fleet;
mod labels;
mod lines;
mod metrics;
mod names;
mod words;

use borgq_query::state::State;
use borgq_query::{Assessment, Inventory, Question};

use crate::error::Error;
use crate::plugin::Output;

/// How much is said.
#[derive(Clone, Copy, Debug)]
pub struct Detail {
    /// 0: the groups; 1: also notes, and what was left out and why; 2: also
    /// what was read.
    pub verbosity: u8,
    /// The most groups that have performance data of their own. If there are
    /// more, there are only totals.
    pub labelled: usize,
    /// Whether to leave out the groups that are OK. They are counted all the same.
    pub only_problems: bool,
}

impl Default for Detail {
    fn default() -> Self {
        Self {
            verbosity: 0,
            labelled: 20,
            only_problems: false,
        }
    }
}

/// What the plugin says of an assessment: the worst group first.
///
/// # Errors
///
/// If a limit cannot be written as performance data.
pub fn output(
    assessment: &Assessment<'_>,
    inventory: &Inventory,
    question: &Question,
    detail: Detail,
) -> Result<Output<'static>, Error> {
    let lines = words::lines(assessment, inventory, question, detail);
    Ok(Output {
        service: "BORG",
        state: assessment.state.word(),
        summary: words::summary(assessment, question),
        perfdata: metrics::items(assessment, detail.labelled)?,
        long: lines.made,
        more: lines.more,
    })
}

/// The sentence of the first line.
#[must_use]
pub fn summary(assessment: &Assessment<'_>, question: &Question) -> String {
    words::summary(assessment, question)
}

/// What the plugin says if there was no answer in time. Counts of nothing would
/// pass for counts of all, so there are none.
#[must_use]
pub fn unanswered(assessment: &Assessment<'_>) -> Output<'static> {
    let found = assessment.findings.iter();
    let sentences = found.map(|finding| format!("{} [{}]", finding.text, finding.code));
    Output {
        state: assessment.state.word(),
        ..unknown(&sentences.collect::<Vec<_>>().join(", "))
    }
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
        more: 0,
    }
}
