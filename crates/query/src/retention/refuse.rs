//! Which rules the borg of a repository refuses.

use borgq_json::Generation;
use chrono::TimeDelta;

use super::{Amount, Rule, Rules};

/// Why that borg would refuse the rules, if it would.
pub(super) fn reason(rules: &Rules, generation: Generation) -> Option<String> {
    let keep_last = rules.keep_last;
    let rules = rules.as_slice();
    if rules.iter().all(|(_, amount)| amount.is_nothing()) {
        return Some("at least one must keep something".into());
    }
    match generation {
        Generation::V2 if keep_last => return Some("it has no --keep-last, use --keep".into()),
        Generation::V2 => return new(rules),
        _ => {}
    }
    rules
        .iter()
        .find_map(|(rule, amount)| old(*rule, *amount, generation))
}

fn old(rule: Rule, amount: Amount, generation: Generation) -> Option<String> {
    match (rule, amount) {
        (Rule::Keep, _) => Some("it has no --keep, use --keep-last or --keep-within".into()),
        (Rule::Within, Amount::Count(_)) => Some("--keep-within takes a time such as 7d".into()),
        (Rule::Within, Amount::Time(time)) if time <= TimeDelta::zero() => {
            Some("--keep-within takes a time above 0".into())
        }
        (Rule::Within, Amount::Time(time))
            if generation == Generation::V1 && time.num_seconds() % 3600 != 0 =>
        {
            Some("--keep-within takes whole hours".into())
        }
        (Rule::Within, _) => None,
        (rule, Amount::Time(_)) => Some(format!("{rule} takes a number")),
        _ => None,
    }
}

/// Later borg 2.0 also refuses a rule that can keep nothing which another one has not kept.
fn new(rules: &[(Rule, Amount)]) -> Option<String> {
    if rules.iter().any(|(rule, _)| *rule == Rule::Within) {
        return Some("it has no --keep-within, use --keep".into());
    }
    for (at, (low, kept)) in rules.iter().enumerate() {
        for (high, more) in rules.iter().skip(at + 1) {
            let useless = match (kept, more) {
                (Amount::Count(-1), _) => true,
                (Amount::Time(kept), Amount::Time(more)) => kept >= more,
                _ => false,
            };
            if useless {
                return Some(format!("{low} keeps all that {high} could keep"));
            }
        }
    }
    None
}
