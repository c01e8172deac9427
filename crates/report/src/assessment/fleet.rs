//! What is said of many groups together.

use borgq_query::{Assessment, Counts, Question};

use super::words::noun;

/// How many hosts are named.
const NAMED: usize = 10;

/// The groups by state, and the hosts that have problems, the worst first.
pub(super) fn lines(assessment: &Assessment<'_>, question: &Question) -> Vec<String> {
    let counts = assessment.counts();
    let all = counts.all();
    let mut lines = vec![format!(
        "{all} {}: {}",
        noun(question, all),
        states(counts, true)
    )];
    let hosts = assessment.hosts();
    let bad = hosts.iter().filter(|(_, counts)| counts.problems() > 0);
    let number = bad.clone().count();
    if number > 0 {
        let named = bad.take(NAMED);
        let mut named: Vec<_> = named
            .map(|(host, counts)| format!("{host} ({})", states(*counts, false)))
            .collect();
        if number > NAMED {
            named.push(format!("{} more", number - NAMED));
        }
        lines.push(format!(
            "{number} of {} hosts have problems: {}",
            hosts.len(),
            named.join(", ")
        ));
    }
    lines
}

/// For instance `3 CRITICAL, 1 WARNING`.
fn states(counts: Counts, also_ok: bool) -> String {
    let ok = if also_ok { counts.ok } else { 0 };
    let states = [
        (counts.critical, "CRITICAL"),
        (counts.unknown, "UNKNOWN"),
        (counts.warning, "WARNING"),
        (ok, "OK"),
    ];
    let states = states.into_iter().filter(|(count, _)| *count > 0);
    let states: Vec<_> = states
        .map(|(count, state)| format!("{count} {state}"))
        .collect();
    states.join(", ")
}
