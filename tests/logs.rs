//! What borg and borgmatic logged, in findings and in `borgq inspect`.

use std::process::Command;

use serde_json::Value;

use crate::cases::{self, Case};
use crate::program::run;

const NOW: &str = "2025-03-03T12:00:00Z";

/// A capture of the recorded run, with its own exit status and outputs.
fn capture(case: &Case) -> Vec<u8> {
    let base = format!("{}/tests/corpus/{}", env!("CARGO_MANIFEST_DIR"), case.name);
    let script = "cat \"$1.out\"; cat \"$1.stderr\" >&2; exit \"$2\"";
    let output = Command::new(env!("CARGO_BIN_EXE_borgq"))
        .args(["capture", "--", "sh", "-c", script, "sh", &base])
        .arg(case.truth["exit_status"].to_string())
        .env("TZ", case.timezone())
        .output()
        .unwrap();
    assert_eq!(
        output.status.code().map(Value::from),
        Some(case.truth["exit_status"].clone())
    );
    output.stdout
}

fn findings(capture: &[u8]) -> Vec<(String, String, String)> {
    let said = run(&["check", "--output", "json"], capture, NOW);
    let answer: Value = serde_json::from_str(&said.out).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let findings = answer["findings"].as_array().unwrap().iter();
    findings
        .map(|one| {
            (
                text(&one["code"]),
                text(&one["message_id"]),
                text(&one["text"]),
            )
        })
        .collect()
}

#[test]
fn errors_and_warnings_are_findings_in_borgs_words_with_their_ids() {
    let mut seen = 0;
    for case in cases::all() {
        let (_, scenario) = case.name.split_once("--").unwrap();
        let one = case.name.starts_with("borg-1.1.18") || case.name.starts_with("borg-1.2.9");
        let (code, id, words): (&str, &str, &str) = match scenario {
            // Warnings have ids since borg 1.4.
            "logged-vanished" if one => ("run-warning", "", "No such file or directory"),
            "logged-vanished" => (
                "run-warning",
                "BackupFileNotFoundError",
                "No such file or directory",
            ),
            "logged-no-repository" => ("run-failed", "Repository.DoesNotExist", "does not exist."),
            "logged-wrong-passphrase" => ("run-failed", "PassphraseWrong", "is incorrect."),
            "logged-locked" | "logged-locked-modern" => {
                ("locked", "LockTimeout", "create/acquire the lock")
            }
            "logged-question-no" | "logged-question-end" => {
                ("run-failed", "RepositoryAccessAborted", "access aborted")
            }
            "logged-question-env" | "logged-progress" => {
                assert_eq!(findings(&capture(&case)), [], "{}", case.name);
                continue;
            }
            _ => continue,
        };
        let found = findings(&capture(&case));
        assert_eq!(found.len(), 1, "{}: {found:?}", case.name);
        let (found_code, found_id, text) = &found[0];
        assert_eq!(found_code, code, "{}", case.name);
        assert!(found_id.ends_with(id), "{}: {found_id}", case.name);
        assert!(
            text.contains(words) && text.contains(found_id.as_str()),
            "{}: {text}",
            case.name
        );
        seen += 1;
    }
    assert_eq!(seen, 5 * 5 + 3 + 1);
}

#[test]
fn a_warning_counts_though_the_run_succeeded() {
    let document = crate::documents::list("web", &[("web-2", "2025-03-03T02:00:00")]).to_string();
    let line = |level: &str, more: &str| {
        format!("{{\"type\": \"log_message\", \"levelname\": {level:?}, {more}}}\n")
    };
    let stderr = line("INFO", "\"message\": \"fine\"")
        + &line(
            "WARNING",
            "\"message\": \"no|tty\\u001b\", \"msgid\": \"A.B\"",
        )
        .repeat(2)
        + "plain text\n"
        + &line("LOUD", "\"message\": \"what\"");
    let captured = |stderr: &str| {
        Command::new(env!("CARGO_BIN_EXE_borgq"))
            .args([
                "capture",
                "--",
                "sh",
                "-c",
                "printf '%s' \"$1\"; printf '%s' \"$2\" >&2",
                "sh",
            ])
            .args([&document, stderr])
            .env("TZ", "UTC")
            .output()
            .unwrap()
            .stdout
    };
    let capture = captured(&stderr);
    let warned = |state: &[&str]| run(&[&["check"], state].concat(), &capture, NOW);
    let said = warned(&[]);
    assert_eq!(said.status, 1, "{}", said.out);
    assert_eq!(
        said.out.matches("warning A.B: no").count(),
        2,
        "{}",
        said.out
    );
    assert!(
        !said.out.contains('\u{1b}') && said.out.lines().next().unwrap().matches('|').count() == 1
    );
    assert_eq!(warned(&["--state", "logged-warning=ok"]).status, 0);
    // What was read is complete.
    assert_eq!(run(&["last"], &capture, NOW).status, 0);
    let failed = captured(&line("ERROR", "\"message\": \"lost\""));
    assert_eq!(run(&["check"], &failed, NOW).status, 1);
    let refused = run(&["check", "--state", "logged-error=ok"], &failed, NOW);
    assert!(refused.status == 3 && refused.out.contains("logged-error cannot be OK"));
    // Very many do not bury the rest.
    let many: String = (0..500)
        .map(|n| line("WARNING", &format!("\"message\": \"file {n}\"")))
        .collect();
    let said = run(&["check"], &captured(&many), NOW);
    assert!(
        said.out.contains("more errors and warnings were logged"),
        "{}",
        said.out
    );
    assert!(said.out.lines().count() < 20);
}

#[test]
fn inspect_shows_the_log() {
    let name = "borgmatic-2.1.10+borg-1.4.5/repo-list--logged-broken-config-of-two";
    let cases = cases::all();
    let case = cases.iter().find(|case| case.name == name).unwrap();
    let answer = run(&["inspect", "--json"], &capture(case), NOW).json();
    let first = &answer["log"][0];
    assert_eq!(first["stream"], "stderr");
    assert_eq!(first["level"], "error");
    assert_eq!(first["message_id"], "Repository.DoesNotExist");
    let text = run(&["inspect"], &capture(case), NOW).out;
    let row = text
        .lines()
        .find(|line| line.contains("Repository.DoesNotExist"));
    assert!(row.unwrap().contains("gone does not exist."), "{text}");
    // borgmatic logs on standard output too, before its array.
    let case = cases
        .iter()
        .find(|case| case.name.ends_with("1.4.5/repo-list--log-json"));
    let answer = run(&["inspect", "--json"], &case.unwrap().printed, NOW).json();
    assert_eq!(answer["log"][0]["stream"], "stdout");
    assert_eq!(answer["log"][0]["level"], "info");
}
