//! Standard output that nobody reads, or that cannot be written.

use std::io::{self, BufWriter, ErrorKind, Write};

use borgq_cli::{Surroundings, borgq};

const LIST: &[u8] = include_bytes!("../crates/json/examples/repo-list.json");
const NOW: &str = "2025-03-02T12:00:00Z";

/// Fails as soon as something is written to it.
struct Broken(ErrorKind);

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The exit status and what is said on standard error, where every write fails
/// at once, and where only the last one does.
fn into(kind: ErrorKind, args: &[&str], stdin: &[u8]) -> [(u8, String); 2] {
    [0, 1 << 20].map(|buffer| {
        let mut err = Vec::new();
        let status = borgq(Surroundings {
            args: [&["borgq"], args].concat().iter().map(Into::into).collect(),
            stdin: &mut &*stdin,
            out: &mut BufWriter::with_capacity(buffer, Broken(kind)),
            err: &mut err,
            now: NOW.parse().unwrap(),
            tz: Some("UTC".into()),
            stdin_is_terminal: false,
            stdout_is_terminal: false,
            width: None,
            colour: false,
            out_is_closed: false,
            may_end_process: false,
        });
        (status, String::from_utf8(err).unwrap())
    })
}

const COMMANDS: [&[&str]; 17] = [
    &["last"],
    &["last", "--json"],
    &["last", "--format", "csv"],
    &["archives"],
    &["archives", "--json"],
    &["archives", "--format", "csv"],
    &["archives", "--format", "jsonl", "--sort", "name"],
    &["archives", "--format", "json", "--reverse"],
    &["archives", "--field", "name"],
    &["repos"],
    &["inspect"],
    &["gaps"],
    &["query", "."],
    &["schema"],
    &["schema", "last"],
    &["man"],
    &["--help"],
];

#[test]
fn an_answer_that_cannot_be_written_was_not_given() {
    for args in COMMANDS {
        for (status, err) in into(ErrorKind::StorageFull, args, LIST) {
            assert_eq!(status, 3, "{args:?}");
            assert_eq!(
                err, "borgq: the answer cannot be written: no storage space\n",
                "{args:?}"
            );
        }
    }
    for (status, err) in into(ErrorKind::StorageFull, &["capture", "--", "true"], b"") {
        assert_eq!(status, 3);
        assert!(
            err.contains("the capture cannot be written: no storage space"),
            "{err}"
        );
    }
    let failed = ["capture", "--", "sh", "-c", "exit 1"];
    for (status, _) in into(ErrorKind::StorageFull, &failed, b"") {
        assert_eq!(status, 1);
    }
}

#[test]
fn a_closed_pipe_is_silent_and_changes_no_exit_status() {
    for args in COMMANDS {
        for ended in into(ErrorKind::BrokenPipe, args, LIST) {
            assert_eq!(ended, (0, String::new()), "{args:?}");
        }
    }
    let none = String::from_utf8_lossy(LIST).replace("web-2025-03-0", "web.checkpoint.");
    for args in [&["last"][..], &["last", "--json"], &["archives"]] {
        for ended in into(ErrorKind::BrokenPipe, args, none.as_bytes()) {
            assert_eq!(ended, (1, String::new()), "{args:?}");
        }
        for (status, err) in into(
            ErrorKind::BrokenPipe,
            args,
            &[LIST, b"{\"archives\":"].concat(),
        ) {
            assert_eq!((status, err.lines().count()), (3, 1), "{args:?}: {err}");
        }
    }
}
