//! Where documents come from, and what is asked about them.

use std::ffi::OsString;

use clap::{ArgAction, Args, ValueEnum};

use borgq_query::quantity::Size;

use super::Format;

/// Where documents come from.
#[derive(Debug, Args)]
pub struct Source {
    /// A file, a directory of *.json files, or - for standard input
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<OsString>,

    /// Run borg or borgmatic and read what it prints
    #[arg(last = true, value_name = "COMMAND", conflicts_with = "inputs")]
    pub command: Vec<OsString>,

    #[command(flatten)]
    pub most: Most,
}

/// How much may be read.
#[derive(Clone, Copy, Debug, Args)]
pub struct Most {
    /// The longest input that is read, for instance 500MB; a longer one is an error
    #[arg(long, value_name = "SIZE", default_value = "1GiB", value_parser = max_input)]
    pub max_input: Size,
}

fn max_input(text: &str) -> Result<Size, String> {
    match text.parse::<Size>() {
        Ok(size) if size.bytes() > 0 => Ok(size),
        Ok(_) => Err("expected more than nothing, for instance 500MB".into()),
        Err(error) => Err(error.to_string()),
    }
}

/// What is asked.
#[derive(Debug, Args)]
pub struct Question {
    /// The zone in which borg 1.x printed its local times [default: TZ, else the system's]
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,

    /// Answer as if it were TIME, for instance 2025-03-01T02:00:00Z
    #[arg(long, value_name = "TIME")]
    pub now: Option<String>,

    /// Only repositories with this label, location or id; sh: and re: for
    /// patterns. They see the location as answers show it, with *** for secrets
    #[arg(short, long, value_name = "PATTERN", action = ArgAction::Append)]
    pub repository: Vec<String>,

    /// Only archives that match, as in borg: NAME, sh:, re:, aid:, host:, user:, tags:
    #[arg(short = 'a', long, value_name = "PATTERN", action = ArgAction::Append)]
    pub match_archives: Vec<String>,

    /// What needs a backup of its own [default: repository]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub group_by: Option<GroupBy>,

    /// How far a clock may be ahead before an archive counts as being in the future
    #[arg(long, value_name = "DURATION", default_value = "5m")]
    pub clock_skew: String,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum GroupBy {
    #[default]
    Repository,
    Series,
    Host,
    User,
}

#[derive(Debug, Args)]
pub struct Query {
    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    pub question: Question,
    #[command(flatten)]
    pub format: Format,
}
