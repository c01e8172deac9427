//! [`Watchdog`]: a check ends in time, and says so.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use borgq_query::state::State;
use borgq_report::assessment;
use borgq_report::plugin::LIMIT;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// How often it looks.
const LOOK: Duration = Duration::from_millis(20);
/// How long a command that is being ended may outlive the deadline.
const GRACE: Duration = Duration::from_secs(5);

/// Ends the process as UNKNOWN when the time is over, or when a signal asks for it.
///
/// A monitoring system that has to kill a plugin loses its text.
#[derive(Debug)]
pub struct Watchdog {
    shared: Option<Arc<Shared>>,
    deadline: Option<Instant>,
}

#[derive(Debug)]
struct Shared {
    stage: Mutex<Stage>,
    /// Set by whoever speaks first: the output is one.
    said: AtomicBool,
}

#[derive(Clone, Debug)]
enum Stage {
    Working(String),
    /// A command runs, and whoever runs it watches time and signals: it must be ended, too.
    Running,
}

impl Watchdog {
    /// One that never barks, for runs within a test.
    pub const fn asleep() -> Self {
        Self {
            shared: None,
            deadline: None,
        }
    }

    /// Starts to watch.
    ///
    /// # Errors
    ///
    /// If the system gives no thread or no signal handler.
    pub fn start(timeout: Duration) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            stage: Mutex::new(Stage::Working("starting".into())),
            said: AtomicBool::new(false),
        });
        let signalled = Arc::new(AtomicBool::new(false));
        for signal in [SIGTERM, SIGINT, SIGHUP] {
            signal_hook::flag::register(signal, Arc::clone(&signalled))?;
        }
        let deadline = Instant::now().checked_add(timeout);
        let watched = Arc::clone(&shared);
        thread::Builder::new().spawn(move || watch(&watched, &signalled, deadline, timeout))?;
        Ok(Self {
            shared: Some(shared),
            deadline,
        })
    }

    /// What the check does from now on, for instance `reading standard input`.
    pub fn stage(&self, what: &str) {
        self.set(Stage::Working(what.into()));
    }

    /// A command runs from now on. Gives the time that it may take.
    pub fn running(&self) -> Option<Duration> {
        self.set(Stage::Running);
        let left = |deadline: Instant| deadline.saturating_duration_since(Instant::now());
        self.deadline.map(left)
    }

    fn set(&self, stage: Stage) {
        if let Some(shared) = &self.shared {
            *shared.stage.lock().unwrap_or_else(PoisonError::into_inner) = stage;
        }
    }

    /// Whether the check may speak. If the watchdog does already, this never returns.
    pub fn finish(&self) {
        if let Some(shared) = &self.shared
            && shared.said.swap(true, Ordering::SeqCst)
        {
            loop {
                thread::park();
            }
        }
    }
}

fn watch(shared: &Shared, signalled: &AtomicBool, deadline: Option<Instant>, timeout: Duration) {
    loop {
        thread::sleep(LOOK);
        let stage = shared
            .stage
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let (doing, grace, heeds) = match &stage {
            Stage::Working(doing) => (doing.as_str(), Duration::ZERO, true),
            Stage::Running => ("ending the command", GRACE, false),
        };
        let over = deadline.is_some_and(|deadline| Instant::now() >= deadline + grace);
        if over {
            let seconds = timeout.as_secs_f64();
            end(
                shared,
                &format!("no answer within {seconds} s, while {doing} [timeout]"),
            );
        } else if heeds && signalled.load(Ordering::Relaxed) {
            end(shared, &format!("told to end, while {doing}"));
        }
    }
}

fn end(shared: &Shared, sentence: &str) {
    if shared.said.swap(true, Ordering::SeqCst) {
        // The answer is being written. Whoever does not read it has waited long enough.
        thread::sleep(GRACE);
    } else {
        let text = assessment::unknown(sentence).render(LIMIT);
        let mut out = io::stdout();
        let _ = out.write_all(text.as_bytes());
        let _ = out.flush();
    }
    std::process::exit(State::Unknown.exit_status().into());
}
