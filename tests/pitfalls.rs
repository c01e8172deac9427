//! What monitoring scripts for borg get wrong, one test each.

use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};

use crate::cases;
use crate::documents::{info, labelled, list, list_of_borg_2};
use crate::perfdata;
use crate::program::{Said, run};

/// All of them: the number, and the test that covers it.
const ALL: &[(u8, fn())] = &[
    (1, a_repository_that_cannot_be_listed_is_not_ok),
    (2, an_empty_repository_is_critical),
    (3, a_limit_that_is_none_is_unknown),
    (4, every_repository_of_the_array_is_judged),
    (5, an_array_of_a_failed_run_is_no_proof),
    (6, a_checkpoint_is_no_backup),
    (7, an_archive_of_the_future_is_no_proof),
    (8, a_repository_that_was_touched_is_not_backed_up),
    (9, an_old_input_is_noticed),
    (10, no_backup_and_nothing_matched_are_two_findings),
    (11, what_vanished_is_missing_and_has_no_value),
    (12, an_age_is_a_span_and_no_date),
    (13, the_ends_of_limits_are_exact),
    (14, local_times_are_taken_in_their_zone),
    (15, times_with_and_without_offset_are_read),
    (16, the_last_archive_is_a_maximum),
    (17, documents_are_joined_by_id),
    (18, sizes_are_exact_and_each_is_itself),
    (19, a_broken_document_breaks_no_other),
    (20, many_archives_are_read),
    (21, noise_around_documents_is_skipped),
    (22, bytes_that_are_not_utf8_blind_nobody),
    (23, borg_2_is_understood),
    (24, vocabularies_are_open),
    (25, names_forge_nothing),
    (26, no_shell_is_asked),
    (27, reduced_listings_are_understood),
    (28, wrong_usage_is_unknown_on_standard_output),
    (29, performance_data_is_exact),
    (30, a_lock_is_a_state_of_its_own),
    (31, metrics_are_as_their_collector_wants_them),
    (32, a_report_of_errors_is_no_success),
    (33, secrets_are_not_printed),
];

#[test]
fn each_pitfall_has_a_test_of_its_own() {
    let numbers: Vec<_> = ALL.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (1..=33).collect::<Vec<_>>());
    for (at, (_, test)) in ALL.iter().enumerate() {
        let twice = ALL[at + 1..]
            .iter()
            .any(|(_, other)| std::ptr::fn_addr_eq(*other, *test));
        assert!(!twice, "{}", at + 1);
    }
}

const NOW: &str = "2025-03-10T12:00:00Z";
const FRESH: (&str, &str) = ("web-2", "2025-03-10T02:00:00");
const OLD: (&str, &str) = ("web-1", "2024-05-10T02:00:00");

#[track_caller]
fn check(args: &[&str], input: &Value) -> Said {
    check_text(args, &input.to_string())
}

#[track_caller]
fn check_text(args: &[&str], input: &str) -> Said {
    let said = run(&[&["check_borg"], args].concat(), input.as_bytes(), NOW);
    assert_eq!(said.err, "");
    let word = ["OK", "WARNING", "CRITICAL", "UNKNOWN"][usize::from(said.status)];
    let first = said.out.lines().next().unwrap();
    assert!(first.starts_with(&format!("BORG {word}: ")), "{first}");
    said
}

#[track_caller]
fn says(said: &Said, status: u8, text: &str) {
    assert!(
        said.status == status && said.out.contains(text),
        "{} {}",
        said.status,
        said.out
    );
}

/// A command that prints this, says that on standard error, and ends so.
fn command<'a>(out: &'a str, err: &'a str, status: &'a str) -> [&'a str; 8] {
    [
        "--",
        "sh",
        "-c",
        "printf %s \"$1\"; echo \"$2\" >&2; exit \"$3\"",
        "sh",
        out,
        err,
        status,
    ]
}

