//! [`replace`]: a file is the old one or the new one, never a torn one.

use std::fs::{self, File, Permissions};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rustix::fs::{
    AtFlags, CWD, FlockOperation, Mode, OFlags, flock, linkat, open, renameat, unlinkat,
};

/// Writes a file, or replaces it, in one step.
///
/// The parts go, one behind the other, to a file of the same directory that has no name until all of
/// them are on the disk. Then it takes the place of the old one. Two who write at
/// once each write a whole file, and the later one stays. Whatever fails, the
/// old file stays as it was, and nothing is left over. Only a kill in the moment
/// between the new name and its place, or where the file system knows no files
/// without a name, leaves a hidden file; the next call removes it.
///
/// `mode` holds whatever the umask is.
///
/// # Errors
///
/// Those of the system.
///
/// ```
/// let path = std::env::temp_dir().join(format!("borgq-replace-{}", std::process::id()));
/// borgq_capture::replace(&path, &[b"a new ", b"one"], 0o640)?;
/// assert_eq!(std::fs::read(&path)?, b"a new one");
/// # std::fs::remove_file(path)?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn replace(path: &Path, parts: &[&[u8]], mode: u32) -> io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let prefix = format!(".{}.", name.to_string_lossy());
    tidy(folder, &prefix);
    let hidden = folder.join(format!("{prefix}{:016x}", RandomState::new().hash_one(0)));
    // Held until it has its place.
    let (filled, _held) = match open(
        folder,
        OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC,
        Mode::RUSR,
    ) {
        Ok(file) => {
            let file = File::from(file);
            let filled = fill(&file, parts, mode).and_then(|()| link(&file, &hidden));
            (filled, Some(file))
        }
        Err(_) => match File::create_new(&hidden) {
            Ok(file) => (fill(&file, parts, mode), Some(file)),
            Err(error) => (Err(error), None),
        },
    };
    let replaced = filled.and_then(|()| Ok(renameat(CWD, &hidden, CWD, path)?));
    if let Err(error) = replaced {
        let _ = unlinkat(CWD, &hidden, AtFlags::empty());
        return Err(error);
    }
    File::open(folder)?.sync_all()
}

/// Removes the hidden files that killed processes left: nobody holds them.
fn tidy(folder: &Path, prefix: &str) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name();
        let random = name.to_str().and_then(|name| name.strip_prefix(prefix));
        let hex =
            |random: &str| random.len() == 16 && random.bytes().all(|b| b.is_ascii_hexdigit());
        if random.is_some_and(hex)
            && let Ok(file) = File::open(entry.path())
            && flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok()
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn fill(mut file: &File, parts: &[&[u8]], mode: u32) -> io::Result<()> {
    // As long as it is held, it is no leftover. Where there are no locks, none is removed.
    let _ = flock(file, FlockOperation::NonBlockingLockExclusive);
    for part in parts {
        file.write_all(part)?;
    }
    file.set_permissions(Permissions::from_mode(mode))?;
    file.sync_all()
}

/// Gives a file without a name one.
fn link(file: &File, name: &Path) -> io::Result<()> {
    use std::os::fd::AsRawFd as _;
    let open = format!("/proc/self/fd/{}", file.as_raw_fd());
    Ok(linkat(
        CWD,
        open.as_str(),
        CWD,
        name,
        AtFlags::SYMLINK_FOLLOW,
    )?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("borgq-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn a_file_is_replaced_with_its_mode_and_nothing_is_left() {
        let folder = folder("replaced");
        let path = folder.join("a.json");
        for (bytes, mode) in [(&b"one"[..], 0o640), (b"twotwo", 0o600), (b"", 0o444)] {
            replace(&path, &[bytes], mode).unwrap();
            assert_eq!(fs::read(&path).unwrap(), bytes);
            assert_eq!(
                fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                mode
            );
        }
        assert_eq!(names(&folder), ["a.json"]);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_fails_leaves_the_old_file() {
        let folder = folder("kept");
        let path = folder.join("a.json");
        // A directory cannot be replaced by a file.
        fs::create_dir(&path).unwrap();
        assert!(replace(&path, &[b"new"], 0o640).is_err());
        assert_eq!(names(&folder), ["a.json"]);
        assert!(replace(&folder.join("gone/a.json"), &[b"new"], 0o640).is_err());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_a_kill_left_is_removed_and_nothing_that_is_held() {
        let folder = folder("tidy");
        let path = folder.join("a.json");
        for left in [
            ".a.json.0123456789abcdef",
            ".b.json.0123456789abcdef",
            ".a.json.mine",
        ] {
            fs::write(folder.join(left), "").unwrap();
        }
        let held = File::create(folder.join(".a.json.fedcba9876543210")).unwrap();
        flock(&held, FlockOperation::NonBlockingLockExclusive).unwrap();
        replace(&path, &[b"new"], 0o640).unwrap();
        let mut kept = names(&folder);
        kept.sort();
        let want = [
            ".a.json.fedcba9876543210",
            ".a.json.mine",
            ".b.json.0123456789abcdef",
            "a.json",
        ];
        assert_eq!(kept, want);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn many_at_once_leave_one_whole_file() {
        let folder = folder("many");
        let path = folder.join("a.json");
        std::thread::scope(|scope| {
            for letter in b'a'..=b'h' {
                let path = &path;
                scope.spawn(move || {
                    for _ in 0..20 {
                        replace(path, &[&vec![letter; 10_000]], 0o640).unwrap();
                        let read = fs::read(path).unwrap();
                        assert!(read.len() == 10_000 && read.iter().all(|byte| *byte == read[0]));
                    }
                });
            }
        });
        assert_eq!(names(&folder), ["a.json"]);
        fs::remove_dir_all(folder).unwrap();
    }
}
