//! Laws over arbitrary documents and arbitrary bytes.

use borgq_json::{
    Create, Document, Info, Kind, Reading, RepoInfo, RepoList, Text, read, read_from,
};
use proptest::prelude::*;

use crate::documents::{any_document, example, shapes, text};
use crate::value::Json;

/// What must hold of the reading of any input.
fn check(input: &[u8], reading: &Reading) -> Result<(), TestCaseError> {
    prop_assert!(!reading.documents.is_empty() || !reading.problems.is_empty());
    let mut end = 0;
    for entry in &reading.documents {
        prop_assert!(entry.position.offset >= end);
        end = entry.position.offset + entry.length;
        // UTF-16 becomes longer than it was by half at most.
        prop_assert!(end <= input.len() + input.len() / 2);
    }
    Ok(())
}

/// Pieces that make trouble together.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            "\"",
            ":",
            ",",
            "\\",
            "\n",
            "\r",
            " ",
            "1",
            "-",
            "null",
            "\"archives\":",
            "\"repository\":",
            "\"archive\":",
            "\"cache\":",
            "\"a\":",
            "\u{feff}",
            "\"type\":",
            "\"message\":",
            "\0",
            "{}",
            "[]",
            "\\ud800",
            "1e999",
        ])
        .prop_map(|piece| piece.as_bytes().to_vec()),
        any::<[u8; 2]>().prop_map(Vec::from),
        any_document().prop_map(|(_, _, json)| json.print(false).into_bytes()),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(input in prop::collection::vec(any::<u8>(), 0..300)) {
        check(&input, &read(&input))?;
    }

    #[test]
    fn any_pieces_of_json_are_read_without_panic(input in soup()) {
        check(&input, &read(&input))?;
        let _ = Document::from_slice(&input);
    }

    #[test]
    fn any_document_is_read_for_what_it_is(
        (kind, generation, json) in any_document(),
        indented: bool,
    ) {
        let printed = json.print(indented);
        let reading = read(printed.as_bytes());
        prop_assert_eq!(&reading.problems, &[]);
        prop_assert_eq!(&reading.skipped, &[]);
        prop_assert_eq!(reading.documents.len(), 1);
        let entry = &reading.documents[0];
        prop_assert_eq!(entry.document.kind(), kind);
        prop_assert_eq!(entry.document.generation(), generation);
        prop_assert_eq!((entry.position.offset, entry.length), (0, printed.len()));
        prop_assert_eq!(&read_from(printed.as_bytes()).unwrap(), &reading);
    }

    #[test]
    fn writing_what_was_read_gives_the_same_value((kind, _, json) in any_document()) {
        let printed = json.print(true);
        let document = Document::from_slice(printed.as_bytes()).unwrap();
        let written = serde_json::to_vec(&document).unwrap();
        prop_assert_eq!(&Json::parse(&written), &json);
        prop_assert_eq!(&Document::from_slice(&written).unwrap(), &document);
        prop_assert_eq!(&serde_json::from_slice::<Document>(&written).unwrap(), &document);
        prop_assert_eq!(document.to_string().into_bytes(), written);
        prop_assert!(!document.to_string().contains('\n'));
        let pretty = serde_json::to_vec_pretty(&document).unwrap();
        prop_assert_eq!(&Json::parse(&pretty), &json);
        let typed = match kind {
            Kind::Create => Document::Create(serde_json::from_str::<Create>(&printed).unwrap()),
            Kind::RepoList => Document::RepoList(serde_json::from_str::<RepoList>(&printed).unwrap()),
            Kind::Info => Document::Info(serde_json::from_str::<Info>(&printed).unwrap()),
            _ => Document::RepoInfo(serde_json::from_str::<RepoInfo>(&printed).unwrap()),
        };
        prop_assert_eq!(typed, document);
    }

    #[test]
    fn any_text_is_written_back_with_the_same_units(json in text()) {
        let text: Text = serde_json::from_str(&json.print(false)).unwrap();
        prop_assert_eq!(Json::parse(&serde_json::to_vec(&text).unwrap()), json.clone());
        prop_assert_eq!(Json::parse(format!("{text:?}").as_bytes()), json);
    }

    #[test]
    fn documents_of_any_kinds_are_read_in_any_arrangement(
        documents in prop::collection::vec(any_document(), 1..5),
        separator in prop::sample::select(vec!["", "\n", "\r\n", " ", "\n\n"]),
        list: bool,
        indented: bool,
    ) {
        let printed: Vec<_> = documents.iter().map(|(_, _, json)| json.print(indented)).collect();
        let input = if list {
            format!("[{}]", printed.join(", "))
        } else {
            printed.join(separator)
        };
        let reading = read(input.as_bytes());
        prop_assert_eq!(&reading.problems, &[]);
        prop_assert_eq!(&reading.skipped, &[]);
        let found: Vec<_> = reading.documents.iter().map(|entry| {
            let slice = &input[entry.position.offset..entry.position.offset + entry.length];
            (slice.to_owned(), entry.document.kind(), entry.in_array)
        }).collect();
        let made: Vec<_> = documents.iter().zip(printed)
            .map(|((kind, ..), printed)| (printed, *kind, list)).collect();
        prop_assert_eq!(found, made);
    }

    #[test]
    fn utf_16_gives_the_same_documents((_, _, json) in any_document(), big: bool, mark: bool) {
        let printed = json.print(true);
        let marked = if mark { format!("\u{feff}{printed}") } else { printed.clone() };
        let units = marked.encode_utf16();
        let bytes: Vec<u8> = units
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect();
        let reading = read(&bytes);
        prop_assert_eq!(reading.documents, read(printed.as_bytes()).documents);
        prop_assert_eq!(reading.problems, []);
    }
}

#[test]
fn serde_reads_and_writes_each_type_from_any_of_its_sources() {
    fn check<T>(json: &Json)
    where
        T: serde::de::DeserializeOwned + serde::Serialize + PartialEq + std::fmt::Debug,
    {
        let printed = json.print(true);
        let typed: T = serde_json::from_str(&printed).unwrap();
        let streamed: T = serde_json::from_reader(printed.as_bytes()).unwrap();
        assert_eq!(streamed, typed);
        let value = serde_json::to_value(&typed).unwrap();
        assert_eq!(
            value,
            serde_json::from_str::<serde_json::Value>(&printed).unwrap()
        );
        assert_eq!(serde_json::from_value::<T>(value).unwrap(), typed);
    }
    for (kind, generation) in shapes() {
        let mut json = example(kind, generation);
        let unknown = Json::List(vec![Json::object([("a", Json::Null)])]);
        json.at("repository").keys().insert("new".into(), unknown);
        check::<Document>(&json);
        match kind {
            Kind::Create => check::<Create>(&json),
            Kind::RepoList => check::<RepoList>(&json),
            Kind::Info => check::<Info>(&json),
            _ => check::<RepoInfo>(&json),
        }
    }
}
