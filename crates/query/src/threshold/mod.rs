//! Thresholds: limits for what is measured, in the plugin guidelines' range syntax with units.

mod error;
mod limits;
mod metric;
mod range;

pub use error::ParseThresholdError;
pub use limits::{Limits, TwoLimits, limits};
pub use metric::Metric;
pub use range::Range;

use std::fmt;
use std::str::FromStr;

/// A range for a metric, written `[METRIC=]RANGE`; without METRIC it is the age.
///
/// ```
/// use borgq_query::threshold::{Metric, Threshold};
/// let threshold: Threshold = "26h".parse()?;
/// assert_eq!(threshold.metric, Metric::Age);
/// assert_eq!(threshold.range.perfdata().to_string(), "93600");
/// let threshold: Threshold = "original-size=1GiB:".parse()?;
/// assert_eq!(threshold.range.perfdata().to_string(), "1073741824:");
/// # Ok::<(), borgq_query::threshold::ParseThresholdError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// What is measured.
    pub metric: Metric,
    /// Which values alert. Its unit is the metric's.
    pub range: Range,
}

impl FromStr for Threshold {
    type Err = ParseThresholdError;

    fn from_str(text: &str) -> Result<Self, ParseThresholdError> {
        let fail = |at, problem| ParseThresholdError::new("threshold", text, at, problem);
        let (metric, range, start) = match text.split_once('=') {
            None => (Metric::Age, text, 0),
            Some((name, range)) => {
                let metric = Metric::named(name).ok_or_else(|| fail(0, Metric::unknown(name)))?;
                (metric, range, name.chars().count() + 1)
            }
        };
        let range =
            range::read(range, metric.unit()).map_err(|(at, problem)| fail(start + at, problem))?;
        Ok(Self { metric, range })
    }
}

impl fmt::Display for Threshold {
    /// The syntax that is read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.metric != Metric::Age {
            write!(f, "{}=", self.metric)?;
        }
        self.range.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn reads(text: &str, metric: Metric, perfdata: &str, prints: &str) {
        let threshold: Threshold = text.parse().unwrap();
        assert_eq!(threshold.metric, metric);
        assert_eq!(threshold.range.unit(), metric.unit());
        assert_eq!(threshold.range.perfdata().to_string(), perfdata);
        assert_eq!(threshold.to_string(), prints);
    }

    #[test]
    fn the_ends_are_read_in_the_unit_of_the_metric() {
        reads("26h", Metric::Age, "93600", "26h");
        reads("age=26h", Metric::Age, "93600", "26h");
        reads("@10:20", Metric::Age, "@10:20", "@10s:20s");
        reads("files=1:", Metric::Files, "1:", "files=1:");
        reads("archives=@0", Metric::Archives, "@0", "archives=@0");
        reads(
            "original-size=1GiB:",
            Metric::OriginalSize,
            "1073741824:",
            "original-size=1GiB:",
        );
        reads(
            "repository-size=~:500MB",
            Metric::RepositorySize,
            "~:500000000",
            "repository-size=~:500MB",
        );
        reads(
            "size-change=-50:100%",
            Metric::SizeChange,
            "-50:100",
            "size-change=-50%:100%",
        );
        reads(
            "files-change=-12.5%:",
            Metric::FilesChange,
            "-12.5:",
            "files-change=-12.5%:",
        );
        reads(
            "duration=500ms:2h",
            Metric::Duration,
            "0.5:7200",
            "duration=500ms:2h",
        );
        reads("oldest=30d:", Metric::Oldest, "2592000:", "oldest=30d:");
        reads("age=0", Metric::Age, "0", "0s");
    }

    #[test]
    fn what_is_no_threshold_is_refused_with_its_place() {
        #[track_caller]
        fn refuses(text: &str, why: &str) {
            let error = text.parse::<Threshold>().unwrap_err();
            assert_eq!(error.to_string(), format!("bad threshold {text:?}: {why}"));
        }
        let known = "known are age, archives, oldest, gap, files, original-size, deduplicated-size, \
                     duration, size-change, files-change, repository-size, input-age, check-age";
        refuses(
            "fils=1:",
            &format!("unknown metric \"fils\", {known} (at character 1)"),
        );
        refuses(
            "=1:",
            &format!("unknown metric \"\", {known} (at character 1)"),
        );
        refuses(
            "Age=1",
            &format!("unknown metric \"Age\", {known} (at character 1)"),
        );
        refuses(
            "",
            "the range is empty, expected for instance `26h`, `10:` or `@10:20`",
        );
        refuses(
            "age=",
            "the range is empty, expected for instance `26h`, `10:` or `@10:20` (at character 5)",
        );
        refuses(
            "age=26x",
            "unknown unit \"x\", expected w, d, h, m, s or ms (at character 7)",
        );
        refuses(
            "files=1h",
            "expected digits only, such as `12` (at character 8)",
        );
        refuses("files=-1:", "a count cannot be negative (at character 7)");
        refuses(
            "original-size=@1k:",
            "\"k\" is ambiguous, write kB (powers of 1000) or KiB (powers of 1024) (at character 17)",
        );
        refuses("age=1:2:3", "a range has only one colon (at character 8)");
        refuses(
            "age=2h:1h",
            "the start 2h is above the end 1h (at character 5)",
        );
        refuses(
            "nonsense",
            "expected a number, for instance in `26h` (at character 1)",
        );
        refuses(
            "a\nb=1",
            &format!("unknown metric \"a\\nb\", {known} (at character 1)"),
        );
    }

    proptest! {
        #[test]
        fn printing_then_reading_a_threshold_is_identity(
            at in 0..Metric::ALL.len(),
            text in "@?(~:|[0-9]{1,6}:?|[0-9]{1,3}:[0-9]{3,6}|~:[0-9]{1,9})[0-9]{0,3}",
        ) {
            let metric = Metric::ALL[at];
            if let Ok(threshold) = format!("{metric}={text}").parse::<Threshold>() {
                prop_assert_eq!(threshold.to_string().parse(), Ok(threshold));
                let perfdata = format!("{metric}={}", threshold.range.perfdata());
                prop_assert_eq!(perfdata.parse(), Ok(threshold));
            }
        }

        #[test]
        fn any_text_is_read_or_refused_without_panic(text in "\\PC{0,12}|[-0-9a-z=:@~%]{0,12}") {
            if let Ok(threshold) = text.parse::<Threshold>() {
                prop_assert_eq!(threshold.to_string().parse(), Ok(threshold));
            }
        }
    }
}
