//! The least that a program with subcommands does: it reads its arguments and a file.

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

#[derive(Parser)]
struct Hello {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    One { file: PathBuf },
    Two { file: PathBuf },
    Three { file: PathBuf },
    Four { file: PathBuf },
    Five { file: PathBuf },
    Six { file: PathBuf },
    Seven { file: PathBuf },
    Eight { file: PathBuf },
}

fn main() -> std::io::Result<()> {
    let (Command::One { file }
    | Command::Two { file }
    | Command::Three { file }
    | Command::Four { file }
    | Command::Five { file }
    | Command::Six { file }
    | Command::Seven { file }
    | Command::Eight { file }) = Hello::parse().command;
    let length = std::fs::read(file)?.len();
    writeln!(std::io::stdout(), "hello, {length} bytes")
}
