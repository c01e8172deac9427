//! The four states of a check.

use std::fmt;

/// What a check says: OK, WARNING, CRITICAL or UNKNOWN.
///
/// States have no order of their own, because two are in use: the exit status
/// counts UNKNOWN highest, [`worst`](State::worst) puts it below CRITICAL.
///
/// ```
/// use borgq_query::state::State;
/// let all = [State::Ok, State::Unknown, State::Warning];
/// assert_eq!(State::worst_of(all), State::Unknown);
/// assert_eq!(State::Unknown.exit_status(), 3);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Proved to be good.
    Ok,
    /// A warning limit is violated.
    Warning,
    /// A critical limit is violated.
    Critical,
    /// Nothing was proved.
    Unknown,
}

impl State {
    /// Every state, in the order of the exit statuses.
    pub const ALL: [State; 4] = [State::Ok, State::Warning, State::Critical, State::Unknown];

    /// The exit status of a monitoring plugin, 0 to 3.
    #[must_use]
    pub const fn exit_status(self) -> u8 {
        match self {
            State::Ok => 0,
            State::Warning => 1,
            State::Critical => 2,
            State::Unknown => 3,
        }
    }

    /// The status word of a monitoring plugin, in capitals.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            State::Ok => "OK",
            State::Warning => "WARNING",
            State::Critical => "CRITICAL",
            State::Unknown => "UNKNOWN",
        }
    }

    /// The worse of two: CRITICAL, then UNKNOWN, then WARNING, then OK.
    #[must_use]
    pub const fn worst(self, other: State) -> State {
        if self.badness() >= other.badness() {
            self
        } else {
            other
        }
    }

    /// The worst of many. The worst of nothing is UNKNOWN: nothing proves nothing.
    #[must_use]
    pub fn worst_of(states: impl IntoIterator<Item = State>) -> State {
        states
            .into_iter()
            .reduce(State::worst)
            .unwrap_or(State::Unknown)
    }

    /// How bad a state is, for sorting: OK, WARNING, UNKNOWN, CRITICAL.
    #[must_use]
    pub const fn badness(self) -> u8 {
        match self {
            State::Ok => 0,
            State::Warning => 1,
            State::Unknown => 2,
            State::Critical => 3,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn state() -> impl Strategy<Value = State> {
        (0..4_usize).prop_map(|at| State::ALL[at])
    }

    #[test]
    fn the_exit_status_and_word_of_each_state() {
        let rows = State::ALL.map(|state| (state.exit_status(), state.to_string()));
        let want = [(0, "OK"), (1, "WARNING"), (2, "CRITICAL"), (3, "UNKNOWN")];
        assert_eq!(rows, want.map(|(status, word)| (status, word.to_owned())));
    }

    #[test]
    fn the_worst_of_nothing_is_unknown() {
        assert_eq!(State::worst_of([]), State::Unknown);
    }

    #[test]
    fn critical_beats_unknown_beats_warning_beats_ok() {
        let order = [State::Ok, State::Warning, State::Unknown, State::Critical];
        for (at, low) in order.iter().enumerate() {
            for high in &order[at..] {
                assert_eq!(low.worst(*high), *high);
                assert_eq!(high.worst(*low), *high);
            }
        }
    }

    proptest! {
        #[test]
        fn the_worst_does_not_depend_on_order_and_is_one_of_them(
            states in prop::collection::vec(state(), 1..9),
            turn in 0..9_usize,
        ) {
            let worst = State::worst_of(states.clone());
            let mut turned = states.clone();
            turned.rotate_left(turn % states.len());
            prop_assert_eq!(State::worst_of(turned), worst);
            prop_assert!(states.contains(&worst));
        }

        #[test]
        fn ok_is_the_worst_only_if_everything_is_ok(states in prop::collection::vec(state(), 0..9)) {
            let all_ok = !states.is_empty() && states.iter().all(|state| *state == State::Ok);
            prop_assert_eq!(State::worst_of(states) == State::Ok, all_ok);
        }

        #[test]
        fn worst_is_associative(a in state(), b in state(), c in state()) {
            prop_assert_eq!(a.worst(b).worst(c), a.worst(b.worst(c)));
        }
    }
}
