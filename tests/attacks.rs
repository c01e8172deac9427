//! Attacks and faults, one a row, against the programs as the system starts them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::documents::list;

/// It is in places where only secrets are, and must be nowhere else.
const SECRET: &str = "hunter2secret";

/// What is done: a shell script in a folder of its own, which has the programs
/// as `$check` and `$borgq`, and `$at`: the time and the zone of `fresh.json`.
type Attack = (&'static str, &'static str);

/// Each ends as UNKNOWN, and with these words.
const UNKNOWN: &[(Attack, &str)] = &[
    // Streams
    (("closed stdin", "$check $at <&-"), "the input is empty"),
    (
        ("stderr closed as well", "$check $at gone.json 2>&-"),
        "gone.json: cannot be read: ",
    ),
    (
        ("a bad disk", "$check $at /proc/self/mem"),
        "/proc/self/mem: cannot be read: Input/output error",
    ),
    // Files
    (
        ("no file", "$check $at gone.json"),
        "gone.json: cannot be read: No such file",
    ),
    (
        ("an empty directory", "mkdir d.json; $check $at d.json"),
        "the directory holds no *.json files",
    ),
    (
        (
            "a directory for patterns",
            "mkdir d; $check $at --expect-file d fresh.json",
        ),
        "d: cannot be read: Is a directory",
    ),
    (
        ("a link to itself", "ln -s a b; ln -s b a; $check $at a"),
        "a: cannot be read: Too many levels of symbolic links",
    ),
    (
        (
            "links among files",
            "mkdir d; cp fresh.json d; ln -s x.json d/x.json; $check $at d",
        ),
        "d/x.json: cannot be read: ",
    ),
    (
        (
            "a directory that is gone",
            "mkdir d; cd d; rmdir ../d; $check $at fresh.json",
        ),
        "fresh.json: cannot be read: ",
    ),
    (
        (
            "a pipe without end",
            "mkfifo p; sleep 20 >p & $check $at -t 300ms p; s=$?; kill $!; exit $s",
        ),
        "no answer within 0.3 s, while reading p",
    ),
    (
        (
            "a name that is too long",
            "$check $at $(head -c 5000 /dev/zero | tr '\\0' x)",
        ),
        "File name too long",
    ),
    // Documents
    (
        (
            "nothing but brackets",
            "head -c 100000 /dev/zero | tr '\\0' '[' | $check $at",
        ),
        "[truncated]",
    ),
    (
        (
            "nothing but braces",
            "head -c 100000 /dev/zero | tr '\\0' '{' | $check $at",
        ),
        "UNKNOWN: standard input: ",
    ),
    (
        (
            "nested objects",
            "yes '{\"a\":' | head -n 100000 | tr -d '\\n' | $check $at",
        ),
        "[truncated]",
    ),
    (
        (
            "a million digits",
            "(printf '{\"archives\": '; head -c 1000000 /dev/zero | tr '\\0' 9; printf '}') | $check $at",
        ),
        "[unreadable]",
    ),
    (
        (
            "digits in a count",
            "sed s/@COUNT@/$(head -c 99999 /dev/zero | tr '\\0' 9)/ count.json | $check $at",
        ),
        "[unreadable]",
    ),
    (
        (
            "a string without end",
            "(printf '{\"archives\": \"'; head -c 10000000 /dev/zero | tr '\\0' a) | $check $at",
        ),
        "[truncated]",
    ),
    (
        ("zeros", "head -c 1000000 /dev/zero | $check $at"),
        "the input holds text but no JSON document",
    ),
    (
        ("half a document", "head -c 200 fresh.json | $check $at"),
        "[truncated]",
    ),
    (
        (
            "a fresh document before half of another",
            "(cat fresh.json; head -c 200 old.json) | $check $at",
        ),
        "[truncated]",
    ),
    (
        (
            "a fresh document before the end of another",
            "(cat fresh.json; tail -c 200 old.json) | $check $at",
        ),
        "the beginning of a document is missing",
    ),
    (
        ("a program", "$check $at /bin/sh"),
        "BORG UNKNOWN: /bin/sh: ",
    ),
    // Clock and zone
    (
        (
            "no such zone",
            "TZ=Mars/Olympus $check --now 2025-03-10T12:00:00Z fresh.json",
        ),
        "[no-timezone]",
    ),
    (
        (
            "a zone of nonsense",
            "TZ='UTC+99:99:99' $check --now 2025-03-10T12:00:00Z fresh.json",
        ),
        "[no-timezone]",
    ),
    (
        (
            "a zone of bytes",
            "TZ=$(printf '\\377') $check --now 2025-03-10T12:00:00Z fresh.json",
        ),
        "[no-timezone]",
    ),
    (
        (
            "a zone that is a file",
            "TZ=:/etc/passwd $check --now 2025-03-10T12:00:00Z fresh.json",
        ),
        "[no-timezone]",
    ),
    (
        (
            "a zone that is a directory",
            "TZ=:/etc $check --now 2025-03-10T12:00:00Z fresh.json",
        ),
        "[no-timezone]",
    ),
    (
        (
            "a zone that leads elsewhere",
            "$check --now 2025-03-10T12:00:00Z --timezone ../../../etc/passwd fresh.json",
        ),
        "BORG UNKNOWN: ",
    ),
    (
        ("a time of nonsense", "$check --now yesterday fresh.json"),
        "--now",
    ),
    (
        (
            "a year of ten digits",
            "$check --now 9999999999-01-01T00:00:00Z fresh.json",
        ),
        "--now",
    ),
    // Commands
    (("no such command", "$check $at -- ./gone"), "./gone"),
    (("a command that is a directory", "$check $at -- /"), "/"),
    (
        (
            "a command that fails",
            "$check $at -- sh -c 'cat fresh.json; exit 2'",
        ),
        "exit status 2",
    ),
    (
        (
            "a command that is killed",
            "$check $at -- sh -c 'cat fresh.json; kill -9 $$'",
        ),
        "[run-failed]",
    ),
    (
        ("a command that waits", "$check $at -t 300ms -- sleep 20"),
        "the run did not end in time",
    ),
    // Secrets
    (
        ("a configuration", "$check $at configuration.json"),
        "configuration",
    ),
    (
        (
            "a secret in arguments",
            "$check $at -- env BORG_PASSPHRASE=hunter2secret BORG_PASSCOMMAND='echo hunter2secret' false",
        ),
        "[run-failed]",
    ),
    (
        (
            "a secret in a message",
            "$check $at -- sh -c 'echo cannot open ssh://me:hunter2secret@host/repo BORG_PASSPHRASE=hunter2secret >&2; exit 2'",
        ),
        "[run-failed]",
    ),
    (
        (
            "a secret in a name",
            "$check $at ssh://me:hunter2secret@host/repo.json",
        ),
        "cannot be read",
    ),
];

