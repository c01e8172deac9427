//! `borgq man`.

use std::io;

use borgq_capture::replace;
use clap::{Command, CommandFactory as _};
use clap_mangen::Man;

use crate::Failure;
use crate::args::{self, Borgq, CheckBorg};
use crate::exit::Exit;
use crate::surroundings::Surroundings;

/// Who may read the pages: all.
const MODE: u32 = 0o644;

pub fn run(args: &args::Man, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let pages = pages();
    if let Some(dir) = &args.dir {
        for (name, command) in &pages {
            let path = dir.join(format!("{name}.1"));
            let written = page(command).and_then(|page| replace(&path, &[&page], MODE));
            written.map_err(|error| {
                Failure::Usage(format!("{}: cannot be written: {error}", path.display()))
            })?;
        }
        return Ok(Exit::Answered);
    }
    let asked = args.page.as_deref();
    let named = |name: &str| match asked {
        None => name == "borgq",
        Some(asked) => name == asked || name.strip_prefix("borgq-") == Some(asked),
    };
    let Some((_, command)) = pages.iter().find(|(name, _)| named(name)) else {
        let names: Vec<_> = pages.iter().map(|(name, _)| name.as_str()).collect();
        return Err(Failure::Usage(format!(
            "there is no page {:?}, expected one of {}",
            asked.unwrap_or_default(),
            names.join(", ")
        )));
    };
    surroundings.out.write_all(&page(command)?)?;
    Ok(Exit::Answered)
}

/// Every page by its name: both programs, and each command of borgq.
fn pages() -> Vec<(String, Command)> {
    let mut borgq = Borgq::command();
    // Gives the commands their full names.
    borgq.build();
    let mut pages = Vec::new();
    below("borgq", &borgq, &mut pages);
    pages.insert(0, ("borgq".into(), Borgq::command()));
    pages.push(("check_borg".into(), CheckBorg::command()));
    pages
}

/// The pages of the commands below a command.
fn below(name: &str, command: &Command, pages: &mut Vec<(String, Command)>) {
    let commands = command.get_subcommands();
    for command in commands.filter(|command| command.get_name() != "help") {
        let name = format!("{name}-{}", command.get_name());
        pages.push((name.clone(), command.clone().name(name.clone())));
        below(&name, command, pages);
    }
}

fn page(command: &Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command.clone()).render(&mut page)?;
    Ok(page)
}
