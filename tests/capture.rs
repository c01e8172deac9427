//! `borgq capture`, and what is read from captures.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::cases::known;
use crate::documents::list;
use crate::program::run;

const NOW: &str = "2025-03-10T12:00:00Z";
const FRESH: (&str, &str) = ("web-2", "2025-03-10T02:00:00");

/// A folder that is gone when the test ends well.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("borgq-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }

    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn header(&self, name: &str) -> Value {
        let text = std::fs::read_to_string(self.0.join(name)).unwrap();
        serde_json::from_str(text.lines().next().unwrap()).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

/// Captures a shell script that is given this as `$1`.
fn capture(args: &[&str], zone: &str, script: &str, given: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_borgq"));
    command.arg("capture").args(args).env("TZ", zone);
    command
        .args(["--", "sh", "-c", script, "sh", given])
        .output()
        .unwrap()
}

const PRINT: &str = "printf '%s\\n' \"$1\"";

#[test]
fn a_good_run_is_kept_twice_with_all_that_the_json_lacks() {
    let folder = Folder::new("good");
    let printed = list("web", &[FRESH]).to_string();
    let output = capture(
        &["--dir", folder.path(), "--name", "web"],
        known("Europe/Berlin"),
        PRINT,
        &printed,
    );
    assert_eq!(
        (
            output.status.code(),
            output.stdout.len(),
            output.stderr.len()
        ),
        (Some(0), 0, 0)
    );
    assert_eq!(folder.names(), ["web.good.json", "web.json"]);
    let header = folder.header("web.json");
    assert_eq!(header["format"], "capture");
    assert_eq!(header["exit_status"], 0);
    assert_eq!(header["timezone"]["name"], known("Europe/Berlin"));
    assert!([3600, 7200].contains(&header["timezone"]["utc_offset_seconds"].as_i64().unwrap()));
    assert!(header["host"].is_string() && header["user"].is_string());
    let path = folder.0.join("web.json");
    let kept = std::fs::read_to_string(&path).unwrap();
    assert_eq!(kept.split_once('\n').unwrap().1, format!("{printed}\n"));
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o640
    );
    // The zone is that of the run: 2 o'clock in Berlin.
    let last = run(
        &["last", "--json", "--now", NOW, path.to_str().unwrap()],
        b"",
        NOW,
    );
    assert_eq!(last.json()["backups"][0]["age_seconds"], 11 * 3600);
    // The folder holds the same repository twice, which is one.
    let check = run(&["check", "--now", NOW, folder.path()], b"", NOW);
    assert!(
        check.status == 0 && check.out.contains("1 repository backed up"),
        "{}",
        check.out
    );
}

#[test]
fn a_failed_run_is_kept_beside_the_proof() {
    let folder = Folder::new("failed");
    let args = ["--dir", folder.path(), "--name", "web"];
    capture(&args, "UTC", PRINT, &list("web", &[FRESH]).to_string());
    let lock =
        "echo 'Failed to create/acquire the lock /srv/web/lock.exclusive (timeout).' >&2; exit 2";
    assert_eq!(capture(&args, "UTC", lock, "").status.code(), Some(2));
    let header = folder.header("web.json");
    assert_eq!(header["exit_status"], 2);
    assert!(
        header["stderr"]["text"]
            .as_str()
            .unwrap()
            .starts_with("Failed to create")
    );
    let check = run(&["check", "--now", NOW, folder.path()], b"", NOW);
    assert_eq!(check.status, 3);
    assert!(
        check
            .out
            .contains("the repository is locked (exit status 2)"),
        "{}",
        check.out
    );
    assert!(
        check.out.contains("OK: /srv/web: last backup web-2"),
        "{}",
        check.out
    );
    let check = run(
        &[
            "check",
            "--state",
            "locked=warning",
            "--now",
            NOW,
            folder.path(),
        ],
        b"",
        NOW,
    );
    assert_eq!(check.status, 1, "{}", check.out);
}

