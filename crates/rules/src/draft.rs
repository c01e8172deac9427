//! [`draft()`]: a first rules file from what is there.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use borgq_query::{Group, GroupBy, Question, Repository};

/// What every draft begins with.
const HEAD: &str = "\
# What borgq expects, and the limits for it. Of these rules the first one that
# matches an archive governs it. docs/rules.md says what a rule can say.
";

/// A rules file that expects each of these groups.
///
/// It reads as rules that govern all of them, whatever their names hold.
/// Users are nothing that a rule can name: groups by user are not told apart.
#[must_use]
pub fn draft(question: &Question, groups: &[Group<'_>]) -> String {
    let names = Names::of(groups);
    // A rule for a whole repository would govern what those behind it are for.
    let (whole, parts): (Vec<_>, Vec<_>) = groups.iter().partition(|group| group.name.is_none());
    let mut written = HashSet::new();
    let mut file = HEAD.to_owned();
    for group in parts.into_iter().chain(whole) {
        let mut patterns = names.patterns(group.repository);
        let part = match question.group_by {
            GroupBy::Host => Some("host"),
            GroupBy::Series => Some("series"),
            GroupBy::Repository | GroupBy::User | GroupBy::Prune => None,
        };
        patterns.extend(part.zip(group.name.as_deref().map(name)));
        if !written.insert(patterns.clone()) {
            continue;
        }
        file.push_str("\n[[rule]]\n");
        if let Some((_, id)) = patterns.first()
            && id.starts_with("id:")
        {
            let location = group.repository.location.to_display();
            let _ = writeln!(file, "# {}", quoted(&location));
        }
        for (key, pattern) in patterns {
            let _ = writeln!(file, "{key} = {}", quoted(&pattern));
        }
        file.push_str("expect = true\n");
    }
    file
}

/// How often texts stand for repositories.
#[derive(Default)]
struct Names {
    labels: HashMap<String, usize>,
    /// Labels and locations.
    texts: HashMap<String, usize>,
}

impl Names {
    fn of(groups: &[Group<'_>]) -> Self {
        let mut names = Self::default();
        let mut seen = HashSet::new();
        for repository in groups.iter().map(|group| group.repository) {
            if !seen.insert((repository.id, &repository.location)) {
                continue;
            }
            let mut texts = HashSet::from([repository.location.to_display().into_owned()]);
            if let Some(label) = &repository.label {
                let label = label.to_display().into_owned();
                *names.labels.entry(label.clone()).or_default() += 1;
                texts.insert(label);
            }
            for text in texts {
                *names.texts.entry(text).or_default() += 1;
            }
        }
        names
    }

    /// The patterns that choose a repository, and none of the others if that
    /// can be: its label, its location, else its id.
    fn patterns(&self, repository: &Repository) -> Vec<(&'static str, String)> {
        let label = repository.label.as_ref().map(|label| label.to_display());
        if let Some(label) = label
            && self.labels.get(&*label) == Some(&1)
        {
            return vec![("label", name(&label))];
        }
        let location = repository.location.to_display();
        let pattern = if self.texts.get(&*location) == Some(&1) {
            place(&location)
        } else {
            format!("id:{}", repository.id)
        };
        vec![("repository", pattern)]
    }
}

/// The pattern for exactly this name.
fn name(text: &str) -> String {
    match text.is_empty() || ["sh:", "re:"].iter().any(|kind| text.starts_with(kind)) {
        true => exactly(text),
        false => text.into(),
    }
}

/// The pattern for exactly this location.
fn place(text: &str) -> String {
    // What could be the beginning of an id.
    let hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match hex || text.starts_with("id:") {
        true => exactly(text),
        false => name(text),
    }
}

/// A regular expression for exactly this text.
fn exactly(text: &str) -> String {
    let mut pattern = String::from("re:");
    for c in text.chars() {
        if r"\.+*?()|[]{}^$".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    if text.is_empty() {
        pattern.push_str("()");
    }
    pattern
}

/// A TOML string. What cannot be seen is escaped.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_ascii() && !c.is_ascii_control() => quoted.push(c),
            c if c.escape_debug().len() > 1 => {
                let _ = match u32::from(c) {
                    code @ ..=0xffff => write!(quoted, "\\u{code:04x}"),
                    code => write!(quoted, "\\U{code:08x}"),
                };
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
