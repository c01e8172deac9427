//! What `borgq capture` leaves when it is killed, when the disk is full, and when
//! two write at once: whole files, and nothing else.
#![expect(
    clippy::print_stderr,
    reason = "how often a kill hit, and what was not tested, is for people"
)]

use std::hash::{BuildHasher as _, RandomState};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::Instant;

use borgq_capture::Capture;

use crate::capture::Folder;
use crate::documents::list;

/// How often a capture is killed. `BORGQ_KILLS=1000` kills as often as that.
fn kills() -> u32 {
    let given = std::env::var("BORGQ_KILLS").ok();
    given.map_or(60, |number| number.parse().unwrap())
}

/// A capture of a list whose archive is `web-N`, with much noise before it.
fn start(folder: &Folder, number: u32) -> Child {
    let document = list("web", &[(&format!("web-{number}"), "2025-03-10T02:00:00")]);
    let script = "yes noise | head -n 100000; printf '%s' \"$1\"; printf '%s' \"$1\" >&2";
    Command::new(env!("CARGO_BIN_EXE_borgq"))
        .args(["capture", "--dir", folder.path(), "--name", "web", "--"])
        .args(["sh", "-c", script, "sh", &document.to_string()])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The number of the archive in a capture that must be whole.
#[track_caller]
fn number(path: &Path) -> u32 {
    let bytes = std::fs::read(path).unwrap();
    let capture = Capture::read(&bytes).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    let said = &capture.header.stderr.text;
    let (_, rest) = said.split_once("\"name\":\"web-").unwrap();
    assert_eq!(capture.stdout.len(), 600_000 + said.len());
    assert!(capture.stdout.ends_with(said.as_bytes()));
    rest.split_once('"').unwrap().0.parse().unwrap()
}

#[test]
fn killed_at_any_moment_the_old_file_or_the_new_one_is_there() {
    let folder = Folder::new("killed");
    let begun = Instant::now();
    assert!(start(&folder, 0).wait().unwrap().success());
    let mut usual = begun.elapsed();
    let (good, latest) = (folder.0.join("web.good.json"), folder.0.join("web.json"));
    let (mut last_good, mut last, mut replaced, mut hidden) = (0, 0, 0, 0);
    for kill in 1..=kills() {
        let mut child = start(&folder, kill);
        // The later part is that of writing.
        let share = RandomState::new().hash_one(kill) % 1000;
        sleep(usual.mul_f64(0.3 + share as f64 / 1000.0));
        let _ = child.kill();
        child.wait().unwrap();
        for name in folder.names() {
            assert!(number(&folder.0.join(&name)) <= kill);
            hidden += u32::from(name.starts_with('.'));
        }
        let now = number(&good);
        assert!(now == last_good || now == kill, "{now} {last_good} {kill}");
        last_good = now;
        let now = number(&latest);
        assert!(now == last || now == kill, "{now} {last} {kill}");
        replaced += u32::from(now == kill);
        // The machine can become faster or slower: kills go on to fall on both sides.
        usual = usual.mul_f64(if now == kill { 0.9 } else { 1.1 });
        last = now;
    }
    eprintln!(
        "{} kills: {replaced} after the file was replaced, hidden files were seen {hidden} times",
        kills()
    );
    assert!(
        replaced > 0 && replaced < kills(),
        "{replaced} of {}",
        kills()
    );
    assert!(start(&folder, 7_777).wait().unwrap().success());
    assert_eq!(folder.names(), ["web.good.json", "web.json"]);
    assert_eq!(number(&latest), 7_777);
}

#[test]
fn of_many_at_once_each_leaves_a_whole_file() {
    let folder = Folder::new("at-once");
    for round in 0..3 {
        let children: Vec<_> = (0..8).map(|n| start(&folder, 10 * round + n)).collect();
        for mut child in children {
            assert!(child.wait().unwrap().success());
        }
        assert_eq!(folder.names(), ["web.good.json", "web.json"]);
        for name in folder.names() {
            assert!(number(&folder.0.join(name)) / 10 == round);
        }
    }
}

/// Runs a script that may mount, with the program as `$1`, a folder as `$2` and
/// a document as `$3`. `None` where nobody may mount.
fn with_mounts(folder: &Folder, script: &str) -> Option<Output> {
    let document = list("web", &[("web-1", "2025-03-10T02:00:00")]).to_string();
    let output = Command::new("unshare")
        .args(["--mount", "sh", "-ec"])
        .arg(format!(
            "mount -t tmpfs -o size=256k none \"$2\" || exit 99\n{script}"
        ))
        .args(["sh", env!("CARGO_BIN_EXE_borgq"), folder.path(), &document])
        .output();
    let output = output.ok().filter(|output| {
        output.status.code() != Some(99) && !output.stderr.starts_with(b"unshare:")
    });
    if output.is_none() {
        eprintln!("SKIPPED: only root may mount a small file system");
    }
    output
}

#[test]
fn a_full_file_system_keeps_the_old_file() {
    let folder = Folder::new("full");
    let script = "
        cd \"$2\"
        \"$1\" capture --dir . --name web -- printf %s \"$3\"
        sha256sum *.json >/dev/shm/borgq-full.$$
        head -c 300000 /dev/zero >filler || true
        rm filler; head -c 200000 /dev/zero >filler
        for size in 1000 70000 300000; do
            status=0
            \"$1\" capture --dir . --name web -- sh -c \"head -c $size /dev/zero | tr '\\\\0' x; exit 5\" || status=$?
            echo \"status $status\"
            [ $size = 1000 ] || sha256sum --quiet -c /dev/shm/borgq-full.$$ || echo CHANGED
            # The latest run is kept beside the proof, if there is room for it.
            [ $size != 1000 ] || { sha256sum *.json >/dev/shm/borgq-full.$$; }
        done
        ls -A; rm /dev/shm/borgq-full.$$";
    let Some(output) = with_mounts(&folder, script) else {
        return;
    };
    let out = String::from_utf8(output.stdout).unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    // The command's own status counts.
    let statuses = "status 5\nstatus 5\nstatus 5\n";
    assert_eq!(
        out,
        format!("{statuses}filler\nweb.good.json\nweb.json\n"),
        "{err}"
    );
    assert_eq!(
        err.matches("./web.json: the capture cannot be written: ")
            .count(),
        2,
        "{err}"
    );
    assert!(err.contains("No space left on device"), "{err}");
}

#[test]
fn a_read_only_directory_keeps_the_old_file() {
    let folder = Folder::new("read-only");
    let script = "
        cd \"$2\"
        \"$1\" capture --dir . --name web -- printf %s \"$3\"
        mount -o remount,ro \"$2\"
        before=$(sha256sum *.json)
        status=0
        \"$1\" capture --dir . --name web -- printf %s \"$3\" || status=$?
        echo \"status $status\"
        [ \"$before\" = \"$(sha256sum *.json)\" ]
        ls -A";
    let Some(output) = with_mounts(&folder, script) else {
        return;
    };
    let err = String::from_utf8(output.stderr).unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(out, "status 3\nweb.good.json\nweb.json\n", "{err}");
    assert!(
        err.contains("the capture cannot be written: Read-only file system"),
        "{err}"
    );
}

#[test]
fn a_limit_for_files_keeps_the_old_file() {
    let folder = Folder::new("limited");
    let run = |limit: &str| {
        let script = format!(
            "{limit}\nexec \"$0\" capture --dir \"$1\" --name web -- sh -c 'yes | head -c 100000; exit 5'"
        );
        Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_borgq"), folder.path()])
            .output()
            .unwrap()
    };
    assert_eq!(run("").status.code(), Some(5));
    let before = std::fs::read(folder.0.join("web.json")).unwrap();
    for limit in ["trap '' XFSZ; ulimit -f 10", "ulimit -f 10"] {
        let output = run(limit);
        assert!(!output.status.success());
        assert_eq!(folder.names(), ["web.json"], "{limit}");
        assert_eq!(std::fs::read(folder.0.join("web.json")).unwrap(), before);
    }
}

#[test]
fn a_device_or_a_pipe_is_written_to_and_stays() {
    let folder = Folder::new("special");
    let fifo = folder.0.join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&fifo)
            .status()
            .unwrap()
            .success()
    );
    let mut reader = Command::new("cat");
    let reader = reader.arg(&fifo).stdout(Stdio::piped()).spawn().unwrap();
    let document = list("web", &[("web-1", "2025-03-10T02:00:00")]).to_string();
    let capture = |place: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_borgq"));
        command.args(["capture", "-o", place, "--", "printf", "%s", &document]);
        command.output().unwrap()
    };
    assert!(capture(fifo.to_str().unwrap()).status.success());
    let read = reader.wait_with_output().unwrap().stdout;
    assert_eq!(Capture::read(&read).unwrap().stdout, document.as_bytes());
    assert_eq!(folder.names(), ["pipe"]);
    // The device is no file of this folder, and must not become one.
    let full = capture("/dev/full");
    assert_eq!(full.status.code(), Some(3));
    let said = String::from_utf8(full.stderr).unwrap();
    assert!(
        said.contains("/dev/full: the capture cannot be written: No space left"),
        "{said}"
    );
    use std::os::unix::fs::FileTypeExt as _;
    let kind = std::fs::metadata("/dev/full").unwrap().file_type();
    assert!(kind.is_char_device() && !Path::new("/dev/full.good").exists());
    for place in ["/dev/stdout", "-"] {
        let printed = capture(place).stdout;
        assert!(Capture::is(&printed), "{place}");
    }
    let file = folder.0.join("out");
    let mut command = Command::new(env!("CARGO_BIN_EXE_borgq"));
    command.args(["capture", "-o", "/dev/stdout", "--", "printf", "{}"]);
    let out = std::fs::File::create(&file).unwrap();
    assert!(command.stdout(out).status().unwrap().success());
    assert!(Capture::is(&std::fs::read(file).unwrap()));
    assert!(Path::new("/dev/stdout").is_symlink());
}
