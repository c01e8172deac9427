//! `borgq check` and `check_borg`: the monitoring plugin.

use borgq_query::quantity::Duration;
use borgq_query::threshold::{Limits, Range};
use borgq_query::{Assessment, State};
use borgq_report::plugin;

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
        Err(sentence) => say(State::Unknown, &plugin::unknown(&sentence), surroundings),
    }
}

fn check(args: &Check, surroundings: &mut Surroundings<'_>) -> Result<(State, String), String> {
    let limits = limits(args)?;
    let zone = LocalZone::new(args.question.timezone.as_deref(), surroundings.tz.clone());
    let question = question(&args.question, surroundings.now, &zone)?;
    let inventory = inventory(Inputs::read(&args.source, surroundings)?, &zone);
    let assessment = Assessment::of(&inventory, &question, &limits);
    Ok((assessment.state, plugin::text(&assessment, &limits)))
}

fn limits(args: &Check) -> Result<Limits<Duration>, String> {
    let range = |option: &str, given: &[String]| -> Result<Option<Range<Duration>>, String> {
        match given {
            [] => Ok(None),
            [range] => {
                let range = range.strip_prefix("age=").unwrap_or(range);
                range
                    .parse()
                    .map(Some)
                    .map_err(|error| format!("{option}: {error}"))
            }
            _ => Err(format!(
                "{option}: found {} ranges, expected one",
                given.len()
            )),
        }
    };
    let warning = range("--warning", &args.warning)?;
    let critical = range("--critical", &args.critical)?;
    if warning.is_none() && critical.is_none() {
        return Ok(Limits {
            warning: range("--warning", &[WARNING.into()])?,
            critical: range("--critical", &[CRITICAL.into()])?,
        });
    }
    Ok(Limits { warning, critical })
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
    say(State::Unknown, &plugin::unknown(sentence), surroundings)
}

/// A state that nobody could read was not said.
fn say(state: State, text: &str, surroundings: &mut Surroundings<'_>) -> u8 {
    let written = surroundings.out.write_all(text.as_bytes());
    match written.and_then(|()| surroundings.out.flush()) {
        Ok(()) => state.exit_status(),
        Err(_) => State::Unknown.exit_status(),
    }
}
