//! `borgq check` and `check_borg`: the monitoring plugin.

use std::any::Any;
use std::ffi::OsString;
use std::io::Write as _;
use std::panic::{self, AssertUnwindSafe, catch_unwind};

use borgq_query::pattern::ParsePatternError;
use borgq_query::quantity;
use borgq_query::state::State;
use borgq_query::threshold::{self, Limits, Metric, Threshold};
use borgq_query::{Assessment, Code, Criteria, Expected, GroupBy, Question, Selection, States};
use borgq_report::assessment::{self, Detail};
use borgq_report::json;
use borgq_report::plugin::LIMIT;
use chrono::{DateTime, TimeDelta, Utc};

use crate::args::{Check, OutputFormat};
use crate::bounded;
use crate::input::{gather, whole};
use crate::question::question;
use crate::rules;
use crate::surroundings::Surroundings;
use crate::watchdog::Watchdog;
use crate::zone::LocalZone;

/// The limits of the age if none is given.
const WARNING: &str = "26h";
const CRITICAL: &str = "50h";

pub fn run(args: &Check, surroundings: &mut Surroundings<'_>) -> u8 {
    let mut watchdog = Watchdog::asleep();
    let (output, now) = (args.output, surroundings.now);
    // A dependency that panics must not look like a state, nor write to standard error.
    let said = catch_unwind(AssertUnwindSafe(|| {
        if let Some(code) = &args.explain {
            return explain(code);
        }
        let states = states(args)?;
        let timeout = duration("--timeout", &args.timeout)?;
        if surroundings.may_end_process {
            panic::set_hook(Box::new(move |panic| {
                let (state, text) = internal(panic.payload(), output, now);
                let mut out = std::io::stdout();
                let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
                std::process::exit(state.exit_status().into());
            }));
            let timeout = timeout.to_std().map_err(|error| error.to_string())?;
            let states = states.clone();
            let unanswered = move |sentence: &str| unanswered(sentence, output, now, &states);
            watchdog = Watchdog::start(timeout, Box::new(unanswered))
                .map_err(|error| error.to_string())?;
        }
        let said = check(args, states.clone(), &watchdog, surroundings)?;
        if said.0 == State::Ok && watchdog.is_told_to_end() {
            let sentence = "told to end, while judging";
            return Ok(unanswered(sentence, output, now, &states));
        }
        Ok(said)
    }));
    let (state, text) = match said {
        Ok(Ok(said)) => said,
        Ok(Err(sentence)) => unknown(&sentence, output, now),
        Err(panic) => internal(panic.as_ref(), output, now),
    };
    watchdog.finish();
    say(state, &text, surroundings)
}

fn check(
    args: &Check,
    states: States,
    watchdog: &Watchdog,
    surroundings: &mut Surroundings<'_>,
) -> Result<(State, String), String> {
    let criteria = criteria(args, states, watchdog)?;
    let zone = LocalZone::new(args.question.timezone.as_deref(), surroundings.tz.clone());
    let mut question = question(&args.question, surroundings.now, &zone)?;
    if let Some(path) = &args.rules {
        watchdog.stage(&format!("reading {}", path.to_string_lossy()));
        question.rules = rules::read(path)?;
    }
    let inventory = if args.verbose == 0 && criteria.ask_for_ends(&question.rules) {
        gather(&args.source, &question, &zone, watchdog, surroundings)?
    } else {
        whole(&args.source, &zone, watchdog, surroundings)?
    };
    watchdog.stage("judging");
    let assessment = Assessment::of(&inventory, &question, &criteria);
    let text = match args.output {
        OutputFormat::Plugin => {
            let detail = Detail {
                verbosity: args.verbose,
                labelled: args.perfdata_limit,
                only_problems: args.only_problems,
            };
            assessment::output(&assessment, &inventory, &question, detail)
                .map_err(|error| error.to_string())?
                .render(LIMIT)
        }
        OutputFormat::Json => {
            let summary = assessment::summary(&assessment, &question);
            json_line(&assessment, &question, summary, args.only_problems)?
        }
    };
    let state = assessment.state;
    // The process ends, and freeing ten thousand repositories takes its time.
    std::mem::forget(assessment);
    std::mem::forget(inventory);
    Ok((state, text))
}

