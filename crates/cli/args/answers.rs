//! The arguments of the commands that answer questions.

use std::ffi::OsString;

use clap::{ArgAction, Args, ValueEnum};

use super::{Format, Most, Query, Question, Source};

#[derive(Debug, Args)]
pub struct Backups {
    #[command(flatten)]
    pub query: Query,
    /// Only what has no complete archive
    #[arg(long)]
    pub only_problems: bool,
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

Which limit would have warned twice? One that is below the second longest interval
and not below the third, and `borgq query --help` shows how to list them.

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
#[command(mut_arg("group_by", |arg| arg.default_value("series").help("What is to go on")))]
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
    pub most: Most,
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
    pub question: InspectQuestion,
    #[command(flatten)]
    pub format: Format,
}

/// What is asked about documents: they have no groups, and nothing has an age.
#[derive(Debug, Args)]
pub struct InspectQuestion {
    /// The zone of --now, if that has no offset [default: TZ, else the system's]
    #[arg(long, value_name = "ZONE")]
    timezone: Option<String>,

    /// Answer as if it were TIME, for instance 2025-03-01T02:00:00Z
    #[arg(long, value_name = "TIME")]
    now: Option<String>,

    /// Only documents about repositories with this label, location or id
    #[arg(short, long, value_name = "PATTERN", action = ArgAction::Append)]
    repository: Vec<String>,
}

impl InspectQuestion {
    /// The same as a question about archives.
    pub fn question(&self) -> Question {
        Question {
            timezone: self.timezone.clone(),
            now: self.now.clone(),
            repository: self.repository.clone(),
            match_archives: Vec::new(),
            group_by: None,
            clock_skew: "0s".into(),
        }
    }
}

#[derive(Debug, Args)]
pub struct Schema {
    /// The name of a schema; all names are listed without it
    pub name: Option<String>,
}
