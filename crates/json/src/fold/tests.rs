//! The fast way refuses what the general way refuses, and else sees the same.

use serde::de::Deserialize as _;

use super::element::{Element as _, Elements, OfInfo, OfRepoList};
use super::plain::Layouts;
use super::walk::{first, strictly};

const LIST: &str = r#"{
            "archive": "web-2025-03-01",
            "barchive": "web-2025-03-01",
            "command_line": "borg create",
            "comment": "",
            "hostname": "www1",
            "id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "name": "web-2025-03-01",
            "start": "2025-03-01T02:00:00.000000",
            "time": "2025-03-01T02:00:00.000000"
        }"#;

const INFO: &str = r#"{
            "chunker_params": [
                "buzhash",
                19,
                4095
            ],
            "command_line": ["borg", "create", "::web"],
            "comment": "",
            "cwd": "/",
            "duration": 0.25,
            "end": "2025-03-01T02:00:01.000000",
            "hostname": "www1",
            "id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "limits": {
                "max_archive_size": 2.6e-05
            },
            "name": "web",
            "start": "2025-03-01T02:00:00.000000",
            "stats": {
                "compressed_size": 9,
                "deduplicated_size": 9,
                "nfiles": 0,
                "original_size": 12
            },
            "username": "root"
        }"#;

fn seen<E: Elements>(archive: Option<(E::Glance<'_>, usize)>) -> Option<String> {
    let (archive, length) = archive?;
    let glimpse = archive.glimpse().map(|(glimpse, _)| glimpse);
    Some(format!("{glimpse:?} {length}"))
}

/// Whether the archive is plain. Then it must be valid, and seen as it is.
#[track_caller]
fn compare<E: Elements>(json: &[u8], layouts: &mut Layouts) -> bool {
    let plain = seen::<E>(E::plain(json, layouts));
    let text = String::from_utf8_lossy(json);
    if plain.is_some() {
        let value = first::<serde_json::Value>(json);
        assert!(value.is_some(), "{text}");
        assert_eq!(plain, seen::<E>(strictly::<E::Glance<'_>>(json)), "{text}");
    }
    plain.is_some()
}

#[test]
fn an_archive_that_is_cut_is_not_plain_and_spoils_nothing() {
    fn cut<E: Elements>(json: &str) {
        let layouts = &mut Layouts::default();
        for end in 0..json.len() {
            assert!(!compare::<E>(&json.as_bytes()[..end], layouts), "{end}");
            assert!(compare::<E>(json.as_bytes(), layouts), "behind {end}");
        }
    }
    cut::<OfRepoList>(LIST);
    cut::<OfInfo>(INFO);
}

#[test]
fn a_changed_archive_is_refused_or_seen_as_it_is() {
    fn change<E: Elements>(json: &str) -> usize {
        let mut plain = 0;
        let layouts = &mut Layouts::default();
        for at in 0..json.len() {
            for byte in *b"\0\n\x1f !\"#,:[\\]09aAE-+.{}\x7f\x80\xc3\xff" {
                let mut changed = json.as_bytes().to_vec();
                changed[at] = byte;
                plain += usize::from(compare::<E>(&changed, layouts));
                changed.insert(at, json.as_bytes()[at]);
                plain += usize::from(compare::<E>(&changed, layouts));
            }
        }
        plain
    }
    let plain = [change::<OfRepoList>(LIST), change::<OfInfo>(INFO)];
    assert!(plain.iter().all(|plain| *plain > 500), "{plain:?}");
}

#[test]
fn one_layout_after_another_is_plain() {
    let compact = |json: &str| {
        let value = serde_json::Value::deserialize(&mut serde_json::Deserializer::from_str(json));
        value.unwrap().to_string()
    };
    let layouts = &mut Layouts::default();
    for _ in 0..2 {
        for json in [LIST, &compact(LIST), &LIST.replace("\": ", "\"\t :\r ")] {
            // Keys that are left out, from the end.
            let mut json = json.to_owned();
            for key in ["start", "comment", "command_line", "barchive"] {
                assert!(compare::<OfRepoList>(json.as_bytes(), layouts), "{json}");
                let from = json.find(&format!("\"{key}\"")).unwrap();
                let to = from + json[from..].find(',').unwrap() + 1;
                json.replace_range(from..to, "");
            }
            assert!(compare::<OfRepoList>(json.as_bytes(), layouts), "{json}");
        }
        for json in [INFO, &compact(INFO)] {
            assert!(compare::<OfInfo>(json.as_bytes(), layouts), "{json}");
        }
    }
}

#[test]
fn no_key_stands_there_twice_and_none_is_missing() {
    let layouts = &mut Layouts::default();
    for json in [INFO, LIST] {
        for key in [
            "name",
            "id",
            "start",
            "comment",
            "stats",
            "nfiles",
            "max_archive_size",
        ] {
            let Some(from) = json.find(&format!("\"{key}\"")) else {
                continue;
            };
            let twice = json.replace(&json[from..], &format!("\"{key}\": 0, {}", &json[from..]));
            assert!(!compare::<OfRepoList>(twice.as_bytes(), layouts));
            assert!(!compare::<OfInfo>(twice.as_bytes(), layouts));
            let missing = json.replace(&format!("\"{key}\""), "\"other\"");
            assert!(!compare::<OfRepoList>(missing.as_bytes(), layouts));
            assert!(!compare::<OfInfo>(missing.as_bytes(), layouts));
        }
    }
}

#[test]
fn numbers_are_those_of_json() {
    for (number, whole, any) in [
        ("0", true, true),
        ("12", true, true),
        ("9999999999999999999", true, true),
        ("18446744073709551615", true, true),
        ("18446744073709551616", false, true),
        ("0.5", false, true),
        ("1e99", false, true),
        ("1.25E+2", false, true),
        ("-1", false, true),
        ("1e308", false, true),
        ("1e309", false, false),
        ("00", false, false),
        ("01.5", false, false),
        ("1.", false, false),
        (".5", false, false),
        ("1.e5", false, false),
        ("1e", false, false),
        ("1e+", false, false),
        ("+1", false, false),
        ("1 2", false, false),
        ("0x1", false, false),
        ("true", false, false),
        ("null", false, false),
        ("", false, false),
    ] {
        let layouts = &mut Layouts::default();
        let json = INFO.replace("\"nfiles\": 0", &format!("\"nfiles\": {number}"));
        assert_eq!(compare::<OfInfo>(json.as_bytes(), layouts), whole, "{json}");
        for place in ["0.25", "2.6e-05"] {
            let json = INFO.replace(place, number);
            assert_eq!(compare::<OfInfo>(json.as_bytes(), layouts), any, "{json}");
        }
    }
}
