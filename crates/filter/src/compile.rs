//! From text to a filter.

use jaq_core::Compiler;
use jaq_core::compile::Undefined;
use jaq_core::load::parse::Def;
use jaq_core::load::{self, Arena, File, Loader};

use crate::error::CompileError;
use crate::native::{self, Kind};
use crate::needs::Needs;
use crate::parse::Parsed;

/// What jq defines and jaq does not.
const JQ: &str = include_str!("jq.jq");
/// What is ours.
const PRELUDE: &str = include_str!("prelude.jq");

/// Longer texts could be nested deeper than a stack has room for.
const LONGEST: usize = 100_000;

/// A compiled filter.
pub struct Filter {
    pub(crate) filter: jaq_core::Filter<Kind>,
    reads_inputs: bool,
    updates: bool,
    needs: Needs,
}

impl Filter {
    /// Compiles a filter that may use the variables, named without `$`.
    ///
    /// `$now` is always there.
    ///
    /// # Errors
    ///
    /// If the text is no filter, or one that is refused. The error shows where.
    ///
    /// ```
    /// use borgq_filter::Filter;
    ///
    /// let error = Filter::compile(".archives[", &[]).err().unwrap();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "expected closing bracket, found the end (line 1, column 11)\n\
    ///      \x20 .archives[\n\
    ///      \x20           ^"
    /// );
    /// ```
    pub fn compile(text: &str, variables: &[&str]) -> Result<Self, CompileError> {
        if text.len() > LONGEST {
            let message = format!("it is longer than {LONGEST} bytes");
            return Err(CompileError::new(text, text, message));
        }
        let Parsed {
            main,
            reads_inputs,
            updates,
        } = Parsed::of(text).ok_or_else(|| wrong(text))?;
        let needs = match reads_inputs {
            // Nobody knows what becomes of these.
            true => Needs::ALL.clone(),
            false => Needs::of(&main.body, Needs::ALL.clone()),
        };
        let file = File {
            code: main.name,
            path: (),
        };
        let arena = Arena::default();
        let mut definitions: Vec<Def<&str>> = definitions();
        definitions.push(main);
        let modules = Loader::new(definitions)
            .load(&arena, file)
            .map_err(|errors| load_error(text, errors))?;
        let variables: Vec<_> = std::iter::once(&"now")
            .chain(variables)
            .map(|name| format!("${name}"))
            .collect();
        let filter = Compiler::default()
            .with_funs(native::all())
            .with_global_vars(variables.iter().map(String::as_str))
            .compile(modules)
            .map_err(|errors| {
                let undefined = errors.into_iter().flat_map(|(_, errors)| errors);
                first(
                    text,
                    undefined.map(|(name, kind)| (name, undefined_text(name, &kind))),
                )
            })?;
        Ok(Self {
            filter,
            reads_inputs,
            updates,
            needs,
        })
    }

    /// Whether the filter may ask for inputs itself, with `input` or `inputs`.
    #[must_use]
    pub const fn reads_inputs(&self) -> bool {
        self.reads_inputs
    }

    /// How much the filter sees of its inputs.
    #[must_use]
    pub const fn needs(&self) -> &Needs {
        &self.needs
    }

    /// Whether the filter may change parts of its input. It then takes less time
    /// and memory if nobody else holds that.
    #[must_use]
    pub const fn updates(&self) -> bool {
        self.updates
    }
}

/// All definitions in jq's language, the later ones over the earlier.
fn definitions() -> Vec<Def<&'static str>> {
    let own = [JQ, PRELUDE]
        .into_iter()
        .flat_map(|code| load::parse(code, |parser| parser.defs()).unwrap_or_default());
    jaq_core::defs()
        .chain(jaq_std::defs())
        .chain(jaq_json::defs())
        .filter(|def| !native::is_refused(def.name))
        .chain(own)
        .collect()
}

/// What is wrong with a text that is no filter.
fn wrong(text: &str) -> CompileError {
    let arena = Arena::default();
    let file = File {
        code: text,
        path: (),
    };
    let loaded = Loader::new([]).load(&arena, file);
    // Data modules: they have a variable and are looked up only here.
    let looked_up = loaded.and_then(|modules| load::import(&modules, |_| Err(String::new())));
    match looked_up {
        Err(errors) => load_error(text, errors),
        Ok(()) => CompileError::new(text, text, MODULES.into()),
    }
}

