//! [`Needs`]: how much of its input a filter can see.
//!
//! What it cannot see need not be made. All that is not known here sees
//! everything.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Pattern, Term};
use jaq_core::path::Part;

/// How much of a value is seen, so that outputs and errors are the same if the
/// rest is not there.
///
/// ```
/// use borgq_filter::{Bytes, Filter, Value};
///
/// let filter = Filter::compile("[.archives[].time] | max", &[])?;
/// let json = Bytes::from_static(br#"{"a": 1, "archives": [{"id": "c0", "time": "2025"}]}"#);
/// let (value, _) = Value::read_needed(&json, filter.needs())?;
/// assert_eq!(value, Value::read(br#"{"archives": [{"time": "2025"}]}"#)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs(Need);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Need {
    All,
    Parts {
        /// The members of an object that are asked for by name.
        members: Vec<(String, Needs)>,
        /// Each item of an array, or member of an object, if all are asked for.
        items: Option<Box<Needs>>,
        /// Whether an object is seen whole, because an error shows it.
        list: bool,
    },
}

impl Needs {
    /// Everything.
    pub const ALL: &'static Self = &Self(Need::All);

    /// Only the kind of the value, and it if it is neither array nor object.
    const fn nothing() -> Self {
        Self(Need::Parts {
            members: Vec::new(),
            items: None,
            list: false,
        })
    }

    fn member_of(key: &str, needs: Self) -> Self {
        let members = vec![(key.to_owned(), needs)];
        Self(Need::Parts {
            members,
            items: None,
            list: false,
        })
        .if_small()
    }

    fn items_of(needs: Self) -> Self {
        Self::all_of(needs, false)
    }

    /// Each item of an array. What is none is an error.
    fn list_of(needs: Self) -> Self {
        Self::all_of(needs, true)
    }

    fn all_of(needs: Self, list: bool) -> Self {
        Self(Need::Parts {
            members: Vec::new(),
            items: Some(Box::new(needs)),
            list,
        })
        .if_small()
    }

    /// Everything in place of what would take long to look things up in, or to
    /// make.
    fn if_small(self) -> Self {
        const MOST: usize = 64;
        match self.size() > MOST {
            true => Self(Need::All),
            false => self,
        }
    }

    fn size(&self) -> usize {
        match &self.0 {
            Need::All => 1,
            Need::Parts { members, items, .. } => {
                let members = members.iter().map(|(_, needs)| needs.size());
                1 + members.sum::<usize>() + items.as_ref().map_or(0, |needs| needs.size())
            }
        }
    }

    /// What is seen of a member of an object, if anything.
    #[must_use]
    pub fn member(&self, key: &[u8]) -> Option<&Self> {
        let Need::Parts {
            members,
            items,
            list: false,
        } = &self.0
        else {
            return Some(Self::ALL);
        };
        let mut named = members.iter().filter(|(name, _)| name.as_bytes() == key);
        match (named.next(), items) {
            (None, items) => items.as_deref(),
            (Some((_, needs)), None) => Some(needs),
            (Some(_), Some(_)) => Some(Self::ALL),
        }
    }

    /// What is seen of each item of an array, if anything.
    #[must_use]
    pub fn item(&self) -> Option<&Self> {
        match &self.0 {
            Need::Parts { members, items, .. } if members.is_empty() => items.as_deref(),
            // That an array has no members is an error that shows it.
            _ => Some(Self::ALL),
        }
    }

    fn and(self, other: Self) -> Self {
        let (
            Need::Parts {
                mut members,
                items,
                list,
            },
            Need::Parts {
                members: more,
                items: others,
                list: lists,
            },
        ) = (self.0, other.0)
        else {
            return Self(Need::All);
        };
        for (key, needs) in more {
            match members.iter().position(|(known, _)| *known == key) {
                Some(at) => {
                    let (_, known) = members.swap_remove(at);
                    members.push((key, known.and(needs)));
                }
                None => members.push((key, needs)),
            }
        }
        let items = match (items, others) {
            (Some(one), Some(other)) => Some(Box::new(one.and(*other))),
            (one, other) => one.or(other),
        };
        Self(Need::Parts {
            members,
            items,
            list: list || lists,
        })
        .if_small()
    }

