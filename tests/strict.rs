//! The JSON of the answers, read as a program would that knows these keys and no others.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _};
use serde_json::Value;

use crate::cases::{self, Case};
use crate::corpus::{LATER, is_whole};
use crate::program::run;

/// An object with these keys, of which those behind the semicolon may be absent.
/// Nothing is ever `null`.
macro_rules! strict {
    ($Name:ident { $($key:ident: $Type:ty),* $(,)? ; $($maybe:ident: $Maybe:ty),* $(,)? }) => {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        #[allow(dead_code, reason = "that a key can be read is what is tested")]
        struct $Name {
            $($key: $Type,)*
            $(#[serde(default, deserialize_with = "present")] $maybe: Option<$Maybe>,)*
        }
    };
}

fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// RFC 3339 in UTC with `Z`, with a fraction only if it is not zero.
struct Time;

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let (whole, fraction) = match text.strip_suffix('Z').and_then(|text| text.split_once('.')) {
            Some((whole, fraction)) => (format!("{whole}Z"), fraction),
            None => (text.clone(), "1"),
        };
        let shape: String = whole
            .chars()
            .map(|c| if c.is_ascii_digit() { '0' } else { c })
            .collect();
        let good = shape == "0000-00-00T00:00:00Z"
            && fraction.chars().all(|c| c.is_ascii_digit())
            && !fraction.chars().all(|c| c == '0');
        match text.parse::<DateTime<Utc>>() {
            Ok(_) if good => Ok(Self),
            _ => Err(D::Error::custom(format!("{text:?} is no time"))),
        }
    }
}

strict!(Problem { code: String, text: String; source: String });
strict!(Repository { id: String, location: String; label: String });
strict!(Last { format: String, version: u32, now: Time, backups: Vec<Backup>, problems: Vec<Problem> ; });
strict!(Backup { repository: Repository ; group: String, archive: Archive, age_seconds: f64 });
strict!(Archive {
    id: String, name: String, time: Time, series: String, complete: bool ;
    other_time: Time, host: String, user: String, comment: String, tags: Vec<String>, start: Time,
    end: Time, duration_seconds: f64, original_size: u64, compressed_size: u64, deduplicated_size: u64,
    files: u64, command_line: String, cwd: String, chunker_params: String, tam: String,
    metadata_ratio: f64, chunking_seconds: f64, hashing_seconds: f64,
    files_by_status: BTreeMap<String, u64>, store: BTreeMap<String, Value>,
});
strict!(Archives { format: String, version: u32, now: Time, archives: Vec<Listed>, problems: Vec<Problem> ; });
strict!(Listed {
    repository_id: String, id: String, name: String, time: Time, series: String, complete: bool ;
    left_out: String, other_time: Time, host: String, user: String, comment: String, tags: Vec<String>,
    start: Time, end: Time, duration_seconds: f64, original_size: u64, compressed_size: u64,
    deduplicated_size: u64, files: u64, command_line: String, cwd: String, chunker_params: String,
    tam: String, metadata_ratio: f64, chunking_seconds: f64, hashing_seconds: f64,
    files_by_status: BTreeMap<String, u64>, store: BTreeMap<String, Value>,
});
strict!(Repos { format: String, version: u32, now: Time, repositories: Vec<Summary>, problems: Vec<Problem> ; });
strict!(Summary {
    id: String, location: String, generation: String, encryption: String ;
    label: String, archives: u64, complete_archives: u64, newest: Time, oldest: Time, id_hash: String,
    key_file: String, last_modified: Time, original_size: u64, compressed_size: u64,
    deduplicated_size: u64, unique_size: u64, chunks: u64, unique_chunks: u64,
});
strict!(Inspect {
    format: String, version: u32, now: Time, documents: Vec<Found>, skipped: Vec<Part>,
    log: Vec<Logged>, problems: Vec<Problem> ;
});
strict!(Found {
    source: String, line: u64, column: u64, length: u64, encoding: String, kind: String,
    generation: String, in_array: bool, repository_id: String, location: String, unknown_keys: Vec<String> ;
    label: String, archives: u64,
});
strict!(Logged {
    source: String, stream: String, line: u64, r#type: String ;
    level: String, message_id: String, message: String,
});
strict!(Part { source: String, line: u64, column: u64, length: u64, kind: String, sample: String ; });

