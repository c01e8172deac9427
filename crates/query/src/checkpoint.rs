//! Which archives of borg 1.x are checkpoints: interrupted runs.

/// Whether `name` is that of a checkpoint of borg 1.x: it ends in `.checkpoint`
/// or `.checkpoint.N`.
///
/// A name that merely contains `.checkpoint` is an ordinary name. borg 2 has no
/// checkpoints, so there such a name is an ordinary name too.
///
/// ```
/// use borgq_query::is_checkpoint;
///
/// assert!(is_checkpoint("web.checkpoint"));
/// assert!(is_checkpoint("web.checkpoint.12"));
/// assert!(!is_checkpoint("web.checkpoint-not"));
/// assert!(!is_checkpoint("web.checkpoint.x"));
/// ```
#[must_use]
pub fn is_checkpoint(name: &str) -> bool {
    run_of(name).is_some()
}

/// The same, of the bytes of a name.
pub(crate) fn ends_as_checkpoint(name: &[u8]) -> bool {
    let digits = name.iter().rev().take_while(|byte| byte.is_ascii_digit());
    let unnumbered = match digits.count() {
        0 => name,
        digits => match name.split_at(name.len() - digits) {
            ([run @ .., b'.'], _) => run,
            _ => return false,
        },
    };
    unnumbered.ends_with(b".checkpoint")
}

/// The name of the archive that the run of a checkpoint was to make.
pub(crate) fn run_of(name: &str) -> Option<&str> {
    if let Some(run) = name.strip_suffix(".checkpoint") {
        return Some(run);
    }
    let (run, number) = name.rsplit_once('.')?;
    let number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    run.strip_suffix(".checkpoint").filter(|_| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_of_a_name_tells_a_checkpoint() {
        for (name, run) in [
            ("web.checkpoint", Some("web")),
            ("web.checkpoint.1", Some("web")),
            ("web.checkpoint.12", Some("web")),
            (".checkpoint", Some("")),
            ("web.checkpoint.checkpoint", Some("web.checkpoint")),
            ("web.checkpoint.1.2", None),
            ("web.checkpoint1", None),
            ("web.checkpoint.", None),
            ("web.checkpoint.x1", None),
            ("web.checkpoint-not", None),
            ("web-12", None),
            ("12", None),
            ("", None),
        ] {
            assert_eq!(run_of(name), run, "{name}");
            assert_eq!(is_checkpoint(name), run.is_some(), "{name}");
            assert_eq!(ends_as_checkpoint(name.as_bytes()), run.is_some(), "{name}");
        }
    }
}
