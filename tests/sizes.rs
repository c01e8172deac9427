//! `borgq sizes`.

use serde_json::{Value, json};

use crate::history;
use crate::program::run;

const NOW: &str = "2030-01-01T00:00:00Z";
const LIST: &[u8] = include_bytes!("../crates/json/examples/repo-list.json");

/// Two archives of borg 1.x, the second half as large again, and the totals.
fn info() -> String {
    let archive = |day: u32, original: u64, duration: f64| {
        json!({
            "chunker_params": ["buzhash", 19, 23, 21, 4095],
            "command_line": ["borg", "create"],
            "comment": "",
            "duration": duration,
            "end": format!("2025-03-0{day}T02:00:10.000000"),
            "hostname": "web",
            "id": format!("{day:064}"),
            "limits": {"max_archive_size": 0.001},
            "name": format!("web-2025-03-0{day}"),
            "start": format!("2025-03-0{day}T02:00:00.000000"),
            "stats": {
                "compressed_size": original / 2,
                "deduplicated_size": original / 8,
                "nfiles": 7,
                "original_size": original,
            },
            "username": "root",
        })
    };
    let document = json!({
        "archives": [archive(1, 2048, 2.0), archive(2, 3072, 1.0)],
        "cache": {
            "path": "/root/.cache/borg/2",
            "stats": {
                "total_chunks": 9, "total_csize": 2560, "total_size": 5120,
                "total_unique_chunks": 3, "unique_csize": 640, "unique_size": 1280,
            },
        },
        "encryption": {"mode": "none"},
        "repository": {
            "id": "2".repeat(64),
            "last_modified": "2025-03-02T02:00:07.000000",
            "location": "/backup/web",
        },
    });
    document.to_string()
}

#[test]
fn the_sizes_of_the_corpus_are_those_that_borg_printed() {
    let mut seen = 0;
    for history in history::all() {
        let case = &history.case;
        let Ok(printed) = serde_json::from_slice::<Value>(&case.printed) else {
            continue;
        };
        let documents = match &printed {
            Value::Array(documents) => &documents[..],
            document => std::slice::from_ref(document),
        };
        let args = [
            "sizes",
            "--json",
            "--timezone",
            case.timezone(),
            "--now",
            "2200-01-01T00:00:00Z",
        ];
        let answer = run(&args, &case.printed, NOW).json();
        let answered = |id: &Value| {
            let groups = answer["sizes"].as_array().unwrap().iter();
            let mut archives = groups.flat_map(|group| group["archives"].as_array().unwrap());
            archives.find(|archive| archive["id"] == *id).cloned()
        };
        for document in documents {
            let created = document.get("archive").into_iter();
            let archives = document["archives"].as_array().into_iter().flatten();
            for archive in created.chain(archives).filter(|it| it["stats"].is_object()) {
                // Checkpoints do not count.
                let Some(said) = answered(&archive["id"]) else {
                    assert!(archive["name"].as_str().unwrap().contains(".checkpoint"));
                    continue;
                };
                for (ours, borgs) in [
                    ("original_size", "original_size"),
                    ("compressed_size", "compressed_size"),
                    ("deduplicated_size", "deduplicated_size"),
                    ("files", "nfiles"),
                ] {
                    assert_eq!(said.get(ours), archive["stats"].get(borgs), "{}", case.name);
                }
                let printed = archive["duration"].as_f64().unwrap();
                let duration = said["duration_seconds"].as_f64().unwrap();
                assert!((duration - printed).abs() < 1e-6, "{}", case.name);
                let bytes = archive["stats"]["original_size"].as_f64().unwrap();
                let throughput = said["bytes_per_second"].as_f64().unwrap();
                assert!(
                    (throughput - bytes / duration).abs() <= 1.0,
                    "{}",
                    case.name
                );
                seen += 1;
            }
        }
    }
    assert!(seen > 200, "only {seen} archives");
}

