//! Shell-style patterns, translated to regular expressions.

use std::fmt::Write;

use super::text::Problem;

/// What a character is for the alternatives `{a,b}`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Other,
    Open,
    Or,
    Close,
}

/// The regular expression, not anchored, that matches what this pattern matches in borg 2.
///
/// - `*` any characters but `/`; `?` one of them
/// - `**/` any number of directories, none as well
/// - `[ab]`, `[a-z]`, `[!ab]` one character of the set, or not of it; without `]` a plain `[`
/// - `{a,b}` one of the alternatives, which may be empty and nested; without a comma plain braces
///
/// A backslash is a plain character, except that it keeps a brace or a comma
/// right after it from making alternatives.
pub(super) fn translate(pattern: &str) -> Result<String, Problem> {
    let chars: Vec<char> = pattern.chars().collect();
    let roles = roles(&chars);
    let mut regex = String::with_capacity(2 * pattern.len());
    let mut at = 0;
    while let (Some(&c), Some(role)) = (chars.get(at), roles.get(at)) {
        let here = at;
        at += 1;
        match (role, c) {
            (Role::Open, _) => regex.push_str("(?:"),
            (Role::Or, _) => regex.push('|'),
            (Role::Close, _) => regex.push(')'),
            (_, '*') if chars.get(at) == Some(&'*') && chars.get(at + 1) == Some(&'/') => {
                regex.push_str("(?:[^/]*/)*");
                at += 2;
            }
            (_, '*') => regex.push_str("[^/]*"),
            (_, '?') => regex.push_str("[^/]"),
            (_, '[') => match set_end(&chars, at) {
                None => regex.push_str(r"\["),
                Some(end) => {
                    if roles
                        .get(at..end)
                        .into_iter()
                        .flatten()
                        .any(|role| *role != Role::Other)
                    {
                        let problem = "alternatives begin, end or part inside `[...]`, which has no clear meaning";
                        return Err((here, problem.to_owned()));
                    }
                    set(chars.get(at..end).unwrap_or_default(), at, &mut regex)?;
                    at = end + 1;
                }
            },
            (_, '(' | '|' | ')') => {
                let problem = format!(
                    "borg takes a plain `{c}` here for a part of a regular expression, write `[{c}]` for the character or `{{a,b}}` for alternatives"
                );
                return Err((here, problem));
            }
            (_, c) => literal(c, &mut regex),
        }
    }
    Ok(regex)
}

/// Which braces and commas make alternatives: paired braces that are not escaped
/// and have a comma somewhere between them.
fn roles(chars: &[char]) -> Vec<Role> {
    let escaped = |at: usize| at > 0 && chars.get(at - 1) == Some(&'\\');
    let mut roles = vec![Role::Other; chars.len()];
    let mut open = Vec::new();
    // Per open brace: where it is, and the commas inside it so far.
    for (at, c) in chars.iter().enumerate() {
        if escaped(at) {
            continue;
        }
        match c {
            '{' => open.push((at, Vec::new())),
            ',' => {
                if let Some((_, commas)) = open.last_mut() {
                    commas.push(at);
                }
            }
            '}' => {
                let Some((start, commas)) = open.pop() else {
                    continue;
                };
                let Some(first) = commas.first().copied() else {
                    continue;
                };
                for comma in &commas {
                    mark(&mut roles, *comma, Role::Or);
                }
                mark(&mut roles, start, Role::Open);
                mark(&mut roles, at, Role::Close);
                // borg makes alternatives of the outer braces as well.
                if let Some((_, outer)) = open.last_mut() {
                    outer.push(first);
                }
            }
            _ => {}
        }
    }
    roles
}

fn mark(roles: &mut [Role], at: usize, role: Role) {
    if let Some(place) = roles.get_mut(at) {
        *place = role;
    }
}

/// Where the `]` is that closes the set whose `[` is right before `start`.
fn set_end(chars: &[char], start: usize) -> Option<usize> {
    let mut at = start;
    for leading in ['!', ']'] {
        if chars.get(at) == Some(&leading) {
            at += 1;
        }
    }
    let rest = chars.get(at..)?;
    rest.iter()
        .position(|c| *c == ']')
        .map(|length| at + length)
}

