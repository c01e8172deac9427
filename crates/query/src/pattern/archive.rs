//! Archive patterns, as for borg's `-a/--match-archives`.

use super::error::{AmbiguousId, ParsePatternError};
use super::text::TextPattern;
use super::{id_prefix, one_id};

/// What a pattern looks at in an archive. What is not known matches nothing.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a, Tag = String> {
    /// Its id, in lower-case hex digits.
    pub id_hex: &'a str,
    /// Its name.
    pub name: &'a str,
    /// The host it was made on.
    pub host: Option<&'a str>,
    /// The user who made it.
    pub user: Option<&'a str>,
    /// Its tags. None if the document does not say, empty if it has none.
    pub tags: Option<&'a [Tag]>,
}

/// One pattern for archives, in borg 2's language.
///
/// | pattern          | matches if                                             |
/// | ---------------- | ------------------------------------------------------ |
/// | `NAME`, `id:NAME`| the name is equal                                      |
/// | `sh:PATTERN`     | the name matches: `*`, `?`, `[a-z]`, `[!a]`, `{a,b}`; these do not cross a `/`, `**/` does |
/// | `re:EXPRESSION`  | the name matches the regular expression                |
/// | `name:...`       | the same: any of the three above may follow            |
/// | `aid:PREFIX`     | the archive id begins so; only one archive may         |
/// | `host:`, `user:` | host or user are equal                                 |
/// | `tags:A,B`       | it has all these tags                                  |
///
/// As in borg an expression begins at the start of the name, and its last
/// alternative ends at the end. It is matched in linear time, without
/// look-around and back-references, and `\w`, `\d`, `\s`, `\b` and `(?i)` know
/// ASCII only.
///
/// Three things differ, because a pattern that is not clear must not prove
/// anything: a pattern with nothing in it is refused, so is a plain `(`, `|` or
/// `)` after `sh:`, which borg passes on to its regular expression, and so is
/// `date:`.
///
/// ```
/// use borgq_query::pattern::{ArchivePattern, Facts};
/// let tags = vec!["daily".to_owned()];
/// let facts = Facts {
///     id_hex: "d34db33f",
///     name: "web-2025",
///     host: Some("web"),
///     user: None,
///     tags: Some(&tags),
/// };
/// assert!(ArchivePattern::parse("sh:web-*")?.matches(&facts));
/// assert!(ArchivePattern::parse("host:web")?.matches(&facts));
/// assert!(ArchivePattern::parse("tags:daily")?.matches(&facts));
/// assert!(!ArchivePattern::parse("user:root")?.matches(&facts));
/// # Ok::<(), borgq_query::pattern::ParsePatternError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ArchivePattern(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Name(TextPattern),
    IdPrefix(String),
    Host(String),
    User(String),
    Tags(Vec<String>),
}

impl ArchivePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// If it is empty, or cannot be understood.
    pub fn parse(text: &str) -> Result<Self, ParsePatternError> {
        let fail = |at, problem: String| ParsePatternError::new("archive", text, at, problem);
        let value = |prefix: &str, value: &str| {
            if value.is_empty() {
                return Err(fail(prefix.len(), format!("nothing follows `{prefix}`")));
            }
            Ok(value.to_owned())
        };
        if let Some(prefix) = text.strip_prefix("aid:") {
            let prefix = id_prefix(prefix, 1).ok_or_else(|| {
                fail(4, "expected 1 to 64 hex digits of an archive id".to_owned())
            })?;
            return Ok(Self(Kind::IdPrefix(prefix)));
        }
        if let Some(host) = text.strip_prefix("host:") {
            return Ok(Self(Kind::Host(value("host:", host)?)));
        }
        if let Some(user) = text.strip_prefix("user:") {
            return Ok(Self(Kind::User(value("user:", user)?)));
        }
        if let Some(list) = text.strip_prefix("tags:") {
            let tags: Vec<String> = list
                .split(',')
                .filter(|tag| !tag.is_empty())
                .map(str::to_owned)
                .collect();
            if tags.is_empty() {
                return Err(fail(5, "expected tags, separated by commas".to_owned()));
            }
            return Ok(Self(Kind::Tags(tags)));
        }
        if text.starts_with("date:") {
            let problem =
                "`date:` patterns are not supported, write `name:date:...` if it is a name";
            return Err(fail(0, problem.to_owned()));
        }
        let name = text.strip_prefix("name:").unwrap_or(text);
        let (pattern, start) = match name.split_at_checked(3) {
            Some(("sh:", shell)) => (TextPattern::shell(shell), 3),
            Some(("re:", regex)) => (TextPattern::regex(regex), 3),
            Some(("id:", exact)) => (TextPattern::exact(exact), 3),
            _ => (TextPattern::exact(name), 0),
        };
        let skipped = text.len() - name.len() + start;
        let pattern = pattern.map_err(|(at, problem)| fail(skipped + at, problem))?;
        Ok(Self(Kind::Name(pattern)))
    }

    /// Whether an archive matches.
    #[must_use]
    pub fn matches<Tag: AsRef<str>>(&self, facts: &Facts<'_, Tag>) -> bool {
        match &self.0 {
            Kind::Name(pattern) => pattern.matches(facts.name),
            Kind::IdPrefix(prefix) => facts.id_hex.starts_with(prefix.as_str()),
            Kind::Host(host) => facts.host == Some(host),
            Kind::User(user) => facts.user == Some(user),
            Kind::Tags(wanted) => facts.tags.is_some_and(|tags| {
                wanted
                    .iter()
                    .all(|wanted| tags.iter().any(|tag| tag.as_ref() == wanted))
            }),
        }
    }
}

