//! The arguments of both programs.

mod answers;
mod capture;
mod check;
mod format;
mod input;
mod query;
mod retention;
mod rules;
mod shell;

pub use answers::{Archives, Backtest, Backups, Diff, Gaps, Inspect, Schema, Sizes, Slots};
pub use capture::Capture;
pub use check::{Check, CheckBorg, OutputFormat};
pub use format::{Format, FormatName};
pub use input::{GroupBy, Most, Query, Question, Source};
pub use query::Jq;
pub use retention::Retention;
pub use rules::{Rules, RulesCheck, RulesCommand, RulesInit};
pub use shell::{Completions, Man, Program, Shell};

use clap::{Parser, Subcommand};

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

Questions:
  Which host was not backed up for two days?
    borgq query -r 'last_by(.host) | select(older_than(\"2d\")) | .group' info.json
  Which backup is the largest?
    borgq sizes --sort original_size --reverse --limit 1 info.json
  How many backups are missing in the last month?
    borgq gaps --slots daily --since 30d list.json
  How often would a limit of 26 hours have warned in the last month?
    borgq backtest -w 26h --since 30d list.json
  What is the newest archive called, for a script?
    name=$(borgq last --field archive.name list.json)
  How do the archives get into a spreadsheet?
    borgq archives --format csv list.json > archives.csv

borg 1.x says hosts and sizes in `borg info --json --glob-archives '*' REPOSITORY`,
not in its list.

Durations are written 90s, 26h, 1d2h or 2w, sizes 500MB (powers of 1000) or
10GiB (of 1024), in options, filters and answers alike.

An INPUT is what borg or borgmatic printed with --json: a file, a directory of
*.json files, or - for standard input, which is also read if there is no INPUT.

Exit status: 0 answered; 1 the answer is \"none\" for at least one group;
2 wrong usage; 3 the input was not read completely.";

const LAST: &str = "\
Examples:
  borgq last --group-by host info.json
  borgq last --sort age_seconds --reverse --limit 10 list.json
  borgq last --field archive.name list.json
  borgq last -a sh:web-* --field age_seconds list.json

A complete archive is no checkpoint, is not in the future, and stands in a document
that was read completely.

Exit status: 0 answered; 1 at least one group has no complete archive;
2 wrong usage; 3 the input was not read completely.";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// The newest complete archive of each group, with its time and age
    #[command(after_help = LAST)]
    Last(Backups),
    /// Every archive, oldest first
    Archives(Archives),
    /// One line for each repository: archives, oldest and newest, sizes, encryption
    Repos(Backups),
    /// Run a jq filter over repositories and archives, or over borg's own documents
    Query(Box<Jq>),
    /// The intervals between complete archives: median, longest, current; slots without one
    Gaps(Gaps),
    /// How often and how long limits on the age would have warned in the past
    Backtest(Backtest),
    /// What each archive measures, and how much that changed; totals of repositories
    Sizes(Sizes),
    /// What borg prune would keep under rules, and what lies beyond them
    Retention(Box<Retention>),
    /// What is different between two listings of the same repositories
    Diff(Diff),
    /// How the input was understood: documents, what was skipped, problems
    Inspect(Inspect),
    /// Run borg or borgmatic and keep what it said, with its time, zone and exit status
    Capture(Capture),
    /// What is expected, and the limits for it: show which rule governs what, write a first file
    #[command(after_help = rules::RULES)]
    Rules(Rules),
    /// Print a JSON Schema, or list them
    Schema(Schema),
    /// Print the completions of a shell
    Completions(Completions),
    /// Print a manual page, or write them all
    Man(Man),
    /// Judge the age of the last backups, as a monitoring plugin
    #[command(version, term_width = 80, after_help = check::help())]
    Check(Box<Check>),
}
