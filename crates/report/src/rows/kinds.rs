//! [`Kinds`]: what kind of column the values of a field make.

use serde_json::Value;

use super::order::instant;
use crate::table::Column;

/// What the values of a field are.
#[derive(Clone, Copy, Default)]
pub(super) struct Kinds {
    numbers: bool,
    texts: bool,
    /// Texts that are no times.
    words: bool,
}

impl Kinds {
    pub(super) fn see(&mut self, value: Option<&Value>) {
        self.numbers |= value.is_some_and(Value::is_number);
        if let Some(text) = value.and_then(Value::as_str) {
            self.texts = true;
            self.words = self.words || instant(text).is_none();
        }
    }

    pub(super) fn column(self, title: &str) -> Column {
        match self {
            Self { numbers: true, .. } => Column::number(title),
            Self {
                texts: true,
                words: false,
                ..
            } => Column::fixed(title),
            _ => Column::text(title),
        }
    }
}
