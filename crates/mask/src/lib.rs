//! Takes secrets out of command lines, locations and messages.
//!
//! What is masked stays as it is if it is masked again, so a masked location is
//! one form by which a repository can be named.

/// What stands in place of a secret.
const MASK: &str = "***";

/// Words that name secrets, in lower case.
const NAMES: &[&str] = &[
    "passphrase",
    "password",
    "passcommand",
    "passwd",
    "secret",
    "token",
    "credential",
    "api-key",
    "apikey",
    "access-key",
    "application-key",
];

/// A command line without its secrets: values of options and variables whose
/// name is that of a secret, and passwords in URLs.
///
/// ```
/// let argv = ["env", "BORG_PASSPHRASE=horse", "borg", "list", "ssh://me:pony@host/repo"];
/// assert_eq!(
///     borgq_mask::mask_argv(argv.map(String::from)),
///     ["env", "BORG_PASSPHRASE=***", "borg", "list", "ssh://me:***@host/repo"],
/// );
/// ```
pub fn mask_argv(argv: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut hide_next = false;
    let mask = |word: String| {
        if std::mem::take(&mut hide_next) {
            return MASK.to_owned();
        }
        match word.split_once('=') {
            Some((name, _)) if is_name(name) && names_a_secret(name) => format!("{name}={MASK}"),
            None if is_option(&word) => {
                hide_next = true;
                word
            }
            // A script of a shell, or an option with a variable in it.
            _ => mask_text(&word),
        }
    };
    argv.into_iter().map(mask).collect()
}

/// A text without the passwords of the locations in it, and without the values
/// of variables and options whose name is that of a secret. Lines that are JSON
/// stay JSON.
///
/// ```
/// assert_eq!(
///     borgq_mask::mask_text("cannot open ssh://me:pony@host/repo\nBORG_PASSPHRASE=horse ok"),
///     "cannot open ssh://me:***@host/repo\nBORG_PASSPHRASE=*** ok",
/// );
/// assert_eq!(
///     borgq_mask::mask_text("s3:ID:ho/rse@https://host/bucket/path"),
///     "s3:ID:***@https://host/bucket/path",
/// );
/// ```
#[must_use]
pub fn mask_text(text: &str) -> String {
    // Most texts hold nothing that is looked for.
    if !text.contains([':', '=', '-']) {
        return text.to_owned();
    }
    let mask = |line: &str| {
        let end = if line.trim_start().starts_with('{') {
            json_value_end
        } else {
            value_end
        };
        mask_locations(&mask_options(&mask_variables(line, end), end))
    };
    text.split_inclusive(['\n', '\r']).map(mask).collect()
}

fn is_name(text: &str) -> bool {
    text.chars().all(is_in_name)
}

fn is_in_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

fn names_a_secret(name: &str) -> bool {
    let name = name.to_lowercase().replace('_', "-");
    name.ends_with("-pass") || name == "pass" || NAMES.iter().any(|secret| name.contains(secret))
}

/// An option whose value is a secret, in a list of quoted words too.
fn is_option(word: &str) -> bool {
    let word = word.trim_end_matches(['\'', '"', ',', '\\']);
    let word = word.rsplit(['\'', '"', '\\', '[', '(']).next();
    let word = word.unwrap_or_default();
    word.starts_with('-') && is_name(word) && names_a_secret(word)
}

/// `NAME=VALUE` without the value.
fn mask_variables(line: &str, end: fn(&str) -> usize) -> String {
    let mut masked = String::new();
    let mut rest = line;
    while let Some((before, value)) = rest.split_once('=') {
        let name = before.rsplit(|c| !is_in_name(c)).next().unwrap_or_default();
        masked += before;
        masked.push('=');
        rest = value;
        if names_a_secret(name) {
            let (secret, behind) = value.split_at(end(value));
            masked += if secret.is_empty() { "" } else { MASK };
            rest = behind;
        }
    }
    masked + rest
}

/// `--NAME VALUE` without the value.
fn mask_options(line: &str, end: fn(&str) -> usize) -> String {
    let mut masked = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(char::is_whitespace) {
        let (word, behind) = rest.split_at(at);
        let value = behind.trim_start();
        masked += word;
        masked += behind.split_at(behind.len() - value.len()).0;
        rest = value;
        if is_option(word) && !value.is_empty() {
            let (_, behind) = value.split_at(end(value));
            masked += MASK;
            rest = behind;
        }
    }
    masked + rest
}

/// Whether a value is masked already.
fn is_masked(value: &str) -> bool {
    let behind = value.strip_prefix(MASK);
    behind.is_some_and(|behind| is_over(behind) || behind.starts_with(['\'', '"']))
}

