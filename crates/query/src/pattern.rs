//! Patterns that choose repositories and archives, in borg 2's own language.

use std::fmt;

use borgq_json::Text;
use regex_lite::Regex;

use crate::model::{Archive, Repository};

/// Chooses archives, as `borg -a/--match-archives` does.
///
/// | pattern | chooses |
/// | --- | --- |
/// | `NAME`, `id:NAME`, `name:NAME` | archives of exactly this name |
/// | `sh:PATTERN` | names: `*` any text without `/`, `?` one character, `[abc]`, `[!abc]`, `{a,b}`, `**/` any directories |
/// | `re:REGEX` | names that a regular expression matches from start to end |
/// | `aid:PREFIX` | ids that begin so |
/// | `host:NAME`, `user:NAME` | archives of exactly this host or user |
/// | `tags:A,B` | archives that have all these tags |
///
/// What a document does not say matches nothing.
///
/// ```
/// use borgq_query::pattern::ArchivePattern;
///
/// assert!(ArchivePattern::parse("sh:web-*").is_ok());
/// assert_eq!(
///     ArchivePattern::parse("re:web-(").unwrap_err().to_string(),
///     "the regular expression \"web-(\" is not valid: found open group without closing ')'"
/// );
/// ```
#[derive(Clone, Debug)]
pub struct ArchivePattern(Archives);

#[derive(Clone, Debug)]
enum Archives {
    Name(Matcher),
    Id(String),
    Host(String),
    User(String),
    Tags(Vec<String>),
}

/// Chooses repositories by label, location or id.
///
/// A plain text is exactly the label, the location or the id, or at least 8
/// digits from the start of the id. `sh:` and `re:` match the label or the
/// location; in `sh:` a `*` also matches `/` here, because locations are paths.
#[derive(Clone, Debug)]
pub struct RepositoryPattern(Repositories);

#[derive(Clone, Debug)]
enum Repositories {
    Plain(String),
    Matcher(Matcher),
}

/// Which repositories and archives a question is about. All patterns for
/// archives must match, and one of those for repositories. No pattern chooses all.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Patterns for repositories.
    pub repositories: Vec<RepositoryPattern>,
    /// Patterns for archives.
    pub archives: Vec<ArchivePattern>,
}

impl Selection {
    /// Whether a repository is chosen.
    #[must_use]
    pub fn has_repository(&self, repository: &Repository) -> bool {
        self.repositories.is_empty()
            || self
                .repositories
                .iter()
                .any(|pattern| pattern.matches(repository))
    }

    /// Whether an archive is chosen.
    #[must_use]
    pub fn has_archive(&self, archive: &Archive) -> bool {
        self.archives.iter().all(|pattern| pattern.matches(archive))
    }
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError(String);

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PatternError {}

#[derive(Clone, Debug)]
enum Matcher {
    Exact(String),
    Regex(Regex),
}

impl Matcher {
    fn matches(&self, text: &str) -> bool {
        match self {
            Self::Exact(exact) => exact == text,
            Self::Regex(regex) => regex.is_match(text),
        }
    }

    /// `regex` from the start; borg ties only its end to the end of the name.
    fn regex(pattern: &str) -> Result<Self, PatternError> {
        Regex::new(&format!(r"\A(?:{pattern}\z)"))
            .map(Self::Regex)
            .map_err(|error| {
                PatternError(format!(
                    "the regular expression {pattern:?} is not valid: {error}"
                ))
            })
    }

    fn shell(pattern: &str, not_crossed: Option<char>) -> Result<Self, PatternError> {
        let regex = Regex::new(&format!(r"(?s)\A(?:{}\z)", translate(pattern, not_crossed)));
        regex.map(Self::Regex).map_err(|error| {
            PatternError(format!(
                "the shell pattern {pattern:?} is not valid: {error}"
            ))
        })
    }
}

impl ArchivePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// If a regular expression or a set is not valid, an id is not hexadecimal,
    /// or there is nothing behind the prefix.
    pub fn parse(pattern: &str) -> Result<Self, PatternError> {
        let empty = |prefix: &str| {
            Err(PatternError(format!(
                "there is nothing behind {prefix:?}, expected a value"
            )))
        };
        let archives = match pattern.split_once(':') {
            Some((prefix @ ("host" | "user" | "aid" | "tags" | "re" | "sh"), "")) => {
                return empty(&format!("{prefix}:"));
            }
            Some(("host", host)) => Archives::Host(host.into()),
            Some(("user", user)) => Archives::User(user.into()),
            Some(("aid", prefix)) => Archives::Id(hexadecimal(prefix)?),
            Some(("tags", tags)) => Archives::Tags(
                tags.split(',')
                    .filter(|tag| !tag.is_empty())
                    .map(Into::into)
                    .collect(),
            ),
            Some(("date", _)) => {
                return Err(PatternError(
                    "date: is not understood here, expected a name, sh:, re:, aid:, host:, user: \
                     or tags:"
                        .into(),
                ));
            }
            Some(("name", rest)) => Archives::Name(name(rest)?),
            _ => Archives::Name(name(pattern)?),
        };
        Ok(Self(archives))
    }