/// What stands between `[` and `]`; `start` is its place in the pattern.
fn set(chars: &[char], start: usize, regex: &mut String) -> Result<(), Problem> {
    let (negated, chars, start) = match chars {
        ['!', rest @ ..] => (true, rest, start + 1),
        _ => (false, chars, start),
    };
    regex.push_str(if negated { "[^" } else { "[" });
    let mut at = 0;
    while let Some(&low) = chars.get(at) {
        let high = match (chars.get(at + 1), chars.get(at + 2)) {
            (Some('-'), Some(high)) => *high,
            _ => low,
        };
        if high < low {
            let problem = format!("the set goes from {low:?} down to {high:?}");
            return Err((start + at, problem));
        }
        code(low, regex);
        let is_range = matches!((chars.get(at + 1), chars.get(at + 2)), (Some('-'), Some(_)));
        if is_range {
            regex.push('-');
            code(high, regex);
        }
        at += if is_range { 3 } else { 1 };
    }
    regex.push(']');
    Ok(())
}

fn code(c: char, regex: &mut String) {
    // Writing to a string cannot fail.
    let _ = write!(regex, r"\x{{{:X}}}", u32::from(c));
}

fn literal(c: char, regex: &mut String) {
    if c.is_ascii_alphanumeric() || !c.is_ascii() {
        regex.push(c);
    } else {
        code(c, regex);
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::TextPattern;
    use proptest::prelude::*;

    fn check(pattern: &str, text: &str) -> bool {
        TextPattern::shell(pattern).unwrap().matches(text)
    }

    /// Each row holds in borg 2.0.0b25 as well.
    #[test]
    fn patterns_match_as_in_borg() {
        #[track_caller]
        fn row(pattern: &str, yes: &[&str], no: &[&str]) {
            for text in yes {
                assert!(check(pattern, text), "{pattern} refuses {text:?}");
            }
            for text in no {
                assert!(!check(pattern, text), "{pattern} takes {text:?}");
            }
        }
        row("web", &["web"], &["", "web1", "aweb", "Web", "web\n"]);
        row(
            "web-*",
            &["web-", "web-1", "web-\n1", "web-ü"],
            &["web", "web-1/2", "a-web-1"],
        );
        row("*", &["", "web"], &["a/b"]);
        row("**", &["", "web"], &["a/b"]);
        row("***/x", &["a/x", "a/b/x"], &["ax/"]);
        row("w?b", &["web", "wüb", "w\nb"], &["wb", "w/b", "weeb"]);
        row("a.b+c$^", &["a.b+c$^"], &["aXb+c$^"]);
        row("**/x", &["x", "a/x", "a/b/x"], &["ax", "x/"]);
        row("a/**/x", &["a/x", "a/1/x", "a/1/2/x"], &["ax", "a1/x"]);
        row("**/", &["", "a/", "a/b/"], &["a", "a/b"]);
        row("web[12]", &["web1", "web2"], &["web3", "web", "web12"]);
        row("web[!12]", &["web3", "web/", "web!"], &["web1", "web"]);
        row("web[a-c]", &["weba", "webc"], &["webd", "web-"]);
        row("web[a-]", &["weba", "web-"], &["webb"]);
        row("web[-a]", &["weba", "web-"], &["webb"]);
        row("web[]]", &["web]"], &["web", "web[]]"]);
        row("web[]a]", &["web]", "weba"], &["web"]);
        row("web[!]]", &["weba"], &["web]"]);
        row("web[^a]", &["web^", "weba"], &["webb"]);
        row("web[\\]", &["web\\"], &["web"]);
        row("web[\\d]", &["web\\", "webd"], &["web1"]);
        row("web[&&a]", &["web&", "weba"], &["webb"]);
        row(
            "web[[:alpha:]]",
            &["web:]", "web[]", "weba]"],
            &["webb", "webx]"],
        );
        row("web[(|)]", &["web(", "web|", "web)"], &["web"]);
        row("[ü-ÿ]", &["ü"], &["u"]);
        row("web[", &["web["], &["web"]);
        row("[]", &["[]"], &[""]);
        row("[!]", &["[!]"], &["a"]);
        row("{web,db}-*", &["web-1", "db-"], &["mail-1", "web,db-1"]);
        row("web{,1,2}", &["web", "web1", "web2"], &["web3", "web12"]);
        row("{a{1,2},b}", &["a1", "a2", "b"], &["a", "a1b"]);
        row("{a{1,2}}", &["a1", "a2"], &["{a1}"]);
        row("{a,b}{c,d}", &["ac", "bd"], &["ab", "a"]);
        row("{a}", &["{a}"], &["a"]);
        row("{a,b", &["{a,b"], &["a"]);
        row("a,b}", &["a,b}"], &["a"]);
        row("{a{,b}", &["{a", "{ab"], &["a"]);
        row("{a},b}", &["{a},b}"], &["a", "b"]);
        row("\\{a,b}", &["\\{a,b}"], &["a", "{a,b}"]);
        row("{a\\,b,c}", &["a\\,b", "c"], &["a", "b", "a\\"]);
        row("{[ab]*,?}", &["a1", "b", "x"], &["xy"]);
        row("a\\*", &["a\\", "a\\x"], &["a*"]);
        row("日本-*", &["日本-1"], &["日-1"]);
    }

    #[test]
    fn what_has_no_clear_meaning_is_refused() {
        #[track_caller]
        fn refuses(pattern: &str, at: usize, why: &str) {
            let problem = TextPattern::shell(pattern).unwrap_err();
            assert_eq!(problem, (at, why.to_owned()));
        }
        refuses("", 0, "nothing follows, expected the text to match");
        refuses("a[z-b]", 2, "the set goes from 'z' down to 'b'");
        let plain = |c| {
            format!(
                "borg takes a plain `{c}` here for a part of a regular expression, write `[{c}]` for the character or `{{a,b}}` for alternatives"
            )
        };
        refuses("web(1)", 3, &plain('('));
        refuses("web|db", 3, &plain('|'));
        refuses("web)", 3, &plain(')'));
        let inside = "alternatives begin, end or part inside `[...]`, which has no clear meaning";
        refuses("[{a,b}]", 0, inside);
        refuses("x{[a,b],c}", 2, inside);
        refuses(&"a".repeat(5000), 0, "it is longer than 4096 bytes");
    }

    #[test]
    fn hostile_patterns_and_names_do_not_explode() {
        let name = "a".repeat(2_000);
        assert!(!check(&format!("{}b", "*a".repeat(30)), &name));
        assert!(!check(
            &format!("{}b", "**/".repeat(30)),
            &"a/".repeat(1_000)
        ));
        let nested = format!("{}{}", "{a,".repeat(1_000), "}".repeat(1_000));
        assert!(TextPattern::shell(&nested).is_err());
        assert!(TextPattern::regex("((a{100}){100}){100}").is_err());
        assert!(!TextPattern::regex("(a*)*b").unwrap().matches(&name));
    }

    proptest! {
        #[test]
        fn any_pattern_is_read_or_refused_without_panic(pattern in "\\PC{0,20}|[]\\[{},!^*?/ab\\\\-]{0,20}", text: String) {
            if let Ok(pattern) = TextPattern::shell(&pattern) {
                pattern.matches(&text);
            }
        }

        #[test]
        fn what_has_no_special_character_matches_itself_alone(text in "[^*?\\[{()|]{1,20}", other: String) {
            prop_assert!(check(&text, &text));
            prop_assert_eq!(check(&text, &other), text == other);
        }

        #[test]
        fn a_set_matches_its_characters(c in any::<char>().prop_filter("closes or negates", |c| !matches!(c, '!' | '{' | '}' | ','))) {
            let pattern = format!("[{c}]");
            prop_assert!(check(&pattern, &c.to_string()) || c == ']');
        }
    }
}
