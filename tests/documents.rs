//! Documents that a test makes up, as borg 1.x prints them.

use serde_json::{Value, json};

/// An archive's name and its time in UTC.
pub type Made<'a> = (&'a str, &'a str);

pub fn repository(name: &str) -> Value {
    json!({
        "id": id(name),
        "last_modified": "2025-03-10T11:59:00.000000",
        "location": format!("/srv/{name}"),
    })
}

pub fn id(text: &str) -> String {
    let mut id = text
        .bytes()
        .map(|byte| format!("{byte:02x}"))
        .collect::<String>();
    id.truncate(64);
    format!("{id:0<64}")
}

/// What `borg list --json` prints.
pub fn list(name: &str, archives: &[Made<'_>]) -> Value {
    let archive = |(archive, time): &Made<'_>| {
        json!({
            "archive": archive, "barchive": archive, "name": archive,
            "id": id(&format!("{archive}{time}").chars().rev().collect::<String>()),
            "start": format!("{time}.000000"), "time": format!("{time}.000000"),
        })
    };
    json!({
        "archives": archives.iter().map(archive).collect::<Vec<_>>(),
        "encryption": {"mode": "repokey"},
        "repository": repository(name),
    })
}

/// The same of borg 2, where archives of one name are a series.
pub fn list_of_borg_2(name: &str, archives: &[Made<'_>]) -> Value {
    let archive = |(archive, time): &Made<'_>| {
        json!({
            "archive": archive, "name": archive,
            "id": id(&format!("{archive}{time}").chars().rev().collect::<String>()),
            "time": format!("{time}.000000+00:00"),
        })
    };
    json!({
        "archives": archives.iter().map(archive).collect::<Vec<_>>(),
        "encryption": {"encryption": "aes256-ocb", "id_hash": "sha256"},
        "repository": {"id": id(name), "location": format!("/srv/{name}")},
    })
}

/// What `borg info --json` prints, with a size and a number of files for each archive.
pub fn info(name: &str, archives: &[(&str, &str, u64, u64)]) -> Value {
    let archive = |(archive, time, size, files): &(&str, &str, u64, u64)| {
        json!({
            "chunker_params": ["buzhash", 19, 23, 21, 4095], "command_line": ["borg", "create"],
            "comment": "", "duration": 61.5, "end": format!("{time}.000000"), "hostname": "web",
            "id": id(&format!("{archive}{time}").chars().rev().collect::<String>()),
            "limits": {"max_archive_size": 0.1}, "name": archive, "start": format!("{time}.000000"),
            "stats": {
                "compressed_size": size, "deduplicated_size": size / 2,
                "nfiles": files, "original_size": size,
            },
            "username": "root",
        })
    };
    json!({
        "archives": archives.iter().map(archive).collect::<Vec<_>>(),
        "cache": {
            "path": "/var/cache",
            "stats": {
                "total_chunks": 9, "total_csize": 8, "total_size": 7, "total_unique_chunks": 6,
                "unique_csize": 5_000_000, "unique_size": 4,
            },
        },
        "encryption": {"mode": "repokey"},
        "repository": repository(name),
    })
}

/// borgmatic's array of documents, with labels.
pub fn labelled(documents: &[(&str, &Value)]) -> Value {
    let label = |(label, document): &(&str, &Value)| {
        let mut document = (*document).clone();
        document["repository"]["label"] = (*label).into();
        document
    };
    documents.iter().map(label).collect()
}
