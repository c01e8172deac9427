//! `check_borg` as a monitoring system starts it: a process with time limits and signals.

use std::io::{Read as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::documents::list;

/// Far more than any of these takes, so that a slow machine fails none.
const PATIENCE: Duration = Duration::from_secs(60);

fn plugin() -> Command {
    Command::new(env!("CARGO_BIN_EXE_check_borg"))
}

fn fresh() -> String {
    list("web", &[("web-2", "2025-03-10T02:00:00")]).to_string()
}

/// A plugin that judges a fresh list of standard input.
fn good() -> Command {
    let mut command = plugin();
    command.args(["--now", "2025-03-10T12:00:00Z", "--timezone", "UTC"]);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

#[track_caller]
fn feed(command: &mut Command) -> Output {
    let mut child = command.spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(fresh().as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

/// Waits for the first line that the child's command prints, so that it runs.
fn wait_for(path: &std::path::Path) {
    let until = Instant::now() + PATIENCE;
    while !path.exists() {
        assert!(Instant::now() < until, "the command did not start");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Whether a process with this word among its arguments is left.
fn is_left(word: &str) -> bool {
    let until = Instant::now() + Duration::from_secs(5);
    loop {
        let left = std::fs::read_dir("/proc").unwrap().any(|entry| {
            let path = entry.unwrap().path().join("cmdline");
            let words = std::fs::read(path).unwrap_or_default();
            words
                .split(|byte| *byte == 0)
                .any(|found| found == word.as_bytes())
        });
        // A process that was killed takes a moment to vanish.
        if !left || Instant::now() > until {
            return left;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn terminate(child: &Child) {
    let id = child.id().to_string();
    let status = Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(status.success());
}

#[track_caller]
fn unknown(output: &Output, text: &str) {
    let out = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(3), "{out}");
    assert!(
        out.starts_with("BORG UNKNOWN: ") && out.contains(text),
        "{out}"
    );
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn it_judges_what_it_is_given() {
    let output = feed(&mut good());
    let out = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{out}");
    assert!(
        out.starts_with("BORG OK: 1 repository backed up, the oldest last backup is 10h old | ")
    );
}

#[test]
fn nothing_of_the_surroundings_matters() {
    let output = feed(good().env_clear().current_dir("/"));
    assert_eq!(output.status.code(), Some(0));
    let output = feed(good().envs([
        ("LC_ALL", "de_DE.UTF-8"),
        ("RUST_LOG", "trace"),
        ("HOME", "/nonexistent"),
        ("CLICOLOR_FORCE", "1"),
    ]));
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stdout.iter().all(|byte| *byte != 0x1b));
    assert!(output.stderr.is_empty());
}

#[test]
fn what_nobody_can_read_was_not_said() {
    let script = |redirect| {
        let script = format!("exec \"$0\" --now 2025-03-10T12:00:00Z --timezone UTC {redirect}");
        let mut command = Command::new("sh");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_check_borg")]);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        feed(&mut command)
    };
    assert_eq!(script("").status.code(), Some(0));
    assert_eq!(script(">/dev/null").status.code(), Some(0));
    for lost in [">&-", ">/dev/full"] {
        let output = script(lost);
        assert_eq!(
            (output.status.code(), output.stderr.as_slice()),
            (Some(3), &b""[..]),
            "{lost}"
        );
    }
    let output = Command::new("sh")
        .args(["-c", "exec \"$0\" <&-", env!("CARGO_BIN_EXE_check_borg")])
        .output()
        .unwrap();
    unknown(&output, "the input is empty");
}

#[test]
fn an_input_that_never_ends_is_given_up() {
    let mut child = good().args(["-t", "2s"]).spawn().unwrap();
    let stdin = child.stdin.take();
    let output = child.wait_with_output().unwrap();
    drop(stdin);
    // A slow machine is still starting.
    unknown(&output, "no answer within 2 s, while ");
}

#[test]
fn what_is_waited_for_is_said_in_every_form() {
    let path = std::env::temp_dir().join(format!("borgq-pipe-{}", std::process::id()));
    let made = Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(made.success());
    let pipe = path.to_str().unwrap();
    let sentence = format!("no answer within 0.3 s, while reading {pipe}");
    for args in [&[pipe][..], &["--expect-file", pipe, "/dev/null"]] {
        let output = plugin().args(["-t", "300ms"]).args(args).output().unwrap();
        unknown(&output, &format!("{sentence} [timeout]\n"));
    }
    let json = |args: &[&str]| {
        let mut command = plugin();
        command.args(["-t", "300ms", "--output", "json", pipe]);
        let output = command.args(args).output().unwrap();
        let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code(), answer)
    };
    let (status, answer) = json(&[]);
    assert_eq!((status, &answer["state"]), (Some(3), &"UNKNOWN".into()));
    assert_eq!(answer["summary"], *sentence);
    assert_eq!(answer["findings"][0]["code"], "timeout");
    assert_eq!(answer["groups"], serde_json::json!([]));
    let (status, answer) = json(&["--state", "timeout=critical"]);
    assert_eq!((status, &answer["state"]), (Some(2), &"CRITICAL".into()));
    std::fs::remove_file(path).unwrap();
}

#[test]
fn a_signal_is_heeded_while_a_child_keeps_the_output_open() {
    let path = std::env::temp_dir().join(format!("borgq-drains-{}", std::process::id()));
    let script = format!(
        "printf %s '{}'; (: > \"$0\"; trap '' TERM; sleep 98766; sleep 98766) &",
        fresh()
    );
    let child = good()
        .args(["--", "sh", "-c", &script, path.to_str().unwrap()])
        .spawn()
        .unwrap();
    wait_for(&path);
    terminate(&child);
    let output = child.wait_with_output().unwrap();
    unknown(&output, "sh: the run was ended early (it was interrupted)");
    assert!(!is_left("98766"));
    std::fs::remove_file(path).unwrap();
}

#[test]
fn a_signal_ends_it_as_unknown() {
    let mut child = good().spawn().unwrap();
    let stdin = child.stdin.take();
    // It may not be ready for signals yet, and then it has said nothing.
    std::thread::sleep(Duration::from_millis(300));
    terminate(&child);
    let output = child.wait_with_output().unwrap();
    drop(stdin);
    if output.status.signal().is_none() {
        unknown(&output, "told to end, while ");
    }
}

#[test]
fn a_command_that_takes_too_long_is_ended_with_all_its_children() {
    for (script, word) in [
        ("sleep 98761 & sleep 98761", "98761"),
        (
            "trap '' TERM; sleep 98762 & while :; do sleep 98762; done",
            "98762",
        ),
        ("sleep 98763 & exec >&- 2>&-; wait", "98763"),
        (
            "setsid sh -c 'trap \"\" TERM; sleep 98760; sleep 98760' & wait",
            "98760",
        ),
    ] {
        let began = Instant::now();
        let output = plugin()
            .args(["-t", "2s", "--", "sh", "-c", script])
            .output()
            .unwrap();
        unknown(&output, "sh: the run did not end in time");
        assert!(began.elapsed() < Duration::from_secs(3), "{script}");
        assert!(!is_left(word), "{script}");
    }
}

#[test]
fn a_signal_ends_the_command_too() {
    let path = std::env::temp_dir().join(format!("borgq-runs-{}", std::process::id()));
    let script = "sleep 98764 & : > \"$0\"; wait";
    let mut child = plugin()
        .args(["--", "sh", "-c", script, path.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_for(&path);
    terminate(&child);
    let status = child.wait().unwrap();
    let mut out = String::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut out)
        .unwrap();
    assert_eq!(status.code(), Some(3), "{out}");
    assert!(out.starts_with("BORG UNKNOWN: "), "{out}");
    assert!(!is_left("98764"));
    std::fs::remove_file(path).unwrap();
}

#[test]
fn a_child_that_keeps_the_output_open_delays_nothing_for_long() {
    let script = format!("printf %s '{}'; sleep 98765 &", fresh());
    let output = good().args(["--", "sh", "-c", &script]).output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    assert!(!is_left("98765"));
}

#[test]
fn a_panic_is_unknown_and_silent() {
    struct Panics;
    impl std::io::Read for Panics {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            std::panic::panic_any("it broke")
        }
    }
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let status = borgq_cli::check_borg(borgq_cli::Surroundings {
        args: vec!["check_borg".into()],
        stdin: &mut Panics,
        out: &mut out,
        err: &mut err,
        now: "2025-03-10T12:00:00Z".parse().unwrap(),
        tz: None,
        stdin_is_terminal: false,
        stdout_is_terminal: false,
        width: None,
        colour: false,
        out_is_closed: false,
        may_end_process: false,
    });
    assert_eq!(status, 3);
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "BORG UNKNOWN: an internal error, which is worth a report: it broke\n"
    );
    assert!(err.is_empty());
}
