//! GGUF: the files of ggml and llama.cpp. Key and value pairs, a table of tensors, then the tensors.
//!
//! Follows the [specification](https://github.com/ggml-org/ggml/blob/master/docs/gguf.md), versions 1 to 3, in either
//! byte order, and ggml's own reader where the two differ. All quantised types of ggml are known with the bytes of their
//! blocks, those that it dropped included.
//!
//! ```text
//! map ── header (one walk, nothing kept but places) ── table ── flaws ─▶ inspect: told, each with its byte
//!                                                        └────── strict ─▶ analyze: descriptor, or the first flaw
//! ```
//!
//! Readers in C take counts and offsets on trust, so every sum and product here is checked, and what would wrap around or
//! point out of the file is told as what it is: an attack on the reader's memory. Chat templates are read to their syntax
//! tree. Weights are not touched, except for what [`Depth::Content`](crate::scan::Depth) looks for among them.

mod analyze;
mod error;
mod header;
mod inspect;
mod shape;
mod types;

use crate::descriptor::FormatId;

pub use analyze::GgufAnalyzer;
pub use error::{Flaw, GgufError, GgufFault};
pub use inspect::GgufInspector;

/// The name of the format.
pub const FORMAT: FormatId = FormatId::new("gguf");

/// The first bytes of every file, in either byte order.
const MAGIC: &[u8] = b"GGUF";
