//! Checks many inputs in one process, for `tests/never_false_ok`.
//!
//! Standard input holds jobs: the arguments of `check_borg`, one a line, and a
//! document, each behind its length in four bytes, the lowest first. Standard
//! output gets a byte for each job: the exit status, or 255 if the text that
//! was said does not go with it.

use std::io::{self, BufReader, BufWriter, Read, Write};

use borgq_cli::{Surroundings, check_borg};
use chrono::DateTime;

const WORDS: [&str; 4] = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];
const ODD: u8 = 255;

fn main() -> io::Result<()> {
    let mut jobs = BufReader::new(io::stdin().lock());
    let mut states = BufWriter::new(io::stdout().lock());
    while let Some(args) = part(&mut jobs)? {
        let document = part(&mut jobs)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        let args = String::from_utf8(args).map_err(io::Error::other)?;
        states.write_all(&[state(&args, &document)])?;
        // Whoever waits for a state sends no job.
        if jobs.buffer().is_empty() {
            states.flush()?;
        }
    }
    states.flush()
}

/// The next length and what is behind it. `None` at the end.
fn part(jobs: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match jobs.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let mut part = vec![0; u32::from_le_bytes(length) as usize];
    jobs.read_exact(&mut part)?;
    Ok(Some(part))
}

fn state(args: &str, document: &[u8]) -> u8 {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let status = check_borg(Surroundings {
        args: args.lines().map(Into::into).collect(),
        stdin: &mut &*document,
        out: &mut out,
        err: &mut err,
        now: DateTime::UNIX_EPOCH,
        tz: Some("UTC".into()),
        stdin_is_terminal: false,
        stdout_is_terminal: false,
        width: None,
        colour: false,
        out_is_closed: false,
        may_end_process: false,
    });
    let word = WORDS.get(usize::from(status)).copied().unwrap_or_default();
    let first = format!("BORG {word}: ");
    match out.starts_with(first.as_bytes()) && err.is_empty() {
        true => status,
        false => ODD,
    }
}
