//! [`Walk`]: goes through the documents, archive by archive.

use std::io;

use memchr::memchr;
use serde::de::{Deserialize, IgnoredAny};

use super::element::{Element as _, Elements, OfInfo, OfRepoList, Shape};
use super::plain::{self, Layouts};
use super::window::Window;
use super::{Fold, Keep, Kept, NotFolded};
use crate::Document;
use crate::info::InfoGlance;
use crate::kind::{Keys, Shape as DocumentShape};

/// The longest archive, and the longest document without its archives, in
/// bytes. What is longer is not worth a fast way.
const LONGEST: usize = 8 << 20;

/// Why a walk does not come to its end.
pub(super) enum Stop {
    NotFolded,
    Input(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Input(error)
    }
}

impl From<NotFolded> for Stop {
    fn from(_: NotFolded) -> Self {
        Self::NotFolded
    }
}

/// Which document the archives belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    RepoList,
    Info,
}

/// A walk through the documents of an input.
pub(super) struct Walk<'a> {
    window: Window<'a>,
    /// The document without its archives.
    frame: Vec<u8>,
    places: Vec<Kept>,
    /// How many archives of the document were seen.
    seen: usize,
    layouts: Layouts,
}

impl<'a> Walk<'a> {
    pub(super) fn new(window: Window<'a>) -> Self {
        Self {
            window,
            frame: Vec::new(),
            places: Vec::new(),
            seen: 0,
            layouts: Layouts::default(),
        }
    }

    pub(super) fn into_buffer(self) -> Vec<u8> {
        self.window.into_buffer()
    }

