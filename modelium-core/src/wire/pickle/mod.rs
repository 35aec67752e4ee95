//! Pickles: programs for the machine of Python's `pickle` module, protocols 0 to 5.
//!
//! A pickle is not data but a program that builds data, and some of its opcodes call whatever they name. [`run`] carries
//! such a program out without its world: it keeps the real stack, marks and memo, but a call makes a [`Value::Call`] that
//! remembers what would have been called with what, and nothing is imported. What comes out is a [`Trace`]: every value
//! in an arena, every [`Effect`] in the order in which a loader would cause it, and the value that loading would return.
//!
//! What names mean is not known here; `scan` judges effects, and formats read values.
//!
//! - Effects count whether their results are used, popped or memoised.
//! - A fault ends a run as it would end loading, and keeps everything that happened before it.
//! - Values are shared by id and never copied, so a run is linear in its input, whatever the memo does. The walk is
//!   iterative; readers that follow ids must mind that containers can hold themselves.
//! - Where the two unpicklers of `CPython` (C and Python) differ, the one that goes on is followed.

mod fault;
mod machine;
pub mod ndarray;
pub mod opcodes;
mod text;
mod trace;
mod value;

pub use fault::{Fault, FaultKind};
pub use machine::{Built, Host, Options, Raw, run, run_with};
pub use trace::{Effect, EffectKind, Trace};
pub use value::{Call, CallKind, Container, Span, Value, ValueId};
