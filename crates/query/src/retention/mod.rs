//! What `borg prune` would keep.

mod amount;
mod period;
mod refuse;

pub use amount::{Amount, NoAmount};
pub use period::Rule;

use std::collections::{HashMap, HashSet};

use borgq_json::{Generation, Id};
use chrono::{DateTime, MappedLocalTime, NaiveDateTime, Utc};

use crate::answer::Group;
use crate::model::{Archive, Problem, ProblemCode};
use crate::moment::Zone;

/// The rules, each at most once.
///
/// ```
/// use borgq_query::retention::{Rule, Rules};
///
/// let rules = Rules::new([(Rule::Weekly, "4".parse()?), (Rule::Daily, "7".parse()?)]);
/// assert_eq!(rules.as_slice()[0].0, Rule::Daily);
/// # Ok::<(), borgq_query::retention::NoAmount>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Rules {
    rules: Vec<(Rule, Amount)>,
    keep_last: bool,
}

impl Rules {
    /// From single rules. They are put into borg's order; the last amount of a
    /// rule holds.
    #[must_use]
    pub fn new(rules: impl IntoIterator<Item = (Rule, Amount)>) -> Self {
        let given: HashMap<_, _> = rules.into_iter().collect();
        let ordered = Rule::ALL.into_iter();
        let rules = ordered.filter_map(|rule| Some((rule, *given.get(&rule)?)));
        Self {
            rules: rules.collect(),
            keep_last: false,
        }
    }

    /// The same with [`Rule::Secondly`] written as `--keep-last`, which later borg
    /// 2.0 does not have.
    #[must_use]
    pub const fn by_keep_last(mut self) -> Self {
        self.keep_last = true;
        self
    }

    /// The rules in borg's order.
    #[must_use]
    pub fn as_slice(&self) -> &[(Rule, Amount)] {
        &self.rules
    }
}

/// Why an archive would be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// By a rule, as its archive of this number, counted from 1.
    Rule {
        /// The rule.
        rule: Rule,
        /// Which one of those that the rule keeps.
        number: u64,
        /// It is the oldest archive, and the rule keeps fewer than it may.
        oldest: bool,
    },
    /// It is the newest checkpoint of borg 1.x, and newer than every archive.
    Checkpoint,
    /// It is protected by the tag `@PROT` (borg 2).
    Protected,
}

/// What prune would do with an archive.
#[derive(Clone, Copy, Debug)]
pub struct Decided<'a> {
    /// The archive.
    pub archive: &'a Archive,
    /// Why it would be kept. `None` if it would be pruned.
    pub kept: Option<Kept>,
}

/// A rule's periods of the calendar without an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promised {
    /// The rule.
    pub rule: Rule,
    /// How many periods it promises an archive of: as many as it keeps, back from
    /// now, though none before the oldest archive. The present period counts if
    /// it has one.
    pub slots: usize,
    /// Those that have none, newest first, for instance `2025-05-14`.
    pub missing: Vec<String>,
}

/// What prune would do with the archives of a group.
#[derive(Clone, Debug)]
pub struct Retention<'a> {
    /// The archives that the patterns chose, newest first.
    pub archives: Vec<Decided<'a>>,
    /// The periods of each rule that counts periods of an hour or longer.
    pub promised: Vec<Promised>,
}

