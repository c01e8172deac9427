//! Rules: what governs what, what is missing, and copies.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::documents::{info, labelled, list};
use crate::perfdata;
use crate::program::{Said, run};

const NOW: &str = "2025-03-10T12:00:00Z";

/// A rules file that is removed in the end.
struct File(PathBuf);

impl File {
    fn of(rules: &str) -> Self {
        use std::sync::atomic::{AtomicUsize, Ordering};
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("borgq-rules-{}-{number}.toml", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, rules).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn check(rules: &str, args: &[&str], input: &Value) -> Said {
    let file = File::of(rules);
    let args = [&["check_borg", "--rules", file.path()], args].concat();
    run(&args, input.to_string().as_bytes(), NOW)
}

fn rules_check(rules: &str, args: &[&str], input: &Value) -> Said {
    let file = File::of(rules);
    let args = [&["rules", "check", file.path(), "-"], args].concat();
    run(&args, input.to_string().as_bytes(), NOW)
}

/// Two hosts in one repository, one of them late.
fn shared() -> Value {
    let mut info = info(
        "all",
        &[
            ("web", "2025-03-10T02:00:00", 1, 1),
            ("db", "2025-03-05T02:00:00", 1, 1),
        ],
    );
    info["archives"][1]["hostname"] = "db".into();
    info
}

/// The same series in repositories whose last backups are at these times.
fn copies(times: &[&str]) -> Value {
    let names = ["local", "offsite", "usb", "tape"];
    let documents: Vec<_> = names
        .iter()
        .zip(times)
        .map(|(name, time)| list(name, &[("web-2025-03-09", time)]))
        .collect();
    json!(documents)
}

#[test]
fn the_first_rule_that_matches_governs() {
    let rules = "
        [[rule]]
        label = 'sh:m*'
        critical = '9d'
        owner = 'post | office'
        [[rule]]
        label = 'mail'
        critical = '1h'
        [[rule]]
        repository = '/srv/web'
        warning = ['9h', 'archives=1:']
        note = 'call web';
    ";
    let rules = rules.replace(';', "");
    let old = "2025-03-05T02:00:00";
    let input = labelled(&[
        ("mail", &list("m", &[("x", old)])),
        ("web", &list("web", &[("x", "2025-03-10T02:00:00")])),
        ("db", &list("db", &[("x", "2025-03-10T02:00:00")])),
    ]);
    let said = check(&rules, &[], &input);
    let lines: Vec<_> = said.out.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "WARNING: web: last backup x at 2025-03-10T02:00:00Z, 10h old (limit 9h); archives 1; note: call web",
            "OK: mail: last backup x at 2025-03-05T02:00:00Z, 5d 10h old; owner: post \\x7c office",
            "OK: db: last backup x at 2025-03-10T02:00:00Z, 10h old; no rule governs it [ungoverned]",
        ]
    );
    assert_eq!(said.status, 1);
    // What no rule governs keeps the limits of the command line.
    assert_eq!(check(&rules, &["-c", "5h"], &input).status, 2);
    assert_eq!(
        check(&rules, &["--state", "ungoverned=critical"], &input).status,
        2
    );
}

#[test]
fn a_rule_replaces_both_limits_of_a_metric_and_no_others() {
    let input = labelled(&[("web", &list("web", &[("x", "2025-03-07T02:00:00")]))]);
    let rules = "[[rule]]\nlabel = 'web'\ncritical = '9d'\n";
    assert_eq!(check(rules, &["-w", "1h"], &input).status, 0);
    let said = check(rules, &["-w", "archives=2:"], &input);
    assert_eq!(said.status, 1, "{}", said.out);
}

