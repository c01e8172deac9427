//! Runs a filter over values.

use std::cell::RefCell;

use jaq_core::{Ctx, Vars};

use crate::compile::Filter;
use crate::error::RunError;
use crate::native::{Data, Function, Kind};
use crate::value::Value;

/// What a filter is given from outside.
///
/// ```
/// use borgq_filter::{Filter, Host, Value};
///
/// let filter = Filter::compile("[$now, input, (\"26h\" | _given(\"length\"))]", &[])?;
/// let host = Host {
///     now: Value::from(1_740_916_800),
///     inputs: Box::new([Value::NULL, Value::from(2)].into_iter()),
///     functions: &[("length", |value| match value.as_str() {
///         Some(text) => Ok(Value::from(text.len() as i64)),
///         None => Err("no text".into()),
///     })],
///     ..Host::default()
/// };
/// let run = filter.start(host, []);
/// let input = run.next_input().unwrap_or(Value::NULL);
/// let output = run.outputs(input).next().unwrap()?;
/// assert_eq!(output, Value::read(b"[1740916800, 2, 3]")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Host {
    /// `$now`: the present time in seconds since 1970.
    pub now: Value,
    /// The values that [`Run::next_input`] and the filter's own `input` and
    /// `inputs` take.
    pub inputs: Box<dyn Iterator<Item = Value>>,
    /// The functions that `prelude.jq` needs, by name.
    pub functions: &'static [(&'static str, Function)],
    /// Takes what the filter says with `debug` and `stderr`.
    pub messages: Box<dyn Fn(Message)>,
}

impl Default for Host {
    /// 1970, no inputs, no functions, and nobody who listens.
    fn default() -> Self {
        Self {
            now: Value::from(0),
            inputs: Box::new(std::iter::empty()),
            functions: &[],
            messages: Box::new(|_| ()),
        }
    }
}

/// What a filter says beside its outputs.
#[derive(Debug)]
pub enum Message {
    /// From `debug`: jq prints `["DEBUG:",VALUE]` and a newline.
    Debug(Value),
    /// From `stderr`: jq prints the value as it is.
    Stderr(Value),
}

/// What natives can reach.
pub struct Given {
    inputs: RefCell<Box<dyn Iterator<Item = Value>>>,
    functions: &'static [(&'static str, Function)],
    messages: Box<dyn Fn(Message)>,
}

impl Given {
    pub(crate) fn next_input(&self) -> Option<Value> {
        // It cannot be borrowed twice: inputs do not run filters.
        self.inputs.try_borrow_mut().ok()?.next()
    }

    pub(crate) fn function(&self, name: &str) -> Option<Function> {
        let mut functions = self.functions.iter();
        functions
            .find(|(known, _)| *known == name)
            .map(|(_, function)| *function)
    }

    pub(crate) fn tell(&self, message: Message) {
        (self.messages)(message);
    }
}

/// A filter with its variables bound.
pub struct Run<'f> {
    filter: &'f Filter,
    given: Given,
    variables: Vars<jaq_json::Val>,
}

impl Filter {
    /// Binds the variables, in the order in which [`Filter::compile`] got their
    /// names. There must be as many.
    #[must_use]
    pub fn start(&self, host: Host, variables: impl IntoIterator<Item = Value>) -> Run<'_> {
        let values = std::iter::once(host.now).chain(variables);
        Run {
            filter: self,
            variables: Vars::new(values.map(|value| value.0)),
            given: Given {
                inputs: RefCell::new(host.inputs),
                functions: host.functions,
                messages: host.messages,
            },
        }
    }
}

