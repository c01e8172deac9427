use super::*;
use crate::pattern::NamePattern;
use crate::samples::{at, inventory, inventory_of, question};
use crate::threshold::{self, Threshold};

fn limits(warning: &[&str], critical: &[&str]) -> Vec<(Metric, Limits)> {
    let parse = |texts: &[&str]| -> Vec<Threshold> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    };
    threshold::limits(&parse(warning), &parse(critical)).unwrap()
}

fn criteria(warning: &[&str], critical: &[&str]) -> Criteria {
    Criteria {
        limits: limits(warning, critical),
        ..Criteria::default()
    }
}

fn noon() -> Question {
    question(at("2025-03-10T12:00Z"))
}

#[test]
fn the_age_is_judged_by_its_limits() {
    for (last, state) in [
        ("2025-03-10T11:00Z", State::Ok),
        ("2025-03-09T10:00Z", State::Ok),
        ("2025-03-09T09:59Z", State::Warning),
        ("2025-03-08T10:00Z", State::Warning),
        ("2025-03-08T09:59Z", State::Critical),
    ] {
        let inventory = inventory(&["2025-03-01T02:00Z", last]);
        let assessment = Assessment::of(&inventory, &noon(), &criteria(&["26h"], &["50h"]));
        assert_eq!(assessment.state, state, "{last}");
        let [group] = assessment.groups.as_slice() else {
            panic!("{assessment:?}");
        };
        let age = Duration::try_from(at("2025-03-10T12:00Z") - at(last)).unwrap();
        assert_eq!((group.state, group.age()), (state, Some(age)));
        assert_eq!(group.findings, []);
    }
}

#[test]
fn an_age_without_limits_is_told_and_judged_as_ok() {
    let inventory = inventory(&["2015-03-01T02:00Z"]);
    let assessment = Assessment::of(&inventory, &noon(), &Criteria::default());
    assert_eq!(assessment.state, State::Ok);
    assert!(assessment.groups.iter().all(|group| group.age().is_some()));
    assert_eq!(assessment.input_age.map(|age| age.state), None);
}

#[test]
fn nothing_is_proven_by_nothing() {
    let nothing = Inventory::default();
    let unknown = Assessment::of(&nothing, &noon(), &Criteria::default());
    assert_eq!(unknown.state, State::Unknown);
    let empty = inventory(&[]);
    let critical = Assessment::of(&empty, &noon(), &Criteria::default());
    assert_eq!(critical.state, State::Critical);
    let [group] = critical.groups.as_slice() else {
        panic!("{critical:?}");
    };
    assert_eq!(group.age(), None);
    let codes = group.findings.iter().map(|finding| finding.code);
    assert_eq!(codes.collect::<Vec<_>>(), [Code::NoBackup]);
}

#[test]
fn the_worst_group_comes_first_and_of_equal_ones_the_oldest() {
    let archive =
        |name: &str, time| format!(r#""time": "2025-03-{time}:00:00+00:00", "hostname": "{name}""#);
    let inventory = inventory_of([
        archive("fresh", "10T11"),
        archive("old", "08T01"),
        archive("older", "07T01"),
        archive("stale", "09T01"),
    ]);
    let question = Question {
        group_by: crate::GroupBy::Host,
        ..noon()
    };
    let assessment = Assessment::of(&inventory, &question, &criteria(&["26h"], &["50h"]));
    let groups = assessment.groups.iter();
    let order: Vec<_> = groups
        .map(|it| (it.group.name.as_deref().unwrap(), it.state))
        .collect();
    assert_eq!(
        order,
        [
            ("older", State::Critical),
            ("old", State::Critical),
            ("stale", State::Warning),
            ("fresh", State::Ok),
        ]
    );
    assert_eq!(assessment.groups[0].host.as_deref(), Some("older"));
    assert_eq!(assessment.state, State::Critical);
}

#[test]
fn the_limits_of_a_rule_go_before() {
    let rule = Rule {
        series: Some(NamePattern::parse("series", "web").unwrap()),
        limits: limits(&["10d"], &["20d"]),
        ..Rule::default()
    };
    let question = Question {
        rules: Rules::new(vec![rule]).unwrap(),
        ..noon()
    };
    let inventory = inventory(&["2025-03-05T12:00Z"]);
    let usual = criteria(&["26h", "archives=2:"], &["50h"]);
    let assessment = Assessment::of(&inventory, &question, &usual);
    let metrics = assessment.groups[0].metrics.iter();
    let judged: Vec<_> = metrics.map(|it| (it.metric, it.state)).collect();
    assert_eq!(
        judged,
        [(Metric::Age, State::Ok), (Metric::Archives, State::Warning)]
    );
    assert_eq!(assessment.groups[0].group.rule, Some(1));
}

#[test]
fn only_what_lies_between_the_ends_asks_for_all_archives() {
    let none = Rules::default();
    assert!(criteria(&["26h", "archives=2:", "oldest=9d"], &[]).ask_for_ends(&none));
    assert!(!criteria(&["26h", "gap=2d"], &[]).ask_for_ends(&none));
    assert!(!criteria(&[], &["size-change=50%"]).ask_for_ends(&none));
    let rule = Rule {
        limits: limits(&["gap=2d"], &[]),
        ..Rule::default()
    };
    let rules = Rules::new(vec![rule]).unwrap();
    assert!(!criteria(&["26h"], &[]).ask_for_ends(&rules));
}

#[test]
fn no_answer_in_time_is_a_finding_with_the_state_that_is_asked_for() {
    let said = Assessment::unanswered("too late", &States::default());
    assert_eq!(said.state, State::Unknown);
    assert_eq!(said.findings[0].text, "too late");
    let mut states = States::default();
    states.set("timeout=critical").unwrap();
    let said = Assessment::unanswered("too late", &states);
    assert_eq!((said.state, said.groups.len()), (State::Critical, 0));
}
