//! What stands around documents, as a table.

use borgq_json::{Encoding, Generation, Kind, ProblemCode, Reading, read};
use proptest::prelude::*;

use crate::documents::{any_document, example};

fn document() -> String {
    example(Kind::RepoList, Generation::V1).print(true)
}

/// The reading as one line: `D` a document, `A` one in a list; then what was
/// skipped; then the problems.
fn summary(reading: &Reading) -> String {
    let mut words = vec![String::new()];
    for entry in &reading.documents {
        words[0].push(if entry.in_array { 'A' } else { 'D' });
    }
    words.extend(reading.skipped.iter().map(|skipped| {
        format!(
            "{}@{}:{:?}",
            skipped.kind.name(),
            skipped.position.offset,
            skipped.sample
        )
    }));
    words.extend(
        reading
            .problems
            .iter()
            .map(|problem| format!("!{}", problem.code.name())),
    );
    words.join(" ").trim().to_owned()
}

/// `D` in `input` stands for a document.
#[track_caller]
fn reads(input: &str, expected: &str) {
    let reading = read(input.replace('D', &document()).as_bytes());
    assert_eq!(summary(&reading), expected, "{input:?}");
}

/// As `reads`, whatever was skipped.
#[track_caller]
fn finds(input: &str, expected: &str) {
    let mut reading = read(input.replace('D', &document()).as_bytes());
    reading.skipped.clear();
    assert_eq!(summary(&reading), expected, "{input:?}");
}

#[test]
fn nothing_is_a_problem() {
    reads("", "!empty");
    reads("\n", "!empty");
    reads(" \r\n\t", "!empty");
    reads("\u{feff}", "!empty");
}

#[test]
fn text_without_a_document_is_a_problem() {
    reads(
        "no such repository",
        "text@0:\"no such repository\" !no-document",
    );
    reads("\0\0\0", "text@0:\"\\0\\0\\0\" !no-document");
    reads("[]", "empty-array@0:\"[]\" !no-document");
    reads("[ ]\n[]", "empty-array@0:\"[ ]\" !no-document");
    let line = r#"{"type": "log_message", "message": "x"}"#;
    let skipped = format!("log-lines@0:{line:?}");
    reads(line, &format!("{skipped} !no-document"));
}

#[test]
fn documents_stand_in_a_row_or_in_a_list() {
    reads("D", "D");
    reads("DD", "DD");
    reads("D\nD\r\nD", "DDD");
    reads("[D]", "A");
    reads("[D, D]", "AA");
    reads("[\n  D ,\nD\n]\n", "AA");
    reads("[D][D]D[D,D]", "AADAA");
    reads("[]\nD", "D empty-array@0:\"[]\"");
}

#[test]
fn text_around_documents_is_skipped() {
    reads("Remote: hi\nD", "D text@0:\"Remote: hi\"");
    reads("Remote: hi\r\nD\r\n", "D text@0:\"Remote: hi\"");
    reads("50% a\r 99% b\rD", "D text@0:\"50% a\\r 99% b\"");
    reads("{not json}\nD", "D text@0:\"{not json}\"");
    reads("{not json D", "D text@0:\"{not json\"");
    reads(
        "a {} b [] c [1] {\"x\", 1}\nD",
        "D text@0:\"a {} b [] c [1] {\\\"x\\\", 1}\"",
    );
    reads("set {\"a\": 1} and [{\"b\": 2}]\nD", {
        "D text@0:\"set {\\\"a\\\": 1} and [{\\\"b\\\": 2}]\""
    });
    reads("[INFO] a\n[D]", "A text@0:\"[INFO] a\"");
    reads("[{x}]\n[D]", "A text@0:\"[{x}]\"");
    reads("a\nb\n[D]", "A text@0:\"a\\nb\"");
    reads("welcome D", "D text@0:\"welcome\"");
    let length = document().len();
    reads("D\nrc 0\n", &format!("D text@{}:\"rc 0\"", length + 1));
    reads("D\0\0\0", &format!("D text@{length}:\"\\0\\0\\0\""));
    let (b, c) = (length + 3, 2 * length + 6);
    let texts = format!("DD text@0:\"a\" text@{b}:\"b\" text@{c}:\"c\"");
    reads("a\nD\nb\nD\nc", &texts);
}

#[test]
fn log_lines_are_skipped_and_counted_together() {
    let lines = concat!(
        r#"{"levelname": "WARNING", "message": "a", "name": "borg", "time": 1.5, "type": "log_message"}"#,
        "\ntext\n",
        r#"{"path": "a", "status": "A", "type": "file_status"}"#,
        "\n",
    );
    let input = format!("{lines}{}", document());
    let reading = read(input.as_bytes());
    assert_eq!(reading.documents.len(), 1);
    assert_eq!(reading.problems, []);
    let skipped: Vec<_> = reading
        .skipped
        .iter()
        .map(|part| (part.kind.name(), part.position.line, part.length))
        .collect();
    assert_eq!(skipped, [("log-lines", 1, 143), ("text", 2, 4)]);
    assert_eq!(reading.documents[0].position.line, 4);
}

#[test]
fn what_is_json_and_no_document_is_a_problem() {
    reads("{}", "!unknown-document");
    reads("[{}]", "!unknown-document");
    reads("D{}", "D !unknown-document");
    reads("[D, {\"a\": 1}]", "A !unknown-document");
    reads("{\"repository\": {}}", "!unknown-document");
    reads(
        "{\"archives\": [], \"security_dir\": \"\"}",
        "!unknown-document",
    );
    reads(
        "[{\"repositories\": [], \"encryption_passphrase\": \"x\"}]",
        "!unknown-document",
    );
    reads(
        "{\"path\": \"a\", \"type\": \"d\"}\nD",
        "D !unknown-document",
    );
    reads("{\"archives\": 5}", "!unreadable");
}

