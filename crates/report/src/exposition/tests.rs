use super::*;
use crate::testing::hostile;
use proptest::prelude::*;

fn metrics() -> Exposition {
    let mut tool = Family::info("borgq", r#"What "wrote" \ this."#).unwrap();
    tool.sample(&[("version", "0.1.0")], 1_u8).unwrap();
    let mut size = Family::gauge("borg_size_bytes", "Size.").unwrap();
    size.sample(&[("repository", "web"), ("host", "")], 20_u8)
        .unwrap();
    size.sample(&[("repository", "db"), ("host", "h")], 10_u8)
        .unwrap();
    let mut runs = Family::counter("borg_run_seconds", "Time in runs.").unwrap();
    runs.sample(&[], Number::parse("1.50").unwrap()).unwrap();
    let mut metrics = Exposition::default();
    for family in [
        tool,
        size,
        runs,
        Family::gauge("borg_unknown", "Nothing known.").unwrap(),
    ] {
        metrics.add(family).unwrap();
    }
    metrics
}

#[test]
fn the_text_format_knows_no_info_and_names_counters_with_total() {
    assert_eq!(
        metrics().prometheus(),
        r#"# HELP borgq_info What "wrote" \\ this.
# TYPE borgq_info gauge
borgq_info{version="0.1.0"} 1
# HELP borg_size_bytes Size.
# TYPE borg_size_bytes gauge
borg_size_bytes{host="h",repository="db"} 10
borg_size_bytes{repository="web"} 20
# HELP borg_run_seconds_total Time in runs.
# TYPE borg_run_seconds_total counter
borg_run_seconds_total 1.50
"#
    );
}

#[test]
fn openmetrics_names_families_without_suffix_declares_units_and_ends() {
    assert_eq!(
        metrics().openmetrics(),
        r#"# TYPE borgq info
# HELP borgq What \"wrote\" \\ this.
borgq_info{version="0.1.0"} 1
# TYPE borg_size_bytes gauge
# UNIT borg_size_bytes bytes
# HELP borg_size_bytes Size.
borg_size_bytes{host="h",repository="db"} 10
borg_size_bytes{repository="web"} 20
# TYPE borg_run_seconds counter
# UNIT borg_run_seconds seconds
# HELP borg_run_seconds Time in runs.
borg_run_seconds_total 1.50
# EOF
"#
    );
}

#[test]
fn what_consumers_refuse_cannot_be_built() {
    for name in ["", "1a", "_a", "a-b", "a:b", "é", "a b", "a\n"] {
        assert_eq!(
            Family::gauge(name, "Help.").unwrap_err().to_string(),
            format!(
                "{name:?} is no metric name, expected letters, digits and _, starting with a letter"
            )
        );
    }
    for help in ["", " ", "a\nb", "a\rb"] {
        assert_eq!(
            Family::gauge("a", help).unwrap_err().to_string(),
            "help text of metric a is empty or not one line of visible characters"
        );
    }
    let mut family = Family::gauge("a", "Help.").unwrap();
    for label in ["", "__name__", "a-b", "instance"] {
        assert!(family.sample(&[(label, "x")], 1_u8).is_err(), "{label:?}");
    }
    assert_eq!(
        family
            .sample(&[("b", "x"), ("b", "")], 1_u8)
            .unwrap_err()
            .to_string(),
        "label b is given twice in a sample of a"
    );
    family.sample(&[("b", "")], 1_u8).unwrap();
    assert_eq!(
        family.sample(&[], 2_u8).unwrap_err().to_string(),
        "sample a is there already"
    );
}

/// Label values and the number of a sample line, by the format's own grammar.
fn read(line: &str) -> (Vec<String>, String) {
    let rest = line.strip_prefix("a{").unwrap();
    let (mut values, mut chars) = (vec![], rest.chars());
    loop {
        let name: String = chars.by_ref().take_while(|&c| c != '=').collect();
        assert!(is_name(&name) && chars.next() == Some('"'));
        let mut value = String::new();
        loop {
            match chars.next().unwrap() {
                '"' => break,
                '\\' => match chars.next().unwrap() {
                    'n' => value.push('\n'),
                    c @ ('\\' | '"') => value.push(c),
                    c => panic!("no such escape: {c}"),
                },
                c => value.push(c),
            }
        }
        values.push(value);
        match chars.next().unwrap() {
            ',' => {}
            '}' => break,
            c => panic!("{c:?} after a label"),
        }
    }
    let number = chars.as_str().strip_prefix(' ').unwrap().to_owned();
    (values, number)
}

proptest! {
    #[test]
    fn hostile_label_values_stay_in_their_place(
        texts in proptest::collection::btree_set(hostile(), 1..6),
    ) {
        let mut family = Family::gauge("a", "Help.").unwrap();
        for text in &texts {
            // Different texts are never the same sample.
            family.sample(&[("x", text.as_str()), ("y", "-")], 7_u8).unwrap();
        }
        let mut metrics = Exposition::default();
        metrics.add(family).unwrap();
        for out in [metrics.prometheus(), metrics.openmetrics()] {
            prop_assert!(!out.contains(|c: char| c.is_control() && c != '\n') && out.ends_with('\n'));
            let lines: Vec<_> = out.lines().filter(|line| !line.starts_with('#')).collect();
            let mut found = BTreeSet::new();
            for line in lines {
                let (mut values, number) = read(line);
                prop_assert_eq!(number, "7");
                prop_assert_eq!(values.pop(), Some("-".to_owned()));
                found.insert(values.pop().unwrap_or_default());
            }
            let shown: BTreeSet<_> = texts.iter().map(|text| text::terminal(text).into_owned()).collect();
            prop_assert_eq!(found, shown);
        }
    }
}