fn json_line(
    assessment: &Assessment<'_>,
    question: &Question,
    summary: String,
    only_problems: bool,
) -> Result<String, String> {
    let answer = json::Check::new(question, assessment, summary, only_problems);
    let mut line = Vec::new();
    json::write_line(&mut line, &answer).map_err(|error| error.to_string())?;
    String::from_utf8(line).map_err(|error| error.to_string())
}

/// What is said if the time was over before there was an answer.
fn unanswered(
    sentence: &str,
    output: OutputFormat,
    now: DateTime<Utc>,
    states: &States,
) -> (State, String) {
    let assessment = Assessment::unanswered(sentence, states);
    let text = match output {
        OutputFormat::Plugin => None,
        OutputFormat::Json => {
            json_line(&assessment, &nothing_asked(now), sentence.into(), false).ok()
        }
    };
    let plain = || assessment::unanswered(&assessment).render(LIMIT);
    (assessment.state, text.unwrap_or_else(plain))
}

/// A question without an answer.
fn nothing_asked(now: DateTime<Utc>) -> Question {
    Question {
        now,
        clock_skew: TimeDelta::zero(),
        selection: Selection::default(),
        group_by: GroupBy::default(),
        rules: Default::default(),
    }
}

fn states(args: &Check) -> Result<States, String> {
    let mut states = States::default();
    for state in &args.state {
        states
            .set(state)
            .map_err(|error| format!("--state {error}"))?;
    }
    Ok(states)
}

fn criteria(args: &Check, states: States, watchdog: &Watchdog) -> Result<Criteria, String> {
    let maybe = |option, text: &Option<String>| {
        let text = text.as_ref();
        text.map(|text| duration(option, text)).transpose()
    };
    Ok(Criteria {
        limits: limits(args)?,
        since: maybe("--since", &args.since)?,
        touched_since: maybe("--touched-since", &args.touched_since)?,
        expected: expected(args, watchdog)?,
        repositories: args.expect_repositories,
        states,
    })
}

/// The limits by metric. The age is always judged: without limits for it, by the usual ones.
fn limits(args: &Check) -> Result<Vec<(Metric, Limits)>, String> {
    let thresholds = |option: &str, given: &[String]| -> Result<Vec<Threshold>, String> {
        let parsed: Result<_, _> = given.iter().map(|range| range.parse()).collect();
        parsed.map_err(|error| format!("{option}: {error}"))
    };
    let mut warning = thresholds("--warning", &args.warning)?;
    let mut critical = thresholds("--critical", &args.critical)?;
    let mut given = warning.iter().chain(&critical);
    if !given.any(|threshold| threshold.metric == Metric::Age) {
        warning.extend(thresholds("--warning", &[WARNING.into()])?);
        critical.extend(thresholds("--critical", &[CRITICAL.into()])?);
    }
    threshold::limits(&warning, &critical).map_err(|error| error.to_string())
}

fn duration(option: &str, text: &str) -> Result<TimeDelta, String> {
    let duration: quantity::Duration =
        text.parse().map_err(|error| format!("{option}: {error}"))?;
    if duration <= quantity::Duration::ZERO {
        return Err(format!(
            "{option}: {text:?} is no time to wait, expected for instance 30s"
        ));
    }
    Ok(duration.into())
}

