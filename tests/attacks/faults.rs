//! Streams, clock, zone and system.
#![expect(clippy::print_stderr, reason = "what is skipped must show")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::{Attack, Folder, all_end, ends, harmless, unknown};

const ATTACKS: &[Attack] = &[
    unknown("closed stdin", "$check $at <&-", "the input is empty"),
    unknown(
        "stderr closed as well",
        "$check $at gone.json 2>&-",
        "gone.json: cannot be read: ",
    ),
    unknown(
        "a bad disk",
        "$check $at /proc/self/mem",
        "/proc/self/mem: cannot be read: Input/output error",
    ),
    unknown(
        "no such zone",
        "TZ=Mars/Olympus $check --now 2025-03-10T12:00:00Z fresh.json",
        "[no-timezone]",
    ),
    unknown(
        "a zone of nonsense",
        "TZ='UTC+99:99:99' $check --now 2025-03-10T12:00:00Z fresh.json",
        "[no-timezone]",
    ),
    unknown(
        "a zone of bytes",
        "TZ=$(printf '\\377') $check --now 2025-03-10T12:00:00Z fresh.json",
        "[no-timezone]",
    ),
    unknown(
        "a zone that is a file",
        "TZ=:/etc/passwd $check --now 2025-03-10T12:00:00Z fresh.json",
        "[no-timezone]",
    ),
    unknown(
        "a zone that is a directory",
        "TZ=:/etc $check --now 2025-03-10T12:00:00Z fresh.json",
        "[no-timezone]",
    ),
    unknown(
        "a zone that leads elsewhere",
        "$check --now 2025-03-10T12:00:00Z --timezone ../../../etc/passwd fresh.json",
        "BORG UNKNOWN: ",
    ),
    unknown(
        "a time of nonsense",
        "$check --now yesterday fresh.json",
        "--now",
    ),
    unknown(
        "a year of ten digits",
        "$check --now 9999999999-01-01T00:00:00Z fresh.json",
        "--now",
    ),
    unknown(
        "a zone without end",
        "ulimit -v 500000; TZ=:/dev/zero $check --now 2025-03-10T12:00:00Z -t 50s fresh.json",
        "[no-timezone]",
    ),
    unknown(
        "a zone that is a pipe",
        "mkfifo p; TZ=:$PWD/p $check --now 2025-03-10T12:00:00Z -t 50s fresh.json",
        "[no-timezone]",
    ),
    ends(
        "a capture in a zone that is a pipe",
        "mkfifo p; TZ=:$PWD/p $borgq capture --output x.json -- true",
        0,
        "",
    ),
    harmless("no environment", "env -i \"$check\" $at fresh.json"),
    harmless("no home", "HOME=/nonexistent $check $at fresh.json"),
    harmless("stderr is full", "$check $at fresh.json 2>/dev/full"),
    harmless("stderr is closed", "$check $at fresh.json 2>&-"),
    ends("closed stdout", "$check $at fresh.json >&-", 3, ""),
    ends("a full disk", "$check $at fresh.json >/dev/full", 3, ""),
    ends(
        "1970",
        "$check --now 1970-01-01T00:00:00Z --timezone UTC fresh.json",
        2,
        "BORG CRITICAL: ",
    ),
    ends(
        "2100",
        "$check --now 2100-01-01T00:00:00Z --timezone UTC fresh.json",
        2,
        "BORG CRITICAL: ",
    ),
    ends(
        "a full disk for an answer",
        "$borgq last $at fresh.json >/dev/full",
        3,
        "",
    ),
    ends(
        "a capture where nothing can be written",
        "$borgq capture --output /proc/x.json -- true",
        3,
        "",
    ),
    ends(
        "a capture to a directory",
        "mkdir d; $borgq capture --output d -- true",
        3,
        "",
    ),
];

#[test]
fn each_fault_ends_with_the_right_answer_or_a_sentence() {
    all_end(ATTACKS);
}

