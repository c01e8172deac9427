//! Hides secrets that stand in documents and in what commands say.

use borgq_json::{Document, Reading};
use borgq_mask::mask_text;
use borgq_query::{Archive, Inventory, Problem, Text};

/// Takes the passwords out of all that an answer may show: locations, command
/// lines, comments, and sentences about what is wrong.
pub fn hide(mut inventory: Inventory) -> Inventory {
    for repository in &mut inventory.repositories {
        hide_in(&mut repository.location);
        repository.archives.iter_mut().for_each(hide_archive);
    }
    for input in &mut inventory.inputs {
        input.name = mask_text(&input.name);
    }
    inventory.problems = inventory.problems.into_iter().map(hide_problem).collect();
    inventory
}

/// The same of an archive.
pub fn hide_archive(archive: &mut Archive) {
    archive.command_line.iter_mut().for_each(hide_in);
    archive.comment.iter_mut().for_each(hide_in);
}

/// The same of a problem.
pub fn hide_problem(problem: Problem) -> Problem {
    Problem {
        code: problem.code,
        text: mask_text(&problem.text),
        source: problem.source.as_deref().map(mask_text),
        details: problem.details.iter().map(|line| mask_text(line)).collect(),
        message_id: problem.message_id,
    }
}

/// The same of what `inspect` shows of a reading.
pub fn hide_reading(reading: &mut Reading) {
    for entry in &mut reading.documents {
        match &mut entry.document {
            Document::Create(create) => hide_in(&mut create.repository.location),
            Document::RepoList(list) => hide_in(&mut list.repository.location),
            Document::Info(info) => hide_in(&mut info.repository.location),
            Document::RepoInfo(info) => hide_in(&mut info.repository.location),
            _ => {}
        }
    }
    for skipped in &mut reading.skipped {
        skipped.sample = mask_text(&skipped.sample);
    }
}

/// The same of one text. What is not Unicode stays as it is.
fn hide_in(text: &mut Text) {
    let Some(known) = text.as_str() else { return };
    let masked = mask_text(known);
    if masked != known {
        *text = masked.into();
    }
}
