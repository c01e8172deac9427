//! [`Object`]: a plain JSON object that is read member by member.

use super::bytes;
use crate::{Id, Timestamp};

/// What stands between the values of one object stands there in the next one:
/// only its beginning has to be understood once.
#[derive(Default)]
pub(super) struct Layout {
    seams: Vec<Seam>,
}

/// What stands before a value: a comma, the key and a colon, with white space.
struct Seam {
    json: Vec<u8>,
    key: Key,
}

/// The longest seam that is remembered, in bytes.
const SEAM: usize = 128;

macro_rules! keys {
    ($($Key:ident $text:literal,)*) => {
        /// The keys of plain objects.
        #[derive(Clone, Copy)]
        pub(super) enum Key {
            $($Key,)*
        }

        impl Key {
            fn of(text: &[u8]) -> Option<Self> {
                Some(match text {
                    $($text => Self::$Key,)*
                    _ => return None,
                })
            }
        }
    };
}

keys! {
    Archive b"archive",
    ChunkerParams b"chunker_params",
    CommandLine b"command_line",
    Comment b"comment",
    CompressedSize b"compressed_size",
    Cwd b"cwd",
    DeduplicatedSize b"deduplicated_size",
    Duration b"duration",
    End b"end",
    ExactComment b"bcomment",
    ExactName b"barchive",
    Hostname b"hostname",
    Id b"id",
    Limits b"limits",
    MaxArchiveSize b"max_archive_size",
    Name b"name",
    Nfiles b"nfiles",
    OriginalSize b"original_size",
    Start b"start",
    Stats b"stats",
    Tags b"tags",
    Tam b"tam",
    Time b"time",
    Username b"username",
}

impl Key {
    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// A JSON object of which all texts are ASCII without escapes.
///
/// What is not plain, or not all there, is `None`.
pub(super) struct Object<'a, 'l> {
    rest: &'a [u8],
    layout: &'l mut Layout,
    /// How many members were read.
    members: usize,
    /// The keys that were read.
    seen: u32,
    time: Option<(&'a [u8; TIME], Timestamp)>,
}

/// How long a time is that borg 1.x prints: `2025-03-01T02:00:00.000000`.
const TIME: usize = 26;

impl<'a, 'l> Object<'a, 'l> {
    /// The object with which `json` begins.
    pub(super) fn new(json: &'a [u8], layout: &'l mut Layout) -> Option<Self> {
        Some(Self {
            rest: json.strip_prefix(b"{")?,
            layout,
            members: 0,
            seen: 0,
            time: None,
        })
    }

    /// What is not read yet.
    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Goes on at `rest`, where a value ends that something else has read.
    pub(super) const fn go_on(&mut self, rest: &'a [u8]) {
        self.rest = rest;
    }

    /// How much of `json`, with which the object began, is read.
    pub(super) const fn length(&self, json: &[u8]) -> usize {
        json.len() - self.rest.len()
    }

    /// Whether all of these keys were read.
    pub(super) fn has(&self, keys: &[Key]) -> bool {
        keys.iter().all(|key| self.seen & key.bit() != 0)
    }

    /// The next key, which no object may have twice. `Some(None)` if the object
    /// ends.
    pub(super) fn key(&mut self) -> Option<Option<Key>> {
        let key = match self.expected() {
            Some((key, rest)) => {
                self.rest = rest;
                key
            }
            None => match self.unexpected()? {
                Some(key) => key,
                None => return Some(None),
            },
        };
        self.members += 1;
        let before = self.seen;
        self.seen |= key.bit();
        (self.seen != before).then_some(Some(key))
    }

    /// The next key and what is behind it, if it stands there as in the object before.
    fn expected(&self) -> Option<(Key, &'a [u8])> {
        let seam = self.layout.seams.get(self.members)?;
        let rest = self.rest.strip_prefix(&*seam.json)?;
        let more_space = *rest.first()? <= b' ';
        (!more_space).then_some((seam.key, rest))
    }

