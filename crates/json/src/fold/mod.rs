//! [`fold()`]: long documents in little memory.

mod bytes;
mod element;
mod object;
mod plain;
#[cfg(test)]
mod tests;
mod walk;
mod window;

use std::borrow::Cow;
use std::io;

use crate::{Document, Id, InfoArchive, RepoListArchive, Timestamp};
use walk::{Stop, Walk};
pub use window::Source;
use window::Window;

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
    let mut walk = Walk::new(Window::new(source.into(), std::mem::take(buffer)));
    let walked = walk.input(fold);
    *buffer = walk.into_buffer();
    match walked {
        Ok(()) => Ok(Ok(())),
        Err(Stop::NotFolded) => Ok(Err(NotFolded)),
        Err(Stop::Input(error)) => Err(error),
    }
}
