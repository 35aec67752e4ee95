//! joblib: pickles in which the bytes of arrays stand between the opcodes, compressed or not.
//!
//! Reference: `joblib/numpy_pickle.py` of versions 0.10 to 1.5. A file is a pickle if it is not compressed; compressed it
//! is a zlib, gzip, bzip2, lzma, xz or lz4 stream with a pickle in it. Versions before 0.10 wrote `ZF`, a length in
//! hexadecimal and a zlib stream, and kept arrays in files beside it. Analysis and inspection are those of pickles, which
//! know where the bytes of arrays end.

mod analyze;
mod inspect;

use crate::descriptor::FormatId;

pub use analyze::JoblibAnalyzer;
pub use inspect::JoblibInspector;

/// The format's name.
pub const FORMAT: FormatId = FormatId::new("joblib");

/// What versions before 0.10 begin with, and the bytes before their zlib stream.
const OLD_MAGIC: &[u8] = b"ZF0x";
const OLD_HEADER: u64 = 21;
