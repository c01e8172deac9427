use super::*;
use serde_json::json;

const PLACE: Place = Place {
    list: "rows",
    nested: None,
};

fn rows(rows: Value) -> Answer {
    Answer::of(&json!({ "rows": rows, "now": 1 }), PLACE).unwrap()
}

fn values(rows: &Rows<'_>) -> Vec<Value> {
    rows.rows().map(Result::unwrap).collect()
}

#[track_caller]
fn sorts(values: Value, want: Value) {
    let list: Vec<_> = values
        .as_array()
        .unwrap()
        .iter()
        .map(|value| json!({"x": value}))
        .collect();
    let list = rows(json!(list));
    let mut sorted = Rows::of(&list);
    sorted.sort("x", false).unwrap();
    let got: Vec<_> = self::values(&sorted)
        .iter()
        .map(|row| row["x"].clone())
        .collect();
    assert_eq!(json!(got), want);
}

#[test]
fn numbers_times_and_texts_are_sorted_as_what_they_are() {
    sorts(json!([10, 9, 100, 9.5]), json!([9, 9.5, 10, 100]));
    sorts(
        json!([u64::MAX, u64::MAX - 1]),
        json!([u64::MAX - 1, u64::MAX]),
    );
    sorts(
        json!([
            "2025-01-01T00:00:00.5Z",
            "2025-01-01T00:00:00Z",
            "2025-01-01T00:00:00.25Z"
        ]),
        json!([
            "2025-01-01T00:00:00Z",
            "2025-01-01T00:00:00.25Z",
            "2025-01-01T00:00:00.5Z"
        ]),
    );
    sorts(json!(["b", "a", "B"]), json!(["B", "a", "b"]));
}

#[test]
fn what_is_absent_comes_last() {
    let list = rows(json!([{}, {"x": 2}, {"y": 1}, {"x": 1}]));
    let (one, two, y) = (json!({"x": 1}), json!({"x": 2}), json!({"y": 1}));
    let sorted = |descending| {
        let mut sorted = Rows::of(&list);
        sorted.sort("x", descending).unwrap();
        values(&sorted)
    };
    assert_eq!(
        sorted(false),
        [one.clone(), two.clone(), json!({}), y.clone()]
    );
    assert_eq!(sorted(true), [two, one, json!({}), y]);
}

#[test]
fn values_are_one_line_each() {
    let mut out = Vec::new();
    let hostile =
        rows(json!([{"x": "a\nb\u{1b}"}, {}, {"x": 1.5}, {"x": ["a", "b"]}, {"x": true}]));
    Rows::of(&hostile).values(&mut out, "x").unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "a\\nb\\x1b\n\n1.5\na,b\ntrue\n"
    );
}

#[test]
fn nested_rows_have_what_stands_beside_them() {
    let answer = json!({"groups": [
        {"host": "web", "archives": [{"name": "a"}, {"name": "b"}]},
        {"host": "db", "archives": []},
    ]});
    let place = Place {
        list: "groups",
        nested: Some("archives"),
    };
    let answer = Answer::of(&answer, place).unwrap();
    assert_eq!(
        values(&Rows::of(&answer)),
        [
            json!({"host": "web", "name": "a"}),
            json!({"host": "web", "name": "b"})
        ]
    );
}

#[test]
fn a_table_shows_units_that_people_read() {
    let rows = rows(json!([{"age_seconds": 93600, "original_size": 1536, "a": {"n": "x"}}]));
    let fields = ["a.n", "age_seconds", "original_size"];
    let mut out = Vec::new();
    let rows = Rows::of(&rows);
    rows.table(&mut out, &fields, Layout::default()).unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "A N    AGE  ORIGINAL SIZE\nx    1d 2h        1.5 KiB\n"
    );
    assert_eq!(rows.known(&["b", "a.n", "a", "x"]).unwrap(), ["a.n", "a"]);
}

#[test]
fn an_answer_is_the_same_but_for_its_rows() {
    let answer = rows(json!([{"x": 1}, {"x": 2}, {"x": 3}]));
    let mut rows = Rows::of(&answer);
    rows.reverse();
    rows.limit(2);
    let mut out = Vec::new();
    rows.json(&mut out, PLACE).unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "{\"now\":1,\"rows\":[{\"x\":3},{\"x\":2}]}\n"
    );
}
