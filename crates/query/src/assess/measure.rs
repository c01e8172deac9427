//! [`Measured`]: what is measured of a group, and how it is judged.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use crate::answer::Group;
use crate::checks::{Checked, Checks};
use crate::model::Archive;
use crate::moment::Moment;
use crate::quantity::{Duration, Percent, Quantity, Size};
use crate::sizes::median;
use crate::state::State;
use crate::threshold::{Limits, Metric};

/// A metric of a group, and what its limits say of it.
#[derive(Clone, Debug)]
pub struct Measured {
    /// What was measured.
    pub metric: Metric,
    /// Which kind of consistency check it is about, for `check-age`.
    pub kind: Option<String>,
    /// Its limits. None at all for an age that nobody limits.
    pub limits: Limits,
    /// The value, or a sentence that says why it is not known.
    pub value: Result<Quantity, String>,
    /// The state by the limits; UNKNOWN if the value is not known.
    pub state: State,
}

impl Measured {
    /// Judges the value. Where there are two, the worse one counts.
    pub(super) fn judge(metric: Metric, limits: Limits, values: Result<Values, String>) -> Self {
        let judge = |value| match limits.is_none() {
            true => State::Ok,
            false => limits.judge(value),
        };
        match values {
            Err(reason) => Self {
                metric,
                kind: None,
                limits,
                value: Err(reason),
                state: State::Unknown,
            },
            Ok(Values { value, other }) => {
                let worse = other.filter(|other| judge(*other).badness() > judge(value).badness());
                let value = worse.unwrap_or(value);
                Self {
                    metric,
                    kind: None,
                    limits,
                    value: Ok(value),
                    state: judge(value),
                }
            }
        }
    }
}

/// A value, and the other one that it may have in a repeated hour.
pub(super) struct Values {
    value: Quantity,
    other: Option<Quantity>,
}

impl From<Quantity> for Values {
    fn from(value: Quantity) -> Self {
        Self { value, other: None }
    }
}

/// Consistency checks by the id of the repository.
pub(super) struct ChecksById<'a>(HashMap<String, Vec<&'a Checked>>);

impl<'a> ChecksById<'a> {
    pub(super) fn of(checks: &'a Checks) -> Self {
        let told = checks.told.iter();
        let mut of: HashMap<_, Vec<_>> = told.map(|id| (id.to_string(), Vec::new())).collect();
        for check in &checks.done {
            of.entry(check.repository_id.clone())
                .or_default()
                .push(check);
        }
        Self(of)
    }
}

/// What a group's metrics are measured by.
#[derive(Clone, Copy)]
pub(super) struct Measure<'a> {
    pub group: &'a Group<'a>,
    pub checks: Option<&'a ChecksById<'a>>,
    pub now: DateTime<Utc>,
    pub clock_skew: TimeDelta,
    pub since: Option<TimeDelta>,
}