#[test]
fn a_list_that_holds_anything_else_is_a_problem() {
    finds("[D, null]", "A !unreadable");
    finds("[D, ]", "A !unreadable");
    finds("[D D]", "AD !unreadable");
    finds("[D, [D]]", "AA !unreadable");
    finds("[D, {x}, D]", "AD !unreadable");
    finds("[D,\n[D]", "AA !unreadable");
    finds("[D\nTerminated", "A !unreadable");
    finds("[D", "A !truncated");
    finds("[D,", "A !truncated");
    finds("[D, \n", "A !truncated");
    finds("[", "!truncated");
    finds("[\n[D]", "A !unreadable");
}

#[test]
fn a_list_whose_beginning_is_missing_is_a_problem() {
    let length = document().len();
    let end = 2 * length + 2;
    let texts = format!("DD text@{length}:\",\" text@{end}:\"]\" !unreadable");
    reads("D, D]", &texts);
    reads(
        "\"x\"}, D]",
        &format!(
            "D text@0:\"\\\"x\\\"}},\" text@{}:\"]\" !unreadable",
            length + 6
        ),
    );
    reads(
        "[[D]]",
        &format!("A text@0:\"[\" text@{}:\"]\" !unreadable", length + 3),
    );
}

#[test]
fn an_unreadable_document_hides_no_other() {
    reads("{\"archives\": 5}\nD", "D !unreadable");
    reads("[{\"archives\": 5}, D]", "A !unreadable");
    reads("{\"archives\": x\nD", "D !unreadable");
    reads(
        "{\"archives\": [\nD\n{\"archives\": [\nD",
        "DD !unreadable !truncated",
    );
}

#[test]
fn encodings_are_told_apart() {
    assert_eq!(read(document().as_bytes()).encoding, Encoding::Utf8);
    let marked = format!("\u{feff}{}", document());
    assert_eq!(read(marked.as_bytes()).encoding, Encoding::Utf8WithMark);
    assert_eq!(summary(&read(marked.as_bytes())), "D");
    let units = document()
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect::<Vec<_>>();
    assert_eq!(summary(&read(&units)), "D");
    assert_eq!(read(&units).encoding, Encoding::Utf16Le);
    let half = &units[..units.len() - 1];
    assert_eq!(summary(&read(half)), "!truncated !truncated");
    let mut more = units.clone();
    more.push(b'\n');
    assert_eq!(summary(&read(&more)), "D !truncated");
}

#[test]
fn very_many_problems_are_cut_short() {
    let reading = read("{\"archives\": 1}\n".repeat(5000).as_bytes());
    assert_eq!(reading.problems.len(), 101);
    assert_eq!(
        reading.problems[100].text,
        "found more than 100 problems, no more are listed"
    );
    assert_eq!(reading.problems[100].code, ProblemCode::Unreadable);
}

#[test]
fn a_sample_is_short_and_ends_with_a_character() {
    let reading = read(format!("a{}", "\u{20ac}".repeat(1000)).as_bytes());
    assert_eq!(
        reading.skipped[0].sample,
        format!("a{}", "\u{20ac}".repeat(66))
    );
    assert_eq!(reading.skipped[0].length, 3001);
}

#[test]
fn very_deep_nesting_is_read_without_recursion() {
    let deep = "[".repeat(100_000);
    reads(&deep, &format!("text@0:{:?} !truncated", &deep[..200]));
    let objects = "{\"a\":".repeat(100_000);
    reads(&objects, "!truncated");
    let closed = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let unknown = document().replacen('{', &format!("{{\"deep\": {closed},"), 1);
    reads(&unknown, "D");
    let archives = format!("{{\"archives\": {closed}, \"repository\": {{}}}}");
    reads(&archives, "!unreadable");
}

#[test]
fn the_end_of_a_document_beside_a_whole_one_is_a_problem() {
    for indented in [true, false] {
        let whole = example(Kind::RepoList, Generation::V1).print(indented);
        let encryption = whole.find("\"encryption\"").unwrap();
        for at in 1..=encryption {
            if !whole.is_char_boundary(at) {
                continue;
            }
            let tail = &whole[at..];
            for input in [format!("{whole}{tail}"), format!("{tail}\n{whole}")] {
                let reading = read(input.as_bytes());
                assert_ne!(reading.problems, [], "{input}");
            }
        }
    }
    // A text that merely names a key is a text.
    let named = format!("Remote: \"id\" of the \"repository\"\n{}", document());
    assert_eq!(read(named.as_bytes()).problems, []);
}

proptest! {
    #[test]
    fn lines_without_brackets_change_no_document(
        before in prop::collection::vec("[^\\[\\]{},\r\n]{0,20}", 0..4),
        after in prop::collection::vec("[a-z:%\u{1b}\u{202e} ]{0,20}", 0..4),
        (_, _, json) in any_document(),
        list: bool,
    ) {
        let printed = if list { format!("[{}]", json.print(false)) } else { json.print(true) };
        let input = format!("{}\n{printed}\n{}\n", before.join("\r\n"), after.join("\n"));
        let reading = read(input.as_bytes());
        prop_assert_eq!(&reading.problems, &[]);
        prop_assert_eq!(reading.documents.len(), 1);
        let alone = read(printed.as_bytes());
        prop_assert_eq!(&reading.documents[0].document, &alone.documents[0].document);
    }
}
