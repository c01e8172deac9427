//! Answers and assessments as text, JSON and monitoring formats
