//! Slots of the calendar, and which of them have no backup.

use std::collections::BTreeMap;

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

impl Gaps<'_> {
    /// The calendar's slots in this zone, up to the one that holds `now`.
    ///
    /// They begin with the slot of the oldest archive that counts; with `since`,
    /// with the first slot that begins at it or later, whether or not there were
    /// backups then. A slot that has not ended is not missing yet.
    ///
    /// # Errors
    ///
    /// A problem, if the zone is not known, or if there are more slots than
    /// [`MAX_SLOTS`].
    pub fn slots(&self, period: Period, zone: &dyn Zone) -> Result<Slots, Problem> {
        let mut slots = Slots {
            period,
            filled: 0,
            missing: Vec::new(),
        };
        let oldest = self.archives.first().map(|archive| archive.time.instant);
        let Some(first) = self.since.or(oldest).filter(|first| *first <= self.now) else {
            return Ok(slots);
        };
        let too_many = || {
            let text = format!(
                "there are more than {MAX_SLOTS} {} slots since {}: ask for fewer with --since",
                period.name(),
                first.format("%Y-%m-%d")
            );
            Problem::new(ProblemCode::TooManySlots, text)
        };
        let seconds = (self.now - first).num_seconds() / period.length().num_seconds();
        if usize::try_from(seconds).is_ok_and(|slots| slots >= MAX_SLOTS) {
            return Err(too_many());
        }
        let no_zone = |text: String| Problem::new(ProblemCode::NoTimezone, text);
        let starts = starts(period, zone, first, self.now).map_err(no_zone)?;
        let mut archives = self
            .archives
            .iter()
            .map(|archive| archive.time.instant)
            .peekable();
        let ends = starts.keys().skip(1);
        for ((start, (reading, offset)), end) in starts.iter().zip(ends) {
            let mut filled = false;
            while archives.next_if(|time| time < end).is_some_and(|time| {
                filled |= time >= *start;
                true
            }) {}
            let asked = match self.since {
                Some(since) => *start >= since,
                None => *end > first,
            };
            if !asked || *start > self.now {
                continue;
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
        Ok(slots)
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
) -> Result<BTreeMap<DateTime<Utc>, (NaiveDateTime, FixedOffset)>, String> {
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
