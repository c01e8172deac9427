//! What the filters of the prelude need from outside, so that durations and
//! sizes have one syntax everywhere.

use borgq_filter::{Function, Value};
use borgq_query::quantity::{Duration, Size};
use chrono::{DateTime, Utc};

/// The functions, by the names that the prelude calls them by.
pub const ALL: &[(&str, Function)] = &[
    ("seconds", seconds),
    ("human_age", human_age),
    ("human_bytes", human_bytes),
];

/// `"26h"` to 93600.
fn seconds(value: Value) -> Result<Value, String> {
    let Some(text) = value.as_str() else {
        return Err(format!(
            "a duration is a string such as \"26h\", not {}",
            value.type_name()
        ));
    };
    let duration: Duration = text.parse().map_err(|error| format!("{error}"))?;
    Ok(number_of_seconds(duration.microseconds()))
}

/// 93600 to `1d 2h`.
fn human_age(value: Value) -> Result<Value, String> {
    let duration = value.as_f64().and_then(Duration::from_seconds_f64);
    match duration {
        Some(duration) => Ok(Value::from(duration.human())),
        None => Err("human_age needs a number of seconds".into()),
    }
}

/// 1536 to `1.5 KiB`.
fn human_bytes(value: Value) -> Result<Value, String> {
    /// 2^64.
    const LARGEST: f64 = 18_446_744_073_709_551_616.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it saturates, and what is negative is refused"
    )]
    let bytes = |number: f64| {
        (0.0..LARGEST)
            .contains(&number)
            .then_some(number.round() as u64)
    };
    match value.as_f64().and_then(bytes) {
        Some(bytes) => Ok(Value::from(Size::from_bytes(bytes).human())),
        None => Err(format!(
            "human_bytes needs a number of bytes, not {}",
            match value.as_f64() {
                Some(number) if number < 0.0 => "a negative one",
                Some(number) if number.is_nan() => "what is no number",
                Some(_) => "one beyond 2^64",
                None => value.type_name(),
            }
        )),
    }
}

/// An instant as jq counts time. Whole seconds are an integer.
pub fn seconds_since_1970(instant: DateTime<Utc>) -> Value {
    number_of_seconds(instant.timestamp_micros())
}

fn number_of_seconds(microseconds: i64) -> Value {
    const SECOND: i64 = 1_000_000;
    if microseconds % SECOND == 0 {
        return Value::from(microseconds / SECOND);
    }
    #[expect(clippy::cast_precision_loss, reason = "jq's numbers are floats")]
    let seconds = microseconds as f64 / SECOND as f64;
    Value::from(seconds)
}
