//! TorchServe: a model archive (`.mar`), a zip with `MAR-INF/MANIFEST.json`, the serialised model and its handler.
//!
//! Follows [torch-model-archiver](https://github.com/pytorch/serve/tree/master/model-archiver). The server unpacks the
//! archive, installs `requirements.txt` if it is allowed to, imports the handler and calls it for each request: a handler
//! that comes along is code that runs. Handlers of TorchServe itself are named, not shipped.

mod analyze;
mod archive;
mod inspect;

use crate::descriptor::FormatId;

pub use analyze::TorchserveAnalyzer;
pub use inspect::TorchserveInspector;

/// TorchServe's model archive.
pub const FORMAT: FormatId = FormatId::new("torchserve");
