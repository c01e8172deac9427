//! [`State`]: what a monitoring system is told.

use std::fmt;

/// What a monitoring system is told.
///
/// The worst of several is found by severity: CRITICAL, UNKNOWN, WARNING, OK.
/// The worst of nothing is UNKNOWN.
///
/// ```
/// use borgq_query::State;
///
/// assert_eq!(State::worst([State::Ok, State::Unknown, State::Warning]), State::Unknown);
/// assert_eq!(State::worst([]), State::Unknown);
/// assert_eq!(State::Unknown.exit_status(), 3);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Proven good.
    Ok,
    /// To be looked at.
    Warning,
    /// Not known.
    Unknown,
    /// To be looked at now.
    Critical,
}

impl State {
    /// The worst state.
    pub fn worst(states: impl IntoIterator<Item = Self>) -> Self {
        states.into_iter().max().unwrap_or(Self::Unknown)
    }

    /// The exit status of a plugin: 0, 1, 2 or 3.
    #[must_use]
    pub const fn exit_status(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Warning => 1,
            Self::Critical => 2,
            Self::Unknown => 3,
        }
    }

    /// `OK`, `WARNING`, `CRITICAL` or `UNKNOWN`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
            Self::Unknown => "UNKNOWN",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