/// None of these changes anything: it is OK as without them.
const HARMLESS: &[Attack] = &[
    ("nothing", "$check $at fresh.json"),
    ("no environment", "env -i \"$check\" $at fresh.json"),
    ("no home", "HOME=/nonexistent $check $at fresh.json"),
    (
        "another directory",
        "d=$PWD; cd /; $check $at \"$d/fresh.json\"",
    ),
    (
        "a directory that is gone",
        "d=$PWD; mkdir d; cd d; rmdir ../d; $check $at \"$d/fresh.json\"",
    ),
    ("stderr is full", "$check $at fresh.json 2>/dev/full"),
    ("stderr is closed", "$check $at fresh.json 2>&-"),
    (
        "a link that leads back",
        "mkdir d; cp fresh.json d; ln -s .. d/up; ln -s . d/here.json; $check $at d",
    ),
    (
        "a long text",
        "sed s/@LONG@/$(head -c 99999 /dev/zero | tr '\\0' a)/ long.json | $check $at",
    ),
    (
        "a text of 10 MB",
        "(printf '{\"x\": \"'; head -c 10000000 /dev/zero | tr '\\0' a; printf '\",'; tail -c +2 fresh.json) | $check $at",
    ),
    (
        "deep nesting of what is unknown",
        "(printf '{\"x\": '; head -c 100000 /dev/zero | tr '\\0' '['; head -c 100000 /dev/zero | tr '\\0' ']'; printf ','; tail -c +2 fresh.json) | $check $at",
    ),
    ("a secret in a location", "$check $at secret.json"),
    (
        "a secret in a location, in detail",
        "$check $at -vv --group-by series secret.json",
    ),
];

