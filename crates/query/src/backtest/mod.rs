//! [`Backtest`]: what limits on the age would have said over a history.

use chrono::{DateTime, TimeDelta, Utc};

use crate::answer::{Group, Question};
use crate::gaps::Gaps;
use crate::model::Archive;
use crate::moment::Moment;
use crate::quantity::{Duration, Quantity};
use crate::state::State;
use crate::threshold::Limits;

/// A stretch of time in which a check would have said one state.
#[derive(Clone, Copy, Debug)]
pub struct Episode<'a> {
    /// The state.
    pub state: State,
    /// When it began: exactly when the age crossed a limit, or an archive came.
    pub from: DateTime<Utc>,
    /// When it ended.
    pub to: DateTime<Utc>,
    /// The archive that ended it. `None` if the age went on to another state, or
    /// if it has not ended.
    pub ended_by: Option<&'a Archive>,
    /// Whether it has not ended: then `to` is the present time.
    pub ongoing: bool,
}

impl Episode<'_> {
    /// How long it lasted.
    #[must_use]
    pub fn length(&self) -> TimeDelta {
        self.to - self.from
    }
}

/// How often and how long a state held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// How many episodes of it there were.
    pub times: usize,
    /// How long they lasted together.
    pub total: TimeDelta,
    /// How long the longest lasted.
    pub longest: TimeDelta,
}

/// What a check of the age would have said of a group, at every instant.
///
/// The age at an instant is that of the newest archive that was there then. An
/// archive is there from the end of its run, where the documents say it, else
/// from its archive time; of a repeated hour the younger instant counts here, for
/// nothing proves that it was there before. The replay begins with the first
/// archive: what was before it was pruned or is not known.
///
/// Only archives that are still listed count. Where prune has thinned the
/// history, states look worse than they were.
///
/// ```
/// use borgq_query::backtest::Backtest;
/// use borgq_query::state::State;
/// use borgq_query::threshold::{Limits, Range};
/// # use borgq_query::{GroupBy, Inventory, Question, Selection, quantity::Unit};
/// # use chrono::TimeDelta;
///
/// # let json = include_bytes!("../../../json/examples/repo-list.json");
/// # let mut inventory = Inventory::default();
/// # let utc = chrono::FixedOffset::east_opt(0).unwrap();
/// # inventory.add_reading(borgq_json::read(json), "list.json", &utc);
/// # let question = Question {
/// #     now: "2025-03-02T12:00:00Z".parse()?,
/// #     clock_skew: TimeDelta::minutes(5),
/// #     selection: Selection::default(),
/// #     group_by: GroupBy::Repository,
/// #     rules: Default::default(),
/// # };
/// // Two archives, a day apart; and ten hours since.
/// let answer = question.groups(&inventory);
/// let limits = Limits {
///     warning: Some(Range::parse("20h", Unit::Seconds)?),
///     critical: None,
/// };
/// let backtest = Backtest::of(&answer.groups[0], &question, &limits, None).unwrap();
/// let warned = backtest.held(State::Warning);
/// assert_eq!((warned.times, warned.total), (1, TimeDelta::hours(4)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Backtest<'a> {
    /// When the replay begins: `since`, or when the first archive was there.
    pub from: DateTime<Utc>,
    /// The present time, with which it ends.
    pub to: DateTime<Utc>,
    /// The episodes of all states, one after the other without a break.
    pub episodes: Vec<Episode<'a>>,
    /// The archive before which prune seems to have thinned the history.
    pub thinned_before: Option<&'a Archive>,
}