const MODULES: &str = "modules are refused: a filter cannot read files";

/// The error that stands first in the text.
fn first<'a>(text: &str, errors: impl IntoIterator<Item = (&'a str, String)>) -> CompileError {
    errors
        .into_iter()
        .map(|(found, message)| CompileError::new(text, found, message))
        .min_by_key(CompileError::place)
        .unwrap_or_else(|| CompileError::new(text, text, "it is no filter".into()))
}

fn load_error(text: &str, errors: load::Errors<&str, ()>) -> CompileError {
    let errors = errors.into_iter().flat_map(|(_, error)| match error {
        load::Error::Io(modules) => modules
            .into_iter()
            .map(|(path, _)| (path, MODULES.to_owned()))
            .collect(),
        load::Error::Lex(errors) => errors
            .into_iter()
            .map(|(expected, found)| {
                let shown: String = found.chars().take(1).collect();
                (found, expectation(expected.as_str(), &shown))
            })
            .collect(),
        load::Error::Parse(errors) => errors
            .into_iter()
            .map(|(expected, found)| (found, expectation(expected.as_str(), found)))
            .collect::<Vec<_>>(),
    });
    first(text, errors)
}

fn expectation(expected: &str, found: &str) -> String {
    const SHOWN: usize = 20;
    let expected = match expected {
        "nothing" => "the end",
        "term" => "a term",
        other => other,
    };
    if found.is_empty() {
        return format!("expected {expected}, found the end");
    }
    let mut shown: String = found.chars().take(SHOWN).collect();
    if shown.len() < found.len() {
        shown.push('…');
    }
    format!("expected {expected}, found {shown:?}")
}

