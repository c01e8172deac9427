//! The arguments of `borgq query`.

use std::ffi::OsString;

use clap::{ArgAction, Args};

use super::{Question, Source};

const HELP: &str = include_str!("query.txt");

#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub struct Jq {
    /// What to do, in jq's language; with --from-file this is the first INPUT
    #[arg(value_name = "FILTER", allow_negative_numbers = true)]
    pub filter: Option<OsString>,

    #[command(flatten)]
    pub source: Source,

    /// Read the filter from FILE
    #[arg(short, long, value_name = "FILE")]
    pub from_file: Option<OsString>,

    /// Run it over each document as borg printed it
    #[arg(long, conflicts_with_all = ["repository", "match_archives"])]
    pub documents: bool,

    /// Print strings bare, not as JSON
    #[arg(short, long)]
    pub raw_output: bool,

    /// As --raw-output, without a newline after each output
    #[arg(short, long)]
    pub join_output: bool,

    /// Print each output on one line, not indented
    #[arg(short, long)]
    pub compact_output: bool,

    /// Print the keys of objects sorted
    #[arg(short = 'S', long)]
    pub sort_keys: bool,

    /// End with 1 if the last output is false or null, with 4 if there is none
    #[arg(short, long)]
    pub exit_status: bool,

    /// Run it once over null; `input` and `inputs` read the input
    #[arg(short, long)]
    pub null_input: bool,

    /// Run it once over an array of all inputs
    #[arg(short, long)]
    pub slurp: bool,

    /// Set $NAME to the string VALUE
    #[arg(
        long,
        num_args = 2,
        value_names = ["NAME", "VALUE"],
        action = ArgAction::Append,
        allow_hyphen_values = true
    )]
    pub arg: Vec<String>,

    /// Set $NAME to the JSON value JSON
    #[arg(
        long,
        num_args = 2,
        value_names = ["NAME", "JSON"],
        action = ArgAction::Append,
        allow_hyphen_values = true
    )]
    pub argjson: Vec<String>,

    /// Give the strings as $ARGS.positional; FILTER and INPUT stand before
    #[arg(long, num_args = 0.., value_name = "VALUE", conflicts_with = "jsonargs")]
    pub args: Vec<String>,

    /// Give the JSON values as $ARGS.positional; FILTER and INPUT stand before
    #[arg(long, num_args = 0.., value_name = "JSON")]
    pub jsonargs: Vec<String>,

    /// The zone in which borg 1.x printed its local times [default: TZ, else the system's]
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,

    /// Answer as if it were TIME, for instance 2025-03-01T02:00:00Z
    #[arg(long, value_name = "TIME")]
    pub now: Option<String>,

    /// Only repositories with this label, location or id; sh: and re: for patterns
    #[arg(long, value_name = "PATTERN", action = ArgAction::Append)]
    pub repository: Vec<String>,

    /// Only archives that match, as in borg: NAME, sh:, re:, aid:, host:, user:, tags:
    #[arg(short = 'a', long, value_name = "PATTERN", action = ArgAction::Append)]
    pub match_archives: Vec<String>,

    /// How far a clock may be ahead before an archive counts as being in the future
    #[arg(long, value_name = "DURATION", default_value = "5m")]
    pub clock_skew: String,
}

impl Jq {
    /// What is asked of the inventory. `-r` is taken by jq, so the options are
    /// not those of the other commands, but they mean the same.
    pub fn question(&self) -> Question {
        Question {
            timezone: self.timezone.clone(),
            now: self.now.clone(),
            repository: self.repository.clone(),
            match_archives: self.match_archives.clone(),
            group_by: None,
            clock_skew: self.clock_skew.clone(),
        }
    }
}