#[test]
fn a_repository_that_cannot_be_listed_is_not_ok() {
    says(&check_text(&[], ""), 3, "the input is empty");
    says(
        &check_text(&["/nonexistent.json"], ""),
        3,
        "/nonexistent.json: cannot be read: ",
    );
    let said = check_text(&command("", "Repository /gone does not exist.", "2"), "");
    says(&said, 3, "the repository does not exist (exit status 2)");
    assert!(
        said.out
            .contains("[run-failed]\n  Repository /gone does not exist.\n"),
        "{}",
        said.out
    );
}

#[test]
fn an_empty_repository_is_critical() {
    says(
        &check(&[], &list("web", &[])),
        2,
        "/srv/web: there is no backup [no-backup]",
    );
}

#[test]
fn a_limit_that_is_none_is_unknown() {
    let old = list("web", &[OLD]);
    for limit in [
        "nonsense", "", "30:10", "26x", "ages=26h", "1h:2h:3h", "~", ":",
    ] {
        let said = check(&["-w", limit, "-c", limit], &old);
        assert_eq!(
            (said.status, said.out.lines().count()),
            (3, 1),
            "{limit}: {}",
            said.out
        );
    }
}

#[test]
fn every_repository_of_the_array_is_judged() {
    let (fresh, dead) = (list("web", &[FRESH]), list("db", &[OLD]));
    let both = labelled(&[("first", &fresh), ("second", &dead)]);
    let said = check(&[], &both);
    assert!(
        said.out
            .starts_with("BORG CRITICAL: second: last backup 304d 10h old (limit 50h) | "),
        "{}",
        said.out
    );
    says(
        &check(&[], &labelled(&[("first", &fresh)])),
        0,
        "1 repository backed up",
    );
    says(&check(&[], &json!([])), 3, "");
}

#[test]
fn an_array_of_a_failed_run_is_no_proof() {
    let one = labelled(&[("first", &list("web", &[FRESH]))]).to_string();
    says(
        &check_text(&command(&one, "second: Error running actions", "1"), ""),
        3,
        "[run-failed]",
    );
    says(&check_text(&command(&one, "", "0"), ""), 0, "");
    // borg's own warning is none of the kind.
    let list = list("web", &[FRESH]).to_string();
    says(
        &check_text(&command(&list, "a warning", "1"), ""),
        1,
        "[run-warning]\n  a warning\n",
    );
    says(
        &check_text(&command(&list, "", "104"), ""),
        1,
        "[run-warning]",
    );
    says(&check_text(&command(&list, "", "2"), ""), 3, "[run-failed]");
}

#[test]
fn a_checkpoint_is_no_backup() {
    let with = |name| info("web", &[("web-1", OLD.1, 1, 1), (name, FRESH.1, 1, 1)]);
    for name in ["web-2.checkpoint", "web-2.checkpoint.1"] {
        says(&check(&[], &with(name)), 2, "304d 10h old");
        let alone = list("web", &[(name, FRESH.1)]);
        says(
            &check(&[], &alone),
            2,
            "no complete backup, only 1 interrupted [checkpoint-only]",
        );
    }
    for name in ["web.checkpoint-not", "x.checkpoint.x", "checkpoint"] {
        says(&check(&[], &with(name)), 0, "");
    }
    let mut create = info("web", &[("web-2.checkpoint", FRESH.1, 1, 1)]);
    create["archive"] = create["archives"][0].take();
    create.as_object_mut().unwrap().remove("archives");
    for key in ["comment", "hostname", "username", "chunker_params"] {
        create["archive"].as_object_mut().unwrap().remove(key);
    }
    says(&check(&[], &create), 2, "[checkpoint-only]");
}

#[test]
fn an_archive_of_the_future_is_no_proof() {
    let future = ("web-9", "2031-01-01T00:00:00");
    says(&check(&[], &list("web", &[future])), 2, "[no-backup]");
    says(&check(&[], &list("web", &[OLD, future])), 2, "304d 10h old");
    says(&check(&[], &list("web", &[FRESH, future])), 1, "[future]");
    // Clocks differ a little.
    says(
        &check(&[], &list("web", &[("web", "2025-03-10T12:04:59")])),
        0,
        "0s old",
    );
    says(
        &check(
            &["--state", "future=critical"],
            &list("web", &[FRESH, future]),
        ),
        2,
        "[future]",
    );
}

