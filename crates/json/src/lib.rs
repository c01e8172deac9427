//! Typed models of the JSON that BorgBackup and borgmatic print, and a reader for it
