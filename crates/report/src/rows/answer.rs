//! [`Answer`]: an answer that is held as a whole.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Place, Source};

/// An answer that is held as a whole.
#[derive(Clone, Debug)]
pub struct Answer {
    frame: Value,
    rows: Vec<Value>,
}

impl Answer {
    /// The answer, with its rows at this place.
    ///
    /// # Errors
    ///
    /// If the answer is not one that JSON can hold.
    pub fn of(answer: &impl Serialize, place: Place) -> serde_json::Result<Self> {
        let mut frame = serde_json::to_value(answer)?;
        let list = frame.get_mut(place.list).map(Value::take);
        let mut rows = elements(list);
        if let Some(nested) = place.nested {
            let mut inner = Vec::new();
            for mut row in rows {
                let list = row.get_mut(nested).map(Value::take);
                if let Value::Object(beside) = &mut row {
                    beside.remove(nested);
                }
                let elements = elements(list).into_iter();
                inner.extend(elements.map(|element| joined(&row, element)));
            }
            rows = inner;
        }
        Ok(Self { frame, rows })
    }
}

impl Source for Answer {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn row(&self, at: usize) -> serde_json::Result<Value> {
        Ok(self.rows.get(at).cloned().unwrap_or_default())
    }

    fn frame(&self) -> serde_json::Result<Value> {
        Ok(self.frame.clone())
    }
}

fn elements(list: Option<Value>) -> Vec<Value> {
    match list {
        Some(Value::Array(elements)) => elements,
        _ => Vec::new(),
    }
}

/// An element with what stands beside its list. Its own keys win.
pub(crate) fn joined(beside: &Value, element: Value) -> Value {
    let (Value::Object(beside), Value::Object(element)) = (beside, element) else {
        return Value::Null;
    };
    let mut joined: Map<String, Value> = beside.clone();
    joined.extend(element);
    Value::Object(joined)
}
