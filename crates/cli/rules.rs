//! Reads the rules file that an argument names.

use std::path::Path;

use borgq_query::rules::Rules;

use crate::bounded;

/// The rules of a file.
///
/// # Errors
///
/// A sentence that names the file, and the place in it.
pub fn read(path: &Path) -> Result<Rules, String> {
    let name = path.to_string_lossy();
    let bytes =
        bounded::written(path).map_err(|error| format!("rules {name}: cannot be read: {error}"))?;
    borgq_rules::read(&bytes).map_err(|error| format!("rules {name}: {error}"))
}
