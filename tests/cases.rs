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
    /// The zone of the recording, for `--timezone`.
    pub fn timezone(&self) -> &str {
        known(self.truth["timezone"].as_str().unwrap())
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

/// The zone by its name, or by its rules where there is no zone database.
pub fn known(zone: &str) -> &str {
    if Path::new("/usr/share/zoneinfo").join(zone).exists() {
        return zone;
    }
    match zone {
        "America/New_York" => "EST5EDT,M3.2.0,M11.1.0",
        "Asia/Kolkata" => "IST-5:30",
        "Australia/Lord_Howe" => "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
        "Europe/Berlin" => "CET-1CEST,M3.5.0,M10.5.0/3",
        rules => rules,
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
        truths.len() > 700,
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
