//! Documents of every kind and generation: one of each that is fixed, and
//! arbitrary ones.

use borgq_json::{Generation, Kind};
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

use crate::value::Json;

pub(crate) const GENERATIONS: [Generation; 3] =
    [Generation::V1, Generation::V2Early, Generation::V2];

/// All twelve shapes.
pub(crate) fn shapes() -> impl Iterator<Item = (Kind, Generation)> {
    Kind::ALL
        .into_iter()
        .flat_map(|kind| GENERATIONS.map(|generation| (kind, generation)))
}

type Field = (&'static str, BoxedStrategy<Option<Json>>);

fn always(key: &'static str, value: impl Strategy<Value = Json> + 'static) -> Field {
    (key, value.prop_map(Some).boxed())
}

fn maybe(key: &'static str, value: impl Strategy<Value = Json> + 'static) -> Field {
    (key, prop::option::of(value).boxed())
}

fn object(fields: Vec<Field>) -> BoxedStrategy<Json> {
    let (keys, values): (Vec<_>, Vec<_>) = fields.into_iter().unzip();
    let unknown = prop::option::weighted(0.2, any_json());
    (values, unknown)
        .prop_map(move |(values, unknown)| {
            let pairs = keys.iter().zip(values);
            let pairs = pairs.filter_map(|(key, value)| Some(((*key).to_owned(), value?)));
            let unknown = unknown.map(|value| ("new_in_borg_3".to_owned(), value));
            Json::Object(pairs.chain(unknown).collect())
        })
        .boxed()
}

/// Any UTF-16, with many lone surrogates and controls.
pub(crate) fn text() -> impl Strategy<Value = Json> {
    let unit = prop_oneof![
        4 => 0x20..=0x7eu16,
        1 => 0..=0x1fu16,
        1 => 0xdc80..=0xdcffu16,
        1 => 0xd800..=0xdfffu16,
        1 => any::<u16>(),
    ];
    prop::collection::vec(unit, 0..8).prop_map(Json::Text)
}

fn id() -> impl Strategy<Value = Json> {
    "[0-9a-f]{64}".prop_map(|id| Json::text(&id))
}

fn count() -> impl Strategy<Value = Json> {
    prop_oneof![any::<u64>(), 0..1000u64].prop_map(Json::integer)
}

fn float() -> impl Strategy<Value = Json> {
    use prop::num::f64::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
    (POSITIVE | NEGATIVE | NORMAL | SUBNORMAL | ZERO).prop_map(Json::float)
}

fn time(generation: Generation) -> impl Strategy<Value = Json> {
    let offset = match generation {
        Generation::V1 => "",
        _ => "[+-]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?",
    };
    let fraction = match generation {
        Generation::V1 => "000000",
        _ => "[0-9]{6}",
    };
    let day = "[0-9]{3}[1-9]-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])";
    let clock = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]";
    let format = format!("{day}T{clock}\\.{fraction}{offset}");
    prop::string::string_regex(&format)
        .unwrap()
        .prop_map(|time| Json::text(&time))
}

pub(crate) fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<i128>().prop_map(Json::integer),
        float(),
        text(),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::List),
            prop::collection::btree_map("[a-z\u{e9}\n\"]{0,3}", inner, 0..4).prop_map(Json::Object),
        ]
    })
}

fn list(value: impl Strategy<Value = Json>) -> impl Strategy<Value = Json> {
    prop::collection::vec(value, 0..4).prop_map(Json::List)
}

fn repository(generation: Generation) -> impl Strategy<Value = Json> {
    let mut fields = vec![
        always("id", id()),
        always("location", text()),
        maybe("label", text()),
    ];
    if generation != Generation::V2 {
        fields.push(always("last_modified", time(generation)));
    }
    object(fields)
}

fn encryption(generation: Generation) -> impl Strategy<Value = Json> {
    let mut fields = vec![maybe("keyfile", text())];
    if generation == Generation::V2 {
        fields.extend([always("encryption", text()), always("id_hash", text())]);
    } else {
        fields.push(always("mode", text()));
    }
    object(fields)
}

fn cache(generation: Generation) -> impl Strategy<Value = Json> {
    let mut fields = vec![always("path", text())];
    if generation == Generation::V1 {
        let totals = [
            "total_chunks",
            "total_csize",
            "total_size",
            "total_unique_chunks",
            "unique_csize",
            "unique_size",
        ];
        fields.push(always(
            "stats",
            object(totals.map(|key| always(key, count())).into()),
        ));
    }
    object(fields)
}