    /// What a term sees of its input, if so much is seen of its outputs.
    pub(crate) fn of(term: &Term<&str>, outputs: Self) -> Self {
        let all = || Self(Need::All);
        let of_both = |one, other, outputs: Self| {
            Self::of(one, outputs.clone()).and(Self::of(other, outputs))
        };
        match term {
            Term::Id => outputs,
            Term::Num(_) | Term::Var(_) | Term::Break(_) | Term::Arr(None) => Self::nothing(),
            Term::Str(_, parts) => parts
                .iter()
                .fold(Self::nothing(), |needs, part| match part {
                    StrPart::Term(term) => needs.and(Self::of(term, all())),
                    _ => needs,
                }),
            Term::Arr(Some(items)) => match outputs.item() {
                Some(seen) => Self::of(items, seen.clone()),
                None => Self::of(items, Self::nothing()),
            },
            Term::Obj(members) => members.iter().fold(Self::nothing(), |needs, member| {
                needs.and(match member {
                    (Term::Var(_), None) => Self::nothing(),
                    (key, None) => match text(key) {
                        Some(key) => Self::member_of(key, all()),
                        None => all(),
                    },
                    (key, Some(value)) => of_both(key, value, all()),
                })
            }),
            Term::Neg(term) => Self::of(term, all()),
            Term::Label(_, term) | Term::TryCatch(term, _) => Self::of(term, outputs),
            Term::BinOp(left, operator, right) => match operator {
                BinaryOp::Pipe(None) => Self::of(left, Self::of(right, outputs)),
                BinaryOp::Pipe(Some(Pattern::Var(_))) => {
                    Self::of(left, all()).and(Self::of(right, outputs))
                }
                BinaryOp::Comma | BinaryOp::Alt => of_both(left, right, outputs),
                BinaryOp::Or | BinaryOp::And | BinaryOp::Math(_) | BinaryOp::Cmp(_) => {
                    of_both(left, right, all())
                }
                _ => all(),
            },
            Term::IfThenElse(cases, other) => {
                let other = match other {
                    Some(other) => Self::of(other, outputs.clone()),
                    None => outputs.clone(),
                };
                cases.iter().fold(other, |needs, (condition, then)| {
                    let condition = Self::of(condition, all());
                    needs.and(condition).and(Self::of(then, outputs.clone()))
                })
            }
            Term::Path(term, path) => {
                let parts = path.0.iter().rev();
                let seen = parts.fold(outputs, |needs, (part, _)| match part {
                    Part::Index(Term::Num(_)) | Part::Range(None, None) => Self::items_of(needs),
                    Part::Index(key) => match text(key) {
                        Some(key) => Self::member_of(key, needs),
                        None => all(),
                    },
                    Part::Range(..) => all(),
                });
                // What else stands between brackets sees the input.
                let known = |part: &Part<Term<&str>>| match part {
                    Part::Index(index) => matches!(index, Term::Num(_)) || text(index).is_some(),
                    Part::Range(from, to) => from.is_none() && to.is_none(),
                };
                match path.0.iter().all(|(part, _)| known(part)) {
                    true => Self::of(term, seen),
                    false => all(),
                }
            }
            Term::Call(name, arguments) => Self::of_call(name, arguments, outputs),
            _ => all(),
        }
    }

    /// The same of filters that everybody uses. Nobody has defined them
    /// otherwise: a term with definitions sees everything.
    fn of_call(name: &str, arguments: &[Term<&str>], outputs: Self) -> Self {
        let all = || Self(Need::All);
        match (name, arguments) {
            ("empty" | "type" | "not", []) => Self::nothing(),
            ("length", []) => Self::items_of(Self::nothing()),
            ("map", [f]) => {
                let seen = outputs.item().cloned();
                Self::items_of(Self::of(f, seen.unwrap_or_else(Self::nothing)))
            }
            ("any" | "all", [f]) => Self::items_of(Self::of(f, all())),
            ("sort_by" | "unique_by" | "group_by", [f]) => {
                let item = match name {
                    "group_by" => outputs.item().and_then(Self::item),
                    _ => outputs.item(),
                };
                let seen = item.cloned().unwrap_or_else(Self::nothing);
                Self::list_of(Self::of(f, all()).and(seen))
            }
            ("min_by" | "max_by", [f]) => Self::list_of(Self::of(f, all()).and(outputs)),
            ("select", [f]) => Self::of(f, all()).and(outputs),
            ("first", [f]) => Self::of(f, outputs),
            ("limit", [count, f]) => Self::of(count, all()).and(Self::of(f, outputs)),
            _ => all(),
        }
    }
}

