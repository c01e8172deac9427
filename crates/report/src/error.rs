//! Why something cannot be said in a medium.

use std::fmt;

/// A value that has no place in the medium, with a text for the person who reads it.
///
/// ```
/// use borgq_report::number::Number;
///
/// let error = Number::parse("1e9").unwrap_err();
/// assert_eq!(error.to_string(), "\"1e9\" is no plain decimal number, expected digits such as -12.5");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Number(String),
    Range(String),
    Width { cells: usize, columns: usize },
    MetricName(String),
    MetricSuffix { name: String, suffix: &'static str },
    Help(String),
    FamilyTwice(String),
    LabelName { family: String, label: String },
    LabelTwice { family: String, label: String },
    SampleTwice { family: String, labels: String },
    Negative { family: String, value: String },
    NotOne { family: String, value: String },
}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Self {
        Self { kind }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Number(text) => write!(
                f,
                "{text:?} is no plain decimal number, expected digits such as -12.5"
            ),
            Kind::Range(text) => write!(
                f,
                "{text:?} is no range, expected [@]start:end such as 10, 10:, ~:10 or @10:20"
            ),
            Kind::Width { cells, columns } => {
                write!(
                    f,
                    "row of {cells} cells, expected {columns} as in the header"
                )
            }
            Kind::MetricName(name) => write!(
                f,
                "{name:?} is no metric name, expected letters, digits and _, starting with a letter"
            ),
            Kind::MetricSuffix { name, suffix } => write!(
                f,
                "metric name {name:?} ends in {suffix}, expected the name without it"
            ),
            Kind::Help(name) => write!(
                f,
                "help text of metric {name} is empty or not one line of visible characters"
            ),
            Kind::FamilyTwice(name) => write!(f, "metric {name} is there already"),
            Kind::LabelName { family, label } => write!(
                f,
                "{label:?} cannot be a label of {family}, expected letters, digits and _, starting with a letter, neither job nor instance"
            ),
            Kind::LabelTwice { family, label } => {
                write!(f, "label {label} is given twice in a sample of {family}")
            }
            Kind::SampleTwice { family, labels } => {
                write!(f, "sample {family}{labels} is there already")
            }
            Kind::Negative { family, value } => {
                write!(f, "counter {family} cannot be {value}, expected 0 or more")
            }
            Kind::NotOne { family, value } => {
                write!(f, "info {family} cannot be {value}, expected 1")
            }
        }
    }
}

impl std::error::Error for Error {}
