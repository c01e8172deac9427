//! The answer of `borgq retention`.

use borgq_query as query;
use borgq_query::retention::{Amount, Kept};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::VERSION;
use super::shared::{Problem, Repository, Time, display};

/// What `borg prune` would keep.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Retention {
    /// `retention`.
    format: &'static str,
    /// The version of the format.
    version: u32,
    /// The time that prune would run at.
    now: Time,
    /// The time zone whose calendar the rules count.
    timezone: String,
    /// The rules, in borg's order.
    rules: Vec<Rule>,
    /// One for each group.
    retention: Vec<Group>,
    /// What keeps the answer from being complete, empty if nothing does.
    problems: Vec<Problem>,
}

/// A rule.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Rule {
    /// borg's name for it, for instance `daily`.
    rule: &'static str,
    /// How many archives it keeps; -1 is all. Absent if it keeps a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<i64>,
    /// Of how long before now it keeps archives, in seconds. Absent if it keeps a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    time_seconds: Option<i64>,
}

/// A group and what prune would do with its archives.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Group {
    /// The repository that holds the group.
    repository: Repository,
    /// What the group is named by. Absent if it is the whole repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    /// How many archives would be kept.
    kept: usize,
    /// How many archives would be pruned: they lie beyond the rules.
    pruned: usize,
    /// The periods of each rule that counts periods of an hour or longer.
    promised: Vec<Promised>,
    /// The archives, newest first.
    archives: Vec<Decided>,
}

/// A rule's periods of the calendar.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Promised {
    /// borg's name for the rule.
    rule: &'static str,
    /// How many periods it promises an archive of, back from now, though none
    /// before the oldest archive.
    slots: usize,
    /// Those that have none, newest first, for instance `2025-05-14`.
    missing: Vec<String>,
}

/// An archive and what prune would do with it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Decided {
    /// The id: 64 lower-case hexadecimal digits.
    id: String,
    /// The name.
    name: String,
    /// The archive time.
    time: Time,
    /// Whether it would be kept.
    kept: bool,
    /// Why: borg's name for a rule, `checkpoint` or `protected`. Absent if it
    /// would be pruned.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'static str>,
    /// Which one of those that the rule keeps, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u64>,
    /// Whether the rule keeps it only as the oldest archive. Absent if not by a rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    oldest: Option<bool>,
}

impl Retention {
    /// The answer for these groups.
    pub fn new<'a>(
        now: DateTime<Utc>,
        timezone: &str,
        rules: &query::retention::Rules,
        groups: &[(&query::Group<'_>, query::retention::Retention<'_>)],
        problems: impl IntoIterator<Item = &'a query::Problem>,
    ) -> Self {
        let rule = |(rule, amount): &(query::retention::Rule, Amount)| Rule {
            rule: rule.name(),
            count: match amount {
                Amount::Count(count) => Some(*count),
                Amount::Time(_) => None,
            },
            time_seconds: match amount {
                Amount::Count(_) => None,
                Amount::Time(time) => Some(time.num_seconds()),
            },
        };
        Self {
            format: "retention",
            version: VERSION,
            now: now.into(),
            timezone: timezone.into(),
            rules: rules.as_slice().iter().map(rule).collect(),
            retention: groups
                .iter()
                .map(|(group, kept)| Group::new(group, kept))
                .collect(),
            problems: problems.into_iter().map(Problem::from).collect(),
        }
    }
}

impl Group {
    fn new(group: &query::Group<'_>, retention: &query::retention::Retention<'_>) -> Self {
        let promised = |promised: &query::retention::Promised| Promised {
            rule: promised.rule.name(),
            slots: promised.slots,
            missing: promised.missing.clone(),
        };
        let pruned = retention.pruned();
        Self {
            repository: group.repository.into(),
            group: group.name.clone(),
            kept: retention.archives.len() - pruned,
            pruned,
            promised: retention.promised.iter().map(promised).collect(),
            archives: retention.archives.iter().map(Decided::from).collect(),
        }
    }
}

impl From<&query::retention::Decided<'_>> for Decided {
    fn from(decided: &query::retention::Decided<'_>) -> Self {
        let (rule, number, oldest) = match decided.kept {
            None => (None, None, None),
            Some(Kept::Rule {
                rule,
                number,
                oldest,
            }) => (Some(rule.name()), Some(number), Some(oldest)),
            Some(Kept::Checkpoint) => (Some("checkpoint"), None, None),
            Some(Kept::Protected) => (Some("protected"), None, None),
        };
        Self {
            id: decided.archive.id.to_string(),
            name: display(&decided.archive.name),
            time: decided.archive.time.into(),
            kept: decided.kept.is_some(),
            rule,
            number,
            oldest,
        }
    }
}
