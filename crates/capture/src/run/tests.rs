//! Commands that end, and those that do not.

use std::thread;

use rustix::process::{Pid, test_kill_process};

use super::*;

fn sh(script: &str, limits: Limits) -> Outcome {
    run(&["sh".into(), "-c".into(), script.into()], limits).unwrap()
}

fn quick() -> Limits {
    Limits {
        timeout: Duration::from_secs(3),
        grace: Duration::from_millis(300),
        ..Limits::default()
    }
}

fn alive(pid: &[u8]) -> bool {
    let pid = String::from_utf8_lossy(pid).trim().parse().unwrap();
    test_kill_process(Pid::from_raw(pid).unwrap()).is_ok()
}

#[test]
fn stdout_stderr_and_exit_status_are_kept() {
    let outcome = sh("echo out; echo err >&2; exit 107", Limits::default());
    assert_eq!(outcome.stdout, b"out\n");
    assert_eq!(outcome.stderr, b"err\n");
    assert_eq!(outcome.ended, Ended::Exited(107));
}

#[test]
fn a_signal_is_no_exit_status() {
    assert_eq!(
        sh("kill -9 $$", Limits::default()).ended,
        Ended::Signalled(9)
    );
}

#[test]
fn much_output_on_both_streams_does_not_block() {
    let outcome = sh(
        "yes | head -c 3000000 >&2; yes | head -c 3000000",
        Limits::default(),
    );
    assert_eq!(outcome.stdout.len(), 3_000_000);
    assert_eq!(outcome.stderr_length, 3_000_000);
    // Whole lines of two bytes.
    assert_eq!(outcome.stderr.len(), (64 << 10) - 2);
}

#[test]
fn of_standard_error_whole_lines_are_kept_and_all_warnings_are_counted() {
    let script = "for n in $(seq 1000); do echo \"Warning $n\"; done >&2; printf end >&2";
    let limits = Limits {
        stderr: 30,
        ..Limits::default()
    };
    let outcome = sh(script, limits);
    assert_eq!(outcome.stderr, b"Warning 999\nWarning 1000\nend");
    assert_eq!(outcome.stderr_warnings, 1000);
    let limits = Limits {
        stderr: 0,
        ..limits
    };
    assert_eq!(sh(script, limits).stderr, b"");
    assert_eq!(sh("printf 'one two' >&2", limits).stderr, b"");
}

#[test]
fn a_command_that_takes_too_long_is_ended_with_its_children() {
    let outcome = sh("trap '' TERM; sleep 1000 & echo $!; wait; wait", quick());
    assert_eq!(outcome.ended, Ended::TimedOut);
    is_gone(&outcome);
}

/// A killed child is a zombie until its new parent has looked.
#[track_caller]
fn is_gone(outcome: &Outcome) {
    let until = Instant::now() + Duration::from_secs(20);
    while alive(&outcome.stdout) && Instant::now() < until {
        thread::sleep(Duration::from_millis(10));
    }
    assert!(!alive(&outcome.stdout));
}

#[test]
fn who_left_the_group_is_ended_too() {
    // The one who is asked about has left twice.
    let script = "setsid sh -c 'setsid sleep 1000 & echo $!; trap \"\" TERM; wait; wait' & wait";
    let outcome = sh(script, quick());
    assert_eq!(outcome.ended, Ended::TimedOut);
    is_gone(&outcome);
}

#[test]
fn who_left_the_group_has_time_to_end() {
    let script = "setsid sh -c 'trap \"sleep 0.1; echo unlocked; exit\" TERM
                  echo ready; sleep 1000 & wait' & wait";
    let outcome = sh(
        script,
        Limits {
            grace: Duration::from_secs(20),
            timeout: Duration::from_secs(1),
            ..Limits::default()
        },
    );
    assert_eq!(outcome.stdout, b"ready\nunlocked\n");
}

#[test]
fn what_is_left_of_the_group_does_not_outlive_the_command() {
    let outcome = sh("sleep 1000 >&- 2>&- & echo $!", Limits::default());
    assert_eq!(outcome.ended, Ended::Exited(0));
    is_gone(&outcome);
}

#[test]
fn a_child_has_time_to_end_even_if_the_command_ends_at_once() {
    let script = "(trap 'sleep 0.1; echo unlocked; exit' TERM; echo ready; sleep 1000 & wait) &
         trap 'exit 1' TERM; wait";
    let outcome = sh(
        script,
        Limits {
            grace: Duration::from_secs(20),
            timeout: Duration::from_secs(4),
            ..Limits::default()
        },
    );
    assert_eq!(outcome.ended, Ended::TimedOut);
    assert_eq!(outcome.stdout, b"ready\nunlocked\n");
}

#[test]
fn a_command_that_was_stopped_is_ended_at_once() {
    let began = Instant::now();
    let limits = Limits {
        grace: Duration::from_secs(60),
        ..quick()
    };
    assert_eq!(sh("kill -STOP $$", limits).ended, Ended::TimedOut);
    assert!(began.elapsed() < Duration::from_secs(30));
}

#[test]
fn too_much_output_of_a_child_is_too_much() {
    let limits = Limits {
        stdout: 100_000,
        grace: Duration::from_secs(60),
        ..Limits::default()
    };
    let outcome = sh("(sleep 0.2; yes) & exit 0", limits);
    assert_eq!(outcome.ended, Ended::TooMuch);
}

#[test]
fn endless_output_is_cut() {
    let limits = Limits {
        stdout: 100_000,
        ..quick()
    };
    let outcome = sh(
        "yes",
        Limits {
            timeout: Duration::from_secs(100),
            ..limits
        },
    );
    assert_eq!(outcome.ended, Ended::TooMuch);
    assert_eq!(outcome.stdout.len(), 100_000);
}

#[test]
fn a_child_that_keeps_stdout_open_does_not_hold_the_answer_back() {
    let outcome = sh(
        "sleep 1000 & echo $!",
        Limits {
            grace: Duration::from_secs(3),
            ..Limits::default()
        },
    );
    assert_eq!(outcome.ended, Ended::Exited(0));
    assert!(!outcome.stdout.is_empty());
}

#[test]
fn what_cannot_be_started_is_a_sentence() {
    let error = |program: &str| {
        run(&[program.into()], Limits::default())
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        error("no-such-program-at-all"),
        "cannot run \"no-such-program-at-all\": there is no such program"
    );
    assert_eq!(error("/"), "cannot run \"/\": it is not allowed");
    assert!(run(&[], Limits::default()).is_err());
}