#[test]
fn a_repository_that_was_touched_is_not_backed_up() {
    let old = list("web", &[OLD]);
    says(&check(&[], &old), 2, "304d 10h old");
    let said = check(&["--touched-since", "30d", "-w", "400d"], &old);
    says(
        &said,
        1,
        "/srv/web was written to 304d 9h after its newest complete archive [touched-since]",
    );
    says(
        &check(&["--touched-since", "1d"], &list("web", &[FRESH])),
        0,
        "",
    );
}

#[test]
fn an_old_input_is_noticed() {
    let path = std::env::temp_dir().join(format!("borgq-old-{}.json", std::process::id()));
    std::fs::write(&path, list("web", &[FRESH]).to_string()).unwrap();
    let judged = |made: u64| {
        let made = SystemTime::UNIX_EPOCH + Duration::from_secs(made);
        std::fs::File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(made)
            .unwrap();
        check_text(&["-c", "input-age=1d", path.to_str().unwrap()], "")
    };
    let now = 1_741_608_000;
    says(&judged(now - 86_401), 2, "the input is 1d old [input-old]");
    says(&judged(now - 86_400), 0, "input_age=86400s;;86400;0");
    says(
        &judged(now + 3_600),
        3,
        "is dated in the future [input-old]",
    );
    // Of several the oldest one is named.
    let newer = path.with_extension("newer");
    std::fs::copy(&path, &newer).unwrap();
    let file = std::fs::File::options().write(true).open(&newer).unwrap();
    let made = SystemTime::UNIX_EPOCH + Duration::from_secs(now - 60);
    file.set_modified(made).unwrap();
    judged(now - 86_401);
    let files = [newer.to_str().unwrap(), path.to_str().unwrap()];
    let said = check_text(&[&["-c", "input-age=1d"], &files[..]].concat(), "");
    let named = format!("{} is 1d old [input-old]", path.display());
    assert!(said.out.contains(&named), "{}", said.out);
    std::fs::remove_file(&newer).unwrap();
    std::fs::remove_file(&path).unwrap();
    let said = check(&["-c", "input-age=1d"], &list("web", &[FRESH]));
    says(
        &said,
        3,
        "standard input does not say when it was made [input-old]",
    );
}

#[test]
fn no_backup_and_nothing_matched_are_two_findings() {
    let fresh = list("web", &[FRESH]);
    says(
        &check(&["-a", "sh:db-*"], &fresh),
        3,
        "none of 1 archives matches [nothing-matched]",
    );
    says(
        &check(&["-r", "db"], &fresh),
        3,
        "none of the repositories matches (1 were read) [nothing-matched]",
    );
    says(
        &check(&["-a", "sh:db-*"], &list("web", &[])),
        2,
        "[no-backup]",
    );
}

#[test]
fn what_vanished_is_missing_and_has_no_value() {
    let fresh = labelled(&[("web", &list("web", &[FRESH]))]);
    let said = check(&["--expect", "web", "--expect", "db"], &fresh);
    says(&said, 2, "db is expected and missing");
    assert!(!said.out.contains("db_age"));
    // Whoever cannot be reached has no size, rather than none.
    let unreachable = command("", "ssh: connect to host db: Connection refused", "2");
    let said = check_text(
        &[&["-c", "repository-size=1GB"][..], &unreachable].concat(),
        "",
    );
    says(&said, 3, "the host of the repository cannot be reached");
    assert!(!said.out.contains("size"), "{}", said.out);
    says(
        &check(&["--expect-repositories", "3"], &fresh),
        2,
        "3 repositories are expected, 2 missing",
    );
    says(
        &check(&["--expect", "web", "--expect-repositories", "1"], &fresh),
        0,
        "",
    );
    says(
        &check(&["--expect", "sh:w*", "--expect", "/srv/web"], &fresh),
        0,
        "",
    );
}

#[test]
fn an_age_is_a_span_and_no_date() {
    let said = check(&["-w", "1h", "-c", "99d"], &list("web", &[FRESH]));
    says(&said, 1, "oldest_age=36000s;3600;8553600;0");
}

