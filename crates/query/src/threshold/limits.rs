//! The warning and the critical limit of one metric.

use std::fmt;

use super::{Metric, Range, Threshold};
use crate::quantity::Quantity;
use crate::state::State;

/// The limits of one metric. Either may be missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Values that are a WARNING.
    pub warning: Option<Range>,
    /// Values that are CRITICAL.
    pub critical: Option<Range>,
}

impl Limits {
    /// Whether there is neither a warning nor a critical limit.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.warning.is_none() && self.critical.is_none()
    }

    /// The state of a value: critical is judged first. Without any limit it is
    /// UNKNOWN, because nothing was judged.
    ///
    /// ```
    /// use borgq_query::quantity::{Quantity, Unit};
    /// use borgq_query::state::State;
    /// use borgq_query::threshold::{Limits, Range};
    /// let limits = Limits {
    ///     warning: None,
    ///     critical: Some(Range::parse("1:", Unit::Count)?),
    /// };
    /// assert_eq!(limits.judge(Quantity::Count(0)), State::Critical);
    /// assert_eq!(limits.judge(Quantity::Count(1)), State::Ok);
    /// # Ok::<(), borgq_query::threshold::ParseThresholdError>(())
    /// ```
    #[must_use]
    pub fn judge(&self, value: Quantity) -> State {
        self.judge_by(|range| range.alerts(value))
    }

    /// The state of every value above `low` and below `high` (`None`: all above
    /// `low`), if no end of a limit lies between these two.
    #[must_use]
    pub fn judge_between(&self, low: Quantity, high: Option<Quantity>) -> State {
        self.judge_by(|range| range.alerts_between(low, high))
    }

    fn judge_by(&self, alerts: impl Fn(Range) -> bool) -> State {
        if self.critical.is_some_and(&alerts) {
            State::Critical
        } else if self.warning.is_some_and(&alerts) {
            State::Warning
        } else if self.is_none() {
            State::Unknown
        } else {
            State::Ok
        }
    }
}

/// Joins warning and critical thresholds to limits by metric, in the order of the metrics.
///
/// # Errors
/// If a metric has two warning or two critical thresholds: one of them would be
/// forgotten.
pub fn limits(
    warning: &[Threshold],
    critical: &[Threshold],
) -> Result<Vec<(Metric, Limits)>, TwoLimits> {
    let mut all = Metric::ALL.map(|metric| (metric, Limits::default()));
    let warning = warning.iter().map(|threshold| ("warning", threshold));
    let critical = critical.iter().map(|threshold| ("critical", threshold));
    for (kind, threshold) in warning.chain(critical) {
        for (metric, limits) in &mut all {
            if *metric != threshold.metric {
                continue;
            }
            let place = match kind {
                "warning" => &mut limits.warning,
                _ => &mut limits.critical,
            };
            if place.replace(threshold.range).is_some() {
                return Err(TwoLimits {
                    kind,
                    metric: *metric,
                });
            }
        }
    }
    Ok(all
        .into_iter()
        .filter(|(_, limits)| !limits.is_none())
        .collect())
}

/// Two limits of one kind for one metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TwoLimits {
    kind: &'static str,
    metric: Metric,
}

impl fmt::Display for TwoLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, metric } = self;
        write!(f, "there are two {kind} limits for {metric}, expected one")
    }
}

impl std::error::Error for TwoLimits {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::{Duration, Unit};

    fn limits_of(warning: Option<&str>, critical: Option<&str>) -> Limits {
        let range = |text| Range::parse(text, Unit::Seconds).unwrap();
        Limits {
            warning: warning.map(range),
            critical: critical.map(range),
        }
    }

    #[test]
    fn critical_is_judged_first() {
        #[track_caller]
        fn row(warning: Option<&str>, critical: Option<&str>, hours: i64, want: State) {
            let value = Duration::from_seconds(hours * 3600).into();
            assert_eq!(limits_of(warning, critical).judge(value), want);
        }
        row(Some("26h"), Some("50h"), 26, State::Ok);
        row(Some("26h"), Some("50h"), 27, State::Warning);
        row(Some("26h"), Some("50h"), 50, State::Warning);
        row(Some("26h"), Some("50h"), 51, State::Critical);
        // A warning limit above the critical one hides nothing.
        row(Some("50h"), Some("26h"), 27, State::Critical);
        row(Some("26h"), None, 1000, State::Warning);
        row(None, Some("26h"), 1000, State::Critical);
        row(None, Some("26h"), 1, State::Ok);
        // A limit of 0 is a limit.
        row(None, Some("0"), 1, State::Critical);
        row(None, Some("0"), 0, State::Ok);
    }

    #[test]
    fn without_limits_nothing_is_proved() {
        let judged = Limits::default().judge(Quantity::Count(1));
        assert_eq!(judged, State::Unknown);
    }

    #[test]
    fn limits_are_joined_by_metric() {
        let read = |text: &str| text.parse::<Threshold>().unwrap();
        let joined = limits(
            &[read("files=1:"), read("26h")],
            &[read("50h"), read("gap=3d")],
        )
        .unwrap();
        let texts: Vec<_> = joined
            .iter()
            .map(|(metric, limits)| {
                let text = |range: Option<Range>| range.map(|range| range.to_string());
                (metric.name(), text(limits.warning), text(limits.critical))
            })
            .collect();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            texts,
            [
                ("age", some("26h"), some("50h")),
                ("gap", None, some("3d")),
                ("files", some("1:"), None),
            ]
        );
    }

    #[test]
    fn two_limits_for_one_metric_are_refused() {
        let age = |text: &str| text.parse::<Threshold>().unwrap();
        let error = limits(&[age("26h"), age("age=1d")], &[]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "there are two warning limits for age, expected one"
        );
        let error = limits(&[], &[age("26h"), age("26h")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "there are two critical limits for age, expected one"
        );
    }
}
