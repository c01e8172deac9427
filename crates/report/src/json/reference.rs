//! An archive that is only named.

use borgq_query as query;
use serde::Serialize;

use super::shared::{Time, display};

/// Which archive is meant.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reference {
    /// The id: 64 lower-case hexadecimal digits. The only unique key.
    id: String,
    /// The name.
    name: String,
    /// The archive time, by which archives are ordered and aged. In a repeated
    /// hour the older of the two instants.
    time: Time,
}

impl From<&query::Archive> for Reference {
    fn from(archive: &query::Archive) -> Self {
        Self {
            id: archive.id.to_string(),
            name: display(&archive.name),
            time: archive.time.into(),
        }
    }
}
