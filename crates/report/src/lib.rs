//! Answers and assessments as text, JSON and monitoring formats.

pub mod human;
pub mod json;
pub mod plugin;
pub mod table;
pub mod text;
