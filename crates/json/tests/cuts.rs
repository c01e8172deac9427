//! What is cut off is refused, and said to be.

use borgq_json::{Kind, ProblemCode, read};
use proptest::prelude::*;

use crate::documents::{any_document, example, shapes};

#[track_caller]
fn yields(input: &str, documents: usize) {
    let reading = read(input.as_bytes());
    assert_eq!(reading.documents.len(), documents, "{input}");
    assert!(!reading.problems.is_empty(), "no problem in {input}");
}

#[test]
fn a_document_that_is_cut_anywhere_yields_nothing() {
    for (kind, generation) in shapes() {
        for indented in [true, false] {
            let whole = example(kind, generation).print(indented);
            assert_eq!(read(whole.as_bytes()).problems, []);
            for cut in 1..whole.len() {
                yields(&whole[..cut], 0);
                assert_eq!(
                    read(&whole.as_bytes()[..cut]).problems[0].code,
                    ProblemCode::Truncated
                );
                yields(&format!("{}\n", &whole[..cut]), 0);
                yields(&format!("{}\r\nTerminated\r\n", &whole[..cut]), 0);
                yields(&format!("Remote: welcome\n{}", &whole[..cut]), 0);
            }
        }
    }
}

#[test]
fn a_whole_document_behind_one_that_is_cut_anywhere_is_read() {
    for (kind, generation) in shapes() {
        // Every shape on one line, one shape also as borg indents it.
        for indented in [false, true] {
            if indented && kind != Kind::RepoList {
                continue;
            }
            let whole = example(kind, generation).print(indented);
            for cut in 1..whole.len() {
                yields(&format!("{}\n{whole}", &whole[..cut]), 1);
                yields(&format!("{}\r\n{whole}\r\n", &whole[..cut]), 1);
                yields(&format!("{}\n[{whole}, {whole}]", &whole[..cut]), 2);
                yields(
                    &format!("{}\n{whole}\nterminating with success\n", &whole[..cut]),
                    1,
                );
                yields(&format!("[{whole}, {}\n{whole}\n", &whole[..cut]), 2);
            }
        }
    }
}

proptest! {
    #[test]
    fn any_document_that_is_cut_yields_nothing(
        (_, _, json) in any_document(), at: prop::sample::Index, indented: bool,
    ) {
        let whole = json.print(indented);
        let reading = read(&whole.as_bytes()[..at.index(whole.len())]);
        prop_assert_eq!(reading.documents, []);
        prop_assert!(!reading.problems.is_empty());
    }

    #[test]
    fn of_a_cut_list_only_the_complete_documents_count(
        documents in prop::collection::vec(any_document(), 1..4), at: prop::sample::Index,
    ) {
        let mut list = String::from("[");
        let mut ends = Vec::new();
        for (_, _, json) in &documents {
            if !ends.is_empty() {
                list.push_str(", ");
            }
            list.push_str(&json.print(false));
            ends.push(list.len());
        }
        let cut = at.index(list.len() + 1);
        let reading = read(&list.as_bytes()[..cut]);
        prop_assert_eq!(reading.documents.len(), ends.iter().filter(|end| **end <= cut).count());
        prop_assert!(!reading.problems.is_empty());
    }

    #[test]
    fn of_a_cut_sequence_only_the_complete_documents_count(
        documents in prop::collection::vec(any_document(), 1..4), at: prop::sample::Index,
    ) {
        let mut input = String::new();
        let mut ends = Vec::new();
        let mut clean = vec![];
        for (_, _, json) in &documents {
            input.push_str(&json.print(true));
            ends.push(input.len());
            clean.push(input.len());
            input.push('\n');
            clean.push(input.len());
        }
        let cut = at.index(input.len());
        let reading = read(&input.as_bytes()[..cut]);
        prop_assert_eq!(reading.documents.len(), ends.iter().filter(|end| **end <= cut).count());
        prop_assert_eq!(reading.problems.is_empty(), clean.contains(&cut));
    }
}
