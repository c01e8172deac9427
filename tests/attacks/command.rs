//! Commands.

use super::{Attack, all_end, ends, unknown};

const ATTACKS: &[Attack] = &[
    unknown("no such command", "$check $at -- ./gone", "./gone"),
    unknown("a command that is a directory", "$check $at -- /", "/"),
    unknown(
        "a command that fails",
        "$check $at -- sh -c 'cat fresh.json; exit 2'",
        "exit status 2",
    ),
    unknown(
        "a command that is killed",
        "$check $at -- sh -c 'cat fresh.json; kill -9 $$'",
        "[run-failed]",
    ),
    unknown(
        "a command that waits",
        "$check $at -t 3s -- sleep 20",
        "the run did not end in time",
    ),
    unknown(
        "a command without end",
        "ulimit -v 1000000; $check $at -t 50s -- cat /dev/zero",
        "it printed too much and was ended",
    ),
    unknown(
        "a command whose errors have no end",
        "ulimit -v 1000000; $check $at -t 3s -- sh -c 'exec cat /dev/zero >&2'",
        "the run did not end in time",
    ),
    unknown(
        "a command that ignores the end",
        "$check $at -t 3s -- sh -c 'trap \"\" TERM INT HUP; while :; do sleep 1; done'",
        "the run did not end in time",
    ),
    ends(
        "an answer from a command without end",
        "ulimit -v 1000000; $borgq last $at -- cat /dev/zero",
        3,
        "",
    ),
    ends(
        "what is kept of a command without end, with no memory to hold it twice",
        "ulimit -v 200000; $borgq capture -o kept -- cat /dev/zero; ended=$?; \
         $check $at kept; exit $ended",
        143,
        "kept: the run failed (it printed too much and was ended)",
    ),
    unknown(
        "a capture of a command without end",
        "ulimit -v 200000; $borgq capture -- cat /dev/zero | $check $at",
        "it printed too much and was ended",
    ),
];

#[test]
fn each_command_ends_as_unknown() {
    all_end(ATTACKS);
}
