//! The arguments of `borgq rules`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Query, Question, Source};

#[derive(Debug, Args)]
pub struct Rules {
    #[command(subcommand)]
    pub command: RulesCommand,
}

#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Which rule governs what, what no rule governs, and what is expected and missing
    #[command(after_help = CHECK)]
    Check(RulesCheck),
    /// Write a first rules file from what is there, to standard output
    #[command(after_help = INIT)]
    Init(RulesInit),
}

/// What rules are and mean, for the commands that take them.
pub const RULES: &str = "\
A rules file is TOML, a [[rule]] for each rule. The first rule that matches an
archive governs it:

  [[rule]]
  label = \"sh:db-*\"        # also repository, host, series; TEXT, sh: or re:
  warning = \"8h\"           # as --warning, or a list; also critical
  expect = true            # CRITICAL (missing) if it governs nothing
  copies = 2               # fresh in two repositories, else too-few-copies
  max-lag = \"1d\"           # behind the newest copy
  owner = \"dba\"            # stands in the output, as note does

All patterns of a rule must match. The limits of a rule replace those of the
command line for the same metric; what it does not limit, and what no rule
governs, has the limits of the command line, or the usual ones. A rule with host
or series makes a group of each, one with copies of each series; others group as
--group-by says. docs/rules.md has the whole of it, `borgq schema rules` the
schema.";

const CHECK: &str = "\
Examples:
  borgq rules check rules.toml captures/
  borgq rules check rules.toml captures/ --only-problems
  borgq rules check rules.toml captures/ --format csv --fields repository.location,rule

Exit status: 0 answered; 1 something is governed by no rule, or expected and
missing; 2 wrong usage, or a rules file with a mistake; 3 the input was not read
completely.";

const INIT: &str = "\
Examples:
  borgq rules init captures/ >rules.toml
  borgq rules init --group-by host captures/ >rules.toml

Each group that is there gets a rule that expects it: by its label, else by its
location or id, and by host or series with --group-by.

Exit status: 0 written; 1 there is nothing to write rules for; 2 wrong usage;
3 the input was not read completely.";

#[derive(Debug, Args)]
pub struct RulesCheck {
    /// The rules file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub query: Query,
    /// Only what no rule governs, and rules whose demand is missing
    #[arg(long)]
    pub only_problems: bool,
}

#[derive(Debug, Args)]
pub struct RulesInit {
    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    pub question: Question,
}
