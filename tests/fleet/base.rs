//! Documents of the corpus, moved to other hosts, repositories and times.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::cases::{self, Case};

/// What a tool printed, with the newest complete archive of each document.
#[derive(Clone)]
pub struct Base {
    pub name: String,
    /// The documents, in borgmatic's array if there was one.
    pub printed: Value,
    /// The id and the time of the newest complete archive of each document.
    newest: Vec<(String, DateTime<Utc>)>,
}

/// How long before its newest archive a document may begin: no clock is changed
/// between May and June.
const SPAN: TimeDelta = TimeDelta::days(31);

/// The outputs of the corpus that prove a backup in each of their documents.
pub fn all() -> Vec<Base> {
    cases::all().into_iter().filter_map(of).collect()
}

/// The output of this case.
pub fn named(bases: &[Base], name: &str) -> Base {
    bases.iter().find(|base| base.name == name).unwrap().clone()
}

fn of(case: Case) -> Option<Base> {
    let truth = &case.truth;
    let good = truth["exit_status"] == 0 && truth["problem"].is_null();
    if !good || case.printed.len() > 65_536 {
        return None;
    }
    let printed: Value = serde_json::from_slice(&case.printed).ok()?;
    let documents = printed.as_array().map_or(1, Vec::len);
    if documents != case.documents().len() {
        return None;
    }
    let newest: Option<Vec<_>> = case.documents().iter().map(newest).collect();
    Some(Base {
        name: case.name,
        printed,
        newest: newest?,
    })
}

/// The newest complete archive, if no other is later, or much older.
fn newest(document: &Value) -> Option<(String, DateTime<Utc>)> {
    let archives = document["archives"].as_array()?;
    let id = document["last_complete"].as_array()?.first()?;
    let time = |archive: &Value| archive["time"].as_str().unwrap().parse::<DateTime<Utc>>();
    let newest = archives.iter().find(|archive| archive["id"] == *id)?;
    let newest = time(newest).ok()?;
    let near =
        |archive: &Value| time(archive).is_ok_and(|time| time <= newest && newest - time <= SPAN);
    let near = archives.iter().all(near);
    // Before, offsets have seconds.
    (near && newest.timestamp() > 0).then(|| (id.as_str().unwrap().to_owned(), newest))
}

/// Where a document is moved to.
pub struct Place<'a> {
    pub id: String,
    pub location: String,
    pub label: String,
    pub host: &'a str,
    /// When its newest archive is made.
    pub newest: DateTime<Utc>,
    /// How far the clocks that borg 1.x shows are ahead of UTC.
    pub offset: TimeDelta,
}

impl Base {
    /// The same in other places, one for each document.
    pub fn at<'a>(&self, place: impl Fn(usize) -> Place<'a>) -> Value {
        let mut printed = self.printed.clone();
        let documents = match &mut printed {
            Value::Array(documents) => documents.iter_mut().collect(),
            document => vec![document],
        };
        for (at, (document, (newest, _))) in documents.into_iter().zip(&self.newest).enumerate() {
            let place = place(at);
            let by = shift(document, newest, &place).unwrap();
            walk(document, by, place.host);
            let repository = &mut document["repository"];
            repository["id"] = place.id.into();
            repository["location"] = place.location.into();
            if repository.get("label").is_some() {
                repository["label"] = place.label.into();
            }
        }
        printed
    }

    /// How many documents there are.
    pub fn documents(&self) -> usize {
        self.newest.len()
    }

    /// Whether it prints clock readings, whose zone is not in it.
    pub fn needs_zone(&self) -> bool {
        !self.printed.to_string().contains("+00:00\"")
    }
}

/// How far the times of a document have to be moved.
fn shift(document: &Value, newest: &str, place: &Place<'_>) -> Option<TimeDelta> {
    let mut archives = match document.get("archive") {
        Some(archive) => vec![archive],
        None => document["archives"].as_array()?.iter().collect(),
    };
    archives.retain(|archive| archive["id"] == newest);
    let archive = archives.first()?;
    let shown = archive.get("time").unwrap_or(&archive["start"]).as_str()?;
    let (reading, rest) = split(shown)?;
    let target = match rest {
        "" => place.newest + place.offset,
        _ => {
            let offset = shown.parse::<DateTime<chrono::FixedOffset>>().ok()?;
            let offset = i64::from(offset.offset().local_minus_utc());
            place.newest + TimeDelta::seconds(offset)
        }
    };
    Some(target.naive_utc() - reading)
}

/// A printed time: what the clock showed, and the offset behind it.
fn split(shown: &str) -> Option<(NaiveDateTime, &str)> {
    let (reading, offset) = shown.split_at_checked(26)?;
    let reading = NaiveDateTime::parse_from_str(reading, "%Y-%m-%dT%H:%M:%S%.6f").ok()?;
    Some((reading, offset))
}

/// Moves all times, and gives all archives to the host.
fn walk(value: &mut Value, by: TimeDelta, host: &str) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|value| walk(value, by, host)),
        Value::Object(keys) => {
            for (key, value) in keys {
                match (key.as_str(), &*value) {
                    ("time" | "start" | "end" | "last_modified", Value::String(shown)) => {
                        let (reading, offset) = split(shown).unwrap();
                        let moved = (reading + by).format("%Y-%m-%dT%H:%M:%S%.6f");
                        *value = format!("{moved}{offset}").into();
                    }
                    ("hostname", Value::String(_)) => *value = host.into(),
                    _ => walk(value, by, host),
                }
            }
        }
        _ => {}
    }
}
