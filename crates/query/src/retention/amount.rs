//! [`Amount`]: how much a rule keeps, as borg's options have it.

use std::fmt;
use std::str::FromStr;

use chrono::TimeDelta;

/// How much a rule keeps.
///
/// It is written as borg's options are: a number; `all`, which is -1; or a time
/// with one of borg's units `S`, `M` (minutes), `H`, `d`, `w`, `m` (31 days) and
/// `y` (365 days).
///
/// ```
/// use borgq_query::retention::Amount;
/// use chrono::TimeDelta;
///
/// assert_eq!("7".parse(), Ok(Amount::Count(7)));
/// assert_eq!("all".parse(), Ok(Amount::Count(-1)));
/// assert_eq!("2m".parse(), Ok(Amount::Time(TimeDelta::days(62))));
/// assert_eq!(
///     "2x".parse::<Amount>().unwrap_err().to_string(),
///     "\"2x\" is neither a number nor a time such as 7d, with S, M, H, d, w, m or y",
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// So many archives. Below 0 it has no end.
    Count(i64),
    /// Archives of so long before now.
    Time(TimeDelta),
}

impl Amount {
    /// Whether it keeps nothing.
    #[must_use]
    pub fn is_nothing(self) -> bool {
        self == Self::Count(0) || self == Self::Time(TimeDelta::zero())
    }
}

impl FromStr for Amount {
    type Err = NoAmount;

    fn from_str(text: &str) -> Result<Self, NoAmount> {
        if text == "all" {
            return Ok(Self::Count(-1));
        }
        if let Ok(count) = text.parse() {
            return Ok(Self::Count(count));
        }
        let units = [
            ("S", 1),
            ("M", 60),
            ("H", 3600),
            ("d", 86_400),
            ("w", 7 * 86_400),
            ("m", 31 * 86_400),
            ("y", 365 * 86_400),
        ];
        let time = units.iter().find_map(|(unit, seconds)| {
            let number = text.strip_suffix(unit)?;
            let number: u32 = number.parse().ok().filter(|_| !number.starts_with('+'))?;
            TimeDelta::try_seconds(i64::from(number).checked_mul(*seconds)?)
        });
        time.map(Self::Time).ok_or_else(|| NoAmount(text.into()))
    }
}

/// A text that is no amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoAmount(String);

impl fmt::Display for NoAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is neither a number nor a time such as 7d, with S, M, H, d, w, m or y",
            self.0
        )
    }
}

impl std::error::Error for NoAmount {}
