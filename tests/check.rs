//! What the check judges.

use serde_json::{Value, json};

use crate::documents::{info, labelled, list, list_of_borg_2};
use crate::program::{Said, run};

pub const NOW: &str = "2025-03-10T12:00:00Z";

pub fn check(args: &[&str], input: &Value) -> Said {
    run(
        &[&["check_borg"], args].concat(),
        input.to_string().as_bytes(),
        NOW,
    )
}

/// Five days of one host; the last day it lost most of what it had.
pub fn shrunk() -> Value {
    let days = [
        ("web-1", "2025-03-05T02:00:00", 1000, 10),
        ("web-2", "2025-03-06T02:00:00", 1200, 12),
        ("web-3", "2025-03-08T02:00:00", 1100, 11),
        ("web-4", "2025-03-09T02:00:00", 900, 9),
        ("web-5", "2025-03-10T02:00:00", 210, 3),
    ];
    labelled(&[("web", &info("web", &days))])
}

#[test]
fn each_metric_has_its_value() {
    for (limit, status, item) in [
        ("age=9h", 1, "web_age=36000s;32400;180000;0"),
        ("archives=6:", 1, "web_archives=5;6:;;0"),
        ("oldest=6d:", 1, "web_oldest=468000s;518400:;;0"),
        ("gap=2d", 0, "web_gap=172800s;172800;;0"),
        ("gap=47h", 1, "web_gap=172800s;169200;;0"),
        ("files=3:", 0, "web_files=3;3:;;0"),
        ("original-size=1kB:", 1, "web_original_size=210B;1000:;;0"),
        (
            "deduplicated-size=100",
            1,
            "web-b999c17b_deduplicated_size=105B;100;;0",
        ),
        ("duration=1m", 1, "web_duration=61.5s;60;;0"),
        // Against the median of 900, 1000, 1100 and 1200.
        ("size-change=-50:", 1, "web_size_change=-80%;-50:"),
        ("size-change=-80:", 0, "web_size_change=-80%;-80:"),
        ("files-change=-70:", 0, "web_files_change=-70%;-70:"),
        (
            "repository-size=5MB",
            0,
            "web_repository_size=5000000B;5000000;;0",
        ),
    ] {
        let said = check(&["-w", limit, "-c", "50h"], &shrunk());
        assert!(
            said.out.contains(&format!(" {item}")),
            "{limit}: {}",
            said.out
        );
        assert_eq!(said.status, status, "{limit}: {}", said.out);
    }
    let said = check(&["-w", "gap=47h", "--since", "30h"], &shrunk());
    assert_eq!(said.status, 0, "{}", said.out);
    assert!(said.out.contains("web_gap=86400s"), "{}", said.out);
}

#[test]
fn what_borg_did_not_say_is_unknown_with_the_reason() {
    let one = list("web", &[("web-1", "2025-03-10T02:00:00")]);
    for (limit, reason) in [
        (
            "files=1:",
            "files not known: the input does not say it (borg info says it)",
        ),
        (
            "original-size=1:",
            "original-size not known: the input does not say it",
        ),
        (
            "gap=1d",
            "gap not known: there are no two archives with a gap between them",
        ),
        (
            "repository-size=1:",
            "repository-size not known: the input does not say it (borg 1.x says it in borg info, borg 2 never)",
        ),
        (
            "size-change=1",
            "size-change not known: the input does not say it",
        ),
    ] {
        let said = check(&["-c", limit], &one);
        assert_eq!(said.status, 3, "{limit}: {}", said.out);
        assert!(said.out.contains(reason), "{limit}: {}", said.out);
    }
    let first = info("web", &[("web-1", "2025-03-10T02:00:00", 1, 1)]);
    let said = check(&["-c", "size-change=1"], &first);
    assert!(
        said.out
            .contains("there is no archive before it to compare with"),
        "{}",
        said.out
    );
}

#[test]
fn the_age_is_judged_by_its_usual_limits_unless_it_has_its_own() {
    let old = list("web", &[("web-1", "2025-03-09T09:00:00")]);
    assert_eq!(check(&[], &old).status, 1);
    assert_eq!(check(&["-w", "archives=1:"], &old).status, 1);
    assert_eq!(check(&["-c", "28h"], &old).status, 0);
}

#[test]
fn a_copy_of_a_repository_is_reported() {
    let one = list("web", &[("x", "2025-03-10T02:00:00")]);
    let mut copy = one.clone();
    copy["repository"]["location"] = "/mnt/copy".into();
    let said = check(&[], &json!([one, copy]));
    assert_eq!(said.status, 1);
    assert!(
        said.out.contains(
            "/mnt/copy has the id of /srv/web, so one is a copy of the other [duplicate-repository]"
        ),
        "{}",
        said.out
    );
    assert_eq!(
        check(&["--state", "duplicate-repository=ok"], &json!([one, copy])).status,
        0
    );
    // Read twice it is still one.
    assert_eq!(check(&[], &json!([one, one])).status, 0);
}

