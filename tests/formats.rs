//! Every answer in the formats of pipelines, completions and manual pages.

use std::process::{Command, Stdio};

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::cases;
use crate::documents::{info, labelled, list};
use crate::program::{Said, run};

const NOW: &str = "2025-03-10T12:00:00Z";

/// Every command that gives rows, and the list that they are in.
const COMMANDS: &[(&[&str], &str)] = &[
    (&["last"], "backups"),
    (&["archives"], "archives"),
    (&["repos"], "repositories"),
    (&["gaps", "--slots", "daily", "--since", "30d"], "gaps"),
    (&["backtest", "-w", "26h"], "backtests"),
    (&["sizes"], "sizes"),
    (&["retention", "--keep-daily", "7"], "retention"),
    (&["inspect"], "documents"),
    (
        &["diff", "crates/json/examples/repo-list.json", "-"],
        "differences",
    ),
];

fn say(words: &[&str], args: &[&str], input: &Value) -> Said {
    run(&[words, args].concat(), input.to_string().as_bytes(), NOW)
}

fn three() -> Value {
    labelled(&[
        (
            "web",
            &list(
                "web",
                &[
                    ("web-1", "2025-03-08T02:00:00"),
                    ("web-2", "2025-03-10T02:00:00"),
                ],
            ),
        ),
        (
            "db",
            &info("db", &[("db-1", "2025-03-09T02:00:00", 2048, 7)]),
        ),
        ("mail", &list("mail", &[])),
    ])
}

/// A strict reader of RFC 4180.
#[track_caller]
fn csv(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut rest = text.chars().peekable();
    let mut quoted = false;
    let mut fresh = true;
    while let Some(c) = rest.next() {
        let row = rows.last_mut().unwrap();
        match (quoted, c) {
            (true, '"') if rest.next_if_eq(&'"').is_some() => row.last_mut().unwrap().push('"'),
            (true, '"') => quoted = false,
            (false, '"') => {
                assert!(fresh, "a quote within a cell: {text}");
                quoted = true;
            }
            (false, ',') => row.push(String::new()),
            (false, '\r') => {
                assert_eq!(rest.next(), Some('\n'), "{text}");
                rows.push(vec![String::new()]);
            }
            (false, '\n') => panic!("a bare line end: {text}"),
            (_, c) => row.last_mut().unwrap().push(c),
        }
        fresh = !quoted && matches!(c, ',' | '\r');
    }
    assert!(
        !quoted && rows.pop().is_some_and(|last| last == [""]),
        "{text}"
    );
    let width = rows[0].len();
    assert!(rows.iter().all(|row| row.len() == width), "{text}");
    rows
}

#[test]
fn each_format_has_the_rows_of_the_answer() {
    // Some of each kind: there is one answer for each command and format.
    for case in cases::all().into_iter().step_by(11) {
        for (words, list) in COMMANDS {
            let mut words = words.to_vec();
            words.extend(["--timezone", case.timezone()]);
            let say = |format: &str| {
                run(
                    &[&words[..], &["--format", format]].concat(),
                    &case.printed,
                    NOW,
                )
            };
            let answer = say("json");
            let mut count = answer.json()[list].as_array().unwrap().len();
            if matches!(words[0], "sizes" | "retention") {
                let groups = answer.json()[list].clone();
                let archives = |group: &Value| group["archives"].as_array().unwrap().len();
                count = groups.as_array().unwrap().iter().map(archives).sum();
            }
            let lines = say("jsonl");
            assert_eq!(lines.out.lines().count(), count, "{words:?} {}", case.name);
            assert!(
                lines
                    .out
                    .lines()
                    .all(|line| serde_json::from_str::<Value>(line).unwrap().is_object())
            );
            assert_eq!(
                csv(&say("csv").out).len(),
                count + 1,
                "{words:?} {}",
                case.name
            );
            assert_eq!(
                say("tsv").out.lines().count(),
                count + 1,
                "{words:?} {}",
                case.name
            );
            for said in [&lines, &answer] {
                assert_eq!(said.status, say("table").status, "{words:?} {}", case.name);
            }
        }
    }
}

#[test]
fn a_value_is_bare_for_the_shell() {
    let newest = say(
        &["last"],
        &[
            "--field",
            "archive.name",
            "--sort",
            "archive.time",
            "--reverse",
            "--limit",
            "1",
        ],
        &three(),
    );
    assert_eq!((newest.out.as_str(), newest.status), ("web-2\n", 1));
    let ages = say(&["last"], &["--field", "age_seconds"], &three());
    assert_eq!(ages.out, "36000\n122400\n\n");
    let sizes = say(
        &["last"],
        &["--format", "value", "--field", "archive.original_size"],
        &three(),
    );
    assert_eq!(sizes.out, "\n2048\n\n");
}

