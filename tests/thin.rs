//! A thinned inventory gives the answers of a whole one, however it was made.

use std::io::Read;

use borgq_json::read;
use borgq_query::{Assessment, Criteria, GroupBy, Inventory, Question, Selection, thin};
use borgq_report::json;
use chrono::{DateTime, FixedOffset, TimeDelta};
use serde_json::Value;

use crate::cases;

/// All that is answered about the newest and the oldest archives and their number.
fn answers(inventory: &Inventory, question: &Question) -> Vec<Value> {
    let groups = question.groups(inventory);
    let (summaries, problem) = question.summaries(inventory);
    let problems = || inventory.problems.iter().chain(&groups.problems);
    let assessment = Assessment::of(inventory, question, &Criteria::default());
    let tallies = groups.groups.iter().map(|group| {
        let tally = group.tally;
        let counts = [
            tally.complete,
            tally.checkpoints,
            tally.future,
            group.not_matched,
        ];
        serde_json::json!([group.name, counts])
    });
    let summary = borgq_report::assessment::summary(&assessment, question);
    let mut answers: Vec<_> = tallies.collect();
    let now = question.now;
    answers.push(serde_json::to_value(json::Last::new(now, &groups.groups, problems())).unwrap());
    answers.push(serde_json::to_value(json::Repos::new(now, &summaries, &problem)).unwrap());
    answers.push(
        serde_json::to_value(json::Check::new(question, &assessment, summary, false)).unwrap(),
    );
    answers
}

/// Rules that govern repositories, and rules that divide some or all of them.
const RULES: &[&str] = &[
    "[[rule]]\nrepository = 're:.*[ay]'\nexpect = true\n[[rule]]\nlabel = 're:.*'\n",
    "[[rule]]\nrepository = 're:.*n.*'\nseries = 're:w.*'\n[[rule]]\n",
    "[[rule]]\nhost = 'vault'\nowner = 'o'\n[[rule]]\ncopies = 2\nmax-lag = '1d'\n",
    "[[rule]]\nhost = 'a'\n[[rule]]\nhost = 're:.*'\nseries = 're:w.*'\nexpect = true\n\
     [[rule]]\nhost = 'a'\nseries = 're:d.*'\nexpect = true\n[[rule]]\nseries = 're:.*'\n",
];

pub fn question(now: DateTime<FixedOffset>, group_by: GroupBy) -> Question {
    Question {
        now: now.to_utc(),
        clock_skew: TimeDelta::minutes(5),
        selection: Selection::default(),
        group_by,
        rules: Default::default(),
    }
}

/// Compares the three ways, and gives whether the input could be folded.
#[track_caller]
pub fn compare(name: &str, printed: &[u8]) -> bool {
    let zone = FixedOffset::east_opt(0).unwrap();
    let mut folds = true;
    for now in ["2025-03-10T12:00:00Z", "2030-01-01T00:00:00Z"] {
        let plainly = [GroupBy::Repository, GroupBy::Series, GroupBy::Host].map(|by| (by, None));
        let ruled = RULES.iter().map(|rules| (GroupBy::Repository, Some(rules)));
        for (group_by, rules) in plainly.into_iter().chain(ruled) {
            let mut question = question(now.parse().unwrap(), group_by);
            if let Some(rules) = rules {
                question.rules = borgq_rules::read(rules.as_bytes()).unwrap();
            }
            let mut inventory = Inventory::default();
            let reading = read(printed);
            let plain = reading.problems.is_empty() && reading.skipped.is_empty();
            inventory.add_reading(reading, "-", &zone);
            let whole = answers(&inventory, &question);
            inventory.thin(&question);
            assert_eq!(answers(&inventory, &question), whole, "{name} thinned");
            let mut reader = printed;
            let reader: &mut dyn Read = &mut reader;
            let mut buffer = Vec::new();
            let folded = thin::fold(printed, &mut buffer, &question, "-", &zone).unwrap();
            let read = thin::fold(reader, &mut buffer, &question, "-", &zone).unwrap();
            assert_eq!(
                folded.is_some(),
                read.is_some(),
                "{name} in memory and read"
            );
            for folded in folded.iter().chain(&read) {
                assert_eq!(
                    answers(&folded.inventory, &question),
                    whole,
                    "{name} folded"
                );
            }
            if folded.is_some() {
                assert!(plain, "{name} was folded");
            } else {
                folds = false;
            }
        }
    }
    folds
}

#[test]
fn a_thinned_inventory_gives_the_same_answers() {
    let mut folded = 0;
    for case in cases::all() {
        folded += usize::from(compare(&case.name, &case.printed));
    }
    assert!(folded > 450, "only {folded} cases were folded");
}

/// Numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end.max(1) as u64).unwrap()
    }
}

/// What makes a difference in JSON.
const BYTES: &[u8] = b"0123456789abcdef\"{}[]:,\\+-T.Zn ";

/// Changes a document a little: a byte, or a part that is dropped, doubled or moved.
fn mutate(printed: &mut Vec<u8>, numbers: &mut Numbers) {
    let length = printed.len();
    let from = numbers.below(length);
    let to = (from + numbers.below(200)).min(length);
    let part = printed[from..to].to_vec();
    match numbers.below(5) {
        0 => printed[from] = BYTES[numbers.below(BYTES.len())],
        1 => drop(printed.drain(from..to)),
        2 => drop(printed.splice(from..from, part)),
        3 => {
            // From one line to another, so that it may stay JSON.
            let line = |at: usize| {
                let newline = printed[at..].iter().position(|byte| *byte == b'\n');
                at + newline.map_or(0, |newline| newline + 1)
            };
            let (from, to) = (line(from), line(to));
            let part = printed[from..to].to_vec();
            drop(printed.splice(to..to, part));
        }
        _ => {
            let other = numbers.below(length);
            printed.swap(from, other);
        }
    }
}

/// Breaks as many documents, and gives how many `compare` says were folded.
pub fn broken(seed: u64, count: usize, compare: fn(&str, &[u8]) -> bool) -> usize {
    let mut numbers = Numbers(seed);
    let cases: Vec<_> = cases::all()
        .into_iter()
        .filter(|case| (100..20_000).contains(&case.printed.len()))
        .collect();
    let mut folded = 0;
    for _ in 0..count {
        let case = &cases[numbers.below(cases.len())];
        let mut printed = case.printed.clone();
        for _ in 0..=numbers.below(2) {
            mutate(&mut printed, &mut numbers);
        }
        let name = format!("{}: {}", case.name, String::from_utf8_lossy(&printed));
        folded += usize::from(compare(&name, &printed));
    }
    folded
}

#[test]
fn hosts_and_series_are_folded_in_any_order() {
    use crate::documents::list;

    let mut numbers = Numbers(0x1234_5678_9abc_def1);
    for at in 0..100 {
        let mut names = Vec::new();
        for number in 0..numbers.below(12) {
            let series = ["web", "db", "etc"][numbers.below(3)];
            let end = ["", "", "", ".checkpoint"][numbers.below(4)];
            // Some at the same time, and some in the future.
            let day = ["01", "02", "09", "11"][numbers.below(4)];
            let time = format!("2025-03-{day}T02:00:00");
            names.push((format!("{series}-{number}{end}"), time));
        }
        let names: Vec<_> = names
            .iter()
            .map(|(name, time)| (&**name, &**time))
            .collect();
        let mut document = list("web", &names);
        let archives = document["archives"].as_array_mut().unwrap();
        for (number, archive) in archives.iter_mut().enumerate() {
            archive["id"] = format!("{number:08x}{:056x}", 0).into();
            if let Some(host) = ["a", "b", "vault"].get(numbers.below(4)) {
                archive["hostname"] = (*host).into();
            }
        }
        let printed = document.to_string().into_bytes();
        let name = format!("{at}: {}", String::from_utf8_lossy(&printed));
        assert!(compare(&name, &printed), "{name} is not folded");
    }
}

#[test]
fn a_broken_document_is_never_folded_into_another_answer() {
    let folded = broken(0x9e37_79b9_7f4a_7c15, 1_500, compare);
    assert!(folded > 50, "only {folded} were folded");
}

#[test]
fn a_control_character_in_a_text_is_never_folded() {
    use crate::documents::{info, list};

    // One that is folded the fast way, and one whose names are not plain.
    for name in ["web", "caf\u{e9}"] {
        let archives = [
            (name, "2025-03-09T02:00:01", 20, 2),
            ("b", "2025-03-10T02:00:02", 10, 1),
            ("c", "2025-03-10T03:00:03", 10, 1),
        ];
        let listed = archives.map(|(name, time, ..)| (name, time));
        for document in [list("web", &listed), info("web", &archives)] {
            let printed = document.to_string().into_bytes();
            assert!(compare(name, &printed));
            for at in (0..printed.len()).step_by(13) {
                for control in *b"\n\x01" {
                    let mut broken = printed.clone();
                    broken.insert(at, control);
                    compare(&String::from_utf8_lossy(&broken), &broken);
                }
            }
        }
    }
}
