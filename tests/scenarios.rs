//! What the corpus must hold of each tool, so that no recording loses a part.

use std::collections::BTreeSet;

use crate::cases;

/// Kinds of cases, and beginnings of the names behind `KIND--`.
type Scenarios = &'static [(&'static str, &'static str)];

const BORG: Scenarios = &[
    ("repo-list", "empty"),
    ("repo-list", "one-"),
    ("repo-list", "thirty-utc"),
    ("repo-list", "thirty-first5"),
    ("repo-list", "thirty-last5"),
    ("repo-list", "thirty-sort-name"),
    ("repo-list", "thirty-glob-none"),
    ("repo-list", "odd-names"),
    ("repo-list", "surrogates"),
    ("repo-list", "dst-berlin-fall"),
    ("repo-list", "dst-lordhowe-fall"),
    ("repo-list", "extreme-pre1970"),
    ("repo-list", "extreme-2106"),
    ("repo-list", "extreme-future"),
    ("repo-list", "format-wide"),
    ("repo-list", "format-narrow"),
    ("repo-list", "mode-"),
    ("repo-list", "no-repository"),
    ("repo-list", "wrong-passphrase"),
    ("repo-list", "remote-merged"),
    ("repo-list", "noise-debug-merged"),
    ("repo-list", "noise-showrc-merged"),
    ("repo-list", "noise-truncated"),
    ("repo-list", "noise-utf16"),
    ("repo-info", "mode-"),
    ("repo-info", "no-repository"),
    ("create", "plain"),
    ("create", "dry-run"),
    ("create", "vanished"),
    ("create", "unreadable"),
    ("create", "interrupted"),
    ("create", "no-repository"),
    ("create", "noise-logjson-merged"),
    ("create", "noise-progress-merged"),
    ("create", "noise-warning-merged"),
    ("info", "thirty-all"),
    ("info", "odd-names-all"),
    ("info", "surrogates-all"),
    ("info", "no-such-archive"),
];

const BORG_1: Scenarios = &[
    ("repo-list", "checkpoints"),
    ("repo-list", "checkpoint-only"),
    ("repo-list", "dst-berlin-spring"),
    ("repo-list", "dst-lordhowe-spring"),
    ("repo-list", "skipped-"),
    ("repo-list", "ties"),
    ("repo-list", "hosts"),
    ("repo-list", "locked"),
    ("create", "existing-name"),
    ("create", "timestamp-from-file"),
    ("create", "user-checkpoint"),
    ("info", "checkpoints-all"),
];

const BORG_2: Scenarios = &[
    ("repo-list", "mixed"),
    ("repo-list", "mixed-twins"),
    ("repo-list", "tagged"),
    ("repo-list", "nonutf8-user"),
    ("repo-list", "thirty-deleted"),
    ("repo-list", "extreme-y0999"),
];

const BORGMATIC: Scenarios = &[
    ("repo-list", "one-utc"),
    ("repo-list", "two-utc"),
    ("repo-list", "two-configs"),
    ("repo-list", "broken-one-of-three"),
    ("repo-list", "broken-config-of-two"),
    ("repo-list", "match-archives-all"),
    ("repo-list", "verbose2"),
    ("repo-list", "empty"),
    ("repo-info", "two-utc"),
    ("info", "two-utc"),
    ("info", "latest"),
    ("create", "plain"),
    ("create", "and-list"),
    ("create", "dry-run"),
];

const TOOLS: &[(&str, &[Scenarios])] = &[
    ("borg-1.1.18", &[BORG, BORG_1, &[("create", "nonutf8-")]]),
    (
        "borg-1.2.9",
        &[BORG, BORG_1, &[("repo-list", "checkpoints-considered")]],
    ),
    (
        "borg-1.4.5",
        &[
            BORG,
            BORG_1,
            &[
                ("repo-list", "checkpoints-considered"),
                ("repo-list", "thousand"),
                ("repo-list", "json-indent-"),
                ("repo-list", "wrong-passphrase-modern"),
                ("create", "quick-stats"),
                ("info", "nonutf8-cwd"),
                ("info", "nonutf8-host"),
                ("info", "nonutf8-user"),
            ],
        ],
    ),
    ("borg-2.0.0b20", &[BORG, BORG_2]),
    (
        "borg-2.0.0b25",
        &[
            BORG,
            BORG_2,
            &[("repo-list", "json-indent-"), ("other", "prune")],
        ],
    ),
    ("borgmatic-1.8.14+borg-1.2.9", &[BORGMATIC]),
    ("borgmatic-2.1.10+borg-1.4.5", &[BORGMATIC]),
    ("borgmatic-2.1.10+borg-2.0.0b20", &[BORGMATIC]),
    ("borgmatic-2.1.10+borg-2.0.0b25", &[BORGMATIC]),
];

#[test]
fn every_tool_has_its_scenarios() {
    let names: BTreeSet<String> = cases::all().into_iter().map(|case| case.name).collect();
    for (tool, lists) in TOOLS {
        for (kind, scenario) in lists.iter().copied().flatten() {
            let beginning = format!("{tool}/{kind}--{scenario}");
            let found = names.range(beginning.clone()..).next();
            assert!(
                found.is_some_and(|name| name.starts_with(&beginning)),
                "there is no {beginning}"
            );
        }
    }
}

#[test]
fn the_truth_says_what_was_run_where_and_how_it_ended() {
    for case in cases::all() {
        for key in [
            "tool",
            "argv",
            "env",
            "timezone",
            "exit_status",
            "merged",
            "documents",
        ] {
            assert!(case.truth.get(key).is_some(), "{}: {key}", case.name);
        }
        let failed = case.truth["exit_status"].as_i64().unwrap();
        let alone = case.truth["merged"] == false && case.truth.get("derived").is_none();
        // 1 and 100 to 127 are warnings; borgmatic ends with 1 if one of several failed.
        if alone && (2..100).contains(&failed) {
            assert_eq!(case.printed, b"", "{}", case.name);
        }
    }
}
