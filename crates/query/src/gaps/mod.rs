//! [`Gaps`]: the intervals between the times of complete archives.

mod slots;
mod thinned;

pub use slots::{MAX_SLOTS, Period, Slot, Slots, slots};

use chrono::{DateTime, TimeDelta, Utc};

/// The time between two neighbouring archives that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The number of the archive with which it begins, the oldest being 0.
    pub from: usize,
    /// The number of the next one.
    pub to: usize,
    /// The time of the archive with which it begins.
    pub begins: DateTime<Utc>,
    /// The time of the next one.
    pub ends: DateTime<Utc>,
}

impl Interval {
    /// How long it is, from archive time to archive time.
    ///
    /// A clock reading in a repeated hour counts as the older of its two instants,
    /// as it does everywhere.
    #[must_use]
    pub fn length(&self) -> TimeDelta {
        self.ends - self.begins
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
/// let times = answer.groups[0].counted().map(|archive| archive.time.instant);
/// let gaps = Gaps::of(times, question.now, None);
/// assert_eq!(gaps.longest().unwrap().length(), TimeDelta::days(1));
/// assert_eq!(gaps.current, Some(TimeDelta::hours(10)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Gaps {
    /// The time since the newest archive: the interval that has not ended yet. It
    /// is never negative.
    pub current: Option<TimeDelta>,
    /// The number of the archive before which the intervals are multiples of the
    /// newer ones, as prune leaves them: they are no sign of missed backups.
    pub thinned_before: Option<usize>,
    /// The times of all archives that count, oldest first.
    times: Vec<DateTime<Utc>>,
    /// The archive with which the first interval begins.
    first: usize,
    since: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
}

impl Gaps {
    /// The gaps between the times of the archives of a group that count, oldest
    /// first.
    ///
    /// With `since`, only intervals that end later than it: one that began
    /// before it counts whole. The current interval always counts.
    #[must_use]
    pub fn of(
        times: impl IntoIterator<Item = DateTime<Utc>>,
        now: DateTime<Utc>,
        since: Option<DateTime<Utc>>,
    ) -> Self {
        let times: Vec<_> = times.into_iter().collect();
        let before = since.map_or(0, |since| times.partition_point(|time| *time <= since));
        let current = times.last().map(|last| (now - last).max(TimeDelta::zero()));
        let mut gaps = Self {
            current,
            thinned_before: None,
            times,
            first: before.saturating_sub(1),
            since,
            now,
        };
        let thinned = thinned::count(gaps.intervals().map(|interval| interval.length()));
        gaps.thinned_before = thinned.map(|thinned| gaps.first + thinned);
        gaps
    }

    /// The number of the newest archive, with which the current interval begins.
    #[must_use]
    pub const fn last(&self) -> Option<usize> {
        self.times.len().checked_sub(1)
    }

    /// The intervals, oldest first.
    pub fn intervals(
        &self,
    ) -> impl DoubleEndedIterator<Item = Interval> + ExactSizeIterator + Clone {
        let times = self.times.get(self.first..).unwrap_or_default();
        let ends = times.get(1..).unwrap_or_default();
        let pairs = times.iter().zip(ends).enumerate();
        pairs.map(|(at, (begins, ends))| Interval {
            from: self.first + at,
            to: self.first + at + 1,
            begins: *begins,
            ends: *ends,
        })
    }

    /// The interval in the middle when they are sorted by length; of an even
    /// number the mean of the two in the middle.
    #[must_use]
    pub fn median(&self) -> Option<TimeDelta> {
        median(self.intervals().map(|interval| interval.length()).collect())
    }

    /// The longest interval that has ended; the newest of equally long ones.
    #[must_use]
    pub fn longest(&self) -> Option<Interval> {
        self.intervals().max_by_key(Interval::length)
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
    fn gaps(times: &[&str], since: Option<&str>, check: impl FnOnce(&Gaps)) {
        let inventory = inventory(times);
        let question = question(at("2025-03-10T00:00Z"));
        let groups = question.groups(&inventory).groups;
        let times = groups[0].counted().map(|archive| archive.time.instant);
        check(&Gaps::of(times, question.now, since.map(at)));
    }

    #[track_caller]
    fn row(times: &[&str], median: Option<i64>, longest: Option<(i64, &str)>, current: i64) {
        gaps(times, None, |gaps| {
            assert_eq!(gaps.median(), median.map(TimeDelta::hours));
            let found = gaps.longest().map(|gap| (gap.length(), gap.begins));
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
            assert!(gaps.intervals().len() == 0 && gaps.median().is_none());
            assert!(gaps.longest().is_none() && gaps.current.is_none());
        });
    }

    #[test]
    fn archives_that_do_not_count_end_no_interval() {
        gaps(&["2025-03-01T00:00Z", "2025-03-10T00:06Z"], None, |gaps| {
            assert_eq!(gaps.intervals().len(), 0);
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
