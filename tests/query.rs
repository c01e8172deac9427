//! `borgq query`: options, exit status, and the filters of the prelude.

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
                "a duration is a string such as \"26h\", not a number",
            ),
            (
                "(-1) | human_bytes",
                "human_bytes needs a number of bytes, not a negative one",
            ),
            (
                "{} | human_bytes",
                "human_bytes needs a number of bytes, not an object",
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

#[test]
fn the_exit_status_is_that_of_jq() {
    #[track_caller]
    fn row(args: &[&str], status: u8) {
        let said = query(args, LIST);
        assert_eq!(said.status, status, "{args:?}: {}", said.err);
    }
    row(&["."], 0);
    row(&["false"], 0);
    row(&["empty"], 0);
    row(&["-e", "."], 0);
    row(&["-e", "1, false"], 1);
    row(&["-e", "false, 1"], 0);
    row(&["-e", "null"], 1);
    row(&["-e", "empty"], 4);
    row(&[], 2);
    row(&["--nonsense", "."], 2);
    row(&["--argjson", "x", "{", "."], 2);
    row(&[".", "--jsonargs", "nope"], 2);
    row(&["--arg", "now", "1", "."], 2);
    row(&["--now", "never", "."], 2);
    row(&["-f", "/nonexistent/filter.jq"], 2);
    row(&[".["], 3);
    row(&["nope"], 3);
    row(&["error(\"x\")"], 5);
    row(&["-e", "error(\"x\")"], 5);
    row(&["1, error(\"x\")"], 5);
    row(&["nan"], 5);
}

#[test]
fn an_input_that_was_not_read_completely_is_3_whatever_the_filter_says() {
    let cut = format!("{LIST}{}", &LIST[..500]);
    for filter in ["last.name", "-e=", "error(\"x\")", "empty"] {
        let args = match filter {
            "-e=" => vec!["-e", "false"],
            filter => vec![filter],
        };
        let said = query(&args, &cut);
        assert_eq!(said.status, 3, "{args:?}");
        assert!(
            said.err.starts_with("borgq: standard input: "),
            "{}",
            said.err
        );
    }
    assert_eq!(query(&["last.name"], &cut).out, "\"web-2025-03-02\"\n");
    assert_eq!(
        query(&["--documents", ".archives | length"], &cut).out,
        "2\n"
    );
    assert_eq!(query(&["--documents", "."], &cut).status, 3);
    assert_eq!(query(&["."], "").status, 3);
    assert_eq!(query(&[".", "/nonexistent.json"], "").status, 3);
}

#[test]
fn nothing_chosen_is_no_answer() {
    let said = query(&["--repository", "other", "-e", "all(last; false)"], LIST);
    assert_eq!((said.status, said.out.as_str()), (1, "true\n"));
    assert_eq!(
        said.err,
        "borgq: none of the repositories matches (1 were read)\n"
    );
    let said = query(
        &["-a", "nothing", "[.repositories[].archives | length]", "-c"],
        LIST,
    );
    assert_eq!((said.status, said.out.as_str()), (0, "[0]\n"));
}

#[test]
fn a_filter_that_fails_on_one_document_goes_on_with_the_next() {
    let two = format!("{LIST}{LIST}");
    let filter = "if input.archives then error(\"first\") else . end, 1";
    let said = query(&["--documents", filter], &two);
    assert_eq!((said.status, said.out.as_str()), (5, ""));
    let said = query(
        &[
            "--documents",
            "-c",
            ".archives[0].name, .nope.x[0], error(\"x\"), 2",
        ],
        &two,
    );
    assert_eq!(
        said.out,
        "\"web-2025-03-01\"\nnull\n\"web-2025-03-01\"\nnull\n"
    );
    let lines = 1 + LIST.lines().count();
    assert_eq!(
        said.err,
        format!(
            "borgq: standard input, line 1: the filter failed: x\n\
             borgq: standard input, line {lines}: the filter failed: x\n"
        )
    );
    assert_eq!(said.status, 5);
}

#[test]
fn options_mean_what_they_mean_to_jq() {
    #[track_caller]
    fn row(args: &[&str], out: &str) {
        let said = query(args, LIST);
        assert_eq!(
            (said.out.as_str(), said.err.as_str()),
            (out, ""),
            "{args:?}"
        );
    }
    row(
        &["{b: [1, {}], a: []}"],
        "{\n  \"b\": [\n    1,\n    {}\n  ],\n  \"a\": []\n}\n",
    );
    row(&["-c", "{b: [1, {}], a: []}"], "{\"b\":[1,{}],\"a\":[]}\n");
    row(
        &["-cS", "{b: [1, {d: 1, c: 2}], a: []}"],
        "{\"a\":[],\"b\":[1,{\"c\":2,\"d\":1}]}\n",
    );
    row(&["-r", "\"a\\nb\", [\"c\"]"], "a\nb\n[\n  \"c\"\n]\n");
    row(&["-j", "\"a\", 1, \"b\""], "a1b");
    row(&["-n", "."], "null\n");
    row(
        &["-n", "-c", "[inputs] | length, (try input catch .)"],
        "1\n\"no more inputs\"\n",
    );
    row(
        &["-s", "-c", "[type, length, .[0].format]"],
        "[\"array\",1,\"inventory\"]\n",
    );
    row(&["--documents", "-s", "length"], "1\n");
    row(&["-ns", "[inputs | length], input?", "-c"], "[1]\n");
    row(
        &[
            "--arg",
            "a",
            "1",
            "--argjson",
            "b",
            "{\"x\": 2}",
            "-c",
            "[$a, $b, $ARGS.named]",
        ],
        "[\"1\",{\"x\":2},{\"a\":\"1\",\"b\":{\"x\":2}}]\n",
    );
    row(&["--arg", "a", "--", "$a"], "\"--\"\n");
    row(
        &["-c", "$ARGS", "--args", "x", "y"],
        "{\"positional\":[\"x\",\"y\"],\"named\":{}}\n",
    );
    row(
        &["-c", "--args", "$ARGS.positional", "x", "y"],
        "[\"x\",\"y\"]\n",
    );
    row(
        &["-c", "$ARGS.positional", "--jsonargs", "1", "[2]"],
        "[1,[2]]\n",
    );
    row(&["$now"], "1740916800\n");
    row(
        &["--now", "2025-03-02T12:00:00.5Z", "$now, now"],
        "1740916800.5\n1740916800.5\n",
    );
    row(
        &["-n", "4 / 2, 1e3, 1.0, 0.1 + 0.2, 100000000000000000001"],
        "2\n1e3\n1.0\n0.30000000000000004\n100000000000000000001\n",
    );
}

#[test]
fn a_filter_can_be_read_from_a_file_and_then_the_first_word_is_an_input() {
    let file = std::env::temp_dir().join(format!("borgq-filter-{}.jq", std::process::id()));
    std::fs::write(&file, "# the newest\nlast\n| .name\n").unwrap();
    let said = query(&["-f", file.to_str().unwrap(), PATH], "");
    std::fs::remove_file(&file).unwrap();
    assert_eq!(
        (said.out.as_str(), said.status),
        ("\"web-2025-03-02\"\n", 0),
        "{}",
        said.err
    );
}

#[test]
fn without_input_nothing_is_read() {
    let said = query(&["-n", "1"], "no document");
    assert_eq!(
        (said.out.as_str(), said.err.as_str(), said.status),
        ("1\n", "", 0)
    );
    assert_eq!(query(&["-n", "[inputs] | length"], "no document").status, 3);
}

#[test]
fn debug_and_stderr_go_to_standard_error() {
    let said = query(&["-nc", "[1, \"\u{1b}\"] | debug | .[1] | stderr | 2"], "");
    assert_eq!(said.out, "2\n");
    assert_eq!(said.err, "[\"DEBUG:\",[1,\"\\u001b\"]]\n\\x1b");
}

#[test]
fn output_that_is_no_json_is_an_error_that_says_where() {
    #[track_caller]
    fn row(filter: &str, problem: &str) {
        let said = query(&["-n", filter], "");
        assert_eq!((said.out.as_str(), said.status), ("", 5), "{filter}");
        assert_eq!(
            said.err,
            format!("borgq: the output cannot be JSON: {problem}\n")
        );
    }
    row("nan", ". is not a number");
    row("infinite", ". is an infinite number");
    row("(-infinite)", ". is an infinite number");
    row(
        "{a: [1, {\"b c\": nan}]}",
        ".[\"a\"][1][\"b c\"] is not a number",
    );
    row("1e999", ". is an infinite number");
    row("{(1): 2}", ". is an object with a key that is no string");
    // What comes before is answered.
    assert_eq!(query(&["-n", "1, nan, 2"], "").out, "1\n2\n");
}

#[test]
fn documents_are_as_borg_printed_them() {
    let said = query(&["--documents", "."], LIST);
    assert_eq!(said.out, LIST.replace("    ", "  "));
    let number = LIST.replace(
        "\"encryption\"",
        "\"x\": [2.5e-05, 1.0, 1E2], \"encryption\"",
    );
    let said = query(&["--documents", "-c", ".x"], &number);
    assert_eq!(said.out, "[2.5e-05,1.0,1E2]\n");
    let array = format!("noise\n[{LIST}, {LIST}]");
    assert_eq!(
        query(&["--documents", ".archives | length"], &array).out,
        "2\n2\n"
    );
    let utf16: Vec<u8> = format!("\u{feff}{LIST}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let said = run(&["query", "--documents", ".archives[1].name"], &utf16, NOW);
    assert_eq!(said.out, "\"web-2025-03-02\"\n");
}

#[test]
fn text_that_json_cannot_hold_is_cleaned_and_counted() {
    let odd = LIST.replace("web-2025-03-02", "caf\\udce9");
    let said = query(&["--documents", "-r", ".archives[1].name"], &odd);
    assert_eq!((said.out.as_str(), said.status), ("caf\u{fffd}\n", 0));
    assert_eq!(
        said.err,
        "borgq: standard input, line 1: 3 characters that JSON cannot hold became U+FFFD\n"
    );
    let said = query(&["-r", "last.name"], &odd);
    assert_eq!(
        (said.out.as_str(), said.err.as_str()),
        ("caf\u{fffd}\n", "")
    );
}

#[test]
fn hostile_text_cannot_steer_a_terminal() {
    let odd = LIST.replace("web-2025-03-02", r"a\u001b[2J\u202e\u009bx\\n");
    let said = query(&["-c", "last.name"], &odd);
    assert_eq!(said.out, "\"a\\u001b[2J\\u202e\\u009bx\\\\n\"\n");
    let said = query(&["error(last.name)"], &odd);
    assert_eq!(
        said.err,
        "borgq: the filter failed: a\\x1b[2J\\u{202e}\\u{9b}x\\\\n\n"
    );
    // Bare output is exact, as it is for other programs.
    let said = query(&["-r", "last.name"], &odd);
    assert_eq!(said.out, "a\u{1b}[2J\u{202e}\u{9b}x\\n\n");
}

#[test]
fn hostile_filters_end_in_an_error_or_an_answer() {
    #[track_caller]
    fn row(filter: &str, out: &str) {
        let said = query(&["-nc", filter], "");
        assert_eq!(said.out.trim_end(), out, "{filter}: {}", said.err);
        assert_eq!(said.status, if out.is_empty() { 5 } else { 0 }, "{filter}");
        assert_eq!(said.err.is_empty(), said.status == 0, "{filter}");
    }
    row("[limit(1000000; repeat(1))] | length", "1000000");
    row("reduce range(300000) as $i (0; [.]) | 1", "1");
    row("reduce range(2000) as $i (0; [.])", "");
    row(
        "[recurse(if . < 100000 then . + 1 else empty end)] | length",
        "100001",
    );
    row(
        "def f: if . > 100000 then . else . + 1 | f end; 0 | f",
        "100001",
    );
    row(
        "def f: if . > 20000 then . else 1 + (. + 1 | f) end; 0 | f",
        "40002",
    );
    row("\"[\" * 1000000 + \"]\" * 1000000 | fromjson", "");
    row("\"a\" * 100000000 | length", "100000000");
    row("first(def f: ., f; f)", "null");
    row("[.[]?] | implode", "\"\"");
    row("[1114112] | implode", "");
    row("\"x\" | test(\"(\")", "");
    row("[[1, 2], [3, 4]] | .[1e300]", "");
    row("try error(\"\\(1, 2)\") catch .", "\"1\"");
    row("9223372036854775807 | gmtime", "");
    row("nan | strftime(\"%Y\")", "");
    row("[2000, 127, 1, 1, 1, 1] | mktime", "");
    row("label $f | range(1000000) | ., break $f", "0");
    let nested = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    row(&format!("{nested} | 1"), "1");
}

#[test]
fn a_closed_pipe_ends_a_filter_without_end_and_is_silent() {
    struct Closed(usize);
    impl std::io::Write for Closed {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += 1;
            if self.0 > 3 {
                return Err(std::io::ErrorKind::BrokenPipe.into());
            }
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    for (args, status) in [(&["-n"][..], 0), (&["-n", "-e"], 3)] {
        let mut err = Vec::new();
        let args = [&["borgq", "query"], args, &["repeat(1)"]].concat();
        let ended = borgq_cli::borgq(borgq_cli::Surroundings {
            args: args.iter().map(Into::into).collect(),
            stdin: &mut std::io::empty(),
            out: &mut Closed(0),
            err: &mut err,
            now: NOW.parse().unwrap(),
            tz: None,
            stdin_is_terminal: false,
            stdout_is_terminal: false,
            width: None,
            colour: false,
            out_is_closed: false,
            may_end_process: false,
        });
        assert_eq!((ended, err.as_slice()), (status, &b""[..]));
    }
}

#[test]
fn bare_output_to_a_terminal_is_escaped() {
    let mut out = Vec::new();
    borgq_cli::borgq(borgq_cli::Surroundings {
        args: ["borgq", "query", "-nr", r#""a\tb\\n\u001b[2J\u202e""#]
            .map(Into::into)
            .to_vec(),
        stdin: &mut std::io::empty(),
        out: &mut out,
        err: &mut std::io::sink(),
        now: NOW.parse().unwrap(),
        tz: None,
        stdin_is_terminal: true,
        stdout_is_terminal: true,
        width: None,
        colour: true,
        out_is_closed: false,
        may_end_process: false,
    });
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "a\tb\\n\\x1b[2J\\u{202e}\n"
    );
}

#[test]
fn a_compile_error_shows_the_place_with_a_caret() {
    let said = query(&[".repositories[]\n| nope"], LIST);
    assert_eq!(said.status, 3);
    assert_eq!(
        said.err,
        "borgq: nope is not defined (line 2, column 3)\n  | nope\n    ^\n"
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