fn command_line(generation: Generation) -> BoxedStrategy<Json> {
    match generation {
        Generation::V1 => list(text()).boxed(),
        _ => text().boxed(),
    }
}

fn stats(kind: Kind, generation: Generation) -> impl Strategy<Value = Json> {
    let mut fields = vec![always("original_size", count()), always("nfiles", count())];
    if generation == Generation::V1 {
        fields.push(always("compressed_size", count()));
    } else {
        let letters = prop::collection::btree_map("[A-Zdx?]", count(), 0..4);
        fields.extend([
            always("chunking_time", float()),
            always("hashing_time", float()),
            always("files_stats", letters.prop_map(Json::Object)),
        ]);
    }
    if generation == Generation::V1 || (kind, generation) == (Kind::Create, Generation::V2) {
        fields.push(always("deduplicated_size", count()));
    }
    if generation == Generation::V2 {
        let stat = prop_oneof![count(), float(), any::<bool>().prop_map(Json::Bool)];
        let stats = prop::collection::btree_map("[a-z_]{1,8}", stat, 0..4);
        fields.push(always("store_stats", stats.prop_map(Json::Object)));
    }
    object(fields)
}

/// An archive of a create or an info document.
fn archive(kind: Kind, generation: Generation) -> impl Strategy<Value = Json> {
    let mut fields = vec![
        always("name", text()),
        always("id", id()),
        always("start", time(generation)),
        always("end", time(generation)),
        always("duration", float()),
        always("command_line", command_line(generation)),
        always("stats", stats(kind, generation)),
    ];
    match generation {
        Generation::V1 => {
            let limits = object(vec![always("max_archive_size", float())]);
            fields.push(always("limits", limits));
        }
        Generation::V2 => fields.push(always("time", time(generation))),
        _ => {}
    }
    if kind == Kind::Info {
        let param = prop_oneof![text(), any::<u64>().prop_map(Json::integer)];
        fields.extend([
            always("comment", text()),
            always("hostname", text()),
            always("username", text()),
            always("chunker_params", list(param)),
            maybe("cwd", text()),
        ]);
        if generation != Generation::V1 {
            fields.push(always("tags", list(text())));
        }
    }
    object(fields)
}

fn listed_archive(generation: Generation) -> impl Strategy<Value = Json> {
    let mut fields = vec![
        always("id", id()),
        always("name", text()),
        always("time", time(generation)),
    ];
    fields.extend(["start", "end"].map(|key| maybe(key, time(generation))));
    fields.extend(["comment", "hostname", "username"].map(|key| maybe(key, text())));
    fields.push(maybe("command_line", command_line(generation)));
    if generation == Generation::V1 {
        fields.extend(["barchive", "bcomment", "tam"].map(|key| maybe(key, text())));
    } else {
        let base64 = [
            "hostname_b64",
            "username_b64",
            "command_line_b64",
            "comment_b64",
        ];
        fields.extend(base64.map(|key| maybe(key, text())));
        fields.extend(["size", "nfiles"].map(|key| maybe(key, count())));
        fields.push(maybe("tags", text()));
    }
    object(fields).prop_map(|mut archive| {
        let name = archive.at("name").clone();
        archive.keys().insert("archive".into(), name);
        archive
    })
}

/// Any document of a shape.
pub(crate) fn document(kind: Kind, generation: Generation) -> BoxedStrategy<Json> {
    let mut fields = vec![
        always("repository", repository(generation)),
        always("encryption", encryption(generation)),
    ];
    match kind {
        Kind::Create => {
            let dry = fields.clone();
            fields.push(always("archive", archive(kind, generation)));
            fields.push(maybe("cache", cache(generation)));
            if generation == Generation::V2 {
                let stats = vec![always("nfiles", count()), always("original_size", count())];
                let mut dry = dry;
                dry.push(always("dry_run", Just(Json::Bool(true))));
                dry.push(always("stats", object(stats)));
                return prop_oneof![3 => object(fields), 1 => object(dry)].boxed();
            }
        }
        Kind::RepoList => fields.push(always("archives", list(listed_archive(generation)))),
        Kind::Info => {
            fields.push(always("archives", list(archive(kind, generation))));
            fields.push(always("cache", cache(generation)));
        }
        _ => {
            fields.push(always("security_dir", text()));
            fields.push(always("cache", cache(generation)));
            if generation == Generation::V2 {
                let keys = ["chunker_params", "compression"];
                let defaults = object(keys.map(|key| always(key, text())).into());
                fields.push(always("defaults", defaults));
            }
        }
    }
    object(fields)
}

