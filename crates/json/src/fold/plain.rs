//! A faster way to the archives of plain documents: ASCII without escapes.
//!
//! borg prints nothing else unless names ask for it. Whatever is not plain goes
//! the general way, which says why.

use memchr::memchr;
use serde::de::{Deserialize, Deserializer};

use super::object::{Key, Layout, Object};
use crate::archive::{LimitsGlance, StatsGlance};
use crate::glance::Glance;
use crate::info::InfoGlance;
use crate::repo_list::RepoListGlance;
use crate::{ChunkerParams, CommandLine, Tags};

/// How the archives of a document are laid out, of which one was plain.
#[derive(Default)]
pub(super) struct Layouts {
    archive: Layout,
    stats: Layout,
    limits: Layout,
}

/// The archive of a list with which `json` begins, and its length. `None` if it
/// is not plain, or not all there.
pub(super) fn repo_list<'a>(
    json: &'a [u8],
    layouts: &mut Layouts,
) -> Option<(RepoListGlance<'a>, usize)> {
    let mut object = Object::new(json, &mut layouts.archive)?;
    let (mut name, mut archive, mut exact, mut id) = (None, None, None, None);
    let (mut time, mut start, mut end, mut host) = (None, None, None, None);
    while let Some(key) = object.key()? {
        match key {
            Key::Name => name = Some(object.text()?),
            Key::Archive => archive = Some(object.text()?),
            Key::ExactName => exact = Some(object.text()?),
            Key::Id => id = Some(object.id()?),
            Key::Time => time = Some(object.time()?),
            Key::Start => start = Some(object.time()?),
            Key::End => end = Some(object.time()?),
            Key::Hostname => host = Some(object.text()?),
            Key::Comment
            | Key::ExactComment
            | Key::Username
            | Key::Tags
            | Key::CommandLine
            | Key::Tam => {
                object.text()?;
            }
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
    Some((glance, object.length(json)))
}

/// The same of an info document.
pub(super) fn info<'a>(json: &'a [u8], layouts: &mut Layouts) -> Option<(InfoGlance<'a>, usize)> {
    let mut object = Object::new(json, &mut layouts.archive)?;
    let (mut name, mut id, mut time, mut start, mut end) = (None, None, None, None, None);
    let mut host = None;
    while let Some(key) = object.key()? {
        match key {
            Key::Name => name = Some(object.text()?),
            Key::Id => id = Some(object.id()?),
            Key::Time => time = Some(object.time()?),
            Key::Start => start = Some(object.time()?),
            Key::End => end = Some(object.time()?),
            Key::Hostname => host = Some(object.text()?),
            Key::Comment | Key::Username | Key::Cwd => {
                object.text()?;
            }
            Key::Duration => number(&mut object)?,
            Key::Stats => match behind_stats(object.rest(), &mut layouts.stats) {
                Some(rest) => object.go_on(rest),
                None => value::<StatsGlance<'_>>(&mut object)?,
            },
            Key::CommandLine => match object.list(false) {
                Some(()) => {}
                None => value::<Seen<CommandLine>>(&mut object)?,
            },
            Key::ChunkerParams => match object.list(true) {
                Some(()) => {}
                None => value::<Seen<ChunkerParams>>(&mut object)?,
            },
            Key::Tags => value::<Seen<Tags>>(&mut object)?,
            Key::Limits => match behind_limits(object.rest(), &mut layouts.limits) {
                Some(rest) => object.go_on(rest),
                None => value::<LimitsGlance<'_>>(&mut object)?,
            },
            _ => return None,
        }
    }
    let required = [
        Key::Comment,
        Key::Username,
        Key::Duration,
        Key::Stats,
        Key::CommandLine,
        Key::ChunkerParams,
    ];
    if !object.has(&required) {
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
    Some((glance, object.length(json)))
}

/// What is behind sizes and counts of borg 1.x. Those of borg 2 are read by serde.
fn behind_stats<'a>(json: &'a [u8], layout: &mut Layout) -> Option<&'a [u8]> {
    let mut stats = Object::new(json, layout)?;
    while let Some(key) = stats.key()? {
        match key {
            Key::OriginalSize | Key::Nfiles | Key::CompressedSize | Key::DeduplicatedSize => {
                stats.whole_number()?;
            }
            _ => return None,
        }
    }
    let required = [Key::OriginalSize, Key::Nfiles];
    stats.has(&required).then(|| stats.rest())
}

/// What is behind limits.
fn behind_limits<'a>(json: &'a [u8], layout: &mut Layout) -> Option<&'a [u8]> {
    let mut limits = Object::new(json, layout)?;
    while let Some(key) = limits.key()? {
        match key {
            Key::MaxArchiveSize => number(&mut limits)?,
            _ => return None,
        }
    }
    limits.has(&[Key::MaxArchiveSize]).then(|| limits.rest())
}

fn number(object: &mut Object<'_, '_>) -> Option<()> {
    match object.number() {
        Some(()) => Some(()),
        None => value::<f64>(object),
    }
}

/// A value that is only looked at.
struct Seen<T>(std::marker::PhantomData<T>);

impl<'de, T: Glance<'de>> Deserialize<'de> for Seen<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::glance(deserializer).map(|_| Self(std::marker::PhantomData))
    }
}

/// A value that serde reads, and nobody keeps.
fn value<'a, T: Deserialize<'a>>(object: &mut Object<'a, '_>) -> Option<()> {
    let (_, length) = super::walk::first::<T>(object.rest())?;
    let (json, rest) = object.rest().split_at_checked(length)?;
    object.go_on(rest);
    (json.is_ascii() && memchr(b'\\', json).is_none()).then_some(())
}
