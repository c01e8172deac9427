//! Base64, in which borg 2 prints bytes that are not UTF-8.

/// The bytes that `text` stands for. `None` if it is not Base64 with padding.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let (quads, []) = text.as_bytes().as_chunks::<4>() else {
        return None;
    };
    let mut bytes = Vec::with_capacity(quads.len() * 3);
    for (at, quad) in (1..).zip(quads) {
        let padding = quad.iter().rev().take_while(|byte| **byte == b'=').count();
        if padding > 2 || (padding > 0 && at != quads.len()) {
            return None;
        }
        let mut bits = 0;
        for byte in quad.get(..4 - padding)? {
            bits = bits << 6 | digit(*byte)?;
        }
        bits <<= 6 * padding;
        let [_, triple @ ..] = u32::to_be_bytes(bits);
        let (kept, cut) = triple.split_at_checked(3 - padding)?;
        if cut.iter().any(|byte| *byte != 0) {
            return None;
        }
        bytes.extend_from_slice(kept);
    }
    Some(bytes)
}

fn digit(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(value.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_in_base64_is_bytes() {
        for (text, bytes) in [
            ("", &b""[..]),
            ("dXPpcg==", b"us\xe9r"),
            ("aPZzdA==", b"h\xf6st"),
            ("+/8A", b"\xfb\xff\0"),
            ("//8=", b"\xff\xff"),
        ] {
            assert_eq!(decode(text).as_deref(), Some(bytes), "{text}");
        }
    }

    #[test]
    fn what_is_no_base64_is_none() {
        for text in [
            "=", "====", "A===", "AA", "AA=A", "AB==", "AAB=", "AA==AAAA", "A A=", "AA\n=", "-_==",
            "ééé=",
        ] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
