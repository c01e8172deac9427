//! The filters that `borgq query` has besides jq's own, by rows of filter and output.

use crate::program::{Said, run};

const NOW: &str = "2025-03-02T12:00:00Z";
const LIST: &str = include_str!("../crates/json/examples/repo-list.json");
const PATH: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/crates/json/examples/repo-list.json"
);

fn query(args: &[&str], stdin: &str) -> Said {
    run(&[&["query"], args].concat(), stdin.as_bytes(), NOW)
}

/// borg's list of archives: names and times.
fn list(archives: &[(&str, &str)]) -> String {
    let archives: Vec<_> = archives
        .iter()
        .enumerate()
        .map(|(number, (name, time))| {
            format!(
                r#"{{"archive": "{name}", "barchive": "{name}", "id": "{number:064}",
                "name": "{name}", "start": "{time}.000000", "time": "{time}.000000"}}"#
            )
        })
        .collect();
    let start = LIST.find('[').unwrap();
    let end = LIST.find(']').unwrap();
    format!("{}[{}{}", &LIST[..start], archives.join(","), &LIST[end..])
}

/// Two series, a checkpoint that is newer than all, and an archive in the future.
fn mixed() -> String {
    list(&[
        ("db-2025-02-20", "2025-02-20T03:00:00"),
        ("web-2025-03-01", "2025-03-01T02:00:00"),
        ("web-2025-03-02", "2025-03-02T02:00:00"),
        ("web-2025-03-02.checkpoint", "2025-03-02T11:00:00"),
        ("old-2030-01-01", "2030-01-01T00:00:00"),
    ])
}

#[track_caller]
fn answers(input: &str, rows: &[(&str, &str)]) {
    for (filter, output) in rows {
        let said = query(&["-c", filter], input);
        assert_eq!(said.err, "", "{filter}");
        assert_eq!(said.out.trim_end(), *output, "{filter}");
        assert_eq!(said.status, 0, "{filter}");
    }
}

#[track_caller]
fn fails(input: &str, rows: &[(&str, &str)]) {
    for (filter, error) in rows {
        let said = query(&["-c", filter], input);
        assert_eq!((said.out.as_str(), said.status), ("", 5), "{filter}");
        assert_eq!(
            said.err,
            format!("borgq: the filter failed: {error}\n"),
            "{filter}"
        );
    }
}

#[test]
fn complete_archives_are_those_that_count() {
    answers(
        &mixed(),
        &[
            ("[archives] | length", "5"),
            (
                "[complete.name]",
                r#"["db-2025-02-20","web-2025-03-01","web-2025-03-02"]"#,
            ),
            ("[.repositories[] | complete] | length", "3"),
            ("[.repositories[0].archives | complete] | length", "3"),
            (
                "[archives | select(isempty(complete)) | .left_out]",
                r#"["checkpoint","future"]"#,
            ),
        ],
    );
}