#[test]
fn a_rule_with_a_host_makes_a_group_of_each() {
    let rules = "[[rule]]\nhost = 'sh:*'\n";
    let said = check(rules, &[], &shared());
    assert_eq!(said.status, 2);
    let lines: Vec<_> = said.out.lines().collect();
    assert!(
        lines[0].starts_with("BORG CRITICAL: /srv/all db: last backup 5d 10h old"),
        "{}",
        said.out
    );
    assert!(lines[2].starts_with("OK: /srv/all web: "), "{}", said.out);
    // The rest of the repository stays together.
    let rules = "[[rule]]\nhost = 'db'\ncritical = '9d'\nexpect = true\n";
    let said = check(rules, &[], &shared());
    assert_eq!(said.status, 0, "{}", said.out);
    assert!(
        said.out
            .starts_with("BORG OK: 2 groups backed up, the oldest"),
        "{}",
        said.out
    );
    let both = "[[rule]]\nhost = 'web'\nseries = 'web'\n";
    let said = rules_check(both, &["--field", "group"], &shared());
    assert_eq!(said.out, "\nweb web\n");
}

#[test]
fn an_unknown_host_is_never_ok() {
    let input = list("web", &[("x", "2025-03-10T02:00:00")]);
    let said = check("[[rule]]\nhost = 'web'\n[[rule]]\n", &[], &input);
    assert_eq!(said.status, 3);
    assert!(
        said.out
            .contains("the input does not say the host of 1 archives in /srv/web"),
        "{}",
        said.out
    );
}

#[test]
fn what_a_rule_expects_and_is_not_there_is_critical_and_named() {
    let input = labelled(&[("web", &list("web", &[("x", "2025-03-10T02:00:00")]))]);
    let rules =
        "[[rule]]\nlabel = 'web'\n[[rule]]\nseries = 'db-*'\nexpect = true\nowner = 'dba'\n";
    let said = check(rules, &[], &input);
    assert_eq!(said.status, 2);
    let lines: Vec<_> = said.out.lines().collect();
    assert!(
        lines[0].starts_with("BORG CRITICAL: series db-* is expected by rule 2 and missing | "),
        "{}",
        said.out
    );
    assert_eq!(
        lines[1],
        "CRITICAL: series db-* is expected by rule 2 and missing [missing]; owner: dba"
    );
    let said = rules_check(rules, &[], &input);
    assert_eq!(said.status, 1);
    let answer = rules_check(rules, &["--json"], &input).json();
    assert_eq!(answer["rules"][1]["missing"], true);
    assert_eq!(answer["groups"][0]["rule"], 1);
    let schema = std::fs::read("schemas/rules-check.json").unwrap();
    let schema: Value = serde_json::from_slice(&schema).unwrap();
    assert!(jsonschema::is_valid(&schema, &answer));
    assert!(
        said.out.contains("series db-*       0  missing"),
        "{}",
        said.out
    );
    // What is there, but governed by a rule before, is not judged as was asked.
    let rules = "[[rule]]\nlabel = 'web'\n[[rule]]\nseries = 'x'\nexpect = true\n";
    let said = check(rules, &[], &input);
    assert_eq!(said.status, 2);
    assert!(
        said.out
            .contains("series x is expected by rule 2 but a rule before it governs all of that"),
        "{}",
        said.out
    );
}

#[test]
fn copies_must_be_fresh_in_so_many_repositories() {
    #[track_caller]
    fn row(demand: &str, times: &[&str], status: u8, said: Option<&str>) {
        let rules = format!("[[rule]]\nseries = 'web-*'\n{demand}\n");
        let found = check(&rules, &[], &copies(times));
        assert_eq!(found.status, status, "{}", found.out);
        assert_eq!(
            found.out.contains("[too-few-copies]"),
            said.is_some(),
            "{}",
            found.out
        );
        assert!(
            found.out.contains(said.unwrap_or_default()),
            "{}",
            found.out
        );
    }
    let (today, hours, days) = (
        "2025-03-10T02:00:00",
        "2025-03-09T14:00:00",
        "2025-03-07T02:00:00",
    );
    row("copies = 2", &[today, hours], 0, None);
    row(
        "copies = 2",
        &[today],
        2,
        Some("web-* is fresh in 1 of 2 repositories that rule 1 demands"),
    );
    row(
        "copies = 2",
        &[today, days],
        2,
        Some(
            "web-* is fresh in 1 of 2 repositories that rule 1 demands: /srv/offsite is 3d 10h old",
        ),
    );
    // The third is late, so it is CRITICAL by itself, but there are enough.
    row("copies = 2", &[today, hours, days], 2, None);
    row("copies = 2\ncritical = '9d'", &[today, days], 0, None);
    row(
        "copies = 2\ncritical = '9d'\nmax-lag = '1d'",
        &[today, days],
        2,
        Some("1 of 2 repositories that rule 1 demands: /srv/offsite is 3d behind"),
    );
    row(
        "copies = 2\ncritical = '9d'\nmax-lag = '3d'",
        &[today, days],
        0,
        None,
    );
}

