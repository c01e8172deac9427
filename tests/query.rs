//! `borgq query`: options, exit status, output and hostile filters.

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
    row(&["--documents", "-a", "web", "."], 2);
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
fn a_document_that_the_filter_does_not_get_was_not_read() {
    let nest = |depth| {
        let deep = "[".repeat(depth) + &"]".repeat(depth);
        LIST.replacen('{', &format!("{{\"new\": {deep},"), 1)
    };
    for args in [
        &["--documents", "-s", "length"][..],
        &["--documents", "-n", "[inputs] | length"],
        &["--documents", "-e", "keys"],
    ] {
        assert_eq!(query(args, &nest(900)).status, 0, "{args:?}");
        let said = query(args, &nest(1100));
        assert_eq!(said.status, 3, "{args:?}");
        assert!(said.err.contains("nested deeper than 1000"), "{}", said.err);
    }
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
        &[
            "--arg",
            "a",
            "1",
            "--arg",
            "a",
            "2",
            "-c",
            "[$a, $ARGS.named]",
        ],
        "[\"1\",{\"a\":\"1\"}]\n",
    );
    row(&["-n", "-1"], "-1\n");
    row(&["-n", ""], "null\n");
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