/// The answer of a command about a case, read strictly.
#[track_caller]
fn answer<T: DeserializeOwned>(command: &str, case: &Case) -> T {
    let args = [
        command,
        "--json",
        "--now",
        LATER,
        "--timezone",
        case.timezone(),
    ];
    let said = run(&args, &case.printed, LATER);
    let value = said.json();
    assert_eq!(value["format"], command);
    assert_eq!(value["version"], 1);
    assert_eq!(value["now"], LATER);
    serde_json::from_str(&said.out)
        .unwrap_or_else(|error| panic!("{command} of {}: {error}", case.name))
}

#[test]
fn every_answer_about_the_corpus_has_the_keys_that_are_promised() {
    for case in cases::all() {
        let last: Last = answer("last", &case);
        for backup in &last.backups {
            assert_eq!(
                backup.archive.is_some(),
                backup.age_seconds.is_some(),
                "{}",
                case.name
            );
            assert_eq!(backup.group, None);
        }
        let archives: Archives = answer("archives", &case);
        for archive in &archives.archives {
            let expected = (!archive.complete).then_some("checkpoint");
            assert_eq!(archive.left_out.as_deref(), expected, "{}", case.name);
        }
        let repos: Repos = answer("repos", &case);
        for repository in &repos.repositories {
            let (newest, oldest) = (&repository.newest, &repository.oldest);
            let some = repository.complete_archives.is_some_and(|count| count > 0);
            assert_eq!(
                (newest.is_some(), oldest.is_some()),
                (some, some),
                "{}",
                case.name
            );
            assert_eq!(
                repository.archives.is_some(),
                repository.complete_archives.is_some()
            );
        }
        let inspect: Inspect = answer("inspect", &case);
        assert_eq!(
            inspect.documents.len(),
            case.documents().len(),
            "{}",
            case.name
        );
        for (found, truth) in inspect.documents.iter().zip(case.documents()) {
            assert_eq!(truth["kind"], *found.kind, "{}", case.name);
            assert_eq!(truth["generation"], *found.generation, "{}", case.name);
            assert_eq!(
                truth["repository"]["id"], *found.repository_id,
                "{}",
                case.name
            );
            assert_eq!(found.unknown_keys, [""; 0], "{}", case.name);
        }
    }
}

/// The documents of a case that any reader of JSON can read.
fn printed(case: &Case) -> Vec<Value> {
    match serde_json::from_slice(&case.printed) {
        Ok(Value::Array(documents)) => documents,
        Ok(document) => vec![document],
        Err(_) => vec![],
    }
}

