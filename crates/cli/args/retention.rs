//! The arguments of `borgq retention`.

use clap::Args;

use super::Query;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  borgq retention --keep-daily 7 --keep-weekly 4 --keep-monthly 6 list.json
  borgq retention --keep-within 30d --keep-monthly -1 -a sh:web-* list.json
  borgq retention --keep-daily 7 --timezone Europe/Berlin --format csv list.json

The rules are those of borg prune, and applied as the borg of the repository
applies them, in the calendar of the time zone. An AMOUNT is a number, -1 or all
without an end; later borg 2.0 also takes a TIME. A TIME is written as borg
writes it: 7d, with S, M (minutes), H, d, w, m (31 days) or y.

Without --group-by the archives of a repository are taken together, and in later
borg 2.0 those of one name and host, as borg does.

A slot is an hour, day, week, month or year for which a rule promises an archive,
back from now, though none before the oldest archive.

Exit status: 0 answered; 1 at least one group has no complete archive;
2 wrong usage; 3 the input was not read completely, or borg would refuse the rules.")]
pub struct Retention {
    #[command(flatten)]
    pub query: Query,

    /// Keep this many, or all of this time (later borg 2.0)
    #[arg(
        long = "keep",
        value_name = "AMOUNT",
        allow_hyphen_values = true,
        help_heading = "Rules"
    )]
    pub keep: Option<String>,

    /// Keep all of this time (borg 1.x and early borg 2.0)
    #[arg(
        long = "keep-within",
        value_name = "TIME",
        allow_hyphen_values = true,
        help_heading = "Rules"
    )]
    pub keep_within: Option<String>,

    /// Keep this many, at most one a second (borg 1.x and early borg 2.0)
    #[arg(
        long = "keep-last",
        value_name = "AMOUNT",
        allow_hyphen_values = true,
        help_heading = "Rules"
    )]
    pub keep_last: Option<String>,

    /// Keep the last archive of each of this many seconds
    #[arg(
        long = "keep-secondly",
        value_name = "AMOUNT",
        allow_hyphen_values = true,
        help_heading = "Rules"
    )]
    pub keep_secondly: Option<String>,

    /// Keep the last archive of each of this many minutes
    #[arg(
        long = "keep-minutely",
        value_name = "AMOUNT",
        allow_hyphen_values = true,
        help_heading = "Rules"
    )]
    pub keep_minutely: Option<String>,

    /// Keep the last archive of each of this many hours
    #[arg(
        long = "keep-hourly",
        value_name = "AMOUNT",
        allow_hyphen_values = true,
        help_heading = "Rules"
    )]
    pub keep_hourly: Option<String>,

    /// Keep the last archive of each of this many days
    #[arg(
        long = "keep-daily",
        value_name = "AMOUNT",
        allow_hyphen_values = true,
        help_heading = "Rules"
    )]
    pub keep_daily: Option<String>,

    /// Keep the last archive of each of this many ISO weeks
    #[arg(
        long = "keep-weekly",
        value_name = "AMOUNT",
        allow_hyphen_values = true,
        help_heading = "Rules"
    )]
    pub keep_weekly: Option<String>,

    /// Keep the last archive of each of this many months
    #[arg(
        long = "keep-monthly",
        value_name = "AMOUNT",
        allow_hyphen_values = true,
        help_heading = "Rules"
    )]
    pub keep_monthly: Option<String>,

    /// Keep the last archive of each of this many quarters of 13 ISO weeks
    #[arg(
        long = "keep-13weekly",
        value_name = "AMOUNT",
        allow_hyphen_values = true,
        help_heading = "Rules",
        conflicts_with = "keep_3monthly"
    )]
    pub keep_13weekly: Option<String>,

    /// Keep the last archive of each of this many quarters of a year
    #[arg(
        long = "keep-3monthly",
        value_name = "AMOUNT",
        allow_hyphen_values = true,
        help_heading = "Rules"
    )]
    pub keep_3monthly: Option<String>,

    /// Keep the last archive of each of this many years
    #[arg(
        long = "keep-yearly",
        value_name = "AMOUNT",
        allow_hyphen_values = true,
        help_heading = "Rules"
    )]
    pub keep_yearly: Option<String>,
}