#[test]
fn a_value_is_one_line_whatever_a_name_holds() {
    let hostile = list("web", &[("a\nb\u{1b}[2J\u{202e}", "2025-03-10T02:00:00")]);
    let said = say(&["last"], &["--field", "archive.name"], &hostile);
    assert_eq!(said.out, "a\\nb\\x1b[2J\\u{202e}\n");
}

#[test]
fn rows_are_sorted_turned_and_limited_in_every_format() {
    let names = |args: &[&str]| {
        let said = say(
            &["archives"],
            &[args, &["--field", "name"]].concat(),
            &three(),
        );
        said.out.lines().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(&[]), "web-1 web-2 db-1");
    assert_eq!(names(&["--sort", "time"]), "web-1 db-1 web-2");
    assert_eq!(names(&["--sort", "time", "--reverse"]), "web-2 db-1 web-1");
    // What is absent comes last, whatever the order.
    assert_eq!(names(&["--sort", "original_size"]), "db-1 web-1 web-2");
    assert_eq!(
        names(&["--sort", "original_size", "--reverse"]),
        "db-1 web-1 web-2"
    );
    assert_eq!(names(&["--reverse"]), "db-1 web-2 web-1");
    assert_eq!(names(&["--reverse", "--limit", "2"]), "db-1 web-2");
    let json = say(
        &["archives"],
        &["--json", "--sort", "time", "--limit", "2"],
        &three(),
    )
    .json();
    assert_eq!(json["archives"][1]["name"], "db-1");
    assert_eq!(json["archives"].as_array().unwrap().len(), 2);
    assert_eq!(json["format"], "archives");
    let table = say(
        &["archives"],
        &["--sort", "time", "--fields", "name,original_size"],
        &three(),
    );
    assert_eq!(
        table.out,
        "NAME   ORIGINAL SIZE\nweb-1\ndb-1         2.0 KiB\nweb-2\n"
    );
}

#[test]
fn columns_are_chosen_and_known_without_data() {
    let empty = json!([]);
    let said = say(
        &["last"],
        &["--format", "csv", "--fields", "age_seconds,archive.tags"],
        &empty,
    );
    assert_eq!(said.out, "age_seconds,archive.tags\r\n");
    for args in [
        &["--fields", "nonsense"][..],
        &["--field", "archive"],
        &["--sort", "archive.nonsense"],
    ] {
        let said = say(&["last"], args, &three());
        assert_eq!((said.status, said.out.as_str()), (2, ""));
        assert!(
            said.err.contains("expected one of age_seconds, archive."),
            "{}",
            said.err
        );
    }
    for args in [
        &["--format", "value"][..],
        &["--format", "csv", "--field", "age_seconds"],
        &["--json", "--fields", "age_seconds"],
        &["--json", "--format", "csv"],
        &["--limit", "many"],
        &["--format", "xml"],
    ] {
        assert_eq!(say(&["last"], args, &three()).status, 2, "{args:?}");
    }
}

#[test]
fn csv_is_exact_and_no_cell_is_a_formula() {
    for name in [
        "=1+1", "+1", "-1", "@SUM(A1)", "a\"b,c", "a\r\nb", "'quoted", " =1", "plain",
    ] {
        let said = say(
            &["archives"],
            &["--format", "csv", "--fields", "name,time"],
            &list("web", &[(name, "2025-03-10T02:00:00")]),
        );
        let cell = &csv(&said.out)[1][0];
        assert!(
            !cell.trim_start().starts_with(['=', '+', '-', '@']),
            "{cell}"
        );
        assert_eq!(cell.strip_prefix('\'').unwrap_or(cell), name);
    }
    // A number may be negative.
    let info = info(
        "web",
        &[
            ("a", "2025-03-09T02:00:00", 200, 2),
            ("b", "2025-03-10T02:00:00", 100, 1),
        ],
    );
    let said = say(
        &["sizes"],
        &[
            "--format",
            "csv",
            "--fields",
            "change_from_previous.original_size_percent",
        ],
        &info,
    );
    assert_eq!(csv(&said.out)[2], ["-50"]);
}

