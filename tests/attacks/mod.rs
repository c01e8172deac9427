//! Attacks and faults, one a row, against the programs as the system starts them.

mod command;
mod faults;
mod input;
mod secrets;

use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::documents::list;

/// It is in places where only secrets are, and must be nowhere else.
const SECRET: &str = "hunter2secret";

/// What is done, and how it ends.
struct Attack {
    name: &'static str,
    /// A shell script in a folder of its own, which has the programs as `$check`
    /// and `$borgq`, and `$at`: the time and the zone of `fresh.json`.
    script: &'static str,
    status: i32,
    /// What is said.
    words: &'static str,
}

/// It ends as UNKNOWN, and with these words.
const fn unknown(name: &'static str, script: &'static str, words: &'static str) -> Attack {
    ends(name, script, 3, words)
}

/// It changes nothing: it is OK as without it.
const fn harmless(name: &'static str, script: &'static str) -> Attack {
    ends(name, script, 0, "BORG OK: 1 ")
}

/// This is the exit status.
const fn ends(
    name: &'static str,
    script: &'static str,
    status: i32,
    words: &'static str,
) -> Attack {
    Attack {
        name,
        script,
        status,
        words,
    }
}

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        use std::sync::atomic::{AtomicUsize, Ordering};
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("borgq-attack-{}-{number}", std::process::id());
        let folder = Self(std::env::temp_dir().join(name));
        std::fs::create_dir(&folder.0).unwrap();
        let fresh = list("web", &[("web-2", "2025-03-10T02:00:00")]);
        folder.write("fresh.json", &fresh);
        folder.write(
            "old.json",
            &list("web", &[("web-1", "2024-03-10T02:00:00")]),
        );
        let mut secret = fresh.clone();
        secret["repository"]["location"] = format!("ssh://me:{SECRET}@host/srv/web").into();
        folder.write("secret.json", &secret);
        secret["archives"][0]["command_line"] =
            format!("borg create ssh://me:{SECRET}@host/r BORG_PASSPHRASE={SECRET}").into();
        let mut long = fresh.clone();
        long["archives"][0]["comment"] = "@LONG@".into();
        folder.write("long.json", &long);
        let mut count = fresh;
        count["archives"][0]["nfiles"] = "@COUNT@".into();
        let text = count.to_string().replace("\"@COUNT@\"", "@COUNT@");
        std::fs::write(folder.0.join("count.json"), text).unwrap();
        folder.write(
            "configuration.json",
            &json!([{
                "encryption_passphrase": SECRET,
                "repositories": [{"path": "/srv/web", "label": ""}],
                "source_directories": ["/home"],
            }]),
        );
        folder
    }

    fn write(&self, name: &str, document: &Value) {
        std::fs::write(self.0.join(name), document.to_string()).unwrap();
    }

    fn run(&self, script: &str) -> Output {
        Command::new("sh")
            .args(["-c", script])
            .current_dir(&self.0)
            .env("check", env!("CARGO_BIN_EXE_check_borg"))
            .env("borgq", env!("CARGO_BIN_EXE_borgq"))
            .env("at", "--now 2025-03-10T12:00:00Z --timezone UTC")
            .output()
            .unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs attacks, a few at a time.
#[track_caller]
fn all_end(attacks: &[Attack]) {
    let wrong = Mutex::new(Vec::new());
    for some in attacks.chunks(4) {
        std::thread::scope(|scope| {
            for attack in some {
                scope.spawn(|| {
                    if let Err(how) = attack.end() {
                        wrong.lock().unwrap().push(how);
                    }
                });
            }
        });
    }
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

impl Attack {
    /// What is wrong with its end, if anything is.
    fn end(&self) -> Result<(), String> {
        let Self {
            name,
            script,
            status,
            words,
        } = *self;
        let begin = Instant::now();
        let output = Folder::new().run(script);
        let out = String::from_utf8_lossy(&output.stdout);
        let err = String::from_utf8_lossy(&output.stderr);
        let said = out.contains(words)
            && (!words.is_empty() || out.is_empty() || !script.contains("$check"));
        let silent = err.is_empty() || script.contains("$borgq");
        let masked = !out.contains(SECRET) && !err.contains(SECRET);
        // Its own limit is below a minute, and many run at once.
        let quick = begin.elapsed() < Duration::from_secs(120);
        if output.status.code() == Some(status) && said && silent && masked && quick {
            return Ok(());
        }
        let out: String = out.chars().take(500).collect();
        let err: String = err.chars().take(500).collect();
        Err(format!("{name}: {script}\n{}\n{out}{err}", output.status))
    }
}
