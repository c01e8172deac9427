//! An archive as a record, and back.

use borgq_json::{Id, Keyed, StoreStat, Text};
use chrono::{DateTime, TimeDelta, Utc};

use super::bytes::{Reader, Writer};
use crate::model::{Archive, Measures};
use crate::moment::Moment;

/// A name that is shorter is not looked for in the command line.
const NAME: usize = 4;

/// What an archive has, a bit each.
macro_rules! flags {
    ($($FLAG:ident)*) => { flags!(@ 1_u64; $($FLAG)*); };
    (@ $bit:expr; $FLAG:ident $($REST:ident)*) => {
        const $FLAG: u64 = $bit;
        flags!(@ $bit << 1; $($REST)*);
    };
    (@ $bit:expr;) => {};
}

flags! {
    ORIGINAL COMPRESSED DEDUPLICATED FILES DURATION CHECKPOINT START END HOST USER COMMENT TAGS
    COMMAND COMMAND_WITH_NAME CWD CHUNKER TAM RATIO CHUNKING HASHING STATUS STORE
    // It is the archive time.
    START_THEN END_THEN MEASURED
}

/// Writes all of an archive but the instant of its time.
pub(super) fn write(archive: &Archive, writer: &mut Writer) {
    let name = archive.name.as_wtf8();
    let command = archive.command_line.as_ref().map(Text::as_wtf8);
    let command = command.map(|command| (command, split(command, name)));
    let measures = archive.measures.as_deref();
    let then = |moment: Option<Moment>| moment == Some(archive.time);
    let flags = [
        (archive.original_size.is_some(), ORIGINAL),
        (archive.compressed_size.is_some(), COMPRESSED),
        (archive.deduplicated_size.is_some(), DEDUPLICATED),
        (archive.files.is_some(), FILES),
        (archive.duration.is_some(), DURATION),
        (archive.checkpoint, CHECKPOINT),
        (archive.start.is_some(), START),
        (then(archive.start), START_THEN),
        (archive.end.is_some(), END),
        (then(archive.end), END_THEN),
        (archive.host.is_some(), HOST),
        (archive.user.is_some(), USER),
        (archive.comment.is_some(), COMMENT),
        (archive.tags.is_some(), TAGS),
        (command.is_some(), COMMAND),
        (
            command.is_some_and(|(_, parts)| parts.is_some()),
            COMMAND_WITH_NAME,
        ),
        (archive.cwd.is_some(), CWD),
        (archive.chunker_params.is_some(), CHUNKER),
        (archive.tam.is_some(), TAM),
        (measures.is_some(), MEASURED),
        (
            measures.is_some_and(|all| all.metadata_ratio.is_some()),
            RATIO,
        ),
        (measures.is_some_and(|all| all.chunking.is_some()), CHUNKING),
        (measures.is_some_and(|all| all.hashing.is_some()), HASHING),
        (
            measures.is_some_and(|all| all.files_by_status.is_some()),
            STATUS,
        ),
        (measures.is_some_and(|all| all.store.is_some()), STORE),
    ];
    let flags = flags.iter().filter(|(has, _)| *has);
    writer.number(flags.fold(0, |all, (_, flag)| all | flag));
    let numbers = [
        archive.original_size,
        archive.compressed_size,
        archive.deduplicated_size,
        archive.files,
    ];
    numbers
        .into_iter()
        .flatten()
        .for_each(|number| writer.number(number));
    archive
        .duration
        .into_iter()
        .for_each(|seconds| writer.float(seconds));
    writer.bytes(archive.id.as_bytes());
    writer.text(name);
    writer.shared(archive.series.as_bytes());
    write_moment(archive.time, writer);
    for moment in [archive.start, archive.end].into_iter().flatten() {
        if moment != archive.time {
            let distance = moment.instant - archive.time.instant;
            writer.signed(distance.num_seconds());
            writer.signed(distance.subsec_nanos().into());
            write_moment(moment, writer);
        }
    }
    let texts = [&archive.host, &archive.user, &archive.comment];
    for text in texts.into_iter().flatten() {
        writer.shared(text.as_wtf8());
    }
    if let Some(tags) = &archive.tags {
        writer.number(tags.len() as u64);
        tags.iter().for_each(|tag| writer.shared(tag.as_wtf8()));
    }
    match command {
        // Most command lines differ in the name only.
        Some((_, Some((before, behind)))) => {
            writer.shared(before);
            writer.shared(behind);
        }
        Some((command, None)) => writer.shared(command),
        None => {}
    }
    let texts = [&archive.cwd, &archive.chunker_params, &archive.tam];
    for text in texts.into_iter().flatten() {
        writer.shared(text.as_wtf8());
    }
    if let Some(measures) = measures {
        write_measures(measures, writer);
    }
}

