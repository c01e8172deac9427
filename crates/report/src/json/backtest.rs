//! The answer of `borgq backtest`.

use borgq_query as query;
use borgq_query::state::State;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::VERSION;
use super::reference::Reference;
use super::shared::{Problem, Repository, Seconds, Time};

/// What limits on the age would have said in the past.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Backtest {
    /// `backtest`.
    format: &'static str,
    /// The version of the format.
    version: u32,
    /// The time with which the replay ends.
    now: Time,
    /// Only what was after this was asked for. Absent if all was.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Time>,
    /// The range outside of which an age is a WARNING, for instance `26h`.
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<String>,
    /// The range outside of which an age is CRITICAL.
    #[serde(skip_serializing_if = "Option::is_none")]
    critical: Option<String>,
    /// One for each group.
    backtests: Vec<Group>,
    /// What keeps the answer from being complete, empty if nothing does.
    problems: Vec<Problem>,
}

/// A group and what would have been said of it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Group {
    /// The repository that holds the group.
    repository: Repository,
    /// The series, host or user. Absent if the group is the whole repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    /// The replay. Absent if there is no complete archive.
    #[serde(skip_serializing_if = "Option::is_none")]
    replay: Option<Replay>,
}

/// What would have been said.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Replay {
    /// When it begins: as asked for, or when the first archive was there.
    from: Time,
    /// When it ends: now.
    to: Time,
    /// How often and how long the age would have been OK.
    ok: Held,
    /// How often and how long it would have been a WARNING.
    warning: Held,
    /// How often and how long it would have been CRITICAL.
    critical: Held,
    /// The episodes of WARNING and CRITICAL, oldest first. All other time was OK.
    episodes: Vec<Episode>,
    /// Whether prune seems to have thinned the history, which then looks worse
    /// than it was.
    thinned: bool,
    /// The time of the archive before which that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    thinned_before: Option<Time>,
}

/// How often and how long a state held.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Held {
    /// How many episodes there were.
    times: usize,
    /// How long they lasted together, in seconds.
    total_seconds: Seconds,
    /// How long the longest lasted, in seconds.
    longest_seconds: Seconds,
}

/// A stretch of time with one state.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Episode {
    /// `WARNING` or `CRITICAL`.
    state: &'static str,
    /// When it began.
    from: Time,
    /// When it ended, or now if it has not.
    to: Time,
    /// How long it lasted, in seconds.
    duration_seconds: Seconds,
    /// Whether it has not ended.
    ongoing: bool,
    /// The archive that ended it. Absent if the age went on to another state, or
    /// if it has not ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_by: Option<Reference>,
}

impl Backtest {
    /// The answer for these groups and their replays.
    pub fn new<'a>(
        now: DateTime<Utc>,
        since: Option<DateTime<Utc>>,
        limits: &query::threshold::Limits,
        groups: impl IntoIterator<
            Item = (
                &'a query::Group<'a>,
                Option<&'a query::backtest::Backtest<'a>>,
            ),
        >,
        problems: impl IntoIterator<Item = &'a query::Problem>,
    ) -> Self {
        Self {
            format: "backtest",
            version: VERSION,
            now: now.into(),
            since: since.map(Time::from),
            warning: limits.warning.map(|range| range.to_string()),
            critical: limits.critical.map(|range| range.to_string()),
            backtests: groups
                .into_iter()
                .map(|(group, replay)| Group {
                    repository: group.repository.into(),
                    group: group.name.clone(),
                    replay: replay.map(Replay::from),
                })
                .collect(),
            problems: problems.into_iter().map(Problem::from).collect(),
        }
    }
}

impl From<&query::backtest::Backtest<'_>> for Replay {
    fn from(backtest: &query::backtest::Backtest<'_>) -> Self {
        Self {
            from: backtest.from.into(),
            to: backtest.to.into(),
            ok: backtest.held(State::Ok).into(),
            warning: backtest.held(State::Warning).into(),
            critical: backtest.held(State::Critical).into(),
            episodes: backtest.alerts().map(Episode::from).collect(),
            thinned: backtest.thinned_before.is_some(),
            thinned_before: backtest.thinned_before.map(|archive| archive.time.into()),
        }
    }
}

impl From<query::backtest::Held> for Held {
    fn from(held: query::backtest::Held) -> Self {
        Self {
            times: held.times,
            total_seconds: Seconds(held.total),
            longest_seconds: Seconds(held.longest),
        }
    }
}

impl From<&query::backtest::Episode<'_>> for Episode {
    fn from(episode: &query::backtest::Episode<'_>) -> Self {
        Self {
            state: episode.state.word(),
            from: episode.from.into(),
            to: episode.to.into(),
            duration_seconds: Seconds(episode.length()),
            ongoing: episode.ongoing,
            ended_by: episode.ended_by.map(Reference::from),
        }
    }
}
