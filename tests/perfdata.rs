//! A strict reader of performance data.

/// The items of a first line: label, value and unit, and the fields after them.
///
/// # Panics
///
/// If the line is not exactly as the plugin guidelines want it.
#[track_caller]
pub fn items(line: &str) -> Vec<(String, String, Vec<String>)> {
    let (_, mut rest) = line
        .split_once(" | ")
        .unwrap_or_else(|| panic!("no performance data: {line}"));
    let mut items: Vec<(String, String, Vec<String>)> = Vec::new();
    loop {
        let label;
        if let Some(quoted) = rest.strip_prefix('\'') {
            (label, rest) = quoted.split_once("'=").unwrap_or_else(|| panic!("{line}"));
            assert!(label.contains(' '), "{line}");
        } else {
            (label, rest) = rest.split_once('=').unwrap_or_else(|| panic!("{line}"));
            assert!(!label.contains(' '), "{line}");
        }
        assert!(
            !label.is_empty() && !label.contains(['\'', '=', '|', ';']) && !label.contains("::"),
            "{line}"
        );
        assert!(
            items.iter().all(|(known, ..)| known != label),
            "{label} twice: {line}"
        );
        let (item, after) = rest
            .split_once(' ')
            .map_or((rest, None), |(item, after)| (item, Some(after)));
        let mut fields = item.split(';').map(str::to_owned);
        let value = fields.next().unwrap();
        let number = value.trim_end_matches(['s', 'B', '%']);
        assert!(
            value.len() - number.len() <= 1 && is_number(number),
            "{value}: {line}"
        );
        let fields: Vec<_> = fields.collect();
        assert!(
            fields.len() <= 4 && fields.last().is_none_or(|last| !last.is_empty()),
            "{line}"
        );
        for range in fields.iter().take(2) {
            let ends = range.strip_prefix('@').unwrap_or(range);
            assert!(
                ends.split(':')
                    .all(|end| end.is_empty() || end == "~" || is_number(end)),
                "{range}: {line}"
            );
        }
        items.push((label.to_owned(), value, fields));
        match after {
            Some(after) => rest = after,
            None => return items,
        }
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let mut parts = digits.split('.');
    let whole = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.next().is_some_and(whole) && parts.next().is_none_or(whole) && parts.next().is_none()
}
