//! The plugin guidelines' ranges.

use std::fmt;

use super::error::ParseThresholdError;
use crate::quantity::{Quantity, Unit};

/// A range `[@]start:end` outside which, or with `@` inside which, a value alerts.
///
/// | written  | alerts if the value is            |
/// | -------- | --------------------------------- |
/// | `10`     | below 0 or above 10               |
/// | `10:`    | below 10                          |
/// | `~:10`   | above 10                          |
/// | `10:20`  | below 10 or above 20              |
/// | `@10:20` | 10, 20 or between them            |
///
/// The ends belong to the range. At least one end is needed, the start must not
/// be above the end, `~` (no lower end) is a start only. The ends are written in
/// the syntax of the unit (`26h`, `1GiB:`). A start left out before a colon
/// (`:10`) is refused, because 0 and `~` are both possible.
///
/// ```
/// use borgq_query::quantity::{Duration, Unit};
/// use borgq_query::threshold::Range;
/// let range = Range::parse("26h", Unit::Seconds)?;
/// assert!(!range.alerts(Duration::from_seconds(93_600).into()));
/// assert!(range.alerts(Duration::from_microseconds(93_600_000_001).into()));
/// assert_eq!(range.perfdata().to_string(), "93600");
/// # Ok::<(), borgq_query::threshold::ParseThresholdError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    unit: Unit,
    /// Whether it alerts inside.
    inside: bool,
    /// None: no lower end.
    start: Option<Quantity>,
    /// None: no upper end.
    end: Option<Quantity>,
}

impl Range {
    /// Reads a range whose ends are quantities of this unit.
    ///
    /// # Errors
    /// If it is no range, or its start is above its end, or it has no end at all.
    pub fn parse(text: &str, unit: Unit) -> Result<Self, ParseThresholdError> {
        read(text, unit)
            .map_err(|(at, problem)| ParseThresholdError::new("range", text, at, problem))
    }

    /// The unit of its ends.
    #[must_use]
    pub const fn unit(self) -> Unit {
        self.unit
    }

    /// Whether this value alerts. A value of another unit always does: nothing
    /// shows that it is good.
    #[must_use]
    pub fn alerts(self, value: Quantity) -> bool {
        if value.unit() != self.unit {
            return true;
        }
        let contains = self.start.is_none_or(|start| start <= value)
            && self.end.is_none_or(|end| value <= end);
        contains == self.inside
    }

    /// Its ends, the lower one first. `None` is no end.
    #[must_use]
    pub const fn ends(self) -> [Option<Quantity>; 2] {
        [self.start, self.end]
    }

    /// Whether every value above `low` and below `high` (`None`: all above `low`)
    /// alerts, if no end of the range lies between these two.
    ///
    /// A value that grows steadily is between two ends nearly all the time, and
    /// at an end only for an instant.
    #[must_use]
    pub fn alerts_between(self, low: Quantity, high: Option<Quantity>) -> bool {
        if low.unit() != self.unit {
            return true;
        }
        let below_end = |end| high.is_some_and(|high| high <= end);
        let contains =
            self.start.is_none_or(|start| start <= low) && self.end.is_none_or(below_end);
        contains == self.inside
    }

    /// The form for performance data: plain numbers of the base unit.
    #[must_use]
    pub const fn perfdata(self) -> impl fmt::Display {
        Perfdata(self)
    }

    fn write(
        self,
        f: &mut fmt::Formatter<'_>,
        end: fn(Quantity, &mut fmt::Formatter<'_>) -> fmt::Result,
    ) -> fmt::Result {
        if self.inside {
            f.write_str("@")?;
        }
        match self.start {
            None => f.write_str("~:")?,
            Some(start) if start == Quantity::zero(self.unit) && self.end.is_some() => {}
            Some(start) => {
                end(start, f)?;
                f.write_str(":")?;
            }
        }
        self.end.map_or(Ok(()), |quantity| end(quantity, f))
    }
}

impl fmt::Display for Range {
    /// The syntax that users write.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, |quantity, f| quantity.fmt(f))
    }
}

struct Perfdata(Range);

