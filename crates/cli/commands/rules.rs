//! `borgq rules`.

use borgq_query::{Group, GroupBy, Question};
use borgq_report::json::{Rule, RulesCheck};
use borgq_report::table::Column;

use super::{maybe, name_of, report, table};
use crate::Failure;
use crate::args::{self, Rules, RulesCommand, RulesInit};
use crate::exit::Exit;
use crate::format;
use crate::input::gather;
use crate::question::question;
use crate::rules;
use crate::surroundings::Surroundings;
use crate::watchdog::Watchdog;
use crate::zone::LocalZone;

pub fn run(args: &Rules, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    match &args.command {
        RulesCommand::Check(args) => check(args, surroundings),
        RulesCommand::Init(args) => init(args, surroundings),
    }
}

fn check(args: &args::RulesCheck, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let query = &args.query;
    format::check(&query.format, &format::RULES_CHECK)?;
    let zone = LocalZone::new(query.question.timezone.as_deref(), surroundings.tz.clone());
    let mut question =
        question(&query.question, surroundings.now, &zone).map_err(Failure::Usage)?;
    question.rules = rules::read(&args.file).map_err(Failure::Usage)?;
    let watchdog = Watchdog::asleep();
    let inventory = gather(&query.source, &question, &zone, &watchdog, surroundings);
    let inventory = inventory.map_err(Failure::Usage)?;
    let answer = question.groups(&inventory);
    let problems: Vec<_> = inventory.problems.iter().chain(&answer.problems).collect();
    report(&problems, surroundings);

    let mut groups = answer.groups;
    let mut rules = Rule::all(&question, &groups);
    let governed = groups.iter().all(|group| group.rule.is_some());
    let missing = rules.iter().any(|rule| rule.missing);
    // What no rule governs first; the rest stays in order.
    groups.sort_by_key(|group| group.rule.is_some());
    if args.only_problems {
        groups.retain(|group| group.rule.is_none());
        rules.retain(|rule| rule.missing);
    }
    if query.format.is_plain() {
        tables(&question, &groups, &rules, surroundings)?;
    } else {
        let answer = RulesCheck::new(&question, &groups, rules, problems.iter().copied());
        format::print(&query.format, &format::RULES_CHECK, &answer, surroundings)?;
    }
    Ok(Exit::of(problems).or_none(governed && !missing))
}

fn tables(
    question: &Question,
    groups: &[Group<'_>],
    rules: &[Rule],
    surroundings: &mut Surroundings<'_>,
) -> std::io::Result<()> {
    let row = |group: &Group<'_>| {
        let rule = group
            .rule
            .and_then(|number| question.rules.numbered(number));
        [
            group
                .rule
                .map_or("none".into(), |number| number.to_string()),
            name_of(group.repository),
            maybe(group.name.as_ref()),
            maybe(rule.and_then(|rule| rule.owner.as_ref())),
            maybe(rule.and_then(|rule| rule.note.as_ref())),
        ]
    };
    let noun = match question.rules.divide() {
        true => "group",
        false => question.group_by.noun(),
    };
    let columns = [
        Column::number("RULE"),
        Column::text("REPOSITORY"),
        Column::text(&noun.to_uppercase()),
        Column::text("OWNER"),
        Column::text("NOTE"),
    ];
    let rows: Vec<_> = groups.iter().map(row).collect();
    if !rows.is_empty() {
        table(columns, &rows, surroundings)?;
    }
    if rules.is_empty() {
        return Ok(());
    }
    if !rows.is_empty() {
        writeln!(surroundings.out)?;
    }
    let row = |rule: &Rule| {
        let expected = match (rule.missing, rule.expected) {
            (true, _) => "missing",
            (false, true) => "yes",
            (false, false) => "",
        };
        [
            rule.number.to_string(),
            rule.subject.clone(),
            rule.groups.to_string(),
            expected.to_owned(),
            rule.warning.join(" "),
            rule.critical.join(" "),
        ]
    };
    let columns = [
        Column::number("RULE"),
        Column::text("GOVERNS"),
        Column::number("GROUPS"),
        Column::text("EXPECTED"),
        Column::text("WARNING"),
        Column::text("CRITICAL"),
    ];
    let rows: Vec<_> = rules.iter().map(row).collect();
    table(columns, &rows, surroundings)
}

fn init(args: &RulesInit, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let zone = LocalZone::new(args.question.timezone.as_deref(), surroundings.tz.clone());
    let question = question(&args.question, surroundings.now, &zone).map_err(Failure::Usage)?;
    if question.group_by == GroupBy::User {
        let text = "--group-by user: a rule names no user, so group by host, series or repository";
        return Err(Failure::Usage(text.into()));
    }
    let watchdog = Watchdog::asleep();
    let inventory = gather(&args.source, &question, &zone, &watchdog, surroundings);
    let inventory = inventory.map_err(Failure::Usage)?;
    let answer = question.groups(&inventory);
    let problems: Vec<_> = inventory.problems.iter().chain(&answer.problems).collect();
    report(&problems, surroundings);
    let any = !answer.groups.is_empty();
    if any {
        let draft = borgq_rules::draft(&question, &answer.groups);
        surroundings.out.write_all(draft.as_bytes())?;
    }
    Ok(Exit::of(problems).or_none(any))
}
