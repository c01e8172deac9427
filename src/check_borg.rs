//! `check_borg`: the monitoring plugin, the same as `borgq check`.

use std::process::ExitCode;

fn main() -> ExitCode {
    borgq_cli::with_surroundings(borgq_cli::check_borg).into()
}
