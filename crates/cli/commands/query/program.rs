//! The filter and its variables, from the arguments.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::Path;

use borgq_filter::{CompileError, Filter, Value};

use crate::args::Jq;
use crate::bounded;

/// A filter that is not compiled yet.
pub struct Program {
    text: String,
    /// Names and JSON texts.
    variables: Vec<(String, Vec<u8>)>,
    /// The inputs that are named.
    pub inputs: Vec<OsString>,
}

impl Program {
    /// # Errors
    ///
    /// A sentence, if there is no filter or if an argument is wrong.
    pub fn new(args: &Jq) -> Result<Self, String> {
        let mut positional: Vec<_> = match (&args.jsonargs, &args.args) {
            (json, _) if !json.is_empty() => json.clone(),
            (_, text) => text.clone(),
        };
        let mut inputs = args.source.inputs.clone();
        let text = match (&args.from_file, &args.filter) {
            (Some(file), filter) => {
                // As in jq, what would be the filter is an input.
                inputs.splice(0..0, filter.clone());
                let text = bounded::written(Path::new(file)).map_err(|error| {
                    format!("--from-file: {} cannot be read: {error}", file.display())
                })?;
                utf8(text)?
            }
            (None, Some(filter)) => utf8(filter.as_encoded_bytes().to_vec())?,
            // `--args FILTER VALUE…`: as in jq, the first is the filter.
            (None, None) if !positional.is_empty() => positional.remove(0),
            (None, None) => return Err("no filter: give one, for instance .repositories".into()),
        };
        if !inputs.is_empty() && !args.source.command.is_empty() {
            return Err("give inputs or a command, not both".into());
        }
        let variables = variables(args, &positional)?;
        Ok(Self {
            text,
            variables,
            inputs,
        })
    }

    /// # Errors
    ///
    /// Where the text is no filter.
    pub fn compile(&self) -> Result<Filter, CompileError> {
        let names: Vec<_> = self
            .variables
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        Filter::compile(&self.text, &names)
    }

    /// The values of the variables.
    pub fn values(&self) -> impl Iterator<Item = Value> {
        self.variables
            .iter()
            // They were read before.
            .map(|(_, json)| Value::read(json).unwrap_or(Value::NULL))
    }
}

fn utf8(text: Vec<u8>) -> Result<String, String> {
    String::from_utf8(text).map_err(|_| "the filter is not UTF-8".into())
}

/// `$NAME` of `--arg` and `--argjson`, and `$ARGS`.
fn variables(args: &Jq, positional: &[String]) -> Result<Vec<(String, Vec<u8>)>, String> {
    let mut variables = Vec::new();
    for pair in args.arg.chunks_exact(2) {
        let [name, value] = pair else { continue };
        variables.push((named("--arg", name)?, json(value)));
    }
    for pair in args.argjson.chunks_exact(2) {
        let [name, value] = pair else { continue };
        check(value).map_err(|error| format!("--argjson {name}: {error}"))?;
        variables.push((named("--argjson", name)?, value.clone().into_bytes()));
    }
    // As in jq, the first of a name counts.
    let mut seen = HashSet::new();
    variables.retain(|(name, _)| seen.insert(name.clone()));
    let mut positionals = Vec::new();
    for value in positional {
        positionals.push(if args.jsonargs.is_empty() {
            json(value)
        } else {
            check(value).map_err(|error| format!("--jsonargs {value:?}: {error}"))?;
            value.clone().into_bytes()
        });
    }
    let members: Vec<_> = variables
        .iter()
        .map(|(name, value)| [json(name), value.clone()].join(&b':'))
        .collect();
    let all = [
        b"{\"positional\":[".to_vec(),
        positionals.join(&b','),
        b"],\"named\":{".to_vec(),
        members.join(&b','),
        b"}}".to_vec(),
    ];
    variables.push(("ARGS".into(), all.concat()));
    Ok(variables)
}

fn named(option: &str, name: &str) -> Result<String, String> {
    // The prelude needs its own.
    if matches!(name, "now" | "ARGS") {
        return Err(format!("{option} {name}: ${name} is set by borgq"));
    }
    Ok(name.to_owned())
}

fn json(text: &str) -> Vec<u8> {
    serde_json::Value::from(text).to_string().into_bytes()
}

/// Whether a text is JSON. Nothing of it is kept: values stay on one thread.
fn check(text: &str) -> Result<(), String> {
    Value::read(text.as_bytes())
        .map(drop)
        .map_err(|error| format!("it is no JSON: {error}"))
}