#[test]
fn encryption_can_be_demanded() {
    let mut open = list("web", &[("x", "2025-03-10T02:00:00")]);
    for mode in ["none", "authenticated", "authenticated-blake2"] {
        open["encryption"]["mode"] = mode.into();
        assert_eq!(check(&[], &open).status, 0);
        let said = check(&["--state", "unencrypted=critical"], &open);
        assert_eq!(said.status, 2, "{}", said.out);
        assert!(
            said.out.contains(&format!(
                "/srv/web is not encrypted (mode {mode}) [unencrypted]"
            )),
            "{}",
            said.out
        );
    }
    open["encryption"]["mode"] = "repokey-blake2".into();
    assert_eq!(check(&["--state", "unencrypted=critical"], &open).status, 0);
}

#[test]
fn expected_names_can_stand_in_a_file() {
    let path = std::env::temp_dir().join(format!("borgq-expect-{}", std::process::id()));
    std::fs::write(&path, "\u{feff}web\r\n# hosts\r\n\r\n  db  \nre:ma.*\n").unwrap();
    let file = path.to_str().unwrap();
    let input = labelled(&[
        ("web", &list("web", &[("x", "2025-03-10T02:00:00")])),
        ("mail", &list("m", &[("x", "2025-03-10T02:00:00")])),
    ]);
    let said = check(&["--expect-file", file], &input);
    assert_eq!(said.status, 2);
    assert!(
        said.out
            .starts_with("BORG CRITICAL: db is expected and missing | "),
        "{}",
        said.out
    );
    std::fs::write(&path, "# nothing\n").unwrap();
    let said = check(&["--expect-file", file], &input);
    assert!(
        said.status == 3 && said.out.contains("it names nothing"),
        "{}",
        said.out
    );
    std::fs::remove_file(path).unwrap();
}

#[test]
fn a_host_gone_silent_shows() {
    let mut info = info(
        "all",
        &[
            ("web", "2025-03-10T02:00:00", 1, 1),
            ("db", "2025-03-01T02:00:00", 1, 1),
        ],
    );
    info["archives"][1]["hostname"] = "db".into();
    assert_eq!(check(&[], &info).status, 0);
    let said = check(
        &["--group-by", "host", "--expect", "web", "--expect", "db"],
        &info,
    );
    assert_eq!(said.status, 2);
    assert!(
        said.out
            .starts_with("BORG CRITICAL: /srv/all db: last backup 9d 10h old (limit 50h) | "),
        "{}",
        said.out
    );
    let said = check(
        &["--group-by", "host", "--expect", "mail", "-c", "99d"],
        &info,
    );
    assert!(
        said.out
            .starts_with("BORG CRITICAL: mail is expected and missing"),
        "{}",
        said.out
    );
}

#[test]
fn a_range_may_begin_below_zero() {
    let said = check(&["-w", "-5:20h", "-c", "size-change=-90:"], &shrunk());
    assert_eq!(said.status, 0, "{}", said.out);
    let said = check(&["-w", "size-change=-5:", "-c", "-1h:9h"], &shrunk());
    assert_eq!(said.status, 2, "{}", said.out);
    let said = check(&["-w", "-c", "50h"], &shrunk());
    assert!(
        said.status == 3 && said.out.lines().count() == 1,
        "{}",
        said.out
    );
}

#[test]
fn the_state_of_an_old_input_can_be_chosen() {
    let fresh = list("web", &[("web-1", "2025-03-10T02:00:00")]);
    let limit = ["-c", "input-age=1d"];
    assert_eq!(check(&limit, &fresh).status, 3);
    for (state, status) in [("warning", 1), ("critical", 2)] {
        let state = format!("input-old={state}");
        let said = check(&[&limit[..], &["--state", &state]].concat(), &fresh);
        assert_eq!(said.status, status, "{}", said.out);
    }
}

#[test]
fn who_asks_when_a_repository_was_touched_hears_that_it_is_not_known() {
    let list = list_of_borg_2("web", &[("web-1", "2025-03-10T02:00:00")]);
    assert_eq!(check(&[], &list).status, 0);
    let said = check(&["--touched-since", "1d"], &list);
    assert_eq!(said.status, 3, "{}", said.out);
    assert!(
        said.out
            .starts_with("BORG UNKNOWN: when /srv/web was written to is not known: "),
        "{}",
        said.out
    );
    let quiet = ["--touched-since", "1d", "--state", "touched-since=ok"];
    assert_eq!(check(&quiet, &list).status, 0);
}

#[test]
fn the_size_of_a_repository_is_judged_without_any_archive() {
    let said = check(&["-c", "repository-size=1GB:"], &info("web", &[]));
    assert_eq!(said.status, 2);
    assert!(
        said.out
            .contains("there is no backup, repository-size 4.8 MiB (limit 1GB:)"),
        "{}",
        said.out
    );
}
