//! From arguments to a question.

use borgq_query::pattern::{
    ArchivePattern, ArchivePatterns, RepositoryPattern, RepositoryPatterns,
};
use borgq_query::quantity::Duration;
use borgq_query::rules::Rules;
use borgq_query::{GroupBy, Moment, Question, Selection, Timestamp};
use chrono::{DateTime, TimeDelta, Utc};

use crate::args;
use crate::zone::LocalZone;

/// The question that the arguments ask, and the zone of clock readings.
///
/// # Errors
///
/// A sentence that says which argument is wrong.
pub fn question(
    args: &args::Question,
    now: DateTime<Utc>,
    zone: &LocalZone,
) -> Result<Question, String> {
    if args.timezone.is_some() {
        zone.check()?;
    }
    let now = match &args.now {
        Some(text) => time(text, zone)?,
        None => now,
    };
    let clock_skew = clock_skew(&args.clock_skew, now)?;
    let repositories: Result<_, _> = args
        .repository
        .iter()
        .map(|pattern| RepositoryPattern::parse(pattern))
        .collect();
    let archives: Result<_, _> = args
        .match_archives
        .iter()
        .map(|pattern| ArchivePattern::parse(pattern))
        .collect();
    let selection = Selection {
        repositories: RepositoryPatterns::new(
            repositories.map_err(|error| format!("--repository: {error}"))?,
        ),
        archives: ArchivePatterns::new(
            archives.map_err(|error| format!("--match-archives: {error}"))?,
        ),
    };
    Ok(Question {
        now,
        clock_skew,
        selection,
        group_by: match args.group_by.unwrap_or_default() {
            args::GroupBy::Repository => GroupBy::Repository,
            args::GroupBy::Series => GroupBy::Series,
            args::GroupBy::Host => GroupBy::Host,
            args::GroupBy::User => GroupBy::User,
        },
        rules: Rules::default(),
    })
}

/// How far a clock may be ahead of `now`.
fn clock_skew(text: &str, now: DateTime<Utc>) -> Result<TimeDelta, String> {
    let wrong = |what: &str| format!("--clock-skew: {text:?} is {what}, expected for instance 5m");
    let skew: Duration = text
        .parse()
        .map_err(|error| format!("--clock-skew: {error}"))?;
    if skew < Duration::ZERO {
        return Err(wrong("negative"));
    }
    let skew = skew.into();
    match now.checked_add_signed(skew) {
        Some(_) => Ok(skew),
        None => Err(wrong("too long")),
    }
}

/// The time of `--now`: with an offset, or a local time in the zone.
fn time(text: &str, zone: &LocalZone) -> Result<DateTime<Utc>, String> {
    let wrong = || {
        format!(
            "--now {text:?}: expected a time such as 2025-03-01T02:00:00Z, \
             2025-03-01T02:00:00+01:00, or 2025-03-01T02:00:00 in the time zone"
        )
    };
    let time: Timestamp = text.replacen(' ', "T", 1).parse().map_err(|_| wrong())?;
    let moment = Moment::of(&time, zone).map_err(|error| format!("--now {text:?}: {error}"))?;
    // In a repeated hour the later instant: no age is too small.
    Ok(moment.other.unwrap_or(moment.instant))
}
