//! Metrics, for Prometheus' text format 0.0.4 and for OpenMetrics 1.0.
//!
//! One model, two writers, since neither format can be read as the other. What would make a
//! consumer refuse a file or read it wrongly cannot be built: bad names, a metric or a sample
//! twice, a missing help text, NaN. There are no timestamps, because the textfile collector refuses
//! files that hold them. The order is always the same: metrics as they were added, samples by their
//! labels.
//!
//! Label values are raw. What cannot be seen in them is shown as by [`crate::text::terminal`], for
//! alerts carry them into mails and terminals; then they are escaped for the format. A label with
//! an empty value is no label.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, Kind};
use crate::number::Number;
use crate::text;

mod openmetrics;
mod prometheus;

/// Endings that the formats give to samples of a metric themselves.
const SUFFIXES: &[&str] = &["_total", "_info", "_created", "_bucket", "_count", "_sum"];

/// The type of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Gauge,
    Counter,
    Info,
}

/// A metric: name, type, help and samples.
///
/// A name has the base unit at its end: `_seconds`, `_bytes` or `_ratio`. Endings such as `_total`
/// and `_info` are added by the writers. A sample whose value is not known is left out.
///
/// ```
/// use borgq_report::exposition::Family;
///
/// let mut size = Family::gauge("borg_repository_size_bytes", "Size of the repository.")?;
/// size.sample(&[("repository", "web")], 4096_u64)?;
/// assert_eq!(
///     size.sample(&[("repository", "web")], 1_u64).unwrap_err().to_string(),
///     "sample borg_repository_size_bytes{repository=\"web\"} is there already",
/// );
/// # Ok::<(), borgq_report::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    name: String,
    kind: Type,
    help: String,
    samples: BTreeMap<LabelSet, Number>,
}

/// Label names with their values, shown but not yet escaped for the format.
type LabelSet = BTreeMap<String, String>;

impl Family {
    /// A value that goes up and down.
    ///
    /// # Errors
    /// If the name is none or has an ending of the formats' own, or if the help text is empty or
    /// not one line of visible characters.
    ///
    /// ```
    /// use borgq_report::exposition::Family;
    ///
    /// assert_eq!(
    ///     Family::gauge("borg_age_total", "Age.").unwrap_err().to_string(),
    ///     "metric name \"borg_age_total\" ends in _total, expected the name without it",
    /// );
    /// ```
    pub fn gauge(name: &str, help: &str) -> Result<Self, Error> {
        Self::new(name, Type::Gauge, help)
    }

    /// A value that only grows, never negative. Its samples are named with `_total`.
    ///
    /// # Errors
    /// As for [`Family::gauge`].
    ///
    /// ```
    /// # use borgq_report::exposition::Family;
    /// let mut runs = Family::counter("borg_runs", "Runs seen.")?;
    /// assert_eq!(
    ///     runs.sample(&[], -1_i64).unwrap_err().to_string(),
    ///     "counter borg_runs cannot be -1, expected 0 or more",
    /// );
    /// # Ok::<(), borgq_report::error::Error>(())
    /// ```
    pub fn counter(name: &str, help: &str) -> Result<Self, Error> {
        Self::new(name, Type::Counter, help)
    }

    /// Texts, as labels of samples that are always 1. Its samples are named with `_info`.
    ///
    /// # Errors
    /// As for [`Family::gauge`].
    ///
    /// ```
    /// # use borgq_report::exposition::Family;
    /// let mut tool = Family::info("borgq", "The program that wrote this.")?;
    /// tool.sample(&[("version", "0.1.0")], 1_u8)?;
    /// assert_eq!(
    ///     tool.sample(&[], 2_u8).unwrap_err().to_string(),
    ///     "info borgq cannot be 2, expected 1",
    /// );
    /// # Ok::<(), borgq_report::error::Error>(())
    /// ```
    pub fn info(name: &str, help: &str) -> Result<Self, Error> {
        Self::new(name, Type::Info, help)
    }

    fn new(name: &str, kind: Type, help: &str) -> Result<Self, Error> {
        if !is_name(name) {
            return Err(Kind::MetricName(name.to_owned()).into());
        }
        if let Some(suffix) = SUFFIXES.iter().find(|suffix| name.ends_with(*suffix)) {
            return Err(Kind::MetricSuffix {
                name: name.to_owned(),
                suffix,
            }
            .into());
        }
        if help.trim().is_empty() || help.contains(text::is_hidden) {
            return Err(Kind::Help(name.to_owned()).into());
        }
        Ok(Self {
            name: name.to_owned(),
            kind,
            help: help.to_owned(),
            samples: BTreeMap::new(),
        })
    }