#[test]
fn names_that_are_not_utf8_stand_in_every_format() {
    let text = list("web", &[("web", "2025-03-10T02:00:00")])
        .to_string()
        .replace("\"web\"", r#""w\udcffb""#);
    for format in ["table", "json", "jsonl", "csv", "tsv"] {
        let said = run(&["archives", "--format", format], text.as_bytes(), NOW);
        assert!(said.out.contains("w\u{fffd}b"), "{format}: {}", said.out);
    }
}

#[test]
fn what_people_read_can_be_written_back() {
    use borgq_query::quantity::{Duration, Size};
    let spans = (0..60).map(|n| 3_i64.pow(n / 2) * i64::from(n % 7 + 1));
    for seconds in spans.filter(|seconds| *seconds < 10_000_000_000) {
        let human = borgq_report::human::duration(TimeDelta::seconds(seconds));
        let read: Duration = human
            .parse()
            .unwrap_or_else(|error| panic!("{human}: {error}"));
        assert_eq!(read.human(), human);
    }
    for bytes in (0..60).map(|n| 5_u64.pow(n / 3) * u64::from(n % 3 + 1)) {
        let human = borgq_report::human::size(bytes);
        let read: Size = human
            .parse()
            .unwrap_or_else(|error| panic!("{human}: {error}"));
        assert_eq!(read.human(), human);
    }
}

#[test]
fn tables_fit_the_terminal_and_keep_their_numbers() {
    let name = "漢字 and a long name of an archive that nobody can remember";
    let info = info(
        "web",
        &[
            (name, "2025-03-09T02:00:00", 123_456_789, 2),
            ("b", "2025-03-10T02:00:00", 100, 1),
        ],
    );
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let input = info.to_string();
    let status = borgq_cli::borgq(borgq_cli::Surroundings {
        args: ["borgq", "archives", "--fields", "name,original_size,time"]
            .map(Into::into)
            .to_vec(),
        stdin: &mut input.as_bytes(),
        out: &mut out,
        err: &mut err,
        now: NOW.parse().unwrap(),
        tz: Some("UTC".into()),
        stdin_is_terminal: false,
        width: Some(60),
        colour: false,
        out_is_closed: false,
        may_end_process: false,
        stdout_is_terminal: true,
    });
    assert_eq!(status, 0);
    let out = String::from_utf8(out).unwrap();
    assert!(
        out.contains("117.7 MiB") && out.contains('…') && out.contains("2025-03-09T02:00:00Z"),
        "{out}"
    );
    // The two characters of double width take two columns each.
    let wide: Vec<_> = out
        .lines()
        .map(|line| line.chars().count() + line.matches(['漢', '字']).count())
        .collect();
    assert!(wide.iter().all(|width| *width <= 60), "{wide:?}\n{out}");
}

/// The long options and commands that a help text names.
fn options(help: &str) -> Vec<String> {
    let words = help.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let mut options: Vec<_> = words
        .filter(|word| word.starts_with("--") && word.len() > 3)
        .map(str::to_owned)
        .collect();
    options.sort();
    options.dedup();
    options
}

const NAMES: &[&str] = &[
    "last",
    "archives",
    "repos",
    "query",
    "gaps",
    "backtest",
    "sizes",
    "retention",
    "diff",
    "inspect",
    "capture",
    "rules",
    "schema",
    "completions",
    "man",
    "check",
];

#[test]
fn completions_and_pages_know_every_command_and_option() {
    let say = |args: &[&str]| run(args, b"", NOW);
    let top = say(&["--help"]).out;
    for name in NAMES {
        assert!(top.contains(&format!("  {name} ")), "{name}");
        let usage = say(&[name, "--help"]).out;
        let (_, usage) = usage
            .split_once("Options:")
            .unwrap_or_else(|| panic!("{usage}"));
        let (usage, _) = usage.split_once("Examples:").unwrap_or((usage, ""));
        let page = say(&["man", name]).out.replace("\\-", "-");
        for option in usage
            .lines()
            .filter(|line| line.trim_start().starts_with('-'))
            .flat_map(options)
        {
            assert!(
                page.contains(&option),
                "{name}: {option} is not in its page"
            );
            for shell in ["bash", "zsh", "fish"] {
                let script = say(&["completions", shell]).out;
                let sought = if shell == "fish" {
                    format!("-l {}", &option[2..])
                } else {
                    option.clone()
                };
                assert!(script.contains(&sought), "{shell}: {name}: {option}");
            }
        }
    }
    assert!(
        say(&["completions", "bash", "--program", "check_borg"])
            .out
            .contains("--expect-repositories")
    );
    assert!(
        say(&["man", "check_borg"])
            .out
            .contains("expect\\-repositories")
    );
    assert_eq!(say(&["man", "nonsense"]).status, 2);
}

#[test]
fn bash_takes_the_completions() {
    let script = run(&["completions", "bash"], b"", NOW).out;
    let Ok(mut bash) = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn() else {
        return;
    };
    std::io::Write::write_all(&mut bash.stdin.take().unwrap(), script.as_bytes()).unwrap();
    assert!(bash.wait().unwrap().success());
}

#[test]
fn all_pages_are_written_into_a_directory() {
    let dir = std::env::temp_dir().join(format!("borgq-man-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let said = run(&["man", "--dir", dir.to_str().unwrap()], b"", NOW);
    assert_eq!((said.status, said.err.as_str()), (0, ""));
    for name in NAMES {
        assert!(dir.join(format!("borgq-{name}.1")).exists(), "{name}");
    }
    for name in [
        "borgq",
        "check_borg",
        "borgq-rules-check",
        "borgq-rules-init",
    ] {
        assert!(dir.join(format!("{name}.1")).exists(), "{name}");
    }
    std::fs::remove_dir_all(dir).unwrap();
}
