//! Arbitrary bytes and broken seeds for everything that reads them.
//!
//! `BORGQ_FUZZ` is how many inputs each target gets. A run is the same every
//! time: a failure names the target and the number of the input.

use std::panic::{AssertUnwindSafe, catch_unwind};

use borgq_capture::Capture;
use borgq_json::{Document, Text, Timestamp, read};
use borgq_mask::mask_text;
use borgq_query::pattern::{ArchivePattern, Facts, RepositoryFacts, RepositoryPattern};
use borgq_query::quantity::{Duration, Percent, Size};
use borgq_query::threshold::Threshold;
use borgq_query::{Code, Expected, Id, is_checkpoint, series_of};

use crate::program::run;
use crate::{cases, perfdata, thin};

/// How many inputs each target gets, if nothing else is asked for.
const FEW: usize = 300;

/// What reads bytes, and of what its input is made.
type Target = (&'static str, Seeds, fn(&[u8]));

#[derive(Clone, Copy)]
enum Seeds {
    Documents,
    Captures,
    Words,
}

const TARGETS: &[Target] = &[
    ("reader", Seeds::Documents, reader),
    ("document", Seeds::Documents, document),
    ("fold", Seeds::Documents, |input| {
        thin::compare("fuzz", input);
    }),
    ("check", Seeds::Documents, check),
    ("capture", Seeds::Captures, capture),
    ("check of a capture", Seeds::Captures, check),
    ("text", Seeds::Words, text),
    ("timestamp", Seeds::Words, timestamp),
    ("id", Seeds::Words, id),
    ("threshold", Seeds::Words, threshold),
    ("quantity", Seeds::Words, quantity),
    ("pattern", Seeds::Words, pattern),
    ("rule", Seeds::Words, rule),
    ("name", Seeds::Words, name),
    ("secret", Seeds::Words, secret),
];

fn reader(input: &[u8]) {
    let reading = read(input);
    assert!(!reading.documents.is_empty() || !reading.problems.is_empty());
    let text = borgq_json::text_of(input);
    for entry in &reading.documents {
        let end = entry.position.offset + entry.length;
        let json = &text[entry.position.offset..end];
        assert_eq!(Document::from_slice(json).unwrap(), entry.document);
    }
}

fn document(input: &[u8]) {
    match Document::from_slice(input) {
        Ok(document) => {
            let written = serde_json::to_vec(&document).unwrap();
            assert_eq!(Document::from_slice(&written).unwrap(), document);
        }
        Err(error) => assert!(!error.to_string().contains(char::is_control), "{error}"),
    }
}

/// Whatever is read, what is said is as a monitoring system wants it.
fn check(input: &[u8]) {
    for args in [&["check_borg", "-vv"][..], &["check_borg"]] {
        let said = run(args, input, "2025-04-01T12:00:00Z");
        let word = ["OK", "WARNING", "CRITICAL", "UNKNOWN"][usize::from(said.status)];
        let first = said.out.lines().next().unwrap();
        assert!(first.starts_with(&format!("BORG {word}: ")), "{first}");
        assert_eq!(said.err, "");
        assert!(said.out.len() <= 8192 && said.out.ends_with('\n'));
        let hidden = |c: char| c != '\n' && borgq_report::text::is_hidden(c);
        assert!(!said.out.contains(hidden), "{:?}", said.out);
        assert!(!said.out.lines().skip(1).any(|line| line.contains('|')));
        if first.contains('|') {
            perfdata::items(first);
        }
    }
}

fn capture(input: &[u8]) {
    match Capture::read(input) {
        Ok(capture) => assert_eq!(Capture::read(&capture.to_bytes()), Ok(capture)),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

fn text(input: &[u8]) {
    let text = Text::from_bytes(input);
    assert_eq!(text.to_bytes(), input);
    let json = serde_json::to_string(&text).unwrap();
    assert!(json.is_ascii() || text.as_str().is_some());
    assert_eq!(serde_json::from_str::<Text>(&json).unwrap(), text);
    let quoted = [b"\"", input, b"\""].concat();
    if let Ok(text) = serde_json::from_slice::<Text>(&quoted) {
        let json = serde_json::to_string(&text).unwrap();
        assert_eq!(serde_json::from_str::<Text>(&json).unwrap(), text);
    }
    for shown in [
        borgq_report::text::terminal(&text.to_display()),
        borgq_report::text::plugin(&text.to_display()),
    ] {
        assert!(!shown.contains(borgq_report::text::is_hidden), "{shown:?}");
    }
}

fn timestamp(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    if let Ok(time) = text.parse::<Timestamp>() {
        assert_eq!(time.to_string(), text);
        assert_eq!(time.is_reading(), time.instant().is_none());
    }
}

fn id(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    if let Ok(id) = text.parse::<Id>() {
        assert_eq!(id.to_string(), text);
    }
}

fn threshold(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    if let Ok(threshold) = text.parse::<Threshold>() {
        let printed = threshold.to_string();
        assert_eq!(printed.parse::<Threshold>(), Ok(threshold), "{printed}");
        let range = threshold.range.perfdata().to_string();
        assert!(borgq_report::perfdata::RangeText::new(&range).is_ok());
    }
}

fn quantity(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    if let Ok(duration) = text.parse::<Duration>() {
        assert_eq!(duration.to_string().parse::<Duration>(), Ok(duration));
    }
    if let Ok(size) = text.parse::<Size>() {
        assert_eq!(size.to_string().parse::<Size>(), Ok(size));
    }
    if let Ok(percent) = text.parse::<Percent>() {
        assert_eq!(percent.to_string().parse::<Percent>(), Ok(percent));
    }
    if let Ok(number) = borgq_report::number::Number::parse(&text) {
        let digits = number.to_string();
        assert!(digits.bytes().all(|byte| b"-.0123456789".contains(&byte)));
    }
}

fn pattern(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    if let Ok(pattern) = ArchivePattern::parse(&text) {
        for name in ["web-2025-03-01", "", &text, "\u{1f600}\n"] {
            let _ = pattern.matches::<String>(&Facts {
                id_hex: "00",
                name,
                host: Some(name),
                user: None,
                tags: Some(&[name.to_owned()]),
            });
        }
    }
    if let Ok(pattern) = RepositoryPattern::parse(&text) {
        let _ = pattern.matches(&RepositoryFacts {
            id_hex: "00",
            label: Some(&text),
            location: &text,
        });
    }
}

fn rule(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let _ = Expected::parse(&text);
    if let Ok(code) = text.parse::<Code>() {
        assert_eq!(code.to_string(), text);
    }
    // Arguments are as hostile as documents.
    for option in [
        "-w",
        "--state",
        "--expect",
        "-a",
        "-r",
        "--timezone",
        "--now",
        "-t",
    ] {
        let args = [&format!("{option}={text}"), "-"];
        let said = run(
            &["check_borg", args[0], args[1]],
            b"",
            "2025-04-01T12:00:00Z",
        );
        // What is expected and not there is CRITICAL.
        assert!(said.status >= 2, "{option} {text:?}: {}", said.out);
        assert_eq!(said.err, "");
    }
}

fn name(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let series = series_of(&text, is_checkpoint(&text));
    assert!(!series.is_empty() || text.is_empty() || text.starts_with(".checkpoint"));
    let label = borgq_report::label::Label::new(&text);
    assert!(!label.as_str().contains(['\'', '=', '|', '\n']));
}

fn secret(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let masked = mask_text(&text);
    assert_eq!(mask_text(&masked), masked, "masking twice is masking once");
    let hidden = mask_text(&format!("BORG_PASSPHRASE=hunter2secret {text}"));
    assert!(!hidden.contains("hunter2secret"), "{hidden}");
}

/// Numbers that look random (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        let length = self.below(most);
        // Half of them from an alphabet that makes trouble.
        let odd = b"{}[]\",:\\ \n\r\t\0-+.@~|='/*?!();eE0123456789aTZ%\xff\xed\xa0\x80\xc3";
        let any = self.below(2) == 0;
        (0..length)
            .map(|_| match any {
                true => self.next() as u8,
                false => *self.pick(odd),
            })
            .collect()
    }

    /// The seed with some changes, among them pieces of another one.
    fn broken(&mut self, seed: &[u8], other: &[u8]) -> Vec<u8> {
        let mut input = seed.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(input.len() + 1);
            let end = (at + self.below(40)).min(input.len());
            match self.below(8) {
                0 => input.truncate(at),
                1 => drop(input.drain(at..end)),
                2 => drop(input.drain(..at)),
                3 => drop(input.splice(at..at, self.bytes(8))),
                4 => drop(input.splice(at..end, self.bytes(8))),
                5 => {
                    let from = self.below(other.len() + 1);
                    let until = (from + self.below(200)).min(other.len());
                    input.splice(at..end, other[from..until].iter().copied());
                }
                6 => {
                    let twice = input[at..end].to_vec();
                    input.splice(at..at, twice);
                }
                _ => {
                    if let Some(byte) = input.get_mut(at) {
                        *byte ^= 1 << self.below(8);
                    }
                }
            }
        }
        input
    }
}

