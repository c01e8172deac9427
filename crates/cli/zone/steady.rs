//! Spans of clock readings over which a zone keeps its offset.

use std::ops::Range;

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, TimeDelta, Weekday};
use tz::TimeZoneRef;
use tz::timezone::{AlternateTime, RuleDay, TransitionRule};

/// Clocks of a zone are set by less than this, and offsets are smaller, so that
/// so far from every change a reading means one instant.
const MARGIN: TimeDelta = TimeDelta::days(3);

/// A span around `reading` in which no reading is near a change of the offset.
pub(super) fn steady(
    zone: TimeZoneRef<'_>,
    reading: NaiveDateTime,
) -> Option<Range<NaiveDateTime>> {
    // Instants of zones with leap seconds are no Unix times.
    if !zone.leap_seconds().is_empty() {
        return None;
    }
    let seconds = reading.and_utc().timestamp();
    let listed = zone.transitions();
    let later = listed.partition_point(|transition| transition.unix_leap_time() <= seconds);
    let at = |transition: Option<&tz::timezone::Transition>| {
        let time = transition?.unix_leap_time();
        Some(chrono::DateTime::from_timestamp(time, 0)?.naive_utc())
    };
    let mut start = at(later.checked_sub(1).and_then(|before| listed.get(before)));
    let mut end = at(listed.get(later));
    if end.is_none()
        && let Some(TransitionRule::Alternate(rule)) = zone.extra_rule()
    {
        for change in changes(rule, reading.year())? {
            if change <= reading {
                start = start.max(Some(change));
            } else if end.is_none_or(|end| change < end) {
                end = Some(change);
            }
        }
    }
    let start = match start {
        Some(start) => start.checked_add_signed(MARGIN)?,
        None => NaiveDateTime::MIN,
    };
    let end = match end {
        Some(end) => end.checked_sub_signed(MARGIN)?,
        None => NaiveDateTime::MAX,
    };
    (start..end).contains(&reading).then_some(start..end)
}

/// When the clocks are set in the years around `year`, to about a day.
fn changes(rule: &AlternateTime, year: i32) -> Option<Vec<NaiveDateTime>> {
    let days = [
        (rule.dst_start(), rule.dst_start_time()),
        (rule.dst_end(), rule.dst_end_time()),
    ];
    let mut changes = Vec::with_capacity(6);
    for year in year - 1..=year + 1 {
        for (day, time) in days {
            let midnight = date(day, year)?.and_hms_opt(0, 0, 0)?;
            changes.push(midnight + TimeDelta::seconds(time.into()));
        }
    }
    Some(changes)
}

fn date(day: &RuleDay, year: i32) -> Option<NaiveDate> {
    match day {
        RuleDay::MonthWeekDay(day) => {
            let weekday = Weekday::try_from((day.week_day() + 6) % 7).ok()?;
            let nth =
                |nth| NaiveDate::from_weekday_of_month_opt(year, day.month().into(), weekday, nth);
            // The fifth is the last one.
            nth(day.week()).or_else(|| nth(4))
        }
        // A day more or less is within the margin.
        RuleDay::Julian1WithoutLeap(day) => NaiveDate::from_yo_opt(year, day.get().into()),
        RuleDay::Julian0WithLeap(day) => {
            NaiveDate::from_yo_opt(year, u32::from(day.get().min(364)) + 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use borgq_query::Zone as _;
    use chrono::{MappedLocalTime, TimeDelta};

    use crate::zone::LocalZone;

    /// Every reading in a span has the one offset that the zone says.
    #[track_caller]
    fn keeps(zone: &str, covered: f64) {
        let zone = LocalZone::new(Some(zone), None);
        let mut reading = "1995-01-01T00:30:00".parse().unwrap();
        let end: chrono::NaiveDateTime = "2045-01-01T00:00:00".parse().unwrap();
        let (mut all, mut within) = (0, 0);
        while reading < end {
            all += 1;
            if let Some(span) = zone.steady(reading) {
                within += 1;
                let offset = zone.found(reading).unwrap();
                assert!(matches!(offset, MappedLocalTime::Single(_)), "{reading}");
                assert_eq!(zone.offsets(reading).unwrap(), offset, "{reading}");
                for other in [span.start, span.end - TimeDelta::seconds(1)] {
                    // A span without an end is one of a zone without changes.
                    let other = other.clamp(
                        "1970-01-03T00:00:00".parse().unwrap(),
                        "2100-01-01T00:00:00".parse().unwrap(),
                    );
                    assert_eq!(zone.found(other).unwrap(), offset, "{reading} {other}");
                }
            }
            reading += TimeDelta::hours(7);
        }
        let share = f64::from(within) / f64::from(all);
        assert!(share > covered, "{} {share}", zone.name());
    }

    #[test]
    fn a_span_has_one_offset() {
        keeps("UTC", 0.99);
        keeps("+05:45", 0.99);
        keeps("CET-1CEST,M3.5.0,M10.5.0/3", 0.95);
        keeps("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 0.95);
        keeps("EST5EDT,J60/2,J300/1", 0.95);
        keeps("EST5EDT,0/0,300/2", 0.9);
        // Not every machine has a zone database.
        for zone in [
            "Europe/Berlin",
            "America/New_York",
            "Africa/Casablanca",
            "Asia/Tehran",
        ] {
            if std::path::Path::new("/usr/share/zoneinfo")
                .join(zone)
                .exists()
            {
                keeps(zone, 0.9);
            }
        }
    }
}
