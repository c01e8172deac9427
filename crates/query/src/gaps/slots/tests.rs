use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::samples::{Changing, at, inventory, inventory_at, question};

#[track_caller]
fn slots(
    period: Period,
    zone: &dyn Zone,
    times: &[&str],
    since: Option<&str>,
    now: &str,
) -> Result<Slots, Problem> {
    let inventory = inventory(times);
    let question = question(at(now));
    let groups = question.groups(&inventory).groups;
    let times = groups[0].counted().map(|archive| archive.time.instant);
    let gaps = Gaps::of(times, question.now, since.map(at));
    super::slots(&[gaps], period, zone).remove(0)
}

/// How many slots are filled, and the names of those that are missing.
#[track_caller]
fn row(
    period: Period,
    zone: &dyn Zone,
    times: &[&str],
    now: &str,
    filled: usize,
    missing: &[&str],
) {
    let slots = slots(period, zone, times, None, now).unwrap();
    let names: Vec<_> = slots.missing.iter().map(|slot| &slot.name[..]).collect();
    assert_eq!((slots.filled, &names[..]), (filled, missing));
}

#[test]
fn a_day_is_a_day_of_the_zone() {
    let utc = FixedOffset::east_opt(0).unwrap();
    let east = FixedOffset::east_opt(3600).unwrap();
    let times = [
        "2025-03-01T12:00Z",
        "2025-03-02T23:30Z",
        "2025-03-04T12:00Z",
    ];
    let now = "2025-03-05T12:00Z";
    row(Period::Daily, &utc, &times, now, 3, &["2025-03-03"]);
    row(Period::Daily, &east, &times, now, 3, &["2025-03-02"]);
}

#[test]
fn a_slot_that_has_not_ended_is_not_missing() {
    let utc = FixedOffset::east_opt(0).unwrap();
    let first = &["2025-03-01T12:00Z"];
    row(Period::Daily, &utc, first, "2025-03-02T23:59Z", 1, &[]);
    row(
        Period::Daily,
        &utc,
        first,
        "2025-03-03T00:00Z",
        1,
        &["2025-03-02"],
    );
    // It counts as soon as it has a backup.
    let both = &["2025-03-01T12:00Z", "2025-03-02T12:00Z"];
    row(Period::Daily, &utc, both, "2025-03-02T13:00Z", 2, &[]);
}

#[test]
fn weeks_are_those_of_iso_8601() {
    let utc = FixedOffset::east_opt(0).unwrap();
    // Sunday of W52, Monday of W01.
    let times = [
        "2024-12-29T23:59Z",
        "2024-12-30T00:00Z",
        "2025-01-20T00:00Z",
    ];
    let missing = ["2025-W02", "2025-W03"];
    row(
        Period::Weekly,
        &utc,
        &times,
        "2025-01-21T00:00Z",
        3,
        &missing,
    );
}

#[test]
fn the_hour_that_is_shown_twice_is_two_slots_and_the_one_left_out_is_none() {
    let berlin = Changing::berlin();
    let missing = [
        "2025-10-26T02:00+02:00",
        "2025-10-26T02:00+01:00",
        "2025-10-26T03:00+01:00",
    ];
    let (first, now) = (&["2025-10-25T23:30Z"], "2025-10-26T03:59Z");
    row(Period::Hourly, &berlin, first, now, 1, &missing);
    let missing = ["2025-03-30T01:00+01:00", "2025-03-30T03:00+02:00"];
    let (first, now) = (&["2025-03-29T23:30Z"], "2025-03-30T02:00Z");
    row(Period::Hourly, &berlin, first, now, 1, &missing);
}

#[test]
fn a_day_has_23_or_25_hours_when_clocks_are_changed() {
    let berlin = Changing::berlin();
    for (first, now, hours) in [
        ("2025-03-28T12:00Z", "2025-03-31T12:00Z", 23),
        ("2025-10-24T12:00Z", "2025-10-27T12:00Z", 25),
    ] {
        let slots = slots(Period::Daily, &berlin, &[first], None, now).unwrap();
        assert_eq!(
            slots.missing[1].end - slots.missing[1].start,
            TimeDelta::hours(hours)
        );
    }
}

#[test]
fn an_hour_of_a_half_hour_change_is_shorter_or_longer() {
    // Lord Howe, 2025.
    let zone = Changing::new(
        660,
        &[("2025-04-05T15:00Z", 630), ("2025-10-04T15:30Z", 660)],
    );
    let fall = ["2025-04-06T01:00+11:00", "2025-04-06T02:00+10:30"];
    let (first, now) = (&["2025-04-05T13:30Z"], "2025-04-05T16:30Z");
    row(Period::Hourly, &zone, first, now, 1, &fall);
    let spring = [
        "2025-10-05T01:00+10:30",
        "2025-10-05T02:00+10:30",
        "2025-10-05T03:00+11:00",
    ];
    let (first, now) = (&["2025-10-04T14:00Z"], "2025-10-04T17:00Z");
    row(Period::Hourly, &zone, first, now, 1, &spring);
}