#[test]
fn the_exit_status_is_that_of_the_command() {
    let folder = Folder::new("status");
    let args = ["--dir", folder.path(), "--name", "x"];
    for (script, status, key, value) in [
        ("exit 7", 7, "exit_status", Value::from(7)),
        ("kill -9 $$", 137, "signal", Value::from(9)),
        ("exit 0", 0, "exit_status", Value::from(0)),
    ] {
        assert_eq!(
            capture(&args, "UTC", script, "").status.code(),
            Some(status)
        );
        assert_eq!(folder.header("x.json")[key], value);
    }
    let timed = [&args[..], &["--timeout", "200ms"]].concat();
    assert_eq!(
        capture(&timed, "UTC", "sleep 1000", "").status.code(),
        Some(124)
    );
    assert_eq!(folder.header("x.json")["stopped"], "timeout");
    let missing = Command::new(env!("CARGO_BIN_EXE_borgq"))
        .args([
            "capture",
            "--dir",
            folder.path(),
            "--name",
            "x",
            "--",
            "/no/such/program",
        ])
        .output()
        .unwrap();
    assert_eq!(missing.status.code(), Some(127));
    assert_eq!(folder.header("x.json")["stopped"], "not-started");
    // None of them printed a document, so none of them is a proof.
    assert_eq!(folder.names(), ["x.json"]);
    let check = run(&["check", "--now", NOW, folder.path()], b"", NOW);
    assert!(
        check.status == 3 && check.out.contains("/no/such/program could not be started"),
        "{}",
        check.out
    );
}

#[test]
fn a_capture_that_is_told_to_end_keeps_the_run_and_ends_as_the_command_would() {
    use rustix::process::{Pid, Signal, kill_process};
    let folder = Folder::new("interrupted");
    let ready = folder.0.join("ready");
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let mut capture = Command::new(env!("CARGO_BIN_EXE_borgq"))
            .args(["capture", "--dir", folder.path(), "--name", "x", "--"])
            .args(["sh", "-c", "echo begun; : >\"$1\"; exec sleep 1000", "sh"])
            .arg(&ready)
            .spawn()
            .unwrap();
        until(|| ready.exists());
        kill_process(Pid::from_child(&capture), signal).unwrap();
        let status = capture.wait().unwrap();
        assert_eq!(status.code(), Some(128 + signal.as_raw()));
        let header = folder.header("x.json");
        assert_eq!(header["stopped"], "interrupted");
        assert_eq!(header["signal"], signal.as_raw());
        let kept = std::fs::read_to_string(folder.0.join("x.json")).unwrap();
        assert!(kept.ends_with("\nbegun\n"), "{kept}");
        std::fs::remove_file(&ready).unwrap();
    }
    assert_eq!(folder.names(), ["x.json"]);
    let check = run(&["check", "--now", NOW, folder.path()], b"", NOW);
    assert!(
        check.status == 3 && check.out.contains("it was interrupted"),
        "{}",
        check.out
    );
}

