//! Slots of the calendar, and which of them have no backup.

use std::collections::BTreeMap;
use std::ops::Bound;

use chrono::{
    DateTime, Datelike as _, FixedOffset, MappedLocalTime, NaiveDateTime, TimeDelta, TimeZone as _,
    Timelike as _, Utc,
};

use super::Gaps;
use crate::model::{Problem, ProblemCode};
use crate::moment::Zone;

/// More slots than these are not counted: an archive of the year 1 would have
/// them named for hours.
pub const MAX_SLOTS: usize = 100_000;

/// No clock is further than this from UTC, and none was ever set by more.
const FAR: TimeDelta = TimeDelta::days(2);

/// How long the slots of a calendar are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Period {
    /// From one full hour that the clock shows to the next. The hour that is
    /// shown twice is two slots, the one that is left out is none.
    Hourly,
    /// From midnight to midnight, 23 to 25 hours.
    Daily,
    /// From Monday to Sunday: the weeks of ISO 8601.
    Weekly,
}

/// The first and the last instant of a history.
type Span = (DateTime<Utc>, DateTime<Utc>);

impl Period {
    /// The name in output: `hourly`, `daily` or `weekly`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hourly => "hourly",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
        }
    }

    const fn length(self) -> TimeDelta {
        match self {
            Self::Hourly => TimeDelta::hours(1),
            Self::Daily => TimeDelta::days(1),
            Self::Weekly => TimeDelta::weeks(1),
        }
    }

    /// The first clock reading of the slot that holds `reading`.
    fn first(self, reading: NaiveDateTime) -> NaiveDateTime {
        let since_hour = i64::from(reading.minute()) * 60 + i64::from(reading.second());
        let since_midnight = i64::from(reading.num_seconds_from_midnight());
        let days = i64::from(reading.weekday().num_days_from_monday());
        let back = match self {
            Self::Hourly => TimeDelta::seconds(since_hour),
            Self::Daily => TimeDelta::seconds(since_midnight),
            Self::Weekly => TimeDelta::seconds(since_midnight) + TimeDelta::days(days),
        };
        reading - back - TimeDelta::nanoseconds(i64::from(reading.nanosecond()))
    }

    fn name_of(self, reading: NaiveDateTime, offset: FixedOffset) -> String {
        match self {
            Self::Hourly => format!("{}{offset}", reading.format("%Y-%m-%dT%H:%M")),
            Self::Daily => reading.format("%Y-%m-%d").to_string(),
            Self::Weekly => reading.format("%G-W%V").to_string(),
        }
    }
}

/// A slot of the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its name in the zone: `2025-10-26T02:00+02:00`, `2025-10-26` or `2025-W43`.
    pub name: String,
    /// When it begins.
    pub start: DateTime<Utc>,
    /// When the next one begins.
    pub end: DateTime<Utc>,
}

/// Which slots have a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slots {
    /// How long they are.
    pub period: Period,
    /// How many slots hold at least one archive that counts.
    pub filled: usize,
    /// The slots that have ended and hold none, oldest first.
    pub missing: Vec<Slot>,
}

impl Slots {
    /// How many slots there are: with a backup, or ended without one.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.filled + self.missing.len()
    }

    /// Whether there is no slot at all.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The calendar's slots of many groups in this zone, up to the one that holds
/// `now`, in the order of the groups.
///
/// They begin with the slot of the oldest archive that counts; with `since`,
/// with the first slot that begins at it or later, whether or not there were
/// backups then. A slot that has not ended is not missing yet.
///
/// A group for which there are more slots than [`MAX_SLOTS`] has a problem, and
/// all have one if the zone is not known.
///
/// ```
/// use borgq_query::gaps::{Gaps, Period, slots};
/// # use borgq_query::{GroupBy, Inventory, Question, Selection};
///
/// # let json = include_bytes!("../../../json/examples/repo-list.json");
/// # let mut inventory = Inventory::default();
/// let utc = chrono::FixedOffset::east_opt(0).unwrap();
/// # inventory.add_reading(borgq_json::read(json), "list.json", &utc);
/// # let question = Question {
/// #     now: "2025-03-05T12:00:00Z".parse()?,
/// #     clock_skew: chrono::TimeDelta::minutes(5),
/// #     selection: Selection::default(),
/// #     group_by: GroupBy::Repository,
/// #     rules: Default::default(),
/// # };
/// let answer = question.groups(&inventory);
/// let times = answer.groups[0].counted().map(|archive| archive.time.instant);
/// let gaps = Gaps::of(times, question.now, None);
/// let slots = slots(&[gaps], Period::Daily, &utc).remove(0).unwrap();
/// assert_eq!((slots.filled, slots.missing.len()), (2, 2));
/// assert_eq!(slots.missing[0].name, "2025-03-03");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn slots(gaps: &[Gaps], period: Period, zone: &dyn Zone) -> Vec<Result<Slots, Problem>> {
    let spans: Vec<_> = gaps.iter().map(|gaps| gaps.span(period)).collect();
    // The zone is asked once for all groups.
    let known = || spans.iter().flatten().flatten();
    let first = known().map(|(first, _)| *first).min();
    let last = known().map(|(_, now)| *now).max();
    let starts = match first.zip(last) {
        Some((first, now)) => starts(period, zone, first, now),
        None => Ok(BTreeMap::new()),
    };
    let count = |(gaps, span): (&Gaps, Result<_, Problem>)| {
        span?;
        let no_zone = |text: &String| Problem::new(ProblemCode::NoTimezone, text);
        let starts = starts.as_ref().map_err(no_zone)?;
        Ok(gaps.count(period, starts))
    };
    gaps.iter().zip(spans).map(count).collect()
}

