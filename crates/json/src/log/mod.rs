//! What borg and borgmatic say beside their documents, with `--log-json`.

mod cause;
mod kinds;
mod line;
mod read;

pub use cause::Cause;
pub use kinds::{
    ArchiveProgress, FileStatus, LogMessage, OtherLine, ProgressMessage, ProgressPercent, Question,
};
pub use line::{Level, LogLine};
pub use read::{Logged, Said, read_log};
