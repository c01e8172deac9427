//! What is seen of an archive, in a list and in an info document.

use serde::de::Deserialize;

use super::plain::Layouts;
use super::{Glimpse, NotFolded, Whole, plain};
use crate::Timestamp;
use crate::info::InfoGlance;
use crate::repo_list::RepoListGlance;

/// What must be the same in all archives of a document, so that those that are
/// kept stand for the others when the document is checked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    reading: bool,
    own_time: bool,
}

/// The archives of a kind of document.
pub(super) trait Elements {
    type Glance<'de>: Element<'de>;

    /// A faster way to the first one, which it may refuse.
    fn plain<'de>(json: &'de [u8], layouts: &mut Layouts) -> Option<(Self::Glance<'de>, usize)>;

    /// One of them, whole.
    fn read(json: &[u8]) -> Option<Whole>;
}

pub(super) struct OfRepoList;
pub(super) struct OfInfo;

impl Elements for OfRepoList {
    type Glance<'de> = RepoListGlance<'de>;

    fn plain<'de>(json: &'de [u8], layouts: &mut Layouts) -> Option<(RepoListGlance<'de>, usize)> {
        plain::repo_list(json, layouts)
    }

    fn read(json: &[u8]) -> Option<Whole> {
        serde_json::from_slice(json).map(Whole::RepoList).ok()
    }
}

impl Elements for OfInfo {
    type Glance<'de> = InfoGlance<'de>;

    fn plain<'de>(json: &'de [u8], layouts: &mut Layouts) -> Option<(InfoGlance<'de>, usize)> {
        plain::info(json, layouts)
    }

    fn read(json: &[u8]) -> Option<Whole> {
        serde_json::from_slice(json).map(Whole::Info).ok()
    }
}

/// An archive at which a glance was taken.
pub(super) trait Element<'de>: Deserialize<'de> {
    fn glimpse(self) -> Result<(Glimpse<'de>, Shape), NotFolded>;
}

/// Whether all times are clock readings, or all have an offset.
fn reading(times: [Option<Timestamp>; 3]) -> Result<bool, NotFolded> {
    let mut times = times.iter().flatten().map(Timestamp::is_reading);
    let first = times.next().ok_or(NotFolded)?;
    match times.all(|reading| reading == first) {
        true => Ok(first),
        false => Err(NotFolded),
    }
}

impl<'de> Element<'de> for RepoListGlance<'de> {
    fn glimpse(self) -> Result<(Glimpse<'de>, Shape), NotFolded> {
        if !self.fits() {
            return Err(NotFolded);
        }
        let shape = Shape {
            reading: reading([Some(self.time), self.start, self.end])?,
            own_time: true,
        };
        let glimpse = Glimpse {
            id: self.id,
            name: self.name,
            exact_name: self.barchive,
            host: self.hostname,
            host_base64: self.hostname_b64,
            time: self.time,
            other_times: [self.start, self.end],
        };
        Ok((glimpse, shape))
    }
}

impl<'de> Element<'de> for InfoGlance<'de> {
    fn glimpse(self) -> Result<(Glimpse<'de>, Shape), NotFolded> {
        let shape = Shape {
            reading: reading([Some(self.start), Some(self.end), self.time])?,
            own_time: self.time.is_some(),
        };
        let glimpse = Glimpse {
            id: self.id,
            name: self.name,
            exact_name: None,
            host: Some(self.hostname),
            host_base64: None,
            time: self.time.unwrap_or(self.start),
            other_times: [Some(self.start), Some(self.end)],
        };
        Ok((glimpse, shape))
    }
}
