//! [`Key`]: which of two values comes first.

use std::cmp::Ordering;

use chrono::{DateTime, FixedOffset};
use serde_json::{Number, Value};

/// What a value is sorted by: numbers, then times as instants, then the rest as
/// text. It is a total order, whatever the values are.
#[derive(Debug)]
pub(super) enum Key {
    Number(Number),
    Time(DateTime<FixedOffset>),
    Text(Box<str>),
}

impl Key {
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Number(number) => Self::Number(number.clone()),
            Value::String(text) => {
                instant(text).map_or_else(|| Self::Text(text.as_str().into()), Self::Time)
            }
            other => Self::Text(other.to_string().into()),
        }
    }

    const fn rank(&self) -> u8 {
        match self {
            Self::Number(_) => 0,
            Self::Time(_) => 1,
            Self::Text(_) => 2,
        }
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => numbers(a, b),
            (Self::Time(a), Self::Time(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (a, b) => a.rank().cmp(&b.rank()),
        }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Key {}

/// Exact, also where a float cannot hold an integer.
fn numbers(a: &Number, b: &Number) -> Ordering {
    let float = |number: &Number| number.as_f64().unwrap_or_default();
    let whole = |number: &Number| number.as_i128().unwrap_or(float(number) as i128);
    let floats = || float(a).total_cmp(&float(b));
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a.cmp(&b),
        // Rounding to a float keeps the order of what it does not make equal.
        _ => floats().then_with(|| whole(a).cmp(&whole(b))),
    }
}

pub(super) fn instant(text: &str) -> Option<DateTime<FixedOffset>> {
    // Names are not parsed: a time begins with its year and ends with its zone.
    (text.ends_with('Z') && text.get(10..11) == Some("T"))
        .then(|| DateTime::parse_from_rfc3339(text).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn value() -> impl Strategy<Value = Value> {
        let big = 9_007_199_254_740_990_i64;
        prop_oneof![
            (0..6_i64).prop_map(move |n| json!(big + n)),
            (0..6_i64).prop_map(move |n| json!((big + n) as f64)),
            Just(json!(-0.0)),
            Just(json!(0)),
            Just(json!(u64::MAX)),
            "2025-01-01T00:00:00(Z|\\.[0-9]{1,3}Z|A[0-9]?|\\.[0-9])".prop_map(Value::from),
            any::<bool>().prop_map(Value::from),
            Just(json!(["a"])),
        ]
    }

    proptest! {
        #[test]
        fn the_order_is_total(a in value(), b in value(), c in value()) {
            let compare = |a: &Value, b: &Value| Key::of(a).cmp(&Key::of(b));
            prop_assert_eq!(compare(&a, &b), compare(&b, &a).reverse());
            if compare(&a, &b).is_le() && compare(&b, &c).is_le() {
                prop_assert!(compare(&a, &c).is_le());
            }
            if compare(&a, &b).is_eq() && compare(&b, &c).is_eq() {
                prop_assert!(compare(&a, &c).is_eq());
            }
        }
    }
}