impl<'a> Backtest<'a> {
    /// Replays the limits over a group, from `since` on.
    ///
    /// `None` if no archive was there before the question's present time.
    #[must_use]
    pub fn of(
        group: &Group<'a>,
        question: &Question,
        limits: &Limits,
        since: Option<DateTime<Utc>>,
    ) -> Option<Self> {
        let now = question.now;
        let reigns = reigns(group, question);
        let first = reigns.first()?.from;
        let from = since.map_or(first, |since| since.max(first)).min(now);
        let steps = steps(limits);
        let at_zero = limits.judge(Duration::ZERO.into());
        let mut replay = Replay {
            episodes: Vec::new(),
        };
        let ends = reigns.iter().skip(1).map(|next| next.from).chain([now]);
        for (reign, until) in reigns.iter().zip(ends) {
            let time = reign.archive.time.instant;
            let window = (reign.from.max(from), until);
            // A clock that is a little ahead makes an archive of now.
            replay.hold(at_zero, (window.0, window.1.min(time)), reign);
            for (at, step) in steps.iter().enumerate() {
                let begins = time.checked_add_signed(step.age.into());
                let next = steps.get(at + 1);
                let ends = next.and_then(|next| time.checked_add_signed(next.age.into()));
                let Some(begins) = begins else { break };
                let ends = ends.unwrap_or(until);
                replay.hold(
                    step.state,
                    (begins.max(window.0), ends.min(window.1)),
                    reign,
                );
            }
        }
        if let Some(last) = replay.episodes.last_mut() {
            last.ongoing = true;
        }
        Some(Self {
            from,
            to: now,
            episodes: replay.episodes,
            thinned_before: {
                let times = group.counted().map(|archive| archive.time.instant);
                let gaps = Gaps::of(times, now, since);
                gaps.thinned_before.and_then(|at| group.counted().nth(at))
            },
        })
    }

    /// The episodes that are not OK.
    pub fn alerts(&self) -> impl Iterator<Item = &Episode<'a>> {
        self.episodes
            .iter()
            .filter(|episode| episode.state != State::Ok)
    }

    /// How often and how long a state held.
    #[must_use]
    pub fn held(&self, state: State) -> Held {
        let episodes = self
            .episodes
            .iter()
            .filter(|episode| episode.state == state);
        episodes.fold(Held::default(), |held, episode| Held {
            times: held.times + 1,
            total: held.total + episode.length(),
            longest: held.longest.max(episode.length()),
        })
    }
}

/// The time in which an archive is the newest one: until the next reign.
struct Reign<'a> {
    from: DateTime<Utc>,
    archive: &'a Archive,
}

/// Which archive was the newest, one after the other, until now.
fn reigns<'a>(group: &Group<'a>, question: &Question) -> Vec<Reign<'a>> {
    let youngest = |moment: Moment| moment.other.unwrap_or(moment.instant);
    let mut all: Vec<_> = group
        .counted()
        .map(|archive| Reign {
            // While it is later than a clock may be ahead, it proves nothing.
            from: youngest(archive.end.unwrap_or(archive.time))
                .max(archive.time.instant - question.clock_skew),
            archive,
        })
        .filter(|reign| reign.from <= question.now)
        .collect();
    all.sort_by_key(|reign| reign.from);
    let mut reigns: Vec<Reign<'_>> = Vec::new();
    for next in all {
        let newest = reigns.last().map(|reign| reign.archive.time.instant);
        if newest.is_none_or(|newest| next.archive.time.instant > newest) {
            reigns.push(next);
        }
    }
    reigns
}

/// The state of ages above this one, and below the next step's.
struct Step {
    age: Duration,
    state: State,
}

fn steps(limits: &Limits) -> Vec<Step> {
    let ranges = [limits.warning, limits.critical].into_iter().flatten();
    let ends = ranges.flat_map(|range| range.ends()).flatten();
    let mut ages: Vec<_> = ends
        .filter_map(|end| match end {
            Quantity::Duration(age) if age > Duration::ZERO => Some(age),
            _ => None,
        })
        .chain([Duration::ZERO])
        .collect();
    ages.sort_unstable();
    ages.dedup();
    let nexts = ages.iter().skip(1).map(|next| Some((*next).into()));
    ages.iter()
        .zip(nexts.chain([None]))
        .map(|(age, next)| Step {
            age: *age,
            state: limits.judge_between((*age).into(), next),
        })
        .collect()
}

struct Replay<'a> {
    episodes: Vec<Episode<'a>>,
}

impl<'a> Replay<'a> {
    /// A state that holds while an archive is the newest.
    fn hold(
        &mut self,
        state: State,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
        reign: &Reign<'a>,
    ) {
        if from >= to {
            return;
        }
        if let Some(last) = self.episodes.last_mut() {
            if last.state == state {
                last.to = to;
                return;
            }
            last.ended_by = (from == reign.from).then_some(reign.archive);
        }
        self.episodes.push(Episode {
            state,
            from,
            to,
            ended_by: None,
            ongoing: false,
        });
    }
}

#[cfg(test)]
mod tests;