#[test]
fn the_ends_of_limits_are_exact() {
    let rows = [
        (&["-w", "10h"][..], 0),
        (&["-w", "35999"], 1),
        (&["-c", "0"], 2),
        (&["-w", "0"], 1),
        (&["-w", "20h", "-c", "9h"], 2),
        (&["-w", "10h:"], 0),
        (&["-w", "10h1s:"], 1),
        (&["-c", "@10h"], 2),
        (&["-c", "@9h:9h59m59s"], 0),
    ];
    for (limits, status) in rows {
        let said = check(limits, &list("web", &[FRESH]));
        assert_eq!(said.status, status, "{limits:?}: {}", said.out);
    }
}

#[test]
fn local_times_are_taken_in_their_zone() {
    let berlin = cases::known("Europe/Berlin");
    let age = |time: &str, now: &str| {
        let list = list("web", &[("web", time)]);
        let said = run(
            &["last", "--json", "--timezone", berlin, "--now", now],
            list.to_string().as_bytes(),
            NOW,
        );
        said.json()["backups"][0]["age_seconds"].as_i64()
    };
    // The clock was set forward between: 25 hours by the clock are 24.
    assert_eq!(
        age("2025-03-29T12:00:00", "2025-03-30T11:00:00Z"),
        Some(24 * 3600)
    );
    // It was shown twice, and the second time it is not yet.
    assert_eq!(
        age("2025-10-26T02:30:00", "2025-10-26T00:40:00Z"),
        Some(600)
    );
    assert_eq!(
        age("2025-10-26T02:30:00", "2025-10-26T01:40:00Z"),
        Some(4200)
    );
    assert_eq!(age("2025-03-30T02:30:00", "2025-03-30T11:00:00Z"), None);
}

#[test]
fn times_with_and_without_offset_are_read() {
    for (time, age) in [
        ("2025-03-10T02:00:00.000000", "10h old"),
        ("2025-03-10T02:00:00.000000+00:00", "10h old"),
        ("2025-03-10T02:00:00.250000+05:30", "15h 29m old"),
    ] {
        let mut list = list("web", &[FRESH]);
        list["archives"][0]["time"] = time.into();
        list["archives"][0]["start"] = time.into();
        list["repository"]["last_modified"] = time.into();
        if time.contains('+') {
            list["archives"][0]
                .as_object_mut()
                .unwrap()
                .remove("barchive");
        }
        says(&check(&[], &list), 0, age);
    }
}

#[test]
fn the_last_archive_is_a_maximum() {
    let middle = ("web-3", "2025-01-01T00:00:00");
    for archives in [
        [FRESH, OLD, middle],
        [OLD, FRESH, middle],
        [OLD, middle, FRESH],
    ] {
        says(
            &check(&["-v"], &list("web", &archives)),
            0,
            "last backup web-2 at 2025-03-10T02:00:00Z, 10h old",
        );
    }
    // Equal names, in the order that borg prune lists, and turned.
    let mut series = vec![("web", FRESH.1), ("web", middle.1), ("web", OLD.1)];
    for _ in 0..3 {
        series.rotate_left(1);
        says(
            &check(&["--group-by", "series"], &list_of_borg_2("web", &series)),
            0,
            "last backup web at 2025-03-10T02:00:00Z, 10h old",
        );
    }
}

#[test]
fn documents_are_joined_by_id() {
    let (web, db) = (list("web", &[FRESH]), list("db", &[OLD]));
    let (web_info, db_info) = (
        info("web", &[(FRESH.0, FRESH.1, 7, 1)]),
        info("db", &[(OLD.0, OLD.1, 9, 1)]),
    );
    let mut input = json!([web, db, db_info, web_info]);
    let said = run(&["repos", "--json"], input.to_string().as_bytes(), NOW).json();
    let repositories = said["repositories"].as_array().unwrap();
    assert_eq!(repositories.len(), 2);
    let said = run(&["last", "--json"], input.to_string().as_bytes(), NOW).json();
    assert_eq!(said["backups"][0]["archive"]["original_size"], 7);
    assert_eq!(said["backups"][1]["archive"]["original_size"], 9);
    // The one without a second document shifts nothing.
    input.as_array_mut().unwrap().pop();
    let said = run(&["last", "--json"], input.to_string().as_bytes(), NOW).json();
    let sizes = [0, 1].map(|at| &said["backups"][at]["archive"]["original_size"]);
    assert_eq!(sizes, [&Value::Null, &json!(9)]);
}

