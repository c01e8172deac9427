//! [`Index`]: finds the rules of a repository without asking each of them.

use std::collections::HashMap;

use super::Rule;
use crate::pattern::{NamePattern, RepositoryFacts, RepositoryPattern};

/// The places of rules, by the one text that they ask for. With a rule for each
/// of ten thousand repositories, asking each rule would be slow.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// By label.
    labels: HashMap<String, Vec<usize>>,
    /// By what is a label or a location.
    texts: HashMap<String, Vec<usize>>,
    /// By id.
    ids: HashMap<String, Vec<usize>>,
    /// Those that have to be asked.
    others: Vec<usize>,
}

impl Index {
    pub(super) fn of(rules: &[Rule]) -> Self {
        let mut index = Self::default();
        for (at, rule) in rules.iter().enumerate() {
            let label = rule.label.as_ref().and_then(NamePattern::exact);
            let repository = rule.repository.as_ref();
            let (map, key) = if let Some(label) = label {
                (&mut index.labels, label)
            } else if let Some(text) = repository.and_then(RepositoryPattern::exact) {
                (&mut index.texts, text)
            } else if let Some(id) = repository.and_then(RepositoryPattern::whole_id) {
                (&mut index.ids, id)
            } else {
                index.others.push(at);
                continue;
            };
            map.entry(key.to_owned()).or_default().push(at);
        }
        index
    }

    /// The places of the rules that can match, in their order.
    pub(super) fn candidates(&self, facts: &RepositoryFacts<'_>) -> Vec<usize> {
        let label = facts.label.filter(|label| !label.is_empty());
        let found = [
            label.and_then(|label| self.labels.get(label)),
            label.and_then(|label| self.texts.get(label)),
            self.texts.get(facts.location),
            self.ids.get(facts.id_hex),
            Some(&self.others),
        ];
        let mut places: Vec<_> = found.into_iter().flatten().flatten().copied().collect();
        places.sort_unstable();
        // A label can be equal to the location.
        places.dedup();
        places
    }
}
