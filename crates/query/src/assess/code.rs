//! [`Code`]: the stable names of what an assessment can state.

use std::fmt;
use std::str::FromStr;

use borgq_json::ProblemCode as InputCode;

use crate::model::ProblemCode;
use crate::state::State;

macro_rules! codes {
    ($($Code:ident $name:literal $state:ident $proof:ident $meaning:literal $advice:literal)*) => {
        /// The stable name of a fact, with its usual state and what to do about it.
        ///
        /// ```
        /// use borgq_query::Code;
        /// use borgq_query::state::State;
        ///
        /// let code: Code = "no-backup".parse().unwrap();
        /// assert_eq!(code.state(), State::Critical);
        /// assert!(!code.may_be_ok());
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code {
            $(#[doc = $meaning] $Code,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$Code),*];

            /// The name, for instance `no-backup`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$Code => $name),* }
            }

            /// The state unless another one is asked for.
            #[must_use]
            pub const fn state(self) -> State {
                match self { $(Self::$Code => State::$state),* }
            }

            /// Whether OK may be asked for: the backup is proved without it.
            #[must_use]
            pub const fn may_be_ok(self) -> bool {
                match self { $(Self::$Code => codes!($proof)),* }
            }

            /// What it means. A sentence or more.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$Code => $meaning),* }
            }

            /// What to do about it. A sentence or more.
            #[must_use]
            pub const fn advice(self) -> &'static str {
                match self { $(Self::$Code => $advice),* }
            }
        }
    };
    (proved) => { true };
    (unproved) => { false };
}

