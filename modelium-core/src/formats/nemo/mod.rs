//! NeMo: a tape archive (`.nemo`), plain or gzipped, of `model_config.yaml`, the weights and what the config names.
//!
//! Follows [NeMo's save and restore](https://docs.nvidia.com/nemo-framework/user-guide/latest/nemotoolkit/core/core.html).
//! Restoring imports the class that `target` names and instantiates every `_target_` of the config with the keys beside
//! it (CVE-2025-23304): each is held against the libraries whose classes NeMo's own configs name.

mod analyze;
mod archive;
mod inspect;

use crate::descriptor::FormatId;

pub use analyze::NemoAnalyzer;
pub use inspect::NemoInspector;

/// NeMo.
pub const FORMAT: FormatId = FormatId::new("nemo");