#[test]
fn a_day_may_begin_after_midnight_or_not_be_at_all() {
    // Clocks are set forward at midnight, as in Havana.
    let zone = Changing::new(-300, &[("2025-03-09T05:00Z", -240)]);
    let (first, now) = (&["2025-03-08T12:00Z"], "2025-03-10T04:00Z");
    row(Period::Daily, &zone, first, now, 1, &["2025-03-09"]);
    let day = slots(Period::Daily, &zone, first, None, now)
        .unwrap()
        .missing
        .remove(0);
    assert_eq!((day.start, day.end), (at("2025-03-09T05:00Z"), at(now)));
    // Samoa left out the 30th of December 2011.
    let zone = Changing::new(-600, &[("2011-12-30T10:00Z", 840)]);
    let (first, now) = (&["2011-12-29T12:00Z"], "2012-01-01T10:00Z");
    row(
        Period::Daily,
        &zone,
        first,
        now,
        1,
        &["2011-12-31", "2012-01-01"],
    );
}

#[test]
fn since_asks_for_the_slots_that_begin_at_it_or_later() {
    let utc = FixedOffset::east_opt(0).unwrap();
    let count = |times: &[&str], since| {
        let slots = slots(Period::Daily, &utc, times, Some(since), "2025-03-31T12:00Z").unwrap();
        (slots.len(), slots.missing.len())
    };
    let times = ["2025-03-10T02:00Z", "2025-03-31T02:00Z"];
    assert_eq!(count(&times, "2025-03-01T12:00Z"), (30, 28));
    assert_eq!(count(&times, "2025-03-30T00:00Z"), (2, 1));
    assert_eq!(count(&times, "2025-03-30T00:01Z"), (1, 0));
    // Without a single backup every slot is missing.
    assert_eq!(count(&[], "2025-03-29T12:00Z"), (1, 1));
    assert!(
        slots(Period::Daily, &utc, &[], None, "2025-03-31T12:00Z")
            .unwrap()
            .is_empty()
    );
}

#[test]
fn too_many_slots_are_a_problem_that_says_what_to_do() {
    let utc = FixedOffset::east_opt(0).unwrap();
    let problem = slots(
        Period::Hourly,
        &utc,
        &["1001-03-01T12:00Z"],
        None,
        "2025-03-31T12:00Z",
    );
    let problem = problem.unwrap_err();
    assert_eq!(problem.code, ProblemCode::TooManySlots);
    assert_eq!(
        problem.text,
        "there are more than 100000 hourly slots since 1001-03-01: ask for fewer with --since"
    );
}

proptest! {
    /// Berlin over both changes of 2025, every half hour.
    #[test]
    fn filled_and_missing_slots_are_all_slots(
        weekly in any::<bool>(),
        hourly in any::<bool>(),
        first in 0..300_i64,
        minutes in prop::collection::vec(0..30 * 1440_i64, 1..20),
        span in 0..30 * 1440_i64,
    ) {
        let period = match (weekly, hourly) {
            (true, _) => Period::Weekly,
            (_, true) => Period::Hourly,
            _ => Period::Daily,
        };
        let zone = Changing::berlin();
        let begin = at("2025-01-01T00:00Z") + TimeDelta::days(first);
        let now = begin + TimeDelta::minutes(span);
        let times: Vec<_> = minutes.iter().map(|minutes| begin + TimeDelta::minutes(*minutes)).collect();
        let inventory = inventory_at(times.iter().map(|time| (*time, None)));
        let mut question = question(now);
        question.clock_skew = TimeDelta::zero();
        let groups = question.groups(&inventory).groups;
        let found = groups[0].counted().map(|archive| archive.time.instant);
        let gaps = Gaps::of(found, now, None);
        let slots = super::slots(&[gaps], period, &zone).remove(0).unwrap();

        let name = |instant: DateTime<Utc>| {
            let (reading, offset) = zone.shown(instant);
            period.name_of(period.first(reading), offset)
        };
        let counted: Vec<_> = times.iter().filter(|time| **time <= now).collect();
        let filled: BTreeSet<_> = counted.iter().map(|time| name(**time)).collect();
        prop_assert_eq!(slots.filled, filled.len());
        let mut all = BTreeSet::new();
        if let Some(oldest) = counted.iter().min() {
            let mut time = **oldest;
            while time <= now {
                all.insert(name(time));
                time += TimeDelta::minutes(30);
            }
        }
        let pending = name(now);
        let missing: BTreeSet<_> = all
            .into_iter()
            .filter(|name| !filled.contains(name) && *name != pending)
            .collect();
        let named: BTreeSet<_> = slots.missing.iter().map(|slot| slot.name.clone()).collect();
        prop_assert_eq!(named.len(), slots.missing.len());
        prop_assert_eq!(named, missing);
        for pair in slots.missing.windows(2) {
            prop_assert!(pair[0].end <= pair[1].start);
        }
    }
}