    /// Whether the pattern chooses an archive.
    #[must_use]
    pub fn matches(&self, archive: &Archive) -> bool {
        let is = |said: &Option<Text>, wanted: &str| {
            said.as_ref()
                .is_some_and(|said| said.to_display() == wanted)
        };
        match &self.0 {
            Archives::Name(matcher) => matcher.matches(&archive.name.to_display()),
            Archives::Id(prefix) => archive.id.to_string().starts_with(prefix),
            Archives::Host(host) => is(&archive.host, host),
            Archives::User(user) => is(&archive.user, user),
            Archives::Tags(wanted) => archive.tags.as_ref().is_some_and(|tags| {
                wanted
                    .iter()
                    .all(|wanted| tags.iter().any(|tag| tag == wanted.as_str()))
            }),
        }
    }
}

fn name(pattern: &str) -> Result<Matcher, PatternError> {
    match pattern.split_once(':') {
        Some(("sh", pattern)) => Matcher::shell(pattern, Some('/')),
        Some(("re", pattern)) => Matcher::regex(pattern),
        Some(("id", name)) => Ok(Matcher::Exact(name.into())),
        _ => Ok(Matcher::Exact(pattern.into())),
    }
}

fn hexadecimal(prefix: &str) -> Result<String, PatternError> {
    if prefix.len() <= 64 && prefix.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Ok(prefix.to_ascii_lowercase())
    } else {
        Err(PatternError(format!(
            "{prefix:?} is no start of an id, expected hexadecimal digits"
        )))
    }
}

impl RepositoryPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// If a regular expression or a set is not valid, or the pattern is empty.
    pub fn parse(pattern: &str) -> Result<Self, PatternError> {
        Ok(Self(match pattern.split_once(':') {
            _ if pattern.is_empty() => {
                return Err(PatternError(
                    "the pattern is empty, expected a label, a location or an id".into(),
                ));
            }
            Some(("sh", pattern)) => Repositories::Matcher(Matcher::shell(pattern, None)?),
            Some(("re", pattern)) => Repositories::Matcher(Matcher::regex(pattern)?),
            Some(("id", plain)) => Repositories::Plain(plain.into()),
            _ => Repositories::Plain(pattern.into()),
        }))
    }

    /// Whether the pattern chooses a repository.
    #[must_use]
    pub fn matches(&self, repository: &Repository) -> bool {
        let label = repository.label.as_ref().map(Text::to_display);
        let location = repository.location.to_display();
        match &self.0 {
            Repositories::Plain(plain) => {
                label.is_some_and(|label| label == plain.as_str())
                    || location == plain.as_str()
                    || (plain.len() >= 8 && repository.id.to_string().starts_with(plain.as_str()))
            }
            Repositories::Matcher(matcher) => {
                label.is_some_and(|label| matcher.matches(&label)) || matcher.matches(&location)
            }
        }
    }
}

/// A shell pattern as a regular expression. Wildcards do not match `not_crossed`.
fn translate(pattern: &str, not_crossed: Option<char>) -> String {
    let any = not_crossed.map_or(".".to_owned(), |c| format!("[^{c}]"));
    let chars: Vec<char> = pattern.chars().collect();
    let closed = closing_braces(&chars);
    let mut regex = String::new();
    let mut open = 0_usize;
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        at += 1;
        match c {
            '*' if chars.get(at..at + 2) == Some(&['*', '/']) => {
                regex.push_str(r"(?:[^/]*/)*");
                at += 2;
            }
            '*' => {
                regex.push_str(&any);
                regex.push('*');
            }
            '?' => regex.push_str(&any),
            '[' => match set(chars.get(at..).unwrap_or_default()) {
                Some((set, length)) => {
                    regex.push_str(&set);
                    at += length;
                }
                None => regex.push_str(r"\["),
            },
            '{' if closed.contains(&(at - 1)) => {
                open += 1;
                regex.push_str("(?:");
            }
            '}' if closed.contains(&(at - 1)) => {
                open = open.saturating_sub(1);
                regex.push(')');
            }
            ',' if open > 0 => regex.push('|'),
            _ => regex.push_str(&regex_lite::escape(c.encode_utf8(&mut [0; 4]))),
        }
    }
    regex
}

/// Where braces stand that have a partner. Others are ordinary characters.
fn closing_braces(chars: &[char]) -> std::collections::HashSet<usize> {
    let mut open = Vec::new();
    let mut paired = std::collections::HashSet::new();
    let mut in_set = 0;
    for (at, c) in chars.iter().enumerate() {
        match c {
            _ if at < in_set => {}
            '[' => {
                let length = set(chars.get(at + 1..).unwrap_or_default()).map(|(_, length)| length);
                in_set = at + 1 + length.unwrap_or(0);
            }
            '{' => open.push(at),
            '}' => {
                if let Some(start) = open.pop() {
                    paired.extend([start, at]);
                }
            }
            _ => {}
        }
    }
    paired
}

