//! `borgq capture`: keeps what a run of borg or borgmatic said.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use borgq_capture::{
    Capture, Check, Circumstances, Ended, Limits, Outcome, Timezone, check_times, replace, run,
};
use borgq_mask::mask_text;
use borgq_query::Zone as _;
use borgq_query::quantity::Duration;

use chrono::{DateTime, Utc};

use crate::args;
use crate::input::proves;
use crate::surroundings::Surroundings;
use crate::zone::LocalZone;
use crate::{Failure, clock};

/// The exit statuses of a shell for a program that is not there, and one that cannot run.
const NOT_FOUND: u8 = 127;
const CANNOT_RUN: u8 = 126;
/// That of timeout(1) for a command that took too long.
const TIMED_OUT: u8 = 124;
/// The capture itself failed, though the command did not.
const NOT_KEPT: u8 = 3;

/// Where nothing is replaced: `/dev/stdout` is a link to what may be a file.
const DEVICES: [&str; 2] = ["/dev", "/proc"];

/// Gives the exit status of the command, so that whoever starts backups still sees failures.
pub fn run_and_keep(
    args: &args::Capture,
    surroundings: &mut Surroundings<'_>,
) -> Result<u8, Failure> {
    let place = place(args).map_err(Failure::Usage)?;
    let limits = limits(args).map_err(Failure::Usage)?;
    let zone = LocalZone::new(None, surroundings.tz.clone());
    let started = clock::now();
    let timezone = timezone(&zone, started, surroundings);
    let (outcome, status) = match run(&args.command, limits) {
        Ok(outcome) => {
            let status = status(outcome.ended);
            (Some(outcome), status)
        }
        Err(error) => {
            let _ = writeln!(surroundings.err, "borgq: {error}");
            (
                None,
                if error.is_missing() {
                    NOT_FOUND
                } else {
                    CANNOT_RUN
                },
            )
        }
    };
    let good = outcome.as_ref().is_some_and(proves);
    let circumstances = Circumstances {
        started,
        finished: clock::now(),
        timezone,
        host: host(),
        user: user(),
        program_version: version(args.command.first()),
        checks: checks(args, surroundings),
    };
    let capture = Capture::of(&args.command, outcome, circumstances);
    // Not put together: there may be no memory to hold much output twice.
    let parts: [&[u8]; 2] = [&capture.first_line(), &capture.stdout];
    let kept = match &place {
        None => {
            let out = &mut surroundings.out;
            let mut parts = parts.iter();
            let written = parts.try_for_each(|part| out.write_all(part));
            written.and_then(|()| out.flush())
        }
        Some(place) => keep(place, &parts, good, args.mode),
    };
    match kept {
        Ok(()) => Ok(status),
        Err(error) => {
            let name = place.map_or("standard output".into(), |place| {
                place.display().to_string()
            });
            let _ = writeln!(
                surroundings.err,
                "borgq: {name}: the capture cannot be written: {error}"
            );
            Ok(if status == 0 { NOT_KEPT } else { status })
        }
    }
}

/// The zone in which the command prints times. The backup matters more than
/// that: where the zone cannot be read, the C library takes UTC, and so does borg.
fn timezone(
    zone: &LocalZone,
    started: DateTime<Utc>,
    surroundings: &mut Surroundings<'_>,
) -> Timezone {
    match zone.offset_at(started) {
        Ok(offset) => Timezone {
            name: zone.portable_name(),
            utc_offset_seconds: offset.local_minus_utc(),
        },
        Err(error) => {
            let _ = writeln!(surroundings.err, "borgq: {error}; borg prints UTC then");
            Timezone {
                name: "UTC".into(),
                utc_offset_seconds: 0,
            }
        }
    }
}

/// The times of consistency checks, if they are asked for. If they cannot all
/// be read, that is said, and none are kept: then they are not known.
fn checks(args: &args::Capture, surroundings: &mut Surroundings<'_>) -> Option<Vec<Check>> {
    let mut checks = Vec::new();
    for directory in &args.check_times {
        match check_times(directory) {
            Ok(found) => checks.extend(found),
            Err(error) => {
                let name = directory.display();
                let _ = writeln!(surroundings.err, "borgq: {name}: cannot be read: {error}");
                return None;
            }
        }
    }
    (!args.check_times.is_empty()).then_some(checks)
}

