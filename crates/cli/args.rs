//! The arguments of both programs.

mod query;

pub use query::Jq;

use std::ffi::OsString;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

/// Says when everything that BorgBackup keeps was last backed up, and proves it.
#[derive(Debug, Parser)]
#[command(name = "borgq", version, max_term_width = 100, after_help = EXAMPLES)]
pub struct Borgq {
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  borgmatic repo-list --json | borgq last
  borgq last -- borg list --json /backup/repository
  borgq archives --timezone Europe/Berlin list.json
  borgq last --group-by host --json captures/

An INPUT is what borg or borgmatic printed with --json: a file, a directory of
*.json files, or - for standard input, which is also read if there is no INPUT.

Exit status: 0 answered; 1 the answer is \"none\" for at least one group;
2 wrong usage; 3 the input was not read completely.";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// The newest complete archive of each group, with its time and age
    Last(Query),
    /// Every archive, oldest first
    Archives(Archives),
    /// One line for each repository: archives, oldest and newest, sizes, encryption
    Repos(Query),
    /// Run a jq filter over repositories and archives, or over borg's own documents
    Query(Box<Jq>),
    /// How the input was understood: documents, what was skipped, problems
    Inspect(Inspect),
    /// Print a JSON Schema, or list them
    Schema(Schema),
    /// Judge the age of the last backups, as a monitoring plugin
    Check(Check),
}

/// Where documents come from.
#[derive(Debug, Args)]
pub struct Source {
    /// A file, a directory of *.json files, or - for standard input
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<OsString>,

    /// Run borg or borgmatic and read what it prints
    #[arg(last = true, value_name = "COMMAND", conflicts_with = "inputs")]
    pub command: Vec<OsString>,
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

    /// Only repositories with this label, location or id; sh: and re: for patterns
    #[arg(short, long, value_name = "PATTERN", action = ArgAction::Append)]
    pub repository: Vec<String>,

    /// Only archives that match, as in borg: NAME, sh:, re:, aid:, host:, user:, tags:
    #[arg(short = 'a', long, value_name = "PATTERN", action = ArgAction::Append)]
    pub match_archives: Vec<String>,

    /// What needs a backup of its own
    #[arg(long, value_enum, default_value_t, value_name = "WHAT")]
    pub group_by: GroupBy,

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
    /// Print one JSON object on one line
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Archives {
    #[command(flatten)]
    pub query: Query,
    /// Also list archives that the patterns do not choose, and why each does not count
    #[arg(long)]
    pub left_out: bool,
}

#[derive(Debug, Args)]
pub struct Inspect {
    #[command(flatten)]
    pub source: Source,
    /// Print one JSON object on one line
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Schema {
    /// The name of a schema; all names are listed without it
    pub name: Option<String>,
}

/// Judges the age of the last backups that borg or borgmatic lists, as a
/// monitoring plugin.
#[derive(Debug, Parser)]
#[command(name = "check_borg", version, term_width = 80)]
pub struct CheckBorg {
    #[command(flatten)]
    pub check: Check,
}

#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    pub question: Question,

    /// WARNING if the age of a last backup is outside of RANGE
    #[arg(short, long, value_name = "RANGE", action = ArgAction::Append)]
    pub warning: Vec<String>,

    /// CRITICAL if the age of a last backup is outside of RANGE
    #[arg(short, long, value_name = "RANGE", action = ArgAction::Append)]
    pub critical: Vec<String>,
}
