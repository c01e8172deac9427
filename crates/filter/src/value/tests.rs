use super::*;
use proptest::prelude::*;

#[track_caller]
fn cleans(json: &str, text: &str, count: usize) {
    let (value, cleaned) = Value::read_cleaned(&Bytes::copy_from_slice(json.as_bytes())).unwrap();
    assert_eq!((value.as_str().as_deref(), cleaned), (Some(text), count));
}

#[test]
fn each_lone_surrogate_becomes_one_replacement_character() {
    cleans(r#""plain""#, "plain", 0);
    cleans(r#""\udc80""#, "\u{fffd}", 1);
    cleans(r#""a\udcff\udcfeb""#, "a\u{fffd}\u{fffd}b", 2);
    cleans(r#""\ud83d\ude00""#, "😀", 0);
    cleans(r#""\ud83d\ud83d\ude00\ud83d""#, "\u{fffd}😀\u{fffd}", 2);
    cleans(r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}", 2);
    cleans(r#""\\udc80""#, r"\udc80", 0);
    cleans(r#""\\\udc80""#, "\\\u{fffd}", 1);
    cleans(r#""\ud83dx\n""#, "\u{fffd}x\n", 1);
    cleans(r#""\ud83d\n""#, "\u{fffd}\n", 1);
}

#[test]
fn bytes_that_are_not_utf8_are_cleaned_too() {
    let (value, cleaned) =
        Value::read_cleaned(&Bytes::from_static(b"\"a\xff\xed\xb2\x80\"")).unwrap();
    assert!(value.as_str().unwrap().starts_with("a\u{fffd}"));
    assert!(cleaned > 0);
}

#[test]
fn what_is_no_json_is_refused() {
    for text in [
        "",
        "1 2",
        "NaN",
        "Infinity",
        "b\"x\"",
        "{1:2}",
        "# x\n1",
        "+1",
        "{\"a\":nan}",
        "\"\\udc80\"",
    ] {
        assert!(Value::read(text.as_bytes()).is_err(), "{text}");
    }
    let nested = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(Value::read(nested(DEEPEST).as_bytes()).is_ok());
    assert_eq!(
        Value::read(nested(1_000_000).as_bytes())
            .unwrap_err()
            .to_string(),
        "it is nested deeper than 1000 levels"
    );
    let text = format!("\"\\\"{}\"", "[".repeat(1_000_000));
    assert!(Value::read(text.as_bytes()).is_ok());
}

/// JSON, and what is nearly JSON.
fn json() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"a\"",
        "\"a\":",
        "\"b\": ",
        "1",
        "-0",
        "01",
        "-",
        "2.50",
        "1e9",
        "1E+",
        ".5",
        "12345678901234567890",
        "true",
        "false",
        "null",
        "nan",
        " ",
        "\n    ",
        "\t",
        "\"\\u00e9\"",
        "\"\\ud83d\\ude00\"",
        "\"\\udc80\"",
        "\"\\ud83d\"",
        "\"\\n\\/\\x\"",
        "\"\\u+123\"",
        "\"\u{1}\"",
        "\"é\"",
        "\"\u{7f}\"",
        "\"",
        "\\",
        "[1, {\"a\": [2]}]",
    ]);
    let anything = prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat());
    let good = prop::sample::select(vec![
        "1",
        "-0",
        "2.50",
        "-1e-9",
        "0",
        "12345678901234567890",
        "true",
        "false",
        "null",
        "[]",
        "{}",
        "\"\"",
        "\"a\\u00e9\\\"\\ud83d\\ude00\"",
        "\"\\udc80\\ud83d\"",
        "\"é\"",
    ]);
    let good = good
        .prop_map(str::to_owned)
        .prop_recursive(4, 64, 6, |inner| {
            let list = prop::collection::vec(inner.clone(), 0..6);
            let key = prop::sample::select(vec!["\"a\"", "\"b\"", "\"\\u0061\"", "\"\""]);
            let object = prop::collection::vec((key, inner), 0..6);
            prop_oneof![
                list.prop_map(|items| format!("[{}]", items.join(" ,"))),
                object.prop_map(|members| {
                    let members: Vec<_> = members
                        .into_iter()
                        .map(|(key, value)| format!("{key} :{value}\n"))
                        .collect();
                    format!("{{ {}}}", members.join(","))
                }),
            ]
        });
    prop_oneof![anything, good]
}

proptest! {
    #[test]
    fn any_json_is_cleaned_without_loss(units: Vec<u16>) {
        let json: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
        let (value, cleaned) = Value::read_cleaned(&format!("\"{json}\"").into()).unwrap();
        let want = String::from_utf16_lossy(&units);
        let lone = char::decode_utf16(units).filter(Result::is_err).count();
        prop_assert_eq!(value.as_str().unwrap(), want);
        prop_assert_eq!(cleaned, lone);
    }

    #[test]
    fn both_ways_to_read_give_the_same(json in json()) {
        let json = Bytes::from(json);
        if let Some((value, cleaned)) = read::read(&json, Needs::ALL) {
            let (slowly, count) = clean(&json);
            prop_assert_eq!(cleaned, count);
            let slowly = Value::read_slowly(&slowly).unwrap();
            prop_assert_eq!(format!("{:?}", value), format!("{:?}", slowly.0));
        } else {
            prop_assert!(Value::read_slowly(&clean(&json).0).is_err(), "{:?}", json);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        let _ = Value::read_cleaned(&bytes.into());
    }
}
