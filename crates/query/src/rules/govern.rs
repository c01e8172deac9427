//! [`Governing`]: which rule governs each archive of a repository.

use std::collections::{HashMap, HashSet};

use borgq_json::{Generation, Text};

use super::{Rule, Rules};
use crate::answer::{Group, GroupBy};
use crate::model::{Archive, Repository};
use crate::pattern::NamePattern;

/// The rules of one repository.
pub(crate) struct Governing<'r, 'a> {
    rules: Vec<&'r Rule>,
    group_by: GroupBy,
    generation: Generation,
    /// What was found for archives of this host and series.
    known: HashMap<(Option<&'a Text>, &'a str), Found<'r>>,
}

/// What governs an archive.
#[derive(Clone, Copy)]
struct Found<'r> {
    rule: Option<&'r Rule>,
    /// Whether another rule may govern it: its host is not known.
    doubtful: bool,
}

/// To which group an archive belongs.
pub(crate) struct Grouped {
    /// The name of the group, if it has one.
    pub name: Option<String>,
    /// The number of the rule.
    pub rule: Option<usize>,
    /// What should be known of the archive and is not: `host` or `user`.
    pub lacks: Option<&'static str>,
}

impl<'r, 'a> Governing<'r, 'a> {
    pub(crate) fn new(rules: &'r Rules, group_by: GroupBy, repository: &Repository) -> Self {
        Self {
            rules: rules.of(repository),
            group_by,
            generation: repository.generation,
            known: HashMap::new(),
        }
    }

    /// The number of the rule that governs the repository where there are no archives.
    pub(crate) fn whole(&self) -> Option<usize> {
        let whole = |rule: &&&Rule| rule.host.is_none() && rule.series.is_none();
        self.rules.iter().find(whole).map(|rule| rule.number)
    }

    /// The group of an archive.
    pub(crate) fn group(&mut self, archive: &'a Archive) -> Grouped {
        let Found { rule, doubtful } = self.find(archive);
        let by = rule.map_or(self.group_by, |rule| rule.group_by(self.group_by));
        let Grouped { name, lacks, .. } = by.group(Some(archive), self.generation);
        let lacks = if doubtful { Some("host") } else { lacks };
        let both = rule.is_some_and(|rule| rule.host.is_some() && rule.series.is_some());
        Grouped {
            name: match name {
                Some(host) if both => Some(joined(&host, &archive.series)),
                name => name,
            },
            rule: rule.map(|rule| rule.number),
            lacks,
        }
    }

    fn find(&mut self, archive: &'a Archive) -> Found<'r> {
        if self.rules.is_empty() {
            return Found {
                rule: None,
                doubtful: false,
            };
        }
        let key = (archive.host.as_ref(), archive.series.as_str());
        let rules = &self.rules;
        *self.known.entry(key).or_insert_with(|| {
            let host = key.0.map(Text::to_display);
            let mut doubtful = false;
            let rule = rules.iter().copied().find(|rule| {
                let series = rule.series.as_ref();
                if series.is_some_and(|series| !series.matches(key.1)) {
                    return false;
                }
                match (&rule.host, host.as_deref()) {
                    (None, _) => true,
                    (Some(pattern), Some(host)) => pattern.matches(host),
                    (Some(_), None) => {
                        doubtful = true;
                        false
                    }
                }
            });
            Found { rule, doubtful }
        })
    }
}

impl GroupBy {
    /// The group of an archive that no rule governs. The archive is only needed
    /// where a repository can have several groups.
    pub(crate) fn group(self, archive: Option<&Archive>, generation: Generation) -> Grouped {
        let name = archive.and_then(|archive| self.name_of(archive, generation));
        let lacks = name.is_none() && self.splits(generation);
        Grouped {
            name,
            rule: None,
            lacks: lacks.then(|| self.noun()),
        }
    }
}

impl Rules {
    /// The numbers of the rules that match archives or repositories of these
    /// groups, whether they govern them or not.
    pub(crate) fn governed_before(&self, groups: &[Group<'_>]) -> HashSet<usize> {
        let matching = |group: &Group<'_>| {
            let rules = self.of(group.repository).into_iter();
            let rules = rules.filter(|rule| rule.matches_some(group));
            rules.map(|rule| rule.number).collect::<Vec<_>>()
        };
        groups.iter().flat_map(matching).collect()
    }
}

impl Rule {
    /// Whether it matches an archive of a group of a repository that it
    /// matches, or needs no archive.
    fn matches_some(&self, group: &Group<'_>) -> bool {
        let matches = |archive: &Archive| {
            let host = archive.host.as_ref().map(Text::to_display);
            let by_host =
                |pattern: &NamePattern| host.as_deref().is_some_and(|host| pattern.matches(host));
            let by_series = |pattern: &NamePattern| pattern.matches(&archive.series);
            self.host.as_ref().is_none_or(by_host) && self.series.as_ref().is_none_or(by_series)
        };
        let mut archives = group.archives.iter();
        self.host.is_none() && self.series.is_none()
            || archives.any(|judged| matches(judged.archive))
    }

    /// How it puts archives into groups.
    pub(crate) fn group_by(&self, usual: GroupBy) -> GroupBy {
        match (&self.host, &self.series) {
            (Some(_), _) => GroupBy::Host,
            (None, Some(_)) => GroupBy::Series,
            // What is to be compared between repositories needs a name.
            (None, None) if self.copies.is_some() && usual == GroupBy::Repository => {
                GroupBy::Series
            }
            (None, None) => usual,
        }
    }
}

/// A host and a series as one name, which no other two can have.
fn joined(host: &str, series: &str) -> String {
    match host.contains([' ', '"']) {
        true => format!("{host:?} {series}"),
        false => format!("{host} {series}"),
    }
}
