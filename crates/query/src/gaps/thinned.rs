//! Whether prune has thinned a history.

use chrono::TimeDelta;

use super::{Interval, median};
use crate::model::Archive;

/// So many of the newest intervals say what is typical: one outage among them
/// does no harm. More could reach into what was thinned already.
const NEWEST: usize = 3;
/// A single long interval is an outage like any other.
const MIN_THINNED: usize = 2;

/// The archive before which all intervals are multiples (twice or more) of the
/// newer typical one.
///
/// Typical is the median of the newest three intervals.
pub(super) fn before<'a>(intervals: &[Interval<'a>]) -> Option<&'a Archive> {
    let newest = intervals.iter().rev().take(NEWEST);
    let typical = median(newest.map(Interval::length).collect())?;
    let thinned: Vec<_> = intervals
        .iter()
        .take_while(|interval| is_multiple(interval.length(), typical))
        .collect();
    let enough = thinned.len() >= MIN_THINNED && intervals.len() - thinned.len() >= NEWEST;
    thinned
        .last()
        .filter(|_| enough)
        .map(|interval| interval.to)
}

fn is_multiple(length: TimeDelta, typical: TimeDelta) -> bool {
    let (length, typical) = (length.num_milliseconds(), typical.num_milliseconds());
    if typical == 0 {
        return false;
    }
    let times = (length + typical / 2) / typical;
    // A job that starts late, a clock that is changed: both ends may be off, and
    // what is typical only roughly.
    let tolerance = typical / 8 + length / 100;
    times >= 2 && (length - times * typical).abs() <= tolerance
}

#[cfg(test)]
mod tests {
    use super::super::Gaps;
    use crate::samples::{at, inventory_at, question};
    use chrono::TimeDelta;

    /// Intervals in hours, oldest first; how many of them were thinned.
    #[track_caller]
    fn row(hours: &[i64], thinned: usize) {
        let mut time = at("2025-01-01T02:00Z");
        let mut times = vec![time];
        for hours in hours {
            time += TimeDelta::hours(*hours);
            times.push(time);
        }
        let inventory = inventory_at(times.iter().map(|time| (*time, None)));
        let groups = question(time).groups(&inventory).groups;
        let gaps = Gaps::of(&groups[0], time, None);
        let before = gaps.thinned_before.map(|archive| archive.time.instant);
        assert_eq!(before, (thinned > 0).then(|| times[thinned]));
    }

    #[test]
    fn multiples_of_the_newer_intervals_at_the_old_end_are_thinned() {
        row(&[24, 24, 24, 24], 0);
        row(&[168, 168, 24, 24, 24], 2);
        row(&[744, 720, 168, 168, 24, 24, 24, 24, 24, 24], 4);
        // A job that runs at a local time, over a change of clocks.
        row(&[167, 169, 168, 23, 24, 25], 3);
        // A missed day among the newer ones is no thinning.
        row(&[168, 168, 24, 24, 48, 24], 2);
    }

    #[test]
    fn an_outage_is_not_taken_for_thinning() {
        row(&[72, 24, 24, 24], 0);
        row(&[24, 72, 72, 24, 24, 24], 0);
        row(&[24, 24, 24, 72, 72], 0);
        // Not multiples: irregular backups.
        row(&[100, 130, 24, 24, 24], 0);
        // Too few newer intervals to say what is typical.
        row(&[168, 168, 24, 24], 0);
        row(&[0, 0, 0, 0, 0], 0);
    }
}
