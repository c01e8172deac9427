//! The arguments of both programs.

mod query;

pub use query::Jq;

use std::ffi::OsString;
use std::path::PathBuf;

use borgq_query::threshold::Metric;
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
  borgq query -r '.repositories[] | select(last | older_than(\"2d\")) | .location' captures/

Durations are written 90s, 26h, 1d2h or 2w, sizes 500MB (powers of 1000) or
10GiB (of 1024), in options, filters and answers alike.

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
    /// The intervals between complete archives: median, longest, current; slots without one
    Gaps(Gaps),
    /// How often and how long limits on the age would have warned in the past
    Backtest(Backtest),
    /// What each archive measures, and how much that changed; totals of repositories
    Sizes(Sizes),
    /// What is different between two listings of the same repositories
    Diff(Diff),
    /// How the input was understood: documents, what was skipped, problems
    Inspect(Inspect),
    /// Run borg or borgmatic and keep what it said, with its time, zone and exit status
    Capture(Capture),
    /// Print a JSON Schema, or list them
    Schema(Schema),
    /// Print the completions of a shell
    Completions(Completions),
    /// Print a manual page, or write them all
    Man(Man),
    /// Judge the age of the last backups, as a monitoring plugin
    #[command(after_help = check_help())]
    Check(Box<Check>),
}

