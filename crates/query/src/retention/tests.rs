use chrono::FixedOffset;

use super::*;
use crate::samples::{at, inventory, question};

/// What the rules keep of archives with these times, newest first: the day and why.
#[track_caller]
fn keeps(
    times: &[&str],
    rules: &[(Rule, &str)],
    want: &[(&str, &str)],
) -> Vec<(Rule, usize, String)> {
    let inventory = inventory(times);
    let question = question(at("2025-03-10T12:00Z"));
    let groups = question.groups(&inventory).groups;
    let rules = Rules::new(
        rules
            .iter()
            .map(|(rule, amount)| (*rule, amount.parse().unwrap())),
    );
    let utc = FixedOffset::east_opt(0).unwrap();
    let retention = Retention::of(&groups[0], &rules, question.now, &utc).unwrap();
    let kept = retention.archives.iter().filter_map(|decided| {
        let why = match decided.kept? {
            Kept::Rule {
                rule,
                number,
                oldest,
            } => {
                format!("{rule}{} #{number}", if oldest { "[oldest]" } else { "" })
            }
            other => format!("{other:?}"),
        };
        Some((
            decided.archive.time.instant.format("%m-%d").to_string(),
            why,
        ))
    });
    let kept: Vec<_> = kept.collect();
    let want: Vec<_> = want
        .iter()
        .map(|(day, why)| ((*day).to_owned(), (*why).to_owned()))
        .collect();
    assert_eq!(kept, want);
    retention
        .promised
        .iter()
        .map(|promised| (promised.rule, promised.slots, promised.missing.join(" ")))
        .collect()
}

#[test]
fn the_newest_of_each_period_is_kept_and_missing_periods_are_named() {
    let times = [
        "2025-03-01T02:00Z",
        "2025-03-05T02:00Z",
        "2025-03-07T02:00Z",
        "2025-03-07T14:00Z",
        "2025-03-10T02:00Z",
    ];
    let promised = keeps(
        &times,
        &[(Rule::Daily, "4")],
        &[
            ("03-10", "daily #1"),
            ("03-07", "daily #2"),
            ("03-05", "daily #3"),
            ("03-01", "daily #4"),
        ],
    );
    assert_eq!(promised, [(Rule::Daily, 4, "2025-03-09 2025-03-08".into())]);
    let promised = keeps(
        &times,
        &[(Rule::Daily, "2"), (Rule::Weekly, "2")],
        &[
            ("03-10", "daily #1"),
            ("03-07", "daily #2"),
            ("03-01", "weekly #1"),
        ],
    );
    assert_eq!(promised[1], (Rule::Weekly, 2, String::new()));
}

#[test]
fn the_present_period_is_not_missing_before_it_ends() {
    let promised = keeps(
        &["2025-03-08T02:00Z", "2025-03-09T02:00Z"],
        &[(Rule::Daily, "7")],
        &[("03-09", "daily #1"), ("03-08", "daily #2")],
    );
    assert_eq!(promised, [(Rule::Daily, 2, String::new())]);
}

#[test]
fn rules_that_the_borg_of_the_repository_would_refuse_are_a_problem() {
    let inventory = inventory(&["2025-03-08T02:00Z"]);
    let question = question(at("2025-03-10T12:00Z"));
    let groups = question.groups(&inventory).groups;
    let utc = FixedOffset::east_opt(0).unwrap();
    let refused = |rules: &[(Rule, &str)]| {
        let rules = Rules::new(
            rules
                .iter()
                .map(|(rule, amount)| (*rule, amount.parse().unwrap())),
        );
        let problem = Retention::of(&groups[0], &rules, question.now, &utc).unwrap_err();
        assert_eq!(problem.code, ProblemCode::RefusedRules);
        problem.text
    };
    assert_eq!(
        refused(&[(Rule::Within, "7d")]),
        "the borg of /backup/web would refuse these rules: it has no --keep-within, use --keep"
    );
    assert!(refused(&[(Rule::Daily, "0")]).ends_with("at least one must keep something"));
    assert!(
        refused(&[(Rule::Daily, "all"), (Rule::Weekly, "4")])
            .ends_with("daily keeps all that weekly could keep")
    );
    assert!(
        refused(&[(Rule::Daily, "30d"), (Rule::Weekly, "1w")])
            .ends_with("daily keeps all that weekly could keep")
    );
}
