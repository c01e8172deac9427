//! Wrong and right arguments.

use crate::cases::known;
use crate::program::run;

const NOW: &str = "2025-03-02T12:00:00Z";
const LIST: &[u8] = include_bytes!("../crates/json/examples/repo-list.json");

#[test]
fn wrong_usage_of_a_query_ends_with_2_and_a_sentence_on_stderr() {
    for args in [
        &["last", "--now", "yesterday"][..],
        &["last", "--timezone", "Mars/Olympus"],
        &["last", "--timezone", ""],
        &["last", "--timezone", "+01:00 or so"],
        &["last", "--clock-skew", "soon"],
        &["last", "--clock-skew=-5m"],
        &["last", "--clock-skew", "96000000d"],
        &["inspect", "--now", "yesterday"],
        &["inspect", "--group-by", "host"],
        &["last", "-a", "re:("],
        &["last", "-r", ""],
        &["last", "--group-by", "colour"],
        &["last", "--nonsense"],
        &["schema", "nonsense"],
        &["nonsense"],
        &[],
    ] {
        let said = run(args, LIST, NOW);
        assert_eq!(said.status, 2, "{args:?}");
        assert_eq!(said.out, "", "{args:?}");
        assert!(!said.err.is_empty(), "{args:?}");
    }
}

#[test]
fn wrong_usage_of_the_check_ends_with_3_and_one_line_on_stdout() {
    for args in [
        &["check_borg", "-w", "30:10"][..],
        &["check_borg", "-w", "abc"],
        &["check_borg", "-c", ""],
        &["check_borg", "--nonsense"],
        &["check_borg", "--now", "never"],
        &["check", "-w", "30:10"],
        &["check", "--nonsense"],
    ] {
        let said = run(args, LIST, NOW);
        assert_eq!(said.status, 3, "{args:?}");
        assert_eq!(said.out.lines().count(), 1, "{args:?}: {}", said.out);
        assert!(
            said.out.starts_with("BORG UNKNOWN: "),
            "{args:?}: {}",
            said.out
        );
        assert_eq!(said.err, "", "{args:?}");
    }
}

#[test]
fn help_and_version_of_the_check_end_with_3() {
    for args in [
        &["check_borg", "--help"][..],
        &["check_borg", "-V"],
        &["check_borg", "-w", "1h", "-h"],
    ] {
        let said = run(args, b"", NOW);
        assert_eq!(said.status, 3, "{args:?}");
        assert!(!said.out.is_empty());
        assert_eq!(said.err, "");
        assert!(
            said.out.lines().all(|line| line.len() <= 80),
            "{}",
            said.out
        );
    }
}

#[test]
fn the_zone_of_clock_readings_can_be_given() {
    let age = |zone| {
        let said = run(&["last", "--json", "--timezone", known(zone)], LIST, NOW);
        said.json()["backups"][0]["age_seconds"].as_i64().unwrap()
    };
    assert_eq!(age("UTC"), 10 * 3600);
    assert_eq!(age("Asia/Kolkata"), 15 * 3600 + 1800);
    assert_eq!(age("America/New_York"), 5 * 3600);
    assert_eq!(age("+02:00"), 12 * 3600);
}

#[test]
fn archives_after_now_are_left_out_so_that_one_can_look_back() {
    let said = run(
        &["last", "--json", "--now", "2025-03-01T12:00:00Z"],
        LIST,
        NOW,
    );
    assert_eq!(
        said.json()["backups"][0]["archive"]["name"],
        "web-2025-03-01"
    );
    let said = run(
        &["archives", "--json", "--now", "2025-03-01T12:00:00Z"],
        LIST,
        NOW,
    );
    assert_eq!(said.json()["archives"][1]["left_out"], "future");
    // A clock may be a little ahead.
    let said = run(
        &["last", "--json", "--now", "2025-03-02T01:57:00Z"],
        LIST,
        NOW,
    );
    assert_eq!(
        said.json()["backups"][0]["archive"]["name"],
        "web-2025-03-02"
    );
    assert_eq!(said.json()["backups"][0]["age_seconds"], 0);
    let args = [
        "last",
        "--json",
        "--now",
        "2025-03-02T01:57:00Z",
        "--clock-skew",
        "1m",
    ];
    assert_eq!(
        run(&args, LIST, NOW).json()["backups"][0]["archive"]["name"],
        "web-2025-03-01"
    );
}

#[test]
fn patterns_choose_repositories_and_archives() {
    let said = run(&["last", "--json", "-a", "sh:*-03-01"], LIST, NOW);
    assert_eq!(
        said.json()["backups"][0]["archive"]["name"],
        "web-2025-03-01"
    );
    let said = run(
        &["archives", "--json", "--left-out", "-a", "sh:*-03-01"],
        LIST,
        NOW,
    );
    assert_eq!(said.json()["archives"][1]["left_out"], "not-matched");
    let said = run(&["last", "--json", "-a", "nothing"], LIST, NOW);
    assert_eq!(said.status, 1);
    assert!(said.json()["backups"][0].get("archive").is_none());
    for (pattern, status) in [
        ("/backup/web", 0),
        ("22222222", 0),
        ("sh:**/web", 0),
        ("sh:**/db", 1),
        ("2222", 1),
    ] {
        let said = run(&["last", "--json", "-r", pattern], LIST, NOW);
        assert_eq!(said.status, status, "{pattern}: {}", said.err);
    }
    let said = run(&["last", "--json", "-r", "other"], LIST, NOW);
    assert_eq!(said.json()["problems"][0]["code"], "nothing-matched");
    assert_eq!(
        said.err,
        "borgq: none of the repositories matches (1 were read)\n"
    );
}