/// Any document of any shape.
pub(crate) fn any_document() -> impl Strategy<Value = (Kind, Generation, Json)> {
    prop::sample::select(shapes().collect::<Vec<_>>()).prop_flat_map(|(kind, generation)| {
        document(kind, generation).prop_map(move |json| (kind, generation, json))
    })
}

/// A document of a shape that is always the same, as borg prints it.
pub(crate) fn example(kind: Kind, generation: Generation) -> Json {
    let time = |second| {
        let offset = if generation == Generation::V1 {
            ""
        } else {
            "+01:00"
        };
        Json::text(&format!("2025-03-01T02:00:{second:02}.000000{offset}"))
    };
    let hex = |digit: &str| Json::text(&digit.repeat(64));
    let mut repository = Json::object([("id", hex("2")), ("location", Json::text("/backup"))]);
    let encryption = if generation == Generation::V2 {
        let cipher = ("encryption", Json::text("aes256-ocb"));
        Json::object([cipher, ("id_hash", Json::text("sha256"))])
    } else {
        repository.keys().insert("last_modified".into(), time(9));
        Json::object([("mode", Json::text("repokey-blake2"))])
    };
    let mut cache = Json::object([("path", Json::text("/root/.cache/borg"))]);
    if generation == Generation::V1 {
        let totals = Json::object([
            ("total_chunks", Json::integer(3)),
            ("total_csize", Json::integer(3)),
            ("total_size", Json::integer(3)),
            ("total_unique_chunks", Json::integer(3)),
            ("unique_csize", Json::integer(3)),
            ("unique_size", Json::integer(3)),
        ]);
        cache.keys().insert("stats".into(), totals);
    }
    let mut stats = Json::object([
        ("nfiles", Json::integer(1)),
        ("original_size", Json::integer(18255)),
    ]);
    let mut archive = Json::object([
        ("name", Json::text("web \u{e9} {\"a\": [")),
        ("id", hex("1")),
        ("start", time(1)),
        ("end", time(3)),
        ("duration", Json::float(1.5)),
    ]);
    if generation == Generation::V1 {
        stats
            .keys()
            .insert("compressed_size".into(), Json::integer(9));
        let words = ["borg", "create", "/backup::web", "/srv"].map(Json::text);
        archive
            .keys()
            .insert("command_line".into(), Json::List(words.into()));
        let limits = Json::object([("max_archive_size", Json::float(2.660756544638554e-5))]);
        archive.keys().insert("limits".into(), limits);
    } else {
        stats.keys().insert(
            "files_stats".into(),
            Json::object([("A", Json::integer(1))]),
        );
        archive
            .keys()
            .insert("command_line".into(), Json::text("borg create web /srv"));
    }
    if generation == Generation::V2 {
        archive.keys().insert("time".into(), time(0));
    }
    archive.keys().insert("stats".into(), stats);
    let mut document = Json::object([("repository", repository), ("encryption", encryption)]);
    let keys = document.keys();
    match kind {
        Kind::Create => {
            keys.insert("archive".into(), archive);
            keys.insert("cache".into(), cache);
        }
        Kind::RepoList => {
            let archives = [0, 1].map(|second| {
                let mut archive = Json::object([
                    ("archive", Json::text("web")),
                    ("name", Json::text("web")),
                    ("id", hex(&(second + 3).to_string())),
                    ("time", time(second)),
                ]);
                if generation == Generation::V1 {
                    archive.keys().insert("start".into(), time(second));
                    archive.keys().insert("barchive".into(), Json::text("web"));
                }
                archive
            });
            keys.insert("archives".into(), Json::List(archives.into()));
        }
        Kind::Info => {
            for key in ["comment", "hostname", "username"] {
                archive.keys().insert(key.into(), Json::text(key));
            }
            let chunker = vec![Json::text("buzhash"), Json::integer(19), Json::integer(23)];
            archive
                .keys()
                .insert("chunker_params".into(), Json::List(chunker));
            keys.insert("archives".into(), Json::List(vec![archive]));
            keys.insert("cache".into(), cache);
        }
        _ => {
            keys.insert("cache".into(), cache);
            keys.insert("security_dir".into(), Json::text("/root/.config/borg"));
        }
    }
    document
}