#[test]
fn sizes_are_exact_and_each_is_itself() {
    let size = 9_007_199_254_740_993;
    let info = info("web", &[("web-2", FRESH.1, size, 12)]);
    let said = check(
        &[
            "-w",
            "original-size=1kB:",
            "-w",
            "deduplicated-size=1KiB:",
            "-w",
            "repository-size=5MB",
        ],
        &info,
    );
    says(&said, 0, &format!("original_size={size}B;1000:;;0"));
    assert!(
        said.out
            .contains(&format!("deduplicated_size={}B;1024:;;0", size / 2)),
        "{}",
        said.out
    );
    assert!(
        said.out.contains("repository_size=5000000B;5000000;;0"),
        "{}",
        said.out
    );
    let repos = run(&["repos", "--json"], info.to_string().as_bytes(), NOW).json();
    assert_eq!(repos["repositories"][0]["original_size"], 7);
    assert_eq!(repos["repositories"][0]["unique_size"], 4);
    says(
        &check(&["-w", "original-size=1k:"], &info),
        3,
        "\"k\" is ambiguous",
    );
}

#[test]
fn a_broken_document_breaks_no_other() {
    let mut broken = list("broken", &[FRESH]);
    broken["archives"][0]["time"] = "yesterday".into();
    let input = format!(
        "{}\n{broken}\n{}\n",
        list("web", &[FRESH]),
        list("db", &[OLD])
    );
    let said = check_text(&[], &input);
    says(&said, 2, "/srv/db: last backup");
    assert!(
        said.out.contains("archives[0].time") && said.out.contains("[unreadable]"),
        "{}",
        said.out
    );
    assert!(
        said.out.contains("OK: /srv/web: last backup web-2"),
        "{}",
        said.out
    );
}

#[test]
fn many_archives_are_read() {
    let names: Vec<_> = (0..10_000)
        .map(|n| {
            (
                format!("web-{n}"),
                format!("{}-01-01T00:00:00", 1970 + n % 55),
            )
        })
        .collect();
    let archives: Vec<_> = names
        .iter()
        .map(|(name, time)| (name.as_str(), time.as_str()))
        .collect();
    let list = list("web", &archives);
    let began = Instant::now();
    let said = check(&["-c", "archives=10000:", "-w", "500d"], &list);
    assert!(began.elapsed() < Duration::from_secs(10));
    says(&said, 0, "archives=10000;;10000:;0");
}

#[test]
fn noise_around_documents_is_skipped() {
    let list = list("web", &[FRESH]);
    for noise in [
        "Warning: Attempting to access a previously unknown unencrypted repository!",
        "Welcome to backup.example.org!\n* * *",
        "Remote: 12 %\rRemote: 99 %\r",
        r#"{"type": "log_message", "levelname": "WARNING", "message": "x", "name": "borg", "time": 1.0}"#,
        "/etc/borgmatic/config.yaml: Running repo-list for repository",
        "\u{feff}",
    ] {
        says(&check_text(&[], &format!("{noise}\n{list}\n")), 0, "");
        says(&check_text(&[], &format!("{noise}\r{list}\n")), 0, "");
        says(&check_text(&[], &format!("{list}\n{noise}\n")), 0, "");
        says(
            &check_text(
                &[],
                &format!("{list}\n{noise}\n{}", crate::documents::list("db", &[OLD])),
            ),
            2,
            "/srv/db",
        );
    }
}

