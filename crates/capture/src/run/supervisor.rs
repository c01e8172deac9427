//! [`Supervisor`]: waits for a command, and ends it if it must.

use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, ExitStatus};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, waitid};

use super::family::Family;
use super::pipe::Event;
use super::signals::Signals;
use super::{Ended, Limits};

/// How often it looks whether the command has ended.
const LOOK: Duration = Duration::from_millis(20);
/// How often it looks at a command that was told to end.
const LOOK_AT_END: Duration = Duration::from_millis(10);
/// How long it looks for what was killed: what the system holds may never go.
const KILLED: Duration = Duration::from_secs(1);

/// Waits for a command, and ends it if it must.
pub(super) struct Supervisor<'a> {
    child: &'a mut Child,
    events: &'a Receiver<Event>,
    signals: &'a Signals,
    deadline: Instant,
    limits: Limits,
}

impl<'a> Supervisor<'a> {
    pub(super) fn new(
        child: &'a mut Child,
        events: &'a Receiver<Event>,
        signals: &'a Signals,
        deadline: Instant,
        limits: Limits,
    ) -> Self {
        Self {
            child,
            events,
            signals,
            deadline,
            limits,
        }
    }

    /// How the command ended, by itself or from here.
    pub(super) fn wait(mut self) -> Ended {
        let mut open = 2;
        loop {
            match self.event(if open == 0 { Duration::ZERO } else { LOOK }) {
                Ok(Event::Closed) => open -= 1,
                Ok(Event::TooMuch) => return self.end(Ended::TooMuch),
                Err(RecvTimeoutError::Timeout) => {}
                // Both pipes are closed: the command is about to end.
                Err(RecvTimeoutError::Disconnected) => thread::sleep(Duration::from_millis(1)),
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                return self.drain(open, ended_by(status));
            }
            if let Some(signal) = self.asks() {
                return self.end(Ended::Signalled(signal));
            }
            if let Some(signal) = self.signals.came() {
                return self.end(Ended::Interrupted(signal));
            }
            if Instant::now() >= self.deadline {
                return self.end(Ended::TimedOut);
            }
        }
    }

    fn event(&self, timeout: Duration) -> Result<Event, RecvTimeoutError> {
        self.events.recv_timeout(timeout)
    }

    fn pid(&self) -> Option<Pid> {
        i32::try_from(self.child.id()).ok().and_then(Pid::from_raw)
    }

    /// The signal that stopped the command because it asks something on the
    /// terminal, which is not its own: nobody could answer, and it would never go on.
    fn asks(&self) -> Option<i32> {
        let stopped = WaitIdOptions::STOPPED | WaitIdOptions::NOHANG;
        let status = waitid(WaitId::Pid(self.pid()?), stopped).ok()??;
        let signal = status.stopping_signal()?;
        [Signal::TTIN, Signal::TTOU]
            .iter()
            .any(|asking| asking.as_raw() == signal)
            .then_some(signal)
    }

    /// Waits until the pipes of a command that has ended are closed, and ends
    /// what is left of its group.
    fn drain(mut self, mut open: i32, ended: Ended) -> Ended {
        let until = self.until();
        while open > 0 && Instant::now() < until {
            match self.event(LOOK) {
                Ok(Event::Closed) => open -= 1,
                Ok(Event::TooMuch) => return self.end(Ended::TooMuch),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if let Some(signal) = self.signals.came() {
                return self.end(Ended::Interrupted(signal));
            }
        }
        match self.pid().map(Family::of_group) {
            Some(group) if group.is_left() => {
                self.end_all(&group);
                ended
            }
            _ => ended,
        }
    }

    /// Ends all that the command started.
    fn end(&mut self, ended: Ended) -> Ended {
        let adopt = self.limits.adopt;
        if let Some(family) = self.pid().map(|group| Family::of(group, adopt)) {
            self.end_all(&family);
        }
        while self.events.try_recv().is_ok() {}
        ended
    }

    /// Gently at first: a borg that is killed leaves its lock behind, so each of
    /// them may use the grace.
    fn end_all(&mut self, family: &Family) {
        family.signal(Signal::TERM);
        // What was stopped hears nothing else.
        family.signal(Signal::CONT);
        self.watch_go(family, self.until());
        family.signal(Signal::KILL);
        self.watch_go(family, Instant::now() + KILLED);
    }

    /// The end of the grace that begins now.
    fn until(&self) -> Instant {
        Instant::now().min(self.deadline) + self.limits.grace
    }

    /// Waits until all of them are gone, but no longer than that.
    fn watch_go(&mut self, family: &Family, until: Instant) {
        while (matches!(self.child.try_wait(), Ok(None)) || family.is_left())
            && Instant::now() < until
        {
            thread::sleep(LOOK_AT_END);
        }
    }
}

fn ended_by(status: ExitStatus) -> Ended {
    match (status.code(), status.signal()) {
        (Some(code), _) => Ended::Exited(code),
        (None, signal) => Ended::Signalled(signal.unwrap_or(0)),
    }
}
