//! [`fold()`]: long documents in little memory.

mod bytes;
mod element;
mod object;
mod plain;
#[cfg(test)]
mod tests;
mod window;

use std::borrow::Cow;
use std::io;

use memchr::memchr;
use serde::de::{Deserialize, IgnoredAny};

use crate::info::InfoGlance;
use crate::kind::{Keys, Shape as DocumentShape};
use crate::{Document, Id, InfoArchive, RepoListArchive, Timestamp};
use element::{Element as _, Elements, OfInfo, OfRepoList, Shape};
use plain::Layouts;
pub use window::Source;
use window::Window;

/// The longest archive, and the longest document without its archives, in
/// bytes. What is longer is not worth a fast way.
const LONGEST: usize = 8 << 20;

/// What is done with the archives of a document, one after another.
pub trait Fold {
    /// An archive, in the order of the document. Nothing is proven by it
    /// before the document ends.
    ///
    /// What is in a place of `keep` at the end stands in the document.
    ///
    /// # Errors
    ///
    /// [`NotFolded`] gives up.
    fn archive(&mut self, archive: &Glimpse<'_>, keep: &mut Keep<'_>) -> Result<(), NotFolded>;

    /// A document ends. It is complete but for the archives that were not kept.
    /// `in_array` tells whether it stands in an array, as borgmatic prints it.
    ///
    /// # Errors
    ///
    /// [`NotFolded`] gives up.
    fn document(&mut self, document: Document, in_array: bool) -> Result<(), NotFolded>;
}

/// The input is not one that can be folded. [`read()`](crate::read()) says
/// what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotFolded;

/// An archive that was looked at and not kept.
///
/// It was checked as reading it checks it.
#[derive(Clone, Debug)]
pub struct Glimpse<'a> {
    /// The id.
    pub id: Id,
    /// The name, in UTF-8 in which lone surrogates take three bytes.
    pub name: Cow<'a, [u8]>,
    /// The exact name of borg 1.x's lists (`barchive`), likewise.
    pub exact_name: Option<Cow<'a, [u8]>>,
    /// The host, likewise, where it is printed.
    pub host: Option<Cow<'a, [u8]>>,
    /// Its exact bytes in Base64 (`hostname_b64`), where they are not UTF-8.
    pub host_base64: Option<Cow<'a, [u8]>>,
    /// The archive time.
    pub time: Timestamp,
    /// The other times: `start` and `end`, where they are printed.
    pub other_times: [Option<Timestamp>; 2],
}

/// An archive of a document, whole.
#[derive(Clone, Debug, PartialEq)]
pub enum Whole {
    /// Of a list.
    RepoList(RepoListArchive),
    /// Of an info document.
    Info(InfoArchive),
}

/// Places for the archives of a document that are kept.
#[derive(Debug)]
pub struct Keep<'a> {
    json: &'a [u8],
    number: usize,
    places: &'a mut Vec<Kept>,
    read: fn(&[u8]) -> Option<Whole>,
}

/// An archive that is kept, if its text is not empty.
#[derive(Clone, Debug, Default)]
struct Kept {
    json: Vec<u8>,
    /// Which one of the document it is.
    number: usize,
}

impl Keep<'_> {
    /// All that is said of the archive.
    ///
    /// # Errors
    ///
    /// [`NotFolded`] if it cannot be read.
    pub fn read(&self) -> Result<Whole, NotFolded> {
        (self.read)(self.json).ok_or(NotFolded)
    }

    /// Keeps the archive in this place, and not the one that was there. The
    /// places are counted from 0.
    ///
    /// In the document at its end, what is kept stands in its old order, and
    /// once even if it has several places.
    pub fn put(&mut self, place: usize) {
        if self.places.len() <= place {
            self.places.resize(place + 1, Kept::default());
        }
        if let Some(kept) = self.places.get_mut(place) {
            kept.json.clear();
            kept.json.extend_from_slice(self.json);
            kept.number = self.number;
        }
    }
}

/// Reads the documents of an input, as [`read()`](crate::read()) does, without
/// holding all of their archives: they are handed to `fold` one after another.
///
/// It reads what borg and borgmatic print to standard output: documents,
/// arrays of them, and white space. It accepts nothing that `read` has
/// anything to say about: then it gives [`NotFolded`], and what `fold` has
/// seen is void.
///
/// `buffer` holds a part of what is read piece by piece, and can be used again
/// for another input.
///
/// # Errors
///
/// Those of the reader.
///
/// ```
/// use borgq_json::{Document, fold};
///
/// struct Count(usize);
/// impl fold::Fold for Count {
///     fn archive(&mut self, _: &fold::Glimpse<'_>, _: &mut fold::Keep<'_>) -> Result<(), fold::NotFolded> {
///         self.0 += 1;
///         Ok(())
///     }
///     fn document(&mut self, document: Document, _: bool) -> Result<(), fold::NotFolded> {
///         assert_eq!(document.repository().location, "/backup/web");
///         Ok(())
///     }
/// }
///
/// # let json: &[u8] = include_bytes!("../../examples/repo-list.json");
/// let mut count = Count(0);
/// let folded = fold::fold(json, &mut Vec::new(), &mut count)?;
/// assert_eq!((folded, count.0), (Ok(()), 2));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn fold<'a>(
    source: impl Into<Source<'a>>,
    buffer: &mut Vec<u8>,
    fold: &mut dyn Fold,
) -> io::Result<Result<(), NotFolded>> {
    let mut walk = Walk {
        window: Window::new(source.into(), std::mem::take(buffer)),
        frame: Vec::new(),
        places: Vec::new(),
        seen: 0,
        layouts: Layouts::default(),
    };
    let walked = walk.input(fold);
    *buffer = walk.window.into_buffer();
    match walked {
        Ok(()) => Ok(Ok(())),
        Err(Stop::NotFolded) => Ok(Err(NotFolded)),
        Err(Stop::Input(error)) => Err(error),
    }
}

enum Stop {
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

struct Walk<'a> {
    window: Window<'a>,
    /// The document without its archives.
    frame: Vec<u8>,
    places: Vec<Kept>,
    /// How many archives of the document were seen.
    seen: usize,
    layouts: Layouts,
}

impl Walk<'_> {
    fn input(&mut self, fold: &mut dyn Fold) -> Result<(), Stop> {
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
fn first<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Option<(T, usize)> {
    let mut values = serde_json::Deserializer::from_slice(json).into_iter();
    let value = values.next()?.ok()?;
    Some((value, values.byte_offset()))
}

/// The same of a value at which a glance is taken. Where a text has escapes, a
/// glance cannot tell them from the control characters that JSON refuses.
fn strictly<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Option<(T, usize)> {
    let (value, length) = first(json)?;
    let escapes = memchr(b'\\', json.get(..length)?).is_some();
    if escapes {
        first::<IgnoredAny>(json)?;
    }
    Some((value, length))
}
