//! [`Sizes`]: what the archives measure, and how that changes.

use crate::answer::Group;
use crate::model::{Problem, ProblemCode, Totals};
use crate::packed::Counted;
use crate::quantity::{Duration, Percent};

/// What an archive measures, or the median or sum of many. What borg did not say
/// is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measures {
    /// Size before compression, in bytes.
    pub original_size: Option<u64>,
    /// Size after compression, in bytes.
    pub compressed_size: Option<u64>,
    /// Size of what no other archive uses, in bytes.
    pub deduplicated_size: Option<u64>,
    /// Regular files.
    pub files: Option<u64>,
    /// How long the run took.
    pub duration: Option<Duration>,
    /// Original size by duration, in bytes per second. `None` if the run took no
    /// time.
    pub bytes_per_second: Option<u64>,
}

impl Measures {
    pub(crate) fn known(
        [original_size, compressed_size, deduplicated_size, files]: [Option<u64>; 4],
        seconds: Option<f64>,
    ) -> Self {
        let duration = seconds.and_then(Duration::from_seconds_f64);
        Self {
            original_size,
            compressed_size,
            deduplicated_size,
            files,
            // A clock that was set back says nothing.
            duration: duration.filter(|duration| *duration >= Duration::ZERO),
            bytes_per_second: None,
        }
        .with_throughput()
    }

    fn with_throughput(self) -> Self {
        let throughput = || {
            let microseconds = u128::try_from(self.duration?.microseconds()).ok()?;
            let bytes = u128::from(self.original_size?) * 1_000_000;
            u64::try_from(bytes.checked_div(microseconds)?).ok()
        };
        Self {
            bytes_per_second: throughput(),
            ..self
        }
    }

    /// Makes one of many, value by value.
    fn fold(
        archives: Counted<'_>,
        fold: impl Fn(&mut dyn Iterator<Item = Option<u64>>) -> Option<u64>,
    ) -> Self {
        let measures = || (0..archives.len()).filter_map(|at| archives.measures(at));
        let folded = |value: fn(&Self) -> Option<u64>| fold(&mut measures().map(|all| value(&all)));
        let microseconds = folded(Self::microseconds);
        Self {
            original_size: folded(|measures| measures.original_size),
            compressed_size: folded(|measures| measures.compressed_size),
            deduplicated_size: folded(|measures| measures.deduplicated_size),
            files: folded(|measures| measures.files),
            duration: microseconds
                .and_then(|microseconds| i64::try_from(microseconds).ok())
                .map(Duration::from_microseconds),
            bytes_per_second: folded(|measures| measures.bytes_per_second),
        }
    }

    fn microseconds(&self) -> Option<u64> {
        let duration = self.duration?;
        u64::try_from(duration.microseconds()).ok()
    }

    /// By how much this differs from what was before.
    #[must_use]
    pub fn changes_from(&self, before: &Self) -> Changes {
        let change =
            |value: fn(&Self) -> Option<u64>| Percent::of_change(value(before)?, value(self)?);
        Changes {
            original_size: change(|measures| measures.original_size),
            compressed_size: change(|measures| measures.compressed_size),
            deduplicated_size: change(|measures| measures.deduplicated_size),
            files: change(|measures| measures.files),
            duration: change(Self::microseconds),
            bytes_per_second: change(|measures| measures.bytes_per_second),
        }
    }
}

/// By how much measures differ from others. `None` where one of the two is not
/// known, or was 0: then there is no ratio.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Of the size before compression.
    pub original_size: Option<Percent>,
    /// Of the size after compression.
    pub compressed_size: Option<Percent>,
    /// Of the size of what no other archive uses.
    pub deduplicated_size: Option<Percent>,
    /// Of the number of regular files.
    pub files: Option<Percent>,
    /// Of how long the run took.
    pub duration: Option<Percent>,
    /// Of the bytes per second.
    pub bytes_per_second: Option<Percent>,
}

/// What an archive measures, and how much that changed.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// What it measures.
    pub measures: Measures,
    /// The change from the archive of the group before it; all `None` for the first.
    pub from_previous: Changes,
    /// The change from the median of the group.
    pub from_median: Changes,
}