    /// The next key, if it stands there in another way than in the object before.
    fn unexpected(&mut self) -> Option<Option<Key>> {
        let before = self.rest;
        self.skip_space();
        if self.members > 0 {
            match self.rest.split_first()? {
                (b',', rest) => self.rest = rest,
                (b'}', rest) => {
                    self.rest = rest;
                    return Some(None);
                }
                _ => return None,
            }
            self.skip_space();
        }
        let key = Key::of(self.text()?)?;
        self.skip_space();
        self.rest = self.rest.strip_prefix(b":")?;
        self.skip_space();
        // Where the window ends there may be more white space.
        self.rest.first()?;
        let json = before.get(..before.len() - self.rest.len())?;
        if json.len() <= SEAM {
            let json = json.to_vec();
            let seam = Seam { json, key };
            match self.layout.seams.get_mut(self.members) {
                Some(other) => *other = seam,
                None => self.layout.seams.push(seam),
            }
        }
        Some(Some(key))
    }

    fn skip_space(&mut self) {
        self.rest = bytes::behind_space(self.rest);
    }

    /// Takes this byte, if it is the next one.
    fn takes(&mut self, byte: u8) -> bool {
        let behind = self.rest.strip_prefix(&[byte]);
        self.rest = behind.unwrap_or(self.rest);
        behind.is_some()
    }

    /// A text.
    pub(super) fn text(&mut self) -> Option<&'a [u8]> {
        let text = self.rest.strip_prefix(b"\"")?;
        let (value, behind) = text.split_at_checked(bytes::plain(text))?;
        self.rest = behind.strip_prefix(b"\"")?;
        Some(value)
    }

    /// The id of an archive.
    pub(super) fn id(&mut self) -> Option<Id> {
        let (digits, behind) = self.rest.strip_prefix(b"\"")?.split_at_checked(64)?;
        self.rest = behind.strip_prefix(b"\"")?;
        Id::parse(digits)
    }

    /// A time.
    pub(super) fn time(&mut self) -> Option<Timestamp> {
        let text = self.rest.strip_prefix(b"\"")?;
        let Some((text, [b'"', rest @ ..])) = text.split_first_chunk::<TIME>() else {
            return Timestamp::parse(self.text()?);
        };
        // Many archives have the same time twice.
        let time = match self.time {
            Some((before, time)) if before == text => time,
            _ => Timestamp::parse(text)?,
        };
        self.time = Some((text, time));
        self.rest = rest;
        Some(time)
    }

    /// A list of texts, and of whole numbers if there may be any. If it is not
    /// plain, nothing of it is taken.
    pub(super) fn list(&mut self, numbers: bool) -> Option<()> {
        let before = self.rest;
        let read = self.elements(numbers);
        if read.is_none() {
            self.rest = before;
        }
        read
    }

    fn elements(&mut self, numbers: bool) -> Option<()> {
        self.rest = self.rest.strip_prefix(b"[")?;
        self.skip_space();
        if self.takes(b']') {
            return Some(());
        }
        loop {
            if numbers && self.rest.first() != Some(&b'"') {
                self.whole_number()?;
            } else {
                self.text()?;
            }
            self.skip_space();
            if self.takes(b']') {
                return Some(());
            }
            self.rest = self.rest.strip_prefix(b",")?;
            self.skip_space();
        }
    }

    /// A whole number that is not negative, and has 64 bits at most. If it is
    /// not plain, nothing of it is taken.
    pub(super) fn whole_number(&mut self) -> Option<()> {
        self.rest = bytes::ended(bytes::behind_whole_number(self.rest)?)?;
        Some(())
    }

    /// A number that is not negative, and is finite as a floating-point number.
    /// If it is not plain, nothing of it is taken.
    pub(super) fn number(&mut self) -> Option<()> {
        self.rest = bytes::ended(bytes::behind_number(self.rest)?)?;
        Some(())
    }
}
