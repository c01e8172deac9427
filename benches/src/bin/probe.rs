//! The least that an answer costs with serde_json: the file is read in chunks,
//! one archive at a time, and of each only the name and the time are looked at.
//! Nothing else is checked.

use std::fs::File;
use std::io::{self, Read as _, Write as _};

use serde::Deserialize;

#[derive(Deserialize)]
struct Archive<'a> {
    name: &'a str,
    time: Option<&'a str>,
    start: Option<&'a str>,
}

const CHUNK: usize = 256 << 10;

fn main() -> io::Result<()> {
    let path = std::env::args_os()
        .nth(1)
        .ok_or(io::ErrorKind::InvalidInput)?;
    let mut file = File::open(path)?;
    let mut buffer = vec![0; CHUNK];
    let (mut start, mut end) = (0, 0);
    let mut newest = (String::new(), String::new());
    let mut count = 0_usize;
    // To the first archive.
    let mut begun = false;
    loop {
        buffer.copy_within(start..end, 0);
        (start, end) = (0, end - start);
        if buffer.len() - end < CHUNK {
            buffer.resize(end + CHUNK, 0);
        }
        let read = file.read(buffer.get_mut(end..).unwrap_or_default())?;
        if read == 0 {
            break;
        }
        end += read;
        loop {
            let rest = buffer.get(start..end).unwrap_or_default();
            if !begun {
                let Some(at) = rest.iter().position(|byte| *byte == b'[') else {
                    break;
                };
                start += at + 1;
                begun = true;
                continue;
            }
            let space = rest
                .iter()
                .take_while(|byte| matches!(byte, b' ' | b'\n' | b','))
                .count();
            let object = rest.get(space..).unwrap_or_default();
            if object.first().is_some_and(|byte| *byte != b'{') {
                // Behind the archives.
                return writeln!(io::stdout(), "{count} archives, newest {newest:?}");
            }
            let mut values =
                serde_json::Deserializer::from_slice(object).into_iter::<Archive<'_>>();
            // One that is not all there yet is read again.
            let Some(Ok(archive)) = values.next() else {
                break;
            };
            count += 1;
            let time = archive.time.or(archive.start);
            if time > Some(newest.1.as_str()) {
                newest.0.replace_range(.., archive.name);
                newest.1.replace_range(.., time.unwrap_or_default());
            }
            start += space + values.byte_offset();
        }
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}