impl Run<'_> {
    /// The next of the inputs, unless the filter took them all.
    #[must_use]
    pub fn next_input(&self) -> Option<Value> {
        self.given.next_input()
    }

    /// What the filter makes of a value. The first error is the last item.
    pub fn outputs(&self, input: Value) -> impl Iterator<Item = Result<Value, RunError>> {
        let data = Data {
            lut: &self.filter.filter.lut,
            given: &self.given,
        };
        let context = Ctx::<Kind>::new(data, self.variables.clone());
        let mut outputs = self.filter.filter.id.run((context, input.0));
        let mut failed = false;
        std::iter::from_fn(move || {
            if failed {
                return None;
            }
            let output = outputs.next()?;
            failed = output.is_err();
            Some(output.map(Value).map_err(|exception| {
                exception
                    .get_err()
                    .map_or_else(|_| RunError::unknown(), RunError::new)
            }))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::Layout;
    use std::rc::Rc;

    fn outputs(text: &str, host: Host) -> (Vec<String>, Option<String>) {
        let filter = Filter::compile(text, &[]).unwrap();
        let run = filter.start(host, []);
        let (mut lines, mut error) = (Vec::new(), None);
        for output in run.outputs(Value::NULL) {
            match output {
                Ok(value) => {
                    let mut line = Vec::new();
                    Layout::default().write(&value, &mut line).unwrap();
                    lines.push(String::from_utf8(line).unwrap());
                }
                Err(failed) => error = Some(failed.to_string()),
            }
        }
        (lines, error)
    }

    #[track_caller]
    fn fails(text: &str, lines: &[&str], error: &str) {
        let (found, failed) = outputs(text, Host::default());
        assert_eq!(found, lines, "{text}");
        assert_eq!(failed.as_deref(), Some(error), "{text}");
    }

    #[test]
    fn an_error_is_the_last_output() {
        fails("1, error(\"x\"), 2", &["1"], "x");
        fails("error({a: 1})", &[], "{\"a\":1} (not a string)");
        fails("error(null)", &[], "null (not a string)");
        fails("error([nan])", &[], "with a value that cannot be JSON");
        fails("{} | keys | .[\"a\"]", &[], "cannot index [] with \"a\"");
        fails("1 | _given(\"x\")", &[], "there is no function \"x\"");
        fails("input", &[], "no more inputs");
        fails(
            "\"[1\" | fromjson",
            &[],
            "EOF while parsing a list at line 1 column 2 (while parsing JSON)",
        );
        fails(
            "[nan] | tojson",
            &[],
            "the output cannot be JSON: .[0] is not a number",
        );
    }

    #[test]
    fn a_recursion_without_end_is_an_error() {
        let too_deep = Some("the filter recurses too deeply".to_owned());
        for text in [
            "def f: 1 + f; f",
            "def f: [f]; f",
            "def f($x): def g: {a: f($x)}; g; f(1)",
            "\"\\(def f: 1 + f; f)\"",
        ] {
            let run = || outputs(text, Host::default());
            let said = crate::on_large_stack(run, || ()).unwrap();
            assert_eq!(said, (Vec::new(), too_deep.clone()), "{text}");
        }
    }

    #[test]
    fn definitions_recurse_far_and_remain_paths() {
        let text = "0 | def f: if . < 100000 then . + 1 | f else . end; f, \
                    ({a: {a: 1}} | def g: .a | if type == \"object\" then g else . end; \
                    path(g), (g |= 2))";
        let run = || outputs(text, Host::default());
        let (lines, error) = crate::on_large_stack(run, || ()).unwrap();
        assert_eq!(error, None);
        assert_eq!(lines, ["100000", "[\"a\",\"a\"]", "{\"a\":{\"a\":2}}"]);
    }

    #[test]
    fn what_is_not_a_number_becomes_no_text_either() {
        for text in [
            "\"\\(nan)\"",
            "{\"a\\([infinite])\": 1}",
            "@html \"\\(infinite)\"",
            "nan | @uri",
            "[nan] | @sh",
            "[nan] | @base64",
            "1e1000 | tostring",
            "nan | todate",
            "infinite | strftime(\"%Y\")",
        ] {
            let (lines, error) = outputs(text, Host::default());
            assert_eq!(lines, Vec::<String>::new(), "{text}");
            assert!(error.is_some(), "{text}");
        }
    }

    #[test]
    fn numbers_in_a_text_are_those_of_outputs() {
        let text = r#""\(4 / 2) \([1e3, 4 / 2]) \("\(2 * 2.0)") \(1 as $x | $x, 2)""#;
        let (lines, error) = outputs(text, Host::default());
        assert_eq!(error, None);
        let want = [1, 2].map(|last| format!("\"2 [1e3,2] 4 {last}\""));
        assert_eq!(lines, want);
    }

    #[test]
    fn no_filter_changes_nothing() {
        for text in ["", " ", "# nothing"] {
            assert_eq!(outputs(text, Host::default()), (vec!["null".into()], None));
        }
    }

    #[test]
    fn the_text_of_an_error_is_short() {
        let (_, error) = outputs("error(\"é\" * 1000)", Host::default());
        assert_eq!(error, Some(format!("{}…", "é".repeat(300))));
    }

    #[test]
    fn debug_and_stderr_are_told_and_change_nothing() {
        let told = Rc::new(RefCell::new(Vec::new()));
        let tell = Rc::clone(&told);
        let host = Host {
            messages: Box::new(move |message| tell.borrow_mut().push(format!("{message:?}"))),
            ..Host::default()
        };
        let (lines, error) = outputs("1 | debug | stderr | debug(\"x\")", host);
        assert_eq!((lines, error), (vec!["1".to_owned()], None));
        let told = told.borrow();
        assert_eq!(told.len(), 3);
        assert!(
            told[0].starts_with("Debug") && told[1].starts_with("Stderr"),
            "{told:?}"
        );
    }

    #[test]
    fn inputs_are_taken_once() {
        let three = || (1..=3).map(Value::from);
        let host = |inputs| Host {
            inputs,
            ..Host::default()
        };
        let (lines, _) = outputs("[input, input], [inputs]", host(Box::new(three())));
        assert_eq!(lines, ["[1,2]", "[3]"]);
        let (lines, _) = outputs("first(inputs), [inputs]", host(Box::new(three())));
        assert_eq!(lines, ["1", "[2,3]"]);
    }
}
