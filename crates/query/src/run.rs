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

/// How much of what it said stands in the sentence, which goes into pages.
const QUOTED: usize = 200;

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
        let judged = self.judge(source, &Log::read(self.stderr));
        judged.map(|(problem, _)| problem)
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
        let (run, said) = self.judge(source, &log).unzip();
        let said = said.flatten();
        // Not again what the problem of the run says already.
        let rest = log
            .messages
            .iter()
            .filter(|message| said.as_ref() != Some(message));
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

    /// What is wrong with the run, and what it said about that.
    fn judge(&self, source: &str, log: &Log) -> Option<(Problem, Option<Message>)> {
        if self.end == RunEnd::Exited(0) {
            return None;
        }
        let reason = self.reason(log);
        let code = match (self.end, &reason) {
            (RunEnd::TimedOut | RunEnd::Interrupted, _) => ProblemCode::Timeout,
            (RunEnd::Exited(1 | 100..=127), _) if self.whole && !self.array => {
                ProblemCode::RunWarning
            }
            (RunEnd::Exited(_), Some((Cause::Locked, _))) if !self.array => ProblemCode::Locked,
            _ => ProblemCode::RunFailed,
        };
        let said = reason.as_ref().and_then(|(_, said)| said.clone());
        let said = said.or_else(|| log.last());
        let text = self.sentence(code, reason.map(|(cause, _)| cause), said.as_ref());
        let mut details = log.text.clone();
        // What the sentence quotes in part stands here in full.
        if let Some(said) = &said
            && said.words().chars().nth(QUOTED).is_some()
            && !details.contains(&said.text)
        {
            details.insert(0, said.words());
        }
        let problem = Problem {
            message_id: said.as_ref().and_then(|said| said.id.clone()),
            details,
            ..Problem::of(source, code, text)
        };
        Some((problem, said))
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
            _ if self.end == RunEnd::Interrupted => "the run was ended early",
            (_, ProblemCode::Timeout) => "the run did not end in time",
            (Some(cause), _) => sentence(cause),
            (None, _) => "the run failed",
        };
        let mut sentence = format!("{what} ({how})");
        if let Some(said) = said {
            let words = said.words();
            sentence += ": ";
            sentence.extend(words.chars().take(QUOTED));
            if words.chars().nth(QUOTED).is_some() {
                sentence.push('…');
            }
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
#[derive(Clone, PartialEq)]
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
mod tests;
