//! `borgq completions`.

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use crate::Failure;
use crate::args::{self, Borgq, CheckBorg, Completions, Program};
use crate::exit::Exit;
use crate::surroundings::Surroundings;

pub fn run(args: &Completions, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let shell = match args.shell {
        args::Shell::Bash => Shell::Bash,
        args::Shell::Zsh => Shell::Zsh,
        args::Shell::Fish => Shell::Fish,
    };
    let (mut command, name) = match args.program {
        Program::Borgq => (Borgq::command(), "borgq"),
        Program::CheckBorg => (CheckBorg::command(), "check_borg"),
    };
    // It panics if it cannot write, and a buffer always can.
    let mut script = Vec::new();
    generate(shell, &mut command, name, &mut script);
    surroundings.out.write_all(&script)?;
    Ok(Exit::Answered)
}
