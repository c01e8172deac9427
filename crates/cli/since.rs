//! `--since`: how far to look back.

use borgq_query::quantity::Duration;
use chrono::{DateTime, Utc};

/// The instant `text` before `now`.
///
/// # Errors
///
/// A sentence, if it is no duration, or a negative or far too long one.
pub fn since(text: Option<&str>, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, String> {
    let Some(text) = text else {
        return Ok(None);
    };
    let length: Duration = text.parse().map_err(|error| format!("--since: {error}"))?;
    if length < Duration::ZERO {
        return Err(format!(
            "--since: bad duration {text:?}: it is negative, expected for instance `30d`"
        ));
    }
    let since = now.checked_sub_signed(length.into());
    since.map(Some).ok_or_else(|| {
        format!("--since: bad duration {text:?}: it is too long, expected for instance `30d`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn since_is_a_length_of_time_before_now() {
        let now = "2025-03-31T12:00:00Z".parse().unwrap();
        let row = |text, result: Result<&str, &str>| {
            let wanted = result.map(|text| Some(text.parse().unwrap()));
            assert_eq!(since(Some(text), now), wanted.map_err(str::to_owned));
        };
        row("30d", Ok("2025-03-01T12:00:00Z"));
        row("0", Ok("2025-03-31T12:00:00Z"));
        row("1d2h", Ok("2025-03-30T10:00:00Z"));
        row(
            "-1d",
            Err("--since: bad duration \"-1d\": it is negative, expected for instance `30d`"),
        );
        row(
            "soon",
            Err(
                "--since: bad duration \"soon\": expected a number, for instance in `26h` (at character 1)",
            ),
        );
        row(
            "100000000d",
            Err(
                "--since: bad duration \"100000000d\": it is too long, expected for instance `30d`",
            ),
        );
        assert_eq!(since(None, now), Ok(None));
    }
}