    pub(super) fn input(&mut self, fold: &mut dyn Fold) -> Result<(), Stop> {
        let mut documents = false;
        loop {
            match self.window.peek()? {
                None if documents => return Ok(()),
                Some(b'{') => self.document(fold, false)?,
                Some(b'[') => {
                    self.window.take(1);
                    loop {
                        self.document(fold, true)?;
                        if self.window.takes(b']')? {
                            break;
                        }
                        self.expect(b',')?;
                    }
                }
                _ => return Err(Stop::NotFolded),
            }
            documents = true;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Stop> {
        match self.window.takes(byte)? {
            true => Ok(()),
            false => Err(Stop::NotFolded),
        }
    }

    fn document(&mut self, fold: &mut dyn Fold, in_array: bool) -> Result<(), Stop> {
        self.expect(b'{')?;
        self.frame.clear();
        self.places.iter_mut().for_each(|kept| kept.json.clear());
        self.seen = 0;
        let mut of = None;
        let mut keys = Keys::default();
        if !self.window.takes(b'}')? {
            loop {
                self.member(fold, &mut of, &mut keys)?;
                if self.window.takes(b'}')? {
                    break;
                }
                self.expect(b',')?;
            }
        }
        let DocumentShape::Document(kind) = keys.shape() else {
            return Err(Stop::NotFolded);
        };
        let document = Document::of_kind(kind, &self.whole(of.is_some()));
        let document = document.map_err(|_| Stop::NotFolded)?;
        let fits = match (&document, of) {
            (_, None | Some(None)) => true,
            (Document::RepoList(_), Some(Some(of))) => of == Of::RepoList,
            (Document::Info(_), Some(Some(of))) => of == Of::Info,
            _ => false,
        };
        if !fits {
            return Err(Stop::NotFolded);
        }
        Ok(fold.document(document, in_array)?)
    }

    /// The document with the archives that were kept.
    fn whole(&self, archives: bool) -> Vec<u8> {
        let kept = self.places.iter().filter(|kept| !kept.json.is_empty());
        let mut kept: Vec<_> = kept.collect();
        kept.sort_unstable_by_key(|kept| kept.number);
        kept.dedup_by_key(|kept| kept.number);
        let length: usize = kept.iter().map(|kept| kept.json.len() + 1).sum();
        let mut json = Vec::with_capacity(self.frame.len() + length + 64);
        json.push(b'{');
        json.extend_from_slice(&self.frame);
        if archives {
            if !self.frame.is_empty() {
                json.push(b',');
            }
            json.extend_from_slice(b"\"archives\":[");
            for (at, kept) in kept.iter().enumerate() {
                if at > 0 {
                    json.push(b',');
                }
                json.extend_from_slice(&kept.json);
            }
            json.push(b']');
        }
        json.push(b'}');
        json
    }

    /// A key and its value.
    fn member(
        &mut self,
        fold: &mut dyn Fold,
        of: &mut Option<Option<Of>>,
        keys: &mut Keys,
    ) -> Result<(), Stop> {
        if self.window.peek()? != Some(b'"') {
            return Err(Stop::NotFolded);
        }
        let length = self.value()?;
        let key = self.window.rest().get(..length).unwrap_or_default();
        let name = key
            .strip_prefix(b"\"")
            .and_then(|key| key.strip_suffix(b"\""));
        let name = name.filter(|name| !name.contains(&b'\\'));
        let name = name.and_then(|name| std::str::from_utf8(name).ok());
        let name = name.ok_or(Stop::NotFolded)?;
        keys.see(name);
        if name == "archives" {
            self.window.take(length);
            self.expect(b':')?;
            self.expect(b'[')?;
            if of.is_some() {
                return Err(Stop::NotFolded);
            }
            *of = Some(self.archives(fold)?);
            return Ok(());
        }
        if !self.frame.is_empty() {
            self.frame.push(b',');
        }
        self.frame.extend_from_slice(key);
        self.window.take(length);
        self.expect(b':')?;
        self.frame.push(b':');
        self.window.peek()?;
        let length = self.value()?;
        let value = self.window.rest().get(..length).unwrap_or_default();
        if self.frame.len() + value.len() > LONGEST {
            return Err(Stop::NotFolded);
        }
        self.frame.extend_from_slice(value);
        self.window.take(length);
        Ok(())
    }

    /// The length of the value at which the window stands.
    fn value(&mut self) -> Result<usize, Stop> {
        loop {
            let rest = self.window.rest();
            if let Some((IgnoredAny, length)) = first(rest)
                // A number may go on behind the window.
                && (length < rest.len() || self.window.ended())
            {
                return Ok(length);
            }
            if rest.len() > LONGEST || !self.window.more()? {
                return Err(Stop::NotFolded);
            }
        }
    }

    /// All archives. `None` if there are none.
    fn archives(&mut self, fold: &mut dyn Fold) -> Result<Option<Of>, Stop> {
        if self.window.takes(b']')? {
            return Ok(None);
        }
        self.window.peek()?;
        // Only info documents have statistics of each archive.
        let length = self.value()?;
        let first = self.window.rest().get(..length).unwrap_or_default();
        let of_list = plain::repo_list(first, &mut self.layouts).is_some();
        if !of_list && serde_json::from_slice::<InfoGlance<'_>>(first).is_ok() {
            self.elements::<OfInfo>(fold)?;
            Ok(Some(Of::Info))
        } else {
            self.elements::<OfRepoList>(fold)?;
            Ok(Some(Of::RepoList))
        }
    }

    fn elements<E: Elements>(&mut self, fold: &mut dyn Fold) -> Result<(), Stop> {
        let mut all = None;
        loop {
            if self.window.peek()? != Some(b'{') {
                return Err(Stop::NotFolded);
            }
            let shape = self.element::<E>(fold)?;
            if *all.get_or_insert(shape) != shape {
                return Err(Stop::NotFolded);
            }
            if self.window.takes(b']')? {
                return Ok(());
            }
            self.expect(b',')?;
        }
    }

    /// One archive: an object, which ends where its bracket is.
    fn element<E: Elements>(&mut self, fold: &mut dyn Fold) -> Result<Shape, Stop> {
        loop {
            let rest = self.window.rest();
            let found =
                E::plain(rest, &mut self.layouts).or_else(|| strictly::<E::Glance<'_>>(rest));
            if let Some((glimpse, length)) =
                found.map(|(archive, length)| (archive.glimpse(), length))
            {
                let json = rest.get(..length).unwrap_or_default();
                let (glimpse, shape) = glimpse?;
                let mut keep = Keep {
                    json,
                    number: self.seen,
                    places: &mut self.places,
                    read: E::read,
                };
                fold.archive(&glimpse, &mut keep)?;
                self.seen += 1;
                self.window.take(length);
                return Ok(shape);
            }
            if rest.len() > LONGEST || !self.window.more()? {
                return Err(Stop::NotFolded);
            }
        }
    }
}

/// The value with which `json` begins, and its length.
pub(super) fn first<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Option<(T, usize)> {
    let mut values = serde_json::Deserializer::from_slice(json).into_iter();
    let value = values.next()?.ok()?;
    Some((value, values.byte_offset()))
}

/// The same of a value at which a glance is taken. Where a text has escapes, a
/// glance cannot tell them from the control characters that JSON refuses.
pub(super) fn strictly<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Option<(T, usize)> {
    let (value, length) = first(json)?;
    let escapes = memchr(b'\\', json.get(..length)?).is_some();
    if escapes {
        first::<IgnoredAny>(json)?;
    }
    Some((value, length))
}
