//! The answer of `borgq sizes`.

use borgq_query as query;
use borgq_query::quantity::Percent;
use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::VERSION;
use super::each::Each;
use super::reference::Reference;
use super::shared::{Problem, Repository, Seconds, Time};
use crate::rows::{Source, joined};

/// What archives and repositories measure.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sizes<'a> {
    /// `sizes`.
    format: &'static str,
    /// The version of the format.
    version: u32,
    /// The present time of the question.
    now: Time,
    /// One for each group.
    sizes: Vec<Group<'a>>,
    /// One for each repository.
    repositories: Vec<Total>,
    /// What keeps the answer from being complete, empty if nothing does.
    problems: Vec<Problem>,
    /// The number of the first row of each group.
    #[serde(skip)]
    starts: Vec<usize>,
}

/// A group and what its complete archives measure.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Group<'a> {
    /// The repository that holds the group.
    repository: Repository,
    /// The series, host or user. Absent if the group is the whole repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    /// The complete archives, oldest first.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<Measured>"))]
    archives: Each<'a, Measured>,
    /// The median of each measure over the archives of which it is known.
    median: Measures,
    /// The sum of each measure, absent unless it is known of all archives.
    total: Measures,
    /// The archive with the largest original size. Absent if none is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    largest: Option<Reference>,
}

/// An archive and what it measures.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Measured {
    #[serde(flatten)]
    archive: Reference,
    #[serde(flatten)]
    measures: Measures,
    /// The change from the archive of the group before it.
    change_from_previous: Changes,
    /// The change from the median of the group.
    change_from_median: Changes,
}

/// What an archive measures, or the median or sum of many.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Measures {
    /// Size before compression, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    original_size: Option<u64>,
    /// Size after compression, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    compressed_size: Option<u64>,
    /// Size of what no other archive uses, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    deduplicated_size: Option<u64>,
    /// Regular files.
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<u64>,
    /// How long the run took, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_seconds: Option<Seconds>,
    /// Original size by duration, in bytes per second.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes_per_second: Option<u64>,
}

/// By how many percent measures differ. Absent where one of the two is not known,
/// or where the other one is 0.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Changes {
    /// Of the size before compression.
    #[serde(skip_serializing_if = "Option::is_none")]
    original_size_percent: Option<Change>,
    /// Of the size after compression.
    #[serde(skip_serializing_if = "Option::is_none")]
    compressed_size_percent: Option<Change>,
    /// Of the size of what no other archive uses.
    #[serde(skip_serializing_if = "Option::is_none")]
    deduplicated_size_percent: Option<Change>,
    /// Of the number of regular files.
    #[serde(skip_serializing_if = "Option::is_none")]
    files_percent: Option<Change>,
    /// Of how long the run took.
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_percent: Option<Change>,
    /// Of the bytes per second.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes_per_second_percent: Option<Change>,
}

/// A repository and the sizes of all its archives together. borg 1.x only.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Total {
    #[serde(flatten)]
    repository: Repository,
    /// All archives together before compression, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    original_size: Option<u64>,
    /// All archives together after compression, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    compressed_size: Option<u64>,
    /// What is stored, compressed, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    deduplicated_size: Option<u64>,
    /// What is stored, before compression, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    unique_size: Option<u64>,
    /// `original_size` by `unique_size`. Absent if nothing is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    deduplication_ratio: Option<f64>,
    /// `original_size` by `deduplicated_size`: deduplication and compression
    /// together. Absent if nothing is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    overall_ratio: Option<f64>,
}

/// Percent as a number.
#[derive(Debug)]
pub struct Change(Percent);

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = self.0.number().to_string();
        match number.parse::<i64>() {
            Ok(whole) => serializer.serialize_i64(whole),
            // A decimal number is always read.
            Err(_) => serializer.serialize_f64(number.parse().unwrap_or_default()),
        }
    }
}

impl<'a> Sizes<'a> {
    /// The answer for these groups and repositories.
    pub fn new(
        now: DateTime<Utc>,
        groups: impl IntoIterator<Item = &'a (&'a query::Group<'a>, query::sizes::Sizes<'a>)>,
        repositories: &[&query::Repository],
        problems: impl IntoIterator<Item = &'a query::Problem>,
    ) -> Self {
        let groups = groups.into_iter();
        let sizes: Vec<_> = groups
            .map(|(group, sizes)| Group::new(group, sizes))
            .collect();
        let before = |rows: &mut usize, group: &Group<'_>| {
            let start = *rows;
            *rows += group.archives.len();
            Some(start)
        };
        Self {
            format: "sizes",
            version: VERSION,
            now: now.into(),
            starts: sizes.iter().scan(0, before).collect(),
            sizes,
            repositories: repositories.iter().copied().map(Total::from).collect(),
            problems: problems.into_iter().map(Problem::from).collect(),
        }
    }
}

