//! Runs borg or borgmatic and keeps what it said.
//!
//! borg's documents say neither when, nor in which time zone, nor how
//! successfully they were made. A [`Capture`] does: it is a file with a header
//! line and then the command's output, byte for byte.

mod checks;
mod file;
mod header;
mod replace;
mod run;

pub use checks::check_times;
pub use file::{Capture, CaptureError, Circumstances};
pub use header::{Check, Format, Header, Stderr, Stdout, Stopped, Timezone, VERSION};
pub use replace::replace;
pub use run::{Ended, Limits, Outcome, RunError, run};
