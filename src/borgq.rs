//! `borgq`: answers about BorgBackup repositories from the JSON that borg prints.

use std::process::ExitCode;

fn main() -> ExitCode {
    borgq_cli::with_surroundings(borgq_cli::borgq).into()
}
