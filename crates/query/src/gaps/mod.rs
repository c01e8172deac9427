//! [`Gaps`]: the intervals between complete archives.

mod slots;
mod thinned;

pub use slots::{MAX_SLOTS, Period, Slot, Slots, slots};

use chrono::{DateTime, TimeDelta, Utc};

use crate::answer::{Group, age};
use crate::model::Archive;

/// The time between two neighbouring archives that count.
#[derive(Clone, Copy, Debug)]
pub struct Interval<'a> {
    /// The archive with which it begins.
    pub from: &'a Archive,
    /// The next one.
    pub to: &'a Archive,
}

impl Interval<'_> {
    /// How long it is, from archive time to archive time.
    ///
    /// A clock reading in a repeated hour counts as the older of its two instants,
    /// as it does everywhere.
    #[must_use]
    pub fn length(&self) -> TimeDelta {
        self.to.time.instant - self.from.time.instant
    }
}

/// The intervals between the archives of a group that count.
///
/// ```
/// use borgq_query::gaps::Gaps;
/// # use borgq_query::{GroupBy, Inventory, Question, Selection};
/// use chrono::TimeDelta;
///
/// # let json = include_bytes!("../../../json/examples/repo-list.json");
/// # let mut inventory = Inventory::default();
/// # let utc = chrono::FixedOffset::east_opt(0).unwrap();
/// # inventory.add_reading(borgq_json::read(json), "list.json", &utc);
/// # let question = Question {
/// #     now: "2025-03-02T12:00:00Z".parse()?,
/// #     clock_skew: TimeDelta::minutes(5),
/// #     selection: Selection::default(),
/// #     group_by: GroupBy::Repository,
/// #     rules: Default::default(),
/// # };
/// let answer = question.groups(&inventory);
/// let gaps = Gaps::of(&answer.groups[0], question.now, None);
/// assert_eq!(gaps.longest().unwrap().length(), TimeDelta::days(1));
/// assert_eq!(gaps.current, Some(TimeDelta::hours(10)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Gaps<'a> {
    /// The intervals, oldest first.
    pub intervals: Vec<Interval<'a>>,
    /// The newest archive that counts, with which the current interval begins.
    pub last: Option<&'a Archive>,
    /// The age of that archive: the interval that has not ended yet.
    pub current: Option<TimeDelta>,
    /// The archive before which the intervals are multiples of the newer ones, as
    /// prune leaves them: they are no sign of missed backups.
    pub thinned_before: Option<&'a Archive>,
    archives: Vec<&'a Archive>,
    since: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
}

impl<'a> Gaps<'a> {
    /// The gaps of a group.
    ///
    /// With `since`, only intervals that end later than it: one that began
    /// before it counts whole. The current interval always counts.
    #[must_use]
    pub fn of(group: &Group<'a>, now: DateTime<Utc>, since: Option<DateTime<Utc>>) -> Self {
        let archives: Vec<_> = group.counted().collect();
        let intervals: Vec<_> = archives
            .iter()
            .zip(archives.iter().skip(1))
            .map(|(from, to)| Interval { from, to })
            .filter(|interval| since.is_none_or(|since| interval.to.time.instant > since))
            .collect();
        let last = group.last();
        Self {
            thinned_before: thinned::before(&intervals),
            intervals,
            last,
            current: last.map(|last| age(last, now)),
            archives,
            since,
            now,
        }
    }

    /// The interval in the middle when they are sorted by length; of an even
    /// number the mean of the two in the middle.
    #[must_use]
    pub fn median(&self) -> Option<TimeDelta> {
        median(self.intervals.iter().map(Interval::length).collect())
    }

    /// The longest interval that has ended; the newest of equally long ones.
    #[must_use]
    pub fn longest(&self) -> Option<Interval<'a>> {
        self.intervals.iter().copied().max_by_key(Interval::length)
    }
}

fn median(mut lengths: Vec<TimeDelta>) -> Option<TimeDelta> {
    lengths.sort_unstable();
    let upper = *lengths.get(lengths.len() / 2)?;
    let lower = *lengths.get((lengths.len() - 1) / 2)?;
    Some(lower + (upper - lower) / 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{at, inventory, question};

    #[track_caller]
    fn gaps(times: &[&str], since: Option<&str>, check: impl FnOnce(&Gaps<'_>)) {
        let inventory = inventory(times);
        let question = question(at("2025-03-10T00:00Z"));
        let groups = question.groups(&inventory).groups;
        check(&Gaps::of(&groups[0], question.now, since.map(at)));
    }

    #[track_caller]
    fn row(times: &[&str], median: Option<i64>, longest: Option<(i64, &str)>, current: i64) {
        gaps(times, None, |gaps| {
            assert_eq!(gaps.median(), median.map(TimeDelta::hours));
            let found = gaps
                .longest()
                .map(|gap| (gap.length(), gap.from.time.instant));
            let wanted = longest.map(|(hours, from)| (TimeDelta::hours(hours), at(from)));
            assert_eq!(found, wanted);
            assert_eq!(gaps.current, Some(TimeDelta::hours(current)));
        });
    }

    #[test]
    fn median_longest_and_current_of_a_history() {
        let day = "2025-03-01T00:00Z";
        row(&[day], None, None, 216);
        row(&[day, "2025-03-02T00:00Z"], Some(24), Some((24, day)), 192);
        // An even number of intervals: the mean of 24 and 48 hours.
        row(
            &["2025-03-04T00:00Z", day, "2025-03-02T00:00Z"],
            Some(36),
            Some((48, "2025-03-02T00:00Z")),
            144,
        );
        // The newest of equally long ones.
        row(
            &[day, "2025-03-02T00:00Z", "2025-03-03T00:00Z"],
            Some(24),
            Some((24, "2025-03-02T00:00Z")),
            168,
        );
        row(&[day, day], Some(0), Some((0, day)), 216);
    }

    #[test]
    fn nothing_has_no_gaps() {
        gaps(&[], None, |gaps| {
            assert!(gaps.intervals.is_empty() && gaps.median().is_none());
            assert!(gaps.longest().is_none() && gaps.current.is_none());
        });
    }

    #[test]
    fn archives_that_do_not_count_end_no_interval() {
        gaps(&["2025-03-01T00:00Z", "2025-03-10T00:06Z"], None, |gaps| {
            assert!(gaps.intervals.is_empty());
            assert_eq!(gaps.current, Some(TimeDelta::days(9)));
        });
    }

    #[test]
    fn since_takes_the_intervals_that_end_later_than_it() {
        let times = [
            "2025-03-01T00:00Z",
            "2025-03-05T00:00Z",
            "2025-03-06T00:00Z",
        ];
        for (since, hours) in [
            ("2025-03-01T00:00Z", 96),
            ("2025-03-04T23:59Z", 96),
            ("2025-03-05T00:00Z", 24),
        ] {
            gaps(&times, Some(since), |gaps| {
                let longest = gaps.longest().unwrap();
                assert_eq!(longest.length(), TimeDelta::hours(hours), "{since}");
            });
        }
        gaps(&times, Some("2025-03-06T00:00Z"), |gaps| {
            assert!(gaps.longest().is_none());
            assert_eq!(gaps.current, Some(TimeDelta::days(4)));
        });
    }
}
