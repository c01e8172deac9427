//! jq filters over JSON values.
//!
//! A thin face on the interpreter jaq. It knows JSON and nothing of where the
//! values come from.
//!
//! - [`Filter::compile`] makes a filter of a text, or says where the text is wrong.
//! - [`Filter::start`] binds its variables; [`Run::outputs`] runs it over a value.
//! - [`Value`] is a JSON value, and [`Layout`] writes it.
//! - [`on_large_stack`] is where to do all that: filters recurse.
//!
//! A filter reads no files, modules, environment, clock or time zone, and cannot
//! end the program. What it is to know is given to it: inputs, variables, the
//! present time and [functions](Function).
//!
//! ```
//! use borgq_filter::{Filter, Host, Layout, Value};
//!
//! let filter = Filter::compile(".[] | select(. > $limit)", &["limit"])?;
//! let run = filter.start(Host::default(), [Value::from(1)]);
//! let outputs: Result<Vec<_>, _> = run.outputs(Value::read(b"[1, 2, 3]")?).collect();
//! let mut text = Vec::new();
//! for output in outputs? {
//!     Layout::default().write(&output, &mut text)?;
//!     text.push(b' ');
//! }
//! assert_eq!(text, b"2 3 ");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Beside jq's own filters there are those of `prelude.jq`, for archives and
//! repositories.

mod compile;
mod error;
mod native;
mod needs;
mod number;
mod parse;
mod read;
mod run;
mod serialize;
mod stack;
mod value;
mod write;

pub use bytes::Bytes;
pub use compile::Filter;
pub use error::{CompileError, ReadError, RunError, WriteError};
pub use native::Function;
pub use needs::Needs;
pub use run::{Host, Message, Run};
pub use serialize::NotJson;
pub use stack::{Crashed, on_large_stack};
pub use value::Value;
pub use write::Layout;