/// The command line before and behind the name.
fn split<'a>(command: &'a [u8], name: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    if name.len() < NAME {
        return None;
    }
    let mut windows = command.windows(name.len());
    let at = windows.position(|window| window == name)?;
    Some((command.get(..at)?, command.get(at + name.len()..)?))
}

/// Digits of the fraction, and how much later the other instant is.
fn write_moment(moment: Moment, writer: &mut Writer) {
    let later = moment.other.map(|other| other - moment.instant);
    let bit = if later.is_some() { 0x80 } else { 0 };
    writer.byte(moment.fraction_digits | bit);
    if let Some(later) = later {
        writer.signed(later.num_seconds());
        writer.signed(later.subsec_nanos().into());
    }
}

fn write_measures(measures: &Measures, writer: &mut Writer) {
    let floats = [measures.metadata_ratio, measures.chunking, measures.hashing];
    floats
        .into_iter()
        .flatten()
        .for_each(|number| writer.float(number));
    if let Some(Keyed(files)) = &measures.files_by_status {
        write_keys(files.keys(), writer);
        files.values().for_each(|count| writer.number(*count));
    }
    if let Some(Keyed(stats)) = &measures.store {
        write_keys(stats.keys(), writer);
        for stat in stats.values() {
            write_stat(stat, writer);
        }
    }
}

/// The keys together: many archives have the same.
fn write_keys<'a>(keys: impl ExactSizeIterator<Item = &'a String>, writer: &mut Writer) {
    writer.number(keys.len() as u64);
    let mut all = Vec::new();
    for key in keys {
        all.extend_from_slice(&(key.len() as u64).to_le_bytes());
        all.extend_from_slice(key.as_bytes());
    }
    writer.shared(&all);
}

const FLAG: u8 = 0;
const WHOLE: u8 = 2;
const NEGATIVE: u8 = 3;
const FLOAT: u8 = 4;

fn write_stat(stat: &StoreStat, writer: &mut Writer) {
    match stat {
        StoreStat::Flag(flag) => writer.byte(FLAG | u8::from(*flag)),
        StoreStat::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
            (Some(whole), ..) => {
                writer.byte(WHOLE);
                writer.number(whole);
            }
            (None, Some(negative), _) => {
                writer.byte(NEGATIVE);
                writer.signed(negative);
            }
            (None, None, float) => {
                writer.byte(FLOAT);
                writer.float(float.unwrap_or_default());
            }
        },
    }
}

/// The numbers of an archive, which stand first.
#[derive(Default)]
pub(super) struct Numbers {
    flags: u64,
    pub(super) original_size: Option<u64>,
    pub(super) compressed_size: Option<u64>,
    pub(super) deduplicated_size: Option<u64>,
    pub(super) files: Option<u64>,
    pub(super) duration: Option<f64>,
}

impl Numbers {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let flags = reader.number();
        let mut number = |flag| (flags & flag != 0).then(|| reader.number());
        Self {
            flags,
            original_size: number(ORIGINAL),
            compressed_size: number(COMPRESSED),
            deduplicated_size: number(DEDUPLICATED),
            files: number(FILES),
            duration: (flags & DURATION != 0).then(|| reader.float()),
        }
    }
}

/// Reads the id of an archive.
pub(super) fn read_id(reader: &mut Reader<'_>) -> Id {
    Numbers::read(reader);
    Id::from(reader.array())
}

