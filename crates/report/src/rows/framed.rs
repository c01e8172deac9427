//! [`Framed`]: an answer with other rows.

use serde::ser::{self, Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use serde_json::Value;

use super::{Place, Rows};

/// An answer, with rows in place of its list.
pub(super) struct Framed<'a> {
    pub(super) rows: &'a Rows<'a>,
    pub(super) frame: Value,
    pub(super) place: Place,
}

impl Serialize for Framed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in self.frame.as_object().into_iter().flatten() {
            match key == self.place.list {
                true => map.serialize_entry(key, &List(self.rows))?,
                false => map.serialize_entry(key, value)?,
            }
        }
        map.end()
    }
}

struct List<'a>(&'a Rows<'a>);

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.order.len()))?;
        for row in self.0.rows() {
            list.serialize_element(&row.map_err(ser::Error::custom)?)?;
        }
        list.end()
    }
}