/// Whether nothing more of a value stands behind it.
fn is_over(behind: &str) -> bool {
    let ends = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | ')' | ']' | '\\');
    behind.chars().next().is_none_or(ends)
}

/// Where a value ends: at its closing quote, or at a blank.
fn value_end(value: &str) -> usize {
    if is_masked(value) {
        return MASK.len();
    }
    let mut rest = value;
    // A shell takes what stands right behind a quote for a part of the value.
    while let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let inside = rest.get(1..).unwrap_or_default();
        match inside.split_once(quote) {
            Some((_, behind)) if is_over(behind) => return value.len() - behind.len(),
            Some((_, behind)) => rest = behind,
            None => {
                let line = inside.find(['\n', '\r']).unwrap_or(inside.len());
                return value.len() - inside.len() + line;
            }
        }
    }
    let blank = rest.find(char::is_whitespace).unwrap_or(rest.len());
    value.len() - rest.len() + blank
}

/// As [`value_end`], within a JSON string, which also ends it.
fn json_value_end(value: &str) -> usize {
    if is_masked(value) {
        return MASK.len();
    }
    let quoted = ["\\\"", "'"]
        .into_iter()
        .find(|quote| value.starts_with(quote));
    let skip = quoted.map_or(0, str::len);
    let mut escaped = false;
    for (at, c) in value.char_indices().skip_while(|(at, _)| *at < skip) {
        let ends = match (escaped, c) {
            (true, '"') => quoted == Some("\\\""),
            (true, 'n' | 'r' | 't') => quoted.is_none(),
            (false, '"') => return at,
            (false, '\'') => quoted == Some("'"),
            (false, c) => quoted.is_none() && c.is_whitespace(),
            _ => false,
        };
        if ends {
            return match (escaped, quoted) {
                (_, Some(_)) => at + 1,
                (true, None) => at - 1,
                (false, None) => at,
            };
        }
        escaped = c == '\\' && !escaped;
    }
    value.len()
}

/// `scheme://user:password@host` without the password, and `s3:id:secret@bucket`
/// without the secret.
fn mask_locations(text: &str) -> String {
    let mask = |text: String, location: &Location| location.mask(&text);
    LOCATIONS.iter().fold(text.to_owned(), mask)
}

/// A kind of location that can hold a secret.
struct Location {
    begin: &'static str,
    /// What ends the part that can hold it.
    ends: &'static [char],
    /// What stands before the secret, if the part and what is behind it have one.
    user: for<'a> fn(part: &'a str, behind: &str) -> Option<(&'a str, &'a str)>,
}

/// URLs come last: a secret may hold what ends the part of a URL that is looked at.
const LOCATIONS: [Location; 3] = [
    Location {
        begin: "s3:",
        ends: &['@', '"', '\''],
        user: of_bucket,
    },
    Location {
        begin: "b2:",
        ends: &['@', '"', '\''],
        user: of_bucket,
    },
    Location {
        begin: "://",
        ends: &['/', '?', '#', '"', '\''],
        user: of_url,
    },
];

/// The id of a key, if a secret follows. The secret may hold a `/`.
fn of_bucket<'a>(part: &'a str, behind: &str) -> Option<(&'a str, &'a str)> {
    let is_path = part.starts_with('/') && !part.starts_with("//");
    let (id, _) = part.split_once(':')?;
    (behind.starts_with('@') && !is_path).then_some((id, ""))
}

/// The user, and what follows the password. It may hold a `@`, though it should not.
fn of_url<'a>(part: &'a str, _: &str) -> Option<(&'a str, &'a str)> {
    let at = part.rfind('@')?;
    let (credentials, host) = part.split_at(at);
    let (user, _) = credentials.split_once(':')?;
    Some((user, host))
}

impl Location {
    fn mask(&self, text: &str) -> String {
        let mut masked = String::new();
        let mut rest = text;
        while let Some((before, after)) = self.next_in(rest) {
            let ends = |c: char| c.is_whitespace() || self.ends.contains(&c);
            let (part, behind) = after.split_at(after.find(ends).unwrap_or(after.len()));
            masked += before;
            masked += self.begin;
            match (self.user)(part, behind) {
                Some((user, host)) => masked += &format!("{user}:{MASK}{host}"),
                None => masked += part,
            }
            rest = behind;
        }
        masked + rest
    }

    /// What is before the next one, and what is behind its beginning.
    fn next_in<'a>(&self, text: &'a str) -> Option<(&'a str, &'a str)> {
        let mut found = text.match_indices(self.begin).map(|(at, _)| {
            let (before, rest) = text.split_at(at);
            (before, rest.strip_prefix(self.begin).unwrap_or_default())
        });
        let is_url = self.begin == "://";
        found.find(|(before, _)| is_url || !before.ends_with(char::is_alphanumeric))
    }
}

#[cfg(test)]
mod tests;
