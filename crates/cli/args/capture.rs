//! The arguments of `borgq capture`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  borgq capture --dir /var/lib/borgq --name web -- borgmatic repo-list --json
  borgq capture --pass-through -o create.json -- borg create --json REPO::ARCHIVE /srv
  check_borg -w 26h -c 50h /var/lib/borgq

The file holds a header line, then what the command printed. All commands of
borgq read it in place of a document, with its time zone and exit status. It is
written in one step: a reader finds the old run or the new one. Beside NAME.json,
the latest run, NAME.good.json is the latest one that proves something.

Secrets in the command line are masked. Exit status: that of the command; 128 and
the number of the signal if one ended it or the capture; 124 if it took too long,
126 and 127 if it cannot be run, 3 if the capture cannot be written.")]
pub struct Capture {
    /// The file to keep the run in [default: -, standard output]
    #[arg(short, long, value_name = "FILE", conflicts_with = "dir")]
    pub output: Option<PathBuf>,

    /// The directory to keep the run in
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,

    /// The name of the file in DIR, without .json [default: the machine's name]
    #[arg(long, value_name = "NAME", requires = "dir")]
    pub name: Option<String>,

    /// End the command after this time
    #[arg(long, value_name = "DURATION")]
    pub timeout: Option<String>,

    /// How much of the end of standard error is kept, in whole lines
    #[arg(long, value_name = "BYTES", default_value_t = 16_384)]
    pub keep_stderr: usize,

    /// Also keep when borgmatic did its consistency checks, from its state
    /// directory, for instance ~/.local/state/borgmatic
    #[arg(long, value_name = "DIR")]
    pub check_times: Vec<PathBuf>,

    /// Also print what the command prints
    #[arg(long)]
    pub pass_through: bool,

    /// The permissions of the file, in octal digits
    #[arg(long, value_name = "MODE", default_value = "640", value_parser = mode)]
    pub mode: u32,

    /// The command and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub command: Vec<OsString>,
}

fn mode(text: &str) -> Result<u32, String> {
    let mode = u32::from_str_radix(text, 8)
        .ok()
        .filter(|mode| *mode <= 0o777);
    mode.ok_or_else(|| "expected octal digits such as 640".into())
}
