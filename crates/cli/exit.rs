//! The exit status of the query commands.

use borgq_query::Problem;

/// How a query command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Answered.
    Answered = 0,
    /// The answer is "none" for at least one group.
    None = 1,
    /// Wrong usage.
    Usage = 2,
    /// The input was not read completely.
    Incomplete = 3,
}

impl Exit {
    /// The exit status for these problems: the input may be incomplete, or the
    /// question may be about nothing.
    pub fn of<'a>(problems: impl IntoIterator<Item = &'a Problem>) -> Self {
        use borgq_query::ProblemCode::{DryRun, NothingMatched};
        let exit = |problem: &Problem| match problem.code {
            code if code.is_incomplete() => Self::Incomplete,
            DryRun | NothingMatched => Self::None,
            _ => Self::Answered,
        };
        problems
            .into_iter()
            .map(exit)
            .max()
            .unwrap_or(Self::Answered)
    }

    /// `None`, if `answered` is false and nothing is worse.
    pub fn or_none(self, answered: bool) -> Self {
        if answered { self } else { self.max(Self::None) }
    }
}