impl Measure<'_> {
    /// The value of a metric.
    ///
    /// # Errors
    ///
    /// A sentence that says why it is not known.
    pub(super) fn of(&self, metric: Metric) -> Result<Values, String> {
        match metric {
            Metric::Age => Ok(self.age(self.last()?.time)),
            Metric::Archives => Ok(Quantity::Count(self.group.tally.complete as u64).into()),
            Metric::Oldest => {
                let oldest = self.group.counted().next().ok_or(NO_ARCHIVE)?;
                Ok(self.age(oldest.time))
            }
            Metric::Gap => self.gap(),
            Metric::Files => count(self.last()?.files, metric),
            Metric::OriginalSize => size(self.last()?.original_size, metric),
            Metric::DeduplicatedSize => size(self.last()?.deduplicated_size, metric),
            Metric::Duration => {
                let seconds = self.last()?.duration.ok_or_else(|| unsaid(metric))?;
                let duration = Duration::from_seconds_f64(seconds).ok_or_else(|| unsaid(metric))?;
                Ok(Quantity::Duration(duration).into())
            }
            Metric::SizeChange => self.change(metric, |archive| archive.original_size),
            Metric::FilesChange => self.change(metric, |archive| archive.files),
            Metric::RepositorySize => {
                let totals = self.group.repository.totals;
                size(totals.map(|totals| totals.deduplicated_size), metric)
            }
            Metric::CheckAge => {
                Err("the input does not say it (borgq capture --check-times does)".into())
            }
            Metric::InputAge => Err("it is not of a group".into()),
        }
    }

    /// The checks of the repository: `None` if no input tells of them.
    pub(super) fn checks(&self) -> Option<&[&Checked]> {
        let id = self.group.repository.id.to_string();
        self.checks?.0.get(&id).map(Vec::as_slice)
    }

    /// The age of the newest check of each kind, judged: a kind that is no longer
    /// done must not hide behind another.
    pub(super) fn check_ages(&self, limits: Limits) -> Vec<Measured> {
        let mut newest = BTreeMap::new();
        for check in self.checks().into_iter().flatten() {
            let time = newest.entry(&check.kind).or_insert(check.time);
            *time = check.time.max(*time);
        }
        let judge = |(kind, time): (&String, DateTime<Utc>)| {
            let age = if time > self.now + self.clock_skew {
                Err(format!(
                    "{time} is in the future",
                    time = time.to_rfc3339_opts(SecondsFormat::Secs, true)
                ))
            } else {
                Ok(Quantity::Duration(elapsed(self.now - time)).into())
            };
            Measured {
                kind: Some(kind.clone()),
                ..Measured::judge(Metric::CheckAge, limits, age)
            }
        };
        newest.into_iter().map(judge).collect()
    }

    fn last(&self) -> Result<&Archive, String> {
        self.group.last().ok_or_else(|| NO_ARCHIVE.into())
    }

    fn age(&self, time: Moment) -> Values {
        let age = |instant| Quantity::Duration(elapsed(self.now - instant));
        Values {
            value: age(time.instant),
            other: time.other.map(age),
        }
    }

    /// The longest time between two neighbouring archives, of those that end
    /// after `since`. In a repeated hour the longer one.
    fn gap(&self) -> Result<Values, String> {
        let after = self
            .since
            .and_then(|since| self.now.checked_sub_signed(since));
        let later = self.group.counted().skip(1);
        let gaps = self
            .group
            .counted()
            .zip(later)
            .filter_map(|(before, after_it)| {
                let end = after_it.time.other.unwrap_or(after_it.time.instant);
                after
                    .is_none_or(|after| end >= after)
                    .then(|| end - before.time.instant)
            });
        let gap = gaps
            .max()
            .ok_or("there are no two archives with a gap between them")?;
        Ok(Quantity::Duration(elapsed(gap)).into())
    }

    /// The change of the last archive against the median of those before it.
    fn change(
        &self,
        metric: Metric,
        value: impl Fn(&Archive) -> Option<u64>,
    ) -> Result<Values, String> {
        let now = value(self.last()?).ok_or_else(|| unsaid(metric))?;
        let before = self.group.counted().rev().skip(1).map(value);
        let median = median(before).ok_or("there is no archive before it to compare with")?;
        let change = match (median, now) {
            (0, 0) => Percent::ZERO,
            _ => Percent::of_change(median, now).ok_or("the archives before it are empty")?,
        };
        Ok(Quantity::Percent(change).into())
    }
}

const NO_ARCHIVE: &str = "there is no complete archive";

fn count(value: Option<u64>, metric: Metric) -> Result<Values, String> {
    let count = value.ok_or_else(|| unsaid(metric))?;
    Ok(Quantity::Count(count).into())
}

fn size(value: Option<u64>, metric: Metric) -> Result<Values, String> {
    let bytes = value.ok_or_else(|| unsaid(metric))?;
    Ok(Quantity::Size(Size::from_bytes(bytes)).into())
}

fn unsaid(metric: Metric) -> String {
    let remedy = match metric {
        Metric::RepositorySize => "borg 1.x says it in borg info, borg 2 never",
        Metric::DeduplicatedSize => "borg 1.x says it in borg info, borg 2 in borg create",
        _ => "borg info says it",
    };
    format!("the input does not say it ({remedy})")
}

/// A span as a duration, never negative. One that is too long is as long as can be.
pub(super) fn elapsed(span: TimeDelta) -> Duration {
    let span = span.max(TimeDelta::zero());
    Duration::try_from(span).unwrap_or(Duration::from_microseconds(i64::MAX))
}
