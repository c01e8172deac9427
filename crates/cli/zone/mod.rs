//! Time zones: the one that is asked for, or the system's.

mod steady;

use std::ffi::OsString;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::OnceLock;

use borgq_query::{Timestamp, Zone};
use chrono::{
    DateTime, Datelike as _, FixedOffset, MappedLocalTime, NaiveDateTime, Timelike as _, Utc,
};
use tz::TimeZone;
use tz::datetime::FoundDateTimeKind;
use tz::timezone::{LocalTimeType, TimeZoneSettings};

use crate::bounded;

/// A zone that is read from the zone database when it is first needed: borg 2
/// needs none.
#[derive(Debug)]
pub struct LocalZone {
    origin: Origin,
    loaded: OnceLock<Result<TimeZone, String>>,
}

#[derive(Debug)]
enum Origin {
    /// `--timezone`.
    Asked(String),
    /// `TZ`, as the C library and borg read it.
    Environment(OsString),
    /// `/etc/localtime`.
    System,
}

impl LocalZone {
    /// The zone `asked` for, else the one of the variable `TZ`, else the system's.
    pub fn new(asked: Option<&str>, tz: Option<OsString>) -> Self {
        let origin = match (asked, tz) {
            (Some(asked), _) => Origin::Asked(asked.into()),
            (None, Some(tz)) => Origin::Environment(tz),
            (None, None) => Origin::System,
        };
        Self {
            origin,
            loaded: OnceLock::new(),
        }
    }

    /// Whether the zone can be read.
    ///
    /// # Errors
    ///
    /// A sentence that says why not.
    pub fn check(&self) -> Result<(), String> {
        self.zone().map(drop)
    }

    /// A name by which another machine finds the same zone: that of the zone
    /// database, else the zone's rules as `TZ` has them.
    pub fn portable_name(&self) -> String {
        match &self.origin {
            Origin::Asked(name) => name.clone(),
            Origin::Environment(name) => {
                let name = name.to_string_lossy();
                let name = name.strip_prefix(':').unwrap_or(&name);
                if name.is_empty() { "UTC" } else { name }.to_owned()
            }
            Origin::System => linked_name().or_else(rules).unwrap_or_else(|| "UTC".into()),
        }
    }

    fn zone(&self) -> Result<&TimeZone, String> {
        self.loaded
            .get_or_init(|| self.load())
            .as_ref()
            .map_err(Clone::clone)
    }

    /// The offsets of all instants at which a clock in the zone showed `reading`.
    fn found(&self, reading: NaiveDateTime) -> Result<MappedLocalTime<FixedOffset>, String> {
        let zone = self.zone()?;
        let found = tz::DateTime::find(
            reading.year(),
            u8::try_from(reading.month()).unwrap_or(0),
            u8::try_from(reading.day()).unwrap_or(0),
            u8::try_from(reading.hour()).unwrap_or(0),
            u8::try_from(reading.minute()).unwrap_or(0),
            u8::try_from(reading.second()).unwrap_or(0),
            0,
            zone.as_ref(),
        );
        let found = found.map_err(|error| {
            format!(
                "the time zone {} does not say its offset at {reading}: {error}",
                self.name()
            )
        })?;
        let offsets: Vec<_> = found
            .into_inner()
            .into_iter()
            .filter_map(|kind| match kind {
                FoundDateTimeKind::Normal(time) => {
                    FixedOffset::east_opt(time.local_time_type().ut_offset())
                }
                FoundDateTimeKind::Skipped { .. } => None,
            })
            .collect();
        Ok(match offsets.as_slice() {
            [] => MappedLocalTime::None,
            [offset] => MappedLocalTime::Single(*offset),
            // In ascending order of instants.
            [first, .., last] => MappedLocalTime::Ambiguous(*first, *last),
        })
    }

    fn load(&self) -> Result<TimeZone, String> {
        match &self.origin {
            // The C library takes an empty TZ for UTC, but nobody asks for nothing.
            Origin::Asked(name) if name.is_empty() => Err(
                "the time zone is empty, expected a name such as Europe/Berlin or an offset such \
                 as +01:00"
                    .into(),
            ),
            Origin::Asked(name) => named(name).map_err(|error| {
                format!(
                    "the time zone {name:?} is not known ({error}), expected a name such as \
                     Europe/Berlin or an offset such as +01:00"
                )
            }),
            Origin::Environment(name) => {
                let text = name.to_str().ok_or("it is not UTF-8".to_owned());
                text.and_then(|name| named(name.strip_prefix(':').unwrap_or(name))).map_err(|error| {
                    format!(
                        "the time zone {name:?} of the variable TZ is not known ({error}), \
                         set TZ or give --timezone"
                    )
                })
            }
            Origin::System => system().map_err(|error| {
                format!("the system's time zone /etc/localtime cannot be read ({error}), give --timezone")
            }),
        }
    }
}

