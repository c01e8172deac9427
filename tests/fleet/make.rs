//! Makes the captures of a fleet, and knows what is wrong with them.

use std::fs;
use std::path::{Path, PathBuf};

use borgq_capture::{Capture, Circumstances, Ended, Outcome, Timezone};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::base::{self, Base, Place};
use crate::cases::known;

/// When the fleet is judged.
pub const NOW: &str = "2025-06-15T12:00:00Z";

/// How many captures a host has.
const NAMES: &[&str] = &["local", "offsite", "mail", "home", "db"];

/// Zones, with their offsets in minutes in May and June.
const ZONES: &[(&str, i32)] = &[
    ("UTC", 0),
    ("Europe/Berlin", 120),
    ("America/New_York", -240),
    ("Asia/Kolkata", 330),
    ("Australia/Lord_Howe", 630),
];

/// What a check must find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planted {
    /// The file, the rule, or the group: location and name.
    pub about: String,
    /// The code of the finding, or the metric.
    pub code: String,
    pub state: String,
}

impl Planted {
    /// Whether this was found for what was planted.
    pub fn is(&self, planted: &Self) -> bool {
        let about = self.about == planted.about
            || self.about.starts_with(&format!("{}: ", planted.about))
            || self.about.starts_with(&format!("{} is ", planted.about));
        about && self.code == planted.code && self.state == planted.state
    }
}

/// What is wrong with a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Problem {
    Late,
    Dead,
    Cut,
    Edited,
    Nothing,
    NoJson,
    Locked,
    Failed,
    Warned,
    NoArchives,
    Checkpoints,
    Future,
    NoZone,
    Missing,
    OneCopy,
    SilentHost,
}

impl Problem {
    const ALL: &[Self] = &[
        Self::Late,
        Self::Dead,
        Self::Cut,
        Self::Edited,
        Self::Nothing,
        Self::NoJson,
        Self::Locked,
        Self::Failed,
        Self::Warned,
        Self::NoArchives,
        Self::Checkpoints,
        Self::Future,
        Self::NoZone,
        Self::Missing,
        Self::OneCopy,
        Self::SilentHost,
    ];

    /// Of ten captures one has a problem.
    fn of(number: usize) -> Option<Self> {
        let problem = Self::ALL.get(number / 10 % Self::ALL.len());
        problem.filter(|_| number % 10 == 7).copied()
    }
}

/// The rules beside the captures.
const RULES: &str = "\
# Backups that are made once a month.
[[rule]]
repository = 're:.*/monthly/.*'
warning = '32d'
critical = '40d'

# Repositories that several hosts share.
[[rule]]
repository = 're:.*/shared/.*'
host = 'sh:*'

# What must be in two places.
[[rule]]
repository = 're:.*/copies/.*'
copies = 2
";

/// Captures in a directory.
pub struct Fleet {
    /// What is wrong with them.
    pub planted: Vec<Planted>,
    /// How many groups can be judged.
    pub groups: usize,
    directory: PathBuf,
    rules: String,
    bases: Vec<Base>,
    list_1: Base,
    list_2: Base,
}

impl Fleet {
    /// Makes so many captures below `directory`, each in `captures/HOST/NAME.json`,
    /// with `rules.toml` and `planted.json` beside them. It is the same fleet
    /// in every run.
    pub fn make(directory: &Path, number: usize) -> Self {
        let bases = base::all();
        assert!(
            bases.len() > 300,
            "only {} outputs can be used",
            bases.len()
        );
        let mut fleet = Self {
            planted: Vec::new(),
            groups: 0,
            directory: directory.to_owned(),
            rules: RULES.into(),
            list_1: base::named(&bases, "borg-1.4.5/repo-list--thirty-utc"),
            list_2: base::named(&bases, "borg-2.0.0b25/repo-list--thirty-utc"),
            bases,
        };
        (0..number).for_each(|number| fleet.capture(number));
        fs::write(directory.join("rules.toml"), &fleet.rules).unwrap();
        let planted = fleet.planted.iter().map(
            |planted| json!({"about": planted.about, "code": planted.code, "state": planted.state}),
        );
        let planted: Value = planted.collect();
        fs::write(directory.join("planted.json"), format!("{planted:#}\n")).unwrap();
        fleet
    }