/// What can have limits, and how they are written. 80 columns at most.
fn check_help() -> String {
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

Examples:
  borgmatic repo-list --json | check_borg -w 26h -c 50h
  check_borg --group-by host --expect web --expect db /var/lib/borgq/
  check_borg -c files=1000: -w size-change=-50:100 info.json
  check_borg -t 50s -- borg info --json --last 10 /backup/repository"
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

/// How the answer is printed.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct Format {
    /// Print one JSON object on one line: --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,

    /// A table, JSON, or rows for pipelines
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<FormatName>,

    /// Print one field bare, a line a row: --format value
    #[arg(long, value_name = "FIELD")]
    pub field: Option<String>,

    /// The columns of a table, csv or tsv
    #[arg(long, value_name = "FIELD,...", value_delimiter = ',')]
    pub fields: Option<Vec<String>>,

    /// Sort the rows by a field; what is absent comes last
    #[arg(long, value_name = "FIELD")]
    pub sort: Option<String>,

    /// Turn the order of the rows around
    #[arg(long)]
    pub reverse: bool,

    /// Print so many rows at most
    #[arg(long, value_name = "NUMBER")]
    pub limit: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatName {
    /// Aligned, for people
    Table,
    /// One object on one line
    Json,
    /// One object a row and line
    Jsonl,
    /// As RFC 4180, with a header
    Csv,
    /// Columns between tabs, with a header
    Tsv,
    /// One field bare, a line a row
    Value,
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

#[derive(Debug, Args)]
pub struct Archives {
    #[command(flatten)]
    pub query: Query,
    /// Also list archives that the patterns do not choose, and why each does not count
    #[arg(long)]
    pub left_out: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  borgq gaps --group-by series list.json
  borgq gaps --since 30d list.json              which gap was the longest last month
  borgq gaps --since 30d --slots daily list.json
  borgq gaps --slots daily --timezone Europe/Berlin --json list.json

An interval goes from one complete archive's time to the next one's; the current
one is the age of the last archive. A slot is an hour, day or week of the
calendar in the time zone; one that has not ended yet is not missing.

Prune thins history: where the oldest intervals are multiples of the newer ones,
that is said, and they are no sign of missed backups. Leave them out with --since.

Exit status: 0 answered; 1 at least one group has no complete archive;
2 wrong usage; 3 the input was not read completely.")]
pub struct Gaps {
    #[command(flatten)]
    pub query: Query,
    /// Only intervals that end within this time before now, for instance 30d; and the slots that
    /// begin within it [default: since the oldest archive]
    #[arg(long, value_name = "DURATION")]
    pub since: Option<String>,
    /// Count the slots of the calendar that have no backup, and name them in the time zone
    #[arg(long, value_enum, value_name = "PERIOD")]
    pub slots: Option<Slots>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Slots {
    Hourly,
    Daily,
    Weekly,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  borgq backtest -w 26h -c 50h list.json
  borgq backtest -w 30h --since 90d --group-by series list.json
  borgq backtest -w @10h:20h --json list.json

A RANGE is that of the check: 26h alerts above 26 hours, 10h: below 10 hours,
10h:26h outside of these, @10h:26h inside.

At each instant the age is that of the newest complete archive that was there.
An archive is there from the end of its run, where the input says it (borg info,
or list with --format '{end}'), else from its archive time. The replay begins
with the first archive. Archives that were pruned are not known: where prune has
thinned history, it looks worse than it was; leave that out with --since.

Exit status: 0 answered; 1 at least one group has no complete archive;
2 wrong usage; 3 the input was not read completely.")]
pub struct Backtest {
    #[command(flatten)]
    pub query: Query,
    /// WARNING while the age of the last backup is outside of RANGE
    #[arg(
        short,
        long,
        value_name = "RANGE",
        required_unless_present = "critical"
    )]
    pub warning: Option<String>,
    /// CRITICAL while the age of the last backup is outside of RANGE
    #[arg(short, long, value_name = "RANGE")]
    pub critical: Option<String>,
    /// Only this time before now, for instance 90d [default: since the first archive]
    #[arg(long, value_name = "DURATION")]
    pub since: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  borg info --json --glob-archives '*' /backup/web | borgq sizes
  borgq sizes --group-by series info.json
  borgq sizes --json list.json info.json create/

Sizes are in what borg info and borg create print. Of a listing only what borg 2
adds with --format '{size} {nfiles}' is known.

CHANGE is the original size against the archive of the group before, TO MEDIAN
against the group's median. DEDUPLICATED is what no other archive uses. PER SECOND
is the original size by the duration of the run.

Of repositories, as borg 1.x prints them: all archives together, what is stored of
them, and the ratio of the two; DEDUPLICATION is the ratio before compression.

Exit status: 0 answered; 1 at least one group has no complete archive;
2 wrong usage; 3 the input was not read completely, or does not say all sizes.")]
pub struct Sizes {
    #[command(flatten)]
    pub query: Query,
}

#[derive(Debug, Args)]
#[command(mut_arg("group_by", |arg| arg.default_value("series")))]
#[command(after_help = "\
Examples:
  borgq diff old.json list.json
  borgmatic repo-list --json | borgq diff yesterday/ -
  borgq diff --group-by host --json old.json list.json

Said of repositories: repository-appeared, repository-vanished, id-changed (another
repository at the same location), location-changed, encryption-changed and
generation-changed (another version of borg printed the documents). Said of
archives: archive-came and archive-went. Archives go when they are pruned, and are
told apart by id. Archives of repositories that are in one listing only, or whose
id changed, are not listed.

A series stopped if it has no new archive while another one of these repositories
has a new one that is later than its last. A series of one archive whose name has
no date or time in it was made once, and does not stop. Look at what is USUAL: a
weekly series is silent for a week. --group-by says what else is to go on.

A listing that was made with --last or a pattern is not known to be partial: what
it leaves out has gone.

Exit status: 0 answered, with differences or without; 1 nothing matches;
2 wrong usage; 3 one of the two was not read completely.")]
pub struct Diff {
    /// What was listed before: a file, a directory of *.json files, or - for standard input
    #[arg(value_name = "OLD")]
    pub old: OsString,
    /// What was listed later
    #[arg(value_name = "NEW")]
    pub new: OsString,
    #[command(flatten)]
    pub question: Question,
    #[command(flatten)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct Inspect {
    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    pub format: Format,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  borgq capture --dir /var/lib/borgq --name web -- borgmatic repo-list --json
  borgq capture --pass-through -o create.json -- borg create --json REPO::ARCHIVE /srv
  check_borg -w 26h -c 50h /var/lib/borgq

The file holds a header line, then what the command printed. All commands of
borgq read it in place of a document, with its time zone and exit status. It is
written in one step: a reader finds the old run or the new one. Beside NAME.json,
the latest run, NAME.good.json is the latest one that proves something.

Secrets in the command line are masked. Exit status: that of the command; 124 if
it took too long, 126 and 127 if it cannot be run, 3 if the capture cannot be
written.")]
pub struct Capture {
    /// The file to keep the run in [default: standard output]
    #[arg(short, long, value_name = "FILE", conflicts_with = "dir")]
    pub output: Option<PathBuf>,

    /// The directory to keep the run in
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,

    /// The name of the file in DIR, without .json [default: the machine's name]
    #[arg(long, value_name = "NAME", requires = "dir")]
    pub name: Option<String>,

    /// End the command after this time
    #[arg(long, value_name = "DURATION")]
    pub timeout: Option<String>,

    /// How much of the end of standard error is kept
    #[arg(long, value_name = "BYTES", default_value_t = 16_384)]
    pub keep_stderr: usize,

    /// Also print what the command prints
    #[arg(long)]
    pub pass_through: bool,

    /// The permissions of the file, in octal digits
    #[arg(long, value_name = "MODE", default_value = "640", value_parser = mode)]
    pub mode: u32,

    /// The command and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub command: Vec<OsString>,
}

fn mode(text: &str) -> Result<u32, String> {
    let mode = u32::from_str_radix(text, 8)
        .ok()
        .filter(|mode| *mode <= 0o777);
    mode.ok_or_else(|| "expected octal digits such as 640".into())
}

#[derive(Debug, Args)]
pub struct Schema {
    /// The name of a schema; all names are listed without it
    pub name: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  borgq completions bash > ~/.local/share/bash-completion/completions/borgq
  borgq completions zsh > ~/.zfunc/_borgq
  borgq completions fish --program check_borg > ~/.config/fish/completions/check_borg.fish")]
pub struct Completions {
    /// The shell
    pub shell: Shell,
    /// The program to complete
    #[arg(long, value_enum, default_value_t, value_name = "PROGRAM")]
    pub program: Program,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Shell {
    Bash,
    Zsh,
    Fish,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Program {
    #[default]
    Borgq,
    #[value(name = "check_borg")]
    CheckBorg,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  borgq man | man -l -
  borgq man last | man -l -
  borgq man check_borg | man -l -
  borgq man --dir ~/.local/share/man/man1")]
pub struct Man {
    /// A command of borgq, or check_borg [default: borgq itself]
    #[arg(value_name = "COMMAND")]
    pub page: Option<String>,
    /// Write all pages into this directory
    #[arg(long, value_name = "DIR", conflicts_with = "page")]
    pub dir: Option<PathBuf>,
}

/// Judges the age of the last backups that borg or borgmatic lists, as a
/// monitoring plugin.
#[derive(Debug, Parser)]
#[command(name = "check_borg", version, term_width = 80, after_help = check_help())]
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

    /// UNKNOWN if there is no answer by then
    #[arg(short, long, value_name = "DURATION", default_value = "30s")]
    pub timeout: String,

    /// The most groups that have performance data of their own
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    pub perfdata_limit: usize,

    /// How to say it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub output: OutputFormat,

    /// Also notes, and what was left out and why; twice: also what was read
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum OutputFormat {
    /// As a monitoring plugin
    #[default]
    Plugin,
    /// As one JSON object on one line
    Json,
}
