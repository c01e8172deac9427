//! `borgq check` and `check_borg`: the monitoring plugin.

use borgq_query::Assessment;
use borgq_query::state::State;
use borgq_query::threshold::{self, Limits, Metric, Threshold};
use borgq_report::assessment;
use borgq_report::plugin::LIMIT;

use super::inventory;
use crate::args::Check;
use crate::input::Inputs;
use crate::question::question;
use crate::surroundings::Surroundings;
use crate::zone::LocalZone;

/// The limits if none is given.
const WARNING: &str = "26h";
const CRITICAL: &str = "50h";

pub fn run(args: &Check, surroundings: &mut Surroundings<'_>) -> u8 {
    match check(args, surroundings) {
        Ok((state, text)) => say(state, &text, surroundings),
        Err(sentence) => say(
            State::Unknown,
            &assessment::unknown(&sentence).render(LIMIT),
            surroundings,
        ),
    }
}

fn check(args: &Check, surroundings: &mut Surroundings<'_>) -> Result<(State, String), String> {
    let limits = limits(args)?;
    let zone = LocalZone::new(args.question.timezone.as_deref(), surroundings.tz.clone());
    let question = question(&args.question, surroundings.now, &zone)?;
    let inventory = inventory(Inputs::read(&args.source, surroundings)?, &zone);
    let assessment = Assessment::of(&inventory, &question, &limits);
    let output = assessment::output(&assessment, &limits).map_err(|error| error.to_string())?;
    Ok((assessment.state, output.render(LIMIT)))
}

fn limits(args: &Check) -> Result<Limits, String> {
    let thresholds = |option: &str, given: &[String]| -> Result<Vec<Threshold>, String> {
        let parsed: Result<_, _> = given.iter().map(|range| range.parse()).collect();
        parsed.map_err(|error| format!("{option}: {error}"))
    };
    let mut warning = thresholds("--warning", &args.warning)?;
    let mut critical = thresholds("--critical", &args.critical)?;
    if warning.is_empty() && critical.is_empty() {
        warning = thresholds("--warning", &[WARNING.into()])?;
        critical = thresholds("--critical", &[CRITICAL.into()])?;
    }
    let limits = threshold::limits(&warning, &critical).map_err(|error| error.to_string())?;
    match limits.as_slice() {
        [(Metric::Age, limits)] => Ok(*limits),
        _ => Err("only the age can be limited".into()),
    }
}

/// Wrong usage, help and version: on standard output, and never a state that
/// pages somebody.
pub fn usage(error: &clap::Error, surroundings: &mut Surroundings<'_>) -> u8 {
    let text = error.render().to_string();
    if !error.use_stderr() {
        return say(State::Unknown, &text, surroundings);
    }
    let sentence = text.lines().next().unwrap_or_default();
    let sentence = sentence.strip_prefix("error: ").unwrap_or(sentence);
    say(
        State::Unknown,
        &assessment::unknown(sentence).render(LIMIT),
        surroundings,
    )
}

/// A state that nobody could read was not said.
fn say(state: State, text: &str, surroundings: &mut Surroundings<'_>) -> u8 {
    let written = surroundings.out.write_all(text.as_bytes());
    match written.and_then(|()| surroundings.out.flush()) {
        Ok(()) => state.exit_status(),
        Err(_) => State::Unknown.exit_status(),
    }
}