impl<'a> Retention<'a> {
    /// Applies the rules as the borg of the repository would at `now`, if it ran
    /// in this zone.
    ///
    /// # Errors
    ///
    /// If that borg would refuse the rules, or if the zone is not known.
    pub fn of(
        group: &Group<'a>,
        rules: &Rules,
        now: DateTime<Utc>,
        zone: &dyn Zone,
    ) -> Result<Self, Problem> {
        let generation = group.repository.generation;
        if let Some(sentence) = refuse::reason(rules, generation) {
            let place = group.repository.location.to_display();
            let text = format!("the borg of {place} would refuse these rules: {sentence}");
            return Err(Problem::new(ProblemCode::RefusedRules, text));
        }
        let no_zone = |text: String| Problem::new(ProblemCode::NoTimezone, text);
        let archives = newest_first(group);
        let mut candidates = Vec::new();
        for (archive, instant) in &archives {
            if !archive.checkpoint && !is_protected(archive) {
                let offset = zone.offset_at(*instant).map_err(no_zone)?;
                let local = instant.with_timezone(&offset).naive_local();
                candidates.push(Candidate {
                    archive,
                    instant: *instant,
                    local,
                });
            }
        }
        let mut kept = HashMap::new();
        for (rule, amount) in &rules.rules {
            if generation == Generation::V2 {
                let last = rules.rules.last().is_some_and(|(last, _)| last == rule);
                keep_new(&candidates, (*rule, *amount), now, last, &mut kept);
            } else {
                keep_old(&candidates, (*rule, *amount), now, &mut kept);
            }
        }
        let newest = archives.first().map(|(archive, _)| archive.id);
        let decide = |(archive, _): &(&'a Archive, DateTime<Utc>)| {
            let kept = match kept.get(&archive.id) {
                Some(kept) => Some(*kept),
                None if is_protected(archive) => Some(Kept::Protected),
                None => {
                    (archive.checkpoint && newest == Some(archive.id)).then_some(Kept::Checkpoint)
                }
            };
            Decided { archive, kept }
        };
        let offset = zone.offset_at(now).map_err(no_zone)?;
        let local_now = now.with_timezone(&offset).naive_local();
        Ok(Self {
            archives: archives.iter().map(decide).collect(),
            promised: promised(&candidates, rules, local_now, zone).map_err(no_zone)?,
        })
    }

    /// How many archives would be pruned.
    #[must_use]
    pub fn pruned(&self) -> usize {
        self.archives
            .iter()
            .filter(|decided| decided.kept.is_none())
            .count()
    }
}

/// An archive that the rules are applied to.
struct Candidate<'a> {
    archive: &'a Archive,
    instant: DateTime<Utc>,
    local: NaiveDateTime,
}

fn is_protected(archive: &Archive) -> bool {
    let tags = archive.tags.iter().flatten();
    tags.clone().any(|tag| *tag == "@PROT")
}

/// The archives that the patterns chose, as borg orders them: the newest first,
/// and of equal times the one that it lists last.
fn newest_first<'a>(group: &Group<'a>) -> Vec<(&'a Archive, DateTime<Utc>)> {
    let chosen: HashSet<Id> = group
        .archives
        .iter()
        .map(|judged| judged.archive.id)
        .collect();
    let listed = group.repository.archives.iter();
    let listed: Vec<_> = listed
        .filter(|archive| chosen.contains(&archive.id))
        .collect();
    let mut ordered = in_order(&listed).unwrap_or_else(|| {
        listed
            .iter()
            .map(|archive| (*archive, archive.time.instant))
            .collect()
    });
    ordered.sort_by_key(|(_, instant)| *instant);
    ordered.reverse();
    ordered
}

/// borg lists the oldest first. In a repeated hour that tells which of the two
/// instants is meant, where the clock goes back. `None` if they are listed in
/// another order.
fn in_order<'a>(listed: &[&'a Archive]) -> Option<Vec<(&'a Archive, DateTime<Utc>)>> {
    let mut last = DateTime::<Utc>::MIN_UTC;
    let mut ordered = Vec::with_capacity(listed.len());
    for archive in listed {
        let instants = [Some(archive.time.instant), archive.time.other];
        last = instants
            .into_iter()
            .flatten()
            .find(|instant| *instant >= last)?;
        ordered.push((*archive, last));
    }
    Some(ordered)
}

