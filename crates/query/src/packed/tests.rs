use borgq_json::{Keyed, StoreStat, Text};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::*;
use crate::model::Measures;
use crate::moment::Moment;
use crate::samples::{at, inventory_of, question};

fn text() -> impl Strategy<Value = Text> {
    prop_oneof![
        20 => "[a-z]{0,3}|web-2025-0[1-3]|www1.example.org|[é\\PC]{0,20}".prop_map(Text::from),
        10 => prop::collection::vec(any::<u8>(), 0..20).prop_map(|bytes| Text::from_bytes(&bytes)),
        3 => Just(serde("\\ud800 and \\udfff")),
        5 => (0..600_usize).prop_map(|length| "x".repeat(length).into()),
        1 => Just("x".repeat(70_000).into()),
    ]
}

/// A text from the inside of a JSON string.
fn serde(text: &str) -> Text {
    let json = format!(r#"{{"id": "{}", "location": "{text}"}}"#, "5d".repeat(32));
    let document = format!(
        r#"{{"repository": {json}, "archives": [], "encryption": {{"encryption": "x", "id_hash": "y"}}}}"#
    );
    let reading = borgq_json::read(document.as_bytes());
    reading.documents[0].document.repository().location.clone()
}

fn moment() -> impl Strategy<Value = Moment> {
    let (from, to) = (at("0001-01-01T00:00Z"), at("9999-12-31T00:00Z"));
    let instant = (from.timestamp()..to.timestamp(), 0..1_000_000_000_u32);
    let instant = instant.prop_map(|(s, n)| DateTime::<Utc>::from_timestamp(s, n).unwrap());
    let few = prop::sample::select(vec![at("2025-03-01T02:00Z"), at("2025-03-01T02:00:05Z")]);
    let later = prop::option::of((1..90_000_i64).prop_map(TimeDelta::seconds));
    (prop_oneof![instant, few], later, 0..10_u8).prop_map(|(instant, later, fraction_digits)| {
        Moment {
            instant,
            other: later.map(|later| instant + later),
            fraction_digits,
        }
    })
}

fn stat() -> impl Strategy<Value = StoreStat> {
    prop_oneof![
        any::<u64>().prop_map(|number| StoreStat::Number(number.into())),
        any::<i64>().prop_map(|number| StoreStat::Number(number.into())),
        prop_oneof![-1e300..1e300_f64, Just(5.0), Just(-0.0)]
            .prop_map(|number| StoreStat::from_f64(number).unwrap()),
        any::<bool>().prop_map(StoreStat::Flag),
    ]
}

fn measures() -> impl Strategy<Value = Measures> {
    let float = || prop::option::of(-1e9..1e9_f64);
    let key = || "[A-Z]|load_[a-z]{1,9}|";
    let files = prop::collection::btree_map(key(), any::<u64>(), 0..4).prop_map(Keyed);
    let store = prop::collection::btree_map(key(), stat(), 0..5).prop_map(Keyed);
    let rest = (prop::option::of(files), prop::option::of(store));
    (float(), float(), float(), rest).prop_map(
        |(metadata_ratio, chunking, hashing, (files_by_status, store))| Measures {
            metadata_ratio,
            chunking,
            hashing,
            files_by_status,
            store,
        },
    )
}

fn archive() -> impl Strategy<Value = Archive> {
    let maybe = || prop::option::of(text());
    let number = || prop::option::of(any::<u64>());
    let who = (any::<[u8; 32]>(), text(), "[a-z*-]{0,9}", any::<bool>());
    let when = (
        moment(),
        prop::option::of(moment()),
        prop::option::of(moment()),
    );
    let texts = (
        maybe(),
        maybe(),
        maybe(),
        maybe(),
        maybe(),
        maybe(),
        maybe(),
    );
    let tags = prop::option::of(prop::collection::vec(text(), 0..3));
    let sizes = (number(), number(), number(), number());
    let run = (prop::option::of(any::<f64>()), prop::option::of(measures()));
    (who, when, texts, tags, sizes, run, any::<bool>()).prop_map(
        |(who, when, texts, tags, sizes, run, named)| {
            let name = who.1.clone();
            let (before, behind) = (texts.5.clone(), texts.6.clone());
            let with_name = [before.as_ref(), Some(&name), behind.as_ref()]
                .into_iter()
                .flatten()
                .map(|text| text.to_display().into_owned())
                .collect::<String>();
            Archive {
                id: who.0.into(),
                name,
                time: when.0,
                series: who.2,
                checkpoint: who.3,
                // Often the same.
                start: when.1.map(|start| if named { when.0 } else { start }),
                end: when.2,
                duration: run.0,
                host: texts.0,
                user: texts.1,
                comment: texts.2,
                tags,
                command_line: if named {
                    Some(with_name.into())
                } else {
                    texts.3
                },
                cwd: texts.4,
                chunker_params: texts.5,
                tam: texts.6,
                original_size: sizes.0,
                compressed_size: sizes.1,
                deduplicated_size: sizes.2,
                files: sizes.3,
                measures: run.1.map(Box::new),
            }
        },
    )
}

proptest! {
    #[test]
    fn an_archive_is_the_same_after_packing(archives in prop::collection::vec(archive(), 1..6)) {
        let mut packer = Packer::default();
        archives.iter().for_each(|archive| packer.push(archive));
        let heads = packer.heads;
        let packed = Packed { blocks: packer.writer.finish(), ..Packed::new() };
        for (archive, head) in archives.iter().zip(&heads) {
            prop_assert_eq!(format!("{:?}", packed.archive(head)), format!("{archive:?}"));
            let id = record::read_id(&mut packed.blocks.reader(head.place));
            prop_assert_eq!(id, archive.id);
        }
    }
}

#[test]
fn packed_archives_are_in_the_order_of_their_times() {
    let times = ["03", "01", "02", "01"]
        .map(|day| format!(r#""time": "2025-03-{day}T02:00:00.000000+00:00""#));
    let mut inventory = inventory_of(times);
    let question = question(at("2025-03-02T12:00Z"));
    inventory.pack(&question, &|_| ());
    let packed = inventory.repositories[0].packed();
    let listed: Vec<_> = (0..packed.len())
        .map(|number| {
            let (archive, left_out) = packed.get(number).unwrap();
            // The ids are numbers from 1, in the order of the document.
            (archive.id.as_bytes()[31], left_out)
        })
        .collect();
    let future = Some(LeftOut::Future);
    assert_eq!(listed, [(2, None), (4, None), (3, None), (1, future)]);
    let groups = question.groups(&inventory).groups;
    assert_eq!((groups[0].tally.complete, groups[0].tally.future), (3, 1));
    let counted = groups[0].packed();
    assert_eq!(counted.len(), 3);
    assert_eq!(counted.archive(2).unwrap().id.as_bytes()[31], 3);
    assert_eq!(counted.times().last(), Some(at("2025-03-02T02:00Z")));
}

#[test]
fn an_archive_takes_few_bytes() {
    let archives = (0..2000).map(|number| {
        let (day, hour) = (number / 24 % 28 + 1, number % 24);
        let time = format!("2025-03-{day:02}T{hour:02}:00:00");
        format!(
            r#""time": "{time}.000000+00:00", "start": "{time}.000000+00:00",
               "hostname": "www1.example.org", "username": "root", "tags": "daily,web",
               "comment": "made by the nightly job", "size": 1{number:04}000, "nfiles": {number},
               "command_line": "borg create --compression zstd web /home /etc /var/lib""#
        )
    });
    let mut inventory = inventory_of(archives);
    inventory.pack(&question(at("2025-04-01T00:00Z")), &|_| ());
    let packed = inventory.repositories[0].packed();
    let heads = size_of_val(packed.heads.as_slice());
    assert!(heads / 2000 <= 24, "{heads}");
    let bytes = packed.blocks.length();
    assert!(bytes / 2000 < 90, "{bytes}");
}
