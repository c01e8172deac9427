//! The assessment of `borgq check --output json`.

use borgq_query as query;
use borgq_query::Question;
use borgq_query::quantity::Quantity;
use serde::{Serialize, Serializer};

use super::VERSION;
use super::shared::{Archive, Repository, Seconds, Time};

/// The state of every group, and what it rests on.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Check {
    /// `check`.
    format: &'static str,
    /// The version of the format.
    version: u32,
    /// The time that ages count to.
    now: Time,
    /// The worst of all states.
    state: State,
    /// The sentence that the plugin says first.
    summary: String,
    /// How many groups are in which state.
    counts: Counts,
    /// The same for the groups of each host, the worst host first. A group is
    /// of the host that it is grouped by, else of the one that made its last
    /// complete archive, if the input says it.
    hosts: Vec<Host>,
    /// The groups, the worst first. Only those that are not OK, if nothing else
    /// is asked for.
    groups: Vec<Assessed>,
    /// The metrics of the input as a whole.
    metrics: Vec<Measured>,
    /// What was found about the input, the worst first.
    findings: Vec<Finding>,
}

/// How many groups are in which state.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Counts {
    /// OK.
    ok: usize,
    /// WARNING.
    warning: usize,
    /// CRITICAL.
    critical: usize,
    /// UNKNOWN.
    unknown: usize,
}

/// How many groups of a host are in which state.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Host {
    /// The host.
    host: String,
    #[serde(flatten)]
    counts: Counts,
}

/// The rule that governs, and what it says to people.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct Rule {
    /// The number of the rule in its file, counted from 1. Absent if there is
    /// no rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<usize>,
    /// The owner that the rule names.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    /// The note of the rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

/// A group and what was found about it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Assessed {
    /// The repository that holds the group.
    repository: Repository,
    /// The series, host or user. Absent if the group is the whole repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    #[serde(flatten)]
    rule: Rule,
    /// The worst of the metrics and findings.
    state: State,
    /// The newest complete archive. Absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    archive: Option<Archive>,
    /// The age of that archive, in seconds. Absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    age_seconds: Option<Seconds>,
    /// The age, and every metric that has limits.
    metrics: Vec<Measured>,
    /// What was found.
    findings: Vec<Finding>,
}

/// A metric, and what its limits say of it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Measured {
    /// The name of the metric, for instance `age`.
    metric: &'static str,
    /// The kind of consistency check, for instance `archives`. Only with `check-age`.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    /// The unit of the value and the limits: `s`, `B`, `%`, or empty for a count.
    unit: &'static str,
    /// The value. Absent if it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
    /// Why the value is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// The state by the limits.
    state: State,
    /// The range outside of which the state is WARNING, as the plugin
    /// guidelines write it. Absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<String>,
    /// The range outside of which the state is CRITICAL.
    #[serde(skip_serializing_if = "Option::is_none")]
    critical: Option<String>,
}

/// One fact.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Finding {
    /// The stable name of the fact, for instance `no-backup`.
    code: &'static str,
    /// How bad it is.
    state: State,
    /// A sentence for people.
    text: String,
    /// The last lines that a run printed on standard error. Absent if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    details: Vec<String>,
    /// The stable name that borg has for what it said, for instance
    /// `LockTimeout`. Absent if it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<String>,
    #[serde(flatten)]
    rule: Rule,
}

/// `OK`, `WARNING`, `CRITICAL` or `UNKNOWN`.
#[derive(Debug)]
pub(super) struct State(query::State);

impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.word())
    }
}

/// A number: an integer, or with a fraction if it has one.
#[derive(Debug)]
pub(super) struct Value(Quantity);

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.number().to_string();
        if let Ok(integer) = text.parse::<i64>() {
            return serializer.serialize_i64(integer);
        }
        match text.parse::<u64>() {
            Ok(integer) => serializer.serialize_u64(integer),
            Err(_) => serializer.serialize_f64(text.parse().map_err(serde::ser::Error::custom)?),
        }
    }
}

impl Check {
    /// The answer for this assessment. `summary` is what the plugin says first.
    #[must_use]
    pub fn new(
        question: &Question,
        assessment: &query::Assessment<'_>,
        summary: String,
        only_problems: bool,
    ) -> Self {
        let now = question.now;
        let is_shown = |state: query::State| !only_problems || state != query::State::Ok;
        let finding = |finding: &query::Finding| Finding::of(finding, question);
        let group = |assessed: &query::Assessed<'_>| {
            let last = assessed.group.last();
            Assessed {
                repository: assessed.group.repository.into(),
                group: assessed.group.name.clone(),
                rule: Rule::of(assessed.group.rule, question),
                state: State(assessed.state),
                archive: last.map(|archive| {
                    query::Judged {
                        archive,
                        left_out: None,
                    }
                    .into()
                }),
                age_seconds: last.map(|archive| Seconds(query::age(archive, now))),
                metrics: assessed.metrics.iter().map(Measured::from).collect(),
                findings: assessed.findings.iter().map(finding).collect(),
            }
        };
        let groups = assessment.groups.iter();
        let groups = groups.filter(|assessed| is_shown(assessed.state));
        let findings = assessment.findings.iter();
        let findings = findings.filter(|finding| is_shown(finding.state));
        let hosts = assessment.hosts().into_iter();
        let hosts = hosts.filter(|(_, counts)| !only_problems || counts.problems() > 0);
        Self {
            format: "check",
            version: VERSION,
            now: now.into(),
            state: State(assessment.state),
            summary,
            counts: assessment.counts().into(),
            hosts: hosts
                .map(|(host, counts)| Host {
                    host,
                    counts: counts.into(),
                })
                .collect(),
            groups: groups.map(group).collect(),
            metrics: assessment.input_age.iter().map(Measured::from).collect(),
            findings: findings.map(finding).collect(),
        }
    }
}

impl From<&query::Measured> for Measured {
    fn from(measured: &query::Measured) -> Self {
        let range = |range: Option<query::threshold::Range>| {
            range.map(|range| range.perfdata().to_string())
        };
        Self {
            metric: measured.metric.name(),
            kind: measured.kind.clone(),
            unit: measured.metric.unit().symbol(),
            value: measured.value.as_ref().ok().copied().map(Value),
            reason: measured.value.as_ref().err().cloned(),
            state: State(measured.state),
            warning: range(measured.limits.warning),
            critical: range(measured.limits.critical),
        }
    }
}

impl Finding {
    fn of(finding: &query::Finding, question: &Question) -> Self {
        Self {
            code: finding.code.name(),
            state: State(finding.state),
            text: finding.text.clone(),
            details: finding.details.clone(),
            message_id: finding.message_id.clone(),
            rule: Rule::of(finding.rule, question),
        }
    }
}

impl Rule {
    /// The rule of this number, if there is one.
    pub(super) fn of(number: Option<usize>, question: &Question) -> Self {
        let rule = number.and_then(|number| question.rules.numbered(number));
        Self {
            rule: rule.map(|rule| rule.number),
            owner: rule.and_then(|rule| rule.owner.clone()),
            note: rule.and_then(|rule| rule.note.clone()),
        }
    }
}

impl From<query::Counts> for Counts {
    fn from(counts: query::Counts) -> Self {
        Self {
            ok: counts.ok,
            warning: counts.warning,
            critical: counts.critical,
            unknown: counts.unknown,
        }
    }
}