/// As borg 1.x and early borg 2.0 apply a rule.
fn keep_old(
    candidates: &[Candidate<'_>],
    (rule, amount): (Rule, Amount),
    now: DateTime<Utc>,
    kept: &mut HashMap<Id, Kept>,
) {
    let mut keep = Keep::new(rule, kept);
    let most = match amount {
        Amount::Count(count) => count,
        Amount::Time(time) => {
            let fresh = candidates
                .iter()
                .filter(|candidate| now - candidate.instant < time);
            return fresh.for_each(|candidate| keep.add(candidate, false));
        }
    };
    if most == 0 {
        return;
    }
    let mut last = None;
    for candidate in candidates {
        let period = rule.begin(candidate.local);
        if last.replace(period) != Some(period) && !keep.has(candidate) {
            keep.add(candidate, false);
            if keep.count == most {
                return;
            }
        }
    }
    if let Some(oldest) = candidates.last()
        && keep.count < most
        && !keep.has(oldest)
    {
        keep.add(oldest, true);
    }
}

/// As borg 2.0 that prints `time` applies a rule; `last` if it is the last one.
fn keep_new(
    candidates: &[Candidate<'_>],
    (rule, amount): (Rule, Amount),
    now: DateTime<Utc>,
    last: bool,
    kept: &mut HashMap<Id, Kept>,
) {
    if amount.is_nothing() {
        return;
    }
    let mut keep = Keep::new(rule, kept);
    let may = |count: i64, candidate: &Candidate<'_>| match amount {
        Amount::Count(most) => most == -1 || count < most,
        Amount::Time(time) => now - candidate.instant <= time,
    };
    let mut period = None;
    for candidate in candidates {
        if !may(keep.count, candidate) {
            break;
        }
        let begin = rule.begin(candidate.local);
        let other = period.replace(begin) != Some(begin) || rule == Rule::Keep;
        if other && !keep.has(candidate) {
            keep.add(candidate, false);
        }
    }
    if let Some(oldest) = candidates.last()
        && last
        && !keep.has(oldest)
        && may(keep.count, oldest)
    {
        keep.add(oldest, true);
    }
}

/// What a rule keeps, added to what others keep.
struct Keep<'a> {
    rule: Rule,
    count: i64,
    kept: &'a mut HashMap<Id, Kept>,
}

impl<'a> Keep<'a> {
    const fn new(rule: Rule, kept: &'a mut HashMap<Id, Kept>) -> Self {
        Self {
            rule,
            count: 0,
            kept,
        }
    }

    fn has(&self, candidate: &Candidate<'_>) -> bool {
        self.kept.contains_key(&candidate.archive.id)
    }

    fn add(&mut self, candidate: &Candidate<'_>, oldest: bool) {
        self.count += 1;
        let reason = Kept::Rule {
            rule: self.rule,
            number: self.count.unsigned_abs(),
            oldest,
        };
        self.kept.insert(candidate.archive.id, reason);
    }
}

/// The most periods that are counted for a rule: far more than anybody keeps.
const MOST: usize = 100_000;

fn promised(
    candidates: &[Candidate<'_>],
    rules: &Rules,
    now: NaiveDateTime,
    zone: &dyn Zone,
) -> Result<Vec<Promised>, String> {
    let mut all = Vec::new();
    for (rule, amount) in rules.rules.iter().filter(|(rule, _)| rule.has_slots()) {
        let filled: HashSet<_> = candidates
            .iter()
            .map(|candidate| rule.begin(candidate.local))
            .collect();
        let (most, since) = match amount {
            Amount::Count(count) => (usize::try_from(*count).unwrap_or(MOST).min(MOST), None),
            Amount::Time(time) => (
                MOST,
                now.checked_sub_signed(*time).map(|since| rule.begin(since)),
            ),
        };
        let first = filled.iter().min().copied().max(since);
        let mut promised = Promised {
            rule: *rule,
            slots: 0,
            missing: Vec::new(),
        };
        let present = rule.begin(now);
        let mut next = match filled.contains(&present) {
            true => Some(present),
            // It has not ended.
            false => rule.before(present),
        };
        while let (Some(slot), Some(first)) = (next, first)
            && slot >= first
            && promised.slots < most
        {
            next = rule.before(slot);
            // An hour that the clock left out is none.
            let exists = *rule != Rule::Hourly || zone.offsets(slot)? != MappedLocalTime::None;
            if exists {
                promised.slots += 1;
                if !filled.contains(&slot) {
                    promised.missing.push(rule.slot(slot));
                }
            }
        }
        all.push(promised);
    }
    Ok(all)
}

#[cfg(test)]
mod tests;
