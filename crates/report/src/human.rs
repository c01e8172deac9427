//! Numbers for people.

use chrono::TimeDelta;

/// An age or a duration in its two largest units: `1d 2h`, `3m 5s`, `0s`.
///
/// It is cut, not rounded.
///
/// ```
/// use borgq_report::human;
/// use chrono::TimeDelta;
///
/// assert_eq!(human::duration(TimeDelta::seconds(93_600)), "1d 2h");
/// assert_eq!(human::duration(TimeDelta::seconds(86_400)), "1d");
/// ```
#[must_use]
pub fn duration(duration: TimeDelta) -> String {
    let seconds = duration.num_seconds().max(0);
    let units = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];
    let Some(at) = units.iter().position(|(_, size)| seconds >= *size) else {
        return "0s".into();
    };
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (unit, size) in units.iter().skip(at).take(2) {
        if rest >= *size {
            parts.push(format!("{}{unit}", rest / size));
            rest %= size;
        }
    }
    parts.join(" ")
}

/// A size with a binary unit: `512 B`, `1.5 GiB`.
///
/// ```
/// assert_eq!(borgq_report::human::size(1536), "1.5 KiB");
/// ```
#[must_use]
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    // Tenths, rounded to the nearest one.
    let mut unit = 1_u128 << 10;
    let mut tenths = 0;
    for name in UNITS {
        tenths = (u128::from(bytes) * 10 + unit / 2) / unit;
        if tenths < 10_240 || name == "EiB" {
            return format!("{}.{} {name}", tenths / 10, tenths % 10);
        }
        unit <<= 10;
    }
    format!("{tenths} B")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_their_two_largest_units() {
        for (seconds, text) in [
            (-5, "0s"),
            (0, "0s"),
            (59, "59s"),
            (60, "1m"),
            (61, "1m 1s"),
            (3_599, "59m 59s"),
            (3_601, "1h"),
            (90_000, "1d 1h"),
            (86_399, "23h 59m"),
            (31_536_000, "365d"),
        ] {
            assert_eq!(duration(TimeDelta::seconds(seconds)), text);
        }
    }

    #[test]
    fn sizes_have_one_digit_and_a_binary_unit() {
        for (bytes, text) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (1_048_575, "1.0 MiB"),
            (1_649_267_441_664, "1.5 TiB"),
            (u64::MAX, "16.0 EiB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }
}
