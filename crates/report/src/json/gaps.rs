//! The answer of `borgq gaps`.

use borgq_query as query;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::VERSION;
use super::reference::Reference;
use super::shared::{Problem, Repository, Seconds, Time};

/// The intervals between the complete archives of each group.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Gaps {
    /// `gaps`.
    format: &'static str,
    /// The version of the format.
    version: u32,
    /// The time to which current intervals count.
    now: Time,
    /// Only intervals that ended later than this, and slots that begin at it or
    /// later, were asked for. Absent if all were.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Time>,
    /// One for each group.
    gaps: Vec<Group>,
    /// What keeps the answer from being complete, empty if nothing does.
    problems: Vec<Problem>,
}

/// A group and its intervals.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Group {
    /// The repository that holds the group.
    repository: Repository,
    /// The series, host or user. Absent if the group is the whole repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    /// How many intervals there are.
    intervals: usize,
    /// The interval in the middle when they are sorted by length, in seconds; of
    /// an even number the mean of the two in the middle. Absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    median_seconds: Option<Seconds>,
    /// The longest interval, the newest of equally long ones. Absent if there is
    /// none.
    #[serde(skip_serializing_if = "Option::is_none")]
    longest: Option<Interval>,
    /// The time since the newest complete archive, which has not ended. Absent if
    /// there is no such archive.
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<Current>,
    /// Whether prune seems to have thinned the history: the oldest intervals are
    /// multiples of the newer ones and no sign of missed backups.
    thinned: bool,
    /// The time of the archive before which that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    thinned_before: Option<Time>,
    /// The slots of the calendar. Absent if they were not asked for, or if a
    /// problem says why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    slots: Option<Slots>,
}

/// The time between two neighbouring archives.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Interval {
    /// Its length in seconds, from archive time to archive time.
    duration_seconds: Seconds,
    /// The archive with which it began.
    from: Reference,
    /// The next archive.
    to: Reference,
}

/// The interval that has not ended.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Current {
    /// Its length in seconds until now: the age of the archive.
    duration_seconds: Seconds,
    /// The archive with which it began: the newest one.
    from: Reference,
}

/// Which slots of the calendar have a backup.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Slots {
    /// `hourly`, `daily` or `weekly`.
    period: &'static str,
    /// The zone of the calendar.
    timezone: String,
    /// How many slots there are. One that has not ended counts only with a backup.
    total: usize,
    /// How many of them have a backup.
    filled: usize,
    /// Those that have none, oldest first.
    missing: Vec<Slot>,
}

/// A slot of the calendar.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Slot {
    /// Its name in the zone: `2025-10-26T02:00+02:00`, `2025-10-26` or `2025-W43`.
    name: String,
    /// When it began.
    start: Time,
    /// When the next one began.
    end: Time,
}

impl Gaps {
    /// The answer for these groups. `timezone` names the zone of the slots.
    pub fn new<'a>(
        now: DateTime<Utc>,
        since: Option<DateTime<Utc>>,
        timezone: &str,
        groups: impl IntoIterator<
            Item = (
                &'a query::Group<'a>,
                &'a query::gaps::Gaps,
                Option<&'a query::gaps::Slots>,
            ),
        >,
        problems: impl IntoIterator<Item = &'a query::Problem>,
    ) -> Self {
        Self {
            format: "gaps",
            version: VERSION,
            now: now.into(),
            since: since.map(Time::from),
            gaps: groups
                .into_iter()
                .map(|(group, gaps, slots)| self::group(group, gaps, slots, timezone))
                .collect(),
            problems: problems.into_iter().map(Problem::from).collect(),
        }
    }
}

fn group(
    group: &query::Group<'_>,
    gaps: &query::gaps::Gaps,
    slots: Option<&query::gaps::Slots>,
    timezone: &str,
) -> Group {
    let archives = group.packed();
    let archive = |at| archives.archive(at);
    let reference = |at| archive(at).as_ref().map(Reference::from);
    Group {
        repository: group.repository.into(),
        group: group.name.clone(),
        intervals: gaps.intervals().len(),
        median_seconds: gaps.median().map(Seconds),
        longest: gaps.longest().and_then(|interval| {
            Some(Interval {
                duration_seconds: Seconds(interval.length()),
                from: reference(interval.from)?,
                to: reference(interval.to)?,
            })
        }),
        current: gaps.current.and_then(|length| {
            Some(Current {
                duration_seconds: Seconds(length),
                from: reference(gaps.last()?)?,
            })
        }),
        thinned: gaps.thinned_before.is_some(),
        thinned_before: gaps
            .thinned_before
            .and_then(archive)
            .map(|archive| archive.time.into()),
        slots: slots.map(|slots| self::slots(slots, timezone)),
    }
}

fn slots(slots: &query::gaps::Slots, timezone: &str) -> Slots {
    Slots {
        period: slots.period.name(),
        timezone: timezone.into(),
        total: slots.len(),
        filled: slots.filled,
        missing: slots
            .missing
            .iter()
            .map(|slot| Slot {
                name: slot.name.clone(),
                start: slot.start.into(),
                end: slot.end.into(),
            })
            .collect(),
    }
}
