//! [`gather()`]: an inventory of all inputs that holds only what an answer shows.
//!
//! Inputs are folded where they are plain, on all processors. What is not
//! plain, and what tells of the same repository as another input, is read
//! whole: only that way is every word of it understood.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek as _, SeekFrom};
use std::num::NonZero;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

use borgq_capture::Capture;
use borgq_json::read;
use borgq_query::quantity::Size;
use borgq_query::run::Run;
use borgq_query::{Inventory, Question};
use chrono::{DateTime, Utc};

use super::kept::{Detail, Ends, Kept};
use super::part::{Part, RunKey, with_input};
use super::place::{Place, all, places};
use super::sets::Sets;
use super::{Inputs, Ran, checks, end};
use crate::args::Source;
use crate::clock;
use crate::secrets::hide;
use crate::surroundings::Surroundings;
use crate::watchdog::Watchdog;
use crate::zone::LocalZone;

/// Reads what `source` names into an inventory with all that was said.
///
/// # Errors
///
/// Those of [`Inputs::read`].
pub fn whole(
    source: &Source,
    zone: &LocalZone,
    watchdog: &Watchdog,
    surroundings: &mut Surroundings<'_>,
) -> Result<Inventory, String> {
    let inputs = Inputs::read(source, watchdog, surroundings)?;
    Ok(hide(inputs.into_inventory(zone)))
}

/// Reads what `source` names into an inventory that is [thinned](Inventory::thin)
/// for the question.
///
/// # Errors
///
/// Those of [`Inputs::read`].
pub fn gather(
    source: &Source,
    question: &Question,
    zone: &LocalZone,
    watchdog: &Watchdog,
    surroundings: &mut Surroundings<'_>,
) -> Result<Inventory, String> {
    // An id in a pattern is checked against all ids.
    if question.selection.archives.has_ids() {
        return whole(source, zone, watchdog, surroundings);
    }
    kept(source, question, &Ends, zone, watchdog, surroundings)
}

/// Reads what `source` names into an inventory that is [packed](Inventory::pack)
/// for the question.
///
/// # Errors
///
/// Those of [`Inputs::read`].
pub fn packed(
    source: &Source,
    question: &Question,
    detail: Detail,
    zone: &LocalZone,
    surroundings: &mut Surroundings<'_>,
) -> Result<Inventory, String> {
    let watchdog = &Watchdog::asleep();
    kept(source, question, &detail, zone, watchdog, surroundings)
}

fn kept(
    source: &Source,
    question: &Question,
    kept: &dyn Kept,
    zone: &LocalZone,
    watchdog: &Watchdog,
    surroundings: &mut Surroundings<'_>,
) -> Result<Inventory, String> {
    let reader = Gather {
        question,
        kept,
        zone,
        watchdog,
        most: source.most.max_input,
        zones: Mutex::default(),
    };
    let places = places(source, watchdog, surroundings)?;
    let parts = reader.parts(&places);
    Ok(reader.join(&places, parts))
}

struct Gather<'a> {
    question: &'a Question,
    kept: &'a dyn Kept,
    zone: &'a LocalZone,
    watchdog: &'a Watchdog,
    /// The longest input that is read.
    most: Size,
    /// The zones of captures, each read from the zone database once.
    zones: Mutex<HashMap<String, Arc<LocalZone>>>,
}

/// Memory that is used for one place after another.
#[derive(Default)]
struct Buffers {
    file: Vec<u8>,
    window: Vec<u8>,
}

/// The length up to which a file is read at once, in bytes.
const SMALL: usize = 1 << 20;

/// How many files are worth a thread.
const FILES_A_THREAD: usize = 16;

