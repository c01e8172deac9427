//! Answers and assessments as text, JSON and monitoring formats.
//!
//! Every medium has one module, and every module escapes for its own medium: archive names,
//! comments, paths and error messages come from outside and are never trusted. Callers hand over
//! raw text, once; nothing here expects text that is escaped already.
//!
//! | module | who reads it |
//! | --- | --- |
//! | [`text`] | the escaping that the others share |
//! | [`json`] | scripts: the answers as JSON |
//! | [`table`], [`human`] | people, in a terminal or a pipe |
//! | [`delimited`] | spreadsheets and scripts: CSV and TSV |
//! | [`rows`] | pipelines: any answer in any of these formats |
//! | [`assessment`], [`plugin`], [`perfdata`], [`label`] | Nagios, Icinga and all that run their plugins |
//! | [`exposition`] | Prometheus and OpenMetrics |

pub mod assessment;
mod buffer;
pub mod delimited;
pub mod error;
pub mod exposition;
pub mod human;
pub mod json;
pub mod label;
pub mod number;
pub mod perfdata;
pub mod plugin;
pub mod rows;
pub mod table;
pub mod text;

#[cfg(test)]
mod testing;