#[test]
fn what_must_have_copies_must_be_there() {
    let said = check(
        "[[rule]]\nseries = 'db-*'\ncopies = 2\n[[rule]]\n",
        &[],
        &copies(&["2025-03-10T02:00:00"]),
    );
    assert_eq!(said.status, 2);
    assert!(
        said.out
            .contains("series db-* is expected by rule 1 and missing [missing]")
    );
}

#[test]
fn two_ways_to_one_repository_are_one_copy() {
    let mut input = copies(&["2025-03-10T02:00:00", "2025-03-10T02:00:00"]);
    input[1]["repository"]["id"] = input[0]["repository"]["id"].clone();
    let said = check(
        "[[rule]]\nseries = 'web-*'\ncopies = 2\n",
        &["--state", "duplicate-repository=ok"],
        &input,
    );
    assert_eq!(said.status, 2);
    assert!(said.out.contains("[too-few-copies]"), "{}", said.out);
}

#[test]
fn copies_of_no_series_are_those_of_each_series() {
    let said = check(
        "[[rule]]\ncopies = 2\n",
        &[],
        &copies(&["2025-03-10T02:00:00"]),
    );
    assert_eq!(said.status, 2);
    assert!(
        said.out.contains("web-* is fresh in 1 of 2"),
        "{}",
        said.out
    );
    let empty = json!([list("web", &[])]);
    let said = check("[[rule]]\ncopies = 1\n", &[], &empty);
    assert_eq!(said.status, 2);
    assert!(said.out.contains("[no-backup]"), "{}", said.out);
}

#[test]
fn rules_with_a_mistake_judge_nothing() {
    let input = list("web", &[("x", "2025-03-10T02:00:00")]);
    for rules in [
        "",
        "# nothing\n",
        "[[rule]]\nwarning = 'nonsense'\n",
        "[[rule]]\nlabel = 're:('\n",
        "[[rule]]\nhosts = 'web'\n",
        "[[rule]\n",
    ] {
        let said = check(rules, &[], &input);
        assert_eq!((said.status, said.err.as_str()), (3, ""), "{rules}");
        assert!(said.out.starts_with("BORG UNKNOWN: rules "), "{}", said.out);
        assert_eq!(rules_check(rules, &[], &input).status, 2, "{rules}");
    }
    let said = run(&["check_borg", "--rules", "/nowhere"], b"{}", NOW);
    assert_eq!(said.status, 3);
}

#[test]
fn the_json_says_rule_owner_and_note() {
    let input = labelled(&[("web", &list("web", &[("x", "2025-03-10T02:00:00")]))]);
    let rules = "[[rule]]\nlabel = 'web'\nowner = 'o'\nnote = 'n'\n\
                 [[rule]]\nlabel = 'db'\nexpect = true\nowner = 'dba'\n";
    let answer = check(rules, &["--output", "json"], &input).json();
    let group = &answer["groups"][0];
    assert_eq!(
        (&group["rule"], &group["owner"], &group["note"]),
        (&json!(1), &json!("o"), &json!("n"))
    );
    let missing = &answer["findings"][0];
    assert_eq!(
        (&missing["code"], &missing["rule"], &missing["owner"]),
        (&json!("missing"), &json!(2), &json!("dba"))
    );
    assert_eq!(
        answer["counts"],
        json!({"ok": 1, "warning": 0, "critical": 0, "unknown": 0})
    );
    let schema = std::fs::read("schemas/check.json").unwrap();
    let schema: Value = serde_json::from_slice(&schema).unwrap();
    assert!(jsonschema::is_valid(&schema, &answer));
}

