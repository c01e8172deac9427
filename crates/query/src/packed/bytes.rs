//! [`Blocks`]: bytes that are written once and never moved.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};

/// The usual length of a block. A record that is longer has a block of its own.
const BLOCK: usize = 1 << 16;

/// How many texts are remembered, so that they are written once.
const REMEMBERED: usize = 1 << 10;

/// A text that is not longer is not worth a reference.
const SHORT: usize = 4;

/// Records of bytes, which are found again by the place where they begin.
#[derive(Clone, Debug, Default)]
pub(super) struct Blocks(Vec<Vec<u8>>);

impl Blocks {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// How many bytes there are.
    #[cfg(test)]
    pub(super) fn length(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    /// What stands from this place to the end of its block.
    fn at(&self, place: usize) -> &[u8] {
        let block = self.0.get(place / BLOCK);
        let rest = block.and_then(|block| block.get(place % BLOCK..));
        rest.unwrap_or_default()
    }

    pub(super) fn reader(&self, place: usize) -> Reader<'_> {
        Reader {
            rest: self.at(place),
            blocks: self,
        }
    }

    /// Appends a record, and gives its place.
    fn push(&mut self, record: &[u8]) -> usize {
        let fits = |block: &Vec<u8>| block.len() + record.len() <= BLOCK;
        if !self.0.last().is_some_and(fits) {
            let length = if self.0.is_empty() { 0 } else { BLOCK };
            self.0.push(Vec::with_capacity(length.max(record.len())));
        }
        let number = self.0.len() - 1;
        let Some(block) = self.0.last_mut() else {
            return 0;
        };
        let place = number * BLOCK + block.len();
        block.extend_from_slice(record);
        place
    }
}

/// Writes records, one after another.
#[derive(Debug, Default)]
pub(super) struct Writer {
    blocks: Blocks,
    record: Vec<u8>,
    /// Where texts stand, by their hash: their place and 1.
    remembered: Vec<usize>,
    /// The texts of this record that are to be remembered: the hash, and where
    /// in the record.
    new: Vec<(usize, usize)>,
}

impl Writer {
    pub(super) fn byte(&mut self, byte: u8) {
        self.record.push(byte);
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.record.extend_from_slice(bytes);
    }

    /// A number, the shorter the smaller it is.
    pub(super) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.record.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.record.push(number as u8);
    }

    /// The same of a number that may be negative.
    pub(super) fn signed(&mut self, number: i64) {
        self.number((number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned());
    }

    pub(super) fn float(&mut self, number: f64) {
        self.bytes(&number.to_le_bytes());
    }

    /// A text that hardly another record has.
    pub(super) fn text(&mut self, text: &[u8]) {
        self.number((text.len() as u64) << 1);
        self.bytes(text);
    }

    /// A text that other records may have too: then it is written once.
    pub(super) fn shared(&mut self, text: &[u8]) {
        if text.len() <= SHORT {
            return self.text(text);
        }
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let slot = hasher.finish() as usize % REMEMBERED;
        if let Some(place) = self.remembered.get(slot).and_then(|at| at.checked_sub(1))
            && self.blocks.reader(place).text() == text
        {
            return self.number((place as u64) << 1 | 1);
        }
        self.new.push((slot, self.record.len()));
        self.text(text);
    }

    /// Ends the record, and gives its place.
    pub(super) fn end(&mut self) -> usize {
        let place = self.blocks.push(&self.record);
        if self.remembered.is_empty() && !self.new.is_empty() {
            self.remembered = vec![0; REMEMBERED];
        }
        for (slot, at) in self.new.drain(..) {
            // What is further behind has no place of its own.
            if let Some(slot) = self.remembered.get_mut(slot)
                && place % BLOCK + at < BLOCK
            {
                *slot = place + at + 1;
            }
        }
        self.record.clear();
        place
    }

    pub(super) fn finish(self) -> Blocks {
        self.blocks
    }
}

/// Reads a record as it was written.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    blocks: &'a Blocks,
}

impl<'a> Reader<'a> {
    pub(super) fn byte(&mut self) -> u8 {
        self.bytes(1).first().copied().unwrap_or_default()
    }

    pub(super) fn bytes(&mut self, length: usize) -> &'a [u8] {
        let (bytes, rest) = self.rest.split_at_checked(length).unwrap_or_default();
        self.rest = rest;
        bytes
    }

    pub(super) fn array<const N: usize>(&mut self) -> [u8; N] {
        self.bytes(N).try_into().unwrap_or([0; N])
    }

    pub(super) fn number(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte();
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        number
    }

    pub(super) fn signed(&mut self) -> i64 {
        let number = self.number();
        (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
    }

    pub(super) fn float(&mut self) -> f64 {
        f64::from_le_bytes(self.array())
    }

    pub(super) fn text(&mut self) -> &'a [u8] {
        let number = self.number();
        let value = (number >> 1) as usize;
        match number & 1 {
            0 => self.bytes(value),
            // What stands there is no reference.
            _ => self.blocks.reader(value).text(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone, Debug)]
    enum Item {
        Number(u64),
        Signed(i64),
        Text(Vec<u8>),
        Shared(Vec<u8>),
    }

    fn item() -> impl Strategy<Value = Item> {
        let few = prop::sample::select(vec![0, 3, 5, 300, 40_000, 70_000]);
        prop_oneof![
            any::<u64>().prop_map(Item::Number),
            any::<i64>().prop_map(Item::Signed),
            (any::<u8>(), 0..300_usize).prop_map(|(byte, length)| Item::Text(vec![byte; length])),
            (0..3_u8, few).prop_map(|(byte, length)| Item::Shared(vec![byte; length])),
        ]
    }

    proptest! {
        #[test]
        fn records_are_read_as_they_were_written(
            records in prop::collection::vec(prop::collection::vec(item(), 0..6), 0..30),
        ) {
            let mut writer = Writer::default();
            let mut places = Vec::new();
            for record in &records {
                for item in record {
                    match item {
                        Item::Number(number) => writer.number(*number),
                        Item::Signed(number) => writer.signed(*number),
                        Item::Text(text) => writer.text(text),
                        Item::Shared(text) => writer.shared(text),
                    }
                }
                places.push(writer.end());
            }
            let blocks = writer.finish();
            for (record, place) in records.iter().zip(places) {
                let mut reader = blocks.reader(place);
                for item in record {
                    match item {
                        Item::Number(number) => prop_assert_eq!(reader.number(), *number),
                        Item::Signed(number) => prop_assert_eq!(reader.signed(), *number),
                        Item::Text(text) | Item::Shared(text) => {
                            prop_assert_eq!(reader.text(), text.as_slice());
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_text_that_many_records_have_stands_once() {
        let mut writer = Writer::default();
        for _ in 0..1000 {
            writer.shared(&[b'x'; 60]);
            writer.end();
        }
        let length = writer.finish().length();
        assert!(length < 2200, "{length}");
    }
}
