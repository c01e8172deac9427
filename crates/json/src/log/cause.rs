//! [`Cause`]: why a run failed, in the words of borg, ssh and the system.

/// Why a run failed, as far as it matters to whoever must act.
///
/// The order is that of sureness, the surest first: of several causes that one
/// run tells, the others are mostly what followed from it, or have another reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// Somebody else holds the lock of the repository, perhaps a backup that runs.
    Locked,
    /// The passphrase is wrong, or there is none.
    WrongPassphrase,
    /// The key of the repository is missing.
    NoKey,
    /// There is no repository there.
    NoRepository,
    /// A login is refused, or something may not be read or written.
    Denied,
    /// The host of the repository cannot be reached.
    Unreachable,
}

/// Message ids, without the class that some versions of borg put before them.
const IDS: &[(&str, Cause)] = &[
    ("LockTimeout", Cause::Locked),
    ("LockError", Cause::Locked),
    ("LockErrorT", Cause::Locked),
    ("PassphraseWrong", Cause::WrongPassphrase),
    ("PasswordRetriesExceeded", Cause::WrongPassphrase),
    ("NoPassphraseFailure", Cause::WrongPassphrase),
    ("PasscommandFailure", Cause::WrongPassphrase),
    ("KeyfileNotFoundError", Cause::NoKey),
    ("RepoKeyNotFoundError", Cause::NoKey),
    ("Repository.DoesNotExist", Cause::NoRepository),
    ("Repository.InvalidRepository", Cause::NoRepository),
    ("ConnectionClosed", Cause::Unreachable),
    ("ConnectionClosedWithHint", Cause::Unreachable),
    ("ConnectionBrokenWithHint", Cause::Unreachable),
    ("PathPermissionDenied", Cause::Denied),
    ("PathNotAllowed", Cause::Denied),
];

/// What borg, ssh and the system say, in lower case: all of the words in one
/// line. That a file to back up may not be read is no cause: such a line says
/// `open: [Errno 13] Permission denied`.
const WORDS: &[(&[&str], Cause)] = &[
    (&["acquire the lock", "permission denied"], Cause::Denied),
    (
        &["acquire the lock", "read-only file system"],
        Cause::Denied,
    ),
    (&["acquire the lock"], Cause::Locked),
    (&["failed to lock"], Cause::Locked),
    (&["passphrase supplied in"], Cause::WrongPassphrase),
    (
        &["exceeded the maximum password retries"],
        Cause::WrongPassphrase,
    ),
    (&["no key file for repository"], Cause::NoKey),
    (&["no key entry found"], Cause::NoKey),
    // borg 2 names the repository by its parts, borgmatic by its label.
    (&["repository ", " does not exist."], Cause::NoRepository),
    (&["is not a valid repository"], Cause::NoRepository),
    (&["permission denied ("], Cause::Denied),
    (&["permission denied, please try again"], Cause::Denied),
    (&["permission denied to "], Cause::Denied),
    (&["permissionerror"], Cause::Denied),
    (&["connection refused"], Cause::Unreachable),
    (&["connection timed out"], Cause::Unreachable),
    (&["operation timed out"], Cause::Unreachable),
    (&["connection closed"], Cause::Unreachable),
    (&["connection reset"], Cause::Unreachable),
    (&["could not resolve hostname"], Cause::Unreachable),
    (&["name or service not known"], Cause::Unreachable),
    (&["no route to host"], Cause::Unreachable),
    (&["host is down"], Cause::Unreachable),
    (&["network is unreachable"], Cause::Unreachable),
    (&["host key verification failed"], Cause::Unreachable),
];

impl Cause {
    /// What a message id of borg means.
    ///
    /// ```
    /// use borgq_json::log::Cause;
    ///
    /// assert_eq!(Cause::of_message_id("LockTimeout"), Some(Cause::Locked));
    /// assert_eq!(Cause::of_message_id("Archive.DoesNotExist"), None);
    /// ```
    #[must_use]
    pub fn of_message_id(id: &str) -> Option<Self> {
        let is = |known: &str| {
            let before = id.strip_suffix(known);
            before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
        };
        IDS.iter()
            .find(|(known, _)| is(known))
            .map(|(_, cause)| *cause)
    }

    /// What a line of text means. The lock that may not be made is no lock that
    /// somebody holds.
    ///
    /// ```
    /// use borgq_json::log::Cause;
    ///
    /// let line = "Failed to create/acquire the lock /srv/repo/lock.exclusive (timeout).";
    /// assert_eq!(Cause::of_text(line), Some(Cause::Locked));
    /// ```
    #[must_use]
    pub fn of_text(line: &str) -> Option<Self> {
        let line = line.to_lowercase();
        let tells = |words: &[&str]| words.iter().all(|word| line.contains(word));
        let told = WORDS.iter().find(|(words, _)| tells(words));
        told.map(|(_, cause)| *cause)
    }

    /// What an exit status of borg means, where it is one of the many that
    /// `BORG_EXIT_CODES=modern` asks for in borg 1.4, and borg 2 always has.
    ///
    /// ```
    /// assert_eq!(borgq_json::log::Cause::of_exit_status(73), Some(borgq_json::log::Cause::Locked));
    /// assert_eq!(borgq_json::log::Cause::of_exit_status(2), None);
    /// ```
    #[must_use]
    pub const fn of_exit_status(status: i32) -> Option<Self> {
        Some(match status {
            70..=75 => Self::Locked,
            13 | 15 => Self::NoRepository,
            42 | 44 => Self::NoKey,
            51..=53 => Self::WrongPassphrase,
            80 | 81 => Self::Unreachable,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_count_whole_and_with_their_class() {
        assert_eq!(
            Cause::of_message_id("Lock.LockTimeout"),
            Some(Cause::Locked)
        );
        assert_eq!(Cause::of_message_id("NotLockTimeout"), None);
        let gone = Some(Cause::NoRepository);
        assert_eq!(Cause::of_message_id("Repository.DoesNotExist"), gone);
        assert_eq!(Cause::of_message_id("DoesNotExist"), None);
    }

    #[test]
    fn a_lock_that_may_not_be_made_is_not_held() {
        let lock = "Failed to create/acquire the lock /srv/lock.exclusive";
        let says = |why: &str| Cause::of_text(&format!("{lock} ({why})."));
        assert_eq!(says("timeout"), Some(Cause::Locked));
        assert_eq!(
            says("[Errno 13] Permission denied: '/srv/lock'"),
            Some(Cause::Denied)
        );
        assert_eq!(
            says("[Errno 30] Read-only file system: '/srv/lock'"),
            Some(Cause::Denied)
        );
        assert_eq!(Cause::of_text("Archive one already exists"), None);
        assert_eq!(Cause::of_text("Archive one does not exist"), None);
    }

    #[test]
    fn a_file_that_may_not_be_read_is_no_cause() {
        let line = "/etc/shadow: open: [Errno 13] Permission denied: '/etc/shadow'";
        assert_eq!(Cause::of_text(line), None);
        for line in [
            "Remote: borg@host: Permission denied (publickey).",
            "PermissionError: [Errno 13] Permission denied: '/srv/repo/config'",
            "Permission denied to '/srv/repo'.",
        ] {
            assert_eq!(Cause::of_text(line), Some(Cause::Denied), "{line}");
        }
    }

    #[test]
    fn a_repository_is_missing_whoever_says_so() {
        for line in [
            "Repository /gone does not exist.",
            "web: Repository /gone does not exist.",
            "Repository {'path': '/gone'} does not exist.",
        ] {
            assert_eq!(Cause::of_text(line), Some(Cause::NoRepository), "{line}");
        }
    }
}
