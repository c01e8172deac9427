//! The checked-in schemas: fresh, true of what borg prints, and strict.

use std::fs;
use std::path::{Path, PathBuf};

use borgq_json::{Generation, Kind, read};
use jsonschema::{Registry, Resource, ValidationError, Validator};
use proptest::prelude::*;
use serde_json::Value;

use crate::documents::{any_document, example, shapes};
use crate::value::Json;

const NAMES: [&str; 5] = ["create", "repo-list", "repo-info", "info", "borgmatic"];

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas")
}

fn schema(name: &str) -> Value {
    let text = fs::read(directory().join(format!("{name}.json"))).unwrap();
    serde_json::from_slice(&text).unwrap()
}

#[cfg(feature = "schema")]
#[test]
fn the_checked_in_schemas_are_what_the_types_give() {
    for named in borgq_json::schema::all() {
        let path = directory().join(format!("{}.json", named.name));
        let fresh = serde_json::to_string_pretty(&named.schema).unwrap() + "\n";
        if std::env::var_os("BORGQ_WRITE_SCHEMAS").is_some() {
            fs::create_dir_all(directory()).unwrap();
            fs::write(&path, &fresh).unwrap();
        }
        let found = fs::read_to_string(&path).unwrap_or_default();
        let path = path.display();
        assert!(
            found == fresh,
            "{path} is old: run this test with BORGQ_WRITE_SCHEMAS=1"
        );
    }
}

/// References are resolved by file name, without a network.
fn validator(name: &str) -> Validator {
    let resources = NAMES.map(schema).map(|schema| {
        let id = schema["$id"].as_str().unwrap().to_owned();
        (id, Resource::from_contents(schema))
    });
    let registry = Registry::new()
        .extend(resources)
        .unwrap()
        .prepare()
        .unwrap();
    jsonschema::options()
        .with_registry(&registry)
        .build(&schema(name))
        .unwrap()
}

/// serde_json holds no lone surrogates: they become U+FFFD, which is as good
/// for a schema.
fn plain(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Integer(digits) => serde_json::from_str(digits).unwrap(),
        Json::Float(bits) => f64::from_bits(*bits).into(),
        Json::Text(units) => String::from_utf16_lossy(units).into(),
        Json::List(list) => list.iter().map(plain).collect(),
        Json::Object(keys) => keys
            .iter()
            .map(|(key, value)| (key.clone(), plain(value)))
            .collect(),
    }
}

/// What is wrong, as `place: keyword`.
fn faults(error: &ValidationError<'_>) -> String {
    format!("{}: {}", error.instance_path(), error.kind().keyword())
}

#[track_caller]
fn refuses(kind: Kind, generation: Generation, change: impl FnOnce(&mut Json), expected: &str) {
    let validator = validator(kind.name());
    let mut json = example(kind, generation);
    assert!(validator.is_valid(&plain(&json)));
    change(&mut json);
    let json = plain(&json);
    let mut found: Vec<_> = validator
        .iter_errors(&json)
        .map(|error| faults(&error))
        .collect();
    found.dedup();
    assert_eq!(found, [expected]);
}

fn set(path: &'static str, value: Json) -> impl FnOnce(&mut Json) {
    move |json| *json.at(path) = value
}

fn add(path: &'static str, key: &'static str, value: Json) -> impl FnOnce(&mut Json) {
    move |json| {
        json.at(path).keys().insert(key.into(), value);
    }
}

fn remove(path: &'static str, key: &'static str) -> impl FnOnce(&mut Json) {
    move |json| {
        json.at(path).keys().remove(key).expect(key);
    }
}

#[test]
fn every_schema_is_one_of_draft_2020_12() {
    for name in NAMES {
        let schema = schema(name);
        jsonschema::draft202012::meta::validate(&schema).unwrap();
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
        let id = schema["$id"].as_str().unwrap();
        assert!(
            id.starts_with("https://") && id.ends_with(&format!("/{name}.json")),
            "{id}"
        );
    }
}

/// Calls `visit` with every schema in a schema, and where it is.
fn walk(schema: &Value, at: &str, visit: &mut impl FnMut(&str, &Value)) {
    visit(at, schema);
    for (key, value) in schema.as_object().into_iter().flatten() {
        let at = format!("{at}/{key}");
        match key.as_str() {
            "properties" | "$defs" => {
                for (key, value) in value.as_object().unwrap() {
                    walk(value, &format!("{at}/{key}"), visit);
                }
            }
            "anyOf" => value
                .as_array()
                .unwrap()
                .iter()
                .for_each(|value| walk(value, &at, visit)),
            "items" | "additionalProperties" => walk(value, &at, visit),
            _ => {}
        }
    }
}

#[test]
fn everything_is_described_in_standard_words() {
    for name in NAMES {
        walk(&schema(name), name, &mut |at, schema| {
            if at == name || at.contains("$defs") && at.matches('/').count() == 2 {
                assert!(schema["title"].is_string(), "{at} has no title");
            }
            if !at.ends_with("items") && !at.ends_with("additionalProperties") {
                let text = schema["description"].as_str().or(schema["$ref"].as_str());
                assert!(
                    text.is_some_and(|text| text.len() > 5),
                    "{at} is not described"
                );
            }
            assert!(!schema["type"].is_array(), "{at} has a list of types");
            assert_ne!(schema["type"], "null", "{at}");
            assert!(schema["format"].is_null(), "{at} has a format");
        });
    }
}

