//! What is left out, and that no filter sees it.

use crate::{Bytes, Filter, Host, Layout, Value, on_large_stack};
use proptest::prelude::*;

#[track_caller]
fn leaves(filter: &str, json: &'static str, left: &str) {
    let filter = Filter::compile(filter, &["x"]).unwrap();
    let json = Bytes::from_static(json.as_bytes());
    let (value, _) = Value::read_needed(&json, filter.needs()).unwrap();
    assert_eq!(value, Value::read(left.as_bytes()).unwrap());
}

const LIST: &str =
    r#"{"a": [{"id": 1, "t": [2]}, {"id": 3, "u": 0}], "b": {"c": 4, "d": 5}, "e": 6}"#;

#[test]
fn what_a_filter_cannot_see_is_left_out() {
    leaves("[.a[].id] | max", LIST, r#"{"a": [{"id": 1}, {"id": 3}]}"#);
    leaves(".a | length", LIST, r#"{"a": [{}, {}]}"#);
    leaves(".b.c, .e", LIST, r#"{"b": {"c": 4}, "e": 6}"#);
    leaves(
        ".a | map({id}) | .[0]",
        LIST,
        r#"{"a": [{"id": 1}, {"id": 3}]}"#,
    );
    leaves("\"\\(.b.d)\", $x, 7", LIST, r#"{"b": {"d": 5}}"#);
    leaves(
        ".a[] | select(.u) | .id",
        LIST,
        r#"{"a": [{"id": 1}, {"id": 3, "u": 0}]}"#,
    );
    leaves(
        "if .e > 1 then .b.c else empty end",
        LIST,
        r#"{"b": {"c": 4}, "e": 6}"#,
    );
    leaves(
        ".a | group_by(.id) | map(length)",
        LIST,
        r#"{"a": [{"id": 1}, {"id": 3}]}"#,
    );
    leaves(
        ".a | max_by(.id) | .id",
        LIST,
        r#"{"a": [{"id": 1}, {"id": 3}]}"#,
    );
    // The error shows all of it.
    leaves(".b | max_by(.id) | .id", LIST, r#"{"b": {"c": 4, "d": 5}}"#);
    leaves("1", LIST, "{}");
}

#[test]
fn what_is_not_known_sees_everything() {
    for filter in [
        ".",
        "..",
        "keys",
        "del(.a)",
        ".a = 1",
        ".a |= 1",
        "[paths]",
        ".a[0.5].id",
        ".a[1e3].id",
        "input, .e",
        "def f: .a; .e",
        ". as $x | .e",
        ". as {(.b.c | tostring): $y} | .e",
        "reduce .a[] as $y (0; . + 1)",
        "@json",
        "debug | .e",
        "to_entries | .[0]",
    ] {
        leaves(filter, LIST, LIST);
    }
}

#[test]
fn filters_of_many_names_take_no_long_time() {
    let names: Vec<_> = (0..1000).map(|at| format!(".a{at}")).collect();
    let all = || {
        leaves(&names.join(","), LIST, LIST);
        leaves(&names.concat(), LIST, "{}");
        let left = r#"{"a": [{"id": 1, "t": [2]}, {"id": 3, "u": 0}], "b": {}}"#;
        leaves(&vec!["(.a, .b)"; 50].join("|"), LIST, left);
    };
    // As everywhere: texts that are long nest deeply.
    on_large_stack(all, || ()).unwrap();
}

/// The outputs, and the error at the end.
fn outputs(filter: &Filter, value: Value) -> String {
    let run = filter.start(Host::default(), []);
    let mut lines = Vec::new();
    for output in run.outputs(value).take(50) {
        match output {
            Ok(value) => {
                if let Err(error) = Layout::default().write(&value, &mut lines) {
                    lines.extend(error.to_string().bytes());
                }
            }
            Err(error) => lines.extend(error.to_string().bytes()),
        }
        lines.push(b'\n');
    }
    String::from_utf8(lines).unwrap()
}

fn filter() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        ".",
        ".a",
        ".b",
        ".[]",
        ".[]?",
        ".a?",
        ".[0]",
        ".[-1]",
        ".a[]",
        ".a.b",
        ".[].a",
        ".[1:]",
        "1",
        "\"a\"",
        "null",
        "[]",
        "{}",
        "length",
        "keys",
        "empty",
        "not",
        "add",
        "max",
        "first",
        "..",
        "tojson",
        "type",
        "{a}",
        "{a, b}",
        "{\"a\"}",
        "to_entries",
        "sort",
        "error",
        "has(\"a\")",
        "$now",
        "@json",
        "\"\\(.a)\"",
        "(.a, .b)",
        "[.[]]",
        "(.a // .b)",
        "del(.a)",
        "(.a |= 1)",
        "any",
        "input",
        ".[.a]?",
        ".[\"a\"]",
        "last",
        "min",
        "reverse",
        "flatten",
        "tostring",
        "map_values(.a)",
        "paths",
    ]);
    leaf.prop_map(str::to_owned)
        .prop_recursive(4, 24, 3, |inner| {
            let two = (inner.clone(), inner.clone());
            let name = prop::sample::select(vec![
                "sort_by",
                "unique_by",
                "group_by",
                "min_by",
                "max_by",
                "any",
                "all",
            ]);
            prop_oneof![
                two.clone().prop_map(|(f, g)| format!("({f} | {g})")),
                two.clone().prop_map(|(f, g)| format!("({f}, {g})")),
                two.clone().prop_map(|(f, g)| format!("({f} // {g})")),
                two.clone().prop_map(|(f, g)| format!("({f} == {g})")),
                two.clone().prop_map(|(f, g)| format!("({f} + {g})")),
                two.clone().prop_map(|(f, g)| format!("({f} and {g})")),
                two.clone()
                    .prop_map(|(f, g)| format!("({f} as $y | {g}, $y)")),
                two.clone()
                    .prop_map(|(f, g)| format!("{{a: {f}, \"b\": {g}}}")),
                two.clone()
                    .prop_map(|(f, g)| format!("(try {f} catch {g})")),
                two.clone()
                    .prop_map(|(f, g)| format!("(if {f} then {g} end)")),
                two.clone()
                    .prop_map(|(f, g)| format!("(if . then {f} else {g} end)")),
                two.clone()
                    .prop_map(|(f, g)| format!("(reduce {f} as $y (.; {g}))")),
                two.clone()
                    .prop_map(|(f, g)| format!("(. as {{a: $y}} | {f}, {g}, $y)")),
                two.clone().prop_map(|(f, g)| format!(
                    "(. as [$y, {{({f} | tojson): $z}}] | {g}, $y, $z)"
                )),
                two.clone()
                    .prop_map(|(f, g)| format!("(def f: {f}; {g} | f)")),
                two.clone().prop_map(|(f, g)| format!("({f} | [{g}][0])")),
                two.prop_map(|(f, g)| format!("({f} |= {g})")),
                inner.clone().prop_map(|f| format!("map({f})")),
                inner.clone().prop_map(|f| format!("select({f})")),
                inner.clone().prop_map(|f| format!("first({f})")),
                inner.clone().prop_map(|f| format!("limit(2; {f})")),
                (name, inner.clone()).prop_map(|(name, f)| format!("{name}({f})")),
                inner.clone().prop_map(|f| format!("[{f}]")),
                inner
                    .clone()
                    .prop_map(|f| format!("(label $out | {f}, break $out)")),
                inner.clone().prop_map(|f| format!("({f})?")),
                inner.clone().prop_map(|f| format!("({f}).a")),
                inner.clone().prop_map(|f| format!("({f})[]")),
                inner.clone().prop_map(|f| format!(".[{f}]")),
                inner.clone().prop_map(|f| format!("-({f})")),
                inner.prop_map(|f| format!("\"x\\({f})\"")),
            ]
        })
}

fn json() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec!["1", "\"s\"", "null", "true", "[]", "{}", "2.50"]);
    leaf.prop_map(str::to_owned)
        .prop_recursive(4, 24, 4, |inner| {
            let list = prop::collection::vec(inner.clone(), 0..4);
            let key = prop::sample::select(vec!["a", "b", "c", "d"]);
            let object = prop::collection::vec((key, inner), 0..4);
            prop_oneof![
                list.prop_map(|items| format!("[{}]", items.join(","))),
                object.prop_map(|members| {
                    let members = members
                        .into_iter()
                        .map(|(key, value)| format!("\"{key}\":{value}"));
                    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
                }),
            ]
        })
}

proptest! {
    #[test]
    fn no_filter_notices_what_was_left_out(text in filter(), json in json()) {
        let filter = Filter::compile(&text, &[]).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let json = Bytes::from(json);
        let whole = Value::read(&json).unwrap();
        let (needed, _) = Value::read_needed(&json, filter.needs()).unwrap();
        let typed: serde_json::Value = serde_json::from_slice(&json).unwrap();
        let sorted = Value::of(&typed).unwrap();
        let needed_of = Value::needed_of(&typed, filter.needs()).unwrap();
        prop_assert_eq!(outputs(&filter, needed), outputs(&filter, whole), "{}", text);
        prop_assert_eq!(outputs(&filter, needed_of), outputs(&filter, sorted), "{}", text);
    }
}
