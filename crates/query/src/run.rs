//! [`Run`]: what the end of a run of borg or borgmatic means.
//!
//! borg's documents do not say whether the run succeeded. Its exit status does.

use std::collections::HashSet;

use borgq_json::log::{Cause, Level, LogLine, Said, read_log};

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

/// How many errors and warnings of a log are problems of their own.
const MESSAGES: usize = 10;

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
        self.judge(source, &Log::read(self.stderr))
    }

    /// What is wrong with the run, and the errors and warnings of its log, in
    /// borg's own words. Only logs of `--log-json` tell these from other lines.
    ///
    /// ```
    /// use borgq_query::run::{Run, RunEnd};
    ///
    /// let stderr = br#"{"type": "log_message", "levelname": "WARNING", "message": "odd", "msgid": "Odd"}"#;
    /// let run = Run { end: RunEnd::Exited(0), stderr, whole: true, array: false };
    /// let problems = run.problems("web.json");
    /// assert_eq!(problems[0].code.name(), "logged-warning");
    /// assert_eq!(problems[0].text, "warning Odd: odd");
    /// ```
    #[must_use]
    pub fn problems(&self, source: &str) -> Vec<Problem> {
        let log = Log::read(self.stderr);
        let run = self.judge(source, &log);
        let said = run.as_ref().map(|run| run.text.clone());
        let said = said.unwrap_or_default();
        // Not again what the problem of the run says already.
        let rest = log
            .messages
            .iter()
            .filter(|message| !said.contains(&message.words()));
        let logged = rest.clone().take(MESSAGES).map(|message| Problem {
            message_id: message.id.clone(),
            ..Problem::of(source, message.code(), message.sentence())
        });
        let mut problems: Vec<_> = run.into_iter().chain(logged).collect();
        let more = rest.skip(MESSAGES);
        let code = more.clone().map(Message::code);
        if let Some(code) = code.max_by_key(|code| *code == ProblemCode::LoggedError) {
            let text = format!("{} more errors and warnings were logged", more.count());
            problems.push(Problem::of(source, code, text));
        }
        problems
    }

    fn judge(&self, source: &str, log: &Log) -> Option<Problem> {
        if self.end == RunEnd::Exited(0) {
            return None;
        }
        let reason = self.reason(log);
        let code = match (self.end, &reason) {
            (RunEnd::TimedOut, _) => ProblemCode::Timeout,
            (RunEnd::Exited(1 | 100..=127), _) if self.whole && !self.array => {
                ProblemCode::RunWarning
            }
            (RunEnd::Exited(_), Some((Cause::Locked, _))) if !self.array => ProblemCode::Locked,
            _ => ProblemCode::RunFailed,
        };
        let said = reason.as_ref().and_then(|(_, said)| said.clone());
        let said = said.or_else(|| log.last());
        let text = self.sentence(code, reason.map(|(cause, _)| cause), said.as_ref());
        Some(Problem {
            message_id: said.and_then(|said| said.id),
            details: log.text.clone(),
            ..Problem::of(source, code, text)
        })
    }

    fn sentence(&self, code: ProblemCode, cause: Option<Cause>, said: Option<&Message>) -> String {
        let how = match self.end {
            RunEnd::Exited(status) => format!("exit status {status}"),
            RunEnd::Signalled(signal) => format!("signal {signal}"),
            RunEnd::TimedOut => "it took too long and was ended".into(),
            RunEnd::TooMuch => "it printed too much and was ended".into(),
            RunEnd::Interrupted => "it was interrupted".into(),
        };
        let what = match (cause, code) {
            (_, ProblemCode::RunWarning) => "the run warned",
            (_, ProblemCode::Timeout) => "the run did not end in time",
            (Some(cause), _) => sentence(cause),
            (None, _) => "the run failed",
        };
        let mut sentence = format!("{what} ({how})");
        if let Some(said) = said {
            sentence += ": ";
            sentence += &said.words();
        }
        if self.array {
            sentence += "; borgmatic leaves out what fails, so repositories may be missing";
        }
        sentence
    }

    /// Why it failed, and what says so. The exit status is surer than words, and
    /// some words are surer than others, wherever they stand.
    fn reason(&self, log: &Log) -> Option<(Cause, Option<Message>)> {
        let errors = log
            .messages
            .iter()
            .filter(|message| message.level >= Level::Error);
        let text = log.text.iter().map(|line| Message::text(line));
        let by_status = match self.end {
            RunEnd::Exited(status) => Cause::of_exit_status(status),
            _ => None,
        };
        let told = errors
            .cloned()
            .chain(text)
            .filter_map(|said| Some((said.cause()?, Some(said))))
            .filter(|(cause, _)| by_status.is_none_or(|known| known == *cause))
            .min_by_key(|(cause, _)| *cause);
        told.or(by_status.map(|cause| (cause, None)))
    }
}

const fn sentence(cause: Cause) -> &'static str {
    match cause {
        Cause::Locked => "the repository is locked",
        Cause::WrongPassphrase => "the passphrase is wrong",
        Cause::NoKey => "the key of the repository is missing",
        Cause::NoRepository => "the repository does not exist",
        Cause::Unreachable => "the host of the repository cannot be reached",
        Cause::Denied => "permission was denied",
        _ => "the run failed",
    }
}

/// What a run said on standard error.
struct Log {
    /// The errors and warnings of `--log-json`, each once.
    messages: Vec<Message>,
    /// The last lines of text.
    text: Vec<String>,
}

impl Log {
    fn read(stderr: &[u8]) -> Self {
        let mut log = Self {
            messages: Vec::new(),
            text: Vec::new(),
        };
        let mut seen = HashSet::new();
        for logged in read_log(stderr) {
            match logged.said {
                Said::Json(LogLine::Message(message)) if message.level() >= Level::Warning => {
                    let message = Message {
                        level: message.level(),
                        id: message.id().map(|id| short(&id.to_display())),
                        text: short(&message.message.to_display()),
                    };
                    if seen.insert((message.id.clone(), message.text.clone())) {
                        log.messages.push(message);
                    }
                }
                Said::Json(_) => {}
                Said::Text(text) => log.text.push(short(&text.to_display())),
            }
        }
        log.text.drain(..log.text.len().saturating_sub(LINES));
        log
    }

    /// What it said last.
    fn last(&self) -> Option<Message> {
        let worst = self.messages.iter().max_by_key(|message| message.level);
        let text = || self.text.last().map(|line| Message::text(line));
        worst.cloned().or_else(text)
    }
}

/// Something that a run said.
#[derive(Clone)]
struct Message {
    level: Level,
    id: Option<String>,
    text: String,
}

impl Message {
    fn text(line: &str) -> Self {
        Self {
            level: Level::Other,
            id: None,
            text: line.into(),
        }
    }

    fn cause(&self) -> Option<Cause> {
        let id = self.id.as_deref();
        id.and_then(Cause::of_message_id)
            .or_else(|| Cause::of_text(&self.text))
    }

    fn code(&self) -> ProblemCode {
        match self.level {
            Level::Warning => ProblemCode::LoggedWarning,
            _ => ProblemCode::LoggedError,
        }
    }

    fn words(&self) -> String {
        match &self.id {
            Some(id) => format!("{id}: {}", self.text),
            None => self.text.clone(),
        }
    }

    fn sentence(&self) -> String {
        let level = match self.level {
            Level::Warning => "warning",
            _ => "error",
        };
        let gap = if self.id.is_some() { " " } else { ": " };
        format!("{level}{gap}{}", self.words())
    }
}

fn short(text: &str) -> String {
    text.chars().take(CHARACTERS).collect()
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
