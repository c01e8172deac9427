//! `borgq retention`.

use borgq_query::retention::{Amount, Decided, Kept, Retention, Rule, Rules};
use borgq_query::{Group, GroupBy, Problem, Zone as _};
use borgq_report::json;
use borgq_report::table::Column;

use super::{maybe, name_of, report, table};
use crate::Failure;
use crate::args;
use crate::exit::Exit;
use crate::format;
use crate::input::whole;
use crate::question::question;
use crate::surroundings::Surroundings;
use crate::watchdog::Watchdog;
use crate::zone::LocalZone;

type Row<'a> = (&'a Group<'a>, Retention<'a>);

pub fn run(args: &args::Retention, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let query = &args.query;
    format::check(&query.format, &format::RETENTION)?;
    let rules = rules(args).map_err(Failure::Usage)?;
    let zone = LocalZone::new(query.question.timezone.as_deref(), surroundings.tz.clone());
    let mut question =
        question(&query.question, surroundings.now, &zone).map_err(Failure::Usage)?;
    if query.question.group_by.is_none() {
        question.group_by = GroupBy::Prune;
    }
    let inventory = whole(&query.source, &zone, &Watchdog::asleep(), surroundings);
    let inventory = inventory.map_err(Failure::Usage)?;
    let answer = question.groups(&inventory);
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut refused: Vec<Problem> = Vec::new();
    for group in &answer.groups {
        match Retention::of(group, &rules, question.now, &zone) {
            Ok(retention) => rows.push((group, retention)),
            Err(problem) if refused.contains(&problem) => {}
            Err(problem) => refused.push(problem),
        }
    }
    let problems = inventory.problems.iter().chain(&answer.problems);
    let problems: Vec<_> = problems.chain(&refused).collect();
    report(&problems, surroundings);
    if !query.format.is_plain() {
        let problems = problems.iter().copied();
        let answer = json::Retention::new(question.now, &zone.name(), &rules, &rows, problems);
        format::print(&query.format, &format::RETENTION, &answer, surroundings)?;
    } else if !rows.is_empty() {
        decisions(&rows, surroundings)?;
        promises(&rows, surroundings)?;
        sum(&rows, surroundings)?;
    }
    let all = answer.groups.iter().all(|group| group.last().is_some());
    Ok(Exit::of(problems).or_none(all))
}

/// The rules of the options.
fn rules(args: &args::Retention) -> Result<Rules, String> {
    let last = args.keep_last.as_ref();
    if last.is_some() && args.keep_secondly.is_some() {
        return Err("--keep-last and --keep-secondly are one rule, give one of them".into());
    }
    let given = [
        (Rule::Within, "--keep-within", &args.keep_within),
        (Rule::Keep, "--keep", &args.keep),
        (Rule::Secondly, "--keep-last", &args.keep_last),
        (Rule::Secondly, "--keep-secondly", &args.keep_secondly),
        (Rule::Minutely, "--keep-minutely", &args.keep_minutely),
        (Rule::Hourly, "--keep-hourly", &args.keep_hourly),
        (Rule::Daily, "--keep-daily", &args.keep_daily),
        (Rule::Weekly, "--keep-weekly", &args.keep_weekly),
        (Rule::Monthly, "--keep-monthly", &args.keep_monthly),
        (
            Rule::Quarterly13Weekly,
            "--keep-13weekly",
            &args.keep_13weekly,
        ),
        (
            Rule::Quarterly3Monthly,
            "--keep-3monthly",
            &args.keep_3monthly,
        ),
        (Rule::Yearly, "--keep-yearly", &args.keep_yearly),
    ];
    let mut rules = Vec::new();
    for (rule, option, text) in given {
        if let Some(text) = text {
            let amount: Amount = text.parse().map_err(|error| format!("{option}: {error}"))?;
            rules.push((rule, amount));
        }
    }
    if rules.is_empty() {
        return Err("no rule is given: for instance --keep-daily 7 --keep-weekly 4".into());
    }
    let rules = Rules::new(rules);
    Ok(match last {
        Some(_) => rules.by_keep_last(),
        None => rules,
    })
}

fn decisions(rows: &[Row<'_>], surroundings: &mut Surroundings<'_>) -> std::io::Result<()> {
    let columns = [
        Column::text("REPOSITORY"),
        Column::text("GROUP"),
        Column::text("ARCHIVE"),
        Column::fixed("TIME"),
        Column::text("PRUNE"),
        Column::text("RULE"),
    ];
    let cells = |group: &Group<'_>, decided: &Decided<'_>| {
        [
            name_of(group.repository),
            maybe(group.name.as_ref()),
            decided.archive.name.to_display().into_owned(),
            decided.archive.time.to_string(),
            if decided.kept.is_some() {
                "keeps"
            } else {
                "prunes"
            }
            .into(),
            maybe(decided.kept.map(why)),
        ]
    };
    let rows: Vec<_> = rows
        .iter()
        .flat_map(|(group, retention)| {
            let archives = retention.archives.iter();
            archives.map(|decided| cells(group, decided))
        })
        .collect();
    table(columns, &rows, surroundings)
}

/// The reason as borg prints it.
fn why(kept: Kept) -> String {
    match kept {
        Kept::Rule {
            rule,
            number,
            oldest,
        } => {
            format!("{rule}{} #{number}", if oldest { "[oldest]" } else { "" })
        }
        Kept::Checkpoint => "checkpoint".into(),
        Kept::Protected => "protected".into(),
    }
}

fn promises(rows: &[Row<'_>], surroundings: &mut Surroundings<'_>) -> std::io::Result<()> {
    const NAMED: usize = 5;
    let columns = [
        Column::text("REPOSITORY"),
        Column::text("GROUP"),
        Column::text("RULE"),
        Column::number("SLOTS"),
        Column::number("MISSING"),
        Column::text("WITHOUT AN ARCHIVE"),
    ];
    let mut lines = Vec::new();
    for (group, retention) in rows {
        for promised in &retention.promised {
            let missing = promised.missing.len();
            let mut named = promised
                .missing
                .iter()
                .take(NAMED)
                .cloned()
                .collect::<Vec<_>>()
                .join(", ");
            if missing > NAMED {
                named += &format!(" and {} more", missing - NAMED);
            }
            lines.push([
                name_of(group.repository),
                maybe(group.name.as_ref()),
                promised.rule.to_string(),
                promised.slots.to_string(),
                missing.to_string(),
                named,
            ]);
        }
    }
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(surroundings.out)?;
    table(columns, &lines, surroundings)
}

fn sum(rows: &[Row<'_>], surroundings: &mut Surroundings<'_>) -> std::io::Result<()> {
    let pruned: usize = rows.iter().map(|(_, retention)| retention.pruned()).sum();
    let all: usize = rows
        .iter()
        .map(|(_, retention)| retention.archives.len())
        .sum();
    let sentence = match pruned {
        0 => "Prune would keep them all.".into(),
        1 => format!("1 of {all} archives lies beyond the rules."),
        _ => format!("{pruned} of {all} archives lie beyond the rules."),
    };
    writeln!(surroundings.out, "\n{sentence}")
}