/// What borg printed of an archive, by our names. `None` is absent.
fn values(archive: &Value) -> [(&'static str, Option<Value>); 19] {
    let of = |keys: &[&str]| {
        let found = keys
            .iter()
            .find_map(|key| archive.pointer(&format!("/{key}")));
        found.cloned()
    };
    let tags = of(&["tags"]).map(|tags| match tags.as_str() {
        Some(joined) => joined.split(',').filter(|tag| !tag.is_empty()).collect(),
        None => tags,
    });
    let chunker = of(&["chunker_params"]).map(|params| {
        let word = |param: &Value| param.to_string().replace('"', "");
        params
            .as_array()
            .unwrap()
            .iter()
            .map(word)
            .collect::<Vec<_>>()
            .join(",")
            .into()
    });
    [
        ("id", of(&["id"])),
        ("name", of(&["barchive", "name"])),
        ("host", of(&["hostname"])),
        ("user", of(&["username"])),
        ("comment", of(&["bcomment", "comment"])),
        ("tags", tags),
        ("duration_seconds", of(&["duration"])),
        ("original_size", of(&["stats/original_size", "size"])),
        ("compressed_size", of(&["stats/compressed_size"])),
        ("deduplicated_size", of(&["stats/deduplicated_size"])),
        ("files", of(&["stats/nfiles", "nfiles"])),
        ("cwd", of(&["cwd"])),
        ("chunker_params", chunker),
        ("tam", of(&["tam"])),
        ("metadata_ratio", of(&["limits/max_archive_size"])),
        ("chunking_seconds", of(&["stats/chunking_time"])),
        ("hashing_seconds", of(&["stats/hashing_time"])),
        ("files_by_status", of(&["stats/files_stats"])),
        ("store", of(&["stats/store_stats"])),
    ]
}

#[test]
fn every_value_that_borg_gave_of_an_archive_has_one_name_and_no_other_is_there() {
    let mut compared = 0;
    for case in cases::all().iter().filter(|case| is_whole(case)) {
        let documents = printed(case);
        let args = ["archives", "--json", "--timezone", case.timezone()];
        let listed = run(&args, &case.printed, LATER).json()["archives"].clone();
        // Two documents may say more of an archive than either alone.
        let [document] = documents.as_slice() else {
            continue;
        };
        let archives = document["archives"].as_array().cloned().unwrap_or_default();
        for archive in archives.iter().chain(document.get("archive")) {
            let same = |listed: &&Value| listed["id"] == archive["id"];
            let ours = listed.as_array().unwrap().iter().find(same).unwrap();
            for (key, given) in values(archive) {
                // The corpus' truth says what these are.
                let bytes = match key {
                    "host" => archive.get("hostname_b64"),
                    "user" => archive.get("username_b64"),
                    _ => None,
                };
                if bytes.is_none() {
                    assert_eq!(ours.get(key), given.as_ref(), "{}: {key}", case.name);
                }
            }
            for key in ["start", "end"] {
                assert_eq!(
                    ours.get(key).is_some(),
                    archive.get(key).is_some(),
                    "{}: {key}",
                    case.name
                );
            }
            let command = archive.get("command_line").is_some();
            assert_eq!(ours.get("command_line").is_some(), command, "{}", case.name);
            compared += 1;
        }
    }
    assert!(compared > 2000, "only {compared} archives");
}

#[test]
fn the_totals_of_a_repository_are_those_that_borg_printed() {
    let mut compared = 0;
    for case in cases::all().iter().filter(|case| is_whole(case)) {
        let documents = printed(case);
        for document in &documents {
            let id = document["repository"]["id"].as_str().unwrap();
            let about = |document: &&Value| document["repository"]["id"] == id;
            // Two documents may say more of a repository than either alone.
            if documents.iter().filter(about).count() > 1 {
                continue;
            }
            let repos: Value = run(
                &["repos", "--json", "--timezone", case.timezone(), "-r", id],
                &case.printed,
                LATER,
            )
            .json();
            let ours = &repos["repositories"][0];
            let totals = &document["cache"]["stats"];
            for (key, theirs) in [
                ("original_size", "total_size"),
                ("compressed_size", "total_csize"),
                ("deduplicated_size", "unique_csize"),
                ("unique_size", "unique_size"),
                ("chunks", "total_chunks"),
                ("unique_chunks", "total_unique_chunks"),
            ] {
                assert_eq!(ours.get(key), totals.get(theirs), "{}: {key}", case.name);
            }
            let encryption = &document["encryption"];
            let mode = encryption.get("mode").or(encryption.get("encryption"));
            assert_eq!(ours.get("encryption"), mode, "{}", case.name);
            assert_eq!(ours.get("id_hash"), encryption.get("id_hash"));
            assert_eq!(ours.get("key_file"), encryption.get("keyfile"));
            let label = document["repository"]
                .get("label")
                .filter(|label| *label != "");
            assert_eq!(ours.get("label"), label);
            compared += 1;
        }
    }
    assert!(compared > 500, "only {compared} documents");
}

#[test]
fn a_time_has_the_fraction_that_borg_printed() {
    let list = include_str!("../crates/json/examples/repo-list.json");
    for (printed, said) in [
        ("02:00:00.000000", "02:00:00Z"),
        ("02:00:00.120000", "02:00:00.120000Z"),
        ("02:00:00.5", "02:00:00.5Z"),
        ("02:00:00", "02:00:00Z"),
        ("02:00:00.000000001", "02:00:00.000000001Z"),
    ] {
        let list = list.replace("02:00:00.000000", printed);
        let answer = run(&["last", "--json"], list.as_bytes(), LATER).json();
        let time = &answer["backups"][0]["archive"]["time"];
        assert_eq!(time, &format!("2025-03-02T{said}"));
    }
}
