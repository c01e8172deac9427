//! `borgq retention` against what real `borg prune --dry-run --list` said.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::program::{Said, run};

fn recorded(tool: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/retention/{tool}.json"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn say(history: &Value, recorded: &Value) -> Said {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut args = vec!["retention".to_owned(), "--json".into()];
    args.extend([
        "--timezone".into(),
        text(&history["zone"]),
        "--now".into(),
        text(&recorded["now"]),
    ]);
    args.extend(recorded["args"].as_array().unwrap().iter().map(text));
    if let Some(pattern) = recorded["select"].as_str() {
        args.extend(["-a".into(), pattern.into()]);
    }
    if let Some(group) = recorded["group"].as_str() {
        args.extend(["--group-by".into(), group.into()]);
    }
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    run(
        &args,
        history["listing"].to_string().as_bytes(),
        "2030-01-01T00:00:00Z",
    )
}

/// What is kept, by the place of the archive in the listing, as borg says it.
fn kept(history: &Value, said: &Said) -> BTreeMap<usize, String> {
    let answer = said.json();
    let listed = history["listing"]["archives"].as_array().unwrap();
    let groups = answer["retention"].as_array().unwrap();
    let archives = groups
        .iter()
        .flat_map(|group| group["archives"].as_array().unwrap());
    let kept = archives.filter(|archive| archive["kept"] == true);
    kept.map(|archive| {
        let at = listed
            .iter()
            .position(|listed| listed["id"] == archive["id"])
            .unwrap();
        let why = match (
            archive["rule"].as_str().unwrap(),
            archive["oldest"].as_bool(),
        ) {
            (rule, Some(oldest)) => {
                format!(
                    "{rule}{} #{}",
                    if oldest { "[oldest]" } else { "" },
                    archive["number"]
                )
            }
            (reason, None) => reason.to_owned(),
        };
        (at, why)
    })
    .collect()
}

/// Replays the runs of a tool, and gives how many were compared.
fn replay(tool: &str) -> usize {
    let recorded = recorded(tool);
    let mut compared = 0;
    for history in recorded["histories"].as_array().unwrap() {
        for recorded in history["runs"].as_array().unwrap() {
            // There are no groups by name alone.
            if matches!(recorded["group"].as_str(), Some("name" | "name,host")) {
                continue;
            }
            let said = say(history, recorded);
            let what = format!(
                "{tool} {} {} {:?}",
                history["name"], recorded["args"], recorded["select"]
            );
            if recorded.get("refused").is_some() {
                assert!(said.status >= 2, "{what}: {}", said.out);
                compared += 1;
                continue;
            }
            assert_eq!(said.err, "", "{what}");
            let mut ours = kept(history, &said);
            // borg does not list what it protects.
            ours.retain(|_, why| why != "protected");
            let theirs = recorded["kept"].as_object().unwrap().iter();
            let theirs: BTreeMap<usize, String> = theirs
                .map(|(at, why)| (at.parse().unwrap(), why.as_str().unwrap().into()))
                .collect();
            assert_eq!(ours, theirs, "{what}");
            compared += 1;
        }
    }
    compared
}

#[test]
fn it_keeps_what_borg_1_keeps_archive_by_archive() {
    assert!(replay("borg-1.4.5") > 250);
}

#[test]
fn it_keeps_what_early_borg_2_keeps_archive_by_archive() {
    assert!(replay("borg-2.0.0b20") > 250);
}

#[test]
fn it_keeps_what_later_borg_2_keeps_archive_by_archive() {
    assert!(replay("borg-2.0.0b25") > 250);
}

#[test]
fn a_time_that_goes_back_beyond_all_time_keeps_everything() {
    let old = include_bytes!("corpus/borg-1.4.5/repo-list--thirty-utc.out");
    let new = include_bytes!("corpus/borg-2.0.0b25/repo-list--thirty-utc.out");
    for (list, rule) in [
        (&old[..], "--keep-within"),
        (&new[..], "--keep"),
        (&new[..], "--keep-daily"),
    ] {
        let args = ["retention", "--json", rule, "100000000d"];
        let said = run(&args, list, "2025-04-01T00:00:00Z");
        assert_eq!(said.status, 0, "{}", said.err);
        let answer = said.json();
        let groups = answer["retention"].as_array().unwrap();
        let count = |key: &str| {
            groups
                .iter()
                .map(|group| group[key].as_u64().unwrap())
                .sum::<u64>()
        };
        assert_eq!((count("kept"), count("pruned")), (30, 0), "{rule}");
    }
}
