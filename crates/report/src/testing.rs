//! Texts for the property tests.

use proptest::prelude::*;

/// What has broken some output before.
const NASTY: &[char] = &[
    '\0',
    '\u{7}',
    '\t',
    '\n',
    '\r',
    '\u{1b}',
    '\u{7f}',
    '\u{85}',
    '\u{9b}',
    ' ',
    ' ',
    '|',
    '=',
    '\'',
    '"',
    ';',
    ':',
    ':',
    ',',
    '\\',
    '%',
    '/',
    '@',
    '+',
    '-',
    '~',
    '{',
    '}',
    '#',
    '$',
    '`',
    '\u{a0}',
    '\u{ad}',
    '\u{61c}',
    '\u{200b}',
    '\u{200c}',
    '\u{200d}',
    '\u{200e}',
    '\u{2028}',
    '\u{202e}',
    '\u{2066}',
    '\u{feff}',
    '\u{fffd}',
    '\u{fe0f}',
    '\u{20e3}',
    '\u{301}',
    '\u{e0067}',
    'é',
    '漢',
    '👩',
    '🚀',
    '\u{1f3fb}',
    '🇩',
    '1',
    'a',
    'n',
    'x',
    'u',
];

/// Any text: arbitrary characters, nasty ones in a row, and bytes that were no UTF-8.
pub(crate) fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::collection::vec(any::<char>(), 0..40).prop_map(String::from_iter),
        proptest::collection::vec(proptest::sample::select(NASTY), 0..40)
            .prop_map(String::from_iter),
        proptest::collection::vec(any::<u8>(), 0..80)
            .prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        "[a-z0-9-]{1,60}",
    ]
}