impl Gather<'_> {
    /// The parts of all places, in their order.
    fn parts(&self, places: &[Place]) -> Vec<Part> {
        let next = AtomicUsize::new(0);
        // Each part has its slot: a list that grows would be copied again and again.
        let slots: Vec<OnceLock<Part>> = places.iter().map(|_| OnceLock::new()).collect();
        let work = || {
            let mut buffers = Buffers::default();
            while let at = next.fetch_add(1, Ordering::Relaxed)
                && let (Some(place), Some(slot)) = (places.get(at), slots.get(at))
            {
                let _ = slot.set(self.part(place, &mut buffers));
            }
        };
        let mut threads = places.len() / FILES_A_THREAD;
        if threads > 1 {
            threads = threads.min(thread::available_parallelism().map_or(1, NonZero::get));
        }
        // A thread that panics has the scope panic.
        thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(work);
            }
            work();
        });
        let parts = slots.into_iter().map(OnceLock::into_inner);
        parts.map(Option::unwrap_or_default).collect()
    }

    fn part(&self, place: &Place, buffers: &mut Buffers) -> Part {
        let Buffers {
            file,
            window: buffer,
        } = buffers;
        let folded = match place {
            Place::File(path) => {
                let name = path.to_string_lossy();
                self.watchdog.stage(&format!("reading {name}"));
                self.file(path, &name, file, buffer)
            }
            Place::Stdin(bytes) => self.bytes(bytes, "-", None, buffer),
            Place::Run { outcome, .. } if Capture::is(&outcome.stdout) => None,
            Place::Run { name, outcome, now } => {
                let ran = Ran {
                    ended: outcome.ended,
                    stdout: &outcome.stdout,
                    stderr: &outcome.stderr,
                };
                let ran = self.ran(ran, name, self.zone, buffer);
                ran.map(|(inventory, of_input)| Part {
                    inventory: with_input(inventory, name, Some(*now)),
                    of_input,
                    run: None,
                })
            }
            Place::Nowhere(_) => None,
        };
        hidden(folded.unwrap_or_else(|| self.whole(&[place])))
    }

    /// What is at a place, folded if it is plain.
    fn file(
        &self,
        path: &Path,
        name: &str,
        bytes: &mut Vec<u8>,
        buffer: &mut Vec<u8>,
    ) -> Option<Part> {
        let mut file = File::open(path).ok()?;
        let status = file.metadata().ok()?;
        // Only a file can be read twice.
        if !status.is_file() || status.len() > self.most.bytes() {
            return None;
        }
        let made = status.modified().ok().and_then(clock::instant);
        let length = usize::try_from(status.len()).ok()?;
        if length <= SMALL {
            // One byte more shows that the file ends there.
            if bytes.len() <= length {
                bytes.resize(length + 1, 0);
            }
            let read = file.read(bytes.get_mut(..=length)?).ok()?;
            return match read == length {
                true => self.bytes(bytes.get(..length)?, name, made, buffer),
                false => None,
            };
        }
        let mut beginning = [0; 32];
        let read = file.read(&mut beginning).ok()?;
        if Capture::is(beginning.get(..read)?) {
            let mut bytes = beginning.get(..read)?.to_vec();
            bytes.append(&mut all(&mut file, self.most).ok()?);
            return self.bytes(&bytes, name, made, buffer);
        }
        file.seek(SeekFrom::Start(0)).ok()?;
        let reader: &mut dyn Read = &mut file.take(status.len());
        let folded = self
            .kept
            .fold(reader.into(), buffer, self.question, name, self.zone);
        Some(Part {
            inventory: with_input(folded.ok()??.inventory, name, made),
            of_input: 0,
            run: None,
        })
    }

    fn bytes(
        &self,
        bytes: &[u8],
        name: &str,
        made: Option<DateTime<Utc>>,
        buffer: &mut Vec<u8>,
    ) -> Option<Part> {
        if Capture::is(bytes) {
            return self.capture(bytes, name, buffer);
        }
        let folded = self
            .kept
            .fold(bytes.into(), buffer, self.question, name, self.zone);
        Some(Part {
            inventory: with_input(folded.ok()??.inventory, name, made),
            of_input: 0,
            run: None,
        })
    }

    fn capture(&self, bytes: &[u8], name: &str, buffer: &mut Vec<u8>) -> Option<Part> {
        let (header, stdout) = Capture::parse(bytes).ok()?;
        let zone = self.zone_of(&header.timezone.name);
        let ran = Ran {
            ended: header.ended()?,
            stdout,
            stderr: header.stderr.text.as_bytes(),
        };
        let (inventory, of_input) = self.ran(ran, name, &zone, buffer)?;
        let mut inventory = with_input(inventory, name, Some(header.finished));
        let told = inventory.repositories.iter().map(|known| known.id);
        inventory.checks = checks(header.checks.as_deref(), told);
        Some(Part {
            inventory,
            of_input,
            run: Some(RunKey {
                host: header.host,
                started: header.started,
                finished: header.finished,
                sha256: header.stdout.sha256,
            }),
        })
    }

    /// What a run printed, and what its end says of that: so many problems.
    fn ran(
        &self,
        ran: Ran<'_>,
        name: &str,
        zone: &LocalZone,
        buffer: &mut Vec<u8>,
    ) -> Option<(Inventory, usize)> {
        let Ran {
            ended,
            stdout,
            stderr,
        } = ran;
        let folded = self
            .kept
            .fold(stdout.into(), buffer, self.question, name, zone)
            .ok()??;
        let run = Run {
            end: end(ended),
            stderr,
            whole: true,
            array: folded.in_array,
        };
        let mut inventory = folded.inventory;
        let problems = run.problems(name);
        let of_input = problems.len();
        inventory.problems.splice(0..0, problems);
        Some((inventory, of_input))
    }

    fn zone_of(&self, name: &str) -> Arc<LocalZone> {
        let mut zones = self.zones.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(zone) = zones.get(name) {
            return Arc::clone(zone);
        }
        let zone = Arc::new(LocalZone::new(Some(name), None));
        zones.insert(name.into(), Arc::clone(&zone));
        zone
    }

    /// The places together, each read whole.
    fn whole(&self, places: &[&Place]) -> Part {
        let mut inputs = Inputs::new(self.most);
        for place in places {
            inputs.take(place, self.watchdog, &mut |bytes| read(bytes));
        }
        let of_input = inputs.problems.len();
        let mut inventory = inputs.into_inventory(self.zone);
        self.kept.reduce(&mut inventory, self.question);
        Part {
            inventory,
            of_input,
            run: None,
        }
    }

    /// All parts together. Those that tell of the same repository are read
    /// again, together.
    fn join(&self, places: &[Place], parts: Vec<Part>) -> Inventory {
        let mut sets = Sets::of(parts.len());
        let mut owners = HashMap::with_capacity(parts.len());
        let mut runs = HashMap::with_capacity(parts.len());
        let mut copies = vec![false; parts.len()];
        for (at, part) in parts.iter().enumerate() {
            if let (Some(run), Some(copy)) = (&part.run, copies.get_mut(at)) {
                *copy = runs.insert(run, at).is_some();
                if *copy {
                    continue;
                }
            }
            for repository in &part.inventory.repositories {
                let owner = *owners
                    .entry((repository.id, &repository.location))
                    .or_insert(at);
                sets.join(owner, at);
            }
        }
        let several = sets.several();
        drop(owners);
        drop(runs);
        let mut joined = Inventory::default();
        joined.repositories.reserve(parts.len());
        joined.inputs.reserve(parts.len());
        let mut of_inputs = Vec::new();
        for ((at, part), copy) in parts.into_iter().enumerate().zip(copies) {
            if copy || sets.least(at) != at {
                continue;
            }
            let mut part = match several.get(&at) {
                Some(set) => {
                    let set: Vec<_> = set.iter().filter_map(|at| places.get(*at)).collect();
                    hidden(self.whole(&set))
                }
                None => part,
            };
            // As reading all at once has it: what is wrong with inputs first.
            if self.kept.is_all() {
                let problems = &mut part.inventory.problems;
                of_inputs.extend(problems.drain(..part.of_input.min(problems.len())));
            }
            joined.append(part.inventory);
        }
        joined.problems.splice(0..0, of_inputs);
        joined
    }
}

/// The same without secrets.
fn hidden(part: Part) -> Part {
    Part {
        inventory: hide(part.inventory),
        ..part
    }
}
