//! Models as OCI artifacts: a folder after the [image layout](https://github.com/opencontainers/image-spec), as
//! `docker model`, KitOps, ModelPack and ORAS write it; and the store of Ollama, which holds the same manifests.
//!
//! `index.json` lists manifests by digest, a manifest its config and layers; the bytes lie in `blobs/` under the digest
//! of their content. Whoever trusts a manifest trusts the digests, so each blob is held against the one it is named by.
//! Layers are examined by their own formats, as the files they are.

mod analyze;
mod inspect;
mod layout;

use crate::descriptor::FormatId;

pub use analyze::OciAnalyzer;
pub use inspect::OciInspector;

/// An OCI image layout.
pub const FORMAT: FormatId = FormatId::new("oci");
