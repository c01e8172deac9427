//! The part of an input that is held in memory.

use std::io::{self, Read};

/// How much is read at once: little at first, because most documents are short
/// and the system gives memory by the page.
const FIRST: usize = 16 << 10;
const CHUNK: usize = 256 << 10;

/// What is folded.
pub enum Source<'a> {
    /// All of it, in memory.
    Bytes(&'a [u8]),
    /// Something that is read piece by piece.
    Reader(&'a mut dyn Read),
}

impl<'a> From<&'a [u8]> for Source<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a> From<&'a mut dyn Read> for Source<'a> {
    fn from(reader: &'a mut dyn Read) -> Self {
        Self::Reader(reader)
    }
}

/// A window that moves over an input, forwards only.
pub(super) struct Window<'a> {
    source: Source<'a>,
    buffer: Vec<u8>,
    /// Where in the buffer, or in the bytes, the part begins that is not taken yet.
    start: usize,
    /// Where in the buffer, or in the bytes, the input read so far ends.
    end: usize,
    /// Whether the input ends there.
    ended: bool,
}

impl<'a> Window<'a> {
    /// The buffer is used for what a reader gives, and keeps its size.
    pub(super) const fn new(source: Source<'a>, buffer: Vec<u8>) -> Self {
        let (end, ended) = match source {
            Source::Bytes(bytes) => (bytes.len(), true),
            Source::Reader(_) => (0, false),
        };
        Self {
            source,
            buffer,
            start: 0,
            end,
            ended,
        }
    }

    pub(super) fn into_buffer(self) -> Vec<u8> {
        self.buffer
    }

    /// What is held and not taken yet.
    pub(super) fn rest(&self) -> &[u8] {
        let held = match self.source {
            Source::Bytes(bytes) => bytes,
            Source::Reader(_) => &self.buffer,
        };
        held.get(self.start..self.end).unwrap_or_default()
    }

    /// Whether the input ends where the window ends.
    pub(super) const fn ended(&self) -> bool {
        self.ended
    }

    pub(super) const fn take(&mut self, bytes: usize) {
        self.start += bytes;
    }

    /// Reads further, and holds what is not taken yet. Gives whether there was more.
    pub(super) fn more(&mut self) -> io::Result<bool> {
        let Source::Reader(reader) = &mut self.source else {
            return Ok(false);
        };
        if self.ended {
            return Ok(false);
        }
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        // A value that does not fit has the window grow, so that it is not
        // tried more often than its length doubles.
        let wanted = self.end.max((2 * self.buffer.len()).clamp(FIRST, CHUNK));
        if self.buffer.len() < self.end + wanted {
            self.buffer.resize(self.end + wanted, 0);
        }
        let mut read = 0;
        while let Some(free) = self.buffer.get_mut(self.end..)
            && !free.is_empty()
        {
            match reader.read(free) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(bytes) => {
                    self.end += bytes;
                    read += bytes;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(read > 0)
    }

    /// The next byte that is no white space.
    pub(super) fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            let rest = self.rest();
            let space = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\t' | b'\r');
            match rest.iter().position(|byte| !space(byte)) {
                Some(at) => {
                    self.take(at);
                    return Ok(self.rest().first().copied());
                }
                None => {
                    self.take(self.rest().len());
                    if !self.more()? {
                        return Ok(None);
                    }
                }
            }
        }
    }

    /// Takes this byte, if it is the next one that is no white space.
    pub(super) fn takes(&mut self, byte: u8) -> io::Result<bool> {
        let found = self.peek()? == Some(byte);
        if found {
            self.take(1);
        }
        Ok(found)
    }
}
