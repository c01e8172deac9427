//! A faster way to the archives of plain documents: ASCII without escapes.
//!
//! borg prints nothing else unless names ask for it. serde_json reads what is
//! no text; whatever is not plain goes the general way, which says why.

use memchr::{memchr, memchr2};
use serde::de::{Deserialize, Deserializer};

use crate::archive::{LimitsGlance, StatsGlance};
use crate::glance::{Glance, has_control};
use crate::info::InfoGlance;
use crate::repo_list::RepoListGlance;
use crate::{ChunkerParams, CommandLine, Id, Tags, Timestamp};

/// The archive of a list with which `json` begins, and its length. `None` if it
/// is not plain, or not all there.
pub(super) fn repo_list(json: &[u8]) -> Option<(RepoListGlance<'_>, usize)> {
    let mut object = Object::new(json)?;
    let (mut name, mut archive, mut exact, mut id) = (None, None, None, None);
    let (mut time, mut start, mut end) = (None, None, None);
    let mut host = None;
    let mut texts = [false; 6];
    while let Some(key) = object.key()? {
        let value = object.text()?;
        match key {
            b"name" => set(&mut name, value)?,
            b"archive" => set(&mut archive, value)?,
            b"barchive" => set(&mut exact, value)?,
            b"id" => set(&mut id, Id::parse(value)?)?,
            b"time" => set(&mut time, Timestamp::parse(value)?)?,
            b"start" => set(&mut start, Timestamp::parse(value)?)?,
            b"end" => set(&mut end, Timestamp::parse(value)?)?,
            b"comment" => once(&mut texts, 0)?,
            b"hostname" => set(&mut host, value)?,
            b"username" => once(&mut texts, 1)?,
            b"tags" => once(&mut texts, 2)?,
            b"bcomment" => once(&mut texts, 3)?,
            b"command_line" => once(&mut texts, 4)?,
            b"tam" => once(&mut texts, 5)?,
            _ => return None,
        }
    }
    let glance = RepoListGlance {
        id: id?,
        name: name?.into(),
        archive: archive?.into(),
        time: time?,
        start,
        end,
        barchive: exact.map(Into::into),
        hostname: host.map(Into::into),
        hostname_b64: None,
        unknown: Vec::new(),
    };
    Some((glance, object.length()?))
}

/// The same of an info document.
pub(super) fn info(json: &[u8]) -> Option<(InfoGlance<'_>, usize)> {
    let mut object = Object::new(json)?;
    let (mut name, mut id, mut time, mut start, mut end) = (None, None, None, None, None);
    let mut host = None;
    let mut required = [false; 6];
    let mut optional = [false; 3];
    while let Some(key) = object.key()? {
        match key {
            b"name" => set(&mut name, object.text()?)?,
            b"id" => set(&mut id, Id::parse(object.text()?)?)?,
            b"time" => set(&mut time, Timestamp::parse(object.text()?)?)?,
            b"start" => set(&mut start, Timestamp::parse(object.text()?)?)?,
            b"end" => set(&mut end, Timestamp::parse(object.text()?)?)?,
            b"comment" => object.text().and_then(|_| once(&mut required, 0))?,
            b"hostname" => set(&mut host, object.text()?)?,
            b"username" => object.text().and_then(|_| once(&mut required, 1))?,
            b"duration" => object
                .value::<f64>()
                .and_then(|()| once(&mut required, 2))?,
            b"stats" => {
                object.value::<StatsGlance<'_>>()?;
                once(&mut required, 3)?;
            }
            b"command_line" => {
                object.value::<Seen<CommandLine>>()?;
                once(&mut required, 4)?;
            }
            b"chunker_params" => {
                object.value::<Seen<ChunkerParams>>()?;
                once(&mut required, 5)?;
            }
            b"cwd" => object.text().and_then(|_| once(&mut optional, 0))?,
            b"tags" => object
                .value::<Seen<Tags>>()
                .and_then(|()| once(&mut optional, 1))?,
            b"limits" => {
                object.value::<LimitsGlance<'_>>()?;
                once(&mut optional, 2)?;
            }
            _ => return None,
        }
    }
    if required.contains(&false) {
        return None;
    }
    let glance = InfoGlance {
        name: name?.into(),
        id: id?,
        start: start?,
        end: end?,
        hostname: host?.into(),
        time,
        unknown: Vec::new(),
    };
    Some((glance, object.length()?))
}

/// What no key may have twice.
fn set<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.replace(value).is_none().then_some(())
}

/// The same for a key of whose value nothing is kept.
fn once(seen: &mut [bool], at: usize) -> Option<()> {
    let before = std::mem::replace(seen.get_mut(at)?, true);
    (!before).then_some(())
}

/// A value that is only looked at.
struct Seen<T>(std::marker::PhantomData<T>);

impl<'de, T: Glance<'de>> Deserialize<'de> for Seen<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::glance(deserializer).map(|_| Self(std::marker::PhantomData))
    }
}

/// A JSON object that is read member by member.
struct Object<'a> {
    json: &'a [u8],
    rest: &'a [u8],
    begun: bool,
}

impl<'a> Object<'a> {
    fn new(json: &'a [u8]) -> Option<Self> {
        Some(Self {
            json,
            rest: json.strip_prefix(b"{")?,
            begun: false,
        })
    }

    /// The next key. `Some(None)` if the object ends.
    fn key(&mut self) -> Option<Option<&'a [u8]>> {
        if self.begun {
            match behind_space(self.rest).split_first()? {
                (b',', behind) => self.rest = behind,
                (b'}', behind) => {
                    self.rest = behind;
                    return Some(None);
                }
                _ => return None,
            }
        }
        self.begun = true;
        let key = self.text()?;
        self.rest = behind_space(behind_space(self.rest).strip_prefix(b":")?);
        Some(Some(key))
    }

    fn text(&mut self) -> Option<&'a [u8]> {
        let text = behind_space(self.rest).strip_prefix(b"\"")?;
        let end = memchr2(b'"', b'\\', text)?;
        let (value, behind) = text.split_at_checked(end)?;
        self.rest = behind.strip_prefix(b"\"")?;
        (!has_control(value)).then_some(value)
    }

    /// A value that serde reads, and nobody keeps.
    fn value<T: Deserialize<'a>>(&mut self) -> Option<()> {
        let (_, length) = super::first::<T>(self.rest)?;
        self.rest = self.rest.get(length..)?;
        Some(())
    }

    /// How long the object is, if all of it is ASCII without escapes.
    fn length(&self) -> Option<usize> {
        let length = self.json.len() - self.rest.len();
        let json = self.json.get(..length)?;
        (json.is_ascii() && memchr(b'\\', json).is_none()).then_some(length)
    }
}

fn behind_space(mut rest: &[u8]) -> &[u8] {
    while let [b' ' | b'\n' | b'\t' | b'\r', behind @ ..] = rest {
        rest = behind;
    }
    rest
}