fn undefined_text(name: &str, kind: &Undefined) -> String {
    let refused = match (name, kind) {
        ("$ENV" | "$__prog_args", _) | ("env", Undefined::Filter(_)) => {
            "a filter cannot read the environment, give it what it needs as a variable"
        }
        ("input_filename" | "input_line_number", Undefined::Filter(_)) => {
            "a filter is not told where its input comes from"
        }
        ("halt" | "halt_error", Undefined::Filter(_)) => {
            "a filter cannot end the program, as that would hide what went wrong before: \
             use error(\"…\") to fail, first(…) or limit(…; …) to stop early"
        }
        ("localtime" | "strflocaltime", Undefined::Filter(_)) => {
            "a filter does not know the time zone: use gmtime or strftime, which are in UTC"
        }
        ("modulemeta" | "get_search_list", Undefined::Filter(_)) => MODULES,
        ("$__loc__", _) => "the place of an error is shown anyway",
        ("reduce" | "foreach", Undefined::Filter(count)) => {
            return format!("{name} has not {count} parts");
        }
        (_, Undefined::Filter(0)) => return format!("{name} is not defined"),
        (_, Undefined::Filter(count)) => {
            return format!("{name} is not defined with {count} arguments");
        }
        _ => return format!("{} {name} is not defined", kind.as_str()),
    };
    format!("{name} is refused: {refused}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refuses(text: &str, why: &str) {
        let error = Filter::compile(text, &["given"]).err().unwrap();
        let shown = error.to_string();
        assert_eq!(shown.lines().next(), Some(why), "{text}");
        assert!(shown.ends_with('^'), "{shown}");
    }

    #[test]
    fn our_own_definitions_are_read() {
        for code in [JQ, PRELUDE] {
            assert!(load::parse(code, |parser| parser.defs()).is_some());
        }
    }

    #[test]
    fn a_wrong_filter_is_refused_with_its_place() {
        refuses(
            &format!(".{}", " ".repeat(LONGEST)),
            "it is longer than 100000 bytes (line 1, column 1)",
        );
        refuses(".a |", "expected a term, found the end (line 1, column 5)");
        refuses("1 2", "expected the end, found \"2\" (line 1, column 3)");
        refuses(
            ".a\n| nope(1)",
            "nope is not defined with 1 arguments (line 2, column 3)",
        );
        refuses("nope", "nope is not defined (line 1, column 1)");
        refuses(
            "\"é\" | $x",
            "variable $x is not defined (line 1, column 7)",
        );
        refuses(
            "\"abc",
            "expected closing quote, found the end (line 1, column 5)",
        );
        refuses(". §", "expected token, found \"§\" (line 1, column 3)");
        refuses("break $x", "label $x is not defined (line 1, column 7)");
        refuses("a::b", "module a is not defined (line 1, column 1)");
    }

    #[test]
    fn what_a_filter_may_not_do_is_refused_with_a_sentence() {
        let environment =
            "a filter cannot read the environment, give it what it needs as a variable";
        refuses(
            "env",
            &format!("env is refused: {environment} (line 1, column 1)"),
        );
        refuses(
            "env.HOME",
            &format!("env is refused: {environment} (line 1, column 1)"),
        );
        refuses(
            ". | $ENV.HOME",
            &format!("$ENV is refused: {environment} (line 1, column 5)"),
        );
        refuses(
            "$__prog_args",
            &format!("$__prog_args is refused: {environment} (line 1, column 1)"),
        );
        let modules = "modules are refused: a filter cannot read files (line 1, column 9)";
        refuses("import \"a\" as a; .", modules);
        refuses("import \"a\" as $a; .", modules);
        refuses(
            "include \"a\"; .",
            &modules.replace("column 9", "column 10"),
        );
        refuses("module {a: 1}; .", &modules.replace("column 9", "column 1"));
        refuses(
            "[$__loc__]",
            "$__loc__ is refused: the place of an error is shown anyway (line 1, column 2)",
        );
        refuses(
            "input_filename",
            "input_filename is refused: a filter is not told where its input comes from \
             (line 1, column 1)",
        );
        for halt in ["halt", "halt_error", "halt_error(0)", "halt(0)"] {
            refuses(
                halt,
                &format!(
                    "{} is refused: a filter cannot end the program, as that would hide what \
                     went wrong before: use error(\"…\") to fail, first(…) or limit(…; …) to \
                     stop early (line 1, column 1)",
                    halt.trim_end_matches("(0)")
                ),
            );
        }
        for local in ["localtime", "strflocaltime(\"%H\")"] {
            let error = Filter::compile(local, &[]).err().unwrap().to_string();
            assert!(error.contains("does not know the time zone"), "{error}");
        }
    }

    #[test]
    fn the_caret_stands_under_the_place_behind_wide_characters() {
        let error = Filter::compile("\"漢字\" | nope", &[]).err().unwrap();
        assert_eq!(
            error.to_string(),
            "nope is not defined (line 1, column 8)\n  \"漢字\" | nope\n           ^"
        );
    }

    #[test]
    fn the_first_of_several_errors_is_shown() {
        let error = Filter::compile("nope1 | nope2", &[]).err().unwrap();
        assert_eq!((error.line(), error.column()), (1, 1));
    }

    #[test]
    fn a_filter_that_asks_for_inputs_is_known() {
        let reads = |text| Filter::compile(text, &[]).unwrap().reads_inputs();
        assert!(reads("[inputs]"));
        assert!(reads("\"\\(input)\""));
        assert!(reads("{a: (1 | input)}"));
        assert!(!reads("\"inputs\" | .input"));
        assert!(!reads(". # inputs"));
    }

    #[test]
    fn a_filter_that_changes_parts_is_known() {
        let updates = |text| Filter::compile(text, &[]).unwrap().updates();
        for text in [
            ".a = 1",
            ".[] |= . + 1",
            ".a //= 1",
            "[.b += 1]",
            "\"\\(del(.a))\"",
            "map(map_values(1))",
        ] {
            assert!(updates(text), "{text}");
        }
        for text in [
            ".a == 1",
            "map(select(.a >= 1 and .b != 2))",
            "{a: 1 <= 2}",
            "\"|=\"",
            ".del",
        ] {
            assert!(!updates(text), "{text}");
        }
    }
}
