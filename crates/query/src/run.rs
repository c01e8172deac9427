//! [`Run`]: what the end of a run of borg or borgmatic means.
//!
//! borg's documents do not say whether the run succeeded. Its exit status does.

use crate::model::{Problem, ProblemCode};

/// A run of borg or borgmatic that has ended.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// How it ended.
    pub end: RunEnd,
    /// The end of its standard error.
    pub stderr: &'a [u8],
    /// Whether standard output was read completely and held a document.
    pub whole: bool,
    /// Whether that was borgmatic's array.
    pub array: bool,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunEnd {
    /// With this exit status.
    Exited(i32),
    /// By this signal.
    Signalled(i32),
    /// It was ended because it took too long.
    TimedOut,
    /// It was ended because it printed too much.
    TooMuch,
    /// It was ended because this program was told to end.
    Interrupted,
}

/// How many lines of standard error are kept, and how many characters of each.
const LINES: usize = 10;
const CHARACTERS: usize = 300;

impl Run<'_> {
    /// What is wrong with the run, if anything is.
    ///
    /// borg's exit status 1, and 100 to 127, is a warning if there is a whole
    /// document. borgmatic leaves out repositories that fail, so its array is
    /// complete only with the exit status 0.
    ///
    /// ```
    /// use borgq_query::ProblemCode;
    /// use borgq_query::run::{Run, RunEnd};
    ///
    /// let stderr = b"Failed to create/acquire the lock /srv/repo/lock.exclusive (timeout).\n";
    /// let run = Run { end: RunEnd::Exited(2), stderr, whole: false, array: false };
    /// let problem = run.problem("borg").unwrap();
    /// assert_eq!(problem.code, ProblemCode::Locked);
    /// assert!(problem.text.starts_with("the repository is locked (exit status 2): "));
    /// ```
    #[must_use]
    pub fn problem(&self, source: &str) -> Option<Problem> {
        if self.end == RunEnd::Exited(0) {
            return None;
        }
        let details = last_lines(self.stderr);
        let reason = self.reason(&details);
        let code = match (self.end, reason) {
            (RunEnd::TimedOut, _) => ProblemCode::Timeout,
            (RunEnd::Exited(1 | 100..=127), _) if self.whole && !self.array => {
                ProblemCode::RunWarning
            }
            (RunEnd::Exited(_), Some((Reason::Locked, _))) if !self.array => ProblemCode::Locked,
            _ => ProblemCode::RunFailed,
        };
        Some(Problem {
            code,
            text: self.sentence(code, reason, &details),
            source: Some(source.into()),
            details,
        })
    }

    fn sentence(
        &self,
        code: ProblemCode,
        reason: Option<(Reason, Option<&String>)>,
        details: &[String],
    ) -> String {
        let how = match self.end {
            RunEnd::Exited(status) => format!("exit status {status}"),
            RunEnd::Signalled(signal) => format!("signal {signal}"),
            RunEnd::TimedOut => "it took too long and was ended".into(),
            RunEnd::TooMuch => "it printed too much and was ended".into(),
            RunEnd::Interrupted => "it was interrupted".into(),
        };
        let what = match (reason, code) {
            (_, ProblemCode::RunWarning) => "the run warned",
            (_, ProblemCode::Timeout) => "the run did not end in time",
            (Some((reason, _)), _) => reason.sentence(),
            (None, _) => "the run failed",
        };
        let said = reason.and_then(|(_, line)| line).or(details.last());
        let mut sentence = format!("{what} ({how})");
        if let Some(said) = said {
            sentence += ": ";
            sentence += said;
        }
        if self.array {
            sentence += "; borgmatic leaves out what fails, so repositories may be missing";
        }
        sentence
    }

    /// Why it failed, and the line of standard error that says so.
    fn reason<'a>(&self, lines: &'a [String]) -> Option<(Reason, Option<&'a String>)> {
        for line in lines {
            let lower = line.to_lowercase();
            if lower.starts_with("repository ") && lower.ends_with("does not exist.") {
                return Some((Reason::NoRepository, Some(line)));
            }
            let told = WORDS.iter().find(|(word, _)| lower.contains(word));
            if let Some((_, reason)) = told {
                return Some((*reason, Some(line)));
            }
        }
        match self.end {
            RunEnd::Exited(status) => Reason::of_status(status).map(|reason| (reason, None)),
            _ => None,
        }
    }
}

/// Why a run failed, as far as it matters to whoever must act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    Locked,
    WrongPassphrase,
    NoKey,
    NoRepository,
    Unreachable,
    Denied,
}

/// What borg, ssh and the system say, in lower case.
const WORDS: &[(&str, Reason)] = &[
    ("acquire the lock", Reason::Locked),
    ("failed to lock", Reason::Locked),
    ("passphrase supplied in", Reason::WrongPassphrase),
    (
        "exceeded the maximum password retries",
        Reason::WrongPassphrase,
    ),
    ("no key file for repository", Reason::NoKey),
    ("no key entry found", Reason::NoKey),
    ("is not a valid repository", Reason::NoRepository),
    ("connection refused", Reason::Unreachable),
    ("connection timed out", Reason::Unreachable),
    ("connection closed", Reason::Unreachable),
    ("could not resolve hostname", Reason::Unreachable),
    ("name or service not known", Reason::Unreachable),
    ("no route to host", Reason::Unreachable),
    ("network is unreachable", Reason::Unreachable),
    ("host key verification failed", Reason::Unreachable),
    ("permission denied", Reason::Denied),
];

impl Reason {
    /// borg's exit statuses, if BORG_EXIT_CODES asks for the modern ones.
    const fn of_status(status: i32) -> Option<Self> {
        Some(match status {
            70..=75 => Self::Locked,
            13 | 15 => Self::NoRepository,
            42 | 44 => Self::NoKey,
            51..=53 => Self::WrongPassphrase,
            80 | 81 => Self::Unreachable,
            _ => return None,
        })
    }

    const fn sentence(self) -> &'static str {
        match self {
            Self::Locked => "the repository is locked",
            Self::WrongPassphrase => "the passphrase is wrong",
            Self::NoKey => "the key of the repository is missing",
            Self::NoRepository => "the repository does not exist",
            Self::Unreachable => "the host of the repository cannot be reached",
            Self::Denied => "permission was denied",
        }
    }
}

/// The last lines that say something.
fn last_lines(stderr: &[u8]) -> Vec<String> {
    let lines = stderr
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty());
    let mut last: Vec<_> = lines
        .rev()
        .take(LINES)
        .map(|line| {
            let text = String::from_utf8_lossy(line);
            text.chars().take(CHARACTERS).collect()
        })
        .collect();
    last.reverse();
    last
}

#[cfg(test)]
mod tests {
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
}