codes! {
    NoBackup "no-backup" Critical unproved
        "There is no complete archive that counts."
        "Look whether backups run at all. Archives dated in the future do not count."
    CheckpointOnly "checkpoint-only" Critical unproved
        "There are only checkpoints: what borg 1.x keeps of interrupted runs."
        "Look why no run came to its end, and run borg create again."
    NothingMatched "nothing-matched" Unknown unproved
        "There are repositories or archives, but the patterns choose none of them."
        "Correct the patterns of --repository and --match-archives; `borgq archives --left-out` lists what there is."
    Missing "missing" Critical unproved
        "Something that is expected is not there."
        "Look why it is not in the input: a repository that failed, a job that was removed, or a name that changed."
    TooFewCopies "too-few-copies" Critical unproved
        "A series or host is fresh in fewer repositories than its rule demands."
        "Look which copies are named: the job that writes them failed, or writes to one repository alone."
    Ungoverned "ungoverned" Ok proved
        "No rule governs it, so it is judged by the limits of the command line."
        "Add a rule for it; `borgq rules check` lists what no rule governs."
    Future "future" Warning proved
        "Archives are dated later than now. They prove nothing, and do not count."
        "Set the clock of the machine that made them, or give the right --timezone."
    AmbiguousTime "ambiguous-time" Ok proved
        "A local time was shown twice when the clock was set back. The worse of the two ages is judged."
        "Nothing: the next backup ends it. borg 2 prints times without this doubt."
    ImpossibleTime "impossible-time" Unknown unproved
        "A local time never was in the zone that it was read in, so the zone is wrong."
        "Give the zone in which borg printed the document with --timezone."
    NoTimezone "no-timezone" Unknown unproved
        "borg 1.x prints local times, and their zone is not known."
        "Give the zone in which borg printed the document with --timezone."
    Unreadable "unreadable" Unknown unproved
        "The input is not what borg or borgmatic print, or breaks its own rules."
        "Run `borgq inspect` on it, which says where and what was expected."
    Truncated "truncated" Unknown unproved
        "The input ends within a document, so something is missing."
        "Look why its writer was interrupted. Write to another name and rename it when it is whole."
    Empty "empty" Unknown unproved
        "The input is empty. borg prints nothing if it fails."
        "Look at the standard error and the exit status of borg."
    NoDocument "no-document" Unknown unproved
        "The input holds text, but no document of borg or borgmatic."
        "Give borg or borgmatic the option --json."
    UnknownDocument "unknown-document" Unknown unproved
        "The input holds JSON that is no document of a known kind."
        "Give the output of create, list or repo-list, info or repo-info."
    Unavailable "unavailable" Unknown unproved
        "The input could not be opened or read."
        "Look at its path and permissions."
    NoArchiveList "no-archive-list" Unknown unproved
        "Only the repository itself is described, not its archives."
        "Give the output of borg list or borg repo-list."
    DryRun "dry-run" Unknown unproved
        "The document is of a dry run, which makes no archive."
        "Run borg create without --dry-run."
    NoGroup "no-group" Unknown unproved
        "The input does not say the host or user by which to group."
        "Give the output of borg info, or list with --format '{hostname}{username}'."
    AmbiguousId "ambiguous-id" Unknown unproved
        "The beginning of an id in a pattern stands for more than one."
        "Write more digits of the id."
    RunFailed "run-failed" Unknown unproved
        "borg or borgmatic failed, so its output proves nothing, or not all."
        "Look at the lines of its standard error."
    RunWarning "run-warning" Warning proved
        "borg ended with a warning, and with a complete document."
        "Look at the lines of its standard error."
    LoggedError "logged-error" Warning unproved
        "borg or borgmatic logged an error."
        "Look at borg's words. Its message ids are explained in borg's documentation, under Frontends."
    LoggedWarning "logged-warning" Warning proved
        "borg or borgmatic logged a warning."
        "Look at borg's words. If all is well, --state logged-warning=ok makes it a note."
    Locked "locked" Unknown unproved
        "The repository is locked, perhaps by a backup that runs."
        "Wait for the backup, or give borg a longer --lock-wait. If nothing runs, borg break-lock."
    Timeout "timeout" Unknown unproved
        "There was no answer when the time of --timeout was over, or when the check was told to end."
        "Give more time, or read a file that the backup job writes."
    InputOld "input-old" Critical unproved
        "The input itself is older than its limit, which gives the state, or its age is not known."
        "Look at the job that writes it."
    NeverChecked "never-checked" Warning proved
        "No consistency check of the repository is known, and there is a limit for its age."
        "Run borgmatic check, and capture with --check-times where borgmatic keeps its state."
    Unencrypted "unencrypted" Ok proved
        "The repository is not encrypted: whoever reads it reads the backups."
        "If that is not meant, make a new repository with encryption."
    TouchedSince "touched-since" Warning proved
        "The repository was written to long after its newest complete archive: something runs, but makes no backup."
        "Look what runs: prune, compact and delete write without making a backup."
    DuplicateRepository "duplicate-repository" Warning proved
        "The same repository id stands at two locations: a copy, or two ways to one repository."
        "Choose one with --repository. Never write to a repository and its copy."
}

impl From<ProblemCode> for Code {
    fn from(code: ProblemCode) -> Self {
        match code {
            ProblemCode::Input(InputCode::Empty) => Self::Empty,
            ProblemCode::Input(InputCode::NoDocument) => Self::NoDocument,
            ProblemCode::Input(InputCode::Truncated) => Self::Truncated,
            ProblemCode::Input(InputCode::UnknownDocument) => Self::UnknownDocument,
            // What is not known by name is not readable; the others are of no check.
            ProblemCode::Input(_)
            | ProblemCode::NoSizes
            | ProblemCode::RefusedRules
            | ProblemCode::TooManySlots => Self::Unreadable,
            ProblemCode::Unavailable => Self::Unavailable,
            ProblemCode::RunFailed => Self::RunFailed,
            ProblemCode::RunWarning => Self::RunWarning,
            ProblemCode::LoggedError => Self::LoggedError,
            ProblemCode::LoggedWarning => Self::LoggedWarning,
            ProblemCode::Locked => Self::Locked,
            ProblemCode::Timeout => Self::Timeout,
            ProblemCode::NoTimezone => Self::NoTimezone,
            ProblemCode::ImpossibleTime => Self::ImpossibleTime,
            ProblemCode::NoArchiveList => Self::NoArchiveList,
            ProblemCode::DryRun => Self::DryRun,
            ProblemCode::NoGroup => Self::NoGroup,
            ProblemCode::NothingMatched => Self::NothingMatched,
            ProblemCode::AmbiguousId => Self::AmbiguousId,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A text that is no code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCode(String);

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        write!(
            f,
            "unknown code {:?}, known are {}",
            self.0,
            known.join(", ")
        )
    }
}

impl std::error::Error for UnknownCode {}

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let known = Self::ALL.iter().find(|code| code.name() == text);
        known.copied().ok_or_else(|| UnknownCode(text.into()))
    }
}

