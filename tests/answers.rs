//! What the answers look like to people.

use crate::program::run;

const NOW: &str = "2025-03-02T12:00:00Z";
const LIST: &[u8] = include_bytes!("../crates/json/examples/repo-list.json");

#[test]
fn last_is_a_table_with_ages() {
    let said = run(&["last"], LIST, NOW);
    assert_eq!(
        said.out,
        "REPOSITORY   LAST ARCHIVE    TIME                  AGE\n\
         /backup/web  web-2025-03-02  2025-03-02T02:00:00Z  10h\n"
    );
    let said = run(&["last", "--group-by", "series"], LIST, NOW);
    assert_eq!(
        said.out,
        "REPOSITORY   SERIES  LAST ARCHIVE    TIME                  AGE\n\
         /backup/web  web-*   web-2025-03-02  2025-03-02T02:00:00Z  10h\n"
    );
}

#[test]
fn hostile_names_cannot_steer_a_terminal_or_a_plugin() {
    let evil = r"a\u001b[2J\n|x=1\u202e";
    let list = String::from_utf8_lossy(LIST).replace("web-2025-03-02", evil);
    for command in [
        &["last"][..],
        &["archives"],
        &["repos"],
        &["inspect"],
        &["check"],
        &["gaps", "--group-by", "series", "--slots", "daily"],
        &["backtest", "-w", "20h"],
        &["sizes"],
        &["diff", "crates/json/examples/repo-list.json", "-"],
        &["diff", "-", "crates/json/examples/repo-list.json"],
    ] {
        let said = run(command, list.as_bytes(), NOW);
        assert!(
            !said.out.contains(['\u{1b}', '\u{202e}']),
            "{command:?}: {:?}",
            said.out
        );
        assert!(!said.out.contains("\n|"), "{command:?}: {:?}", said.out);
    }
    let said = run(&["check"], list.as_bytes(), NOW);
    assert_eq!(said.out.matches('|').count(), 1, "{}", said.out);
    assert!(
        run(&["last"], list.as_bytes(), NOW)
            .out
            .contains(r"a\x1b[2J\n|x=1\u{202e}")
    );
}

#[test]
fn a_group_that_the_input_does_not_name_is_a_problem() {
    let said = run(&["last", "--json", "--group-by", "host"], LIST, NOW);
    assert_eq!(said.status, 3);
    assert_eq!(said.json()["problems"][0]["code"], "no-group");
}

#[test]
fn what_is_missing_is_said_and_what_is_there_is_answered() {
    let cut = [LIST, &LIST[..500]].concat();
    let said = run(&["last", "--json"], &cut, NOW);
    assert_eq!(said.status, 3);
    assert_eq!(said.json()["backups"][0]["age_seconds"], 36_000);
    assert_eq!(said.json()["problems"][0]["code"], "truncated");
    assert!(
        said.err
            .starts_with("borgq: standard input: the input ends within a document"),
        "{}",
        said.err
    );
}

#[test]
fn the_same_repository_read_twice_counts_once() {
    let twice = [LIST, LIST].concat();
    let said = run(&["archives", "--json"], &twice, NOW);
    assert_eq!(said.json()["archives"].as_array().unwrap().len(), 2);
}

#[test]
fn repo_info_alone_answers_repos_but_not_last() {
    let info = include_bytes!("corpus/borg-1.4.5/repo-info--thirty.out");
    let said = run(&["repos", "--json"], info, NOW);
    assert_eq!(said.status, 0, "{}", said.err);
    assert!(said.json()["repositories"][0].get("archives").is_none());
    assert!(said.json()["repositories"][0]["deduplicated_size"].is_u64());
    for command in ["last", "archives"] {
        let said = run(&[command, "--json"], info, NOW);
        assert_eq!(said.status, 3);
        assert_eq!(said.json()["problems"][0]["code"], "no-archive-list");
    }
    assert!(run(&["check"], info, NOW).out.starts_with("BORG UNKNOWN: "));
}

#[test]
fn a_dry_run_made_nothing() {
    let dry = include_bytes!("corpus/borg-2.0.0b25/create--dry-run.out");
    let said = run(&["last", "--json"], dry, NOW);
    assert_eq!(said.status, 1);
    assert_eq!(said.json()["problems"][0]["code"], "dry-run");
    assert_ne!(run(&["check"], dry, NOW).status, 0);
}

