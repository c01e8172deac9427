//! From documents to the inventory: the one place that knows both.

mod texts;

use borgq_json::{
    ArchiveStats, Create, Document, Generation, Id, InfoArchive, Limits, ProblemCode as InputCode,
    Reading, RepoListArchive, Text, Timestamp,
};

use crate::checkpoint::is_checkpoint;
use crate::model::{Archive, Inventory, Measures, Problem, ProblemCode, Repository, Totals};
use crate::moment::{Moment, Moments, NoMoment, Zone};
use crate::series::series_of;
use texts::{chunker_params, command_line, exact, tags};

impl Inventory {
    /// Adds all documents of a reading, and its problems.
    ///
    /// `source` names the input in problems; clock readings are taken in `zone`.
    ///
    /// ```
    /// use borgq_query::Inventory;
    /// use chrono::FixedOffset;
    ///
    /// # let json = include_bytes!("../../json/examples/repo-list.json");
    /// let mut inventory = Inventory::default();
    /// inventory.add_reading(borgq_json::read(json), "list.json", &FixedOffset::east_opt(0).unwrap());
    /// assert_eq!(inventory.repositories[0].archives[1].time.to_string(), "2025-03-02T02:00:00Z");
    /// assert_eq!(inventory.repositories[0].archives[1].series, "web-*");
    /// ```
    pub fn add_reading(&mut self, reading: Reading, source: &str, zone: &dyn Zone) {
        for problem in reading.problems {
            self.problem(ProblemCode::Input(problem.code), problem.text, source);
        }
        for entry in reading.documents {
            self.add(entry.document, source, zone);
        }
    }

    /// Adds a document. The same repository or archive read twice counts once.
    ///
    /// A document with a time that means no instant is not added: its zone is
    /// wrong, and with it every other time. That is a problem, and so is a dry
    /// run.
    pub fn add(&mut self, document: Document, source: &str, zone: &dyn Zone) {
        match facts(document, &mut Moments::new(zone)) {
            Ok(facts) => self.join(facts, source),
            Err(error) => {
                let code = match error {
                    NoMoment::NoZone(_) => ProblemCode::NoTimezone,
                    NoMoment::Skipped { .. } => ProblemCode::ImpossibleTime,
                    NoMoment::OutOfRange(_) => ProblemCode::Input(InputCode::Unreadable),
                };
                self.problem(code, error.to_string(), source);
            }
        }
    }

    fn problem(&mut self, code: ProblemCode, text: String, source: &str) {
        self.problems.push(Problem::of(source, code, text));
    }

    fn join(&mut self, facts: Facts, source: &str) {
        let Facts {
            repository,
            archives,
            dry_run,
        } = facts;
        if dry_run {
            let text = format!(
                "a dry run made no archive in {}",
                repository.location.to_display()
            );
            self.problem(ProblemCode::DryRun, text, source);
        }
        let repositories = &mut self.repositories;
        let at = match self.known.find(repositories, &repository) {
            Some(at) => {
                if let Some(known) = repositories.get_mut(at) {
                    known.join(repository);
                }
                at
            }
            None => {
                // Most inventories hold the one repository of a file.
                if repositories.is_empty() {
                    repositories.reserve_exact(1);
                }
                repositories.push(repository);
                repositories.len() - 1
            }
        };
        if let Some(repository) = repositories.get_mut(at) {
            repository.add(archives);
        }
    }
}

/// What a document says, in the words of the model.
struct Facts {
    repository: Repository,
    archives: Vec<Archive>,
    dry_run: bool,
}

impl Moments<'_> {
    fn maybe(&mut self, time: Option<Timestamp>) -> Result<Option<Moment>, NoMoment> {
        time.map(|time| self.of(&time)).transpose()
    }
}