/// States that are asked for in place of the usual ones.
///
/// ```
/// use borgq_query::{Code, States};
/// use borgq_query::state::State;
///
/// let mut states = States::default();
/// states.set("unencrypted=warning").unwrap();
/// assert_eq!(states.of(Code::Unencrypted), State::Warning);
/// assert!(states.set("no-backup=ok").is_err());
/// ```
#[derive(Clone, Debug, Default)]
pub struct States(Vec<(Code, State)>);

impl States {
    /// Reads `CODE=STATE`. The last one for a code holds.
    ///
    /// # Errors
    ///
    /// A sentence, if the code or the state is unknown, or if the state is OK
    /// where OK would prove nothing.
    pub fn set(&mut self, text: &str) -> Result<(), String> {
        let (code, state) = text.split_once('=').ok_or_else(|| {
            format!("{text:?}: expected CODE=STATE, for instance future=critical")
        })?;
        let code: Code = code
            .parse()
            .map_err(|error: UnknownCode| error.to_string())?;
        let state = State::ALL
            .into_iter()
            .find(|known| known.word().eq_ignore_ascii_case(state))
            .ok_or_else(|| {
                format!(
                    "{text:?}: unknown state {state:?}, known are ok, warning, critical, unknown"
                )
            })?;
        if state == State::Ok && !code.may_be_ok() {
            return Err(format!(
                "{text:?}: {code} cannot be OK, because then nothing would prove that there is a backup"
            ));
        }
        self.0.retain(|(known, _)| *known != code);
        self.0.push((code, state));
        Ok(())
    }

    /// The state of a code.
    #[must_use]
    pub fn of(&self, code: Code) -> State {
        self.asked(code).unwrap_or(code.state())
    }

    /// The state that is asked for, if one is.
    #[must_use]
    pub fn asked(&self, code: Code) -> Option<State> {
        let asked = self.0.iter().find(|(known, _)| *known == code);
        asked.map(|(_, state)| *state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_name_of_its_own_and_is_explained() {
        for (at, code) in Code::ALL.iter().enumerate() {
            assert_eq!(code.name().parse(), Ok(*code));
            assert!(
                Code::ALL
                    .iter()
                    .skip(at + 1)
                    .all(|other| other.name() != code.name())
            );
            assert!(code.meaning().ends_with('.') && code.advice().ends_with('.'));
            assert!(code.state() != State::Ok || code.may_be_ok(), "{code}");
        }
    }

    #[test]
    fn ok_is_refused_where_it_would_prove_nothing() {
        let error = |text: &str| States::default().set(text).unwrap_err();
        assert_eq!(
            error("truncated=OK"),
            "\"truncated=OK\": truncated cannot be OK, because then nothing would prove that there is a backup"
        );
        assert_eq!(
            error("future=fine"),
            "\"future=fine\": unknown state \"fine\", known are ok, warning, critical, unknown"
        );
        assert!(error("futur=ok").starts_with("unknown code \"futur\", known are no-backup, "));
        assert_eq!(
            error("future"),
            "\"future\": expected CODE=STATE, for instance future=critical"
        );
    }

    #[test]
    fn the_last_state_for_a_code_holds() {
        let mut states = States::default();
        states.set("future=critical").unwrap();
        states.set("future=Ok").unwrap();
        assert_eq!(states.of(Code::Future), State::Ok);
        assert_eq!(states.of(Code::NoBackup), State::Critical);
    }
}
