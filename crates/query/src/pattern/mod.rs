//! Patterns that select archives and repositories: borg 2's own language.

mod archive;
mod error;
mod name;
mod repository;
mod shell;
mod text;

pub use archive::{ArchivePattern, ArchivePatterns, Facts};
pub use error::{AmbiguousId, ParsePatternError};
pub use name::NamePattern;
pub use repository::{RepositoryFacts, RepositoryPattern, RepositoryPatterns, shown_location};

use std::collections::BTreeSet;

/// The lower-case digits of an id prefix, if it is one of at least so many digits.
fn id_prefix(text: &str, least: usize) -> Option<String> {
    let hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    (hex && (least..=64).contains(&text.len())).then(|| text.to_ascii_lowercase())
}

/// Refuses a prefix that several different ids begin with.
fn one_id<'a>(
    what: &'static str,
    prefix: &str,
    ids: impl Iterator<Item = &'a str>,
) -> Result<(), AmbiguousId> {
    let ids: BTreeSet<&str> = ids.filter(|id| id.starts_with(prefix)).collect();
    if ids.len() > 1 {
        return Err(AmbiguousId::new(what, prefix, ids.len()));
    }
    Ok(())
}
