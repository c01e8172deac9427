//! What stands at a `{`: a JSON object, the beginning of one, or text.

use super::lines::{ends_line, newlines};
use crate::Error;
use crate::document::syntax;
use crate::kind::Shape;

/// What stands at a `{`. Errors count lines and columns from it.
pub(super) enum Object {
    /// A JSON object.
    Whole { end: usize, shape: Shape },
    /// No JSON, as far as `resume`.
    Text { resume: usize },
    /// JSON that breaks at `fault`.
    Damaged { fault: usize, error: Error },
    /// JSON that the end of the input cuts off.
    Cut { error: Error },
}

/// Looks at the `{` at `start`, reading no further than to the end or the first fault.
pub(super) fn object(input: &[u8], start: usize, begins_line: bool) -> Object {
    let tail = input.get(start..).unwrap_or_default();
    let mut values = serde_json::Deserializer::from_slice(tail).into_iter::<Shape>();
    let error = match values.next() {
        Some(Ok(shape)) => {
            let end = start + values.byte_offset();
            return Object::Whole { end, shape };
        }
        Some(Err(error)) => error,
        None => return Object::Text { resume: start + 1 },
    };
    let reason = Error::new(syntax(&error, tail));
    if reason.is_truncated() {
        return Object::Cut { error: reason };
    }
    let line_start = match error.line() {
        0 | 1 => 0,
        line => newlines(tail)
            .nth(line - 2)
            .map_or(0, |newline| newline + 1),
    };
    // At least the bracket was read.
    let read = (line_start + error.column().saturating_sub(1)).max(1);
    let fault = start + read;
    if begins_document(tail.get(..read).unwrap_or(tail), begins_line) {
        Object::Damaged {
            fault,
            error: reason,
        }
    } else {
        Object::Text { resume: fault }
    }
}

/// Whether what was read before a fault is the beginning of an object that was
/// cut off, and not of a line of text.
fn begins_document(read: &[u8], begins_line: bool) -> bool {
    let inside = read.get(1..).unwrap_or_default();
    match inside.trim_ascii_start() {
        // A bracket that has a line of its own.
        [] => begins_line && ends_line(inside, 0),
        [b'"', string @ ..] => match behind_string(string) {
            Some(rest) => {
                let behind = rest.trim_ascii_start();
                behind.starts_with(b":") || (behind.is_empty() && rest.contains(&b'\n'))
            }
            None => true,
        },
        _ => false,
    }
}

/// What stands behind the string, if it ends and has no line break in it.
fn behind_string(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        match rest {
            [b'"', tail @ ..] => return Some(tail),
            [b'\n', ..] | [] => return None,
            [b'\\', _, tail @ ..] | [_, tail @ ..] => rest = tail,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is_text(input: &str, resume: usize) {
        match object(input.as_bytes(), 0, true) {
            Object::Text { resume: found } => assert_eq!(found, resume, "{input:?}"),
            _ => panic!("{input:?} is no text"),
        }
    }

    #[track_caller]
    fn is_damaged(input: &str, at: usize) {
        match object(input.as_bytes(), 0, true) {
            Object::Damaged { fault, .. } => assert_eq!(fault, at, "{input:?}"),
            _ => panic!("{input:?} is not damaged"),
        }
    }

    #[track_caller]
    fn is_cut(input: &str) {
        let object = object(input.as_bytes(), 0, true);
        assert!(matches!(object, Object::Cut { .. }), "{input:?}");
    }

    #[track_caller]
    fn is_whole(input: &str, length: usize) {
        match object(input.as_bytes(), 0, true) {
            Object::Whole { end, .. } => assert_eq!(end, length, "{input:?}"),
            _ => panic!("{input:?} is not whole"),
        }
    }

    #[test]
    fn brackets_in_text_are_text() {
        is_text("{not json}", 1);
        is_text("{{\"a\": 1}", 1);
        is_text("{ } x".replace(' ', "\u{1}").as_str(), 1);
        is_text("{\"a\", \"b\"}", 4);
        is_text("{\"a\" to", 5);
        is_text("{'a': 1}", 1);
    }

    #[test]
    fn an_object_that_breaks_is_damaged() {
        is_damaged("{\"a\": 1,}", 8);
        is_damaged("{\"a\": x", 6);
        is_damaged("{\"a\": 1\n{", 8);
        is_damaged("{\n{\"a\": 1}", 2);
        is_damaged("{\n  \"a\n{", 7);
        is_damaged("{\n  \"a\"\n{", 8);
        is_damaged("{\"a\": \"b\n{", 7);
    }

    #[test]
    fn an_object_that_never_ends_is_cut() {
        for input in [
            "{",
            "{\"",
            "{\"a",
            "{\"a\"",
            "{\"a\":",
            "{\"a\": {",
            "{\"a\": \"\\",
            "{\n",
            "{\"a\": -",
            "{\"a\": 1.",
            "{\"a\": 1e+",
            "{\"a\": tr",
        ] {
            is_cut(input);
        }
    }

    #[test]
    fn an_object_ends_at_its_last_bracket() {
        is_whole("{}", 2);
        is_whole("{\"a\": \"}\\\"}\"}{", 13);
        is_whole("{\"a\": [{}]} ]", 11);
    }
}
