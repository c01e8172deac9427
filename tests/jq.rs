//! What real jq answers, our filters answer too.
//!
//! jq's answers are recorded, so that the test needs no jq. Record them again,
//! with the jq that is installed, with `BORGQ_WRITE_JQ=1`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use borgq_filter::{Filter, Host, Layout, Value, on_large_stack};
use serde_json::{Value as Json, json};

/// A filter, and why it answers otherwise than jq, if it does.
struct Row {
    filter: String,
    differs: Option<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/jq")
}

fn rows() -> Vec<Row> {
    let text = std::fs::read_to_string(folder().join("filters.jq.txt")).unwrap();
    let mut rows = Vec::new();
    let mut differs = None;
    for line in text.lines() {
        if let Some(reason) = line.strip_prefix("#! ") {
            differs = Some(reason.to_owned());
        } else if !line.is_empty() && !line.starts_with('#') {
            rows.push(Row {
                filter: line.to_owned(),
                differs: differs.take(),
            });
        }
    }
    rows
}

fn documents() -> Vec<(String, PathBuf)> {
    let mut documents: Vec<_> = std::fs::read_dir(folder().join("documents"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (
                path.file_stem().unwrap().to_string_lossy().into_owned(),
                path,
            )
        })
        .collect();
    documents.sort();
    documents
}

/// The lines that came out, and whether the filter failed.
type Answer = (Vec<String>, bool);

/// What our filter gives for each document.
fn ours(filter: &str) -> Vec<Answer> {
    let answers = || {
        let filter = match Filter::compile(filter, &[]) {
            Ok(filter) => filter,
            Err(_) => return vec![(Vec::new(), true); documents().len()],
        };
        let host = || Host {
            now: Value::from(1_740_916_800),
            ..Host::default()
        };
        let answer = |(_, path): (String, PathBuf)| {
            let run = filter.start(host(), []);
            let (document, _) = Value::read_cleaned(&std::fs::read(path).unwrap().into()).unwrap();
            let (mut lines, mut failed) = (Vec::new(), false);
            for output in run.outputs(document) {
                let mut line = Vec::new();
                match output.map(|value| Layout::default().write(&value, &mut line)) {
                    Ok(Ok(())) => lines.push(alike(std::str::from_utf8(&line).unwrap())),
                    _ => failed = true,
                }
            }
            (lines, failed)
        };
        documents().into_iter().map(answer).collect()
    };
    on_large_stack(answers, || ()).unwrap()
}

/// A line with numbers spelled in one way, so that `5.0` and `5` are alike, and
/// with hidden characters escaped, as ours are.
fn alike(line: &str) -> String {
    let mut alike = String::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string_length(rest),
            '-' | '0'..='9' => rest
                .find(|c: char| !matches!(c, '-' | '+' | '.' | 'e' | 'E' | '0'..='9'))
                .unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        rest = after;
        match (first, token.parse::<f64>()) {
            ('-' | '0'..='9', Ok(number)) => write!(alike, "{number:?}").unwrap(),
            ('"', _) => {
                let text: String = serde_json::from_str(token).unwrap();
                write!(alike, "{}", Json::from(text)).unwrap();
            }
            _ => alike.push_str(token),
        }
    }
    alike
}

fn string_length(text: &str) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let end = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        end
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

/// What real jq printed, by filter and document.
fn recorded() -> BTreeMap<(String, String), Answer> {
    let text = std::fs::read_to_string(folder().join("recorded.jsonl")).unwrap();
    let records = text.lines().skip(1).map(|line| {
        let record: Json = serde_json::from_str(line).unwrap();
        let text = |key: &str| record[key].as_str().unwrap().to_owned();
        let lines = record["outputs"].as_array().unwrap();
        let lines = lines.iter().map(|line| line.as_str().unwrap().to_owned());
        let failed = record["failed"].as_bool().unwrap();
        (
            (text("filter"), text("document")),
            (lines.collect(), failed),
        )
    });
    records.collect()
}

/// Runs real jq over everything.
fn record() {
    let version = Command::new("jq").arg("--version").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    let mut text = format!("{}\n", json!({ "jq": version.trim() }));
    for row in rows() {
        for (name, path) in documents() {
            let output = Command::new("jq")
                .env("TZ", "UTC")
                .args(["-c", &row.filter])
                .arg(path)
                .output()
                .unwrap();
            let lines: Vec<_> = std::str::from_utf8(&output.stdout)
                .unwrap()
                .lines()
                .collect();
            let failed = !output.status.success();
            let record = json!({
                "filter": row.filter, "document": name, "outputs": lines, "failed": failed,
            });
            writeln!(text, "{record}").unwrap();
        }
    }
    std::fs::write(folder().join("recorded.jsonl"), text).unwrap();
}

#[test]
fn filters_answer_as_real_jq_does() {
    if std::env::var_os("BORGQ_WRITE_JQ").is_some() {
        record();
    }
    let recorded = recorded();
    let (mut equal, mut wrong) = (0, String::new());
    for row in rows() {
        let mut differences = String::new();
        for ((name, _), ours) in documents().into_iter().zip(ours(&row.filter)) {
            let key = (row.filter.clone(), name);
            let Some((lines, failed)) = recorded.get(&key) else {
                panic!("{} is not recorded: run with BORGQ_WRITE_JQ=1", row.filter);
            };
            let jq = (lines.iter().map(|line| alike(line)).collect(), *failed);
            if ours != jq {
                write!(
                    differences,
                    "  {}\n    jq:   {jq:?}\n    ours: {ours:?}\n",
                    key.1
                )
                .unwrap();
            }
        }
        match (&row.differs, differences.is_empty()) {
            (None, true) => equal += 1,
            (Some(_), false) => {}
            (None, false) => write!(wrong, "{}\n{differences}", row.filter).unwrap(),
            (Some(reason), true) => {
                write!(
                    wrong,
                    "{}\n  does not differ, though: {reason}\n",
                    row.filter
                )
                .unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(equal >= 150, "only {equal} filters are compared");
}

#[test]
fn every_difference_from_jq_has_a_reason() {
    let rows = rows();
    let reasons = rows.iter().filter_map(|row| row.differs.as_ref());
    assert!(reasons.clone().all(|reason| reason.len() > 20));
    assert!(reasons.count() < rows.len() / 8);
}
