//! The command line of borgq: arguments, files, clock, zone and exit status.
//!
//! `main` of both programs only hands over to [`borgq`] and [`check_borg`],
//! which take all that they need as [`Surroundings`].

mod args;
mod clock;
mod commands;
mod exit;
mod format;
mod input;
mod question;
mod rules;
mod since;
mod surroundings;
mod system;
mod watchdog;
mod zone;

pub use surroundings::Surroundings;
pub use system::with_surroundings;

use args::{Borgq, CheckBorg, Command};
use clap::Parser as _;
use exit::Exit;

/// Runs `borgq` and gives its exit status.
pub fn borgq(mut surroundings: Surroundings<'_>) -> u8 {
    let args = match Borgq::try_parse_from(&surroundings.args) {
        Ok(args) => args,
        Err(error) => return usage(&error, &mut surroundings),
    };
    let exit = match &args.command {
        Command::Last(args) => commands::last::run(args, &mut surroundings),
        Command::Archives(archives) => commands::archives::run(archives, &mut surroundings),
        Command::Repos(args) => commands::repos::run(args, &mut surroundings),
        Command::Query(jq) => return commands::query::run(jq, &mut surroundings),
        Command::Gaps(gaps) => commands::gaps::run(gaps, &mut surroundings),
        Command::Backtest(backtest) => commands::backtest::run(backtest, &mut surroundings),
        Command::Sizes(sizes) => commands::sizes::run(sizes, &mut surroundings),
        Command::Retention(retention) => commands::retention::run(retention, &mut surroundings),
        Command::Diff(diff) => commands::diff::run(diff, &mut surroundings),
        Command::Inspect(inspect) => commands::inspect::run(inspect, &mut surroundings),
        Command::Capture(capture) => {
            return match commands::capture::run_and_keep(capture, &mut surroundings) {
                Ok(status) => status,
                Err(failure) => failure.report(&mut surroundings) as u8,
            };
        }
        Command::Rules(args) => commands::rules::run(args, &mut surroundings),
        Command::Completions(args) => commands::completions::run(args, &mut surroundings),
        Command::Man(man) => commands::man::run(man, &mut surroundings),
        Command::Schema(schema) => commands::schema::run(schema, &mut surroundings),
        Command::Check(check) => return commands::check::run(check, &mut surroundings),
    };
    exit.unwrap_or_else(|failure| failure.report(&mut surroundings)) as u8
}

/// Runs `check_borg` and gives its exit status.
pub fn check_borg(mut surroundings: Surroundings<'_>) -> u8 {
    match CheckBorg::try_parse_from(&surroundings.args) {
        Ok(args) => commands::check::run(&args.check, &mut surroundings),
        Err(error) => commands::check::usage(&error, &mut surroundings),
    }
}

/// Help and version go to standard output, wrong usage to standard error.
fn usage(error: &clap::Error, surroundings: &mut Surroundings<'_>) -> u8 {
    let checks = surroundings
        .args
        .get(1)
        .is_some_and(|command| command == "check");
    if checks {
        return commands::check::usage(error, surroundings);
    }
    let text = error.render();
    if error.use_stderr() {
        let _ = write!(surroundings.err, "{text}");
        Exit::Usage as u8
    } else {
        let _ = write!(surroundings.out, "{text}");
        Exit::Answered as u8
    }
}

/// Why a query command has no answer.
#[derive(Debug)]
enum Failure {
    /// The arguments are wrong. A sentence says how.
    Usage(String),
    /// Standard output cannot be written.
    Output(std::io::Error),
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Output(error)
    }
}

impl Failure {
    fn report(self, surroundings: &mut Surroundings<'_>) -> Exit {
        match self {
            Self::Usage(sentence) => {
                let _ = writeln!(surroundings.err, "borgq: {sentence}");
                Exit::Usage
            }
            // Whoever closed the pipe has seen enough.
            Self::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Answered,
            Self::Output(error) => {
                let _ = writeln!(
                    surroundings.err,
                    "borgq: the answer cannot be written: {error}"
                );
                Exit::Incomplete
            }
        }
    }
}
