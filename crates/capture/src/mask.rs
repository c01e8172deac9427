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
    "api-key",
    "apikey",
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
            Some((name, _)) if names_a_secret(name) => format!("{name}={MASK}"),
            None if word.starts_with('-') && names_a_secret(&word) => {
                hide_next = true;
                word
            }
            _ => mask_urls(&word),
        }
    };
    argv.into_iter().map(mask).collect()
}

/// A text without the passwords of the URLs in it, and without the values of
/// variables whose name is that of a secret.
///
/// ```
/// assert_eq!(
///     borgq_capture::mask_text("cannot open ssh://me:pony@host/repo\nBORG_PASSPHRASE=horse ok"),
///     "cannot open ssh://me:***@host/repo\nBORG_PASSPHRASE=*** ok",
/// );
/// ```
#[must_use]
pub fn mask_text(text: &str) -> String {
    let mask = |word: &str| {
        let (bare, space) = word.split_at(word.trim_end().len());
        let masked = match bare.split_once('=') {
            Some((name, value)) if !value.is_empty() && names_a_secret(name) => {
                format!("{name}={MASK}")
            }
            _ => mask_urls(bare),
        };
        masked + space
    };
    text.split_inclusive(char::is_whitespace)
        .map(mask)
        .collect()
}

fn names_a_secret(name: &str) -> bool {
    let name = name.to_lowercase().replace('_', "-");
    NAMES.iter().any(|secret| name.contains(secret))
}

/// `scheme://user:password@host` without the password.
fn mask_urls(word: &str) -> String {
    let mut masked = String::new();
    let mut rest = word;
    while let Some((before, after)) = rest.split_once("://") {
        masked += before;
        masked += "://";
        let end = after
            .find(['/', '?', '#', ' ', '"', '\''])
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
    }
}