fn facts(document: Document, moments: &mut Moments<'_>) -> Result<Facts, NoMoment> {
    let repository = repository(&document, moments)?;
    let is_1x = repository.generation == Generation::V1;
    let mut dry_run = false;
    let archives = match document {
        Document::Create(create) => {
            dry_run = create.archive.is_none();
            create_archive(create, is_1x, moments)?
                .into_iter()
                .collect()
        }
        Document::RepoList(list) => {
            let archives = list.archives.into_iter();
            let archive = |printed| list_archive(printed, is_1x, moments);
            archives.map(archive).collect::<Result<_, _>>()?
        }
        Document::Info(info) => {
            let archives = info.archives.into_iter();
            let archive = |printed| info_archive(printed, is_1x, moments);
            archives.map(archive).collect::<Result<_, _>>()?
        }
        _ => Vec::new(),
    };
    Ok(Facts {
        repository,
        archives,
        dry_run,
    })
}

fn repository(document: &Document, moments: &mut Moments<'_>) -> Result<Repository, NoMoment> {
    let printed = document.repository();
    let encryption = document.encryption();
    let cache = match document {
        Document::Create(create) => create.cache.as_ref(),
        Document::RepoInfo(info) => Some(&info.cache),
        Document::Info(info) => Some(&info.cache),
        _ => None,
    };
    let totals = cache
        .and_then(|cache| cache.stats.as_ref())
        .map(|stats| Totals {
            original_size: stats.total_size,
            compressed_size: stats.total_csize,
            deduplicated_size: stats.unique_csize,
            unique_size: stats.unique_size,
            chunks: stats.total_chunks,
            unique_chunks: stats.total_unique_chunks,
        });
    Ok(Repository {
        id: printed.id,
        location: printed.location.clone(),
        label: printed.label.clone().filter(|label| label != ""),
        generation: document.generation(),
        encryption: encryption
            .mode
            .as_ref()
            .or(encryption.encryption.as_ref())
            .cloned()
            .unwrap_or_default(),
        id_hash: encryption.id_hash.clone(),
        key_file: encryption.keyfile.clone(),
        last_modified: moments.maybe(printed.last_modified)?,
        totals,
        listed: !matches!(document, Document::RepoInfo(_)),
        archives: Vec::new(),
        known: Default::default(),
        thinned: None,
        packed: None,
    })
}

fn new_archive(id: Id, name: Text, time: Moment, is_1x: bool) -> Archive {
    let display = name.to_display();
    let checkpoint = is_1x && is_checkpoint(&display);
    let series = series_of(&display, checkpoint).into_owned();
    drop(display);
    Archive {
        id,
        name,
        time,
        series,
        checkpoint,
        start: None,
        end: None,
        duration: None,
        host: None,
        user: None,
        comment: None,
        tags: None,
        command_line: None,
        cwd: None,
        chunker_params: None,
        tam: None,
        original_size: None,
        compressed_size: None,
        deduplicated_size: None,
        files: None,
        measures: None,
    }
}

/// An archive of a list. Only borg 1.x has checkpoints.
pub(crate) fn list_archive(
    printed: RepoListArchive,
    is_1x: bool,
    moments: &mut Moments<'_>,
) -> Result<Archive, NoMoment> {
    // The name stands here twice. Should the two differ, one that is a
    // checkpoint's is enough to prove nothing.
    let names = [Some(&printed.name), printed.barchive.as_ref()];
    let of_checkpoint = |name: &Text| is_checkpoint(&name.to_display());
    let checkpoint = is_1x && names.into_iter().flatten().any(of_checkpoint);
    // borg 1.x prints `?` in `name` for what is not UTF-8, and the exact name here.
    let name = printed.barchive.unwrap_or(printed.name);
    let time = moments.of(&printed.time)?;
    Ok(Archive {
        checkpoint,
        start: moments.maybe(printed.start)?,
        end: moments.maybe(printed.end)?,
        host: exact(printed.hostname, printed.hostname_b64),
        user: exact(printed.username, printed.username_b64),
        comment: printed
            .bcomment
            .or_else(|| exact(printed.comment, printed.comment_b64)),
        tags: printed.tags.map(tags),
        command_line: exact(
            printed.command_line.map(command_line),
            printed.command_line_b64,
        ),
        tam: printed.tam,
        original_size: printed.size,
        files: printed.nfiles,
        ..new_archive(printed.id, name, time, is_1x)
    })
}

