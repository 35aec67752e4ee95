//! Orbax checkpoints, and folders of zarr arrays: a folder for a tree of arrays.
//!
//! | file | what it says |
//! |---|---|
//! | `_CHECKPOINT_METADATA` | who wrote the checkpoint, and which items it has |
//! | `_METADATA` | the tree: the way to each value, its sort |
//! | `manifest.ocdbt`, `d/…`, `ocdbt.process_*/` | a database of keys and values in the format OCDBT of `TensorStore` |
//! | `NAME/.zarray`, `NAME/zarr.json` | the type and shape of one array, version 2 or 3, beside its chunks |
//!
//! Inside the database the keys are the same names of files: `params.w/.zarray`. A checkpoint has one tree, or one in a
//! folder for each item and step. Names of tensors are the ways in the tree joined by dots, as Orbax names its arrays.
//! What an optimizer left (`opt_state`, `step`) is listed and not counted. Folders of zarr arrays without Orbax are
//! described as `zarr`.
//!
//! Nothing in the format acts but one codec of zarr, which unpickles; and paths in a manifest can lead out of the folder.

mod analyze;
mod checkpoint;
mod error;
mod inspect;
mod ocdbt;
mod zarr;

use crate::descriptor::FormatId;

pub use analyze::OrbaxAnalyzer;
pub use error::OrbaxError;
pub use inspect::{OrbaxInspector, ZarrInspector};

/// Orbax checkpoints.
pub const FORMAT: FormatId = FormatId::new("orbax");
/// Folders of zarr arrays.
const ZARR: FormatId = FormatId::new("zarr");
