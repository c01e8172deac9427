//! What the real tools printed, against the truth recorded beside it.

use std::fs;
use std::path::{Path, PathBuf};

use borgq_json::{Document, read};

use crate::value::Json;

/// The corpus of the repository. A published crate has none.
pub(crate) fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus")
}

/// Every file beside which stands a truth, and that truth.
pub(crate) fn files(directory: &Path) -> Vec<(PathBuf, PathBuf)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
            continue;
        }
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if let Some(stem) = name.strip_suffix(".truth.json") {
            let printed = ["out", "json"].map(|end| path.with_file_name(format!("{stem}.{end}")));
            let printed = printed.into_iter().find(|printed| printed.exists());
            found.push((
                printed.unwrap_or_else(|| panic!("{name} stands alone")),
                path,
            ));
        }
    }
    found.sort();
    found
}

fn ids(document: &Document) -> Vec<Json> {
    let ids: Vec<_> = match document {
        Document::Create(create) => create.archive.iter().map(|archive| archive.id).collect(),
        Document::RepoList(list) => list.archives.iter().map(|archive| archive.id).collect(),
        Document::Info(info) => info.archives.iter().map(|archive| archive.id).collect(),
        _ => Vec::new(),
    };
    let mut ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
    ids.sort();
    ids.iter().map(|id| Json::text(id)).collect()
}

fn string(text: &Json) -> String {
    match text {
        Json::Text(units) => String::from_utf16(units).unwrap(),
        other => panic!("no text: {other:?}"),
    }
}

/// The `id` of every archive of a truth's document.
fn true_ids(truth: &mut Json) -> Vec<Json> {
    let Some(Json::List(archives)) = truth.keys().get_mut("archives") else {
        return Vec::new();
    };
    let mut ids: Vec<_> = archives
        .iter_mut()
        .map(|archive| string(archive.at("id")))
        .collect();
    ids.sort();
    ids.iter().map(|id| Json::text(id)).collect()
}

#[test]
fn the_corpus_is_read_as_its_truth_says_and_written_back() {
    if !directory().exists() {
        return;
    }
    let files = files(&directory());
    let mut documents = 0;
    for (printed, truth) in &files {
        let name = printed.display();
        let bytes = fs::read(printed).unwrap();
        let mut truth = Json::parse(&fs::read(truth).unwrap());
        let Json::List(truths) = truth.at("documents") else {
            panic!("{name}")
        };
        let reading = read(&bytes);
        assert_eq!(
            reading.documents.len(),
            truths.len(),
            "{name}: {:?}",
            reading.problems
        );
        assert!(!truths.is_empty() || !reading.problems.is_empty(), "{name}");
        for (entry, truth) in reading.documents.iter().zip(truths) {
            let document = &entry.document;
            let said = |value: &str| Json::text(value);
            assert_eq!(&said(document.kind().name()), truth.at("kind"), "{name}");
            assert_eq!(
                &said(document.generation().name()),
                truth.at("generation"),
                "{name}"
            );
            let id = document.repository().id.to_string();
            assert_eq!(&said(&id), truth.at("repository.id"), "{name}");
            assert_eq!(ids(document), true_ids(truth), "{name}");
            let written = serde_json::to_vec(document).unwrap();
            if let Some(slice) = bytes
                .get(entry.position.offset..)
                .filter(|_| is_utf8(&bytes))
            {
                let original = Json::parse(&slice[..entry.length]);
                assert_eq!(Json::parse(&written), original, "{name}");
            }
            assert_eq!(&Document::from_slice(&written).unwrap(), document, "{name}");
            documents += 1;
        }
    }
    assert!(documents > 0, "no document in {} files", files.len());
}

/// Positions count in UTF-8 without a mark.
fn is_utf8(bytes: &[u8]) -> bool {
    !bytes.starts_with(b"\xef\xbb\xbf")
        && !bytes
            .iter()
            .take(2)
            .any(|byte| [0, 0xfe, 0xff].contains(byte))
}