/// Waits for what comes sooner or later.
fn until(come: impl Fn() -> bool) {
    for _ in 0..6000 {
        if come() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("it did not come within a minute");
}

#[test]
fn names_that_are_no_names_are_refused() {
    let folder = Folder::new("names");
    for name in ["a/b", "..", ".", "", ".x", "../x", "web.good", "/x"] {
        let args = ["--dir", folder.path(), "--name", name];
        let output = capture(&args, "UTC", "true", "");
        assert_eq!(output.status.code(), Some(2), "{name}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("--name"), "{said}");
    }
    assert!(folder.names().is_empty());
    let odd = ["--dir", folder.path(), "--name", "ö b\nc..d"];
    assert!(capture(&odd, "UTC", "true", "").status.success());
    assert_eq!(folder.names(), ["ö b\nc..d.json"]);
}

#[test]
fn much_output_and_output_that_is_no_json_are_kept_whole() {
    let folder = Folder::new("much");
    let args = [
        "--dir",
        folder.path(),
        "--name",
        "x",
        "--keep-stderr",
        "100",
    ];
    let script = "head -c 20000000 /dev/zero; yes err | head -c 20000000 >&2";
    let output = capture(&args, "UTC", script, "");
    assert!(output.status.success() && output.stdout.is_empty());
    // It proves nothing.
    assert_eq!(folder.names(), ["x.json"]);
    let file = folder.0.join("x.json");
    let kept = std::fs::read(&file).unwrap();
    let capture = borgq_capture::Capture::read(&kept).unwrap();
    assert_eq!(capture.stdout.len(), 20_000_000);
    assert_eq!(capture.header.stderr.length, 20_000_000);
    assert_eq!(capture.header.stderr.text.len(), 96);
    let said = run(&["check", file.to_str().unwrap()], b"", NOW);
    assert_eq!(said.status, 3, "{}", said.out);
}

#[test]
fn jq_reads_a_capture_as_a_sequence() {
    let document = list("web", &[FRESH]);
    let mut pretty = serde_json::to_string_pretty(&document).unwrap();
    pretty.push('\n');
    for printed in [document.to_string(), pretty, format!("[{document}]")] {
        let kept = capture(&[], "UTC", "printf '%s' \"$1\"", &printed).stdout;
        let values = serde_json::Deserializer::from_slice(&kept).into_iter::<Value>();
        let values: Vec<_> = values.map(Result::unwrap).collect();
        assert_eq!(values.len(), 2);
        assert_eq!(values[0]["format"], "capture");
        assert_eq!(values[1], serde_json::from_str::<Value>(&printed).unwrap());
    }
}

#[test]
fn captures_are_read_in_a_row_and_from_a_command() {
    let kept = |name: &str, zone: &str| {
        capture(&[], zone, PRINT, &list(name, &[FRESH]).to_string()).stdout
    };
    let row = [kept("web", "UTC"), kept("db", "IST-5:30")].concat();
    let said = run(&["last", "--json"], &row, NOW);
    let ages: Vec<_> = said.json()["backups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|backup| backup["age_seconds"].as_i64().unwrap())
        .collect();
    // Each in its own zone.
    assert_eq!((said.status, ages), (0, vec![36_000, 36_000 + 19_800]));
    let torn = [&row[..row.len() - 1], b""].concat();
    let said = run(&["check"], &torn, NOW);
    assert!(
        said.status == 3 && said.out.contains("[truncated]"),
        "{}",
        said.out
    );
    let folder = Folder::new("row");
    let file = folder.0.join("row.json");
    std::fs::write(&file, row).unwrap();
    for (script, status) in [("cat \"$0\"", 0), ("cat \"$0\"; exit 1", 3)] {
        let args = ["last", "--", "sh", "-c", script, file.to_str().unwrap()];
        let said = run(&args, b"", NOW);
        assert_eq!(said.status, status, "{}", said.err);
    }
}

#[test]
fn a_command_that_asks_on_the_terminal_does_not_wait_for_ever() {
    let folder = Folder::new("asks");
    let program = env!("CARGO_BIN_EXE_borgq");
    let command = format!(
        "{program} capture --dir {} --name x --timeout 60s -- sh -c 'read answer </dev/tty'",
        folder.path()
    );
    // script(1) gives it a terminal.
    let output = Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .output()
        .unwrap();
    // As a shell has it for SIGTTIN.
    assert_eq!(output.status.code(), Some(128 + 21));
    assert_eq!(folder.header("x.json")["signal"], 21);
}

#[test]
fn a_zone_that_is_none_does_not_keep_the_command_from_running() {
    let document = list("web", &[FRESH]).to_string();
    let output = capture(&[], "No/Where", PRINT, &document);
    assert_eq!(output.status.code(), Some(0));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("\"No/Where\"") && said.contains("UTC"),
        "{said}"
    );
    // What `date` says there is what borg would print.
    let date = Command::new("date")
        .arg("+%z")
        .env("TZ", "No/Where")
        .output();
    assert_eq!(date.unwrap().stdout, b"+0000\n");
    let last = run(
        &["last", "--json", "--timezone", "Asia/Kolkata"],
        &output.stdout,
        NOW,
    );
    assert_eq!(last.json()["backups"][0]["age_seconds"], 36_000);
}

#[test]
fn the_zone_of_a_capture_counts_in_every_command() {
    let document = crate::documents::info("web", &[(FRESH.0, FRESH.1, 9, 9)]);
    let kept = capture(&[], "IST-5:30", PRINT, &document.to_string()).stdout;
    // 2 o'clock there, whatever else is said.
    let time = "2025-03-09T20:30:00Z";
    for args in [
        &["last", "--json"][..],
        &["archives", "--json"],
        &["repos", "--json"],
        &["sizes", "--json"],
        &["gaps", "--json"],
        &["retention", "--keep-daily", "7", "--json"],
        &["backtest", "-w", "26h", "--json"],
        &["query", "-c", "."],
        &["check", "--output", "json"],
    ] {
        for zone in [&[][..], &["--timezone", "UTC"]] {
            let said = run(&[args, zone].concat(), &kept, NOW);
            assert!(
                said.out.contains(time),
                "{args:?} {zone:?}: {} {}",
                said.out,
                said.err
            );
        }
    }
}

#[test]
fn secrets_are_masked() {
    let folder = Folder::new("secrets");
    let file = folder.0.join("x.json");
    let script = "echo 'cannot open ssh://me:horse@host/repo' >&2";
    let mut command = Command::new(env!("CARGO_BIN_EXE_borgq"));
    command.args([
        "capture",
        "-o",
        file.to_str().unwrap(),
        "--",
        "env",
        "BORG_PASSPHRASE=horse",
        "sh",
        "-c",
        script,
        "ssh://me:horse@host/",
    ]);
    assert!(command.output().unwrap().status.success());
    let kept = std::fs::read_to_string(file).unwrap();
    // The script itself is an argument, and holds the URL.
    assert!(!kept.contains("horse"), "{kept}");
    assert!(kept.contains("BORG_PASSPHRASE=***") && kept.contains("ssh://me:***@host/repo"));
}

#[test]
fn passing_through_shows_what_the_command_prints() {
    let folder = Folder::new("through");
    let args = ["--dir", folder.path(), "--name", "x", "--pass-through"];
    let output = capture(&args, "UTC", "printf out; printf err >&2", "");
    assert_eq!(
        (output.stdout.as_slice(), output.stderr.as_slice()),
        (&b"out"[..], &b"err"[..])
    );
    let output = capture(&["--pass-through"], "UTC", "true", "");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn without_a_place_the_capture_is_printed_and_can_be_piped() {
    let output = capture(&[], "UTC", PRINT, &list("web", &[FRESH]).to_string());
    let said = run(&["last", "--json"], &output.stdout, NOW);
    assert_eq!(said.json()["backups"][0]["age_seconds"], 36_000);
}

#[test]
fn a_torn_or_edited_capture_is_truncated() {
    let output = capture(&[], "UTC", PRINT, &list("web", &[FRESH]).to_string());
    let whole = output.stdout;
    assert_eq!(run(&["check"], &whole, NOW).status, 0);
    for cut in 21..whole.len() {
        let said = run(&["check"], &whole[..cut], NOW);
        assert_eq!(said.status, 3, "{cut}: {}", said.out);
        assert!(said.out.contains("[truncated]"), "{cut}: {}", said.out);
    }
    let edited = String::from_utf8(whole).unwrap().replace("web-2", "web-3");
    let said = run(&["check"], edited.as_bytes(), NOW);
    assert!(
        said.status == 3 && said.out.contains("its output was changed"),
        "{}",
        said.out
    );
}

#[test]
fn what_cannot_be_written_is_said_and_the_command_still_counts() {
    let said = |script: &str| capture(&["-o", "/nonexistent/x.json"], "UTC", script, "");
    let output = said("exit 0");
    assert_eq!(output.status.code(), Some(3));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        text.starts_with("borgq: /nonexistent/x.json: the capture cannot be written: "),
        "{text}"
    );
    assert_eq!(said("exit 5").status.code(), Some(5));
}

#[test]
fn directories_are_read_to_their_depths() {
    let folder = Folder::new("deep");
    for (host, archives) in [("web", &[FRESH][..]), ("db", &[])] {
        std::fs::create_dir(folder.0.join(host)).unwrap();
        let file = folder.0.join(host).join("list.json");
        std::fs::write(file, list(host, archives).to_string()).unwrap();
    }
    std::fs::write(folder.0.join(".hidden.json"), "nonsense").unwrap();
    std::os::unix::fs::symlink(Path::new(".."), folder.0.join("web/circle")).unwrap();
    let said = run(&["last", "--json", folder.path()], b"", NOW);
    assert_eq!(said.status, 1, "{}", said.err);
    assert_eq!(said.json()["backups"].as_array().unwrap().len(), 2);
}

#[test]
fn a_header_keeps_its_schema() {
    let schema =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/capture.json")).unwrap();
    let schema = jsonschema::draft202012::new(&serde_json::from_slice(&schema).unwrap()).unwrap();
    for script in ["true", "echo x; exit 3", "kill -9 $$"] {
        let output = capture(&[], "UTC", script, "");
        let line = output.stdout.split(|byte| *byte == b'\n').next().unwrap();
        let mut header: Value = serde_json::from_slice(line).unwrap();
        assert!(schema.is_valid(&header), "{header}");
        header["version"] = "1".into();
        assert!(!schema.is_valid(&header));
    }
}

#[test]
fn consistency_checks_are_kept_and_judged_if_asked() {
    let folder = Folder::new("checked");
    let document = list("web", &[FRESH]);
    let id = document["repository"]["id"].as_str().unwrap();
    let state = folder.0.join("state");
    let args = ["--check-times", state.to_str().unwrap()];
    let judged = |args: &[&str], limit: &str| {
        let captured = capture(args, "UTC", PRINT, &document.to_string());
        assert!(captured.status.success());
        let said = run(&["check", "-c", limit], &captured.stdout, NOW);
        (said.status, said.out)
    };
    // Nobody asked when it was captured, then it was never done, then long ago.
    let (status, out) = judged(&[], "check-age=30d");
    assert!(
        status == 3 && out.contains("check-age not known: the input does not say it"),
        "{out}"
    );
    let (status, out) = judged(&args, "check-age=30d");
    assert!(
        status == 1 && out.contains("no consistency check is known [never-checked]"),
        "{out}"
    );
    assert_eq!(judged(&args, "30d").0, 0);
    let checks = state.join("checks").join(id);
    std::fs::create_dir_all(&checks).unwrap();
    let done = std::time::SystemTime::UNIX_EPOCH
        + std::time::Duration::from_secs(1_741_608_000 - 40 * 86_400);
    std::fs::File::create(checks.join("repository"))
        .unwrap()
        .set_modified(done)
        .unwrap();
    std::fs::File::create(checks.join("archives")).unwrap();
    let (status, out) = judged(&args, "check-age=30d");
    assert!(
        status == 2 && out.contains("check-age of repository 40d (limit 30d)"),
        "{out}"
    );
    // The other one was done just now, which is in the future of the question.
    let (status, out) = judged(&args, "check-age=41d");
    assert!(
        status == 3 && out.contains("check-age of archives not known: "),
        "{out}"
    );
    let now = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_741_608_000);
    std::fs::File::options()
        .write(true)
        .open(checks.join("archives"))
        .unwrap()
        .set_modified(now)
        .unwrap();
    let (status, out) = judged(&args, "check-age=41d");
    assert_eq!(status, 0, "{out}");
    assert!(
        out.contains("_check_age_repository=3456000s;;3542400;0")
            && out.contains("_check_age_archives=0s;;3542400;0"),
        "{out}"
    );
    // What cannot be read is not known, and not never.
    std::fs::write(state.join("file"), "").unwrap();
    let unread = state.join("file/x");
    let unread = ["--check-times", unread.to_str().unwrap()];
    let (status, out) = judged(&unread, "check-age=41d");
    assert!(
        status == 3 && out.contains("the input does not say it"),
        "{out}"
    );
}

#[test]
fn what_one_capture_tells_of_checks_makes_no_other_repository_never_checked() {
    let folder = Folder::new("told");
    let state = folder.0.join("state");
    let two = [("web-1", "2025-03-09T02:00:00"), FRESH];
    let web = list("web", &two);
    let checks = state
        .join("checks")
        .join(web["repository"]["id"].as_str().unwrap());
    std::fs::create_dir_all(&checks).unwrap();
    let now = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_741_608_000);
    std::fs::File::create(checks.join("repository"))
        .unwrap()
        .set_modified(now)
        .unwrap();
    let fleet = folder.0.join("fleet");
    let keep = |name: &str, told: bool, document: &Value| {
        let dir = fleet.to_str().unwrap();
        let told = ["--check-times", state.to_str().unwrap()].map(|arg| told.then_some(arg));
        let mut args = vec!["--dir", dir, "--name", name];
        args.extend(told.into_iter().flatten());
        std::fs::create_dir_all(&fleet).unwrap();
        assert!(
            capture(&args, "UTC", PRINT, &document.to_string())
                .status
                .success()
        );
    };
    keep("web", true, &web);
    keep("db", true, &list("db", &two));
    // Nobody asked for the checks of this one.
    keep("mail", false, &list("mail", &two));
    // Folded, and read whole.
    for limit in ["age=26h", "gap=3d"] {
        let args = [
            "check",
            "--output",
            "json",
            "-c",
            "check-age=30d",
            "-c",
            limit,
        ];
        let said = run(&[&args[..], &[fleet.to_str().unwrap()]].concat(), b"", NOW);
        let json = said.json();
        let mut states: Vec<_> = json["groups"]
            .as_array()
            .unwrap()
            .iter()
            .map(|group| {
                let location = group["repository"]["location"].as_str().unwrap();
                let never = group.to_string().contains("never-checked");
                let unsaid = group.to_string().contains("the input does not say it");
                (location, group["state"].as_str().unwrap(), never, unsaid)
            })
            .collect();
        states.sort_unstable();
        assert_eq!(
            states,
            [
                ("/srv/db", "WARNING", true, false),
                ("/srv/mail", "UNKNOWN", false, true),
                ("/srv/web", "OK", false, false),
            ],
            "{}",
            said.out
        );
    }
}