/// A system without `/etc/localtime` is in UTC: so the C library has it, and borg with it.
/// A link to a file that is gone says that the zone is another.
fn system() -> Result<TimeZone, String> {
    match bounded::zone(Path::new("/etc/localtime")) {
        Ok(bytes) => TimeZone::from_tz_data(&bytes).map_err(|error| error.to_string()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => match linked_name() {
            Some(name) if !is_utc(&name) => Err(format!("there is no file of {name}")),
            _ => Ok(TimeZone::utc()),
        },
        Err(error) => Err(error.to_string()),
    }
}

/// What `/etc/localtime` is a link to.
fn linked_name() -> Option<String> {
    let link = std::fs::read_link("/etc/localtime").ok()?;
    let (_, name) = link.to_str()?.split_once("zoneinfo/")?;
    Some(name.to_owned())
}

/// The rules for the present that stand at the end of a zone file.
fn rules() -> Option<String> {
    let bytes = bounded::zone(Path::new("/etc/localtime")).ok()?;
    let lines = bytes.strip_suffix(b"\n")?;
    let rules = lines.rsplit(|byte| *byte == b'\n').next()?;
    let rules = std::str::from_utf8(rules).ok()?;
    (!rules.is_empty() && named(rules).is_ok()).then(|| rules.to_owned())
}

/// These need no database.
fn is_utc(name: &str) -> bool {
    matches!(name, "" | "UTC" | "Etc/UTC" | "Z" | "GMT" | "UTC0")
}

fn named(name: &str) -> Result<TimeZone, String> {
    if is_utc(name) {
        return Ok(TimeZone::utc());
    }
    if let Some(offset) = offset(name) {
        return TimeZone::fixed(offset.local_minus_utc()).map_err(|error| error.to_string());
    }
    if name == "localtime" {
        return system();
    }
    let settings = TimeZoneSettings::new(TimeZoneSettings::DEFAULT_DIRECTORIES, |path| {
        Ok(bounded::zone(Path::new(path))?)
    });
    let zone = settings.parse_posix_tz(name);
    zone.map_err(|error| error.to_string())
}

/// `+01:00`, as borg 2 prints it, or `+0100`, as date(1) does.
fn offset(name: &str) -> Option<FixedOffset> {
    if !name.starts_with(['+', '-']) {
        return None;
    }
    let (hours, minutes) = name.split_at_checked(3)?;
    let colon = if minutes.starts_with(':') { "" } else { ":" };
    let time = format!("2000-01-01T00:00:00{hours}{colon}{minutes}");
    time.parse::<Timestamp>().ok()?.offset()
}

impl Zone for LocalZone {
    fn offsets(&self, reading: NaiveDateTime) -> Result<MappedLocalTime<FixedOffset>, String> {
        let zone = self.zone()?;
        // Far from all changes an instant near it has the same offset.
        if steady::steady(zone.as_ref(), reading).is_some()
            && let Ok(offset) = self.offset_at(reading.and_utc())
        {
            return Ok(MappedLocalTime::Single(offset));
        }
        self.found(reading)
    }

    fn steady(&self, reading: NaiveDateTime) -> Option<Range<NaiveDateTime>> {
        steady::steady(self.zone().ok()?.as_ref(), reading)
    }

    fn offset_at(&self, instant: DateTime<Utc>) -> Result<FixedOffset, String> {
        let zone = self.zone()?;
        let kind = zone.find_local_time_type(instant.timestamp());
        let offset = kind.map(LocalTimeType::ut_offset).ok();
        offset.and_then(FixedOffset::east_opt).ok_or_else(|| {
            let name = self.name();
            format!("the time zone {name} does not say its offset at {instant}")
        })
    }

    fn name(&self) -> String {
        match &self.origin {
            Origin::Asked(name) => name.clone(),
            Origin::Environment(name) => name.to_string_lossy().into_owned(),
            Origin::System => linked_name().unwrap_or_else(|| "of the system".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn seconds(zone: &str, reading: &str) -> Vec<i32> {
        let zone = LocalZone::new(Some(zone), None);
        match zone.offsets(reading.parse().unwrap()).unwrap() {
            MappedLocalTime::None => vec![],
            MappedLocalTime::Single(offset) => vec![offset.local_minus_utc()],
            MappedLocalTime::Ambiguous(first, last) => {
                vec![first.local_minus_utc(), last.local_minus_utc()]
            }
        }
    }

    const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";
    const LORD_HOWE: &str = "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0";

    #[test]
    fn a_zone_knows_its_repeated_and_skipped_hours() {
        assert_eq!(seconds(BERLIN, "2025-07-01T12:00:00"), [7200]);
        assert_eq!(seconds(BERLIN, "2025-10-26T02:30:00"), [7200, 3600]);
        assert_eq!(seconds(BERLIN, "2025-03-30T02:30:00"), [0; 0]);
        assert_eq!(seconds(LORD_HOWE, "2025-04-06T01:45:00"), [39600, 37800]);
        assert_eq!(seconds(LORD_HOWE, "2025-10-05T02:15:00"), [0; 0]);
        assert_eq!(seconds(BERLIN, "2107-07-01T12:00:00"), [7200]);
    }

    #[test]
    fn an_instant_has_one_offset() {
        let offset = |zone, instant: &str| {
            let zone = LocalZone::new(Some(zone), None);
            let offset = zone.offset_at(instant.parse().unwrap()).unwrap();
            offset.local_minus_utc()
        };
        assert_eq!(offset(BERLIN, "2025-10-26T00:59:59Z"), 7200);
        assert_eq!(offset(BERLIN, "2025-10-26T01:00:00Z"), 3600);
        assert_eq!(offset(LORD_HOWE, "2025-10-04T15:29:59Z"), 37800);
        assert_eq!(offset("UTC", "0001-01-01T00:00:00Z"), 0);
        let zone = LocalZone::new(Some("Mars/Olympus"), None);
        let error = zone.offset_at("2025-07-01T12:00:00Z".parse().unwrap());
        assert!(error.unwrap_err().contains("\"Mars/Olympus\" is not known"));
    }

    #[test]
    fn a_name_is_looked_up_in_the_zone_database() {
        // Not every machine has one.
        if !Path::new("/usr/share/zoneinfo/Europe/Berlin").exists() {
            return;
        }
        assert_eq!(seconds("Europe/Berlin", "2025-07-01T12:00:00"), [7200]);
        assert_eq!(seconds("Europe/Berlin", "2025-03-30T02:30:00"), [0; 0]);
        let lord_howe = "Australia/Lord_Howe";
        assert_eq!(seconds(lord_howe, "2025-04-06T01:45:00"), [39600, 37800]);
        assert_eq!(seconds("Europe/Berlin", "2107-07-01T12:00:00"), [7200]);
    }

    #[test]
    fn utc_and_offsets_need_no_database() {
        assert_eq!(seconds("UTC", "2025-07-01T12:00:00"), [0]);
        assert_eq!(seconds("+05:45", "2025-07-01T12:00:00"), [20700]);
        assert_eq!(seconds("-03:00", "2025-07-01T12:00:00"), [-10800]);
        assert_eq!(seconds("+0545", "2025-07-01T12:00:00"), [20700]);
        assert_eq!(seconds("+01:00:30", "2025-07-01T12:00:00"), [3630]);
    }

    #[test]
    fn an_unknown_zone_is_a_sentence_and_not_utc() {
        let zone = LocalZone::new(Some("Mars/Olympus"), None);
        let error = zone
            .offsets("2025-07-01T12:00:00".parse().unwrap())
            .unwrap_err();
        assert!(
            error.starts_with("the time zone \"Mars/Olympus\" is not known ("),
            "{error}"
        );
        for zone in [
            "", "+1", "+01", "+01:00 ", "+01:00x", "+01:60", "+24:00", "01:00", "+é:00",
        ] {
            assert!(
                LocalZone::new(Some(zone), None).check().is_err(),
                "{zone:?}"
            );
        }
        let zone = LocalZone::new(None, Some("nonsense".into()));
        let error = zone
            .offsets("2025-07-01T12:00:00".parse().unwrap())
            .unwrap_err();
        assert!(error.starts_with("the time zone \"nonsense\" of the variable TZ is not known ("));
    }

    #[test]
    fn an_empty_tz_is_utc_and_a_colon_is_skipped() {
        let zone = |tz: &str| LocalZone::new(None, Some(tz.into()));
        let noon = "2025-07-01T12:00:00".parse().unwrap();
        let east =
            |hours: i32| MappedLocalTime::Single(FixedOffset::east_opt(hours * 3600).unwrap());
        assert_eq!(zone("").offsets(noon).unwrap(), east(0));
        assert_eq!(zone(&format!(":{BERLIN}")).offsets(noon).unwrap(), east(2));
    }
}
