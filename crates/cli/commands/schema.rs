//! `borgq schema`.

use crate::Failure;
use crate::args::Schema;
use crate::exit::Exit;
use crate::surroundings::Surroundings;

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../schemas/", $name, ".json")))),*]
    };
}

/// The schemas of `schemas/`, by name.
const SCHEMAS: &[(&str, &str)] = embedded![
    "create",
    "repo-list",
    "repo-info",
    "info",
    "borgmatic",
    "last",
    "archives",
    "repos",
    "inspect",
    "inventory",
    "check",
    "capture",
    "rules",
    "rules-check",
    "retention",
    "gaps",
    "backtest",
    "sizes",
    "diff",
];

/// The schema of this name.
pub fn named(name: &str) -> Option<&'static str> {
    let found = SCHEMAS.iter().find(|(known, _)| *known == name);
    found.map(|(_, schema)| *schema)
}

pub fn run(args: &Schema, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let Some(name) = &args.name else {
        for (name, _) in SCHEMAS {
            writeln!(surroundings.out, "{name}")?;
        }
        return Ok(Exit::Answered);
    };
    let Some(schema) = named(name) else {
        let names: Vec<_> = SCHEMAS.iter().map(|(name, _)| *name).collect();
        return Err(Failure::Usage(format!(
            "there is no schema {name:?}, expected one of {}",
            names.join(", ")
        )));
    };
    write!(surroundings.out, "{schema}")?;
    Ok(Exit::Answered)
}