impl fmt::Display for Perfdata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.write(f, |quantity, f| quantity.number().fmt(f))
    }
}

/// What was wrong, after how many characters.
pub(super) type Problem = (usize, String);

pub(super) fn read(text: &str, unit: Unit) -> Result<Range, Problem> {
    let body = text.strip_prefix('@').unwrap_or(text);
    let skipped = text.len() - body.len();
    let fail = |at, problem: &str| Err((skipped + at, problem.to_owned()));
    let quantity = |part: &str, at: usize| {
        Quantity::parse(part, unit).map_err(|error| {
            let inside = error.character().map_or(0, |character| character - 1);
            (skipped + at + inside, error.problem().to_owned())
        })
    };
    if body.is_empty() {
        return fail(
            0,
            "the range is empty, expected for instance `26h`, `10:` or `@10:20`",
        );
    }
    let (start, end) = match body.split_once(':') {
        None if body == "~" => return fail(0, "`~` is a start only, expected for instance `~:10`"),
        None => (Some(Quantity::zero(unit)), Some(quantity(body, 0)?)),
        Some((start, end)) => {
            let end_at = start.chars().count() + 1;
            if let Some((before, _)) = end.split_once(':') {
                return fail(
                    end_at + before.chars().count(),
                    "a range has only one colon",
                );
            }
            if end == "~" {
                return fail(
                    end_at,
                    "`~` is a start only, leave out the end for no upper limit",
                );
            }
            if matches!(start, "" | "~") && end.is_empty() {
                return fail(
                    0,
                    "the range has no end at all, expected `10:`, `~:10` or `10:20`",
                );
            }
            if start.is_empty() {
                return fail(
                    0,
                    "the start is missing, write `10` for 0 to 10 or `~:10` for no lower limit",
                );
            }
            let start = (start != "~").then(|| quantity(start, 0)).transpose()?;
            let end = (!end.is_empty())
                .then(|| quantity(end, end_at))
                .transpose()?;
            (start, end)
        }
    };
    if let (Some(start), Some(end)) = (start, end)
        && start > end
    {
        return fail(0, &format!("the start {start} is above the end {end}"));
    }
    Ok(Range {
        unit,
        inside: skipped > 0,
        start,
        end,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::tests::quantity;
    use crate::quantity::{Duration, Percent};
    use proptest::prelude::*;

    fn seconds(seconds: i64) -> Quantity {
        Duration::from_seconds(seconds).into()
    }

    /// The table of the plugin guidelines: which values alert.
    #[test]
    fn ranges_alert_as_the_guidelines_say() {
        #[track_caller]
        fn row(text: &str, alert: &[i64], good: &[i64]) {
            let range = Range::parse(text, Unit::Seconds).unwrap();
            for value in alert {
                assert!(range.alerts(seconds(*value)), "{text} is silent on {value}");
            }
            for value in good {
                assert!(!range.alerts(seconds(*value)), "{text} alerts on {value}");
            }
            assert_eq!(range.perfdata().to_string(), text);
        }
        row("10", &[-1, 11, 1000], &[0, 5, 10]);
        row("10:", &[-1, 0, 9], &[10, 11, 1000]);
        row("~:10", &[11, 1000], &[-1000, 0, 9, 10]);
        row("10:20", &[-1, 0, 9, 21], &[10, 15, 20]);
        row("@10:20", &[10, 15, 20], &[-1, 0, 9, 21]);
        row("@10", &[0, 5, 10], &[-1, 11]);
        row("@10:", &[10, 1000], &[-1, 9]);
        row("@~:10", &[-1000, 0, 10], &[11]);
        row("0", &[-1, 1], &[0]);
        row("0:", &[-1], &[0, 1]);
        row("~:0", &[1], &[-1, 0]);
        row("7:7", &[6, 8], &[7]);
        row("-10:-5", &[-11, -4, 0], &[-10, -7, -5]);
        row("-5:5", &[-6, 6], &[-5, 0, 5]);
    }

    #[test]
    fn what_is_no_range_is_refused_with_its_place() {
        #[track_caller]
        fn refuses(text: &str, why: &str) {
            let error = Range::parse(text, Unit::Seconds).unwrap_err();
            assert_eq!(error.to_string(), format!("bad range {text:?}: {why}"));
        }
        let empty = "the range is empty, expected for instance `26h`, `10:` or `@10:20`";
        refuses("", empty);
        refuses("@", &format!("{empty} (at character 2)"));
        let endless = "the range has no end at all, expected `10:`, `~:10` or `10:20`";
        refuses(":", &format!("{endless} (at character 1)"));
        refuses("~:", &format!("{endless} (at character 1)"));
        refuses("@~:", &format!("{endless} (at character 2)"));
        refuses(
            "~",
            "`~` is a start only, expected for instance `~:10` (at character 1)",
        );
        refuses(
            "10:~",
            "`~` is a start only, leave out the end for no upper limit (at character 4)",
        );
        refuses(
            ":10",
            "the start is missing, write `10` for 0 to 10 or `~:10` for no lower limit (at character 1)",
        );
        refuses(
            "30:10",
            "the start 30s is above the end 10s (at character 1)",
        );
        refuses("-5", "the start 0s is above the end -5s (at character 1)");
        refuses("1:2:3", "a range has only one colon (at character 4)");
        let number = "expected a number, for instance in `26h`";
        refuses("abc", &format!("{number} (at character 1)"));
        refuses("@@1", &format!("{number} (at character 2)"));
        refuses("@1:abc", &format!("{number} (at character 4)"));
        refuses("~5:10", &format!("{number} (at character 1)"));
        refuses(" 10", &format!("{number} (at character 1)"));
        refuses("nan", &format!("{number} (at character 1)"));
        refuses("1:inf", &format!("{number} (at character 3)"));
    }

    #[test]
    fn a_value_of_another_unit_alerts() {
        for text in ["10", "@10", "~:10"] {
            let range = Range::parse(text, Unit::Seconds).unwrap();
            assert!(range.alerts(Quantity::Count(5)), "{text}");
            assert!(range.alerts(Percent::ZERO.into()), "{text}");
        }
    }

    fn range() -> impl Strategy<Value = Range> {
        (quantity(), quantity(), any::<bool>(), 0..3_u8).prop_map(|(a, b, inside, ends)| {
            let (low, high) = match a.partial_cmp(&b) {
                Some(std::cmp::Ordering::Greater) => (b, a),
                Some(_) => (a, b),
                None => (a, a),
            };
            Range {
                unit: a.unit(),
                inside,
                start: (ends != 0).then_some(low),
                end: (ends != 1).then_some(high),
            }
        })
    }

    proptest! {
        #[test]
        fn printing_then_reading_a_range_is_identity(range in range()) {
            prop_assert_eq!(Range::parse(&range.to_string(), range.unit()), Ok(range));
        }

        #[test]
        fn reading_the_performance_data_is_identity(range in range()) {
            let text = range.perfdata().to_string();
            prop_assert_eq!(Range::parse(&text, range.unit()), Ok(range));
        }

        #[test]
        fn the_ends_are_inside(range in range()) {
            for end in [range.start, range.end].into_iter().flatten() {
                prop_assert_eq!(range.alerts(end), range.inside);
            }
        }

        #[test]
        fn between_two_ends_all_values_are_alike(range in range(), value in quantity()) {
            prop_assume!(value.unit() == range.unit());
            let ends = || range.ends().into_iter().flatten();
            prop_assume!(ends().all(|end| end != value));
            let low = ends().rfind(|end| *end < value);
            let high = ends().find(|end| *end > value);
            // Below all ends there is no value to begin with.
            if let Some(low) = low {
                prop_assert_eq!(range.alerts_between(low, high), range.alerts(value));
            }
        }

        #[test]
        fn inverting_a_range_inverts_what_alerts(range in range(), value in quantity()) {
            prop_assume!(value.unit() == range.unit());
            let inverted = Range { inside: !range.inside, ..range };
            prop_assert_ne!(range.alerts(value), inverted.alerts(value));
        }
    }
}