#[test]
fn sizes_are_three_tables_archives_medians_and_repositories() {
    let said = run(&["sizes"], info().as_bytes(), NOW);
    assert_eq!(
        said.out,
        "REPOSITORY   ARCHIVE         TIME                  ORIGINAL  COMPRESSED  DEDUPLICATED  FILES  DURATION  PER SECOND  CHANGE  TO MEDIAN\n\
         /backup/web  web-2025-03-01  2025-03-01T02:00:00Z   2.0 KiB     1.0 KiB         256 B      7        2s   1.0 KiB/s              -20 %\n\
         /backup/web  web-2025-03-02  2025-03-02T02:00:00Z   3.0 KiB     1.5 KiB         384 B      7        1s   3.0 KiB/s   +50 %      +20 %\n\
         \n\
         REPOSITORY   MEDIAN OF  ORIGINAL  COMPRESSED  DEDUPLICATED  FILES  DURATION  PER SECOND  LARGEST\n\
         /backup/web          2   2.5 KiB     1.3 KiB         320 B      7        1s   2.0 KiB/s  web-2025-03-02\n\
         \n\
         REPOSITORY   ALL ARCHIVES  COMPRESSED  STORED  RATIO  DEDUPLICATION\n\
         /backup/web       5.0 KiB     2.5 KiB   640 B    8.0            4.0\n"
    );
    assert_eq!(said.status, 0);
}

#[test]
fn the_answer_has_measures_changes_and_ratios() {
    let answer = run(&["sizes", "--json"], info().as_bytes(), NOW).json();
    let group = &answer["sizes"][0];
    let second = &group["archives"][1];
    assert_eq!(second["name"], "web-2025-03-02");
    assert_eq!(second["original_size"], 3072);
    assert_eq!(second["duration_seconds"], 1);
    assert_eq!(second["bytes_per_second"], 3072);
    assert_eq!(
        second["change_from_previous"],
        json!({
            "original_size_percent": 50, "compressed_size_percent": 50,
            "deduplicated_size_percent": 50, "files_percent": 0,
            "duration_percent": -50, "bytes_per_second_percent": 200,
        })
    );
    assert_eq!(second["change_from_median"]["duration_percent"], -33.333334);
    assert_eq!(group["archives"][0]["change_from_previous"], json!({}));
    assert_eq!(group["median"]["original_size"], 2560);
    assert_eq!(group["total"]["original_size"], 5120);
    assert_eq!(group["total"]["bytes_per_second"], 1706);
    assert_eq!(group["largest"]["name"], "web-2025-03-02");
    let repository = &answer["repositories"][0];
    assert_eq!(repository["deduplication_ratio"], 4.0);
    assert_eq!(repository["overall_ratio"], 8.0);
}

#[test]
fn what_borg_did_not_say_is_absent_and_said() {
    let said = run(&["sizes", "--json"], LIST, NOW);
    assert_eq!(said.status, 3);
    let answer = said.json();
    assert_eq!(answer["problems"][0]["code"], "no-sizes");
    assert_eq!(
        said.err,
        "borgq: the input does not say the sizes of 2 of 2 archives in /backup/web: \
         add the output of borg info --json for them\n"
    );
    let group = &answer["sizes"][0];
    assert_eq!(
        (&group["median"], &group["total"]),
        (&json!({}), &json!({}))
    );
    assert!(group.get("largest").is_none());
    assert!(answer["repositories"][0].get("overall_ratio").is_none());
    // The listing and the sizes are joined.
    let both = [LIST, info().as_bytes()].concat();
    let said = run(&["sizes", "--json"], &both, NOW);
    assert_eq!(
        said.json()["sizes"][0]["archives"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
    assert_eq!(said.status, 3);
    let said = run(&["sizes", "-a", "nothing"], info().as_bytes(), NOW);
    assert_eq!(said.status, 1);
    let said = run(&["sizes"], &LIST[..400], NOW);
    assert_eq!((said.status, &said.out[..]), (3, ""));
}
