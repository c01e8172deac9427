//! [`replace`]: a file is the old one or the new one, never a torn one.

use std::fs::{File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, open, renameat, unlinkat};

/// Writes a file, or replaces it, in one step.
///
/// The bytes go to a file of the same directory that has no name until all of
/// them are on the disk. Then it takes the place of the old one. Two who write at
/// once each write a whole file, and the later one stays. Whatever fails, the
/// old file stays as it was, and nothing is left over; but where the file system
/// knows no files without a name, a kill can leave a hidden one.
///
/// `mode` holds whatever the umask is.
///
/// # Errors
///
/// Those of the system.
///
/// ```
/// let path = std::env::temp_dir().join(format!("borgq-replace-{}", std::process::id()));
/// borgq_capture::replace(&path, b"new", 0o640)?;
/// assert_eq!(std::fs::read(&path)?, b"new");
/// # std::fs::remove_file(path)?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn replace(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let hidden = hidden(folder, &name.to_string_lossy());
    let filled = match open(
        folder,
        OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC,
        Mode::RUSR,
    ) {
        Ok(file) => {
            let file = File::from(file);
            fill(&file, bytes, mode).and_then(|()| link(&file, &hidden))
        }
        Err(_) => File::create_new(&hidden).and_then(|file| fill(&file, bytes, mode)),
    };
    let replaced = filled.and_then(|()| Ok(renameat(CWD, &hidden, CWD, path)?));
    if let Err(error) = replaced {
        let _ = unlinkat(CWD, &hidden, AtFlags::empty());
        return Err(error);
    }
    File::open(folder)?.sync_all()
}

/// A name that nobody else takes, and that no reader takes for a capture.
fn hidden(folder: &Path, name: &str) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    folder.join(format!(".{name}.{}-{count}", std::process::id()))
}

fn fill(mut file: &File, bytes: &[u8], mode: u32) -> io::Result<()> {
    file.write_all(bytes)?;
    file.set_permissions(Permissions::from_mode(mode))?;
    file.sync_all()
}

/// Gives a file without a name one.
fn link(file: &File, name: &Path) -> io::Result<()> {
    use std::os::fd::AsRawFd as _;
    let open = format!("/proc/self/fd/{}", file.as_raw_fd());
    // One that a killed process of the same number left.
    let _ = unlinkat(CWD, name, AtFlags::empty());
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

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("borgq-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn a_file_is_replaced_with_its_mode_and_nothing_is_left() {
        let folder = folder("replaced");
        let path = folder.join("a.json");
        for (bytes, mode) in [(&b"one"[..], 0o640), (b"twotwo", 0o600), (b"", 0o444)] {
            replace(&path, bytes, mode).unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), bytes);
            assert_eq!(
                std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                mode
            );
        }
        assert_eq!(names(&folder), ["a.json"]);
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_fails_leaves_the_old_file() {
        let folder = folder("kept");
        let path = folder.join("a.json");
        // A directory cannot be replaced by a file.
        std::fs::create_dir(&path).unwrap();
        assert!(replace(&path, b"new", 0o640).is_err());
        assert_eq!(names(&folder), ["a.json"]);
        assert!(replace(&folder.join("gone/a.json"), b"new", 0o640).is_err());
        std::fs::remove_dir_all(folder).unwrap();
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
                        replace(path, &vec![letter; 10_000], 0o640).unwrap();
                        let read = std::fs::read(path).unwrap();
                        assert!(read.len() == 10_000 && read.iter().all(|byte| *byte == read[0]));
                    }
                });
            }
        });
        assert_eq!(names(&folder), ["a.json"]);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