/// The corpus. Long documents take long to break and are no odder.
fn documents() -> Vec<Vec<u8>> {
    let printed = cases::all().into_iter().map(|case| case.printed);
    printed.filter(|printed| printed.len() < 8_000).collect()
}

fn captures(documents: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let header = |length: usize| {
        format!(
            "{{\"format\":\"capture\",\"version\":1,\"stdout\":{{\"length\":{length},\"sha256\":\"\"}}}}\n"
        )
    };
    let mut made: Vec<_> = documents
        .iter()
        .take(20)
        .map(|printed| [header(printed.len()).as_bytes(), printed].concat())
        .collect();
    let circumstances = borgq_capture::Circumstances {
        started: "2025-04-01T02:00:00Z".parse().unwrap(),
        finished: "2025-04-01T02:00:09Z".parse().unwrap(),
        timezone: borgq_capture::Timezone {
            name: "UTC".into(),
            utc_offset_seconds: 0,
        },
        host: Some("vault".into()),
        user: Some("root".into()),
        program_version: None,
        checks: None,
    };
    let run = borgq_capture::run(
        &["sh", "-c", "echo '{}'; echo warning >&2; exit 1"].map(Into::into),
        borgq_capture::Limits::default(),
    );
    made.push(Capture::of(&["borg".into()], Some(run.unwrap()), circumstances).to_bytes());
    made
}

