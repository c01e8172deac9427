//! Inventories for tests, written down as times.

use borgq_json::read;
use chrono::{DateTime, FixedOffset, MappedLocalTime, NaiveDateTime, TimeDelta, Utc};

use crate::rules::Rules;
use crate::{GroupBy, Inventory, Question, Selection, Zone};

/// An instant, for instance `2025-03-01T02:00Z`.
#[track_caller]
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    let text = text.strip_suffix('Z').unwrap();
    let naive = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f"));
    naive.unwrap().and_utc()
}

/// The document of a repository whose archives have these keys, each a JSON
/// object's inside beside `id`, `name` and `archive`.
fn document(archives: impl IntoIterator<Item = String>) -> String {
    let encryption = r#""encryption": "aes256-ocb", "id_hash": "sha256""#;
    document_of(archives, encryption, "")
}

/// The same of borg 1.x.
pub(crate) fn document_1(archives: impl IntoIterator<Item = String>) -> String {
    let modified = r#""last_modified": "2025-12-01T00:00:00.000000","#;
    document_of(archives, r#""mode": "none""#, modified)
}

fn document_of(
    archives: impl IntoIterator<Item = String>,
    encryption: &str,
    repository: &str,
) -> String {
    let archive = |(index, keys)| {
        let id = format!("{:064x}", index + 1_usize);
        format!(r#"{{"archive": "web", "name": "web", "id": "{id}", {keys}}}"#)
    };
    let archives: Vec<_> = archives.into_iter().enumerate().map(archive).collect();
    format!(
        r#"{{"archives": [{}], "encryption": {{{encryption}}},
            "repository": {{{repository} "id": "{}", "location": "/backup/web"}}}}"#,
        archives.join(","),
        "2".repeat(64)
    )
}

/// An inventory of one repository, from archives as the inside of JSON objects.
#[track_caller]
pub(crate) fn inventory_of(archives: impl IntoIterator<Item = String>) -> Inventory {
    let mut inventory = Inventory::default();
    let reading = read(document(archives).as_bytes());
    inventory.add_reading(reading, "-", &FixedOffset::east_opt(0).unwrap());
    assert_eq!(inventory.problems, []);
    inventory
}

/// An inventory of one repository, from the times of its archives, or their
/// times and ends: `TIME END`.
#[track_caller]
pub(crate) fn inventory(times: &[&str]) -> Inventory {
    inventory_at(times.iter().map(|text| match text.split_once(' ') {
        Some((time, end)) => (at(time), Some(at(end))),
        None => (at(text), None),
    }))
}

/// The same from instants.
#[track_caller]
pub(crate) fn inventory_at(
    times: impl IntoIterator<Item = (DateTime<Utc>, Option<DateTime<Utc>>)>,
) -> Inventory {
    let text = |instant: DateTime<Utc>| instant.format("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string();
    inventory_of(times.into_iter().map(|(time, end)| {
        let end = end.map(|end| format!(r#", "end": "{}""#, text(end)));
        format!(r#""time": "{}"{}"#, text(time), end.unwrap_or_default())
    }))
}

/// The question about whole repositories.
pub(crate) fn question(now: DateTime<Utc>) -> Question {
    Question {
        now,
        clock_skew: TimeDelta::minutes(5),
        selection: Selection::default(),
        group_by: GroupBy::Repository,
        rules: Rules::default(),
    }
}

/// A zone that is set to other offsets at these instants.
pub(crate) struct Changing(Vec<(DateTime<Utc>, FixedOffset)>);

impl Changing {
    /// The offset in minutes at first, and from each of these instants on.
    pub(crate) fn new(first: i32, changes: &[(&str, i32)]) -> Self {
        let offset = |minutes: i32| FixedOffset::east_opt(minutes * 60).unwrap();
        let first = (DateTime::<Utc>::MIN_UTC, offset(first));
        let changes = changes
            .iter()
            .map(|(text, minutes)| (at(text), offset(*minutes)));
        Self(std::iter::once(first).chain(changes).collect())
    }

    /// Berlin in 2025.
    pub(crate) fn berlin() -> Self {
        Self::new(60, &[("2025-03-30T01:00Z", 120), ("2025-10-26T01:00Z", 60)])
    }

    /// What a clock shows, and its offset.
    pub(crate) fn shown(&self, instant: DateTime<Utc>) -> (NaiveDateTime, FixedOffset) {
        let past = self.0.iter().rfind(|(from, _)| *from <= instant);
        let (_, offset) = past.unwrap();
        (instant.naive_utc() + *offset, *offset)
    }
}

impl Zone for Changing {
    fn offsets(&self, reading: NaiveDateTime) -> Result<MappedLocalTime<FixedOffset>, String> {
        let changes = self.0.iter().skip(1).map(|(until, _)| *until);
        let until = changes.chain([DateTime::<Utc>::MAX_UTC]);
        let offsets: Vec<_> = self
            .0
            .iter()
            .zip(until)
            .filter(|((from, offset), until)| {
                let instant = (reading - *offset).and_utc();
                *from <= instant && instant < *until
            })
            .map(|((_, offset), _)| *offset)
            .collect();
        Ok(match offsets[..] {
            [] => MappedLocalTime::None,
            [offset] => MappedLocalTime::Single(offset),
            [first, .., last] => MappedLocalTime::Ambiguous(first, last),
        })
    }

    fn offset_at(&self, instant: DateTime<Utc>) -> Result<FixedOffset, String> {
        Ok(self.shown(instant).1)
    }

    fn name(&self) -> String {
        "Test/Changing".into()
    }
}
