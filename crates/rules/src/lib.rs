//! The rules file: read from TOML, and drafted from what is there.
//!
//! ```
//! let rules = borgq_rules::read(br#"
//!     [[rule]]
//!     label = "sh:db-*"
//!     expect = true
//!     warning = "8h"
//!     critical = ["1d", "files=1000:"]
//!     owner = "dba@example.org"
//! "#)?;
//! let rule = rules.numbered(1).unwrap();
//! assert_eq!(rule.subject(), "label sh:db-*");
//! assert_eq!(rule.limits.len(), 2);
//!
//! let error = borgq_rules::read(b"[[rule]]\nlable = 'db'\n").unwrap_err();
//! assert!(error.to_string().starts_with("line 2, column 1: unknown field `lable`, expected one of "));
//! # Ok::<(), borgq_rules::ReadError>(())
//! ```

mod draft;
mod error;
mod file;
mod read;

pub use draft::draft;
pub use error::ReadError;
pub use file::File;
pub use read::read;

#[cfg(test)]
mod tests;
