//! Files that are short, unless somebody names the wrong one: `/dev/zero` has no end.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use borgq_query::quantity::Size;

/// More than anybody writes by hand or by a script, in bytes.
const WRITTEN: u64 = 64 << 20;

/// The longest file of the zone database has some kilobytes.
const ZONE: u64 = 1 << 20;

/// Reads what somebody wrote: rules, patterns, a filter. A pipe will do.
pub fn written(path: &Path) -> io::Result<Vec<u8>> {
    at_most(path, WRITTEN)
}

/// Reads a file of the zone database. A pipe is none, and could never end.
pub fn zone(path: &Path) -> io::Result<Vec<u8>> {
    match fs::metadata(path)?.is_file() {
        true => at_most(path, ZONE),
        false => Err(io::Error::other("it is no file")),
    }
}

fn at_most(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let most = Size::from_bytes(most);
        return Err(io::Error::other(format!("it is longer than {most}")));
    }
    Ok(bytes)
}