fn words() -> Vec<Vec<u8>> {
    [
        "26h",
        "1d2h30m",
        "@10:20",
        "~:10",
        "10:",
        "files=1000:",
        "age=26h",
        "size-change=-50:100",
        "original-size=1GiB:",
        "1.5KiB",
        "-3.25%",
        "0",
        "340282366920938463463374607431768211455",
        "2025-03-01T02:00:00.000000",
        "2025-03-01T02:00:00.123456+05:30",
        "1890-01-01T00:00:00-04:56:02",
        "9999-12-31T23:59:59.999999999Z",
        "sh:web-*",
        "re:^web-[0-9]{4}$",
        "aid:00ff",
        "host:web",
        "tags:daily,weekly",
        "name:x",
        "{hostname}-{now:%Y}",
        "web-2025-03-01T02:00:00.checkpoint.1",
        "db.20250301.checkpoint",
        "unencrypted=warning",
        "no-backup",
        "Europe/Berlin",
        "CET-1CEST,M3.5.0,M10.5.0/3",
        "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
        "ssh://user:secret@host:2222/./repo",
        "BORG_PASSPHRASE=secret borg list",
        "caf\u{e9} \u{202e}|'\"=\n",
        "dXPpcg==",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    ]
    .map(|word| word.as_bytes().to_vec())
    .into()
}

#[test]
fn arbitrary_bytes_are_read_or_refused() {
    let count = std::env::var("BORGQ_FUZZ").map_or(FEW, |count| count.parse().unwrap());
    let documents = documents();
    let captures = captures(&documents);
    let words = words();
    let mut failed = Vec::new();
    for (name, seeds, target) in TARGETS {
        let (seeds, most) = match seeds {
            Seeds::Documents => (&documents, 300),
            Seeds::Captures => (&captures, 300),
            Seeds::Words => (&words, 40),
        };
        for number in 0..count {
            let mut random = Random(number as u64);
            let input = match random.below(4) {
                0 => random.bytes(most),
                _ => {
                    let (seed, other) = (random.pick(seeds), random.pick(seeds));
                    random.broken(seed, other)
                }
            };
            if catch_unwind(AssertUnwindSafe(|| target(&input))).is_err() {
                failed.push(format!("{name}, input {number}: {}", input.escape_ascii()));
                break;
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
