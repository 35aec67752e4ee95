//! Flax checkpoints in one file: a tree of dictionaries in MessagePack, with arrays as extensions.
//!
//! Follows `flax.serialization` (`msgpack_serialize`), which Hugging Face uses for `flax_model.msgpack` too:
//!
//! | extension | content |
//! |---|---|
//! | 1 | an array: the list of its shape, the name of its type, its bytes in C order |
//! | 2 | a complex number: real and imaginary part |
//! | 3 | a numpy scalar, as an array without dimensions |
//!
//! An array of more than 1 GiB is cut: a dictionary with the key `__msgpack_chunked_array__`, its `shape`, and `chunks`.
//! Names of tensors are the keys on the way, joined by dots. What an optimizer left (`opt_state`, `step`) is listed among
//! the tensors and not counted as parameters. Nothing in the format acts.

mod analyze;
mod error;
mod inspect;
mod tree;

use crate::descriptor::FormatId;

pub use analyze::FlaxAnalyzer;
pub use error::FlaxError;
pub use inspect::FlaxInspector;

/// Flax checkpoints in MessagePack.
pub const FORMAT: FormatId = FormatId::new("flax");
