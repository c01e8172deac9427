//! Whether prune has thinned a history.

use chrono::TimeDelta;

use super::median;

/// So many of the newest intervals say what is typical: one outage among them
/// does no harm. More could reach into what was thinned already.
const NEWEST: usize = 3;
/// A single long interval is an outage like any other.
const MIN_THINNED: usize = 2;

/// How many of the oldest intervals are multiples (twice or more) of the newer
/// typical one.
///
/// Typical is the median of the newest three intervals.
pub(super) fn count(
    lengths: impl DoubleEndedIterator<Item = TimeDelta> + ExactSizeIterator + Clone,
) -> Option<usize> {
    let newest = lengths.clone().rev().take(NEWEST);
    let typical = median(newest.collect())?;
    let multiple = |length: &TimeDelta| is_multiple(*length, typical);
    let thinned = lengths.clone().take_while(multiple).count();
    (thinned >= MIN_THINNED && lengths.len() - thinned >= NEWEST).then_some(thinned)
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
    use crate::samples::at;
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
        let gaps = Gaps::of(times, time, None);
        assert_eq!(gaps.thinned_before, (thinned > 0).then_some(thinned));
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
