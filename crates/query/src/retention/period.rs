//! [`Rule`]: the rules of prune, and the periods of the calendar that they count.

use std::fmt;

use chrono::{
    Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike as _, Weekday,
};

/// A rule of `borg prune`, in the order in which borg applies them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// `--keep-within`: everything of some time. borg 1.x and early borg 2.0.
    Within,
    /// `--keep`: the newest archives. Since borg 2.0 prints `time`.
    Keep,
    /// `--keep-secondly`, and `--keep-last`, which is the same.
    Secondly,
    /// `--keep-minutely`.
    Minutely,
    /// `--keep-hourly`.
    Hourly,
    /// `--keep-daily`.
    Daily,
    /// `--keep-weekly`: ISO weeks.
    Weekly,
    /// `--keep-monthly`.
    Monthly,
    /// `--keep-13weekly`: quarters of 13 ISO weeks.
    Quarterly13Weekly,
    /// `--keep-3monthly`: quarters of three months.
    Quarterly3Monthly,
    /// `--keep-yearly`.
    Yearly,
}

impl Rule {
    /// Every rule, in borg's order.
    pub const ALL: [Self; 11] = [
        Self::Within,
        Self::Keep,
        Self::Secondly,
        Self::Minutely,
        Self::Hourly,
        Self::Daily,
        Self::Weekly,
        Self::Monthly,
        Self::Quarterly13Weekly,
        Self::Quarterly3Monthly,
        Self::Yearly,
    ];

    /// borg's name for it, for instance `quarterly_13weekly`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Within => "within",
            Self::Keep => "keep",
            Self::Secondly => "secondly",
            Self::Minutely => "minutely",
            Self::Hourly => "hourly",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Quarterly13Weekly => "quarterly_13weekly",
            Self::Quarterly3Monthly => "quarterly_3monthly",
            Self::Yearly => "yearly",
        }
    }

    /// Whether its periods are slots of the calendar that a backup is expected in.
    #[must_use]
    pub const fn has_slots(self) -> bool {
        !matches!(
            self,
            Self::Within | Self::Keep | Self::Secondly | Self::Minutely
        )
    }

    /// When the period begins that a clock is in. For rules without periods it
    /// is the time itself.
    pub(super) fn begin(self, local: NaiveDateTime) -> NaiveDateTime {
        let (date, time) = (local.date(), local.time());
        let midnight = |date: NaiveDate| date.and_time(NaiveTime::MIN);
        let at = |time: Option<NaiveTime>| time.map_or(local, |time| date.and_time(time));
        let first = |month: u32| {
            let first = NaiveDate::from_ymd_opt(date.year(), month, 1);
            midnight(first.unwrap_or(date))
        };
        let monday = |week: u32| {
            let monday = NaiveDate::from_isoywd_opt(date.iso_week().year(), week, Weekday::Mon);
            midnight(monday.unwrap_or(date))
        };
        match self {
            Self::Within | Self::Keep => local,
            Self::Secondly => at(time.with_nanosecond(0)),
            Self::Minutely => at(NaiveTime::from_hms_opt(time.hour(), time.minute(), 0)),
            Self::Hourly => at(NaiveTime::from_hms_opt(time.hour(), 0, 0)),
            Self::Daily => midnight(date),
            Self::Weekly => monday(date.iso_week().week()),
            Self::Monthly => first(date.month()),
            // A 53rd week belongs to the last quarter.
            Self::Quarterly13Weekly => {
                monday((date.iso_week().week().saturating_sub(1) / 13).min(3) * 13 + 1)
            }
            Self::Quarterly3Monthly => first(date.month0() / 3 * 3 + 1),
            Self::Yearly => first(1),
        }
    }

    /// The period before the one that begins then.
    pub(super) fn before(self, begin: NaiveDateTime) -> Option<NaiveDateTime> {
        let last = begin.checked_sub_signed(TimeDelta::seconds(1))?;
        Some(self.begin(last))
    }

    /// What people call the period that begins then.
    pub(super) fn slot(self, begin: NaiveDateTime) -> String {
        let date = begin.date();
        let text = match self {
            Self::Hourly => begin.format("%Y-%m-%d %H:00"),
            Self::Weekly => begin.format("%G-W%V"),
            Self::Monthly => begin.format("%Y-%m"),
            Self::Yearly => begin.format("%Y"),
            Self::Quarterly13Weekly => {
                return format!(
                    "{}-Q{}",
                    date.iso_week().year(),
                    date.iso_week().week() / 13 + 1
                );
            }
            Self::Quarterly3Monthly => {
                return format!("{}-Q{}", date.year(), date.month0() / 3 + 1);
            }
            _ => begin.format("%Y-%m-%d"),
        };
        text.to_string()
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_has_its_periods() {
        #[track_caller]
        fn row(rule: Rule, local: &str, begin: &str, before: &str, slot: &str) {
            let time = |text: &str| text.parse::<NaiveDateTime>().unwrap();
            let found = rule.begin(time(local));
            assert_eq!(found, time(begin));
            assert_eq!(rule.before(found), Some(time(before)));
            assert_eq!(rule.slot(found), slot);
        }
        let local = "2025-05-14T13:14:15.5";
        row(
            Rule::Hourly,
            local,
            "2025-05-14T13:00:00",
            "2025-05-14T12:00:00",
            "2025-05-14 13:00",
        );
        row(
            Rule::Daily,
            local,
            "2025-05-14T00:00:00",
            "2025-05-13T00:00:00",
            "2025-05-14",
        );
        row(
            Rule::Weekly,
            local,
            "2025-05-12T00:00:00",
            "2025-05-05T00:00:00",
            "2025-W20",
        );
        row(
            Rule::Monthly,
            local,
            "2025-05-01T00:00:00",
            "2025-04-01T00:00:00",
            "2025-05",
        );
        row(
            Rule::Quarterly3Monthly,
            local,
            "2025-04-01T00:00:00",
            "2025-01-01T00:00:00",
            "2025-Q2",
        );
        row(
            Rule::Quarterly13Weekly,
            local,
            "2025-03-31T00:00:00",
            "2024-12-30T00:00:00",
            "2025-Q2",
        );
        row(
            Rule::Yearly,
            local,
            "2025-01-01T00:00:00",
            "2024-01-01T00:00:00",
            "2025",
        );
        // The 53rd week of 2020 reaches into 2021.
        row(
            Rule::Weekly,
            "2021-01-02T00:00:00",
            "2020-12-28T00:00:00",
            "2020-12-21T00:00:00",
            "2020-W53",
        );
        row(
            Rule::Quarterly13Weekly,
            "2021-01-02T00:00:00",
            "2020-09-28T00:00:00",
            "2020-06-29T00:00:00",
            "2020-Q4",
        );
    }
}
