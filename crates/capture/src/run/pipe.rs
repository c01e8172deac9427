//! What is read from the pipes of a command, each by a thread of its own.

use std::io::{self, Read, Write as _};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

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

/// What a thread read from a pipe so far, and how much that was in all.
pub(super) struct Gathered(Arc<Mutex<(Vec<u8>, u64)>>);

impl Gathered {
    pub(super) fn start(
        mut pipe: impl Read + Send + 'static,
        keep: Keep,
        mut copy: Option<Copy>,
        events: Sender<Event>,
    ) -> Self {
        let gathered = Arc::new(Mutex::new((Vec::new(), 0)));
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
                let (bytes, length) = &mut *gathered;
                *length += read.len() as u64;
                bytes.extend_from_slice(read);
                match keep {
                    Keep::First(most) if bytes.len() > most => {
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

    pub(super) fn take(self) -> (Vec<u8>, u64) {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