#[test]
fn only_problems_leaves_out_what_is_ok_and_counts_it() {
    let args = ["--group-by", "host", "--only-problems"];
    let input = shared().to_string();
    let said = run(
        &[&["check_borg"], &args[..]].concat(),
        input.as_bytes(),
        NOW,
    );
    assert_eq!(said.out.lines().count(), 2);
    assert!(said.out.contains("groups=2;;;0 ok=1;;;0"), "{}", said.out);
    let json = [&["check_borg", "--output", "json"], &args[..]].concat();
    let answer = run(&json, input.as_bytes(), NOW).json();
    assert_eq!(answer["groups"].as_array().unwrap().len(), 1);
    assert_eq!(answer["counts"]["ok"], 1);
    assert_eq!(answer["hosts"].as_array().unwrap().len(), 1);
    assert_eq!(answer["hosts"][0]["host"], "db");

    let both = json!([
        list("web", &[("x", "2025-03-10T02:00:00")]),
        list("db", &[])
    ])
    .to_string();
    for command in ["last", "repos"] {
        let said = run(&[command, "--only-problems"], both.as_bytes(), NOW);
        assert_eq!(said.out.lines().count(), 2, "{}", said.out);
        assert!(said.out.contains("/srv/db"), "{}", said.out);
    }
}

#[test]
fn a_draft_governs_everything_and_finds_what_vanished() {
    let both = labelled(&[
        (
            "a\"b\\\n[[rule]]",
            &list("web", &[("x", "2025-03-10T02:00:00")]),
        ),
        ("sh:*", &list("db", &[("x", "2025-03-10T02:00:00")])),
    ]);
    let draft = run(&["rules", "init"], both.to_string().as_bytes(), NOW);
    assert_eq!(draft.status, 0, "{}", draft.err);
    let said = rules_check(&draft.out, &[], &both);
    assert_eq!(said.status, 0, "{}{}", draft.out, said.out);
    let one = json!([both[0]]);
    let said = check(&draft.out, &[], &one);
    assert!(
        said.out
            .starts_with(r"BORG CRITICAL: label re:sh:\\* is expected by rule 2 and missing | "),
        "{}",
        said.out
    );
    assert_eq!(run(&["rules", "init"], b"[]", NOW).status, 3);
    assert_eq!(
        run(&["rules", "init", "--group-by", "user"], b"", NOW).status,
        2
    );
}

#[test]
fn many_groups_are_summed_up_by_state_and_host() {
    let mut archives = Vec::new();
    for number in 0..3000 {
        let day = if number % 100 == 0 { 1 } else { 10 };
        archives.push((
            format!("host{number}"),
            format!("2025-03-{day:02}T02:00:00"),
        ));
    }
    let made: Vec<_> = archives
        .iter()
        .map(|(name, time)| (name.as_str(), time.as_str(), 1, 1))
        .collect();
    let mut info = info("all", &made);
    for archive in info["archives"].as_array_mut().unwrap() {
        archive["hostname"] = archive["name"].clone();
    }
    let said = check("[[rule]]\nhost = 'sh:*'\n", &[], &info);
    assert_eq!(said.status, 2);
    assert!(said.out.len() <= 8192);
    let lines: Vec<_> = said.out.lines().collect();
    assert_eq!(perfdata::items(lines[0]).len(), 6);
    assert_eq!(lines[1], "3000 groups: 30 CRITICAL, 2970 OK");
    assert!(
        lines[2].starts_with(
            "30 of 3000 hosts have problems: host0 (1 CRITICAL), host100 (1 CRITICAL), "
        ) && lines[2].ends_with(", 20 more"),
        "{}",
        lines[2]
    );
    assert!(
        lines[3].starts_with("CRITICAL: /srv/all host"),
        "{}",
        lines[3]
    );
}

