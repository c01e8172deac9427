//! Which of two values comes first.

use std::cmp::Ordering;

use chrono::{DateTime, FixedOffset};
use serde_json::Value;

/// Numbers as numbers, times as instants, the rest as text.
pub(super) fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => match (a.as_u64(), b.as_u64()) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => a
                .as_f64()
                .partial_cmp(&b.as_f64())
                .unwrap_or(Ordering::Equal),
        },
        (Value::String(a), Value::String(b)) => match (instant(a), instant(b)) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => a.cmp(b),
        },
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (a, b) => a.to_string().cmp(&b.to_string()),
    }
}

pub(super) fn instant(text: &str) -> Option<DateTime<FixedOffset>> {
    // Names are not parsed: a time begins with its year and ends with its zone.
    (text.ends_with('Z') && text.get(10..11) == Some("T"))
        .then(|| DateTime::parse_from_rfc3339(text).ok())
        .flatten()
}
