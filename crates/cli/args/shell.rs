//! The arguments of `borgq completions` and `borgq man`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  borgq completions bash > ~/.local/share/bash-completion/completions/borgq
  borgq completions zsh > ~/.zfunc/_borgq
  borgq completions fish --program check_borg > ~/.config/fish/completions/check_borg.fish")]
pub struct Completions {
    /// The shell
    pub shell: Shell,
    /// The program to complete
    #[arg(long, value_enum, default_value_t, value_name = "PROGRAM")]
    pub program: Program,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Shell {
    Bash,
    Zsh,
    Fish,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Program {
    #[default]
    Borgq,
    #[value(name = "check_borg")]
    CheckBorg,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  borgq man | man -l -
  borgq man last | man -l -
  borgq man check_borg | man -l -
  borgq man --dir ~/.local/share/man/man1")]
pub struct Man {
    /// A command of borgq, or check_borg [default: borgq itself]
    #[arg(value_name = "COMMAND")]
    pub page: Option<String>,
    /// Write all pages into this directory
    #[arg(long, value_name = "DIR", conflicts_with = "page")]
    pub dir: Option<PathBuf>,
}
