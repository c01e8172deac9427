//! The lines of `--log-json`, as every recorded tool prints them.

use std::collections::BTreeSet;

use borgq_json::log::{Level, LogLine, Said, read_log};
use proptest::prelude::*;

use crate::value::Json;

/// Every standard error of the corpus, with its folder and name.
fn recorded() -> Vec<(String, Vec<u8>)> {
    let corpus = crate::corpus::directory();
    let mut files = Vec::new();
    for folder in std::fs::read_dir(corpus).unwrap() {
        let folder = folder.unwrap().path();
        for file in folder.read_dir().into_iter().flatten() {
            let path = file.unwrap().path();
            if path
                .extension()
                .is_some_and(|extension| extension == "stderr")
            {
                files.push((path.display().to_string(), std::fs::read(path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

fn json(input: &[u8]) -> Vec<LogLine> {
    let lines = read_log(input).into_iter();
    lines
        .filter_map(|line| match line.said {
            Said::Json(line) => Some(line),
            Said::Text(_) => None,
        })
        .collect()
}

#[test]
fn every_recorded_line_is_typed_and_written_back() {
    let mut types = BTreeSet::new();
    for (name, log) in recorded() {
        for line in log.split(|byte| *byte == b'\n') {
            if line.trim_ascii().is_empty() {
                continue;
            }
            let read = &read_log(line)[0].said;
            if !line.starts_with(b"{\"") {
                assert!(matches!(read, Said::Text(text) if text.to_bytes() == line.trim_ascii()));
                continue;
            }
            let Said::Json(read) = read else {
                panic!("{name}: {}", String::from_utf8_lossy(line));
            };
            let mut printed = Json::parse(line);
            let Json::Text(kind) = printed.at("type") else {
                panic!("{name}");
            };
            let kind = String::from_utf16(kind).unwrap();
            let fits = match read {
                LogLine::Message(_) => kind == "log_message",
                LogLine::ProgressMessage(_) => kind == "progress_message",
                LogLine::ProgressPercent(_) => kind == "progress_percent",
                LogLine::ArchiveProgress(_) => kind == "archive_progress",
                LogLine::FileStatus(_) => kind == "file_status",
                LogLine::Question(_) => kind.starts_with("question_"),
                _ => false,
            };
            assert!(fits, "{name}: {read:?}");
            assert_eq!(*read.type_name().unwrap(), *kind);
            types.insert(kind);
            let written = serde_json::to_vec(read).unwrap();
            assert_eq!(Json::parse(&written), printed, "{name}");
        }
    }
    let types: Vec<_> = types.iter().map(String::as_str).collect();
    assert_eq!(
        types,
        [
            "archive_progress",
            "file_status",
            "log_message",
            "progress_message",
            "progress_percent",
            "question_accepted_false",
            "question_env_answer",
            "question_invalid_answer",
            "question_prompt",
        ]
    );
}

#[test]
fn no_recorded_line_has_a_key_that_the_models_do_not_know() {
    for (name, log) in recorded() {
        for line in json(&log) {
            let unknown = match &line {
                LogLine::Message(line) => &line.unknown,
                LogLine::ProgressMessage(line) => &line.unknown,
                LogLine::ProgressPercent(line) => &line.unknown,
                LogLine::ArchiveProgress(line) => &line.unknown,
                LogLine::FileStatus(line) => &line.unknown,
                LogLine::Question(line) => &line.unknown,
                _ => panic!("{name}: {line:?}"),
            };
            assert!(unknown.is_empty(), "{name}: {unknown:?}");
        }
    }
}

#[test]
fn each_failure_has_its_id_in_every_version() {
    let mut seen = 0;
    for (name, log) in recorded() {
        let (_, scenario) = name.rsplit_once("--").unwrap();
        let ids: &[&str] = match scenario.trim_end_matches(".stderr") {
            "logged-no-repository" => &["Repository.DoesNotExist"],
            "logged-wrong-passphrase" => &["PassphraseWrong"],
            "logged-locked" | "logged-locked-modern" => &["LockTimeout"],
            "logged-question-no" | "logged-question-end" => {
                &["Cache.RepositoryAccessAborted", "RepositoryAccessAborted"]
            }
            _ => continue,
        };
        let log = json(&log);
        let errors: Vec<_> = log
            .iter()
            .filter_map(|line| match line {
                LogLine::Message(message) if message.level() >= Level::Error => message.id(),
                _ => None,
            })
            .collect();
        assert_eq!(errors.len(), 1, "{name}");
        assert!(
            ids.iter().any(|id| *errors[0] == **id),
            "{name}: {errors:?}"
        );
        seen += 1;
    }
    assert_eq!(seen, 5 * 4 + 3 + 1);
}

#[test]
fn what_is_not_known_is_kept() {
    let line =
        |json: &str| serde_json::from_str::<LogLine>(json).map_err(|error| error.to_string());
    for (json, id) in [
        (
            r#"{"type":"log_message","levelname":"LOUD","message":"x","msgid":"New.Id","more":[{"a":null}]}"#,
            Some("New.Id"),
        ),
        (
            r#"{"type":"question_later","message":"when?","msgid":null,"due":1e3}"#,
            None,
        ),
        (r#"{"levelname":"INFO","message":"caf\udce9"}"#, None),
        (r#"{"type":"weather","message":5}"#, None),
    ] {
        let read = line(json).unwrap();
        assert_eq!(read.message_id().map(|id| id.as_str().unwrap()), id);
        assert_eq!(serde_json::to_string(&read).unwrap().len(), json.len());
        let written = serde_json::to_vec(&read).unwrap();
        assert_eq!(Json::parse(&written), Json::parse(json.as_bytes()));
    }
    assert_eq!(
        line("{}").unwrap_err(),
        "the keys `type` and `levelname` are missing, expected a log line"
    );
    let twice =
        line(r#"{"type":"log_message","type":"log_message","levelname":"INFO","message":""}"#);
    assert_eq!(
        twice.unwrap_err(),
        "found the key `type` twice, expected it once at line 1 column 28"
    );
    let text = br#"{"type":"log_message","levelname":5,"message":""}"#;
    assert!(matches!(&read_log(text)[0].said, Said::Text(kept) if kept.to_bytes() == &text[..]));
}

proptest! {
    #[test]
    fn any_bytes_are_kept_line_by_line(input: Vec<u8>) {
        let log = read_log(&input);
        let newlines = input.iter().filter(|byte| **byte == b'\n').count();
        for line in log {
            prop_assert!((1..=newlines + 1).contains(&line.line));
            if let Said::Text(text) = line.said {
                let bytes = text.to_bytes().into_owned();
                prop_assert!(input.windows(bytes.len()).any(|window| window == bytes));
            }
        }
    }
}