/// The file of the latest run. `None` is standard output.
fn place(args: &args::Capture) -> Result<Option<PathBuf>, String> {
    match (&args.output, &args.dir) {
        (Some(file), _) if file != Path::new("-") => Ok(Some(file.clone())),
        (_, Some(dir)) => {
            let name = match &args.name {
                Some(name) => name.clone(),
                None => host().ok_or("the machine has no name, give --name")?,
            };
            if name.is_empty() || name.starts_with('.') || name.contains(['/', '\0']) {
                return Err(format!(
                    "--name {name:?}: expected a file name without .json"
                ));
            }
            if name.ends_with(".good") {
                return Err(format!(
                    "--name {name:?}: this is the name of a proof, expected one that does not end in .good"
                ));
            }
            Ok(Some(dir.join(format!("{name}.json"))))
        }
        (_, None) if args.pass_through => {
            Err("--pass-through: standard output is taken, give --output or --dir".into())
        }
        (_, None) => Ok(None),
    }
}

fn limits(args: &args::Capture) -> Result<Limits, String> {
    let mut limits = Limits {
        stderr: args.keep_stderr,
        pass_through: args.pass_through,
        ..Limits::default()
    };
    if let Some(timeout) = &args.timeout {
        let timeout: Duration = timeout
            .parse()
            .map_err(|error| format!("--timeout: {error}"))?;
        let seconds = u64::try_from(timeout.microseconds())
            .ok()
            .filter(|length| *length > 0);
        let length = seconds.ok_or("--timeout: expected a time above 0, for instance 2h")?;
        limits.timeout = std::time::Duration::from_micros(length);
    }
    Ok(limits)
}

/// The proof first: whoever reads in between finds the old run with the new proof.
/// A device or a pipe is written to as it is.
fn keep(place: &Path, parts: &[&[u8]], good: bool, mode: u32) -> io::Result<()> {
    let special = |found: fs::Metadata| !found.is_file() && !found.is_dir();
    if fs::metadata(place).is_ok_and(special) || DEVICES.iter().any(|root| place.starts_with(root))
    {
        let mut special = fs::OpenOptions::new().write(true).open(place)?;
        let mut parts = parts.iter();
        return parts.try_for_each(|part| special.write_all(part));
    }
    if good {
        replace(&good_beside(place), parts, mode)?;
    }
    replace(place, parts, mode)
}

/// `web.good.json` for `web.json`.
fn good_beside(place: &Path) -> PathBuf {
    let mut name = place.file_stem().unwrap_or_default().to_owned();
    name.push(".good");
    if let Some(extension) = place.extension() {
        name.push(".");
        name.push(extension);
    }
    place.with_file_name(name)
}

fn status(ended: Ended) -> u8 {
    match ended {
        Ended::Exited(status) => u8::try_from(status).unwrap_or(u8::MAX),
        Ended::Signalled(signal) | Ended::Interrupted(signal) => {
            u8::try_from(signal).map_or(u8::MAX, |signal| 128_u8.saturating_add(signal))
        }
        Ended::TimedOut => TIMED_OUT,
        // As a shell has it for SIGTERM, which ended the command.
        _ => 128 + 15,
    }
}

fn host() -> Option<String> {
    let name = rustix::system::uname();
    let name = name.nodename().to_string_lossy();
    (!name.is_empty()).then(|| name.into_owned())
}

/// The name of the user in `/etc/passwd`, else the number.
fn user() -> Option<String> {
    let id = rustix::process::getuid().as_raw().to_string();
    let users = fs::read("/etc/passwd").unwrap_or_default();
    let users = String::from_utf8_lossy(&users);
    let name = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == id).then(|| name.to_owned())
    });
    Some(name.unwrap_or(id))
}

/// What borg or borgmatic says its version is. Other programs are not asked.
fn version(program: Option<&OsString>) -> Option<String> {
    const LONGEST: usize = 100;
    let program = program?;
    let name = Path::new(program).file_name()?.to_str()?;
    // The single files that the project publishes have the system in their name.
    if !matches!(name, "borg" | "borg2" | "borgmatic") && !name.starts_with("borg-linux") {
        return None;
    }
    let limits = Limits {
        timeout: std::time::Duration::from_secs(10),
        ..Limits::default()
    };
    let Outcome { stdout, .. } = run(&[program.clone(), "--version".into()], limits).ok()?;
    let text = String::from_utf8(stdout).ok()?;
    let line = text.lines().next()?.trim();
    (!line.is_empty() && line.len() <= LONGEST).then(|| mask_text(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_good_one_stands_beside_the_latest() {
        let beside = |path: &str| good_beside(Path::new(path)).display().to_string();
        assert_eq!(beside("/x/web.json"), "/x/web.good.json");
        assert_eq!(beside("web"), "web.good");
    }
}