/// When slots begin, and what the clock shows then.
type Starts = BTreeMap<DateTime<Utc>, (NaiveDateTime, FixedOffset)>;

impl Gaps {
    /// From when to when there are slots, if there are any.
    fn span(&self, period: Period) -> Result<Option<Span>, Problem> {
        let oldest = self.times.first().copied();
        let Some(first) = self.since.or(oldest).filter(|first| *first <= self.now) else {
            return Ok(None);
        };
        let slots = (self.now - first).num_seconds() / period.length().num_seconds();
        if usize::try_from(slots).is_ok_and(|slots| slots < MAX_SLOTS) {
            return Ok(Some((first, self.now)));
        }
        let text = format!(
            "there are more than {MAX_SLOTS} {} slots since {}: ask for fewer with --since",
            period.name(),
            first.format("%Y-%m-%d")
        );
        Err(Problem::new(ProblemCode::TooManySlots, text))
    }

    fn count(&self, period: Period, starts: &Starts) -> Slots {
        let mut slots = Slots {
            period,
            filled: 0,
            missing: Vec::new(),
        };
        let mut times = self.times.iter().copied().peekable();
        let first = match (self.since, times.peek()) {
            (Some(since), _) => since,
            // The slot that holds the oldest archive.
            (None, Some(oldest)) => match starts.range(..=*oldest).next_back() {
                Some((start, _)) => *start,
                None => *oldest,
            },
            (None, None) => return slots,
        };
        let starting = starts
            .range(first..)
            .take_while(|(start, _)| **start <= self.now);
        for (start, (reading, offset)) in starting {
            let Some((end, _)) = starts
                .range((Bound::Excluded(start), Bound::Unbounded))
                .next()
            else {
                break;
            };
            let mut filled = false;
            while let Some(time) = times.next_if(|time| time < end) {
                filled |= time >= *start;
            }
            if filled {
                slots.filled += 1;
            } else if *end <= self.now {
                slots.missing.push(Slot {
                    name: period.name_of(*reading, *offset),
                    start: *start,
                    end: *end,
                });
            }
        }
        slots
    }
}

/// The instants at which slots begin, from before `first` to after `now`, and
/// what the clock shows then.
///
/// Of two clock readings at one instant (the clock was set forward) the later
/// one names the slot.
fn starts(
    period: Period,
    zone: &dyn Zone,
    first: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Starts, String> {
    let mut starts = BTreeMap::new();
    let mut reading = period.first(first.naive_utc() - FAR);
    while reading <= now.naive_utc() + FAR + period.length() {
        let (offset, again) = match zone.offsets(reading)? {
            MappedLocalTime::Single(offset) => (offset, None),
            // The larger offset is the older instant.
            MappedLocalTime::Ambiguous(one, two) => {
                let east = |offset: &FixedOffset| offset.local_minus_utc();
                let (older, newer) = if east(&one) > east(&two) {
                    (one, two)
                } else {
                    (two, one)
                };
                (older, Some(newer).filter(|_| period == Period::Hourly))
            }
            MappedLocalTime::None => {
                let (skipped, offset) = skipped_from(zone, reading)?;
                if let Some(start) = instant(skipped, offset) {
                    starts.insert(start, (reading, offset));
                }
                reading += period.length();
                continue;
            }
        };
        for offset in [Some(offset), again].into_iter().flatten() {
            if let Some(start) = instant(reading, offset) {
                starts.insert(start, (reading, offset));
            }
        }
        reading += period.length();
    }
    Ok(starts)
}

fn instant(reading: NaiveDateTime, offset: FixedOffset) -> Option<DateTime<Utc>> {
    let instant = offset.from_local_datetime(&reading).single()?;
    Some(instant.to_utc())
}

/// The first second that a clock which was set forward over `reading` left out,
/// and the offset that it had before.
fn skipped_from(
    zone: &dyn Zone,
    reading: NaiveDateTime,
) -> Result<(NaiveDateTime, FixedOffset), String> {
    let mut shown = reading - FAR;
    let mut skipped = reading;
    while skipped - shown > TimeDelta::seconds(1) {
        let middle = shown + TimeDelta::seconds((skipped - shown).num_seconds() / 2);
        match zone.offsets(middle)? {
            MappedLocalTime::None => skipped = middle,
            _ => shown = middle,
        }
    }
    zone.offsets(shown)?
        .latest()
        .map(|offset| (skipped, offset))
        .ok_or_else(|| format!("the time zone {} shows no time at {reading}", zone.name()))
}

#[cfg(test)]
mod tests;