    fn capture(&mut self, number: usize) {
        let host = format!("host{:05}", number / NAMES.len());
        let name = NAMES[number % NAMES.len()];
        let problem = Problem::of(number);
        let path = self.directory.join(format!("captures/{host}/{name}.json"));
        let file = path.to_str().unwrap().to_owned();
        if problem == Some(Problem::Missing) {
            self.rules += &format!("\n[[rule]]\nlabel = 'gone-{number}'\nexpect = true\n");
            let rule = format!("label gone-{number}");
            return self.plant(&rule, "missing", "CRITICAL");
        }
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let bytes = match problem {
            Some(Problem::Nothing) => {
                self.plant(&file, "empty", "UNKNOWN");
                Vec::new()
            }
            Some(Problem::NoJson) => {
                self.plant(&file, "no-document", "UNKNOWN");
                b"sh: 1: borg: not found\n".to_vec()
            }
            _ => self.run(number, &host, name, problem, &file),
        };
        fs::write(path, bytes).unwrap();
    }

    /// A captured run.
    fn run(
        &mut self,
        number: usize,
        host: &str,
        name: &str,
        problem: Option<Problem>,
        file: &str,
    ) -> Vec<u8> {
        let monthly = problem.is_none() && number % 10 == 3;
        let folder = match problem {
            Some(Problem::OneCopy) => "copies",
            Some(Problem::SilentHost) => "shared",
            _ if monthly => "monthly",
            _ => "daily",
        };
        let hours = match problem {
            Some(Problem::Late) => 30,
            Some(Problem::Dead) => 200,
            // Three of the daily archives are in the future.
            Some(Problem::Future) => -62,
            _ if monthly => 400,
            _ => (number * 7 % 20 + 1) as i64,
        };
        let now: DateTime<Utc> = NOW.parse().unwrap();
        let (zone, minutes) = ZONES[number / 3 % ZONES.len()];
        let base = match problem {
            None | Some(Problem::Late | Problem::Dead | Problem::Cut | Problem::Edited) => {
                self.bases[number % self.bases.len()].clone()
            }
            Some(Problem::SilentHost) => self.list_2.clone(),
            _ => self.list_1.clone(),
        };
        let location = |at: usize| format!("ssh://backup@store/srv/{folder}/{host}/{name}/{at}");
        let mut printed = base.at(|at| Place {
            // The beginning alone tells ids apart.
            id: format!("{:08x}{:056x}", number * 8 + at + 1, 7),
            location: location(at),
            label: format!("{host} {name} {at}"),
            host,
            newest: now - TimeDelta::hours(hours),
            offset: TimeDelta::minutes(minutes.into()),
        });
        let place = location(0);
        let mut outcome = Outcome {
            stdout: Vec::new(),
            stderr: Vec::new(),
            stderr_length: 0,
            stderr_warnings: 0,
            ended: Ended::Exited(0),
        };
        let mut stderr = "";
        let mut zone = known(zone);
        let documents = base.documents();
        match problem {
            None => self.groups += documents,
            Some(Problem::Late | Problem::Dead) => {
                self.groups += documents;
                let state = match problem {
                    Some(Problem::Late) => "WARNING",
                    _ => "CRITICAL",
                };
                (0..documents).for_each(|at| self.plant(&location(at), "age", state));
            }
            Some(Problem::Locked) => {
                outcome.ended = Ended::Exited(2);
                stderr = "Failed to create/acquire the lock /srv/lock.exclusive (timeout).\n";
                self.plant(file, "locked", "UNKNOWN");
            }
            Some(Problem::Failed) => {
                outcome.ended = Ended::Exited(2);
                stderr = "Repository /srv/gone does not exist.\n";
                self.plant(file, "run-failed", "UNKNOWN");
            }
            Some(Problem::Warned) => {
                outcome.ended = Ended::Exited(1);
                stderr = "/home/x: file changed while we backed it up\n";
                self.groups += 1;
                self.plant(file, "run-warning", "WARNING");
            }
            Some(Problem::NoArchives) => {
                printed["archives"] = json!([]);
                self.groups += 1;
                self.plant(&place, "no-backup", "CRITICAL");
            }
            Some(Problem::Checkpoints) => {
                for archive in printed["archives"].as_array_mut().unwrap() {
                    let name = format!("{}.checkpoint", archive["name"].as_str().unwrap());
                    for key in ["name", "archive", "barchive"] {
                        archive[key] = name.clone().into();
                    }
                }
                self.groups += 1;
                self.plant(&place, "checkpoint-only", "CRITICAL");
            }
            Some(Problem::Future) => {
                self.groups += 1;
                self.plant(&place, "future", "WARNING");
            }
            Some(Problem::NoZone) => {
                assert!(base.needs_zone());
                zone = "Mars/Olympus_Mons";
                self.plant(file, "no-timezone", "UNKNOWN");
            }
            Some(Problem::OneCopy) => {
                self.groups += 1;
                self.plant("web-*", "too-few-copies", "CRITICAL");
                // Each fleet has one series of each such host.
                for archive in printed["archives"].as_array_mut().unwrap() {
                    for key in ["name", "archive", "barchive"] {
                        archive[key] =
                            format!("{host}-{}", &archive[key].as_str().unwrap()[4..]).into();
                    }
                }
                self.planted.last_mut().unwrap().about = format!("{host}-*");
            }
            Some(Problem::SilentHost) => {
                let archives = printed["archives"].as_array_mut().unwrap();
                let silent = archives.len() - 6;
                for archive in &mut archives[..silent] {
                    archive["hostname"] = format!("silent{number}").into();
                }
                self.groups += 2;
                let group = format!("{place} silent{number}");
                self.plant(&group, "age", "CRITICAL");
            }
            Some(Problem::Cut | Problem::Edited) => self.plant(file, "truncated", "UNKNOWN"),
            Some(Problem::Missing | Problem::Nothing | Problem::NoJson) => unreachable!(),
        }
        if stderr.is_empty() || problem == Some(Problem::Warned) {
            outcome.stdout = pretty(&printed);
        }
        outcome.stderr = stderr.as_bytes().to_vec();
        outcome.stderr_length = outcome.stderr.len() as u64;
        let circumstances = Circumstances {
            started: now - TimeDelta::minutes(30),
            finished: now - TimeDelta::minutes(29),
            timezone: Timezone {
                name: zone.into(),
                utc_offset_seconds: minutes * 60,
            },
            host: Some(host.into()),
            user: Some("root".into()),
            program_version: None,
            checks: None,
        };
        let command = ["borg", "list", "--json", &place].map(Into::into);
        let mut bytes = Capture::of(&command, Some(outcome), circumstances).to_bytes();
        match problem {
            Some(Problem::Cut) => bytes.truncate(bytes.len() * 2 / 3),
            Some(Problem::Edited) => {
                // An age is made younger by one digit.
                let at = bytes.iter().rposition(u8::is_ascii_digit).unwrap();
                bytes[at] = if bytes[at] == b'9' {
                    b'8'
                } else {
                    bytes[at] + 1
                };
            }
            _ => {}
        }
        bytes
    }

    fn plant(&mut self, about: &str, code: &str, state: &str) {
        self.planted.push(Planted {
            about: about.into(),
            code: code.into(),
            state: state.into(),
        });
    }
}

/// As borg prints it.
fn pretty(printed: &Value) -> Vec<u8> {
    use serde::Serialize as _;
    let mut bytes = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    printed.serialize(&mut serializer).unwrap();
    bytes.push(b'\n');
    bytes
}
