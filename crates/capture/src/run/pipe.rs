//! What is read from the pipes of a command, each by a thread of its own.

use std::io::{self, Read, Write as _};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::warnings::Warnings;

/// What a pipe's thread says.
pub(super) enum Event {
    Closed,
    TooMuch,
}

/// Which part of a stream is kept.
#[derive(Clone, Copy)]
pub(super) enum Keep {
    /// The first bytes; more is too much.
    First(usize),
    /// The last bytes.
    Last(usize),
}

/// Where a stream also appears.
pub(super) enum Copy {
    Out(io::Stdout),
    Error(io::Stderr),
}

impl Copy {
    /// Whoever does not want it any more must not stop the command.
    fn write(&mut self, bytes: &[u8]) {
        let _ = match self {
            Self::Out(out) => out.write_all(bytes).and_then(|()| out.flush()),
            Self::Error(error) => error.write_all(bytes),
        };
    }
}

/// What a thread read from a pipe so far.
#[derive(Default)]
pub(super) struct Contents {
    /// What is kept of it.
    pub(super) bytes: Vec<u8>,
    /// How much it was in all.
    pub(super) length: u64,
    /// The warnings in all of it, if the last bytes are kept.
    pub(super) warnings: Warnings,
}

/// What a thread gathers from a pipe.
pub(super) struct Gathered(Arc<Mutex<Contents>>);

impl Gathered {
    pub(super) fn start(
        mut pipe: impl Read + Send + 'static,
        keep: Keep,
        mut copy: Option<Copy>,
        events: Sender<Event>,
    ) -> Self {
        let gathered = Arc::<Mutex<Contents>>::default();
        let shared = Arc::clone(&gathered);
        thread::spawn(move || {
            let mut chunk = vec![0; 256 << 10];
            loop {
                let read = match pipe.read(&mut chunk) {
                    Ok(0) => break,
                    Ok(read) => chunk.get(..read).unwrap_or_default(),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Err(_) => break,
                };
                if let Some(copy) = &mut copy {
                    copy.write(read);
                }
                let mut gathered = shared.lock().unwrap_or_else(PoisonError::into_inner);
                let Contents {
                    bytes,
                    length,
                    warnings,
                } = &mut *gathered;
                *length += read.len() as u64;
                let room = bytes.try_reserve(read.len()).is_ok();
                if room {
                    bytes.extend_from_slice(read);
                }
                if matches!(keep, Keep::Last(_)) {
                    warnings.read(read);
                }
                match keep {
                    // Where there is no memory for more, that is too much.
                    Keep::First(most) if bytes.len() > most || !room => {
                        bytes.truncate(most);
                        let _ = events.send(Event::TooMuch);
                        break;
                    }
                    Keep::Last(most) if bytes.len() > 2 * most => {
                        let surplus = bytes.len() - most;
                        bytes.drain(..surplus);
                    }
                    _ => {}
                }
            }
            let _ = events.send(Event::Closed);
        });
        Self(gathered)
    }

    pub(super) fn take(self) -> Contents {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
