//! What the check judges and says, line by line.

use serde_json::{Value, json};

use crate::documents::{info, labelled, list};
use crate::perfdata;
use crate::program::{Said, run};

const NOW: &str = "2025-03-10T12:00:00Z";

fn check(args: &[&str], input: &Value) -> Said {
    run(
        &[&["check_borg"], args].concat(),
        input.to_string().as_bytes(),
        NOW,
    )
}

/// Five days of one host; the last day it lost most of what it had.
fn shrunk() -> Value {
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
fn the_worst_group_is_said_first_and_the_others_counted() {
    let fresh = list("web", &[("web-1", "2025-03-10T02:00:00")]);
    let late = list("db", &[("db-1", "2025-03-09T02:00:00")]);
    let dead = list("mail", &[("mail-1", "2024-03-10T02:00:00")]);
    let never = list("files", &[]);
    let said = check(
        &[],
        &labelled(&[
            ("web", &fresh),
            ("db", &late),
            ("mail", &dead),
            ("files", &never),
        ]),
    );
    let lines: Vec<_> = said.out.lines().collect();
    assert!(lines[0].starts_with("BORG CRITICAL: mail: last backup 365d 10h old (limit 50h) (and 1 more) | groups=4;;;0 ok=1;;;0 warning=1;;;0 critical=2;;;0 unknown=0;;;0 oldest_age="), "{}", lines[0]);
    assert_eq!(
        lines[1..],
        [
            "CRITICAL: mail: last backup mail-1 at 2024-03-10T02:00:00Z, 365d 10h old (limit 50h)",
            "CRITICAL: files: there is no backup [no-backup]",
            "WARNING: db: last backup db-1 at 2025-03-09T02:00:00Z, 1d 10h old (limit 26h)",
            "OK: web: last backup web-1 at 2025-03-10T02:00:00Z, 10h old",
        ]
    );
}

#[test]
fn verbose_says_what_was_left_out_and_read() {
    let list = list(
        "web",
        &[
            ("web-1", "2025-03-10T02:00:00"),
            ("web-2.checkpoint", "2025-03-10T03:00:00"),
            ("db-1", "2025-03-10T04:00:00"),
        ],
    );
    let said = check(&["-vv", "-a", "sh:web-*"], &list);
    assert_eq!(said.status, 0);
    let lines: Vec<_> = said.out.lines().skip(2).collect();
    assert_eq!(
        lines[0],
        "  left out: web-2.checkpoint at 2025-03-10T03:00:00Z [checkpoint]"
    );
    assert_eq!(
        lines[1],
        "  left out: 1 archives of the repository [not-matched]"
    );
    assert_eq!(lines[2], "read: standard input");
    assert!(
        lines[3].ends_with(" at /srv/web, 3 archives, borg 1.x"),
        "{}",
        lines[3]
    );
}

#[test]
fn above_the_limit_there_are_only_totals() {
    let hosts: Vec<_> = (0..30)
        .map(|n| (format!("host{n}-x"), "2025-03-10T02:00:00".to_owned()))
        .collect();
    let archives: Vec<_> = hosts
        .iter()
        .map(|(name, time)| (name.as_str(), time.as_str()))
        .collect();
    let list = list("web", &archives);
    let items = |args: &[&str]| {
        let said = check(&[&["--group-by", "series"], args].concat(), &list);
        perfdata::items(said.out.lines().next().unwrap()).len()
    };
    assert_eq!(items(&[]), 6);
    assert_eq!(items(&["--perfdata-limit", "30"]), 36);
    assert_eq!(items(&["--perfdata-limit", "0"]), 6);
}

#[test]
fn labels_do_not_depend_on_other_groups_or_states() {
    let documents: Vec<_> = ["web", "db", "mail"]
        .iter()
        .map(|name| list(name, &[("x", "2025-03-10T02:00:00")]))
        .collect();
    let labels = |input: &Value, now: &str| -> Vec<String> {
        let said = run(
            &["check_borg", "--now", now],
            input.to_string().as_bytes(),
            NOW,
        );
        let items = perfdata::items(said.out.lines().next().unwrap());
        items
            .into_iter()
            .map(|(label, ..)| label)
            .filter(|label| label.contains('-'))
            .collect()
    };
    let all = labels(&json!(documents), NOW);
    assert_eq!(all.len(), 3);
    assert_eq!(labels(&json!(documents), "2035-03-10T12:00:00Z"), all);
    for document in &documents {
        let one = labels(document, NOW);
        assert!(one.len() == 1 && all.contains(&one[0]), "{one:?} {all:?}");
    }
    let places: std::collections::HashSet<_> = all
        .iter()
        .map(|label| &label[..label.len().min(19)])
        .collect();
    assert_eq!(places.len(), 3);
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
fn the_assessment_as_json_says_the_same() {
    let said = check(
        &["--output", "json", "-w", "files=5:", "-c", "gap=1d"],
        &shrunk(),
    );
    let plain = check(&["-w", "files=5:", "-c", "gap=1d"], &shrunk());
    assert_eq!(said.status, plain.status);
    let answer = said.json();
    assert_eq!(answer["state"], "CRITICAL");
    assert!(plain.out.starts_with(&format!(
        "BORG CRITICAL: {} | ",
        answer["summary"].as_str().unwrap()
    )));
    assert_eq!(
        answer["groups"][0]["metrics"],
        json!([
            {"metric": "age", "unit": "s", "value": 36000, "state": "OK", "warning": "93600", "critical": "180000"},
            {"metric": "gap", "unit": "s", "value": 172800, "state": "CRITICAL", "critical": "86400"},
            {"metric": "files", "unit": "", "value": 3, "state": "WARNING", "warning": "5:"},
        ])
    );
    assert_eq!(answer["groups"][0]["archive"]["name"], "web-5");
    let never = check(&["--output", "json"], &list("web", &[])).json();
    assert_eq!(never["groups"][0]["findings"][0]["code"], "no-backup");
    assert!(never["groups"][0].get("archive").is_none());
}

#[test]
fn expected_names_can_stand_in_a_file() {
    let path = std::env::temp_dir().join(format!("borgq-expect-{}", std::process::id()));
    std::fs::write(&path, "# hosts\nweb\n\n  db  \nre:ma.*\n").unwrap();
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
fn every_code_is_explained() {
    for code in borgq_query::Code::ALL {
        let said = run(&["check_borg", "--explain", code.name()], b"", NOW);
        assert_eq!((said.status, said.err.as_str()), (3, ""));
        assert!(
            said.out
                .starts_with(&format!("{code}, usually {}\n", code.state())),
            "{}",
            said.out
        );
        assert_eq!(said.out.lines().count(), 3);
    }
}

#[test]
fn thousands_of_groups_keep_the_limit_of_8_kb() {
    let names: Vec<_> = (0..5000)
        .map(|n| {
            (
                format!("a very long name of a host, number {n}-x"),
                "2024-03-10T02:00:00".to_owned(),
            )
        })
        .collect();
    let archives: Vec<_> = names
        .iter()
        .map(|(name, time)| (name.as_str(), time.as_str()))
        .collect();
    let said = check(&["--group-by", "series", "-v"], &list("web", &archives));
    assert!(said.out.len() <= 8192);
    let last = said.out.lines().last().unwrap();
    assert!(
        last.starts_with("and ") && last.ends_with(" more"),
        "{last}"
    );
    assert_eq!(perfdata::items(said.out.lines().next().unwrap()).len(), 6);
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
fn labels_differ_within_19_characters_and_stay_with_their_group() {
    let time = "2025-03-10T02:00:00";
    let old = "2025-01-10T02:00:00";
    let long = "a very long name of a repository";
    let documents = [
        info("one", &[("x", time, 1, 1)]),
        info("two", &[("x", old, 2, 2)]),
        info("three", &[("x", time, 3, 3)]),
        info("four", &[("x", old, 4, 4)]),
        info("five/data", &[("x", time, 5, 5)]),
        info("six/data", &[("x", time, 6, 6)]),
    ];
    // Two of them share a label, and two are alike for more than 19 characters.
    let labels = ["main", "main", long, &format!("{long} too"), "", ""];
    let limits = ["files=0:", "original-size=0:", "duration=1h"];
    let shown = |order: &[usize], now: &str| -> Vec<(String, String)> {
        let chosen: Vec<_> = order
            .iter()
            .map(|at| (labels[*at], &documents[*at]))
            .collect();
        let limits = limits.iter().flat_map(|limit| ["-w", limit]);
        let args: Vec<_> = ["check_borg", "--now", now]
            .into_iter()
            .chain(limits)
            .collect();
        let said = run(&args, labelled(&chosen).to_string().as_bytes(), NOW);
        let items = perfdata::items(said.out.lines().next().unwrap());
        let known = items.into_iter().skip(6);
        let known = known.filter(|(label, ..)| !label.ends_with("_age"));
        known.map(|(label, value, _)| (label, value)).collect()
    };
    let all = shown(&[0, 1, 2, 3, 4, 5], NOW);
    assert_eq!(all.len(), 18);
    let sure: std::collections::HashSet<_> = all
        .iter()
        .map(|(label, _)| &label[..label.len().min(19)])
        .collect();
    assert_eq!(sure.len(), 18, "{all:?}");
    assert_eq!(shown(&[5, 3, 1, 4, 2, 0], NOW), all);
    // Those of January alone were there then, the others are in the future: each
    // label stays with its value.
    let then = shown(&[0, 1, 2, 3, 4, 5], "2025-01-11T02:00:00Z");
    assert_eq!(then.len(), 6);
    for (label, value) in shown(&[1, 3, 5, 0], NOW).into_iter().chain(then) {
        assert!(all.contains(&(label.clone(), value)), "{label}: {all:?}");
    }
}
