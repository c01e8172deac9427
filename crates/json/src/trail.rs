//! Where in a document a value is that cannot be read.
//!
//! serde's errors tell a line and a column, and no path. While a path is asked
//! for, every value that fails says on the way out where it stands.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, SeqAccess, Visitor};

thread_local! {
    /// The steps from the value outwards, if anybody wants to know.
    static STEPS: RefCell<Option<Vec<Step>>> = const { RefCell::new(None) };
}

enum Step {
    Key(String),
    Element(usize),
}

/// What `read` gives, and the path of the value at which it failed, for
/// instance `archives[17].stats.nfiles`; empty for the whole.
pub(crate) fn path<T>(read: impl FnOnce() -> T) -> (T, String) {
    STEPS.set(Some(Vec::new()));
    let read = read();
    let mut path = String::new();
    for step in STEPS.take().unwrap_or_default().iter().rev() {
        let dot = if path.is_empty() { "" } else { "." };
        let _ = match step {
            Step::Key(key) => write!(path, "{dot}{key}"),
            Step::Element(at) => write!(path, "[{at}]"),
        };
    }
    (read, path)
}

/// The value of this key failed.
#[cold]
pub(crate) fn key(key: &str) {
    step(|| Step::Key(key.to_owned()));
}

/// The element of a list failed that stands behind so many others.
#[cold]
pub(crate) fn element(at: usize) {
    step(|| Step::Element(at));
}

fn step(step: impl FnOnce() -> Step) {
    STEPS.with_borrow_mut(|steps| {
        if let Some(steps) = steps {
            steps.push(step());
        }
    });
}

/// A value that says where it failed.
pub(crate) trait Trail<'de>: Deserialize<'de> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }
}

/// Reads a value of the type.
pub(crate) struct Follow<T>(PhantomData<T>);

impl<T> Follow<T> {
    pub(crate) const NEW: Self = Self(PhantomData);
}

impl<'de, T: Trail<'de>> DeserializeSeed<'de> for Follow<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::read(deserializer)
    }
}

impl Trail<'_> for u64 {}
impl Trail<'_> for f64 {}
impl Trail<'_> for bool {}
impl Trail<'_> for crate::Text {}
impl Trail<'_> for crate::Id {}
impl Trail<'_> for crate::Timestamp {}
impl<'de, T: Deserialize<'de>> Trail<'de> for Option<T> {}
impl<'de, V: Deserialize<'de>> Trail<'de> for crate::Keyed<V> {}
impl<'de, T: Deserialize<'de>> Trail<'de> for crate::TextOrList<T> {}

impl<'de, T: Deserialize<'de>> Trail<'de> for Vec<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a sequence")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Vec<T>, A::Error> {
                elements(list)
            }
        }
        deserializer.deserialize_seq(List(PhantomData))
    }
}

/// All elements of a list.
pub(crate) fn elements<'de, A: SeqAccess<'de>, T: Deserialize<'de>>(
    mut list: A,
) -> Result<Vec<T>, A::Error> {
    // Of a folded document two archives are left, and an archive is large.
    let mut elements = Vec::with_capacity(2);
    while let Some(next) = list
        .next_element()
        .inspect_err(|_| element(elements.len()))?
    {
        elements.push(next);
    }
    Ok(elements)
}