impl Sizes<'_> {
    /// The group that has the row of this number, and which of its archives that is.
    fn at(&self, mut row: usize) -> Option<(&Group<'_>, usize)> {
        let at = self
            .starts
            .partition_point(|start| *start <= row)
            .checked_sub(1)?;
        row -= self.starts.get(at)?;
        Some((self.sizes.get(at)?, row))
    }
}

impl Source for Sizes<'_> {
    fn len(&self) -> usize {
        self.sizes.iter().map(|group| group.archives.len()).sum()
    }

    fn row(&self, at: usize) -> serde_json::Result<Value> {
        let Some((group, at)) = self.at(at) else {
            return Ok(Value::Null);
        };
        let measured = serde_json::to_value(group.archives.get(at))?;
        Ok(joined(&serde_json::to_value(group.beside())?, measured))
    }

    fn frame(&self) -> serde_json::Result<Value> {
        Ok(json!({
            "format": self.format,
            "version": self.version,
            "now": self.now,
            "sizes": [],
            "repositories": self.repositories,
            "problems": self.problems,
        }))
    }
}

impl<'a> Group<'a> {
    fn new(group: &query::Group<'_>, sizes: &'a query::sizes::Sizes<'a>) -> Self {
        let measured = |at| {
            let measured = sizes.measured(at)?;
            Some(Measured {
                archive: (&sizes.archives.archive(at)?).into(),
                measures: measured.measures.into(),
                change_from_previous: measured.from_previous.into(),
                change_from_median: measured.from_median.into(),
            })
        };
        let largest = sizes.largest.and_then(|at| sizes.archives.archive(at));
        Self {
            repository: group.repository.into(),
            group: group.name.clone(),
            archives: Each::new(sizes.archives.len(), measured),
            median: sizes.median.into(),
            total: sizes.total.into(),
            largest: largest.as_ref().map(Reference::from),
        }
    }

    /// All but the archives.
    fn beside(&self) -> Beside<'_> {
        Beside {
            repository: &self.repository,
            group: self.group.as_deref(),
            median: &self.median,
            total: &self.total,
            largest: self.largest.as_ref(),
        }
    }
}

/// A group but for its archives.
#[derive(Serialize)]
struct Beside<'a> {
    repository: &'a Repository,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'a str>,
    median: &'a Measures,
    total: &'a Measures,
    #[serde(skip_serializing_if = "Option::is_none")]
    largest: Option<&'a Reference>,
}

impl From<query::sizes::Measures> for Measures {
    fn from(measures: query::sizes::Measures) -> Self {
        Self {
            original_size: measures.original_size,
            compressed_size: measures.compressed_size,
            deduplicated_size: measures.deduplicated_size,
            files: measures.files,
            duration_seconds: measures.duration.map(|duration| Seconds(duration.into())),
            bytes_per_second: measures.bytes_per_second,
        }
    }
}

impl From<query::sizes::Changes> for Changes {
    fn from(changes: query::sizes::Changes) -> Self {
        Self {
            original_size_percent: changes.original_size.map(Change),
            compressed_size_percent: changes.compressed_size.map(Change),
            deduplicated_size_percent: changes.deduplicated_size.map(Change),
            files_percent: changes.files.map(Change),
            duration_percent: changes.duration.map(Change),
            bytes_per_second_percent: changes.bytes_per_second.map(Change),
        }
    }
}

impl From<&query::Repository> for Total {
    fn from(repository: &query::Repository) -> Self {
        let totals = repository.totals;
        Self {
            repository: repository.into(),
            original_size: totals.map(|totals| totals.original_size),
            compressed_size: totals.map(|totals| totals.compressed_size),
            deduplicated_size: totals.map(|totals| totals.deduplicated_size),
            unique_size: totals.map(|totals| totals.unique_size),
            deduplication_ratio: totals.and_then(|totals| totals.deduplication_ratio()),
            overall_ratio: totals.and_then(|totals| totals.overall_ratio()),
        }
    }
}