/// Root alone can take something away from a process.
fn without(fault: &str, path: &str, zone: &str, script: &str) -> Option<String> {
    let may = Command::new("unshare").args(["-m", "true"]).output();
    if !may.is_ok_and(|may| may.status.success()) {
        eprintln!("skipped, unshare is not allowed: {fault}");
        return None;
    }
    let script = format!("exec unshare -m sh -c 'mount -t tmpfs none {path} && {script}'");
    let output = Folder::new().run(&format!("export TZ={zone}; {script}"));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn without_proc_the_answer_is_the_same() {
    let script = "exec $check $at fresh.json";
    if let Some(out) = without("no /proc", "/proc", "UTC", script) {
        assert!(out.starts_with("BORG OK: 1 "), "{out}");
    }
}

#[test]
fn without_the_zone_database_no_zone_is_guessed() {
    let script = "exec $check --now 2025-03-10T12:00:00Z fresh.json";
    let database = "/usr/share/zoneinfo";
    let run = |zone: &str, script: &str| without("no zone database", database, zone, script);
    if let Some(out) = run("Europe/Berlin", script) {
        assert!(
            out.starts_with("BORG UNKNOWN: ") && out.contains("[no-timezone]"),
            "{out}"
        );
    }
    // The system has a zone, whose file is gone.
    let script = "mount -t tmpfs none /etc && \
        ln -s /usr/share/zoneinfo/Europe/Berlin /etc/localtime && unset TZ && \
        exec $check --now 2025-03-10T12:00:00Z fresh.json";
    if let Some(out) = run("", script) {
        assert!(out.contains("there is no file of Europe/Berlin"), "{out}");
    }
    if let Some(out) = run("", &script.replace("Europe/Berlin", "Etc/UTC")) {
        assert!(out.starts_with("BORG OK: 1 "), "{out}");
    }
}

/// The clock of the system, not `--now`.
#[test]
fn no_clock_makes_an_old_backup_fresh() {
    let library = ["x86_64-linux-gnu", "aarch64-linux-gnu"]
        .map(|system| format!("/usr/lib/{system}/faketime/libfaketime.so.1"))
        .into_iter()
        .find(|path| Path::new(path).exists());
    let Some(library) = library else {
        eprintln!("skipped, libfaketime is not installed: clocks at 1970 and 2100");
        return;
    };
    for (clock, words) in [
        (
            "1969-12-31 00:00:00",
            "dated in the future and proves nothing",
        ),
        (
            "1970-01-01 00:00:10",
            "dated in the future and proves nothing",
        ),
        ("2100-01-01 00:00:00", "last backup 27324d 22h old"),
    ] {
        let output = Folder::new().run(&format!(
            "LD_PRELOAD={library} FAKETIME='@{clock}' exec $check --timezone UTC fresh.json"
        ));
        let out = String::from_utf8_lossy(&output.stdout);
        assert!(
            out.starts_with("BORG CRITICAL: ") && out.contains(words),
            "{clock}: {out}"
        );
    }
}

/// Reading a slow pipe is interrupted again and again.
#[test]
fn signals_while_it_reads_change_no_answer() {
    use rustix::process::{Pid, Signal, kill_process};
    let folder = Folder::new();
    let document = std::fs::read(folder.0.join("fresh.json")).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_check_borg"))
        .args([
            "--now",
            "2025-03-10T12:00:00Z",
            "--timezone",
            "UTC",
            "-t",
            "50s",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let pid = Pid::from_child(&child);
    let mut stdin = child.stdin.take().unwrap();
    for part in document.chunks(4) {
        stdin.write_all(part).unwrap();
        for signal in [
            Signal::WINCH,
            Signal::CHILD,
            Signal::STOP,
            Signal::URG,
            Signal::CONT,
        ] {
            kill_process(pid, signal).unwrap();
        }
    }
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(out.starts_with("BORG OK: 1 "), "{out}");
}

/// Root alone can become somebody whom the system does not know.
#[test]
fn an_unknown_user_is_answered() {
    let folder = Folder::new();
    if !rustix::process::getuid().is_root() || !Path::new("/usr/bin/setpriv").exists() {
        return;
    }
    let script = "cp \"$check\" check; chmod 755 . check; \
        exec setpriv --reuid 54321 --regid 54321 --clear-groups ./check $at fresh.json";
    let output = folder.run(script);
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(out.starts_with("BORG OK: 1 "), "{out}");
    let output = folder.run(&script.replace("fresh.json", "/etc/shadow"));
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(
        out.starts_with("BORG UNKNOWN: /etc/shadow: cannot be read: Permission denied"),
        "{out}"
    );
}
