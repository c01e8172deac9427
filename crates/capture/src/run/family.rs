//! [`Family`]: a command with all that it started.

#[cfg(target_os = "linux")]
use std::{fs, os::fd::OwnedFd};

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
#[cfg(target_os = "linux")]
use rustix::process::{PidfdFlags, getpid, pidfd_open, pidfd_send_signal};

/// The process group of a command, and its descendants who left it.
pub(super) struct Family {
    group: Pid,
    #[cfg(target_os = "linux")]
    strangers: Vec<(Pid, OwnedFd)>,
}

impl Family {
    /// All of it, as it is now. Who lost the parent is found if this program has
    /// adopted such.
    pub(super) fn of(group: Pid, adopt: bool) -> Self {
        #[cfg(not(target_os = "linux"))]
        let _ = adopt;
        Self {
            group,
            #[cfg(target_os = "linux")]
            strangers: strangers(group, adopt),
        }
    }

    /// The group alone.
    pub(super) const fn of_group(group: Pid) -> Self {
        Self {
            group,
            #[cfg(target_os = "linux")]
            strangers: Vec::new(),
        }
    }

    /// Sends a signal to all of them. They may be gone already.
    pub(super) fn signal(&self, signal: Signal) {
        let _ = kill_process_group(self.group, signal);
        #[cfg(target_os = "linux")]
        for (_, stranger) in &self.strangers {
            let _ = pidfd_send_signal(stranger, signal);
        }
    }

    /// Whether one of them is left.
    #[cfg(target_os = "linux")]
    pub(super) fn is_left(&self) -> bool {
        // Whoever has ended stays in the group until its parent has looked, and
        // not every parent does.
        let group = number(self.group);
        let in_group = |process: &Process| process.group == group && process.is_alive();
        let read = |pid| Process::read(pid).is_some_and(|process| process.is_alive());
        self.strangers.iter().any(|(pid, _)| read(*pid))
            || test_kill_process_group(self.group).is_ok() && processes().iter().any(in_group)
    }

    /// Whether one of them is left.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn is_left(&self) -> bool {
        test_kill_process_group(self.group).is_ok()
    }
}

/// A line of the process table.
#[cfg(target_os = "linux")]
struct Process {
    pid: Pid,
    state: char,
    parent: i32,
    group: i32,
}

#[cfg(target_os = "linux")]
impl Process {
    fn read(pid: Pid) -> Option<Self> {
        let line = fs::read(format!("/proc/{}/stat", number(pid))).ok()?;
        let line = String::from_utf8_lossy(&line);
        // The name of the program can hold anything, also blanks and brackets.
        let mut fields = line.rsplit_once(')')?.1.split_ascii_whitespace();
        Some(Self {
            pid,
            state: fields.next()?.chars().next()?,
            parent: fields.next()?.parse().ok()?,
            group: fields.next()?.parse().ok()?,
        })
    }

    const fn is_alive(&self) -> bool {
        !matches!(self.state, 'Z' | 'X')
    }
}

/// The descendants of a group that are not in it, and what this program has
/// adopted. The handle of each stays its own, even if another process gets its
/// number.
#[cfg(target_os = "linux")]
fn strangers(group: Pid, adopt: bool) -> Vec<(Pid, OwnedFd)> {
    let (members, mut others): (Vec<_>, Vec<_>) = processes()
        .into_iter()
        .partition(|process| process.group == number(group));
    let mut parents: Vec<_> = members.iter().map(|process| number(process.pid)).collect();
    if adopt {
        parents.push(number(getpid()));
    }
    let mut strangers = Vec::new();
    while !parents.is_empty() {
        let children;
        (children, others) = others
            .into_iter()
            .partition(|process| parents.contains(&process.parent));
        parents = children.iter().map(|child| number(child.pid)).collect();
        let open = |child: &Process| {
            let handle = pidfd_open(child.pid, PidfdFlags::empty()).ok()?;
            Some((child.pid, handle))
        };
        strangers.extend(children.iter().filter_map(open));
    }
    strangers
}

#[cfg(target_os = "linux")]
const fn number(pid: Pid) -> i32 {
    pid.as_raw_nonzero().get()
}

#[cfg(target_os = "linux")]
fn processes() -> Vec<Process> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers
        .filter_map(Pid::from_raw)
        .filter_map(Process::read)
        .collect()
}
