//! The cases of the corpus: what a tool printed, and the truth beside it.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// A recorded output and what is known of it without a parser.
pub struct Case {
    /// Folder and name, for messages.
    pub name: String,
    pub printed: Vec<u8>,
    pub truth: Value,
}

impl Case {
    pub fn timezone(&self) -> &str {
        self.truth["timezone"].as_str().unwrap()
    }

    pub fn documents(&self) -> &[Value] {
        self.truth["documents"].as_array().unwrap()
    }

    /// The archives of all documents, each once, with their repositories' ids.
    pub fn archives(&self) -> Vec<(&str, &Value, &Value)> {
        let mut archives: Vec<(&str, &Value, &Value)> = Vec::new();
        for document in self.documents() {
            let repository = document["repository"]["id"].as_str().unwrap();
            for archive in document["archives"].as_array().into_iter().flatten() {
                let known = |(other, twin, _): &(&str, &Value, &Value)| {
                    *other == repository && twin["id"] == archive["id"]
                };
                if !archives.iter().any(known) {
                    archives.push((repository, archive, &document["generation"]));
                }
            }
        }
        archives
    }
}

/// Every case of the corpus.
pub fn all() -> Vec<Case> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut truths = Vec::new();
    for folder in std::fs::read_dir(corpus).unwrap() {
        let folder = folder.unwrap().path();
        if folder.is_dir() && !folder.ends_with("record") {
            let files = std::fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().path());
            truths.extend(files.filter(|file| file.to_string_lossy().ends_with(".truth.json")));
        }
    }
    truths.sort();
    assert!(
        truths.len() > 300,
        "the corpus has only {} cases",
        truths.len()
    );
    truths.iter().map(read).collect()
}

fn read(truth: &PathBuf) -> Case {
    let name = truth.to_string_lossy().replace(".truth.json", "");
    let printed = std::fs::read(format!("{name}.out")).unwrap();
    let short = name.rsplit('/').take(2).collect::<Vec<_>>();
    Case {
        name: format!("{}/{}", short[1], short[0]),
        printed,
        truth: serde_json::from_slice(&std::fs::read(truth).unwrap()).unwrap(),
    }
}
