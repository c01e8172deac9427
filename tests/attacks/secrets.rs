//! Secrets: each attack fails if one is printed.

use super::{Attack, Folder, SECRET, all_end, ends, harmless, unknown};

const ATTACKS: &[Attack] = &[
    unknown(
        "a configuration",
        "$check $at configuration.json",
        "configuration",
    ),
    unknown(
        "a secret in arguments",
        "$check $at -- env BORG_PASSPHRASE=hunter2secret BORG_PASSCOMMAND='echo hunter2secret' false",
        "[run-failed]",
    ),
    unknown(
        "a secret in a message",
        "$check $at -- sh -c 'echo cannot open ssh://me:hunter2secret@host/repo BORG_PASSPHRASE=hunter2secret >&2; exit 2'",
        "[run-failed]",
    ),
    unknown(
        "a secret in a name",
        "$check $at ssh://me:hunter2secret@host/repo.json",
        "cannot be read",
    ),
    harmless("a secret in a location", "$check $at secret.json"),
    harmless(
        "a secret in a location, in detail",
        "$check $at -vv --group-by series secret.json",
    ),
    ends(
        "a configuration for a filter",
        "$borgq query . configuration.json",
        3,
        "",
    ),
    ends(
        "a configuration for a question",
        "$borgq last configuration.json",
        3,
        "",
    ),
    ends(
        "a configuration to look at",
        "$borgq inspect configuration.json",
        3,
        "",
    ),
    harmless(
        "a secret of s3",
        "sed s,ssh://me:,s3:ID:, secret.json | $check $at -vv",
    ),
    unknown(
        "a secret in a pattern",
        "$check $at -r s3:ID:hunter2secret@/bucket fresh.json",
        "[nothing-matched]",
    ),
];

#[test]
fn no_secret_is_in_what_is_said() {
    all_end(ATTACKS);
}

/// Answers in which a secret would show.
const SECRETIVE: &[&str] = &[
    "$borgq last $at secret.json",
    "$borgq last $at --json secret.json",
    "$borgq repos $at secret.json",
    "$borgq archives $at secret.json",
    "$borgq archives $at --json secret.json",
    "$borgq inspect secret.json",
    "$borgq inspect --json secret.json",
    "$borgq last $at --format prometheus secret.json",
    "$check $at --output json secret.json",
    "$borgq capture -- env BORG_PASSPHRASE=hunter2secret true",
    "$borgq capture -- sh -c 'echo ssh://me:hunter2secret@host/repo >&2'",
];

#[test]
fn no_output_holds_a_secret() {
    for script in SECRETIVE {
        let output = Folder::new().run(script);
        let all = [output.stdout, output.stderr].concat();
        let all = String::from_utf8_lossy(&all);
        assert!(!all.contains(SECRET), "{script}: {all}");
    }
}