/// Reads an archive of this time.
pub(super) fn read(instant: DateTime<Utc>, reader: &mut Reader<'_>) -> Archive {
    let numbers = Numbers::read(reader);
    let has = |flag| numbers.flags & flag != 0;
    let id = Id::from(reader.array());
    let name = reader.text();
    let series = string(reader.text());
    let time = read_moment(instant, reader);
    let mut moment = |flag, then| {
        has(flag).then(|| {
            if has(then) {
                return time;
            }
            let seconds = TimeDelta::seconds(reader.signed());
            let distance = seconds + TimeDelta::nanoseconds(reader.signed());
            read_moment(instant + distance, reader)
        })
    };
    let (start, end) = (moment(START, START_THEN), moment(END, END_THEN));
    let mut maybe = |flag| has(flag).then(|| text(reader.text()));
    let (host, user, comment) = (maybe(HOST), maybe(USER), maybe(COMMENT));
    let tags = has(TAGS).then(|| {
        let tags = 0..reader.number();
        tags.map(|_| text(reader.text())).collect()
    });
    let command_line = has(COMMAND).then(|| {
        let before = reader.text();
        text(&match has(COMMAND_WITH_NAME) {
            true => [before, name, reader.text()].concat(),
            false => before.to_vec(),
        })
    });
    let mut maybe = |flag| has(flag).then(|| text(reader.text()));
    let (cwd, chunker_params, tam) = (maybe(CWD), maybe(CHUNKER), maybe(TAM));
    let measures = has(MEASURED).then(|| Box::new(read_measures(has, reader)));
    Archive {
        id,
        name: text(name),
        time,
        series,
        checkpoint: has(CHECKPOINT),
        start,
        end,
        duration: numbers.duration,
        host,
        user,
        comment,
        tags,
        command_line,
        cwd,
        chunker_params,
        tam,
        original_size: numbers.original_size,
        compressed_size: numbers.compressed_size,
        deduplicated_size: numbers.deduplicated_size,
        files: numbers.files,
        measures,
    }
}

fn string(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn text(wtf8: &[u8]) -> Text {
    Text::from_wtf8(wtf8.to_vec()).unwrap_or_default()
}

fn read_moment(instant: DateTime<Utc>, reader: &mut Reader<'_>) -> Moment {
    let digits = reader.byte();
    let other = (digits & 0x80 != 0).then(|| {
        let seconds = TimeDelta::seconds(reader.signed());
        instant + seconds + TimeDelta::nanoseconds(reader.signed())
    });
    Moment {
        instant,
        other,
        fraction_digits: digits & 0x7f,
    }
}

fn read_measures(has: impl Fn(u64) -> bool, reader: &mut Reader<'_>) -> Measures {
    let mut float = |flag| has(flag).then(|| reader.float());
    let (metadata_ratio, chunking, hashing) = (float(RATIO), float(CHUNKING), float(HASHING));
    let files_by_status = has(STATUS).then(|| {
        let keys = read_keys(reader).into_iter();
        Keyed(keys.map(|key| (key, reader.number())).collect())
    });
    let store = has(STORE).then(|| {
        let keys = read_keys(reader).into_iter();
        Keyed(keys.map(|key| (key, read_stat(reader))).collect())
    });
    Measures {
        metadata_ratio,
        chunking,
        hashing,
        files_by_status,
        store,
    }
}

fn read_keys(reader: &mut Reader<'_>) -> Vec<String> {
    let count = reader.number();
    let mut all = reader.text();
    let mut take = |length| {
        let (taken, rest) = all.split_at_checked(length).unwrap_or_default();
        all = rest;
        taken
    };
    let keys = (0..count).map(|_| {
        let length = take(8).try_into().map_or(0, u64::from_le_bytes);
        string(take(length as usize))
    });
    keys.collect()
}

fn read_stat(reader: &mut Reader<'_>) -> StoreStat {
    match reader.byte() {
        WHOLE => StoreStat::Number(reader.number().into()),
        NEGATIVE => StoreStat::Number(reader.signed().into()),
        FLOAT => StoreStat::from_f64(reader.float()).unwrap_or(StoreStat::Flag(false)),
        flag => StoreStat::Flag(flag != FLAG),
    }
}
