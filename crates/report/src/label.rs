//! Labels of performance data.

use std::fmt;

/// The longest label, in bytes.
const MAX_LEN: usize = 64;

/// A label that every consumer of performance data reads alike.
///
/// It holds ASCII letters, digits and `.` `_` `-` `/` `@` `+`, single `:` and single blanks, starts
/// and ends with no blank, is never empty and never longer than 64 bytes. It is printed in quotes
/// if it holds a blank.
///
/// A text that had to be changed for that gets a checksum of the original at its end. So a label
/// depends on its own text alone: it is the same in every run, whatever else is reported, and two
/// texts that differ in a replaced character alone stay apart.
///
/// ```
/// use borgq_report::label::Label;
///
/// assert_eq!(Label::new("age").to_string(), "age");
/// assert_eq!(Label::new("/srv/borg web").to_string(), "'/srv/borg web'");
/// assert_eq!(Label::new("repo::x=1").to_string(), "repo:x_1-b3434725");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label(String);

impl Label {
    /// The label for a text.
    ///
    /// ```
    /// use borgq_report::label::Label;
    ///
    /// assert_ne!(Label::new("漢"), Label::new("字"));
    /// ```
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut label = String::with_capacity(text.len().min(MAX_LEN));
        for c in text.chars() {
            // One more than fits tells that something is cut.
            if label.len() > MAX_LEN {
                break;
            }
            match c {
                ' ' if label.is_empty() || label.ends_with(' ') => {}
                ':' if label.ends_with(':') => {}
                ' ' | ':' | '.' | '_' | '-' | '/' | '@' | '+' => label.push(c),
                c if c.is_ascii_alphanumeric() => label.push(c),
                _ => label.push('_'),
            }
        }
        label.truncate(label.trim_end_matches(' ').len());
        if label == text && label.len() <= MAX_LEN && !label.is_empty() {
            return Self(label);
        }
        let checksum = format!("-{:08x}", checksum(text));
        label.truncate(MAX_LEN - checksum.len());
        label.truncate(label.trim_end_matches(' ').len());
        if label.is_empty() {
            label.push('_');
        }
        Self(label + &checksum)
    }

    /// The label without quotes.
    ///
    /// ```
    /// assert_eq!(borgq_report::label::Label::new("a b").as_str(), "a b");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.contains(' ') {
            write!(f, "'{}'", self.0)
        } else {
            f.write_str(&self.0)
        }
    }
}

/// A checksum of a text. It never changes with a release or a compiler, as the standard library's
/// hasher may: it is FNV-1a of 32 bits.
///
/// ```
/// assert_eq!(borgq_report::label::checksum("a"), 0xe40c_292c);
/// ```
#[must_use]
pub fn checksum(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::hostile;
    use proptest::prelude::*;
    use std::collections::HashSet;

    #[track_caller]
    fn is_safe(label: &str) {
        let one = |c: char| c.is_ascii_alphanumeric() || " :._-/@+".contains(c);
        assert!(!label.is_empty() && label.chars().all(one), "{label:?}");
        assert!(
            !label.contains("::") && !label.contains("  ") && label.trim() == label,
            "{label:?}"
        );
    }

    #[test]
    fn forged_labels_are_tamed() {
        for (text, label) in [
            ("", "_-811c9dc5"),
            ("x'=1|y", "x__1_y-559eaef9"),
            ("a\nb", "a_b-28e4c710"),
        ] {
            assert_eq!(Label::new(text).as_str(), label);
        }
    }

    #[test]
    fn the_checksum_is_fnv_1a() {
        for (text, hash) in [
            ("", 0x811c_9dc5),
            ("a", 0xe40c_292c),
            ("foobar", 0xbf9c_f968),
        ] {
            assert_eq!(checksum(text), hash);
        }
    }

    #[test]
    fn texts_that_differ_only_in_what_is_replaced_or_cut_stay_apart() {
        let long = "x".repeat(64);
        assert_eq!(Label::new(&long).as_str(), long);
        let texts = [
            "a=b",
            "a|b",
            "a%b",
            "a_b",
            "a::b",
            "a:b",
            " a:b",
            &format!("{long}1"),
            &format!("{long}2"),
        ];
        let labels: HashSet<_> = texts.iter().map(|text| Label::new(text)).collect();
        assert_eq!(labels.len(), texts.len());
    }

    proptest! {
        #[test]
        fn labels_are_safe_short_and_stable(text in hostile()) {
            let label = Label::new(&text);
            is_safe(label.as_str());
            prop_assert!(label.as_str().len() <= MAX_LEN);
            prop_assert_eq!(Label::new(&text), label.clone());
            prop_assert_eq!(Label::new(label.as_str()), label);
        }
    }
}
