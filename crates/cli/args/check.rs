//! The arguments of the check.

use std::path::PathBuf;

use borgq_query::threshold::Metric;
use clap::{ArgAction, Args, Parser, ValueEnum};

use super::rules::RULES;
use super::{Question, Source};

/// What can have limits, and how they are written. 80 columns at most.
pub fn help() -> String {
    let mut help = String::from("Metrics of each group:\n");
    for metric in Metric::ALL {
        help += &format!("  {:<18}{}\n", metric.name(), metric.describe());
    }
    help + "
A RANGE is as the plugin guidelines have it, with units: 26h alerts above 26
hours, 1GiB: below 1 GiB, 10:20 outside and @10:20 inside of both. Units are
w, d, h, m, s, ms; B, kB, MB, GB, TB, KiB, MiB, GiB, TiB; %.

The age has its default limits unless it is given one. CRITICAL comes before
UNKNOWN, that before WARNING. What is empty, cut off, unreadable or unknown is
never OK.

" + RULES
        + "

Examples:
  borgmatic repo-list --json | check_borg -w 26h -c 50h
  check_borg --group-by host --expect web --expect db /var/lib/borgq/
  check_borg --rules /etc/borgq/rules.toml --only-problems /var/lib/borgq/
  check_borg -c files=1000: -w size-change=-50:100 info.json
  check_borg -t 50s -- borg info --json --last 10 /backup/repository"
}

/// Judges the age of the last backups that borg or borgmatic lists, as a
/// monitoring plugin.
#[derive(Debug, Parser)]
#[command(name = "check_borg", version, term_width = 80, after_help = help())]
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

    /// WARNING if a METRIC, else the age of the last backup, is outside of
    /// RANGE [default: 26h]
    #[arg(short, long, value_name = "[METRIC=]RANGE", action = ArgAction::Append, allow_hyphen_values = true)]
    pub warning: Vec<String>,

    /// CRITICAL if a METRIC, else the age of the last backup, is outside of
    /// RANGE [default: 50h]
    #[arg(short, long, value_name = "[METRIC=]RANGE", action = ArgAction::Append, allow_hyphen_values = true)]
    pub critical: Vec<String>,

    /// How far back the metric gap looks
    #[arg(long, value_name = "DURATION")]
    pub since: Option<String>,

    /// CRITICAL if there is no group with this label, location, id, series,
    /// host or user; sh: and re: for patterns
    #[arg(long, value_name = "PATTERN", action = ArgAction::Append)]
    pub expect: Vec<String>,

    /// A file of such patterns, one a line
    #[arg(long, value_name = "FILE")]
    pub expect_file: Option<PathBuf>,

    /// A TOML file of what is expected, and the limits for it by repository,
    /// label, host or series: the first rule that matches governs
    #[arg(long, value_name = "FILE")]
    pub rules: Option<PathBuf>,

    /// CRITICAL if there are fewer repositories
    #[arg(long, value_name = "NUMBER")]
    pub expect_repositories: Option<usize>,

    /// Report a repository that is written to longer than this after its last
    /// complete archive
    #[arg(long, value_name = "DURATION")]
    pub touched_since: Option<String>,

    /// Another state for a finding, for instance unencrypted=warning
    #[arg(long, value_name = "CODE=STATE", action = ArgAction::Append)]
    pub state: Vec<String>,

    /// Say what the code of a finding means, and what to do
    #[arg(long, value_name = "CODE")]
    pub explain: Option<String>,

    /// UNKNOWN if there is no answer by then; a command is told to end a fifth
    /// earlier, 2.5s at most
    #[arg(short, long, value_name = "DURATION", default_value = "30s")]
    pub timeout: String,

    /// The most groups that have performance data of their own
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    pub perfdata_limit: usize,

    /// How to say it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub output: OutputFormat,

    /// Leave out groups that are OK; they are counted all the same
    #[arg(long)]
    pub only_problems: bool,

    /// Also notes, and what was left out and why; twice: also what was read
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum OutputFormat {
    /// As a monitoring plugin
    #[default]
    Plugin,
    /// As one JSON object on one line, also if nothing could be judged
    Json,
}
