//! Containers that say nothing of what they hold: zip, tar, 7z, and single compressed files.
//!
//! ```text
//! part ─┬─ zip_shape, tar_shape   certain of every archive: names, links, bombs, contradictions; never content
//!       └─ zip, tar, 7z, stream   only when no format has taken the part: every member to Exam::child
//! ```
//!
//! Formats that live in a zip or a tar (PyTorch, Keras, NeMo, …) examine their members in their own folders and need not
//! look at the shape of the archive: these inspectors have seen it. Nothing is extracted to disk; a stored member is a
//! window of the map, a compressed one is inflated within the budget that one exam shares over all its levels.

mod sevenz;
mod stream;
mod tar;
mod zip;

pub use sevenz::SevenZipInspector;
pub use stream::StreamInspector;
pub use tar::{TarInspector, TarShapeInspector};
pub use zip::{ZipInspector, ZipShapeInspector};