#[test]
fn last_is_the_newest_complete_archive() {
    answers(
        &mixed(),
        &[
            ("last.name", r#""web-2025-03-02""#),
            (".repositories[] | last.name", r#""web-2025-03-02""#),
            (
                ".repositories[0].archives | last.name",
                r#""web-2025-03-02""#,
            ),
            (".repositories[0].archives | path(last)", "[2]"),
            (
                ".repositories[0].archives | reverse | last.name",
                r#""web-2025-03-02""#,
            ),
            (".repositories[0].archives[3:] | last", "null"),
            (
                "[by_series | last.name]",
                r#"["db-2025-02-20",null,"web-2025-03-02"]"#,
            ),
        ],
    );
}

#[test]
fn jqs_own_last_is_not_in_the_way() {
    answers(
        &mixed(),
        &[
            ("[1, 2] | last, path(last), (last |= 3)", "2\n[-1]\n[1,3]"),
            ("[] | last", "null"),
            ("null | last", "null"),
            ("[{}, {\"time\": 1}] | last", r#"{"time":1}"#),
            ("[archives] | last(.[]).name", r#""old-2030-01-01""#),
            ("[archives.name] | last", r#""old-2030-01-01""#),
        ],
    );
    fails(
        LIST,
        &[
            (
                "{} | last",
                "last needs an inventory, a repository, archives, or one: not object",
            ),
            ("1 | last", "cannot index 1 with -1"),
        ],
    );
}

#[test]
fn what_is_not_there_never_looks_recent() {
    answers(
        &mixed(),
        &[
            (
                "last | age, older_than(\"10h\"), older_than(\"599m\")",
                "36000\nfalse\ntrue",
            ),
            (
                "null | age, human_age, older_than(\"1w\")",
                "null\nnull\ntrue",
            ),
            (
                "archives | select(.left_out == \"future\") | age, older_than(\"1w\")",
                "null\ntrue",
            ),
            (
                "last_by(.series) | [.group, .age_seconds, older_than(\"26h\")]",
                "[\"db-*\",896400,true]\n[\"old-*\",null,true]\n[\"web-*\",36000,false]",
            ),
            (
                "$now, \"2025-03-02T11:59:00Z\" | if type == \"string\" then age else . end",
                "1740916800\n60",
            ),
        ],
    );
    let empty = list(&[]);
    answers(
        &empty,
        &[
            ("last", "null"),
            (
                "[.repositories[] | select(last | older_than(\"26h\"))] | length",
                "1",
            ),
            (
                "last_by(.host) | .group, older_than(\"26h\"), has(\"archive\")",
                "null\ntrue\nfalse",
            ),
            ("by_series | .series, .archives, last", "null\n[]\nnull"),
            ("[gaps], series, [archives]", "[]\n[]\n[]"),
        ],
    );
}

#[test]
fn a_clock_that_is_a_little_ahead_makes_an_archive_of_now() {
    let ahead = list(&[("a", "2025-03-02T12:03:00")]);
    answers(
        &ahead,
        &[("last | .name, age", "\"a\"\n0"), ("gaps.seconds", "0")],
    );
}

#[test]
fn a_repository_whose_archives_are_not_listed_has_no_last() {
    let info = include_str!("jq/documents/repo-info-1.x.json");
    answers(
        info,
        &[
            (
                ".repositories[0] | has(\"archives\"), last, [archives]",
                "false\nnull\n[]",
            ),
            (
                "[.repositories[] | select(last | older_than(\"26h\"))] | length",
                "1",
            ),
            ("last_by(.host) | older_than(\"26h\")", "true"),
        ],
    );
}

#[test]
fn gaps_lead_from_each_complete_archive_to_the_next_and_to_now() {
    answers(
        &mixed(),
        &[
            (
                "[gaps | [.from[:10], .to[:10], .seconds, .current]]",
                "[[\"2025-02-20\",\"2025-03-01\",774000,false],[\"2025-03-01\",\"2025-03-02\",86400,false],\
              [\"2025-03-02\",\"2025-03-02\",36000,true]]",
            ),
            (
                "[by_series | gaps | .series]",
                r#"["db-*","web-*","web-*"]"#,
            ),
            (
                "gaps | select(.current) | .repository.location, .seconds",
                "\"/backup/web\"\n36000",
            ),
            ("[.repositories[] | gaps] == [gaps]", "true"),
        ],
    );
}

#[test]
fn series_and_groups_keep_the_repositories_apart() {
    let other = LIST
        .replace("2222", "4444")
        .replace("/backup/web", "/backup/other");
    let both = format!("{LIST}{other}");
    answers(
        &both,
        &[
            ("series", r#"["web-*"]"#),
            (
                "[by_series.repository.location]",
                r#"["/backup/web","/backup/other"]"#,
            ),
            (
                "[last_by(.series).repository.location]",
                r#"["/backup/web","/backup/other"]"#,
            ),
            ("[last.name]", r#"["web-2025-03-02","web-2025-03-02"]"#),
            ("[archives] | by_series | keys", r#"["archives","series"]"#),
        ],
    );
}

#[test]
fn the_prelude_refuses_what_is_no_inventory() {
    for filter in ["last", "complete", "gaps", "archives", "last_by(.host)"] {
        let said = query(&["--documents", filter], LIST);
        assert_eq!((said.status, said.out.as_str()), (5, ""), "{filter}");
        assert_eq!(
            said.err,
            "borgq: standard input, line 1: the filter failed: archives needs an inventory, a \
             repository, archives, or one: not object\n"
        );
    }
}

#[test]
fn durations_and_sizes_are_those_of_the_other_commands() {
    for seconds in [0, 5, 65, 3_600, 93_600, 1_209_600, 34_560_001] {
        let human = borgq_report::human::duration(chrono::TimeDelta::seconds(seconds));
        answers(
            LIST,
            &[(&format!("{seconds} | human_age"), &format!("{human:?}"))],
        );
    }
    for bytes in [
        0,
        1,
        1023,
        1024,
        1_536,
        1_048_575,
        1_610_612_736,
        u64::MAX / 4096,
    ] {
        let human = borgq_report::human::size(bytes);
        answers(
            LIST,
            &[(&format!("{bytes} | human_bytes"), &format!("{human:?}"))],
        );
    }
    answers(
        LIST,
        &[
            (
                "[\"26h\", \"1d2h\", \"90\", \"1.5h\", \"2w\", \"500ms\" | seconds(.)]",
                "[93600,93600,90,5400,1209600,0.5]",
            ),
            (
                "ago(\"26h\"), ago(\"0\")",
                "\"2025-03-01T10:00:00Z\"\n\"2025-03-02T12:00:00Z\"",
            ),
            ("null, 0.5 | human_age", "null\n\"500ms\""),
            ("null | human_bytes", "null"),
        ],
    );
    fails(
        LIST,
        &[
            (
                "last | older_than(\"26x\")",
                "bad duration \"26x\": unknown unit \"x\", expected w, d, h, m, s or ms (at character 3)",
            ),
            (
                "null | older_than(\"1y\")",
                "bad duration \"1y\": \"y\" is refused because months and years have no fixed length, \
              write days such as `30d` (or `m` for minutes) (at character 2)",
            ),
            (
                "ago(26)",
                "a duration is a string such as \"26h\", not number",
            ),
            (
                "(-1) | human_bytes",
                "human_bytes needs a number of bytes, not a negative one",
            ),
            (
                "infinite | human_bytes",
                "human_bytes needs a number of bytes, not one beyond 2^64",
            ),
            (
                "{} | human_bytes",
                "human_bytes needs a number of bytes, not object",
            ),
            ("nan | human_age", "human_age needs a number of seconds"),
            ("1 | age", "age needs an archive or a time: not number"),
            (
                "{} | age",
                "age needs an archive or a time: not an object without either",
            ),
            (
                "1 | complete",
                "archives needs an inventory, a repository, archives, or one: not number",
            ),
        ],
    );
}

/// The words of a line as a shell splits them.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words
}

#[test]
fn the_examples_of_the_help_are_true() {
    let help = query(&["--help"], "").out;
    let mut lines = help.lines().peekable();
    let mut examples = 0;
    while let Some(line) = lines.next() {
        let Some(command) = line.strip_prefix("    $ borgq ") else {
            continue;
        };
        let mut shown = String::new();
        while let Some(line) =
            lines.next_if(|line| line.starts_with("    ") && !line.starts_with("    $ "))
        {
            shown.push_str(line.strip_prefix("    ").unwrap());
            shown.push('\n');
        }
        let words = words(&command.replace("list.json", PATH));
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let said = run(&words, b"", NOW);
        assert_eq!((said.out, said.err.as_str()), (shown, ""), "{command}");
        examples += 1;
    }
    assert!(examples >= 20, "only {examples} examples");
}

#[test]
fn the_help_names_every_filter_of_the_prelude() {
    let help = query(&["--help"], "").out;
    let prelude = include_str!("../crates/filter/src/prelude.jq");
    let names = prelude
        .lines()
        .filter_map(|line| line.strip_prefix("def "))
        .filter(|line| !line.starts_with('_') && !line.starts_with("now"))
        .map(|line| line.split([':', '(']).next().unwrap());
    let mut count = 0;
    for name in names {
        let heading = |line: &str| !line.starts_with(' ') && line.contains(name);
        assert!(help.lines().any(heading), "{name}");
        count += 1;
    }
    assert!(count >= 12);
}
