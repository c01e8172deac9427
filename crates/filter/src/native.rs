//! What a filter can call that is not written in jq's language.

use jaq_core::native::{self, Fun, v};
use jaq_core::{Cv, DataT, Error, Exn, Lut, RunPtr, data};
use jaq_json::Val;

use crate::run::{Given, Message};
use crate::stack;
use crate::value::Value;
use crate::write::Layout;

/// A function that filters are given from outside, from a value to a value or a
/// sentence that says why not.
///
/// It has a name, and `prelude.jq` calls it as `_given("name")`.
pub type Function = fn(Value) -> Result<Value, String>;

/// The kind of data that filters run on.
#[derive(Debug)]
pub struct Kind;

impl DataT for Kind {
    type V<'a> = Val;
    type Data<'a> = Data<'a>;
}

/// The data of a run.
#[derive(Clone, Copy)]
pub struct Data<'a> {
    pub(crate) lut: &'a Lut<Kind>,
    pub(crate) given: &'a Given,
}

impl<'a> data::HasLut<'a, Kind> for Data<'a> {
    fn lut(&self) -> &'a Lut<Kind> {
        self.lut
    }
}

/// Whether a filter of jaq's own libraries is left out: it reads the clock, the
/// zone or the environment, ends the program, makes what is no JSON, or is
/// replaced below.
pub fn is_refused(name: &str) -> bool {
    matches!(
        name,
        "env"
            | "now"
            | "localtime"
            | "strflocaltime"
            | "halt"
            | "halt_error"
            | "tobytes"
            | "fromjson"
            | "tojson"
            | "type"
            | "todate"
            | "debug_empty"
            | "stderr_empty"
    )
}

/// `jq.jq` defines these otherwise, by means of jaq's own.
fn renamed(name: &'static str) -> &'static str {
    match name {
        "ltrimstr" => "_ltrimstr",
        "rtrimstr" => "_rtrimstr",
        "gmtime" => "_gmtime",
        "strftime" => "_strftime",
        "todateiso8601" => "_todateiso8601",
        name => name,
    }
}

/// All of them.
pub fn all() -> impl Iterator<Item = Fun<Kind>> {
    jaq_core::funs()
        .chain(jaq_std::funs())
        .chain(jaq_json::funs())
        .filter(|(name, ..)| !is_refused(name))
        .map(|(name, arguments, native)| (renamed(name), arguments, native))
        .chain(own().map(native::run::<Kind>))
}

type Own = native::Filter<RunPtr<Kind>>;

fn own() -> impl Iterator<Item = Own> {
    let own: [Own; 9] = [
        ("_is_deep", v(0), |_| {
            native::bome(Ok(Val::from(stack::is_nearly_full())))
        }),
        ("input", v(0), |cv| {
            let next = cv.0.data().given.next_input();
            native::bome(
                next.map(|value| value.0)
                    .ok_or_else(|| Error::str("no more inputs")),
            )
        }),
        ("inputs", v(0), |cv| {
            let given = cv.0.data().given;
            Box::new(std::iter::from_fn(move || given.next_input()).map(|value| Ok(value.0)))
        }),
        // jaq's own has no limit of depth, takes more than JSON, and any
        // number of values.
        ("fromjson", v(0), |cv| {
            let text = cv.1.try_as_utf8_bytes_owned();
            native::bome(text.and_then(|text| {
                Value::read(&text)
                    .map(|value| value.0)
                    .map_err(|error| Error::str(format_args!("{error} (while parsing JSON)")))
            }))
        }),
        // jaq's own writes what is no JSON, and whole numbers with a point.
        ("tojson", v(0), |cv| {
            let mut json = Vec::new();
            let layout = Layout {
                escape: |c| c == '\u{7f}',
                ..Layout::default()
            };
            let written = layout.write(&Value(cv.1), &mut json);
            native::bome(match written {
                Ok(()) => Ok(Val::utf8_str(json)),
                Err(error) => Err(Error::str(error)),
            })
        }),
        // jaq's own is a row of comparisons, and compares objects key by key.
        ("type", v(0), |cv| {
            native::bome(Ok(Val::from(Value(cv.1).type_name().to_owned())))
        }),
        ("debug_empty", v(0), |cv| tell(cv, Message::Debug)),
        ("stderr_empty", v(0), |cv| tell(cv, Message::Stderr)),
        ("_given", v(1), |mut cv| {
            let name = Value(cv.0.pop_var());
            let name = name.as_str().unwrap_or_default();
            let result = match cv.0.data().given.function(&name) {
                Some(function) => function(Value(cv.1)).map(|value| value.0),
                None => Err(format!("there is no function {name:?}")),
            };
            native::bome(result.map_err(Error::str))
        }),
    ];
    own.into_iter()
}

fn tell<'a>(cv: Cv<'a, Kind>, message: fn(Value) -> Message) -> jaq_core::ValXs<'a, Val> {
    cv.0.data().given.tell(message(Value(cv.1)));
    Box::new(std::iter::empty::<Result<Val, Exn<'a, Val>>>())
}