/// Neither an answer nor a crash: this is the exit status.
const OTHERS: &[(Attack, i32, &str)] = &[
    (("closed stdout", "$check $at fresh.json >&-"), 3, ""),
    (("a full disk", "$check $at fresh.json >/dev/full"), 3, ""),
    (
        (
            "1970",
            "$check --now 1970-01-01T00:00:00Z --timezone UTC fresh.json",
        ),
        2,
        "BORG CRITICAL: ",
    ),
    (
        (
            "2100",
            "$check --now 2100-01-01T00:00:00Z --timezone UTC fresh.json",
        ),
        2,
        "BORG CRITICAL: ",
    ),
    (
        (
            "a full disk for an answer",
            "$borgq last $at fresh.json >/dev/full",
        ),
        3,
        "",
    ),
    (
        (
            "a capture where nothing can be written",
            "$borgq capture --output /proc/x.json -- true",
        ),
        3,
        "",
    ),
    (
        (
            "a capture to a directory",
            "mkdir d; $borgq capture --output d -- true",
        ),
        3,
        "",
    ),
    (
        (
            "a configuration for a filter",
            "$borgq query . configuration.json",
        ),
        3,
        "",
    ),
    (
        (
            "a configuration for a question",
            "$borgq last configuration.json",
        ),
        3,
        "",
    ),
    (
        (
            "a configuration to look at",
            "$borgq inspect configuration.json",
        ),
        3,
        "",
    ),
];

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

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        use std::sync::atomic::{AtomicUsize, Ordering};
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("borgq-attack-{}-{number}", std::process::id());
        let folder = Self(std::env::temp_dir().join(name));
        std::fs::create_dir(&folder.0).unwrap();
        let fresh = list("web", &[("web-2", "2025-03-10T02:00:00")]);
        folder.write("fresh.json", &fresh);
        folder.write(
            "old.json",
            &list("web", &[("web-1", "2024-03-10T02:00:00")]),
        );
        let mut secret = fresh.clone();
        secret["repository"]["location"] = format!("ssh://me:{SECRET}@host/srv/web").into();
        folder.write("secret.json", &secret);
        secret["archives"][0]["command_line"] =
            format!("borg create ssh://me:{SECRET}@host/r BORG_PASSPHRASE={SECRET}").into();
        let mut long = fresh.clone();
        long["archives"][0]["comment"] = "@LONG@".into();
        folder.write("long.json", &long);
        let mut count = fresh;
        count["archives"][0]["nfiles"] = "@COUNT@".into();
        let text = count.to_string().replace("\"@COUNT@\"", "@COUNT@");
        std::fs::write(folder.0.join("count.json"), text).unwrap();
        folder.write(
            "configuration.json",
            &json!([{
                "encryption_passphrase": SECRET,
                "repositories": [{"path": "/srv/web", "label": ""}],
                "source_directories": ["/home"],
            }]),
        );
        folder
    }

    fn write(&self, name: &str, document: &Value) {
        std::fs::write(self.0.join(name), document.to_string()).unwrap();
    }

    fn run(&self, script: &str) -> Output {
        Command::new("sh")
            .args(["-c", script])
            .current_dir(&self.0)
            .env("check", env!("CARGO_BIN_EXE_check_borg"))
            .env("borgq", env!("CARGO_BIN_EXE_borgq"))
            .env("at", "--now 2025-03-10T12:00:00Z --timezone UTC")
            .output()
            .unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs an attack. Adds what is wrong with its end, if anything is.
fn attack((name, script): Attack, status: i32, words: &str, wrong: &mut Vec<String>) {
    let begin = Instant::now();
    let output = Folder::new().run(script);
    let out = String::from_utf8_lossy(&output.stdout);
    let err = String::from_utf8_lossy(&output.stderr);
    let said =
        out.contains(words) && (!words.is_empty() || out.is_empty() || !script.contains("$check"));
    let silent = err.is_empty() || script.contains("$borgq");
    let masked = !out.contains(SECRET) && !err.contains(SECRET);
    let quick = begin.elapsed() < Duration::from_secs(30);
    if output.status.code() != Some(status) || !(said && silent && masked && quick) {
        let out: String = out.chars().take(500).collect();
        let err: String = err.chars().take(500).collect();
        wrong.push(format!("{name}: {script}\n{}\n{out}{err}", output.status));
    }
}

#[track_caller]
fn nothing(wrong: &[String]) {
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn each_attack_ends_as_unknown_with_a_sentence() {
    let mut wrong = Vec::new();
    for (row, words) in UNKNOWN {
        attack(*row, 3, words, &mut wrong);
    }
    nothing(&wrong);
}

#[test]
fn what_is_harmless_changes_no_answer() {
    let mut wrong = Vec::new();
    for row in HARMLESS {
        attack(*row, 0, "BORG OK: 1 ", &mut wrong);
    }
    nothing(&wrong);
}

#[test]
fn what_cannot_be_said_has_its_exit_status() {
    let mut wrong = Vec::new();
    for (row, status, words) in OTHERS {
        attack(*row, *status, words, &mut wrong);
    }
    nothing(&wrong);
}

#[test]
fn no_output_holds_a_secret() {
    for script in SECRETIVE {
        let output = Folder::new().run(script);
        let all = [output.stdout, output.stderr].concat();
        let all = String::from_utf8_lossy(&all);
        assert!(!all.contains(SECRET), "{script}: {all}");
    }
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
