//! [`Watchdog`]: a check ends in time, and says so.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use borgq_query::state::State;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// How often it looks.
const LOOK: Duration = Duration::from_millis(20);
/// How much of the time is left for the ending of a command that takes too long:
/// this part of it, but no more than that.
const ENDING_PART: u32 = 5;
const ENDING: Duration = Duration::from_millis(2500);
/// How long whoever watches the command, or writes the answer, may be late. Then
/// something hangs that cannot be ended.
const LATE: Duration = Duration::from_secs(1);

/// Makes the state and the output of a sentence that says why there is no answer.
pub type Unanswered = Box<dyn Fn(&str) -> (State, String) + Send + Sync>;

/// Ends the process without an answer when the time is over, or when a signal
/// asks for it.
///
/// A monitoring system that has to kill a plugin loses its text.
pub struct Watchdog {
    shared: Option<Arc<Shared>>,
    deadline: Option<Instant>,
}

struct Shared {
    stage: Mutex<Stage>,
    /// Set by whoever speaks first: the output is one.
    said: AtomicBool,
    /// Set by a signal.
    told: Arc<AtomicBool>,
    unanswered: Unanswered,
}

#[derive(Clone)]
struct Stage {
    doing: String,
    /// A command runs, or had to be ended. Whoever runs it watches time and
    /// signals, and tells what came of it.
    patient: bool,
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
    pub fn start(timeout: Duration, unanswered: Unanswered) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            stage: Mutex::new(Stage {
                doing: "starting".into(),
                patient: false,
            }),
            said: AtomicBool::new(false),
            told: Arc::default(),
            unanswered,
        });
        for signal in [SIGTERM, SIGINT, SIGHUP] {
            signal_hook::flag::register(signal, Arc::clone(&shared.told))?;
        }
        let deadline = Instant::now().checked_add(timeout);
        let watched = Arc::clone(&shared);
        thread::Builder::new().spawn(move || watch(&watched, deadline, timeout))?;
        Ok(Self {
            shared: Some(shared),
            deadline,
        })
    }

    /// What the check does from now on, for instance `reading standard input`.
    pub fn stage(&self, what: &str) {
        self.set(|stage| {
            stage.doing.clear();
            stage.doing.push_str(what);
        });
    }

    /// A command runs from now on. Gives the time that it may take, and the grace
    /// that it may take to end after that: then there is time left for an answer.
    pub fn running(&self, command: &str) -> Option<(Duration, Duration)> {
        self.set(|stage| {
            stage.doing = format!("running {command}");
            stage.patient = true;
        });
        let left = self.deadline?.saturating_duration_since(Instant::now());
        let ending = (left / ENDING_PART).min(ENDING);
        Some((left - ending, ending / 5 * 4))
    }

    /// The command has ended by itself. If it had to be ended, that is the
    /// answer, and there is time left to give it.
    pub fn ran(&self, command: &str) {
        self.set(|stage| {
            stage.doing = format!("reading what {command} printed");
            stage.patient = false;
        });
    }

    fn set(&self, change: impl FnOnce(&mut Stage)) {
        if let Some(shared) = &self.shared {
            change(&mut shared.stage.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// Whether a signal has asked for the end.
    pub fn is_told_to_end(&self) -> bool {
        let told = |shared: &Arc<Shared>| shared.told.load(Ordering::Relaxed);
        self.shared.as_ref().is_some_and(told)
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

fn watch(shared: &Shared, deadline: Option<Instant>, timeout: Duration) {
    loop {
        thread::sleep(LOOK);
        let stage = shared
            .stage
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let Stage { doing, patient } = stage;
        let late = if patient { LATE } else { Duration::ZERO };
        let over = |deadline: Instant| deadline.elapsed() > late;
        if deadline.is_some_and(over) {
            let seconds = timeout.as_secs_f64();
            end(
                shared,
                &format!("no answer within {seconds} s, while {doing}"),
            );
        } else if !patient && shared.told.load(Ordering::Relaxed) {
            end(shared, &format!("told to end, while {doing}"));
        }
    }
}

fn end(shared: &Shared, sentence: &str) {
    let (mut state, text) = (shared.unanswered)(sentence);
    if shared.said.swap(true, Ordering::SeqCst) {
        // The answer is being written. Whoever does not read it has waited long enough.
        thread::sleep(LATE);
        state = State::Unknown;
    } else {
        let mut out = io::stdout();
        if out
            .write_all(text.as_bytes())
            .and_then(|()| out.flush())
            .is_err()
        {
            state = State::Unknown;
        }
    }
    std::process::exit(state.exit_status().into());
}
