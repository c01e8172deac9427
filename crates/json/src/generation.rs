//! [`Generation`]: which shape a document has, told by the shape.

use std::fmt;

use crate::{Encryption, Repository, Timestamp};

/// Which shape a document has. borg prints no version, so the shape tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Generation {
    /// borg 1.x: times are clock readings without an offset.
    V1,
    /// borg 2.0 before archives had a `time` of their own (for instance 2.0.0b20).
    V2Early,
    /// borg 2.0 with `time` beside `start` (for instance 2.0.0b25).
    V2,
}

impl Generation {
    /// The name in output: `1.x`, `2.0-early` or `2.0`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V1 => "1.x",
            Self::V2Early => "2.0-early",
            Self::V2 => "2.0",
        }
    }
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Tells the generation from everything in a document that depends on it.
///
/// `times` are all times of the document but the repository's.
pub(crate) fn tell(
    repository: &Repository,
    encryption: &Encryption,
    times: impl IntoIterator<Item = Timestamp>,
) -> Result<Generation, String> {
    let mut times = repository.last_modified.into_iter().chain(times);
    let first = times.next();
    if let Some(first) = first
        && let Some(other) = times.find(|time| time.is_reading() != first.is_reading())
    {
        let (reading, instant) = if first.is_reading() {
            (first, other)
        } else {
            (other, first)
        };
        return Err(format!(
            "found the time {reading} without an offset (borg 1.x) beside {instant} with one \
             (borg 2), expected a document of one version"
        ));
    }
    match (
        first.map(|time| time.is_reading()),
        encryption.mode.is_some(),
    ) {
        (Some(true), true) => Ok(Generation::V1),
        (Some(false), true) => Ok(Generation::V2Early),
        (Some(false) | None, false) => Ok(Generation::V2),
        (Some(true), false) => Err(
            "found times without an offset (borg 1.x) beside `encryption.encryption` (borg 2), \
             expected a document of one version"
                .into(),
        ),
        (None, true) => Err(
            "the key `repository.last_modified` is missing, and nothing else tells borg 1.x from 2"
                .into(),
        ),
    }
}
