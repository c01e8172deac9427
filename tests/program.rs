//! Runs the programs within the test, with surroundings of its own.

use borgq_cli::{Surroundings, borgq, check_borg};
use chrono::{DateTime, Utc};
use serde_json::Value;

/// What a run said.
pub struct Said {
    pub status: u8,
    pub out: String,
    pub err: String,
}

impl Said {
    /// The answer of `--json`: one object on one line.
    #[track_caller]
    pub fn json(&self) -> Value {
        assert_eq!(
            self.out.matches('\n').count(),
            1,
            "no line: {:?} {}",
            self.out,
            self.err
        );
        serde_json::from_str(&self.out).unwrap()
    }
}

/// Runs `borgq` (or `check_borg`, if that is the first word) in UTC.
pub fn run(args: &[&str], stdin: &[u8], now: &str) -> Said {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let check = args.first() == Some(&"check_borg");
    let program = if check { check_borg } else { borgq };
    let args: Vec<_> = if check {
        args.to_vec()
    } else {
        [&["borgq"], args].concat()
    };
    let status = program(Surroundings {
        args: args.iter().map(Into::into).collect(),
        stdin: &mut &*stdin,
        out: &mut out,
        err: &mut err,
        now: now.parse::<DateTime<Utc>>().unwrap(),
        tz: Some("UTC".into()),
        stdin_is_terminal: false,
        stdout_is_terminal: false,
        width: None,
        colour: false,
        out_is_closed: false,
        may_end_process: false,
    });
    Said {
        status,
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap(),
    }
}
