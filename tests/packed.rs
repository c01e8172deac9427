//! A packed inventory holds what a whole one does, however it was made.

use borgq_json::read;
use borgq_query::gaps::Gaps;
use borgq_query::packed::{self, Listing};
use borgq_query::pattern::{ArchivePattern, ArchivePatterns};
use borgq_query::sizes::Sizes;
use borgq_query::{Archive, GroupBy, Inventory, Question};
use borgq_report::json;
use borgq_report::rows::{Answer, Place, Rows, Source};
use chrono::FixedOffset;
use serde::Serialize;
use serde_json::Value;

use crate::cases;
use crate::thin::{broken, question};

/// All that is answered about all archives.
fn answers(inventory: &Inventory, question: &Question) -> Vec<Value> {
    let now = question.now;
    let groups = question.groups(inventory);
    let (repositories, _) = question.repositories(inventory);
    let problems = || inventory.problems.iter().chain(&groups.problems);
    let listings = [false, true].map(|all| Listing::of(repositories.iter().copied(), all));
    let mut answers: Vec<_> = listings
        .iter()
        .map(|listing| serde_json::to_value(json::Archives::new(now, listing, problems())))
        .map(Result::unwrap)
        .collect();
    let gaps: Vec<_> = groups
        .groups
        .iter()
        .map(|group| (group, Gaps::of(group.packed().times(), now, None)))
        .collect();
    let gaps = gaps.iter().map(|(group, gaps)| (*group, gaps, None));
    let gaps = json::Gaps::new(now, None, "UTC", gaps, problems());
    answers.push(serde_json::to_value(gaps).unwrap());
    let sizes: Vec<_> = groups
        .groups
        .iter()
        .map(|group| (group, Sizes::of(group.packed())))
        .collect();
    let sizes = json::Sizes::new(now, &sizes, &repositories, problems());
    answers.push(serde_json::to_value(&sizes).unwrap());
    let archives = json::Archives::new(now, &listings[1], problems());
    one_by_one(&archives, &archives, "archives", None);
    one_by_one(&sizes, &sizes, "sizes", Some("archives"));
    answers
}

/// Rows that are made one by one are those of the whole answer.
fn one_by_one(
    answer: &impl Serialize,
    source: &dyn Source,
    list: &'static str,
    nested: Option<&'static str>,
) {
    let place = Place { list, nested };
    let whole = Answer::of(answer, place).unwrap();
    let [one, other] = [source, &whole].map(|source| {
        let mut rows = Rows::of(source);
        rows.sort("name", true).unwrap();
        let mut out = Vec::new();
        rows.json(&mut out, place).unwrap();
        String::from_utf8(out).unwrap()
    });
    assert_eq!(one, other);
}

/// The archives of a repository that is not packed, as they are to be listed.
fn listed(inventory: &Inventory, question: &Question) -> Vec<String> {
    let mut listed = Vec::new();
    for repository in &inventory.repositories {
        let mut archives: Vec<_> = repository.archives.iter().collect();
        archives.sort_by_key(|archive| archive.time.instant);
        let judged = archives.iter().map(|archive| question.judge(archive));
        listed.extend(judged.map(|judged| format!("{:?}", (judged.archive, judged.left_out))));
    }
    listed
}

fn listed_packed(inventory: &Inventory) -> Vec<String> {
    let listing = Listing::of(&inventory.repositories, true);
    let archives = (0..listing.len()).map(|at| listing.get(at).unwrap());
    archives
        .map(|(_, archive, left_out)| format!("{:?}", (&archive, left_out)))
        .collect()
}

/// Compares the ways, and gives whether the input could be folded.
#[track_caller]
fn compare(name: &str, printed: &[u8]) -> bool {
    let zone = FixedOffset::east_opt(0).unwrap();
    let nothing = &|_: &mut Archive| ();
    let mut folds = true;
    for (group_by, pattern) in [
        (GroupBy::Repository, None),
        (GroupBy::Series, Some("sh:*e*")),
        (GroupBy::Host, Some("re:.*[0-5]")),
        (GroupBy::User, None),
    ] {
        let mut question = question("2025-03-10T12:00:00Z".parse().unwrap(), group_by);
        let patterns = pattern.map(|text| ArchivePattern::parse(text).unwrap());
        question.selection.archives = ArchivePatterns::new(patterns.into_iter().collect());
        let mut inventory = Inventory::default();
        let reading = read(printed);
        let plain = reading.problems.is_empty() && reading.skipped.is_empty();
        inventory.add_reading(reading, "-", &zone);
        let whole = listed(&inventory, &question);
        inventory.pack(&question, nothing);
        assert_eq!(listed_packed(&inventory), whole, "{name} packed");
        let mut buffer = Vec::new();
        let folded = packed::fold(printed, &mut buffer, &question, nothing, "-", &zone);
        match folded.unwrap() {
            Some(folded) => {
                assert!(plain, "{name} was folded");
                let folded = folded.inventory;
                assert_eq!(listed_packed(&folded), whole, "{name} folded");
                let (folded, whole) = (answers(&folded, &question), answers(&inventory, &question));
                assert_eq!(folded, whole, "{name} folded");
            }
            None => folds = false,
        }
    }
    folds
}

#[test]
fn a_packed_inventory_holds_the_same() {
    let mut folded = 0;
    for case in cases::all() {
        folded += usize::from(compare(&case.name, &case.printed));
    }
    assert!(folded > 450, "only {folded} cases were folded");
}

#[test]
fn a_broken_document_is_never_packed_as_another_one() {
    let folded = broken(0x2545_f491_4f6c_dd1d, 500, compare);
    assert!(folded > 15, "only {folded} were folded");
}
