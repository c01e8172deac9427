//! The types of lines.

use crate::log::Level;
use crate::log::line::flat;
use crate::repository::FilesStats;
use crate::wire::{Check, wire};
use crate::{Keyed, StoreStat, Text};

wire! {
    /// A message for people: `log_message`.
    ///
    /// borg's definition: `JsonFormatter` (logger.py); borgmatic prints the same.
    "a log message object"
    pub struct LogMessage {
        required {
            /// What is said.
            message: Text,
            /// How much it matters: `DEBUG`, `INFO`, `WARNING`, `ERROR` or `CRITICAL`.
            levelname: Text,
        }
        optional {
            /// `log_message`.
            r#type: Text,
            /// When it was said, in seconds since 1970 in UTC.
            time: f64,
            /// The part of the program that says it. borgmatic prints `null` in its summary.
            name: Option<Text>,
            /// The stable name of what is said. Absent in many messages; for warnings
            /// since borg 1.4.
            msgid: Option<Text>,
        }
    }
}

impl Check for LogMessage {}

impl LogMessage {
    /// How much it matters.
    #[must_use]
    pub fn level(&self) -> Level {
        match self.levelname.as_str() {
            Some("DEBUG") => Level::Debug,
            Some("INFO") => Level::Info,
            Some("WARNING") => Level::Warning,
            Some("ERROR") => Level::Error,
            Some("CRITICAL") => Level::Critical,
            _ => Level::Other,
        }
    }

    /// The stable name of what is said, if it has one.
    #[must_use]
    pub const fn id(&self) -> Option<&Text> {
        flat(self.msgid.as_ref())
    }
}

wire! {
    /// What is being done: `progress_message`.
    ///
    /// borg's definition: `ProgressIndicatorMessage` (helpers/progress.py).
    "a progress message object"
    pub struct ProgressMessage {
        required {
            /// `progress_message`.
            r#type: Text,
            /// Which operation of the run it is about.
            operation: u64,
            /// Whether the operation has ended.
            finished: bool,
        }
        optional {
            /// What is said. Absent at the end.
            message: Text,
            /// The stable name of the operation.
            msgid: Option<Text>,
            /// When it was said, in seconds since 1970 in UTC.
            time: f64,
        }
    }
}

impl Check for ProgressMessage {}

wire! {
    /// How much of an operation is done: `progress_percent`.
    ///
    /// borg's definition: `ProgressIndicatorPercent` (helpers/progress.py).
    "a progress percent object"
    pub struct ProgressPercent {
        required {
            /// `progress_percent`.
            r#type: Text,
            /// Which operation of the run it is about.
            operation: u64,
            /// Whether the operation has ended.
            finished: bool,
        }
        optional {
            /// What is said. Absent at the end.
            message: Text,
            /// How much is done. Absent at the end.
            current: u64,
            /// How much there is to do. Absent at the end.
            total: u64,
            /// What it is about, for instance a path. Often `null`.
            info: Option<Vec<Text>>,
            /// The stable name of the operation.
            msgid: Option<Text>,
            /// When it was said, in seconds since 1970 in UTC.
            time: f64,
        }
    }
}

impl Check for ProgressPercent {}

wire! {
    /// What an archive holds so far: `archive_progress`.
    ///
    /// borg's definition: `Statistics.show_progress` (archive.py).
    "an archive progress object"
    pub struct ArchiveProgress {
        required {
            /// `archive_progress`.
            r#type: Text,
            /// Whether the archive is complete. Nothing else is said then.
            finished: bool,
        }
        optional {
            /// When it was said, in seconds since 1970 in UTC.
            time: f64,
            /// Size before compression, in bytes.
            original_size: u64,
            /// Size after compression, in bytes. borg 1.x only.
            compressed_size: u64,
            /// Size of the chunks that are new, in bytes. borg 1.x, and borg 2.0
            /// that prints `time` in a create document.
            deduplicated_size: u64,
            /// Regular files.
            nfiles: u64,
            /// Seconds spent on hashing. borg 2 only.
            hashing_time: f64,
            /// Seconds spent on chunking. borg 2 only.
            chunking_time: f64,
            /// Files by status letter. borg 2 only.
            files_stats: FilesStats,
            /// Traffic with the store. Since borg 2.0 prints `time`.
            store_stats: Keyed<StoreStat>,
            /// The path that is being read.
            path: Text,
            /// The exact bytes of the path in base64, where they are not UTF-8. borg 2 only.
            path_b64: Text,
        }
    }
}

impl Check for ArchiveProgress {}

wire! {
    /// What was done with a file: `file_status`.
    ///
    /// borg's definition: `print_file_status` (archiver).
    "a file status object"
    pub struct FileStatus {
        required {
            /// `file_status`.
            r#type: Text,
            /// A letter, for instance `A` for added, `E` for an error.
            status: Text,
            /// The path.
            path: Text,
        }
        optional {
            /// The exact bytes of the path in base64, where they are not UTF-8. borg 2 only.
            path_b64: Text,
        }
    }
}

impl Check for FileStatus {}

wire! {
    /// A question, or what became of it: `question_prompt`,
    /// `question_prompt_retry`, `question_invalid_answer`,
    /// `question_accepted_default`, `question_accepted_true`,
    /// `question_accepted_false` and `question_env_answer`.
    ///
    /// borg's definition: `yes` (helpers/yes.py). borg 2 asks in text in some places.
    "a question object"
    pub struct Question {
        required {
            /// Begins with `question_`.
            r#type: Text,
            /// What is asked or said.
            message: Text,
        }
        optional {
            /// The stable name of the question, often that of the variable that answers it.
            msgid: Option<Text>,
            /// The variable that gave the answer.
            env_var: Option<Text>,
        }
    }
}

impl Check for Question {}

wire! {
    /// A line of a type that is not known. All of it is in `unknown`.
    "a log line object"
    pub struct OtherLine {
        required {
            /// The type.
            r#type: Text,
        }
    }
}

impl Check for OtherLine {}
