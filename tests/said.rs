//! What the check says, line by line.

use serde_json::{Value, json};

use crate::check::{NOW, check, shrunk};
use crate::documents::{labelled, list};
use crate::program::run;

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
    assert!(lines[0].starts_with("BORG CRITICAL: mail: last backup 365d 10h old (limit 50h) (and 2 more problems) | groups=4;;;0 ok=1;;;0 warning=1;;;0 critical=2;;;0 unknown=0;;;0 oldest_age="), "{}", lines[0]);
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
fn repositories_of_one_label_are_told_apart() {
    let old = list("db", &[("x", "2024-03-10T02:00:00")]);
    let fresh = list("web", &[("x", "2025-03-10T02:00:00")]);
    let said = check(
        &[],
        &labelled(&[
            ("main", &old),
            ("main", &fresh),
            ("mail", &list("mail", &[])),
        ]),
    );
    let names: Vec<_> = said
        .out
        .lines()
        .map(|line| line.split(": ").nth(1).unwrap_or_default())
        .collect();
    assert_eq!(
        names,
        [
            "main at /srv/db",
            "main at /srv/db",
            "mail",
            "main at /srv/web"
        ]
    );
    let said = check(
        &["--group-by", "series"],
        &labelled(&[("main", &old), ("main", &fresh)]),
    );
    assert!(
        said.out.contains("\nOK: main x at /srv/web: last backup x"),
        "{}",
        said.out
    );
}

#[test]
fn what_is_wrong_with_the_input_counts_among_the_others() {
    let late = list("db", &[("db-1", "2025-03-09T02:00:00")]);
    let first = |args: &[&str]| {
        let said = check(args, &labelled(&[("db", &late)]));
        said.out.split(" | ").next().unwrap_or_default().to_owned()
    };
    assert_eq!(
        first(&["--expect", "web"]),
        "BORG CRITICAL: web is expected and missing (and 1 more problem)"
    );
    // What was set to OK is a note, and no problem.
    let old = "BORG WARNING: db: last backup 1d 10h old (limit 26h)";
    assert_eq!(first(&["--state", "unencrypted=ok"]), old);
    assert_eq!(
        first(&["--expect", "web", "--state", "missing=warning"]),
        "BORG WARNING: web is expected and missing (and 1 more problem)"
    );
}

#[test]
fn the_worst_reasons_of_a_group_come_first_and_not_all_of_them() {
    let limits = ["files=1000:", "files-change=-1:", "size-change=-1:"];
    let limits = limits.iter().flat_map(|limit| ["-w", limit]);
    let args: Vec<_> = limits.chain(["-w", "1h", "-c", "archives=6:"]).collect();
    let said = check(&args, &shrunk());
    let first = said.out.split(" | ").next().unwrap_or_default();
    assert_eq!(
        first,
        "BORG CRITICAL: web: archives 5 (limit 6:), last backup 10h old (limit 1h), \
         files 3 (limit 1000:), …"
    );
    let line = said.out.lines().nth(1).unwrap_or_default();
    assert!(
        line.contains("files-change -70 %") && line.contains("size-change -80 %"),
        "{line}"
    );
    let long = "x".repeat(200);
    let said = check(&["-c", "1h"], &labelled(&[(&long, &shrunk()[0])]));
    let sentence = format!("BORG CRITICAL: {}…: last backup", "x".repeat(80));
    assert!(said.out.starts_with(&sentence), "{}", said.out);
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
fn both_programs_say_help_version_and_wrong_usage_alike() {
    for program in [&["check_borg"][..], &["check"]] {
        let said = |args: &[&str]| {
            let said = run(&[program, args].concat(), b"", NOW);
            assert_eq!((said.status, said.err.as_str()), (3, ""), "{program:?}");
            said.out
        };
        for version in ["-V", "--version"] {
            assert!(said(&[version]).contains(env!("CARGO_PKG_VERSION")));
        }
        for help in ["-h", "--help"] {
            assert_eq!(said(&["--nonsense", help, "-t"]), said(&[help]));
            let help = said(&["-w", "nonsense", help]);
            assert!(help.contains("[default: 26h]") && help.contains("[default: 50h]"));
            let wide = help.lines().find(|line| line.chars().count() > 80);
            assert_eq!(wide, None);
        }
        assert_eq!(
            said(&["--group-by", "planet"]),
            "BORG UNKNOWN: invalid value 'planet' for '--group-by <WHAT>' \
             [possible values: repository, series, host, user]\n"
        );
    }
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
fn wrong_usage_is_json_for_who_reads_json() {
    let said = |args: &[&str]| {
        let said = run(&[&["check_borg"], args].concat(), b"", NOW);
        assert_eq!((said.status, said.err.as_str()), (3, ""), "{args:?}");
        said.out
    };
    for args in [
        &["--output", "json", "-w", "30:10"][..],
        &["--output=json", "--no-such-option"],
        &["--group-by", "planet", "--output", "json"],
        &["--output", "json", "--state", "future=fine"],
        &["--output", "json", "--expect-file", "/nonexistent"],
        &["--output", "json", "--rules", "/nonexistent"],
    ] {
        let answer: Value = serde_json::from_str(&said(args)).unwrap();
        assert_eq!(answer["state"], "UNKNOWN", "{args:?}");
        assert_eq!(answer["format"], "check");
        assert_eq!(
            (&answer["groups"], &answer["findings"]),
            (&json!([]), &json!([]))
        );
        let plain: Vec<_> = args
            .iter()
            .filter(|arg| !arg.contains("output") && **arg != "json")
            .copied()
            .collect();
        let summary = answer["summary"].as_str().unwrap();
        assert_eq!(said(&plain), format!("BORG UNKNOWN: {summary}\n"));
    }
    // Behind -- it is the command's.
    let text = said(&["--no-such-option", "--", "borg", "--output", "json"]);
    assert!(
        text.starts_with("BORG UNKNOWN: unexpected argument"),
        "{text}"
    );
}
