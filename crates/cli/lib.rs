//! The command line of borgq: arguments, files, clock, zone and exit status.
//!
//! `main` of both programs only hands over to [`borgq`] and [`check_borg`],
//! which take all that they need as [`Surroundings`].

mod args;
mod bounded;
mod clock;
mod commands;
mod exit;
mod format;
mod input;
mod question;
mod rules;
mod secrets;
mod since;
mod surroundings;
mod system;
mod watchdog;
mod zone;

pub use surroundings::Surroundings;
pub use system::with_surroundings;

use std::ffi::OsString;

use args::{Borgq, CheckBorg, Command};
use clap::Parser;
use exit::Exit;

/// Runs `borgq` and gives its exit status.
pub fn borgq(mut surroundings: Surroundings<'_>) -> u8 {
    let status = match Borgq::try_parse_from(&surroundings.args) {
        Ok(args) => {
            let status = run(&args.command, &mut surroundings);
            match args.command {
                // They see for themselves what became of their output.
                Command::Check(_) | Command::Capture(_) => return status,
                _ => status,
            }
        }
        Err(error) if is_check(&surroundings) => {
            let error = help_first::<Borgq>(error, 2, &surroundings.args);
            return commands::check::usage(&error, &mut surroundings);
        }
        Err(error) => usage(&error, &mut surroundings),
    };
    written(status, &mut surroundings)
}

fn is_check(surroundings: &Surroundings<'_>) -> bool {
    let command = surroundings.args.get(1);
    command.is_some_and(|command| command == "check")
}

fn run(command: &Command, surroundings: &mut Surroundings<'_>) -> u8 {
    let exit = match command {
        Command::Last(args) => commands::last::run(args, surroundings),
        Command::Archives(archives) => commands::archives::run(archives, surroundings),
        Command::Repos(args) => commands::repos::run(args, surroundings),
        Command::Query(jq) => return commands::query::run(jq, surroundings),
        Command::Gaps(gaps) => commands::gaps::run(gaps, surroundings),
        Command::Backtest(backtest) => commands::backtest::run(backtest, surroundings),
        Command::Sizes(sizes) => commands::sizes::run(sizes, surroundings),
        Command::Retention(retention) => commands::retention::run(retention, surroundings),
        Command::Diff(diff) => commands::diff::run(diff, surroundings),
        Command::Inspect(inspect) => commands::inspect::run(inspect, surroundings),
        Command::Capture(capture) => {
            return match commands::capture::run_and_keep(capture, surroundings) {
                Ok(status) => status,
                Err(failure) => failure.report(surroundings) as u8,
            };
        }
        Command::Rules(args) => commands::rules::run(args, surroundings),
        Command::Completions(args) => commands::completions::run(args, surroundings),
        Command::Man(man) => commands::man::run(man, surroundings),
        Command::Schema(schema) => commands::schema::run(schema, surroundings),
        Command::Check(check) => return commands::check::run(check, surroundings),
    };
    exit.unwrap_or_else(|failure| failure.report(surroundings)) as u8
}

/// The exit status, once all that was said has been written: an answer that is
/// lost was not given.
fn written(status: u8, surroundings: &mut Surroundings<'_>) -> u8 {
    match closed_is_seen(surroundings.out.flush()) {
        Ok(()) => status,
        Err(error) => status.max(Failure::Output(error).report(surroundings) as u8),
    }
}

/// Whoever closed the pipe has seen enough: that is no error, and the exit
/// status is the same as without a pipe.
fn closed_is_seen(written: std::io::Result<()>) -> std::io::Result<()> {
    match written {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Runs `check_borg` and gives its exit status.
pub fn check_borg(mut surroundings: Surroundings<'_>) -> u8 {
    match CheckBorg::try_parse_from(&surroundings.args) {
        Ok(args) => commands::check::run(&args.check, &mut surroundings),
        Err(error) => {
            let error = help_first::<CheckBorg>(error, 1, &surroundings.args);
            commands::check::usage(&error, &mut surroundings)
        }
    }
}

/// The help in place of what is wrong with other arguments of a check, if it is
/// asked for. The options follow so many names.
fn help_first<T: Parser>(error: clap::Error, names: usize, args: &[OsString]) -> clap::Error {
    let mut options = args.iter().skip(names).take_while(|arg| *arg != "--");
    let help = options.find(|arg| *arg == "-h" || *arg == "--help");
    match help.map(|help| T::try_parse_from(args.iter().take(names).chain([help]))) {
        Some(Err(help)) => help,
        _ => error,
    }
}

/// Help and version go to standard output, wrong usage to standard error.
fn usage(error: &clap::Error, surroundings: &mut Surroundings<'_>) -> u8 {
    let text = error.render();
    if error.use_stderr() {
        let _ = write!(surroundings.err, "{text}");
        Exit::Usage as u8
    } else {
        match write!(surroundings.out, "{text}") {
            Ok(()) => Exit::Answered as u8,
            Err(error) => Failure::Output(error).report(surroundings) as u8,
        }
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
