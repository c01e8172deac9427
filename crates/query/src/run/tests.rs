//! Runs that ended in every way.

use super::*;

#[track_caller]
fn row(end: RunEnd, stderr: &str, whole: bool, array: bool, want: Option<(ProblemCode, &str)>) {
    let run = Run {
        end,
        stderr: stderr.as_bytes(),
        whole,
        array,
    };
    let problem = run.problem("borg");
    let problem = problem.map(|problem| (problem.code, problem.text));
    let want = want.map(|(code, text)| (code, text.to_owned()));
    assert_eq!(problem, want);
}

#[test]
fn the_exit_status_counts() {
    use ProblemCode::{RunFailed, RunWarning};
    let warning = |status, code, text| {
        let text = Some((code, text));
        row(RunEnd::Exited(status), "", true, false, text);
    };
    row(RunEnd::Exited(0), "whatever", true, false, None);
    warning(1, RunWarning, "the run warned (exit status 1)");
    warning(100, RunWarning, "the run warned (exit status 100)");
    warning(127, RunWarning, "the run warned (exit status 127)");
    warning(2, RunFailed, "the run failed (exit status 2)");
    warning(99, RunFailed, "the run failed (exit status 99)");
    warning(128, RunFailed, "the run failed (exit status 128)");
    let failed = Some((RunFailed, "the run failed (exit status 1)"));
    row(RunEnd::Exited(1), "", false, false, failed);
    let killed = Some((RunFailed, "the run failed (signal 9)"));
    row(RunEnd::Signalled(9), "", true, false, killed);
}

#[test]
fn borgmatics_array_is_complete_only_with_status_0() {
    row(
        RunEnd::Exited(1),
        "gone: Error running actions\n",
        true,
        true,
        Some((
            ProblemCode::RunFailed,
            "the run failed (exit status 1): gone: Error running actions; \
             borgmatic leaves out what fails, so repositories may be missing",
        )),
    );
    row(RunEnd::Exited(0), "", true, true, None);
}

#[test]
fn why_borg_failed_is_said_in_words() {
    use ProblemCode::{Locked, RunFailed};
    let says = |status, stderr: &str, code, text| {
        row(
            RunEnd::Exited(status),
            stderr,
            false,
            false,
            Some((code, text)),
        );
    };
    says(73, "", Locked, "the repository is locked (exit status 73)");
    says(
        2,
        "Repository /gone does not exist.\n",
        RunFailed,
        "the repository does not exist (exit status 2): Repository /gone does not exist.",
    );
    says(
        13,
        "",
        RunFailed,
        "the repository does not exist (exit status 13)",
    );
    says(
        2,
        "passphrase supplied in BORG_PASSPHRASE is incorrect.\nbye\n",
        RunFailed,
        "the passphrase is wrong (exit status 2): passphrase supplied in BORG_PASSPHRASE is incorrect.",
    );
    says(
        80,
        "ssh: connect to host backup port 22: Connection refused\n",
        RunFailed,
        "the host of the repository cannot be reached (exit status 80): \
         ssh: connect to host backup port 22: Connection refused",
    );
}

#[test]
fn the_surest_reason_counts_wherever_it_stands() {
    use ProblemCode::{Locked, RunFailed};
    let says = |status, stderr: &str, code, text: &str| {
        let end = RunEnd::Exited(status);
        row(end, stderr, false, false, Some((code, text)));
    };
    let lock = "Failed to create/acquire the lock /srv/lock.exclusive (timeout).";
    let file = "/etc/shadow: open: [Errno 13] Permission denied: '/etc/shadow'";
    says(
        2,
        &format!("{file}\nRemote: Connection reset\n{lock}\nbye\n"),
        Locked,
        &format!("the repository is locked (exit status 2): {lock}"),
    );
    says(
        2,
        &format!("{file}\nNo space left on device\n"),
        RunFailed,
        "the run failed (exit status 2): No space left on device",
    );
    let denied = "Remote: borg@host: Permission denied (publickey).";
    says(
        2,
        &format!("Connection closed by remote host.\n{denied}\n"),
        RunFailed,
        &format!("permission was denied (exit status 2): {denied}"),
    );
    says(
        73,
        "Connection closed\n",
        Locked,
        "the repository is locked (exit status 73): Connection closed",
    );
}

#[test]
fn an_end_from_here_is_no_failure_of_the_run() {
    let ended = |end, text| {
        let want = Some((ProblemCode::Timeout, text));
        row(end, "", true, false, want);
    };
    ended(
        RunEnd::TimedOut,
        "the run did not end in time (it took too long and was ended)",
    );
    ended(
        RunEnd::Interrupted,
        "the run was ended early (it was interrupted)",
    );
}

#[test]
fn a_long_line_is_quoted_in_part() {
    let (line, quoted) = ("é".repeat(210), "é".repeat(200));
    let text = format!("the run failed (exit status 2): {quoted}…");
    let failed = Some((ProblemCode::RunFailed, text.as_str()));
    row(RunEnd::Exited(2), &line, false, false, failed);
    let logged = format!(
        r#"{{"type": "log_message", "levelname": "ERROR", "message": "{line}", "msgid": "LockTimeout"}}"#
    );
    for (stderr, detail) in [(&line, &line), (&logged, &format!("LockTimeout: {line}"))] {
        let run = Run {
            end: RunEnd::Exited(2),
            stderr: stderr.as_bytes(),
            whole: false,
            array: false,
        };
        let problem = run.problem("borg").unwrap();
        assert_eq!(problem.details, std::slice::from_ref(detail));
        assert_eq!(run.problems("borg").len(), 1);
    }
}

#[test]
fn the_last_lines_of_standard_error_are_kept() {
    let stderr: String = (0..20).map(|n| format!("line {n}\r\n\n")).collect();
    let run = Run {
        end: RunEnd::Exited(2),
        stderr: stderr.as_bytes(),
        whole: false,
        array: false,
    };
    let details = run.problem("borg").unwrap().details;
    assert_eq!(details.len(), 10);
    assert_eq!(details.first().map(String::as_str), Some("line 10"));
    assert_eq!(details.last().map(String::as_str), Some("line 19"));
}
