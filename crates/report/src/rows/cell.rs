//! A value as exact text, and for people.

use std::borrow::Cow;

use chrono::TimeDelta;
use serde_json::Value;

use crate::human;
use crate::number::Number;

/// A value as exact text.
pub(super) enum Exact<'a> {
    Nothing,
    Number(Number),
    Text(Cow<'a, str>),
}

pub(super) fn exact(value: Option<&Value>) -> Exact<'_> {
    match value {
        None | Some(Value::Null) => Exact::Nothing,
        Some(Value::String(text)) => Exact::Text(text.into()),
        Some(Value::Number(number)) => match number.as_u64() {
            Some(integer) => Exact::Number(integer.into()),
            None => match number.as_i64() {
                Some(integer) => Exact::Number(integer.into()),
                None => number
                    .as_f64()
                    .and_then(Number::from_f64)
                    .map_or(Exact::Nothing, Exact::Number),
            },
        },
        Some(Value::Array(list)) if list.iter().all(Value::is_string) => {
            let texts: Vec<_> = list.iter().filter_map(Value::as_str).collect();
            Exact::Text(texts.join(",").into())
        }
        Some(other) => Exact::Text(other.to_string().into()),
    }
}

/// A value for people, by the unit that its name ends with.
pub(super) fn shown(field: &str, value: Option<&Value>) -> String {
    let name = field.rsplit('.').next().unwrap_or_default();
    if name.ends_with("_seconds")
        && let Some(span) = value.and_then(Value::as_f64)
        && let Some(span) = span_of(span)
    {
        return human::duration(span);
    }
    if name.ends_with("_size")
        && let Some(bytes) = value.and_then(Value::as_u64)
    {
        return human::size(bytes);
    }
    match exact(value) {
        Exact::Nothing => String::new(),
        Exact::Number(number) => number.to_string(),
        Exact::Text(text) => text.into_owned(),
    }
}

fn span_of(seconds: f64) -> Option<TimeDelta> {
    const LIMIT: f64 = 9e12;
    (seconds.abs() < LIMIT).then(|| TimeDelta::microseconds((seconds * 1e6) as i64))
}
