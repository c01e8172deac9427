//! [`check_times`]: when borgmatic did its consistency checks.

use std::fs;
use std::io;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, TimeDelta, Utc};

use crate::header::Check;

/// Reads the times of consistency checks from borgmatic's state directory.
///
/// borgmatic keeps an empty file for each kind of check below
/// `checks/REPOSITORY_ID/`, or a folder of files if the kind has settings; the
/// time of a check is that of its file. `directory` is the state directory or
/// its `checks`. Without `checks` no check was ever done.
///
/// # Errors
///
/// If a directory that is there cannot be read.
pub fn check_times(directory: &Path) -> io::Result<Vec<Check>> {
    let below = directory.join("checks");
    let directory = if below.is_dir() { &below } else { directory };
    let mut checks = Vec::new();
    for repository in entries(directory)? {
        let Some(repository_id) = repository.file_name().to_str().and_then(id) else {
            continue;
        };
        for check in entries(&repository.path())? {
            if let Some(time) = newest(&check)? {
                checks.push(Check {
                    repository_id: repository_id.clone(),
                    kind: check.file_name().to_string_lossy().into_owned(),
                    time,
                });
            }
        }
    }
    checks.sort_by(|a, b| (&a.repository_id, &a.kind).cmp(&(&b.repository_id, &b.kind)));
    Ok(checks)
}

fn entries(directory: &Path) -> io::Result<Vec<fs::DirEntry>> {
    match fs::read_dir(directory) {
        Ok(entries) => entries.collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn id(name: &str) -> Option<String> {
    let hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    (name.len() == 64 && name.bytes().all(hex)).then(|| name.to_owned())
}

/// The time of a file, or of the newest file of a folder.
fn newest(entry: &fs::DirEntry) -> io::Result<Option<DateTime<Utc>>> {
    if !entry.file_type()?.is_dir() {
        return Ok(instant(entry.metadata()?.modified()?));
    }
    let mut newest = None;
    for file in entries(&entry.path())? {
        newest = newest.max(instant(file.metadata()?.modified()?));
    }
    Ok(newest)
}

/// In whole seconds.
fn instant(time: SystemTime) -> Option<DateTime<Utc>> {
    let seconds = time.duration_since(UNIX_EPOCH).ok()?.as_secs();
    let since = TimeDelta::try_seconds(i64::try_from(seconds).ok()?)?;
    DateTime::UNIX_EPOCH.checked_add_signed(since)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn each_kind_of_check_has_the_time_of_its_newest_file() {
        let folder = std::env::temp_dir().join(format!("borgq-checks-{}", std::process::id()));
        let id = "ab".repeat(32);
        let touch = |path: &str, seconds: u64| {
            let path = folder.join("checks").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let file = fs::File::create(path).unwrap();
            file.set_modified(UNIX_EPOCH + Duration::from_secs(seconds))
                .unwrap();
        };
        touch(&format!("{id}/repository"), 1_741_608_000);
        touch(&format!("{id}/archives/all"), 1_741_500_000);
        touch(&format!("{id}/archives/0123"), 1_741_600_000);
        touch("nonsense/repository", 1);
        let want = [
            ("archives", "2025-03-10T09:46:40Z"),
            ("repository", "2025-03-10T12:00:00Z"),
        ];
        let want = want.map(|(kind, time)| Check {
            repository_id: id.clone(),
            kind: kind.into(),
            time: time.parse().unwrap(),
        });
        assert_eq!(check_times(&folder).unwrap(), want);
        assert_eq!(check_times(&folder.join("checks")).unwrap(), want);
        assert_eq!(check_times(&folder.join("gone")).unwrap(), []);
        fs::remove_dir_all(folder).unwrap();
    }
}
