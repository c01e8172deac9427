//! Performance data of a monitoring plugin: `'label'=value[UOM][;[warn][;[crit][;[min][;[max]]]]]`.

use std::fmt;

use crate::error::{Error, Kind};
use crate::label::Label;
use crate::number::{Number, is_plain};

/// What a value counts. One label has the same unit in every run.
///
/// ```
/// use borgq_report::perfdata::Unit;
///
/// assert_eq!(Unit::Bytes.to_string(), "B");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A plain number of things.
    #[default]
    None,
    /// Seconds, `s`.
    Seconds,
    /// Bytes, `B`: give them as an integer, as consumers disagree about kilobytes.
    Bytes,
    /// Per cent, `%`: needs neither min nor max.
    Percent,
    /// A counter that only grows, `c`.
    Counter,
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "",
            Self::Seconds => "s",
            Self::Bytes => "B",
            Self::Percent => "%",
            Self::Counter => "c",
        })
    }
}

/// The text of a range expression, in the unit of the value it limits: `10`, `10:`, `~:10`,
/// `10:20`, `@10:20`.
///
/// Whether start is at most end is the business of whoever judges by the range.
///
/// ```
/// use borgq_report::perfdata::RangeText;
///
/// assert_eq!(RangeText::new("@10:20")?.as_str(), "@10:20");
/// assert_eq!(
///     RangeText::new("10 | x=1").unwrap_err().to_string(),
///     "\"10 | x=1\" is no range, expected [@]start:end such as 10, 10:, ~:10 or @10:20",
/// );
/// # Ok::<(), borgq_report::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RangeText(String);

impl RangeText {
    /// The range that `text` writes.
    ///
    /// # Errors
    /// If `text` is not of the form `[@]end`, `[@]start:` or `[@]start:end`, where start may be `~`.
    ///
    /// ```
    /// assert!(borgq_report::perfdata::RangeText::new("~:10").is_ok());
    /// ```
    pub fn new(text: &str) -> Result<Self, Error> {
        let inner = text.strip_prefix('@').unwrap_or(text);
        let good = match inner.split_once(':') {
            Some(("~", end)) => is_plain(end),
            Some((start, end)) => is_plain(start) && (end.is_empty() || is_plain(end)),
            None => is_plain(inner),
        };
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(Kind::Range(text.to_owned()).into())
        }
    }

    /// The range as it was given.
    ///
    /// ```
    /// assert_eq!(borgq_report::perfdata::RangeText::new("10:")?.as_str(), "10:");
    /// # Ok::<(), borgq_report::error::Error>(())
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One measured value with its limits.
///
/// ```
/// use borgq_report::label::Label;
/// use borgq_report::perfdata::{Item, RangeText, Unit};
///
/// let mut age = Item::new(Label::new("age"), 7200_u64, Unit::Seconds);
/// assert_eq!(age.to_string(), "age=7200s");
/// age.crit = Some(RangeText::new("93600")?);
/// age.min = Some(0_u8.into());
/// assert_eq!(age.to_string(), "age=7200s;;93600;0");
/// age.value = None;
/// assert_eq!(age.to_string(), "age=U;;93600;0");
/// # Ok::<(), borgq_report::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Item {
    /// What was measured.
    pub label: Label,
    /// How much; none is written `U`, undetermined.
    pub value: Option<Number>,
    /// The unit of the value, its limits and its bounds.
    pub unit: Unit,
    /// The range outside of which the state is WARNING.
    pub warn: Option<RangeText>,
    /// The range outside of which the state is CRITICAL.
    pub crit: Option<RangeText>,
    /// The least possible value.
    pub min: Option<Number>,
    /// The greatest possible value, at least `min`.
    pub max: Option<Number>,
}

impl Item {
    /// A value without limits and bounds.
    ///
    /// ```
    /// use borgq_report::{label::Label, perfdata::{Item, Unit}};
    ///
    /// assert_eq!(Item::new(Label::new("archives"), 12_u32, Unit::None).to_string(), "archives=12");
    /// ```
    #[must_use]
    pub fn new(label: Label, value: impl Into<Number>, unit: Unit) -> Self {
        Self {
            label,
            value: Some(value.into()),
            unit,
            warn: None,
            crit: None,
            min: None,
            max: None,
        }
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=", self.label)?;
        match &self.value {
            Some(value) => write!(f, "{value}{}", self.unit)?,
            None => f.write_str("U")?,
        }
        let fields = [
            self.warn.as_ref().map(RangeText::as_str),
            self.crit.as_ref().map(RangeText::as_str),
            self.min.as_ref().map(Number::as_str),
            self.max.as_ref().map(Number::as_str),
        ];
        // Empty fields at the end are left out, with their `;`.
        let used = fields
            .iter()
            .rposition(Option::is_some)
            .map_or(0, |last| last + 1);
        for field in fields.iter().take(used) {
            write!(f, ";{}", field.unwrap_or_default())?;
        }
        Ok(())
    }
}

/// The items, with exactly one blank between two of them: after two blanks, Icinga takes the
/// quotes of a label for a part of it.
///
/// ```
/// use borgq_report::{label::Label, perfdata::{self, Item, Unit}};
///
/// let items = [
///     Item::new(Label::new("age"), 60_u8, Unit::Seconds),
///     Item::new(Label::new("web size"), 1024_u32, Unit::Bytes),
/// ];
/// assert_eq!(perfdata::line(&items), "age=60s 'web size'=1024B");
/// ```
#[must_use]
pub fn line(items: &[Item]) -> String {
    let items: Vec<_> = items.iter().map(Item::to_string).collect();
    items.join(" ")
}

#[cfg(test)]
pub(crate) mod strict;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn empty_fields_at_the_end_are_cut_and_inside_kept() {
        let mut item = Item::new(Label::new("a b"), 1_u8, Unit::Percent);
        item.max = Some(Number::from(9_u8));
        assert_eq!(item.to_string(), "'a b'=1%;;;;9");
        item.max = None;
        item.warn = Some(RangeText::new("~:-1.5").unwrap());
        assert_eq!(item.to_string(), "'a b'=1%;~:-1.5");
    }

    #[test]
    fn junk_is_no_range() {
        for text in [
            "", "@", ":", "~", "~:", ":10", "10:~", "1:2:3", "+1", "1s", "1;2", "@@1", "1 ",
        ] {
            assert!(RangeText::new(text).is_err(), "{text:?}");
        }
        for text in [
            "0", "-1", "10:", "~:10", "10:20", "@10:20", "@~:0", "-2.5:-1",
        ] {
            assert_eq!(RangeText::new(text).unwrap().as_str(), text);
        }
    }

    proptest! {
        #[test]
        fn printing_then_parsing_is_identity(items in proptest::collection::vec(strict::item(), 0..8)) {
            prop_assert_eq!(strict::parse(&line(&items)), Ok(items));
        }
    }
}
