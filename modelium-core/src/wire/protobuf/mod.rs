//! The protobuf wire format: a cursor, a guard, and a writer that streams.
//!
//! ```text
//! mapped bytes ── guard::survey(shape) ── Census ──► a decoder that can no longer be hurt
//! mapped bytes ── Message, fields in place ──► a reader that wants a few facts
//! fields ── Encoder ──► any io::Write, lengths counted first
//! ```
//!
//! A decoder such as prost allocates while it reads, so that a few bytes can cost it gigabytes: an empty message is two
//! bytes in the file and hundreds in memory. [`guard::survey`] walks the same bytes first, with a table that says what
//! each field is, and refuses what is malformed, too deep, too many or too much. It allocates nothing but its own stack
//! and looks at no payload, so the weights of a model are not touched.
//!
//! Follows the [encoding specification](https://protobuf.dev/programming-guides/encoding/). Groups, which it
//! deprecates, are skipped where they are unknown fields and refused elsewhere.

mod cursor;
mod encoder;
pub mod guard;
mod view;

pub use cursor::{Cursor, Fault, Tag, WireType, count_varints, split_values};
pub use encoder::Encoder;
pub use guard::{Census, WireError};
pub use view::{FieldView, Fields, Message, ViewError};
