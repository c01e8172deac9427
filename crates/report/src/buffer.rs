//! [`buffered`]: many small parts are written as few large ones.

use std::io::{self, BufWriter, Write};

/// How much is written at once, in bytes. It is more than what a usual writer
/// holds back, so that what cannot be written is not tried again.
const LENGTH: usize = 16 << 10;

/// Has `write` write to `out`, much at once.
///
/// # Errors
///
/// Those of `out` and `write`. After an error nothing more is written: it would
/// stand behind a gap.
pub(crate) fn buffered(
    out: &mut dyn Write,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut buffer = BufWriter::with_capacity(LENGTH, out);
    let written = write(&mut buffer);
    if written.is_ok() {
        return buffer.into_inner().map(drop).map_err(|error| {
            let (error, buffer) = error.into_parts();
            let _ = buffer.into_parts();
            error
        });
    }
    let _ = buffer.into_parts();
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes two writes, and keeps their lengths.
    struct Twice(Vec<usize>);

    impl Write for Twice {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            match self.0.len() {
                2 => Err(io::ErrorKind::StorageFull.into()),
                _ => {
                    self.0.push(bytes.len());
                    Ok(bytes.len())
                }
            }
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(io::ErrorKind::Unsupported.into())
        }
    }

    #[test]
    fn nothing_is_written_after_an_error() {
        let lines = |count| {
            move |out: &mut dyn Write| (0..count).try_for_each(|_| out.write_all(&[b'x'; 1000]))
        };
        let mut out = Twice(Vec::new());
        buffered(&mut out, lines(20)).unwrap();
        assert_eq!(out.0, [16_000, 4_000]);
        let mut out = Twice(Vec::new());
        let error = buffered(&mut out, lines(100)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert_eq!(out.0, [16_000, 16_000]);
    }
}