#[test]
fn every_example_is_valid_for_its_kind_alone() {
    for (kind, generation) in shapes() {
        let json = plain(&example(kind, generation));
        for other in Kind::ALL {
            let valid = validator(other.name()).is_valid(&json);
            assert_eq!(valid, other == kind, "{kind} of {generation} as {other}");
        }
        assert!(validator("borgmatic").is_valid(&Value::Array(vec![json.clone(), json.clone()])));
        assert!(!validator("borgmatic").is_valid(&json));
    }
    assert!(validator("borgmatic").is_valid(&Value::Array(vec![])));
}

#[test]
fn a_mutant_is_refused_by_place_and_keyword() {
    use Generation::{V1, V2, V2Early};
    use Kind::{Create, Info, RepoInfo, RepoList};

    refuses(
        RepoList,
        V1,
        remove("repository", "id"),
        "/repository: required",
    );
    refuses(
        RepoList,
        V2,
        remove("archives.1", "time"),
        "/archives/1: required",
    );
    refuses(
        RepoList,
        V1,
        remove("encryption", "mode"),
        "/encryption: required",
    );
    refuses(
        RepoInfo,
        V2,
        remove("encryption", "id_hash"),
        "/encryption: required",
    );
    refuses(
        Create,
        V1,
        |json| drop(json.keys().remove("archive")),
        ": required",
    );
    refuses(
        Info,
        V2,
        |json| drop(json.keys().remove("cache")),
        ": required",
    );
    refuses(
        Info,
        V1,
        remove("archives.0.stats", "nfiles"),
        "/archives/0/stats: required",
    );
    refuses(
        RepoInfo,
        V1,
        remove("cache.stats", "total_size"),
        "/cache/stats: required",
    );

    refuses(RepoList, V1, set("archives", Json::Null), "/archives: type");
    refuses(
        RepoList,
        V1,
        set("archives.0.name", Json::integer(1)),
        "/archives/0/name: type",
    );
    refuses(
        RepoList,
        V1,
        set("repository.last_modified", Json::Null),
        "/repository/last_modified: type",
    );
    refuses(
        Create,
        V1,
        set("archive.duration", Json::text("1")),
        "/archive/duration: type",
    );
    refuses(
        Create,
        V1,
        set("archive.command_line", Json::Null),
        "/archive/command_line: anyOf",
    );
    refuses(
        Info,
        V2,
        set("archives.0.stats.nfiles", Json::float(1.5)),
        "/archives/0/stats/nfiles: type",
    );
    refuses(
        Info,
        V2,
        set("archives.0.stats.nfiles", Json::integer(-1)),
        "/archives/0/stats/nfiles: minimum",
    );
    refuses(
        Info,
        V2Early,
        set("archives.0.stats.files_stats.A", Json::Null),
        "/archives/0/stats/files_stats/A: type",
    );
    refuses(
        Info,
        V1,
        set("archives.0.chunker_params.1", Json::Null),
        "/archives/0/chunker_params: anyOf",
    );

    refuses(
        RepoList,
        V1,
        set("archives.0.time", Json::text("today")),
        "/archives/0/time: pattern",
    );
    refuses(
        RepoList,
        V1,
        set("archives.0.time", Json::text("2025-13-01T00:00:00")),
        "/archives/0/time: pattern",
    );
    refuses(
        RepoList,
        V1,
        set("archives.0.id", Json::text("22")),
        "/archives/0/id: pattern",
    );

    refuses(
        RepoList,
        V2,
        add("archives.0", "kept", Json::Bool(true)),
        "/archives/0: not",
    );
    refuses(
        RepoInfo,
        V2,
        add("encryption", "mode", Json::text("none")),
        "/encryption: not",
    );
    refuses(
        RepoList,
        V1,
        |json| {
            json.keys().insert("cache".into(), Json::Null);
        },
        ": not",
    );
    refuses(
        Create,
        V2,
        |json| {
            json.keys().insert("dry_run".into(), Json::Bool(true));
        },
        ": not",
    );
}

#[test]
fn what_the_corpus_holds_is_valid() {
    let corpus = crate::corpus::directory();
    if !corpus.exists() {
        return;
    }
    let validators = Kind::ALL.map(|kind| (kind, validator(kind.name())));
    let mut documents = 0;
    for (printed, _) in crate::corpus::files(&corpus) {
        for entry in read(&fs::read(&printed).unwrap()).documents {
            let json = Json::parse(entry.document.to_string().as_bytes());
            for (kind, validator) in &validators {
                let valid = validator.is_valid(&plain(&json));
                assert_eq!(
                    valid,
                    *kind == entry.document.kind(),
                    "{}",
                    printed.display()
                );
            }
            documents += 1;
        }
    }
    assert!(documents > 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_document_is_valid((kind, _, json) in any_document()) {
        let json = plain(&json);
        let errors: Vec<_> = validator(kind.name()).iter_errors(&json)
            .map(|error| faults(&error)).collect();
        prop_assert_eq!(errors, Vec::<String>::new());
    }
}