/// What the archives of a group that count measure.
///
/// ```
/// use borgq_query::sizes::Sizes;
/// # use borgq_query::{GroupBy, Inventory, Question, Selection};
///
/// // What borg 2 prints with `--format '{size}'`.
/// let json = br#"{"archives": [{"id":
///     "1111111111111111111111111111111111111111111111111111111111111111",
///     "archive": "web", "name": "web", "size": 2048, "time": "2025-03-01T02:00:00.000000+00:00"
///   }], "encryption": {"encryption": "aes256-ocb", "id_hash": "sha256"}, "repository": {"id":
///     "2222222222222222222222222222222222222222222222222222222222222222",
///     "location": "/backup/web"}}"#;
/// # let mut inventory = Inventory::default();
/// # let utc = chrono::FixedOffset::east_opt(0).unwrap();
/// # inventory.add_reading(borgq_json::read(json), "list.json", &utc);
/// # let question = Question {
/// #     now: "2025-12-01T12:00:00Z".parse()?,
/// #     clock_skew: chrono::TimeDelta::minutes(5),
/// #     selection: Selection::default(),
/// #     group_by: GroupBy::Repository,
/// #     rules: Default::default(),
/// # };
/// inventory.pack(&question, &|_| ());
/// let answer = question.groups(&inventory);
/// let sizes = Sizes::of(answer.groups[0].packed());
/// let largest = sizes.largest.unwrap();
/// assert_eq!(sizes.measured(largest).unwrap().measures.original_size, Some(2048));
/// assert_eq!(sizes.total.compressed_size, None);
/// assert_eq!(sizes.unknown, 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Sizes<'a> {
    /// The archives, oldest first.
    pub archives: Counted<'a>,
    /// The median of each measure over the archives of which it is known; of an
    /// even number the mean of the two in the middle, rounded down.
    pub median: Measures,
    /// The sum of each measure, if it is known of all archives. The bytes per
    /// second are those of all runs together.
    pub total: Measures,
    /// The number of the archive with the largest original size, the newest of
    /// equally large ones.
    pub largest: Option<usize>,
    /// Of how many archives the original size is not known.
    pub unknown: usize,
}

impl<'a> Sizes<'a> {
    /// What the archives of a group measure.
    #[must_use]
    pub fn of(archives: Counted<'a>) -> Self {
        let original = |at| archives.measures(at)?.original_size;
        let known = || (0..archives.len()).filter_map(|at| Some((at, original(at)?)));
        Self {
            archives,
            median: Measures::fold(archives, |values| median(values)),
            total: Measures::fold(archives, |values| total(values)).with_throughput(),
            largest: known().max_by_key(|(_, size)| *size).map(|(at, _)| at),
            unknown: archives.len() - known().count(),
        }
    }

    /// What the archive of this number measures.
    #[must_use]
    pub fn measured(&self, at: usize) -> Option<Measured> {
        let measures = self.archives.measures(at)?;
        let previous = at.checked_sub(1).and_then(|at| self.archives.measures(at));
        Some(Measured {
            measures,
            from_previous: previous
                .map(|previous| measures.changes_from(&previous))
                .unwrap_or_default(),
            from_median: measures.changes_from(&self.median),
        })
    }

    /// A problem if the original size of some archives is not known.
    #[must_use]
    pub fn problem(&self, group: &Group<'_>) -> Option<Problem> {
        let (unknown, all) = (self.unknown, self.archives.len());
        let place = group.repository.location.to_display();
        let place = match &group.name {
            Some(name) => format!("{place} {name}"),
            None => place.into_owned(),
        };
        let text = format!(
            "the input does not say the sizes of {unknown} of {all} archives in {place}: \
             add the output of borg info --json for them"
        );
        (unknown > 0).then(|| Problem::new(ProblemCode::NoSizes, text))
    }
}

/// The value in the middle of those that are known, or the mean of the two in
/// the middle, rounded down.
pub(crate) fn median(values: impl IntoIterator<Item = Option<u64>>) -> Option<u64> {
    let mut values: Vec<_> = values.into_iter().flatten().collect();
    values.sort_unstable();
    let upper = *values.get(values.len() / 2)?;
    let lower = *values.get(values.len().checked_sub(1)? / 2)?;
    Some(lower.midpoint(upper))
}

/// The sum, if all are known and there are any.
fn total(values: impl IntoIterator<Item = Option<u64>>) -> Option<u64> {
    let mut values = values.into_iter();
    let first = values.next()??;
    values.try_fold(first, |sum, value| sum.checked_add(value?))
}

impl Totals {
    /// How many bytes of all archives there are for each that is stored, both
    /// before compression. `None` if nothing is stored.
    #[must_use]
    pub fn deduplication_ratio(&self) -> Option<f64> {
        ratio(self.original_size, self.unique_size)
    }

