//! The signals that end a program.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// Watches for the signals that end a program, as long as it lives.
pub(super) struct Signals {
    came: Arc<AtomicBool>,
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
            signals
                .watched
                .push(signal_hook::flag::register(signal, came)?);
        }
        Ok(signals)
    }

    pub(super) fn came(&self) -> bool {
        self.came.load(Ordering::Relaxed)
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        for watched in self.watched.drain(..) {
            signal_hook::low_level::unregister(watched);
        }
    }
}