#[test]
fn bytes_that_are_not_utf8_blind_nobody() {
    let list = list("web", &[FRESH])
        .to_string()
        .replace("web-2", r"w\udcffb");
    says(&check_text(&[], &list), 0, "last backup w\u{fffd}b at");
    let mut info = info("web", &[(FRESH.0, FRESH.1, 7, 1)]);
    info["archives"][0]["comment"] = "ODD".into();
    info["archives"][0]["command_line"] = json!(["borg", "create", "/srv/ODD"]);
    let info = info.to_string().replace("ODD", r"\udcff\udc80");
    says(&check_text(&["-c", "files=1:"], &info), 0, "");
}

#[test]
fn borg_2_is_understood() {
    let cases: Vec<_> = cases::all()
        .into_iter()
        .filter(|case| case.name.ends_with("/info--one-kolkata"))
        .collect();
    assert!(
        cases
            .iter()
            .filter(|case| case.name.contains("2.0.0"))
            .count()
            >= 2
    );
    for case in cases {
        let later = case.archives()[0].1["time"]
            .as_str()
            .unwrap()
            .replace("2025", "2026");
        let args = [
            "check",
            "--now",
            &later,
            "-c",
            "9999d",
            "-w",
            "original-size=1:",
            "--timezone",
            case.timezone(),
        ];
        says(&run(&args, &case.printed, NOW), 0, "365d");
        // What borg 2 does not say is not zero.
        let size = run(
            &[&args[..], &["-w", "repository-size=1:"]].concat(),
            &case.printed,
            NOW,
        );
        let expected = if case.name.contains("2.0.0") { 3 } else { 0 };
        assert_eq!(size.status, expected, "{}: {}", case.name, size.out);
    }
}

#[test]
fn vocabularies_are_open() {
    let mut list = list("web", &[FRESH]);
    list["encryption"]["mode"] = "repokey-blake9".into();
    list["something"] = json!({"new": [1, null]});
    says(&check(&[], &list), 0, "");
    let line = r#"{"type": "log_message", "levelname": "INFO", "message": "x", "msgid": "Brand.New", "name": "borg", "time": 1.0}"#;
    says(
        &check_text(&command(&list.to_string(), line, "0"), ""),
        0,
        "",
    );
}

#[test]
fn names_forge_nothing() {
    for name in [
        "x | age=0s",
        "x\nBORG OK: fine | x=1",
        "a'b\"c=d;e::f",
        "\u{1b}[2J\u{9b}1m\u{202e}",
        "'",
        "=",
        "|",
    ] {
        let list = list(&format!("{name}/{name}"), &[(name, OLD.1)]);
        for group in ["repository", "series"] {
            let said = check(&["--group-by", group], &list);
            assert_eq!(said.status, 2);
            let (first, rest) = said.out.split_once('\n').unwrap();
            assert_eq!(perfdata::items(first).len(), 7, "{first}");
            assert!(!rest.contains('|') && !rest.contains("\nBORG"), "{rest}");
            assert!(
                !said.out.contains(['\u{1b}', '\u{9b}', '\u{202e}', '\r']),
                "{:?}",
                said.out
            );
        }
        for question in ["last", "archives", "repos", "inspect"] {
            let said = run(&[question], list.to_string().as_bytes(), NOW);
            let all = said.out + &said.err;
            assert!(
                !all.contains(['\u{1b}', '\u{9b}', '\u{202e}', '\r']),
                "{all:?}"
            );
        }
    }
}

#[test]
fn no_shell_is_asked() {
    let said = check_text(&["--", "echo", "$(exit 7); `exit 8` | exit 9 && {}"], "");
    says(&said, 3, "");
    let said = check_text(&["--", "no such program; exit 0"], "");
    says(&said, 3, "there is no such program");
}

#[test]
fn reduced_listings_are_understood() {
    let narrow: Vec<_> = cases::all()
        .into_iter()
        .filter(|case| case.name.contains("repo-list--format-"))
        .collect();
    assert!(narrow.len() >= 8, "{}", narrow.len());
    for case in narrow {
        let args = ["check", "-c", "99999d", "--timezone", case.timezone()];
        says(&run(&args, &case.printed, NOW), 0, "backed up");
    }
}

