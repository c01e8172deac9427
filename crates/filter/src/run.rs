//! Runs a filter over values.

use std::cell::RefCell;

use jaq_core::{Ctx, Vars};

use crate::compile::Filter;
use crate::error::RunError;
use crate::native::{Data, Function, Kind};
use crate::value::Value;

/// What a filter is given from outside.
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
