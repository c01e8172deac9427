//! The examples in the help of the commands are understood.

use crate::program::run;

const NOW: &str = "2025-03-02T12:00:00Z";
const LIST: &str = "crates/json/examples/repo-list.json";

/// The words behind `borgq` of the examples in a help.
fn examples(help: &str) -> Vec<Vec<String>> {
    let lines = help.lines().skip_while(|line| *line != "Examples:").skip(1);
    let lines = lines.take_while(|line| line.starts_with("  "));
    let words = |line: &str| {
        let (_, command) = line.split_once("borgq ").unwrap();
        // What is behind many blanks is explained.
        let command = command.split("   ").next().unwrap();
        let word = |word: &str| {
            let input = word.ends_with(".json") || word.ends_with('/');
            if input { LIST } else { word }.to_owned()
        };
        command.split_whitespace().map(word).collect()
    };
    lines.map(words).collect()
}

#[test]
fn the_examples_in_the_help_of_the_questions_are_answered() {
    for command in ["last", "gaps", "backtest", "sizes", "diff"] {
        let help = run(&[command, "--help"], b"", NOW);
        assert_eq!(help.status, 0);
        let examples = examples(&help.out);
        assert!(examples.len() >= 3, "{command}");
        for example in examples {
            assert_eq!(example[0], command);
            let args: Vec<_> = example.iter().map(String::as_str).collect();
            let said = run(&args, &std::fs::read(LIST).unwrap(), NOW);
            // A listing says neither hosts nor sizes.
            let lacks = said.err.contains("does not say");
            assert!(said.status == 0 || lacks, "{example:?}: {}", said.err);
            assert!(!said.out.is_empty(), "{example:?}");
        }
    }
}

#[test]
fn the_questions_in_the_help_are_answered() {
    let info = "tests/corpus/borg-1.4.5/info--hosts-all.out";
    let help = run(&["--help"], b"", NOW).out;
    let lines = help.lines().skip_while(|line| *line != "Questions:");
    let mut answered = 0;
    for (before, command) in lines.filter_map(|line| line.split_once("borgq ")) {
        if !before.trim_start().is_empty() && !before.ends_with("$(") {
            continue;
        }
        let command = command.trim_end_matches(')').split(" > ").next().unwrap();
        let mut args = Vec::new();
        for (at, part) in command.split('\'').enumerate() {
            if at % 2 == 1 {
                args.push(part);
            } else {
                args.extend(part.split_whitespace());
            }
        }
        let input = args.pop().unwrap();
        assert!(["list.json", "info.json"].contains(&input), "{command}");
        args.extend([info, "--timezone", "UTC"]);
        let said = run(&args, b"", "2025-03-05T12:00:00Z");
        assert_eq!((said.status, said.err.as_str()), (0, ""), "{command}");
        assert!(!said.out.is_empty(), "{command}");
        answered += 1;
    }
    assert_eq!(answered, 6);
}