/// The set that begins behind `[`, as a regular expression, and its length.
fn set(rest: &[char]) -> Option<(String, usize)> {
    let negated = rest.first() == Some(&'!');
    let from = usize::from(negated);
    // A bracket that stands first belongs to the set.
    let search = from + usize::from(rest.get(from) == Some(&']'));
    let length = search + rest.get(search..)?.iter().position(|c| *c == ']')?;
    let mut set = String::from(if negated { "[^" } else { "[" });
    for c in rest.get(from..length)? {
        if matches!(c, '\\' | '[' | ']' | '^' | '&' | '~') {
            set.push('\\');
        }
        set.push(*c);
    }
    set.push(']');
    Some((set, length + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn shell(pattern: &str, yes: &[&str], no: &[&str]) {
        let matcher = name(&format!("sh:{pattern}")).unwrap();
        for text in yes {
            assert!(matcher.matches(text), "{pattern:?} does not match {text:?}");
        }
        for text in no {
            assert!(!matcher.matches(text), "{pattern:?} matches {text:?}");
        }
    }

    #[test]
    fn shell_patterns_match_as_in_borg() {
        shell("*", &["", "web", "a b\n"], &["a/b", "/"]);
        shell(
            "web-*",
            &["web-", "web-2025"],
            &["web", "xweb-1", "web-a/b"],
        );
        shell("we?", &["web", "weé"], &["we", "webb", "we/"]);
        shell("[ab]x", &["ax", "bx"], &["cx", "x", "abx"]);
        shell("[!ab]x", &["cx"], &["ax", "x"]);
        shell("[]]x", &["]x"], &["x", "ax"]);
        shell("[a-c]", &["b"], &["d", "-"]);
        shell("[^a]", &["^", "a"], &["b"]);
        shell("[a", &["[a"], &["a"]);
        shell("{web,db}-*", &["web-1", "db-1"], &["x-1", "{web,db}-1"]);
        shell("{a,b{c,d}}", &["a", "bc", "bd"], &["b", "{a"]);
        shell("{a", &["{a"], &["a"]);
        shell("a,b}", &["a,b}"], &["a"]);
        shell("**/x", &["x", "a/x", "a/b/x"], &["xx", "a/y"]);
        shell("a.b+(c|d)$", &["a.b+(c|d)$"], &["axb+(c|d)$", "a.bc"]);
        shell("a\\b", &["a\\b"], &["ab"]);
    }

    #[test]
    fn regular_expressions_match_from_start_to_end() {
        let matcher = name("re:web-[0-9]+").unwrap();
        assert!(matcher.matches("web-1"));
        assert!(!matcher.matches("web-1x"));
        assert!(!matcher.matches("xweb-1"));
    }

    #[test]
    fn a_plain_pattern_is_the_exact_name() {
        for pattern in ["web*", "id:web*", "name:web*", "name:id:web*"] {
            assert!(matches!(
                ArchivePattern::parse(pattern),
                Ok(ArchivePattern(Archives::Name(Matcher::Exact(name)))) if name == "web*"
            ));
        }
        // An unknown prefix is a part of the name.
        assert!(matches!(
            ArchivePattern::parse("x:y"),
            Ok(ArchivePattern(Archives::Name(Matcher::Exact(name)))) if name == "x:y"
        ));
    }

    #[test]
    fn what_is_no_pattern_is_refused_in_a_sentence() {
        let error = |pattern| ArchivePattern::parse(pattern).unwrap_err().to_string();
        assert_eq!(
            error("aid:xyz"),
            "\"xyz\" is no start of an id, expected hexadecimal digits"
        );
        assert_eq!(
            error("host:"),
            "there is nothing behind \"host:\", expected a value"
        );
        assert!(error("re:(").starts_with("the regular expression \"(\" is not valid: "));
        assert!(error("sh:[z-a]").starts_with("the shell pattern \"[z-a]\" is not valid: "));
        assert!(error("date:2025").starts_with("date: is not understood here"));
    }

    proptest! {
        #[test]
        fn any_pattern_is_read_or_refused(pattern in "(sh:|re:|aid:|)\\PC{0,20}", text in "\\PC{0,20}") {
            if let Ok(ArchivePattern(Archives::Name(matcher))) = ArchivePattern::parse(&pattern) {
                matcher.matches(&text);
            }
        }

        #[test]
        fn a_shell_pattern_without_wildcards_is_exact(text in "[^\\[\\]{}*?]{0,20}") {
            let matches = name(&format!("sh:{text}")).unwrap().matches(&text);
            prop_assert!(matches);
        }
    }
}
