//! Where filters run.

use std::cell::Cell;
use std::fmt;
use std::hint::black_box;
use std::panic;
use std::sync::{Mutex, Once};
use std::thread::{self, Builder};

/// What to try. Only what is used of a stack takes memory, but a system may
/// refuse to promise much.
const SIZES: [usize; 4] = [1 << 30, 1 << 28, 1 << 26, 1 << 23];

const NAME: &str = "jq filter";

/// Does `work` on a thread with a large stack, and `meanwhile` on this one.
///
/// Filters recurse, and so does the end of a deeply nested value. On a large
/// stack both get further than any honest filter needs. A definition that
/// recurses without end fails before the stack overflows. A filter that asks for
/// more memory than there is ends the process by a signal.
///
/// # Errors
///
/// If there can be no thread, or if the interpreter panicked.
///
/// ```
/// let sum = borgq_filter::on_large_stack(|| 1 + 1, || ())?;
/// assert_eq!(sum, 2);
/// # Ok::<(), borgq_filter::Crashed>(())
/// ```
pub fn on_large_stack<T: Send>(
    work: impl FnOnce() -> T + Send,
    meanwhile: impl FnOnce(),
) -> Result<T, Crashed> {
    no_report_of_panics();
    let work = &Mutex::new(Some(work));
    thread::scope(|scope| {
        let mut sizes = SIZES.into_iter();
        let thread = loop {
            let size = sizes.next().ok_or(Crashed(Kind::NoThread))?;
            let work = move || {
                STACK.set(Some((here(), size)));
                work.lock()
                    .ok()
                    .and_then(|mut work| work.take())
                    .map(|work| work())
            };
            let builder = Builder::new().name(NAME.into()).stack_size(size);
            if let Ok(thread) = builder.spawn_scoped(scope, work) {
                break thread;
            }
        };
        meanwhile();
        match thread.join() {
            Ok(Some(done)) => Ok(done),
            Ok(None) => Err(Crashed(Kind::NoThread)),
            Err(_) => Err(Crashed(Kind::Panic)),
        }
    })
}

thread_local! {
    /// Where the stack of a filter begins, and its size.
    static STACK: Cell<Option<(usize, usize)>> = const { Cell::new(None) };
}

/// Whether little is left of the stack of a filter. Other stacks are not known.
pub fn is_nearly_full() -> bool {
    STACK.get().is_some_and(|(start, size)| {
        let used = start.abs_diff(here());
        used > size / 4 * 3
    })
}

/// A place near the end of the stack.
fn here() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(black_box(&here)).addr()
}

/// A panic of the interpreter is an error of the filter, and is reported as one,
/// unless a panic ends the program.
fn no_report_of_panics() {
    if cfg!(panic = "abort") {
        return;
    }
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if thread::current().name() != Some(NAME) {
                report(panic);
            }
        }));
    });
}

/// Why there is no result of a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crashed(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    NoThread,
    Panic,
}

impl fmt::Display for Crashed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::NoThread => "the system has no thread for the filter",
            Kind::Panic => "the filter asks for something that the jq interpreter cannot do",
        })
    }
}

impl std::error::Error for Crashed {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error() {
        let crashed = on_large_stack(|| panic!("!"), || ());
        assert_eq!(
            crashed.map_err(|error| error.to_string()),
            Err::<(), _>("the filter asks for something that the jq interpreter cannot do".into())
        );
    }
}
