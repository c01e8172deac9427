//! Takes secrets out of command lines and messages.

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
///     borgq_capture::mask_argv(argv.map(String::from)),
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

/// A text without the passwords of the URLs in it, and without the values of
/// variables and options whose name is that of a secret. Lines that are JSON
/// stay JSON.
///
/// ```
/// assert_eq!(
///     borgq_capture::mask_text("cannot open ssh://me:pony@host/repo\nBORG_PASSPHRASE=horse ok"),
///     "cannot open ssh://me:***@host/repo\nBORG_PASSPHRASE=*** ok",
/// );
/// ```
#[must_use]
pub fn mask_text(text: &str) -> String {
    let mask = |line: &str| {
        let end = if line.trim_start().starts_with('{') {
            json_value_end
        } else {
            value_end
        };
        mask_urls(&mask_options(&mask_variables(line, end), end))
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
    NAMES.iter().any(|secret| name.contains(secret))
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
    let mut hide = false;
    let mask = |word: &str| {
        let bare = word.trim_end();
        let hidden = hide && !bare.is_empty();
        hide = is_option(bare) || (hide && bare.is_empty());
        if hidden {
            let (_, behind) = word.split_at(end(word).min(word.len()));
            format!("{MASK}{behind}")
        } else {
            word.to_owned()
        }
    };
    line.split_inclusive(char::is_whitespace)
        .map(mask)
        .collect()
}

/// Where a value ends: at its closing quote, or at a blank.
fn value_end(value: &str) -> usize {
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    match quote {
        Some(quote) => {
            let inside = value.get(1..).unwrap_or_default();
            let line = inside.find(['\n', '\r']).unwrap_or(inside.len());
            inside
                .find(quote)
                .map_or(line + 1, |at| at + 2)
                .min(value.len())
        }
        None => value.find(char::is_whitespace).unwrap_or(value.len()),
    }
}

/// As [`value_end`], within a JSON string, which also ends it.
fn json_value_end(value: &str) -> usize {
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

/// `scheme://user:password@host` without the password, and `s3:id:secret@host`.
fn mask_urls(word: &str) -> String {
    let mut masked = String::new();
    let mut rest = word;
    while let Some((before, scheme, after)) = authority(rest) {
        masked += before;
        masked += scheme;
        let end = after
            .find(|c: char| matches!(c, '/' | '?' | '#' | '"' | '\'') || c.is_whitespace())
            .unwrap_or(after.len());
        let (authority, path) = after.split_at(end);
        match authority.rsplit_once('@') {
            Some((user, host)) => {
                let user = user
                    .split_once(':')
                    .map_or(user.to_owned(), |(user, _)| format!("{user}:{MASK}"));
                masked += &format!("{user}@{host}");
            }
            None => masked += authority,
        }
        rest = path;
    }
    masked + rest
}

/// What is before the next authority, what begins it, and what is behind that.
fn authority(text: &str) -> Option<(&str, &str, &str)> {
    let found = ["://", "s3:", "b2:"].into_iter().filter_map(|begin| {
        let at = text.find(begin)?;
        let (before, rest) = text.split_at(at);
        let (begin, behind) = rest.split_at(begin.len());
        Some((before, begin, behind))
    });
    found.min_by_key(|(before, ..)| before.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_and_nothing_else() {
        #[track_caller]
        fn row(argv: &[&str], want: &[&str]) {
            assert_eq!(mask_argv(argv.iter().map(|word| (*word).to_owned())), want);
        }
        row(
            &["borg", "list", "--json", "/repo"],
            &["borg", "list", "--json", "/repo"],
        );
        row(
            &["x", "--password", "a", "b"],
            &["x", "--password", "***", "b"],
        );
        row(&["x", "--password=a", "b"], &["x", "--password=***", "b"]);
        row(&["x", "--api-token", "a"], &["x", "--api-token", "***"]);
        row(&["BORG_PASSCOMMAND=cat /x"], &["BORG_PASSCOMMAND=***"]);
        row(&["a=b", "name"], &["a=b", "name"]);
        row(&["ssh://host:22/x"], &["ssh://host:22/x"]);
        row(&["ssh://me@host:22/x"], &["ssh://me@host:22/x"]);
        row(
            &["x:ssh://a:p@q@h/x,y://b:c@d"],
            &["x:ssh://a:***@h/x,y://b:***@d"],
        );
        row(&["user@host:path"], &["user@host:path"]);
        row(&["s3:id:horse@/bucket"], &["s3:id:***@/bucket"]);
        row(&["s3://host/b2:x"], &["s3://host/b2:x"]);
        row(
            &["--override=encryption_passphrase=horse", "x"],
            &["--override=encryption_passphrase=***", "x"],
        );
        row(
            &[
                "sh",
                "-c",
                "A=b BORG_PASSPHRASE='a horse' borg list ssh://x:horse@h/",
            ],
            &[
                "sh",
                "-c",
                "A=b BORG_PASSPHRASE=*** borg list ssh://x:***@h/",
            ],
        );
        row(
            &["--encryption-passphrase", "-x", "--remote-path", "borg1"],
            &["--encryption-passphrase", "***", "--remote-path", "borg1"],
        );
    }

    #[test]
    fn secrets_in_texts_are_hidden_to_their_end() {
        #[track_caller]
        fn row(text: &str, want: &str) {
            assert_eq!(mask_text(text), want);
        }
        row("BORG_PASSPHRASE=\"a horse\" x", "BORG_PASSPHRASE=*** x");
        row("BORG_PASSPHRASE='a horse\nx", "BORG_PASSPHRASE=***\nx");
        row("BORG_PASSPHRASE=\nx", "BORG_PASSPHRASE=\nx");
        row(
            "Command ('borg', '--encryption-passphrase', 'horse', 'list') failed",
            "Command ('borg', '--encryption-passphrase', ***, 'list') failed",
        );
        row(
            "passphrase supplied in BORG_PASSPHRASE, by",
            "passphrase supplied in BORG_PASSPHRASE, by",
        );
    }

    #[test]
    fn json_stays_json() {
        for (message, want) in [
            ("BORG_PASSPHRASE=horse", "BORG_PASSPHRASE=***"),
            ("BORG_PASSPHRASE=\"a horse\" x", "BORG_PASSPHRASE=*** x"),
            ("BORG_PASSPHRASE='a horse' x", "BORG_PASSPHRASE=*** x"),
            ("BORG_PASSPHRASE=ho\"rse\nx", "BORG_PASSPHRASE=***\nx"),
            ("BORG_PASSPHRASE=h\\nrse x", "BORG_PASSPHRASE=*** x"),
            ("--password horse", "--password ***"),
            ("see ssh://me:horse@host", "see ssh://me:***@host"),
        ] {
            let line = serde_json::json!({ "message": message, "more": 1 }).to_string();
            let masked = mask_text(&(line + "\n"));
            let value: serde_json::Value = serde_json::from_str(&masked).unwrap();
            assert_eq!(value["message"], want, "{masked}");
            assert_eq!(value["more"], 1);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_masked_without_panic(text: String, json in "[{]?[a-z=\\\\\"' :@/]{0,40}") {
            let _ = mask_text(&text);
            let _ = mask_text(&json);
            mask_argv([format!("PASSWORD={text}"), json]);
        }
    }
}
