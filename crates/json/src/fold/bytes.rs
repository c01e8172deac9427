//! Steps over the bytes of plain JSON.

/// What is behind white space.
pub(super) fn behind_space(rest: &[u8]) -> &[u8] {
    // borg indents by four.
    let mut rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    while let Some(behind) = rest.strip_prefix(b"    ") {
        rest = behind;
    }
    while let [b' ' | b'\n' | b'\t' | b'\r', behind @ ..] = rest {
        rest = behind;
    }
    rest
}

/// What is behind a whole number of at most 19 digits.
pub(super) fn behind_whole_number(number: &[u8]) -> Option<&[u8]> {
    let rest = behind_digits(number);
    let length = number.len() - rest.len();
    let zeroes = length > 1 && number.first() == Some(&b'0');
    ((1..=19).contains(&length) && !zeroes).then_some(rest)
}

/// What is behind a number that is not negative, and finite as a floating-point
/// number.
pub(super) fn behind_number(number: &[u8]) -> Option<&[u8]> {
    let mut rest = behind_whole_number(number)?;
    if let Some(fraction) = rest.strip_prefix(b".") {
        rest = behind_digits(fraction);
        if rest.len() == fraction.len() {
            return None;
        }
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = match exponent {
            [b'+' | b'-', exponent @ ..] => exponent,
            _ => exponent,
        };
        rest = behind_digits(exponent);
        // Greater ones are rare.
        if !(1..=2).contains(&(exponent.len() - rest.len())) {
            return None;
        }
    }
    Some(rest)
}

fn behind_digits(mut rest: &[u8]) -> &[u8] {
    while let [b'0'..=b'9', behind @ ..] = rest {
        rest = behind;
    }
    rest
}

/// `rest`, if a number can end before it.
pub(super) fn ended(rest: &[u8]) -> Option<&[u8]> {
    let end = matches!(
        rest,
        [b' ' | b'\n' | b'\t' | b'\r' | b',' | b']' | b'}', ..]
    );
    end.then_some(rest)
}

/// How many bytes at the beginning are ASCII and neither control characters nor
/// quotes nor backslashes.
pub(super) fn plain(text: &[u8]) -> usize {
    const EACH: u64 = u64::from_ne_bytes([1; 8]);
    let mut length = 0;
    let (words, _) = text.as_chunks();
    for word in words {
        let word = u64::from_le_bytes(*word);
        let is = |byte: u8| (word ^ (EACH * u64::from(byte))).wrapping_sub(EACH);
        let control = word.wrapping_sub(EACH * u64::from(b' '));
        // The lowest of the high bits is that of the first byte which is one of
        // these: below it no subtraction borrows.
        let other = (word | control | is(b'"') | is(b'\\')) & (EACH << 7);
        if other != 0 {
            return length + other.trailing_zeros() as usize / 8;
        }
        length += 8;
    }
    let rest = text.get(length..).unwrap_or_default();
    let plain = |byte: &u8| matches!(byte, b' '..=b'~' | 0x7f) && !matches!(byte, b'"' | b'\\');
    length + rest.iter().take_while(|byte| plain(byte)).count()
}
