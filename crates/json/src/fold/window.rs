//! The part of an input that is held in memory.

use std::io::{self, Read};

/// How much is read at once.
const CHUNK: usize = 256 << 10;

/// A window that moves over an input, forwards only.
pub(super) struct Window<R> {
    reader: R,
    buffer: Vec<u8>,
    /// Where in the buffer the part begins that is not taken yet.
    start: usize,
    /// Where in the buffer the input read so far ends.
    end: usize,
    /// Whether the input ends there.
    ended: bool,
}

impl<R: Read> Window<R> {
    /// The buffer is used for the input, and keeps its size.
    pub(super) const fn new(reader: R, buffer: Vec<u8>) -> Self {
        Self {
            reader,
            buffer,
            start: 0,
            end: 0,
            ended: false,
        }
    }

    pub(super) fn into_buffer(self) -> Vec<u8> {
        self.buffer
    }

    /// What is held and not taken yet.
    pub(super) fn rest(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
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
        if self.ended {
            return Ok(false);
        }
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        // A value that does not fit has the window grow, so that it is not
        // tried more often than its length doubles.
        let wanted = self.end.max(CHUNK);
        if self.buffer.len() < self.end + wanted {
            self.buffer.resize(self.end + wanted, 0);
        }
        let mut read = 0;
        while let Some(free) = self.buffer.get_mut(self.end..)
            && !free.is_empty()
        {
            match self.reader.read(free) {
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
