//! What errors say, word for word.

use borgq_json::{self as model, Document, Generation, Kind, read};
use serde::Deserialize;

use crate::documents::{example, shapes};
use crate::value::Json;

/// A document with one change, on one line. What it says of the place is
/// asserted elsewhere.
#[track_caller]
fn says(kind: Kind, generation: Generation, change: impl FnOnce(&mut Json), expected: &str) {
    let mut json = example(kind, generation);
    change(&mut json);
    let error = Document::from_slice(json.print(false).as_bytes()).unwrap_err();
    let (line, column) = error.line_and_column().unwrap();
    let place = format!("(line {line}, column {column})");
    assert_eq!(error.to_string().replace(&place, "(…)"), expected);
    assert_eq!(error.kind(), Some(kind));
}

#[track_caller]
fn refuses(json: &str, expected: &str) {
    assert_eq!(
        Document::from_slice(json.as_bytes())
            .unwrap_err()
            .to_string(),
        expected
    );
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

use Generation::{V1, V2, V2Early};
use Kind::{Create, Info, RepoInfo, RepoList};

#[test]
fn a_value_of_another_type_is_named_by_its_path() {
    says(
        Info,
        V1,
        set("archives.0.stats.nfiles", Json::text("many")),
        "info document: archives[0].stats.nfiles (…): found \"many\", expected a whole number \
         from 0 to 18446744073709551615",
    );
    says(
        Info,
        V1,
        set("archives.0.stats.nfiles", Json::integer(-1)),
        "info document: archives[0].stats.nfiles (…): found `-1`, expected a whole number \
         from 0 to 18446744073709551615",
    );
    says(
        Info,
        V2,
        set("archives.0.stats.nfiles", Json::Null),
        "info document: archives[0].stats.nfiles (…): found null, expected a whole number \
         from 0 to 18446744073709551615",
    );
    says(
        RepoInfo,
        V1,
        set("cache.stats.unique_csize", Json::integer(1_u128 << 64)),
        "repo-info document: cache.stats.unique_csize (…): found `1.8446744073709552e+19`, \
         expected a whole number from 0 to 18446744073709551615",
    );
    says(
        RepoList,
        V2,
        set("archives.1.time", Json::text("yesterday")),
        "repo-list document: archives[1].time (…): found \"yesterday\", expected a time such as \
         2025-03-01T02:00:00.000000 or 2025-03-01T02:00:00.000000+01:00",
    );
    says(
        RepoList,
        V1,
        set("archives.1.id", Json::text("22")),
        "repo-list document: archives[1].id (…): found \"22\", expected an id of 64 lower-case \
         hexadecimal digits",
    );
    says(
        Create,
        V1,
        set("archive.command_line", Json::integer(5)),
        "create document: archive.command_line (…): found `5`, expected a text or a list",
    );
    says(
        Create,
        V1,
        set("archive.command_line.1", Json::Bool(true)),
        "create document: archive.command_line[1] (…): found `true`, expected a text",
    );
    says(
        Create,
        V1,
        set("archive.duration", Json::text("1")),
        "create document: archive.duration (…): found \"1\", expected a number",
    );
    says(
        Info,
        V2,
        set("archives.0.chunker_params.1", Json::Bool(true)),
        "info document: archives[0].chunker_params[1] (…): found true, expected the name of a \
         chunker or a whole number",
    );
    says(
        RepoList,
        V1,
        set("archives", Json::object([])),
        "repo-list document: archives (…): found an object, expected a list",
    );
    says(
        RepoList,
        V1,
        set("repository", Json::List(vec![])),
        "repo-list document: repository (…): found a list, expected a repository object",
    );
    says(
        RepoList,
        V1,
        set("archives.0.name", Json::List(vec![])),
        "repo-list document: archives[0].name (…): found a list, expected a text",
    );
    let stats = Json::object([("a\n\u{202e}", Json::Null)]);
    says(
        Create,
        V2,
        add("archive.stats", "store_stats", stats),
        "create document: archive.stats.store_stats.a\\n\\u{202e} (…): found null, expected a \
         number, true or false",
    );
}

#[test]
fn a_missing_key_is_named() {
    says(
        RepoList,
        V1,
        remove("repository", "id"),
        "repo-list document: repository (…): the key `id` is missing",
    );
    says(
        RepoList,
        V1,
        remove("archives.1", "time"),
        "repo-list document: archives[1] (…): the key `time` is missing",
    );
    says(
        RepoList,
        V1,
        remove("encryption", "mode"),
        "repo-list document: encryption (…): the key `mode` is missing (or `encryption` and \
         `id_hash`)",
    );
    says(
        RepoInfo,
        V2,
        remove("encryption", "id_hash"),
        "repo-info document: encryption (…): the key `id_hash` is missing beside `encryption`",
    );
    says(
        Create,
        V2,
        |json| {
            json.keys().remove("archive");
            json.keys().insert("dry_run".into(), Json::Bool(false));
        },
        "create document: (…): the key `archive` is missing",
    );
    says(
        RepoInfo,
        V1,
        remove("repository", "last_modified"),
        "repo-info document: (…): the key `repository.last_modified` is missing, and nothing \
         else tells borg 1.x from 2",
    );
    says(
        Info,
        V2,
        remove("archives.0", "time"),
        "info document: (…): the key `time` is missing in an archive beside \
         `encryption.encryption` (borg 2)",
    );
}

#[test]
fn a_contradiction_is_named() {
    let instant = || Json::text("2025-03-01T02:00:00.000000+01:00");
    says(
        RepoList,
        V1,
        set("archives.1.time", instant()),
        "repo-list document: (…): found the time 2025-03-01T02:00:09.000000 without an offset \
         (borg 1.x) beside 2025-03-01T02:00:00.000000+01:00 with one (borg 2), expected a \
         document of one version",
    );
    says(
        Create,
        V2Early,
        add("archive", "time", instant()),
        "create document: (…): found `time` in an archive beside `encryption.mode`, expected \
         `start` alone",
    );
    says(
        RepoInfo,
        V2,
        add("encryption", "mode", Json::text("none")),
        "repo-info document: encryption (…): found `mode` beside `encryption` or `id_hash`, \
         expected one or the other",
    );
    says(
        RepoList,
        V2,
        set("archives.0.archive", Json::text("other\u{1b}")),
        "repo-list document: archives[0] (…): found the name \"web\" and the archive \
         \"other\\u001b\", expected them to be equal",
    );
    says(
        RepoList,
        V2,
        add("archives.0", "kept", Json::Bool(true)),
        "repo-list document: archives[0] (…): found the key `kept`: this is a list of borg \
         prune, which also names archives that it deletes; expected a repo-list document",
    );
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    let json = example(RepoList, V2).print(false);
    let twice = |from: &str, to: &str| {
        let text = json.replacen(from, to, 1);
        assert_ne!(text, json);
        Document::from_slice(text.as_bytes())
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        twice("\"location\":", "\"location\": \"\", \"location\":"),
        "repo-list document: repository (line 1, column 501): found the key `location` \
         twice, expected it once"
    );
    assert_eq!(
        twice("\"location\":", "\"x\": 1, \"x\": null, \"location\":"),
        "repo-list document: repository (line 1, column 486): found the key `x` twice, \
         expected it once"
    );
}

#[test]
fn what_is_no_document_is_told_what_is_understood() {
    let understood = "expected one of borg's documents: create (`archive`), repo-list \
        (`archives`), info (`archives` and `cache`) or repo-info (`security_dir`), each with \
        `repository`";
    refuses(
        "{}",
        &format!("the object is none of borg's documents, {understood}"),
    );
    refuses(
        r#"{"type": "log_message", "message": ""}"#,
        &format!("the object is none of borg's documents, {understood}"),
    );
    refuses(
        r#"{"archive": {}, "archives": []}"#,
        &format!("the object has keys of several kinds of documents at once, {understood}"),
    );
    refuses(
        r#"{"source_directories": [], "repositories": []}"#,
        &format!(
            "this is borgmatic's configuration, which can hold passphrases and proves no backup, \
             {understood}"
        ),
    );
}

#[test]
fn what_is_no_json_is_told_where() {
    refuses(
        "",
        "the input ends within a document (line 1, column 1), expected its last bracket",
    );
    refuses(
        "{\"archives\": [\n",
        "the input ends within a document (line 2, column 1), expected its last bracket",
    );
    refuses(
        "{\n  x}",
        "not valid JSON (line 2, column 3): key must be a string",
    );
    refuses(
        "{} {}",
        "found more after the document (line 1, column 4), expected its end",
    );
    refuses(
        "[]",
        "this is no document (line 1, column 1): found a list, expected an object",
    );
}

#[test]
fn long_values_are_cut_short() {
    let mut json = example(RepoList, V1);
    *json.at("archives.0.time") = Json::text(&"x".repeat(100_000));
    let error = Document::from_slice(json.print(false).as_bytes())
        .unwrap_err()
        .to_string();
    assert!(
        error.ends_with(
            "x…, expected a time such as 2025-03-01T02:00:00.000000 or \
        2025-03-01T02:00:00.000000+01:00"
        ),
        "{error}"
    );
    assert!(error.len() < 600);
}

#[test]
fn places_count_from_the_beginning_of_the_input() {
    let mut json = example(RepoList, V1);
    *json.at("archives.1.name") = Json::integer(7);
    let printed = json.print(true);
    let (line, column) = {
        let before = &printed[..printed.find(": 7").unwrap() + 3];
        (
            before.matches('\n').count() + 1,
            before.len() - before.rfind('\n').unwrap() - 1,
        )
    };
    let error = Document::from_slice(printed.as_bytes()).unwrap_err();
    assert_eq!(error.path(), Some("archives[1].name"));
    assert_eq!(error.line_and_column(), Some((line, column)));

    let reading = read(format!("a\nb [{printed}]").as_bytes());
    let problem = &reading.problems[0];
    assert_eq!(
        problem.text,
        format!(
            "repo-list document: archives[1].name (line {}, column {column}): found `7`, \
             expected a text",
            line + 1
        )
    );
    assert_eq!(problem.position.unwrap().to_string(), "line 2, column 4");

    let reading = read(format!("a\nb [{}", json.print(false)).as_bytes());
    let column = json.print(false).find(": 7").unwrap() + 3 + 3;
    assert_eq!(
        reading.problems[0].text,
        format!(
            "repo-list document: archives[1].name (line 2, column {column}): found `7`, \
             expected a text"
        )
    );
    let end = 5 + json.print(false).len() - 1;
    assert_eq!(
        reading.problems[1].text,
        format!(
            "the input ends within a list of documents (line 2, column {end}), expected its \
             last bracket"
        )
    );
}

#[test]
fn the_path_counts_every_archive() {
    let mut json = example(Info, V2);
    let archive = json.at("archives.0").clone();
    *json.at("archives") = Json::List(vec![archive; 18]);
    *json.at("archives.17.stats.nfiles") = Json::float(1.5);
    let error = Document::from_slice(json.print(true).as_bytes()).unwrap_err();
    assert_eq!(error.path(), Some("archives[17].stats.nfiles"));
}

/// The path, as another library finds it.
fn path_of<'de, T: Deserialize<'de>>(json: &'de str) -> Option<String> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let read = serde_path_to_error::deserialize::<_, T>(&mut deserializer);
    let path = read.err()?.path().to_string();
    Some(path.trim_start_matches('.').to_owned())
}

#[test]
fn every_value_has_the_path_that_another_library_finds() {
    let mut paths = std::collections::BTreeSet::new();
    for (kind, generation) in shapes() {
        let printed = example(kind, generation).print(false);
        let places = printed.match_indices([':', '[', ',']).map(|(at, _)| at + 1);
        for at in places {
            // A value of another type, before what was there.
            for wrong in ["null,", "[[]],\"x\":", "{\"y\":{}},\"x\":", "-1.5,\"x\":"] {
                let mut json = printed.clone();
                json.insert_str(at, wrong);
                if serde_json::from_str::<serde::de::IgnoredAny>(&json).is_err() {
                    continue;
                }
                let expected = match kind {
                    Create => path_of::<model::Create>(&json),
                    RepoList => path_of::<model::RepoList>(&json),
                    RepoInfo => path_of::<model::RepoInfo>(&json),
                    Info => path_of::<model::Info>(&json),
                    _ => unreachable!("{kind:?}"),
                };
                let found = Document::from_slice(json.as_bytes());
                match found.as_ref().map_err(|error| (error.kind(), error.path())) {
                    Ok(_) => assert_eq!(expected, None, "{json}"),
                    Err((Some(found), path)) if found == kind => {
                        assert_eq!(path.or(Some("")), expected.as_deref(), "{json}");
                        paths.extend(expected);
                    }
                    // It looks like something else.
                    Err(_) => {}
                }
            }
        }
    }
    assert!(paths.len() > 60, "{paths:?}");
}
