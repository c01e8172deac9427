use super::*;
use crate::pattern::{ArchivePattern, ArchivePatterns};
use crate::samples::{at, document_1, inventory, inventory_of, question};
use borgq_json::read;
use chrono::FixedOffset;

fn asked(group_by: GroupBy) -> Question {
    Question {
        group_by,
        ..question(at("2025-03-10T12:00Z"))
    }
}

/// Archives of borg 2 by two hosts, and one whose host is not said.
fn hosts() -> Inventory {
    let archive = |day: u8, keys: &str| format!(r#""time": "2025-03-0{day}T02:00:00+00:00"{keys}"#);
    inventory_of([
        archive(1, r#", "hostname": "a", "username": "root""#),
        archive(2, r#", "hostname": "b", "username": "root""#),
        archive(3, r#", "hostname": "a", "username": "joe""#),
        archive(4, ""),
    ])
}

fn names(inventory: &Inventory, group_by: GroupBy) -> Vec<(Option<String>, usize)> {
    let groups = asked(group_by).groups(inventory).groups.into_iter();
    groups
        .map(|group| (group.name, group.tally.complete))
        .collect()
}

#[test]
fn an_archive_of_the_future_does_not_count_beyond_the_skew_of_clocks() {
    let inventory = inventory(&[
        "2025-03-09T12:00Z",
        "2025-03-10T12:05Z",
        "2025-03-10T12:05:00.000001Z",
    ]);
    let answer = asked(GroupBy::Repository).groups(&inventory);
    let [group] = answer.groups.as_slice() else {
        panic!("{answer:?}");
    };
    assert_eq!((group.tally.complete, group.tally.future), (2, 1));
    assert_eq!(group.tally.all(), 3);
    let left_out = group.archives.iter().map(|judged| judged.left_out);
    assert_eq!(
        left_out.collect::<Vec<_>>(),
        [None, None, Some(LeftOut::Future)]
    );
    let now = at("2025-03-10T12:00Z");
    assert_eq!(group.last().unwrap().time.instant, at("2025-03-10T12:05Z"));
    assert_eq!(age(group.last().unwrap(), now), TimeDelta::zero());
    let first = group.counted().next().unwrap();
    assert_eq!(age(first, now), TimeDelta::days(1));
}

#[test]
fn groups_are_named_by_what_they_are_grouped_by() {
    let some = |name: &str, count| (Some(name.to_owned()), count);
    let inventory = hosts();
    assert_eq!(names(&inventory, GroupBy::Repository), [(None, 4)]);
    assert_eq!(names(&inventory, GroupBy::Series), [some("web", 4)]);
    assert_eq!(
        names(&inventory, GroupBy::Host),
        [(None, 1), some("a", 2), some("b", 1)]
    );
    assert_eq!(
        names(&inventory, GroupBy::User),
        [(None, 1), some("joe", 1), some("root", 2)]
    );
    assert_eq!(
        names(&inventory, GroupBy::Prune),
        [(None, 1), some("web@a", 2), some("web@b", 1)]
    );
}

#[test]
fn borg_1_prunes_all_archives_of_a_repository_together() {
    let mut inventory = Inventory::default();
    let archive = |day| format!(r#""barchive": "web", "time": "2025-03-0{day}T02:00:00.000000""#);
    let reading = read(document_1([archive(1), archive(2)]).as_bytes());
    inventory.add_reading(reading, "-", &FixedOffset::east_opt(0).unwrap());
    assert_eq!(names(&inventory, GroupBy::Prune), [(None, 2)]);
    assert_eq!(asked(GroupBy::Prune).groups(&inventory).problems, []);
}

#[test]
fn what_a_group_needs_and_nobody_says_is_counted() {
    for (group_by, text) in [
        (
            GroupBy::Host,
            "does not say the host of 1 archives in /backup/web",
        ),
        (
            GroupBy::User,
            "does not say the user of 1 archives in /backup/web",
        ),
    ] {
        let answer = asked(group_by).groups(&hosts()).problems;
        let [problem] = answer.as_slice() else {
            panic!("{answer:?}");
        };
        assert_eq!(problem.code, ProblemCode::NoGroup);
        assert!(problem.text.contains(text), "{}", problem.text);
    }
}

#[test]
fn what_patterns_do_not_choose_is_counted_apart() {
    let mut question = asked(GroupBy::Repository);
    let pattern = ArchivePattern::parse("host:a").unwrap();
    question.selection.archives = ArchivePatterns::new(vec![pattern]);
    let inventory = hosts();
    let groups = question.groups(&inventory).groups;
    let counts = groups.iter().map(|it| (it.tally.all(), it.not_matched));
    assert_eq!(counts.collect::<Vec<_>>(), [(2, 2)]);
}

#[test]
fn a_repository_is_summed_up() {
    let inventory = inventory(&[
        "2025-03-09T12:00Z",
        "2025-03-08T12:00Z",
        "2025-03-11T12:00Z",
    ]);
    let (summaries, problem) = asked(GroupBy::Series).summaries(&inventory);
    assert_eq!(problem, None);
    let [summary] = summaries.as_slice() else {
        panic!("{summaries:?}");
    };
    assert_eq!((summary.archives, summary.complete), (3, 2));
    let time = |archive: Option<&Archive>| archive.map(|archive| archive.time.instant);
    assert_eq!(time(summary.oldest), Some(at("2025-03-08T12:00Z")));
    assert_eq!(time(summary.newest), Some(at("2025-03-09T12:00Z")));
}

#[test]
fn nouns_and_reasons_have_their_words() {
    for (group_by, one, many) in [
        (GroupBy::Repository, "repository", "repositories"),
        (GroupBy::Series, "series", "series"),
        (GroupBy::Host, "host", "hosts"),
        (GroupBy::User, "user", "users"),
        (GroupBy::Prune, "host", "groups"),
    ] {
        assert_eq!(group_by.noun(), one);
        assert_eq!(group_by.noun_for(1), one);
        assert_eq!((group_by.noun_for(0), group_by.noun_for(2)), (many, many));
    }
    let reasons = [LeftOut::NotMatched, LeftOut::Checkpoint, LeftOut::Future];
    assert_eq!(
        reasons.map(|reason| reason.to_string()),
        ["not-matched", "checkpoint", "future"]
    );
}
