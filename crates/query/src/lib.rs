//! The inventory made from borg documents: time, selection, grouping, answers and assessments

pub mod pattern;
pub mod quantity;
pub mod series;
pub mod state;
pub mod threshold;
