//! What limits can be set for.

use std::fmt;

use crate::quantity::Unit;

/// Something that is measured and can have limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Metric {
    /// Age of the newest complete archive.
    Age,
    /// Number of complete archives.
    Archives,
    /// Age of the oldest complete archive.
    Oldest,
    /// Longest time between two neighbouring complete archives.
    Gap,
    /// Files in the newest complete archive.
    Files,
    /// Size of the newest complete archive before compression and deduplication.
    OriginalSize,
    /// Size that the newest complete archive added to the repository.
    DeduplicatedSize,
    /// How long the newest complete archive took to make.
    Duration,
    /// Change of the original size of the newest complete archive against the
    /// median of those before it.
    SizeChange,
    /// Change of the number of files in the newest complete archive against the
    /// median of those before it.
    FilesChange,
    /// Size of what the repository stores, compressed and each chunk once.
    RepositorySize,
    /// Age of the input itself.
    InputAge,
    /// Age of the last consistency check of each kind.
    CheckAge,
}

impl Metric {
    /// Every metric, in the order in which they are listed.
    pub const ALL: [Metric; 13] = [
        Metric::Age,
        Metric::Archives,
        Metric::Oldest,
        Metric::Gap,
        Metric::Files,
        Metric::OriginalSize,
        Metric::DeduplicatedSize,
        Metric::Duration,
        Metric::SizeChange,
        Metric::FilesChange,
        Metric::RepositorySize,
        Metric::InputAge,
        Metric::CheckAge,
    ];

    /// Whether it needs all archives of a group, and not only the newest, the
    /// oldest and their number.
    #[must_use]
    pub const fn needs_all_archives(self) -> bool {
        matches!(self, Metric::Gap | Metric::SizeChange | Metric::FilesChange)
    }

    /// The name by which users write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Metric::Age => "age",
            Metric::Archives => "archives",
            Metric::Oldest => "oldest",
            Metric::Gap => "gap",
            Metric::Files => "files",
            Metric::OriginalSize => "original-size",
            Metric::DeduplicatedSize => "deduplicated-size",
            Metric::Duration => "duration",
            Metric::SizeChange => "size-change",
            Metric::FilesChange => "files-change",
            Metric::RepositorySize => "repository-size",
            Metric::InputAge => "input-age",
            Metric::CheckAge => "check-age",
        }
    }

    /// The unit in which it is measured and its limits are written.
    #[must_use]
    pub const fn unit(self) -> Unit {
        match self {
            Metric::Age
            | Metric::Oldest
            | Metric::Gap
            | Metric::Duration
            | Metric::InputAge
            | Metric::CheckAge => Unit::Seconds,
            Metric::Archives | Metric::Files => Unit::Count,
            Metric::OriginalSize | Metric::DeduplicatedSize | Metric::RepositorySize => Unit::Bytes,
            Metric::SizeChange | Metric::FilesChange => Unit::Percent,
        }
    }

    /// One sentence that says what it is, for help texts.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Metric::Age => "age of the newest complete archive",
            Metric::Archives => "number of complete archives",
            Metric::Oldest => "age of the oldest complete archive",
            Metric::Gap => "longest time between two neighbouring complete archives",
            Metric::Files => "number of files in the newest complete archive",
            Metric::OriginalSize => "size of the newest complete archive, before compression",
            Metric::DeduplicatedSize => "size that the newest complete archive added",
            Metric::Duration => "time the newest complete archive took to make",
            Metric::SizeChange => "original size against the median of the archives before",
            Metric::FilesChange => "number of files against the median of the archives before",
            Metric::RepositorySize => "size of what the repository stores",
            Metric::InputAge => "age of the input itself, of all together",
            Metric::CheckAge => "age of the last consistency check of each kind",
        }
    }

    /// The metric of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|metric| metric.name() == name)
    }

    pub(super) fn unknown(name: &str) -> String {
        let known = Self::ALL.map(Self::name).join(", ");
        format!("unknown metric {name:?}, known are {known}")
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_found_by_its_name() {
        for metric in Metric::ALL {
            assert_eq!(Metric::named(metric.name()), Some(metric));
            assert!(!metric.describe().is_empty());
        }
        assert_eq!(Metric::named("size"), None);
    }
}
