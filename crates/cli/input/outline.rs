//! [`outline()`]: the documents of an input without most of their archives.

use borgq_json::fold::{Fold, Glimpse, Keep, NotFolded, fold};
use borgq_json::{Document, Encoding, Entry, Position, Reading, read};

/// Reads as [`read()`], but a document may lack archives behind the first: they
/// were checked and are not kept.
pub fn outline(input: &[u8]) -> Reading {
    one(input).unwrap_or_else(|| read(input))
}

/// The reading of an input that is nothing but one document.
fn one(input: &[u8]) -> Option<Reading> {
    let mut one = One::default();
    fold(input, &mut Vec::new(), &mut one).ok()?.ok()?;
    let start = input.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let before = input.get(..start)?;
    let line = before.rsplit(|byte| *byte == b'\n').next()?;
    Some(Reading {
        documents: vec![Entry {
            document: one.document?,
            position: Position {
                offset: start,
                line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
                column: line.len() + 1,
            },
            length: input.trim_ascii().len(),
            in_array: false,
        }],
        skipped: Vec::new(),
        problems: Vec::new(),
        encoding: Encoding::Utf8,
    })
}

#[derive(Default)]
struct One {
    document: Option<Document>,
    /// Whether there were archives.
    archives: bool,
}

impl Fold for One {
    fn archive(&mut self, _: &Glimpse<'_>, keep: &mut Keep<'_>) -> Result<(), NotFolded> {
        // The others have the same shape, which must fit to the rest of the document.
        if !std::mem::replace(&mut self.archives, true) {
            keep.put(0);
        }
        Ok(())
    }

    fn document(&mut self, document: Document, in_array: bool) -> Result<(), NotFolded> {
        match self.document.replace(document) {
            None if !in_array => Ok(()),
            _ => Err(NotFolded),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = include_str!("../../json/examples/repo-list.json");

    /// All of a reading but the archives.
    fn places(reading: Reading) -> impl PartialEq + std::fmt::Debug {
        let documents = reading.documents.into_iter();
        let documents = documents.map(|entry| (entry.position, entry.length, entry.in_array));
        let documents: Vec<_> = documents.collect();
        (
            documents,
            reading.skipped,
            reading.problems,
            reading.encoding,
        )
    }

    #[track_caller]
    fn is_as_read(input: impl AsRef<[u8]>) {
        let input = input.as_ref();
        assert_eq!(places(outline(input)), places(read(input)));
    }

    #[test]
    fn an_outline_differs_from_a_reading_in_nothing_but_the_archives() {
        is_as_read(LIST);
        is_as_read(format!(" \r\n\n\t {LIST} \n"));
        is_as_read(format!("[{LIST}]"));
        is_as_read(format!("{LIST}{LIST}"));
        is_as_read(format!("warning\n{LIST}"));
        is_as_read(format!("\u{feff}{LIST}"));
        is_as_read(format!("\u{c}{LIST}"));
        is_as_read(format!("{LIST}\u{c}"));
        is_as_read("");
        is_as_read("{}");
        // A time of borg 2 beside those of borg 1.x.
        let mixed = LIST.replace("02:00:07.000000", "02:00:07.000000+01:00");
        assert!(mixed != LIST);
        is_as_read(mixed);
        for cut in 0..LIST.len() {
            is_as_read(&LIST.as_bytes()[..cut]);
        }
    }

    #[test]
    fn one_archive_of_a_plain_document_is_kept() {
        let reading = outline(LIST.as_bytes());
        match &reading.documents[0].document {
            Document::RepoList(list) => assert_eq!(list.archives.len(), 1),
            other => panic!("{other}"),
        }
    }
}