#[test]
fn a_command_is_run_without_a_shell_and_its_failure_counts() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/crates/json/examples/repo-list.json"
    );
    let said = run(&["last", "--json", "--", "cat", file], b"", NOW);
    assert_eq!(said.status, 0, "{}", said.err);
    assert_eq!(said.json()["backups"][0]["age_seconds"], 36_000);
    for (script, status, code) in [
        ("cat $0; exit 1", 0, "run-warning"),
        ("cat $0; exit 107", 0, "run-warning"),
        ("cat $0; exit 2", 3, "run-failed"),
        ("echo '['; cat $0; echo ']'; exit 1", 3, "run-failed"),
        ("echo Repository is gone >&2; exit 2", 3, "run-failed"),
        ("exit 1", 3, "run-failed"),
        ("kill -9 $$", 3, "run-failed"),
        ("true", 3, "empty"),
    ] {
        let said = run(
            &["last", "--json", "--", "sh", "-c", script, file],
            b"",
            NOW,
        );
        assert_eq!(said.status, status, "{script}: {}", said.err);
        assert_eq!(said.json()["problems"][0]["code"], code, "{script}");
    }
    let said = run(&["last", "--", "no-such-borg"], b"", NOW);
    assert_eq!(said.status, 3);
    assert_eq!(
        said.err,
        "borgq: no-such-borg: cannot run \"no-such-borg\": there is no such program\n"
    );
}

#[test]
fn a_directory_is_its_json_files_and_a_broken_one_hides_no_other() {
    let folder = std::env::temp_dir().join(format!("borgq-answers-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("good.json"), LIST).unwrap();
    std::fs::write(folder.join("bad.json"), &LIST[..300]).unwrap();
    std::fs::write(folder.join("notes.txt"), "no document").unwrap();
    let said = run(&["last", "--json", folder.to_str().unwrap()], b"", NOW);
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(said.status, 3);
    assert_eq!(said.json()["backups"].as_array().unwrap().len(), 1);
    assert_eq!(said.json()["problems"].as_array().unwrap().len(), 1);
    let said = run(&["last", "/nonexistent/file"], b"", NOW);
    assert_eq!(said.status, 3);
    assert_eq!(
        said.err,
        "borgq: /nonexistent/file: cannot be read: No such file or directory (os error 2)\n"
    );
}

#[test]
fn inspect_says_how_the_input_was_understood() {
    let list = String::from_utf8_lossy(LIST)
        .replace("\"label\"", "")
        .replace("\"name\"", "\"weight\": 3, \"name\"");
    let noisy = format!("Remote: welcome\n{list}\nterminating\n");
    let said = run(&["inspect", "--json"], noisy.as_bytes(), NOW);
    let answer = said.json();
    assert_eq!(said.status, 0);
    assert_eq!(answer["documents"][0]["kind"], "repo-list");
    assert_eq!(answer["documents"][0]["generation"], "1.x");
    assert_eq!(answer["documents"][0]["line"], 2);
    assert_eq!(
        answer["documents"][0]["unknown_keys"][0],
        "archives[].weight"
    );
    assert_eq!(answer["skipped"][0]["sample"], "Remote: welcome");
    assert_eq!(answer["skipped"][1]["sample"], "terminating");
    assert!(
        run(&["inspect"], noisy.as_bytes(), NOW)
            .out
            .contains("unknown keys: archives[].weight")
    );
    let cut = run(&["inspect"], &LIST[..300], NOW);
    assert_eq!(
        (cut.status, cut.out.as_str()),
        (3, "standard input (utf-8):\n")
    );
}

#[test]
fn inspect_can_look_at_some_repositories_and_at_another_time() {
    let two = include_bytes!("corpus/borgmatic-2.1.10+borg-1.4.5/repo-list--two-utc.out");
    let inspect = |args: &[&str]| run(&[&["inspect", "--json"], args].concat(), two, NOW);
    let labels = |args: &[&str]| -> Vec<String> {
        let documents = inspect(args).json()["documents"].take();
        let label = |document: &serde_json::Value| document["label"].as_str().unwrap().to_owned();
        documents.as_array().unwrap().iter().map(label).collect()
    };
    assert_eq!(labels(&[]), ["first", "zweites ä"]);
    assert_eq!(labels(&["-r", "zweites ä"]), ["zweites ä"]);
    assert_eq!(labels(&["-r", "sh:/srv/corpus/*/one"]), ["first"]);
    let none = inspect(&["-r", "third"]);
    assert_eq!(none.status, 1);
    assert_eq!(none.json()["problems"][0]["code"], "nothing-matched");
    let args = ["--now", "2025-03-01T02:00:00", "--timezone", "+01:00"];
    assert_eq!(inspect(&args).json()["now"], "2025-03-01T01:00:00Z");
}