    /// How many bytes of all archives before compression there are for each that
    /// is stored: deduplication and compression together. `None` if nothing is
    /// stored.
    #[must_use]
    pub fn overall_ratio(&self) -> Option<f64> {
        ratio(self.original_size, self.deduplicated_size)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a ratio is rounded anyway")]
fn ratio(all: u64, stored: u64) -> Option<f64> {
    (stored > 0).then(|| all as f64 / stored as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{at, inventory_of, question};
    use proptest::prelude::*;

    /// Sizes of archives, day by day: original size (`None`: not known).
    #[track_caller]
    fn sizes(original: &[Option<u64>], check: impl FnOnce(&Sizes<'_>, Option<Problem>)) {
        let archives = original.iter().enumerate().map(|(day, size)| {
            let size = size.map(|size| format!(r#", "size": {size}, "nfiles": 4"#));
            let size = size.unwrap_or_default();
            format!(
                r#""time": "2025-03-{:02}T02:00:00.000000+00:00"{size}"#,
                day + 1
            )
        });
        let mut inventory = inventory_of(archives);
        let question = question(at("2025-12-01T00:00Z"));
        inventory.pack(&question, &|_| ());
        let groups = question.groups(&inventory).groups;
        let sizes = Sizes::of(groups[0].packed());
        let problem = sizes.problem(&groups[0]);
        check(&sizes, problem);
    }

    #[test]
    fn changes_are_those_from_the_archive_before_and_from_the_median() {
        #[track_caller]
        fn row(original: &[Option<u64>], previous: &[&str], median: &[&str]) {
            sizes(original, |sizes, _| {
                let texts = |changes: fn(&Measured) -> Changes| -> Vec<String> {
                    let text = |at| match changes(&sizes.measured(at).unwrap()).original_size {
                        Some(percent) => percent.to_string(),
                        None => "-".into(),
                    };
                    (0..sizes.archives.len()).map(text).collect()
                };
                assert_eq!(texts(|measured| measured.from_previous), previous);
                assert_eq!(texts(|measured| measured.from_median), median);
            });
        }
        let known = |sizes: &[u64]| sizes.iter().map(|size| Some(*size)).collect::<Vec<_>>();
        row(
            &known(&[100, 150, 75]),
            &["-", "50%", "-50%"],
            &["0%", "50%", "-25%"],
        );
        // From nothing there is no ratio.
        row(&known(&[0, 10]), &["-", "-"], &["-100%", "100%"]);
        row(&known(&[0]), &["-"], &["-"]);
        // The archive before is the one before, not the last that is known.
        row(
            &[Some(100), None, Some(100)],
            &["-", "-", "-"],
            &["0%", "-", "0%"],
        );
    }

    #[test]
    fn median_total_and_largest_are_of_what_is_known() {
        sizes(
            &[Some(10), Some(40), Some(40), Some(21)],
            |sizes, problem| {
                assert_eq!(sizes.median.original_size, Some(30));
                assert_eq!(sizes.total.original_size, Some(111));
                assert_eq!(sizes.total.files, Some(16));
                assert_eq!(sizes.largest, Some(2));
                assert_eq!(problem, None);
                assert_eq!(sizes.median.compressed_size, None);
                assert_eq!(sizes.total.duration, None);
            },
        );
        sizes(&[Some(10), None], |sizes, problem| {
            assert_eq!(sizes.median.original_size, Some(10));
            // A sum of some would pass for the sum of all.
            assert_eq!(sizes.total.original_size, None);
            let problem = problem.unwrap();
            assert_eq!(problem.code, ProblemCode::NoSizes);
            assert_eq!(
                problem.text,
                "the input does not say the sizes of 1 of 2 archives in /backup/web: \
                 add the output of borg info --json for them"
            );
        });
        sizes(&[], |sizes, problem| {
            assert_eq!((sizes.median, sizes.total), Default::default());
            assert!(sizes.largest.is_none() && problem.is_none());
        });
        sizes(&[Some(u64::MAX), Some(1)], |sizes, _| {
            assert_eq!(sizes.total.original_size, None);
            assert_eq!(sizes.median.original_size, Some(1 << 63));
        });
    }

    #[test]
    fn throughput_is_original_size_by_duration() {
        #[track_caller]
        fn row(size: u64, seconds: f64, expected: Option<u64>) {
            let mut inventory = inventory_of([format!(
                r#""time": "2025-03-01T02:00:00.000000+00:00", "size": {size}"#
            )]);
            inventory.repositories[0].archives[0].duration = Some(seconds);
            let question = question(at("2025-12-01T00:00Z"));
            inventory.pack(&question, &|_| ());
            let groups = question.groups(&inventory).groups;
            let sizes = Sizes::of(groups[0].packed());
            let measured = sizes.measured(0).unwrap();
            assert_eq!(measured.measures.bytes_per_second, expected);
            assert_eq!(sizes.total.bytes_per_second, expected);
        }
        row(1000, 2.0, Some(500));
        row(1000, 0.5, Some(2000));
        row(1000, 3.0, Some(333));
        row(0, 3.0, Some(0));
        row(1000, 0.0, None);
        row(1000, -1.0, None);
        row(1000, f64::NAN, None);
        row(u64::MAX, 0.000_001, None);
    }

    #[test]
    fn ratios_are_of_all_archives_to_what_is_stored() {
        let totals = Totals {
            original_size: 300,
            compressed_size: 150,
            deduplicated_size: 50,
            unique_size: 100,
            chunks: 3,
            unique_chunks: 1,
        };
        assert_eq!(totals.deduplication_ratio(), Some(3.0));
        assert_eq!(totals.overall_ratio(), Some(6.0));
        let nothing = Totals {
            deduplicated_size: 0,
            unique_size: 0,
            ..totals
        };
        assert_eq!(nothing.deduplication_ratio(), None);
        assert_eq!(nothing.overall_ratio(), None);
    }

    proptest! {
        #[test]
        fn the_median_has_as_many_above_as_below(values in prop::collection::vec(any::<u64>(), 1..9)) {
            let median = median(values.iter().copied().map(Some)).unwrap();
            let below = values.iter().filter(|value| **value < median).count();
            let above = values.iter().filter(|value| **value > median).count();
            prop_assert!(below * 2 <= values.len() && above * 2 <= values.len());
        }
    }
}