#[test]
fn the_schema_takes_what_the_reader_takes() {
    let schema = std::fs::read(Path::new("schemas/rules.json")).unwrap();
    let schema: Value = serde_json::from_slice(&schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for (value, valid) in [
        (json!({"rule": [{}]}), true),
        (
            json!({"rule": [{"label": "a", "warning": "1h", "critical": ["2h", "files=1:"]}]}),
            true,
        ),
        (
            json!({"rule": [{"host": "a", "series": "b", "repository": "c", "copies": 2, "max-lag": "1d"}]}),
            true,
        ),
        (
            json!({"rule": [{"expect": true, "owner": "o", "note": "n"}]}),
            true,
        ),
        (json!({}), false),
        (json!({"rule": []}), false),
        (json!({"rule": {}}), false),
        (json!({"rule": [{"lable": "a"}]}), false),
        (json!({"rule": [{"label": ""}]}), false),
        (json!({"rule": [{"warning": 26}]}), false),
        (json!({"rule": [{"copies": 0}]}), false),
        (json!({"rule": [{"max_lag": "1d", "copies": 1}]}), false),
        (json!({"rule": [{"expect": "yes"}]}), false),
    ] {
        assert_eq!(validator.is_valid(&value), valid, "{value}");
        let file = toml(&value);
        assert_eq!(borgq_rules::read(file.as_bytes()).is_ok(), valid, "{file}");
    }
}

/// The value as TOML: JSON of one line is nearly that.
fn toml(value: &Value) -> String {
    fn inline(value: &Value) -> String {
        match value {
            Value::Object(keys) => {
                let keys = keys
                    .iter()
                    .map(|(key, value)| format!("{key} = {}", inline(value)));
                format!("{{{}}}", keys.collect::<Vec<_>>().join(", "))
            }
            Value::Array(list) => {
                let list: Vec<_> = list.iter().map(inline).collect();
                format!("[{}]", list.join(", "))
            }
            plain => plain.to_string(),
        }
    }
    let keys = value.as_object().unwrap().iter();
    keys.map(|(key, value)| format!("{key} = {}\n", inline(value)))
        .collect()
}

/// Before and after it is masked, folded or read whole, a location is one name.
#[test]
fn what_holds_a_secret_is_named_without_it() {
    let mut document = list(
        "web",
        &[
            ("web-1", "2025-03-09T02:00:00"),
            ("web-2", "2025-03-10T02:00:00"),
        ],
    );
    for (location, shown) in [
        (
            "ssh://me:hunter2secret@host/srv/web",
            "ssh://me:***@host/srv/web",
        ),
        (
            "s3:ID:hunter2/secret@https://host/bucket/web",
            "s3:ID:***@https://host/bucket/web",
        ),
        ("b2:ID:hunter2secret@/bucket/web", "b2:ID:***@/bucket/web"),
    ] {
        document["repository"]["location"] = location.into();
        let input = document.to_string();
        let init = run(&["rules", "init"], input.as_bytes(), NOW);
        assert!(init.out.contains(shown), "{}", init.out);
        for limit in ["age=26h", "gap=3d"] {
            let args = ["-c", limit, "-v", "-r", location, "--expect", location];
            let said = check(&init.out, &args, &document);
            assert_eq!(said.status, 0, "{}", said.out);
            assert!(!said.out.contains("ungoverned"), "{}", said.out);
            let said = check(
                &init.out,
                &["-c", limit, "-r", shown, "--expect", shown],
                &document,
            );
            assert_eq!(said.status, 0, "{}", said.out);
            let gone = location.replace("web", "gone");
            let said = check(&init.out, &["-c", limit, "--expect", &gone], &document);
            assert_eq!(said.status, 2, "{}", said.out);
            assert!(!said.out.contains("hunter2"), "{}", said.out);
        }
        let said = rules_check(&init.out, &["-r", location], &document);
        assert_eq!(said.status, 0, "{}", said.out);
        for args in [&["last"][..], &["inspect"], &["archives", "--json"]] {
            let said = run(&[args, &["-r", location]].concat(), input.as_bytes(), NOW);
            assert_eq!(said.status, 0, "{args:?} {}", said.err);
            assert!(!said.out.contains("hunter2"), "{}", said.out);
        }
        let wrong = format!("sh:{location}/[b-a]");
        let said = run(&["last", "-r", &wrong], input.as_bytes(), NOW);
        assert!(
            said.status == 2 && !said.err.contains("hunter2"),
            "{}",
            said.err
        );
    }
}