/// What `--expect` and `--expect-file` name.
fn expected(args: &Check, watchdog: &Watchdog) -> Result<Vec<Expected>, String> {
    let mut expected = Vec::new();
    let parse = |option: &str, text: &str| {
        let wrong = |error: ParsePatternError| format!("{option}: {error}");
        Expected::parse(text).map_err(wrong)
    };
    for text in &args.expect {
        expected.push(parse("--expect", text)?);
    }
    if let Some(path) = &args.expect_file {
        let name = path.to_string_lossy();
        watchdog.stage(&format!("reading {name}"));
        let unread = |error| format!("--expect-file {name}: cannot be read: {error}");
        let text = String::from_utf8(bounded::written(path).map_err(unread)?)
            .map_err(|_| format!("--expect-file {name}: it is not UTF-8"))?;
        let before = expected.len();
        let text = text.trim_start_matches('\u{feff}');
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if !line.is_empty() && !line.starts_with('#') {
                let option = format!("--expect-file {name}, line {number}");
                expected.push(parse(&option, line)?);
            }
        }
        if expected.len() == before {
            return Err(format!(
                "--expect-file {name}: it names nothing, expected one a line"
            ));
        }
    }
    Ok(expected)
}

/// What a code means. It is no check, so it is not OK.
fn explain(code: &str) -> Result<(State, String), String> {
    let code: Code = code
        .parse()
        .map_err(|error| format!("--explain: {error}"))?;
    let text = format!(
        "{code}, usually {}\n{}\nWhat to do: {}\n",
        code.state(),
        code.meaning(),
        code.advice()
    );
    Ok((State::Unknown, text))
}

/// Wrong usage, help and version: on standard output, and never a state that
/// pages somebody.
pub fn usage(error: &clap::Error, surroundings: &mut Surroundings<'_>) -> u8 {
    let text = error.render().to_string();
    if !error.use_stderr() {
        return say(State::Unknown, &text, surroundings);
    }
    let mut lines = text.lines();
    let sentence = lines.next().unwrap_or_default();
    let sentence = sentence.strip_prefix("error: ").unwrap_or(sentence);
    // What would be right stands below in brackets.
    let values = lines.map(str::trim).find(|line| line.starts_with('['));
    let values = values.map(|values| format!(" {values}"));
    let sentence = format!("{sentence}{}", values.unwrap_or_default());
    let output = output_of(&surroundings.args);
    let (state, text) = unknown(&sentence, output, surroundings.now);
    say(state, &text, surroundings)
}

/// The output that wrong arguments ask for.
fn output_of(args: &[OsString]) -> OutputFormat {
    let end = args.iter().position(|arg| arg == "--");
    let (options, _) = args.split_at(end.unwrap_or(args.len()));
    let mut apart = options.windows(2);
    let is_json = options.iter().any(|arg| arg == "--output=json")
        || apart.any(|two| two == ["--output", "json"]);
    match is_json {
        true => OutputFormat::Json,
        false => OutputFormat::Plugin,
    }
}

/// What is said if nothing could be judged.
fn unknown(sentence: &str, output: OutputFormat, now: DateTime<Utc>) -> (State, String) {
    let nothing = Assessment {
        groups: Vec::new(),
        findings: Vec::new(),
        input_age: None,
        state: State::Unknown,
    };
    let text = match output {
        OutputFormat::Plugin => None,
        OutputFormat::Json => json_line(&nothing, &nothing_asked(now), sentence.into(), false).ok(),
    };
    let plain = || assessment::unknown(sentence).render(LIMIT);
    (nothing.state, text.unwrap_or_else(plain))
}

fn internal(panic: &(dyn Any + Send), output: OutputFormat, now: DateTime<Utc>) -> (State, String) {
    let reason = reason(panic);
    let sentence = format!("an internal error, which is worth a report: {reason}");
    unknown(&sentence, output, now)
}

fn reason(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no reason is known")
}

/// A state that nobody could read was not said.
fn say(state: State, text: &str, surroundings: &mut Surroundings<'_>) -> u8 {
    let written = surroundings.out.write_all(text.as_bytes());
    match written.and_then(|()| surroundings.out.flush()) {
        Ok(()) if !surroundings.out_is_closed => state.exit_status(),
        _ => State::Unknown.exit_status(),
    }
}
