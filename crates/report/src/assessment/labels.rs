//! The labels of performance data of groups.

use std::collections::{HashMap, HashSet};

use borgq_query::{Assessed, Measured};

use crate::label::{Label, checksum};

/// What every consumer keeps of a label: it is unique within so many characters.
const SURE: usize = 19;

/// How much of a name stands before the checksum that makes a label unique:
/// together they are [`SURE`].
const KEPT: usize = 10;

/// Gives each metric of each group a label of its own.
///
/// It is the label of the repository, the name of the group and the metric, if
/// that is plain, short, and no other group is called so. Otherwise it is the
/// beginning of the name, a checksum of all that names it, and the metric. So a
/// label stays the same from run to run, whatever the states and the order.
pub(super) struct Labels {
    /// How many groups have each name.
    named: HashMap<String, usize>,
    /// What is kept of the labels that were given out.
    given: HashSet<String>,
}

impl Labels {
    /// For these groups, beside these labels of totals.
    pub(super) fn new<'a>(
        groups: impl Iterator<Item = &'a Assessed<'a>>,
        totals: impl Iterator<Item = &'a str>,
    ) -> Self {
        let mut named = HashMap::new();
        for name in groups.filter_map(name) {
            *named.entry(name.replace(' ', "_")).or_insert(0) += 1;
        }
        let given = totals.map(kept).collect();
        Self { named, given }
    }

    /// The label of a metric.
    pub(super) fn give(&mut self, assessed: &Assessed<'_>, measured: &Measured) -> Label {
        let is_one = |name: &String| self.named.get(&name.replace(' ', "_")) == Some(&1);
        let name = name(assessed).filter(is_one);
        let is_named = name.is_some();
        if let Some(name) = name {
            let label = format!("{name}_{}", metric(measured));
            if is_plain(&label) && self.given.insert(kept(&label)) {
                return Label::new(&label);
            }
        }
        let mut number = 0_u32;
        loop {
            let label = summed(assessed, measured, is_named, number);
            if self.given.insert(kept(label.as_str())) {
                return label;
            }
            number += 1;
        }
    }
}

/// The name of a group whose repository has a label.
fn name(assessed: &Assessed<'_>) -> Option<String> {
    let label = assessed.group.repository.label.as_ref()?.to_display();
    Some(match &assessed.group.name {
        Some(group) => format!("{label}_{group}"),
        None => label.into_owned(),
    })
}

/// Whether a label can be used as it is.
fn is_plain(label: &str) -> bool {
    let simple = label.chars().all(|c| is_simple(c) || c == ' ');
    simple && label.len() <= SURE && Label::new(label).as_str() == label
}

/// The label that is unique by a checksum: of the repository's label if that
/// names it, so that the repository may move, else of its location.
fn summed(assessed: &Assessed<'_>, measured: &Measured, is_named: bool, number: u32) -> Label {
    let repository = assessed.group.repository;
    let label = repository.label.as_ref().filter(|_| is_named);
    let owner = label.unwrap_or(&repository.location).to_display();
    let group = assessed.group.name.as_deref();
    let last = owner.trim_end_matches('/').rsplit('/').next();
    let beginning: String = group
        .or(last)
        .unwrap_or_default()
        .chars()
        .map(|c| if is_simple(c) { c } else { '_' })
        .take(KEPT)
        .collect();
    let metric = metric(measured);
    let mut all = [&owner, group.unwrap_or_default(), &metric].join("\0");
    if number > 0 {
        all += &format!("\0{number}");
    }
    Label::new(&format!("{beginning}-{:08x}_{metric}", checksum(&all)))
}

fn metric(measured: &Measured) -> String {
    let metric = measured.metric.name().replace('-', "_");
    match &measured.kind {
        Some(kind) => format!("{metric}_{kind}"),
        None => metric,
    }
}

/// What is left of a label in a consumer that keeps the least.
fn kept(label: &str) -> String {
    let kept = label.chars().take(SURE);
    kept.map(|c| if c == ' ' { '_' } else { c }).collect()
}

const fn is_simple(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
}
