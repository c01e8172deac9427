use proptest::prelude::*;

use super::*;
use crate::samples::{at, inventory, question};

fn name(what: &'static str, text: &str) -> Option<NamePattern> {
    Some(NamePattern::parse(what, text).unwrap())
}

fn label(text: &str) -> Rule {
    Rule {
        label: name("label", text),
        ..Rule::default()
    }
}

#[test]
fn rules_that_contradict_themselves_or_never_govern_are_refused() {
    #[track_caller]
    fn row(rules: Vec<Rule>, want: &str) {
        assert_eq!(Rules::new(rules).unwrap_err().to_string(), want);
    }
    let lag = "1d".parse().ok();
    row(
        vec![],
        "there is no rule, so nothing is governed and nothing expected",
    );
    row(
        vec![Rule {
            copies: Some(0),
            ..label("a")
        }],
        "rule 1: copies: no copy at all proves nothing, expected 1 or more",
    );
    row(
        vec![Rule {
            max_lag: lag,
            ..label("a")
        }],
        "rule 1: max-lag: it says how far copies may lag, so it needs copies, for instance copies = 2",
    );
    row(
        vec![Rule::default(), label("a")],
        "rule 2: it governs nothing, because rule 1 before it governs everything",
    );
    row(
        vec![label("a"), label("b"), label("a")],
        "rule 3: it governs nothing, because rule 1 before it has the same patterns",
    );
    row(
        vec![Rule {
            note: Some(" ".into()),
            ..label("a")
        }],
        "rule 1: note: it says nothing, expected a text",
    );
    let limits = crate::threshold::limits(&[], &["input-age=1h".parse().unwrap()]).unwrap();
    row(
        vec![Rule {
            limits,
            ..label("a")
        }],
        "rule 1: critical: input-age is of all inputs together and not of a rule, \
         give it on the command line",
    );
}

#[test]
fn what_has_no_archive_is_governed_by_a_rule_for_the_repository_alone() {
    let inventory = inventory(&[]);
    let series = Rule {
        series: name("series", "sh:**"),
        ..Rule::default()
    };
    let mut question = question(at("2025-03-01T02:00Z"));
    for (rules, governs) in [
        (vec![series.clone()], None),
        (vec![series, Rule::default()], Some(2)),
    ] {
        question.rules = Rules::new(rules).unwrap();
        let groups = question.groups(&inventory).groups;
        assert_eq!((groups.len(), groups[0].rule), (1, governs));
    }
}

#[test]
fn an_unknown_host_matches_no_rule_that_asks_for_one_and_is_a_problem() {
    let inventory = inventory(&["2025-03-01T02:00Z"]);
    let mut question = question(at("2025-03-01T02:00Z"));
    let host = Rule {
        host: name("host", "sh:*"),
        ..Rule::default()
    };
    question.rules = Rules::new(vec![host, Rule::default()]).unwrap();
    let answer = question.groups(&inventory);
    assert_eq!(answer.groups[0].rule, Some(2));
    assert_eq!(
        answer.problems[0].text,
        "the input does not say the host of 1 archives in /backup/web: \
         use borg info, or list with --format"
    );
}

fn pattern() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("a".to_owned()),
        Just("/a".to_owned()),
        Just("sh:*".to_owned()),
        Just("re:/?a".to_owned()),
        Just("aaaaaaaa".to_owned()),
        Just(format!("id:{}", "a".repeat(64))),
        Just(format!("id:{}", "b".repeat(8))),
    ]
}

proptest! {
    #[test]
    fn the_index_finds_what_asking_each_rule_finds(
        patterns in proptest::collection::vec(
            (proptest::option::of(pattern()), proptest::option::of(pattern())), 1..6),
        has_label in any::<bool>(),
        label in prop_oneof![Just("a"), Just("/a"), Just("aaaaaaaa"), Just("x")],
        location in prop_oneof![Just("/a"), Just("a"), Just("/x")],
        digit in prop_oneof![Just("a"), Just("b")],
    ) {
        let rules: Vec<_> = patterns.iter().map(|(repository, label)| Rule {
            repository: repository.as_ref().map(|text| RepositoryPattern::parse(text).unwrap()),
            label: label.as_ref().and_then(|text| name("label", text)),
            ..Rule::default()
        }).collect();
        let facts = RepositoryFacts {
            id_hex: &digit.repeat(64),
            label: has_label.then_some(label),
            location,
        };
        let asked: Vec<_> = (0..rules.len()).filter(|at| rules[*at].matches_repository(&facts)).collect();
        let mut found = Index::of(&rules).candidates(&facts);
        found.retain(|at| rules[*at].matches_repository(&facts));
        prop_assert_eq!(found, asked);
    }
}
