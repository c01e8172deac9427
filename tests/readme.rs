//! The commands of README.md print what README.md says.

use std::fmt::Write as _;

use crate::program::run;

/// README.md with what its commands print now.
fn fresh(readme: &str) -> String {
    let mut fresh = String::new();
    let mut lines = readme.lines();
    let mut commands = 0;
    while let Some(line) = lines.next() {
        writeln!(fresh, "{line}").unwrap();
        let Some(command) = line.strip_prefix("$ ") else {
            continue;
        };
        let words = words(command);
        let args = match words[0] {
            "borgq" => &words[1..],
            _ => &words[..],
        };
        let said = run(args, b"", "2026-01-01T00:00:00Z");
        assert!(
            said.status < 2 && said.err.is_empty(),
            "{command}: {}",
            said.err
        );
        fresh.push_str(&said.out);
        let end = lines.by_ref().find(|line| *line == "```").unwrap();
        writeln!(fresh, "{end}").unwrap();
        commands += 1;
    }
    assert!(commands >= 5);
    fresh
}

/// The words of a command as a shell has them, with single quotes alone.
fn words(command: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for (at, part) in command.split('\'').enumerate() {
        if at % 2 == 1 {
            words.push(part);
        } else {
            words.extend(part.split_whitespace());
        }
    }
    words
}

#[test]
fn the_commands_of_the_readme_print_what_it_shows() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let fresh = fresh(&readme);
    if std::env::var_os("BORGQ_WRITE_README").is_some() {
        std::fs::write(path, &fresh).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap();
    assert_eq!(kept, fresh, "write it anew with BORGQ_WRITE_README=1");
}

#[test]
fn the_first_command_of_the_readme_shows_an_age() {
    let readme = include_str!("../README.md");
    let command = readme
        .lines()
        .find_map(|line| line.strip_prefix("    cargo run -- "))
        .unwrap();
    let said = run(
        &command.split(' ').collect::<Vec<_>>(),
        b"",
        "2026-01-01T00:00:00Z",
    );
    assert_eq!(said.status, 0, "{}", said.err);
    assert!(said.out.lines().next().unwrap().ends_with("AGE"));
}
