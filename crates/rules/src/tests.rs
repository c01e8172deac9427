//! Rules files: what is understood, what is refused and where, and drafts.

use borgq_query::{GroupBy, Inventory, Question, Selection};
use chrono::{FixedOffset, TimeDelta};
use proptest::prelude::*;

use crate::{draft, read};

#[test]
fn a_mistake_is_told_with_its_place_and_what_was_expected() {
    #[track_caller]
    fn row(file: &[u8], want: &str) {
        assert_eq!(read(file).unwrap_err().to_string(), want);
    }
    row(
        b"",
        "line 1, column 1: there is no rule, so nothing is governed and nothing expected",
    );
    row(
        b"[rule]\nlabel = 'a'\n",
        "line 1, column 1: invalid type: map, expected rules, each begun by a line [[rule]]",
    );
    row(
        b"[[rule]]\nlable = 'a'\n",
        "line 2, column 1: unknown field `lable`, expected one of `repository`, `label`, `host`, \
         `series`, `warning`, `critical`, `expect`, `copies`, `max-lag`, `owner`, `note`",
    );
    row(
        "[[rule]]\nowner = 'ä'\nwarning = ['26h', '9 parsecs']\n".as_bytes(),
        "line 3, column 19: bad threshold \"9 parsecs\": expected a unit: w, d, h, m, s or ms \
         (at character 2)",
    );
    row(
        b"[[rule]]\nwarning = 26\n",
        "line 2, column 11: invalid type: integer `26`, expected a range such as \"26h\" or a list of them",
    );
    row(
        b"[[rule]]\nwarning = '1h'\ncritical = ['2h', 'age=3h']\n",
        "line 3, column 12: there are two critical limits for age, expected one",
    );
    row(
        b"[[rule]]\nlabel = 'a'\n\n[[rule]]\nlabel = 'b'\ncopies = -1\n",
        "line 6, column 10: rule 2: copies: no copy at all proves nothing, expected 1 or more",
    );
    row(
        b"[[rule]]\ncopies = 2\nexpect = false\n",
        "line 3, column 10: what must have copies must be there, so leave expect away",
    );
    row(
        b"[[rule]]\nlabel = 'a'\n  [[rule]]\n  label = 'a'\n",
        "line 3, column 3: rule 2: it governs nothing, because rule 1 before it has the same patterns",
    );
    row(
        b"[[rule]]\nlabel = 'a\xff'\n",
        "line 2, column 11: it is not UTF-8, expected TOML",
    );
    row(
        b"[[rule]]\nlabel = 'a'\nlabel = 'b'\n",
        "line 3, column 1: duplicate key",
    );
}

/// Groups of repositories, each with a label, a location and hosts.
fn inventory(repositories: &[(Option<String>, String, Vec<String>)]) -> Inventory {
    let json = |value: &str| {
        let units = value.encode_utf16();
        let escaped: String = units.map(|unit| format!("\\u{unit:04x}")).collect();
        format!("\"{escaped}\"")
    };
    let mut inventory = Inventory::default();
    for (at, (label, location, hosts)) in repositories.iter().enumerate() {
        let label = label.as_deref().map_or(String::new(), |label| {
            format!(r#","label":{}"#, json(label))
        });
        let archive = |(number, host): (usize, &String)| {
            format!(
                r#"{{"archive":"a","name":"a","id":"{number:064x}","hostname":{},
                    "time":"2025-03-01T02:00:00.000000+00:00"}}"#,
                json(host)
            )
        };
        let archives: Vec<_> = hosts.iter().enumerate().map(archive).collect();
        let document = format!(
            r#"{{"archives":[{}],"encryption":{{"encryption":"aes256-ocb","id_hash":"sha256"}},
                "repository":{{"id":"{:064x}","location":{}{label}}}}}"#,
            archives.join(","),
            at % 3,
            json(location)
        );
        let reading = borgq_json::read(document.as_bytes());
        inventory.add_reading(reading, "-", &FixedOffset::east_opt(0).unwrap());
    }
    assert_eq!(inventory.problems, []);
    inventory
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-c]",
        "sh:[a-c*\\[]{0,3}",
        "re:[a-c.(]{0,3}",
        "id:[0-9a-f]{8}",
        "[0-9a-f]{8}",
        "[\"'\\\\\n\r\t\u{1b}\u{202e}\u{7f}#=\\[\\]a]{1,4}",
        any::<String>(),
    ]
}

proptest! {
    #[test]
    fn a_hostile_file_is_refused_and_does_not_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes);
    }

    #[test]
    fn a_file_of_hostile_pieces_does_not_panic(pieces in proptest::collection::vec(prop_oneof![
        Just("[[rule]]\n".to_owned()), Just("[rule]\n".to_owned()), Just("\n".to_owned()),
        "(repository|label|host|series|max-lag|owner|note) = ['\"](sh:|re:|id:)?[a-z0-9.*(\\[]{0,5}['\"]\n",
        "(warning|critical) = \\[?('(files=)?@?[0-9]{0,3}[a-z:]{0,3}',?)*\\]?\n",
        "(copies|expect) = (true|false|-?[0-9]{1,20})\n",
        any::<String>(),
    ], 0..12)) {
        let file = pieces.concat();
        match read(file.as_bytes()) {
            Ok(rules) => prop_assert!(!rules.is_empty()),
            Err(error) => {
                prop_assert!(error.line() <= file.matches('\n').count() + 1);
                prop_assert!(!error.to_string().contains('\n'));
            }
        }
    }

    #[test]
    fn a_draft_governs_all_that_it_was_made_of(
        repositories in proptest::collection::vec(
            (proptest::option::of(name()), name(), proptest::collection::vec(name(), 0..4)), 1..6),
        group_by in prop_oneof![Just(GroupBy::Repository), Just(GroupBy::Host), Just(GroupBy::Series)],
    ) {
        let inventory = inventory(&repositories);
        let mut question = Question {
            now: "2025-03-02T02:00:00Z".parse().unwrap(),
            clock_skew: TimeDelta::minutes(5),
            selection: Selection::default(),
            group_by,
            rules: Default::default(),
        };
        let groups = question.groups(&inventory).groups;
        let draft = draft(&question, &groups);
        let seen = |c: char| c == '\n' || !c.is_control() && c != '\u{202e}';
        prop_assert!(draft.chars().all(seen));
        question.rules = read(draft.as_bytes()).map_err(|error| {
            TestCaseError::fail(format!("{error}\n{draft}"))
        })?;
        let governed = question.groups(&inventory).groups;
        prop_assert_eq!(governed.len(), groups.len());
        prop_assert!(governed.iter().all(|group| group.rule.is_some()), "{}", draft);
    }
}
