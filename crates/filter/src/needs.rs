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
                    Part::Index(Term::Num(number)) if is_whole(number) => Self::items_of(needs),
                    Part::Range(None, None) => Self::items_of(needs),
                    Part::Index(key) => match text(key) {
                        Some(key) => Self::member_of(key, needs),
                        None => all(),
                    },
                    Part::Range(..) => all(),
                });
                // What else stands between brackets sees the input.
                let known = |part: &Part<Term<&str>>| match part {
                    Part::Index(Term::Num(number)) => is_whole(number),
                    Part::Index(index) => text(index).is_some(),
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

/// Whether an array has an item of this number, or none. An error about another
/// number shows the array.
fn is_whole(number: &str) -> bool {
    number.bytes().all(|byte| byte.is_ascii_digit())
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
mod tests;
