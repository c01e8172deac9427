//! Copies: the same series or host in several repositories.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};

use super::found::Findings;
use super::measure::elapsed;
use super::{Assessed, Code};
use crate::quantity::Duration;
use crate::rules::{Rule, Rules};
use crate::state::State;
use crate::threshold::Metric;

/// How many copies that are not fresh are named.
const NAMED: usize = 3;

impl Findings<'_> {
    /// What has fewer fresh copies than its rule demands.
    pub(super) fn copies(&mut self, groups: &[Assessed<'_>], rules: &Rules) {
        let mut copies: BTreeMap<(usize, &str), Vec<&Assessed<'_>>> = BTreeMap::new();
        for assessed in groups {
            // What has no name has no archive, or a problem that says so.
            if let (Some(rule), Some(name)) = (assessed.group.rule, &assessed.group.name) {
                copies.entry((rule, name)).or_default().push(assessed);
            }
        }
        for ((number, name), copies) in copies {
            if let Some(rule) = rules.numbered(number)
                && let Some(least) = rule.copies
            {
                self.too_few(rule, least, name, &copies);
            }
        }
    }

    fn too_few(&mut self, rule: &Rule, least: usize, name: &str, copies: &[&Assessed<'_>]) {
        let newest = copies.iter().filter_map(|copy| newest(copy)).max();
        // Two locations of one id are two ways to one repository.
        let mut fresh = HashSet::new();
        let mut stale = Vec::new();
        for copy in copies {
            match why_stale(copy, rule.max_lag, newest) {
                None => {
                    fresh.insert(copy.group.repository.id);
                }
                Some(why) => {
                    let location = copy.group.repository.location.to_display();
                    stale.push(format!("{location} {why}"));
                }
            }
        }
        if fresh.len() >= least {
            return;
        }
        let more = stale.len().saturating_sub(NAMED);
        stale.truncate(NAMED);
        if more > 0 {
            stale.push(format!("{more} more"));
        }
        let why = match stale.is_empty() {
            true => String::new(),
            false => format!(": {}", stale.join(", ")),
        };
        let text = format!(
            "{name} is fresh in {} of {least} repositories that rule {} demands{why}",
            fresh.len(),
            rule.number
        );
        self.add_for(rule.number, Code::TooFewCopies, text);
    }
}

/// Why a copy is not fresh, if it is not.
fn why_stale(
    copy: &Assessed<'_>,
    max_lag: Option<Duration>,
    newest: Option<DateTime<Utc>>,
) -> Option<String> {
    let (Some(last), Some(age)) = (copy.group.last(), copy.age()) else {
        return Some("has no backup".into());
    };
    let mut metrics = copy.metrics.iter();
    let by_age = metrics.find(|measured| measured.metric == Metric::Age);
    if by_age.is_none_or(|measured| measured.state != State::Ok) {
        return Some(format!("is {} old", age.human()));
    }
    let lag = elapsed(newest? - last.time.instant);
    let lags = max_lag.is_some_and(|most| lag > most);
    lags.then(|| format!("is {} behind", lag.human()))
}

/// When the last backup of a copy was. In a repeated hour the later instant: no
/// lag is too small.
fn newest(copy: &Assessed<'_>) -> Option<DateTime<Utc>> {
    let time = copy.group.last()?.time;
    Some(time.other.unwrap_or(time.instant))
}
