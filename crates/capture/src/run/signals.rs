//! The signals that end a program.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// Watches for the signals that end a program, as long as it lives.
pub(super) struct Signals {
    /// The last one that came, or 0.
    came: Arc<AtomicUsize>,
    watched: Vec<signal_hook::SigId>,
}

impl Signals {
    pub(super) fn watch() -> io::Result<Self> {
        let mut signals = Self {
            came: Arc::default(),
            watched: Vec::new(),
        };
        for signal in [SIGTERM, SIGINT, SIGHUP] {
            let came = Arc::clone(&signals.came);
            let number = usize::try_from(signal).unwrap_or(usize::MAX);
            signals
                .watched
                .push(signal_hook::flag::register_usize(signal, came, number)?);
        }
        Ok(signals)
    }

    /// The last signal that came, if one did.
    pub(super) fn came(&self) -> Option<i32> {
        let signal = i32::try_from(self.came.load(Ordering::Relaxed)).ok()?;
        (signal != 0).then_some(signal)
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        for watched in self.watched.drain(..) {
            signal_hook::low_level::unregister(watched);
        }
    }
}