/// The text of a string without terms in it.
fn text<'a>(term: &Term<&'a str>) -> Option<&'a str> {
    match term {
        Term::Str(None, parts) => match parts.as_slice() {
            [StrPart::Str(text)] => Some(text),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::{Bytes, Filter, Host, Layout, Value, on_large_stack};
    use proptest::prelude::*;

    #[track_caller]
    fn leaves(filter: &str, json: &'static str, left: &str) {
        let filter = Filter::compile(filter, &["x"]).unwrap();
        let json = Bytes::from_static(json.as_bytes());
        let (value, _) = Value::read_needed(&json, filter.needs()).unwrap();
        assert_eq!(value, Value::read(left.as_bytes()).unwrap());
    }

    const LIST: &str =
        r#"{"a": [{"id": 1, "t": [2]}, {"id": 3, "u": 0}], "b": {"c": 4, "d": 5}, "e": 6}"#;

    #[test]
    fn what_a_filter_cannot_see_is_left_out() {
        leaves("[.a[].id] | max", LIST, r#"{"a": [{"id": 1}, {"id": 3}]}"#);
        leaves(".a | length", LIST, r#"{"a": [{}, {}]}"#);
        leaves(".b.c, .e", LIST, r#"{"b": {"c": 4}, "e": 6}"#);
        leaves(
            ".a | map({id}) | .[0]",
            LIST,
            r#"{"a": [{"id": 1}, {"id": 3}]}"#,
        );
        leaves("\"\\(.b.d)\", $x, 7", LIST, r#"{"b": {"d": 5}}"#);
        leaves(
            ".a[] | select(.u) | .id",
            LIST,
            r#"{"a": [{"id": 1}, {"id": 3, "u": 0}]}"#,
        );
        leaves(
            "if .e > 1 then .b.c else empty end",
            LIST,
            r#"{"b": {"c": 4}, "e": 6}"#,
        );
        leaves(
            ".a | group_by(.id) | map(length)",
            LIST,
            r#"{"a": [{"id": 1}, {"id": 3}]}"#,
        );
        leaves(
            ".a | max_by(.id) | .id",
            LIST,
            r#"{"a": [{"id": 1}, {"id": 3}]}"#,
        );
        // The error shows all of it.
        leaves(".b | max_by(.id) | .id", LIST, r#"{"b": {"c": 4, "d": 5}}"#);
        leaves("1", LIST, "{}");
    }

    #[test]
    fn what_is_not_known_sees_everything() {
        for filter in [
            ".",
            "..",
            "keys",
            "del(.a)",
            ".a = 1",
            ".a |= 1",
            "[paths]",
            "input, .e",
            "def f: .a; .e",
            ". as $x | .e",
            ". as {(.b.c | tostring): $y} | .e",
            "reduce .a[] as $y (0; . + 1)",
            "@json",
            "debug | .e",
            "to_entries | .[0]",
        ] {
            leaves(filter, LIST, LIST);
        }
    }

    #[test]
    fn filters_of_many_names_take_no_long_time() {
        let names: Vec<_> = (0..1000).map(|at| format!(".a{at}")).collect();
        let all = || {
            leaves(&names.join(","), LIST, LIST);
            leaves(&names.concat(), LIST, "{}");
            let left = r#"{"a": [{"id": 1, "t": [2]}, {"id": 3, "u": 0}], "b": {}}"#;
            leaves(&vec!["(.a, .b)"; 50].join("|"), LIST, left);
        };
        // As everywhere: texts that are long nest deeply.
        on_large_stack(all, || ()).unwrap();
    }

    /// The outputs, and the error at the end.
    fn outputs(filter: &Filter, value: Value) -> String {
        let run = filter.start(Host::default(), []);
        let mut lines = Vec::new();
        for output in run.outputs(value).take(50) {
            match output {
                Ok(value) => {
                    if let Err(error) = Layout::default().write(&value, &mut lines) {
                        lines.extend(error.to_string().bytes());
                    }
                }
                Err(error) => lines.extend(error.to_string().bytes()),
            }
            lines.push(b'\n');
        }
        String::from_utf8(lines).unwrap()
    }

    fn filter() -> impl Strategy<Value = String> {
        let leaf = prop::sample::select(vec![
            ".",
            ".a",
            ".b",
            ".[]",
            ".[]?",
            ".a?",
            ".[0]",
            ".[-1]",
            ".a[]",
            ".a.b",
            ".[].a",
            ".[1:]",
            "1",
            "\"a\"",
            "null",
            "[]",
            "{}",
            "length",
            "keys",
            "empty",
            "not",
            "add",
            "max",
            "first",
            "..",
            "tojson",
            "type",
            "{a}",
            "{a, b}",
            "{\"a\"}",
            "to_entries",
            "sort",
            "error",
            "has(\"a\")",
            "$now",
            "@json",
            "\"\\(.a)\"",
            "(.a, .b)",
            "[.[]]",
            "(.a // .b)",
            "del(.a)",
            "(.a |= 1)",
            "any",
            "input",
            ".[.a]?",
            ".[\"a\"]",
            "last",
            "min",
            "reverse",
            "flatten",
            "tostring",
            "map_values(.a)",
            "paths",
        ]);
        leaf.prop_map(str::to_owned)
            .prop_recursive(4, 24, 3, |inner| {
                let two = (inner.clone(), inner.clone());
                let name = prop::sample::select(vec![
                    "sort_by",
                    "unique_by",
                    "group_by",
                    "min_by",
                    "max_by",
                    "any",
                    "all",
                ]);
                prop_oneof![
                    two.clone().prop_map(|(f, g)| format!("({f} | {g})")),
                    two.clone().prop_map(|(f, g)| format!("({f}, {g})")),
                    two.clone().prop_map(|(f, g)| format!("({f} // {g})")),
                    two.clone().prop_map(|(f, g)| format!("({f} == {g})")),
                    two.clone().prop_map(|(f, g)| format!("({f} + {g})")),
                    two.clone().prop_map(|(f, g)| format!("({f} and {g})")),
                    two.clone()
                        .prop_map(|(f, g)| format!("({f} as $y | {g}, $y)")),
                    two.clone()
                        .prop_map(|(f, g)| format!("{{a: {f}, \"b\": {g}}}")),
                    two.clone()
                        .prop_map(|(f, g)| format!("(try {f} catch {g})")),
                    two.clone()
                        .prop_map(|(f, g)| format!("(if {f} then {g} end)")),
                    two.clone()
                        .prop_map(|(f, g)| format!("(if . then {f} else {g} end)")),
                    two.clone()
                        .prop_map(|(f, g)| format!("(reduce {f} as $y (.; {g}))")),
                    two.clone()
                        .prop_map(|(f, g)| format!("(. as {{a: $y}} | {f}, {g}, $y)")),
                    two.clone().prop_map(|(f, g)| format!(
                        "(. as [$y, {{({f} | tojson): $z}}] | {g}, $y, $z)"
                    )),
                    two.clone()
                        .prop_map(|(f, g)| format!("(def f: {f}; {g} | f)")),
                    two.clone().prop_map(|(f, g)| format!("({f} | [{g}][0])")),
                    two.prop_map(|(f, g)| format!("({f} |= {g})")),
                    inner.clone().prop_map(|f| format!("map({f})")),
                    inner.clone().prop_map(|f| format!("select({f})")),
                    inner.clone().prop_map(|f| format!("first({f})")),
                    inner.clone().prop_map(|f| format!("limit(2; {f})")),
                    (name, inner.clone()).prop_map(|(name, f)| format!("{name}({f})")),
                    inner.clone().prop_map(|f| format!("[{f}]")),
                    inner
                        .clone()
                        .prop_map(|f| format!("(label $out | {f}, break $out)")),
                    inner.clone().prop_map(|f| format!("({f})?")),
                    inner.clone().prop_map(|f| format!("({f}).a")),
                    inner.clone().prop_map(|f| format!("({f})[]")),
                    inner.clone().prop_map(|f| format!(".[{f}]")),
                    inner.clone().prop_map(|f| format!("-({f})")),
                    inner.prop_map(|f| format!("\"x\\({f})\"")),
                ]
            })
    }

    fn json() -> impl Strategy<Value = String> {
        let leaf = prop::sample::select(vec!["1", "\"s\"", "null", "true", "[]", "{}", "2.50"]);
        leaf.prop_map(str::to_owned)
            .prop_recursive(4, 24, 4, |inner| {
                let list = prop::collection::vec(inner.clone(), 0..4);
                let key = prop::sample::select(vec!["a", "b", "c", "d"]);
                let object = prop::collection::vec((key, inner), 0..4);
                prop_oneof![
                    list.prop_map(|items| format!("[{}]", items.join(","))),
                    object.prop_map(|members| {
                        let members = members
                            .into_iter()
                            .map(|(key, value)| format!("\"{key}\":{value}"));
                        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
                    }),
                ]
            })
    }

    proptest! {
        #[test]
        fn no_filter_notices_what_was_left_out(text in filter(), json in json()) {
            let filter = Filter::compile(&text, &[]).map_err(|error| TestCaseError::fail(error.to_string()))?;
            let json = Bytes::from(json);
            let whole = Value::read(&json).unwrap();
            let (needed, _) = Value::read_needed(&json, filter.needs()).unwrap();
            let typed: serde_json::Value = serde_json::from_slice(&json).unwrap();
            let sorted = Value::of(&typed).unwrap();
            let needed_of = Value::needed_of(&typed, filter.needs()).unwrap();
            prop_assert_eq!(outputs(&filter, needed), outputs(&filter, whole), "{}", text);
            prop_assert_eq!(outputs(&filter, needed_of), outputs(&filter, sorted), "{}", text);
        }
    }
}
