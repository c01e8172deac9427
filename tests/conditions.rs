//! Single conditions on which the law hangs, each with an input that shows it.

use serde_json::Value;

use crate::cases::known;
use crate::documents::{info, list};
use crate::program::{Said, run};

const NOW: &str = "2025-03-10T12:00:00Z";
const FRESH: &str = "2025-03-10T02:00:00";
const OLD: &str = "2025-02-10T02:00:00";

fn check(args: &[&str], input: &[&Value]) -> Said {
    let texts: Vec<_> = input.iter().map(|document| document.to_string()).collect();
    let said = run(
        &[&["check_borg"], args].concat(),
        texts.join("\n").as_bytes(),
        NOW,
    );
    assert_eq!(said.err, "");
    said
}

#[track_caller]
fn says(said: &Said, status: u8, text: &str) {
    assert_eq!(said.status, status, "{}", said.out);
    assert!(said.out.contains(text), "{}", said.out);
}

/// A list of one archive, always with the same id.
fn one(name: &str, time: &str) -> Value {
    let mut one = list("web", &[(name, time)]);
    one["archives"][0]["id"] = "1".repeat(64).into();
    one
}

#[test]
fn documents_that_disagree_about_a_time_prove_the_older_one() {
    let (fresh, old) = (one("web", FRESH), one("web", OLD));
    says(&check(&[], &[&fresh, &fresh]), 0, "BORG OK");
    says(&check(&[], &[&fresh, &old]), 2, "BORG CRITICAL");
    says(&check(&[], &[&old, &fresh]), 2, "BORG CRITICAL");
}

#[test]
fn an_archive_that_one_document_calls_a_checkpoint_is_one() {
    let (whole, checkpoint) = (one("web", FRESH), one("web.checkpoint", FRESH));
    says(&check(&[], &[&whole, &checkpoint]), 2, "[checkpoint-only]");
    says(&check(&[], &[&checkpoint, &whole]), 2, "[checkpoint-only]");
}

#[test]
fn a_dot_without_a_number_makes_no_checkpoint() {
    for (name, status) in [
        ("web.checkpoint.", 0),
        ("web.checkpoint.x1", 0),
        ("web.checkpoint.1", 2),
        (".checkpoint", 2),
    ] {
        assert_eq!(check(&[], &[&one(name, FRESH)]).status, status, "{name}");
    }
}

#[test]
fn a_repository_whose_archives_are_not_listed_is_unknown() {
    let document: Value =
        serde_json::from_str(include_str!("jq/documents/repo-info-1.x.json")).unwrap();
    let said = check(&[], &[&document]);
    says(&said, 3, "[no-archive-list]");
    assert!(!said.out.contains("[no-backup]"), "{}", said.out);
}

#[test]
fn one_archive_without_a_host_is_enough_to_be_unknown() {
    let with = info("web", &[("a", FRESH, 10, 1)]);
    says(&check(&["--group-by", "host"], &[&with]), 0, "BORG OK");
    let without = list("db", &[("b", FRESH)]);
    says(
        &check(&["--group-by", "host"], &[&with, &without]),
        3,
        "the input does not say the host of 1 archive",
    );
}

#[test]
fn an_age_is_never_negative() {
    let ahead = one("web", "2025-03-10T12:03:00").to_string();
    let said = run(&["last", "--json"], ahead.as_bytes(), NOW);
    assert_eq!(said.json()["backups"][0]["age_seconds"], 0);
}

#[test]
fn a_tolerance_ends_where_it_ends() {
    for (time, status) in [("2025-03-10T12:05:00", 0), ("2025-03-10T12:05:01", 2)] {
        let said = check(&[], &[&one("web", time)]);
        assert_eq!(said.status, status, "{time}: {}", said.out);
    }
}

#[test]
fn the_first_reading_of_a_skipped_hour_is_impossible_whatever_is_before_it() {
    let berlin = known("Europe/Berlin");
    for (second, status) in [
        ("01:59:59", 0),
        ("02:00:00", 3),
        ("02:59:59", 3),
        ("03:00:00", 0),
    ] {
        let list = list(
            "web",
            &[
                ("a", "2025-03-30T01:00:00"),
                ("b", &format!("2025-03-30T{second}")),
            ],
        );
        let now = "2025-03-30T12:00:00Z";
        let said = run(
            &["check_borg", "--timezone", berlin],
            list.to_string().as_bytes(),
            now,
        );
        assert_eq!(said.status, status, "{second}: {}", said.out);
    }
}

#[test]
fn one_repository_too_few_is_missing() {
    let web = one("web", FRESH);
    for (expected, status) in [("1", 0), ("2", 2), ("3", 2)] {
        let said = check(&["--expect-repositories", expected], &[&web]);
        assert_eq!(said.status, status, "{expected}: {}", said.out);
    }
}

#[test]
fn an_input_of_the_future_has_no_age() {
    let name = format!("borgq-conditions-{}.json", std::process::id());
    let path = std::env::temp_dir().join(name);
    std::fs::write(&path, one("web", FRESH).to_string()).unwrap();
    let now: chrono::DateTime<chrono::Utc> = NOW.parse().unwrap();
    for (ahead, status) in [(0, 0), (300, 0), (301, 3), (500, 3)] {
        let made = std::time::SystemTime::from(now) + std::time::Duration::from_secs(ahead);
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(made).unwrap();
        let args = ["check_borg", "-w", "input-age=1h", path.to_str().unwrap()];
        let said = run(&args, b"", NOW);
        assert_eq!(said.status, status, "{ahead}: {}", said.out);
    }
    std::fs::remove_file(path).unwrap();
}

#[test]
fn being_written_to_is_found_after_its_limit_only() {
    // It was written to at 11:59.
    let web = one("web", FRESH);
    for (limit, found) in [("9h59m", false), ("9h58m59s", true)] {
        let said = check(&["--touched-since", limit], &[&web]);
        assert_eq!(said.out.contains("[touched-since]"), found, "{}", said.out);
    }
}

#[test]
fn an_archive_that_is_listed_twice_is_as_old_as_the_older_one() {
    // Behind the oldest, so that neither end of the list shows it.
    let twice = |times: [&str; 2]| {
        let archives = [
            ("oldest", "2025-01-01T02:00:00"),
            ("web", times[0]),
            ("web", times[1]),
        ];
        let mut twice = list("web", &archives);
        for archive in twice["archives"].as_array_mut().unwrap().iter_mut().skip(1) {
            archive["id"] = "1".repeat(64).into();
        }
        twice
    };
    says(&check(&[], &[&twice([FRESH, FRESH])]), 0, "BORG OK");
    says(&check(&[], &[&twice([OLD, FRESH])]), 2, "BORG CRITICAL");
    says(&check(&[], &[&twice([FRESH, OLD])]), 2, "BORG CRITICAL");
}

#[test]
fn times_with_and_without_offset_in_one_document_are_refused() {
    let archives = [
        ("a", "2025-02-10T02:00:03"),
        ("b", "2025-03-08T03:00:01"),
        ("c", "2025-03-09T03:00:02"),
        ("d", FRESH),
    ];
    let mut mixed = list("web", &archives);
    says(&check(&[], &[&mixed]), 0, "BORG OK");
    for at in 0..archives.len() {
        let good = mixed["archives"][at].clone();
        for key in ["time", "start"] {
            mixed["archives"][at][key] = "2025-03-09T03:00:00.000000+00:00".into();
        }
        says(&check(&[], &[&mixed]), 3, "[unreadable]");
        mixed["archives"][at] = good;
    }
}