/// An archive of an info document.
pub(crate) fn info_archive(
    printed: InfoArchive,
    is_1x: bool,
    moments: &mut Moments<'_>,
) -> Result<Archive, NoMoment> {
    let time = moments.of(&printed.archive_time())?;
    let archive = Archive {
        start: Some(moments.of(&printed.start)?),
        end: Some(moments.of(&printed.end)?),
        duration: Some(printed.duration),
        host: Some(printed.hostname),
        user: Some(printed.username),
        comment: Some(printed.comment),
        tags: printed.tags.map(tags),
        command_line: Some(command_line(printed.command_line)),
        cwd: printed.cwd,
        chunker_params: Some(chunker_params(printed.chunker_params)),
        ..new_archive(printed.id, printed.name, time, is_1x)
    };
    Ok(with_stats(archive, printed.stats, printed.limits))
}

fn create_archive(
    create: Create,
    is_1x: bool,
    moments: &mut Moments<'_>,
) -> Result<Option<Archive>, NoMoment> {
    let Some(printed) = create.archive else {
        return Ok(None);
    };
    let time = moments.of(&printed.archive_time())?;
    let archive = Archive {
        start: Some(moments.of(&printed.start)?),
        end: Some(moments.of(&printed.end)?),
        duration: Some(printed.duration),
        tags: printed.tags.map(tags),
        command_line: Some(command_line(printed.command_line)),
        ..new_archive(printed.id, printed.name, time, is_1x)
    };
    Ok(Some(with_stats(archive, printed.stats, printed.limits)))
}

fn with_stats(archive: Archive, stats: ArchiveStats, limits: Option<Limits>) -> Archive {
    let measures = Measures {
        metadata_ratio: limits.map(|limits| limits.max_archive_size),
        chunking: stats.chunking_time,
        hashing: stats.hashing_time,
        files_by_status: stats.files_stats,
        store: stats.store_stats,
    };
    Archive {
        original_size: Some(stats.original_size),
        compressed_size: stats.compressed_size,
        deduplicated_size: stats.deduplicated_size,
        files: Some(stats.nfiles),
        measures: (measures != Measures::default()).then(|| Box::new(measures)),
        ..archive
    }
}

impl Repository {
    fn join(&mut self, other: Repository) {
        self.label = self.label.take().or(other.label);
        self.id_hash = self.id_hash.take().or(other.id_hash);
        self.key_file = self.key_file.take().or(other.key_file);
        // The newest document knows best when the repository was written to.
        if other.last_modified.map(|moment| moment.instant)
            > self.last_modified.map(|moment| moment.instant)
        {
            self.last_modified = other.last_modified;
            self.totals = other.totals.or(self.totals);
        }
        self.totals = self.totals.or(other.totals);
        self.listed |= other.listed;
    }

    fn add(&mut self, archives: Vec<Archive>) {
        if self.archives.is_empty() {
            self.archives.reserve_exact(archives.len());
        }
        for archive in archives {
            let at = self.known.find(&self.archives, &archive);
            match at.and_then(|at| self.archives.get_mut(at)) {
                Some(known) => known.join(archive),
                None => self.archives.push(archive),
            }
        }
    }
}

impl Archive {
    /// Fills in what only the other document said.
    fn join(&mut self, other: Archive) {
        // Two documents that disagree about the time prove only the older one.
        if other.time.instant < self.time.instant {
            self.time = other.time;
        }
        if self.name.as_str().is_some() && other.name.as_str().is_none() {
            self.name = other.name;
        }
        self.checkpoint |= other.checkpoint;
        macro_rules! fill {
            ($($field:ident),*) => { $( self.$field = self.$field.take().or(other.$field); )* };
        }
        fill!(
            start,
            end,
            duration,
            host,
            user,
            comment,
            tags,
            command_line,
            cwd,
            chunker_params,
            tam,
            original_size,
            compressed_size,
            deduplicated_size,
            files,
            measures
        );
    }
}
