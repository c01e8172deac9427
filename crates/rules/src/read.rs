//! From the file to rules: the one place that knows both.

use std::ops::Range;
use std::str::FromStr;

use borgq_query::pattern::{NamePattern, ParsePatternError, RepositoryPattern};
use borgq_query::rules::{Rule, Rules};
use borgq_query::threshold::{self, Limits, Metric, Threshold};
use toml::Spanned;

use crate::error::ReadError;
use crate::file::{Entry, File, Ranges};

/// Reads a rules file.
///
/// # Errors
///
/// If it is no TOML, says something that no rule says, or contradicts itself.
/// The error tells the place, and what was expected there.
pub fn read(bytes: &[u8]) -> Result<Rules, ReadError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let before = String::from_utf8_lossy(before);
        ReadError::at(&before, before.len(), "it is not UTF-8, expected TOML")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Reader { text }.rules()
}

struct Reader<'a> {
    text: &'a str,
}

impl Reader<'_> {
    fn rules(&self) -> Result<Rules, ReadError> {
        let file: File = toml::from_str(self.text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            ReadError::at(self.text, at, error.message().replace('\n', ", "))
        })?;
        let rules: Result<Vec<_>, _> = file.rule.iter().map(|entry| self.rule(entry)).collect();
        Rules::new(rules?).map_err(|error| {
            let entry = error.number().checked_sub(1);
            let entry = entry.and_then(|at| file.rule.get(at));
            let place = entry.map_or(0..0, |entry| place(entry, error.key()));
            self.error(&place, error)
        })
    }

    fn rule(&self, entry: &Spanned<Entry>) -> Result<Rule, ReadError> {
        let Entry {
            repository,
            label,
            host,
            series,
            warning,
            critical,
            expect,
            copies,
            max_lag,
            owner,
            note,
        } = entry.get_ref();
        if copies.is_some()
            && let Some(expect) = expect
            && !expect.get_ref()
        {
            let text = "what must have copies must be there, so leave expect away";
            return Err(self.error(&expect.span(), text));
        }
        let text =
            |text: &Option<Spanned<String>>| text.as_ref().map(|text| text.get_ref().clone());
        Ok(Rule {
            repository: self.parsed(repository, RepositoryPattern::parse)?,
            label: self.name("label", label)?,
            host: self.name("host", host)?,
            series: self.name("series", series)?,
            limits: self.limits(warning, critical)?,
            expect: expect.as_ref().is_some_and(|expect| *expect.get_ref()),
            // Fewer than none is as wrong as none.
            copies: copies
                .as_ref()
                .map(|copies| usize::try_from(*copies.get_ref()).unwrap_or(0)),
            max_lag: self.parsed(max_lag, FromStr::from_str)?,
            owner: text(owner),
            note: text(note),
            ..Rule::default()
        })
    }

    fn name(
        &self,
        what: &'static str,
        text: &Option<Spanned<String>>,
    ) -> Result<Option<NamePattern>, ReadError> {
        let parse = |text: &str| -> Result<_, ParsePatternError> { NamePattern::parse(what, text) };
        self.parsed(text, parse)
    }

    fn limits(
        &self,
        warning: &Option<Spanned<Ranges>>,
        critical: &Option<Spanned<Ranges>>,
    ) -> Result<Vec<(Metric, Limits)>, ReadError> {
        let (first, second) = (self.thresholds(warning)?, self.thresholds(critical)?);
        // Two of one kind are on one side, which is told by trying it alone.
        let twice = threshold::limits(&first, &[]).is_err();
        threshold::limits(&first, &second).map_err(|error| {
            let side = if twice { warning } else { critical };
            let place = side.as_ref().map_or(0..0, Spanned::span);
            self.error(&place, error)
        })
    }

    fn thresholds(&self, ranges: &Option<Spanned<Ranges>>) -> Result<Vec<Threshold>, ReadError> {
        let Some(ranges) = ranges else {
            return Ok(Vec::new());
        };
        let read = |text: &str, place: Range<usize>| {
            text.parse()
                .map_err(|error: threshold::ParseThresholdError| self.error(&place, error))
        };
        match ranges.get_ref() {
            Ranges::One(text) => Ok(vec![read(text, ranges.span())?]),
            Ranges::Many(texts) if texts.is_empty() => Err(self.error(
                &ranges.span(),
                "there is no range, expected one such as \"26h\"",
            )),
            Ranges::Many(texts) => texts
                .iter()
                .map(|text| read(text.get_ref(), text.span()))
                .collect(),
        }
    }

    fn parsed<T, E: ToString>(
        &self,
        text: &Option<Spanned<String>>,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Result<Option<T>, ReadError> {
        let Some(text) = text else {
            return Ok(None);
        };
        let value = parse(text.get_ref()).map_err(|error| self.error(&text.span(), error))?;
        Ok(Some(value))
    }

    fn error(&self, place: &Range<usize>, text: impl ToString) -> ReadError {
        ReadError::at(self.text, place.start, text.to_string())
    }
}

/// Where this key of a rule is, or the rule.
fn place(entry: &Spanned<Entry>, key: Option<&str>) -> Range<usize> {
    let rule = entry.get_ref();
    let place = match key {
        Some("copies") => rule.copies.as_ref().map(Spanned::span),
        Some("max-lag") => rule.max_lag.as_ref().map(Spanned::span),
        Some("owner") => rule.owner.as_ref().map(Spanned::span),
        Some("note") => rule.note.as_ref().map(Spanned::span),
        Some("warning") => rule.warning.as_ref().map(Spanned::span),
        Some("critical") => rule.critical.as_ref().map(Spanned::span),
        _ => None,
    };
    place.unwrap_or_else(|| entry.span())
}
