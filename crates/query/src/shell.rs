//! Quotes words as a shell would read them back.

use borgq_json::Text;

/// One text of several words. borg 2 prints command lines so, borg 1.x prints lists.
pub(crate) fn quote(words: &[Text]) -> Text {
    let mut line = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            line.push(b' ');
        }
        let word = word.to_bytes();
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(byte);
        if !word.is_empty() && word.iter().all(plain) {
            line.extend_from_slice(&word);
            continue;
        }
        line.push(b'\'');
        for byte in word.iter() {
            match byte {
                b'\'' => line.extend_from_slice(b"'\"'\"'"),
                _ => line.push(*byte),
            }
        }
        line.push(b'\'');
    }
    Text::from_bytes(&line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_would_split_or_change_them() {
        let words = [
            "borg", "create", "a b", "", "it's", "$HOME", "--x=/a,b", "ä",
        ]
        .map(Text::from);
        assert_eq!(
            quote(&words),
            r#"borg create 'a b' '' 'it'"'"'s' '$HOME' --x=/a,b 'ä'"#
        );
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_kept() {
        assert_eq!(
            quote(&[Text::from_bytes(b"\xff")]).to_bytes().as_ref(),
            b"'\xff'"
        );
    }
}