    /// Adds a sample.
    ///
    /// # Errors
    /// If a label name is none, is `job` or `instance` (Prometheus sets these), or comes twice; if
    /// there is a sample with the same labels; if the value is not one that the type allows.
    ///
    /// ```
    /// # use borgq_report::exposition::Family;
    /// let mut age = Family::gauge("borg_x_seconds", "X.")?;
    /// age.sample(&[("host", "a"), ("label", "")], 5_u8)?;
    /// assert_eq!(
    ///     age.sample(&[("job", "a")], 5_u8).unwrap_err().to_string(),
    ///     "\"job\" cannot be a label of borg_x_seconds, expected letters, digits and _, \
    ///      starting with a letter, neither job nor instance",
    /// );
    /// # Ok::<(), borgq_report::error::Error>(())
    /// ```
    pub fn sample(
        &mut self,
        labels: &[(&str, &str)],
        value: impl Into<Number>,
    ) -> Result<(), Error> {
        let value = value.into();
        let family = || self.name.clone();
        match self.kind {
            Type::Counter if value.is_negative() => {
                return Err(Kind::Negative {
                    family: family(),
                    value: value.to_string(),
                }
                .into());
            }
            Type::Info if value.as_str() != "1" => {
                return Err(Kind::NotOne {
                    family: family(),
                    value: value.to_string(),
                }
                .into());
            }
            _ => {}
        }
        let mut names = BTreeSet::new();
        let mut set = LabelSet::new();
        for &(label, content) in labels {
            if !is_name(label) || matches!(label, "job" | "instance") {
                return Err(Kind::LabelName {
                    family: family(),
                    label: label.to_owned(),
                }
                .into());
            }
            if !names.insert(label) {
                return Err(Kind::LabelTwice {
                    family: family(),
                    label: label.to_owned(),
                }
                .into());
            }
            if !content.is_empty() {
                set.insert(label.to_owned(), text::terminal(content).into_owned());
            }
        }
        if self.samples.contains_key(&set) {
            let mut shown = String::new();
            push_labels(&mut shown, &set);
            return Err(Kind::SampleTwice {
                family: family(),
                labels: shown,
            }
            .into());
        }
        self.samples.insert(set, value);
        Ok(())
    }

    /// The name that the samples carry.
    fn sample_name(&self) -> String {
        let suffix = match self.kind {
            Type::Gauge => "",
            Type::Counter => "_total",
            Type::Info => "_info",
        };
        format!("{}{suffix}", self.name)
    }

    fn push_samples(&self, out: &mut String) {
        let name = self.sample_name();
        for (labels, value) in &self.samples {
            out.push_str(&name);
            push_labels(out, labels);
            out.push(' ');
            out.push_str(value.as_str());
            out.push('\n');
        }
    }
}

/// `[a-zA-Z][a-zA-Z0-9_]*`: a leading `_` is reserved, `:` is for recording rules.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn push_labels(out: &mut String, labels: &LabelSet) {
    if labels.is_empty() {
        return;
    }
    for (at, (label, content)) in labels.iter().enumerate() {
        out.push(if at == 0 { '{' } else { ',' });
        out.push_str(label);
        out.push_str("=\"");
        // No newline is left to escape.
        out.push_str(&content.replace('\\', "\\\\").replace('"', "\\\""));
        out.push('"');
    }
    out.push('}');
}

/// Metrics of different names, ready to be written. Metrics without samples are not written.
///
/// ```
/// use borgq_report::exposition::{Exposition, Family};
///
/// let mut age = Family::gauge("borg_newest_timestamp_seconds", "Time of the newest archive.")?;
/// age.sample(&[("repository", "a\\b\n\"c\"")], 1714528800_u64)?;
/// let mut metrics = Exposition::default();
/// metrics.add(age)?;
/// assert_eq!(
///     metrics.prometheus(),
///     r#"# HELP borg_newest_timestamp_seconds Time of the newest archive.
/// ## TYPE borg_newest_timestamp_seconds gauge
/// borg_newest_timestamp_seconds{repository="a\\\\b\\n\"c\""} 1714528800
/// "#,
/// );
/// # Ok::<(), borgq_report::error::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exposition {
    families: Vec<Family>,
}

impl Exposition {
    /// Adds a metric.
    ///
    /// # Errors
    /// If there is one of this name, whatever its type: `x` and `x_total` cannot both be.
    ///
    /// ```
    /// # use borgq_report::exposition::{Exposition, Family};
    /// let mut metrics = Exposition::default();
    /// metrics.add(Family::gauge("borg_runs", "Runs.")?)?;
    /// assert_eq!(
    ///     metrics.add(Family::counter("borg_runs", "Runs.")?).unwrap_err().to_string(),
    ///     "metric borg_runs is there already",
    /// );
    /// # Ok::<(), borgq_report::error::Error>(())
    /// ```
    pub fn add(&mut self, family: Family) -> Result<(), Error> {
        if self.families.iter().any(|other| other.name == family.name) {
            return Err(Kind::FamilyTwice(family.name).into());
        }
        self.families.push(family);
        Ok(())
    }

    /// The text format 0.0.4, for the textfile collector and the `Content-Type`
    /// `text/plain; version=0.0.4`. Infos are gauges here, as there is no such type.
    ///
    /// ```
    /// # use borgq_report::exposition::Exposition;
    /// assert_eq!(Exposition::default().prometheus(), "");
    /// ```
    #[must_use]
    pub fn prometheus(&self) -> String {
        prometheus::write(self.shown())
    }

    /// OpenMetrics 1.0, for the `Content-Type`
    /// `application/openmetrics-text; version=1.0.0; charset=utf-8`.
    ///
    /// ```
    /// # use borgq_report::exposition::Exposition;
    /// assert_eq!(Exposition::default().openmetrics(), "# EOF\n");
    /// ```
    #[must_use]
    pub fn openmetrics(&self) -> String {
        openmetrics::write(self.shown())
    }

    fn shown(&self) -> impl Iterator<Item = &Family> {
        self.families
            .iter()
            .filter(|family| !family.samples.is_empty())
    }
}

#[cfg(test)]
mod tests;