#[test]
fn wrong_usage_is_unknown_on_standard_output() {
    for args in [
        &["--nonsense"][..],
        &["-t", "soon"],
        &["-t", "0"],
        &["--state", "no-backup=ok"],
        &["--state", "nonsense=warning"],
        &["--explain", "nonsense"],
        &["--expect-file", "/nonexistent"],
        &["--expect-repositories", "many"],
        &["-w"],
        &["-w", "1h", "-w", "2h"],
    ] {
        let said = run(&[&["check_borg"], args].concat(), b"", NOW);
        assert_eq!((said.status, said.err.as_str()), (3, ""), "{args:?}");
        assert!(
            said.out.starts_with("BORG UNKNOWN: "),
            "{args:?}: {}",
            said.out
        );
        assert_eq!(said.out.lines().count(), 1, "{args:?}: {}", said.out);
    }
    for args in [["check_borg", "--help"], ["check_borg", "-V"]] {
        assert_eq!(run(&args, b"", NOW).status, 3);
    }
}

#[test]
fn performance_data_is_exact() {
    for case in cases::all() {
        for group in ["repository", "series"] {
            let args = [
                "check",
                "--group-by",
                group,
                "--timezone",
                case.timezone(),
                "-w",
                "files=1:",
                "-c",
                "original-size=~:1GB",
                "-w",
                "size-change=@-5:5",
                "--perfdata-limit",
                "5",
            ];
            let said = run(&args, &case.printed, "2026-01-01T00:00:00Z");
            let first = said.out.lines().next().unwrap();
            if let Some((_, rest)) = first.split_once('|') {
                assert!(!rest.contains('|'));
                perfdata::items(first);
            }
            assert!(said.out.len() <= 8192);
        }
    }
}

#[test]
fn a_lock_is_a_state_of_its_own() {
    let lock = "Failed to create/acquire the lock /srv/web/lock.exclusive (timeout).";
    says(
        &check_text(&command("", lock, "2"), ""),
        3,
        "the repository is locked (exit status 2)",
    );
    says(&check_text(&command("", "", "73"), ""), 3, "[locked]");
    let said = check_text(
        &[&["--state", "locked=warning"][..], &command("", lock, "73")].concat(),
        "",
    );
    // No group at all was judged.
    assert_eq!(said.status, 3);
}

#[test]
fn metrics_are_as_their_collector_wants_them() {
    use borgq_report::exposition::{Exposition, Family};
    let name = "borg_last_archive_timestamp_seconds";
    let mut family = Family::gauge(name, "When the last archive was made.").unwrap();
    family
        .sample(&[("repository", "a\"b\n")], 1_741_608_000_u64)
        .unwrap();
    let mut metrics = Exposition::default();
    metrics.add(family).unwrap();
    let text = metrics.prometheus();
    assert_eq!(
        text,
        format!(
            "# HELP {name} When the last archive was made.\n# TYPE {name} gauge\n\
             {name}{{repository=\"a\\\"b\\\\n\"}} 1741608000\n"
        )
    );
}

#[test]
fn a_report_of_errors_is_no_success() {
    for command in ["last", "archives", "repos", "inspect"] {
        let said = run(&[command, "--json"], b"{\"archives\": [", NOW);
        assert_eq!(said.status, 3, "{command}");
        assert!(!said.err.is_empty());
    }
}

#[test]
fn secrets_are_not_printed() {
    let shown = cases::all()
        .into_iter()
        .find(|case| case.name.ends_with("other--config-show"))
        .unwrap();
    let printed = String::from_utf8_lossy(&shown.printed);
    let (_, secret) = printed.split_once("\"encryption_passphrase\": \"").unwrap();
    let (secret, _) = secret.split_once('"').unwrap();
    for command in ["last", "archives", "repos", "inspect", "check"] {
        let said = run(&[command], &shown.printed, NOW);
        assert_eq!(said.status, 3);
        assert!(!said.out.contains(secret) && !said.err.contains(secret));
    }
    let said = check_text(&["--", "/bin/false", "--passphrase", "correct horse"], "");
    assert!(!said.out.contains("horse"), "{}", said.out);
}