/// Patterns that an archive must match all of. None at all match every archive.
#[derive(Clone, Debug, Default)]
pub struct ArchivePatterns(Vec<ArchivePattern>);

impl ArchivePatterns {
    /// From single patterns.
    #[must_use]
    pub fn new(patterns: Vec<ArchivePattern>) -> Self {
        Self(patterns)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an archive matches all of them.
    #[must_use]
    pub fn matches<Tag: AsRef<str>>(&self, facts: &Facts<'_, Tag>) -> bool {
        self.0.iter().all(|pattern| pattern.matches(facts))
    }

    /// Whether one of them is the beginning of an id, so that
    /// [`check_ids`](Self::check_ids) has something to check.
    #[must_use]
    pub fn has_ids(&self) -> bool {
        let is_id = |pattern: &ArchivePattern| matches!(pattern.0, Kind::IdPrefix(_));
        self.0.iter().any(is_id)
    }

    /// Checks that `aid:` patterns stand for one archive each, given the ids of
    /// the archives that match.
    ///
    /// # Errors
    /// If several different ids begin with such a prefix. The same id twice is one.
    pub fn check_ids<'a>(
        &self,
        matching: impl Iterator<Item = &'a str> + Clone,
    ) -> Result<(), AmbiguousId> {
        self.0.iter().try_for_each(|pattern| match &pattern.0 {
            Kind::IdPrefix(prefix) => one_id("archive", prefix, matching.clone()),
            _ => Ok(()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "d34db33f00000000000000000000000000000000000000000000000000000001";

    fn matches(pattern: &str, name: &str) -> bool {
        let facts = Facts {
            id_hex: ID,
            name,
            host: Some("web"),
            user: Some("root"),
            tags: Some(&["daily", "@PROT"]),
        };
        ArchivePattern::parse(pattern).unwrap().matches(&facts)
    }

    #[test]
    fn patterns_match_as_in_borg() {
        #[track_caller]
        fn row(pattern: &str, name: &str, want: bool) {
            assert_eq!(matches(pattern, name), want, "{pattern} {name}");
        }
        row("web", "web", true);
        row("web", "web-1", false);
        row("we.", "web", false);
        row("web-*", "web-1", false);
        row("id:web", "web", true);
        row("id:sh:web*", "sh:web*", true);
        row("name:web", "web", true);
        row("name:sh:web*", "web-1", true);
        row("name:re:web.*", "web-1", true);
        row("name:id:web", "web", true);
        row("name:name:web", "name:web", true);
        row("name:aid:d3", "aid:d3", true);
        row("name:date:2025", "date:2025", true);
        row("fm:web", "fm:web", true);
        row("sh:web-*", "web-1", true);
        row("SH:web-*", "web-1", false);
        row("re:web", "web", true);
        row("re:web", "web-1", false);
        row("re:web", "my-web", false);
        row("re:.*web", "my-web", true);
        row("re:web-\\d+", "web-12", true);
        row("re:pc[123]-(a|b)-.*", "pc2-b-2022", true);
        row("re:web|db", "db", true);
        row("re:web|db", "db-1", false);
        row("re:web|db", "web-1", true);
        row("re:(?i)WEB", "web", true);
        row(r"re:(?:w+?)*[]\[^]+?\++", "w[+", true);
        row("re:web$", "web\n", false);
        row("aid:d34db33f", "x", true);
        row("aid:D34D", "x", true);
        row("aid:34db", "x", false);
        row("host:web", "x", true);
        row("host:we", "x", false);
        row("host:sh:w*", "x", false);
        row("user:root", "x", true);
        row("user:web", "x", false);
        row("tags:daily", "x", true);
        row("tags:@PROT,daily", "x", true);
        row("tags:daily,,", "x", true);
        row("tags:daily,weekly", "x", false);
        row("tags:dail", "x", false);
    }

    #[test]
    fn what_is_not_known_matches_nothing() {
        let facts = Facts::<String> {
            id_hex: "",
            name: "",
            host: None,
            user: None,
            tags: None,
        };
        for pattern in [
            "host:web",
            "user:root",
            "tags:daily",
            "aid:0",
            "web",
            "sh:?*",
        ] {
            let pattern = ArchivePattern::parse(pattern).unwrap();
            assert!(!pattern.matches(&facts), "{pattern:?}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused_with_its_place() {
        #[track_caller]
        fn refuses(text: &str, why: &str) {
            let error = ArchivePattern::parse(text).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("bad archive pattern {text:?}: {why}")
            );
        }
        let nothing = "nothing follows, expected the text to match";
        refuses("", &format!("{nothing} (at character 1)"));
        refuses("name:", &format!("{nothing} (at character 6)"));
        refuses("id:", &format!("{nothing} (at character 4)"));
        refuses("sh:", &format!("{nothing} (at character 4)"));
        refuses("name:re:", &format!("{nothing} (at character 9)"));
        refuses("host:", "nothing follows `host:` (at character 6)");
        refuses("user:", "nothing follows `user:` (at character 6)");
        refuses(
            "tags:,",
            "expected tags, separated by commas (at character 6)",
        );
        refuses(
            "aid:",
            "expected 1 to 64 hex digits of an archive id (at character 5)",
        );
        refuses(
            "aid:xyz",
            "expected 1 to 64 hex digits of an archive id (at character 5)",
        );
        refuses(
            "date:2025-01",
            "`date:` patterns are not supported, write `name:date:...` if it is a name (at character 1)",
        );
        refuses(
            "sh:ü[z-a]",
            "the set goes from 'z' down to 'a' (at character 6)",
        );
        let group = "a repetition of a repetition needs a group, such as `(?:a+)*`";
        refuses("re:a*+", &format!("{group} (at character 6)"));
        refuses("re:a{2}{3}", &format!("{group} (at character 8)"));
        refuses("re:a???", &format!("{group} (at character 7)"));
        refuses(
            "re:[a[:alpha:]]",
            r"write `\[` for a plain `[` inside `[...]` (at character 6)",
        );
        let error = |text| ArchivePattern::parse(text).unwrap_err().to_string();
        for text in [
            "re:(",
            "re:a)(b",
            "re:a)|(b",
            "re:(?=a)b",
            r"re:(a)\1",
            "re:a{",
            "re:[z-a]",
        ] {
            let start = format!("bad archive pattern {text:?}: it cannot be compiled: ");
            assert!(error(text).starts_with(&start), "{}", error(text));
            assert!(
                error(text).ends_with(" (at character 4)"),
                "{}",
                error(text)
            );
        }
    }

    #[test]
    fn several_patterns_must_all_match() {
        let facts = |host| Facts::<String> {
            id_hex: ID,
            name: "web-1",
            host: Some(host),
            user: None,
            tags: None,
        };
        let read = |text| ArchivePattern::parse(text).unwrap();
        let patterns = ArchivePatterns::new(vec![read("sh:web-*"), read("host:a")]);
        assert!(patterns.matches(&facts("a")));
        assert!(!patterns.matches(&facts("b")));
        assert!(ArchivePatterns::default().matches(&facts("b")));
    }

    #[test]
    fn an_id_prefix_stands_for_one_archive() {
        let read = |text| ArchivePattern::parse(text).unwrap();
        let patterns = ArchivePatterns::new(vec![read("sh:*"), read("aid:ab")]);
        assert_eq!(patterns.check_ids(["ab1", "ab1", "cd"].into_iter()), Ok(()));
        assert_eq!(patterns.check_ids([].into_iter()), Ok(()));
        let error = patterns.check_ids(["ab1", "ab2"].into_iter()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "2 different archive ids begin with ab, expected one: write more of its digits"
        );
    }
}
