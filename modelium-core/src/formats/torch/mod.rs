//! PyTorch: checkpoints, TorchScript and exported programs.
//!
//! There is no specification; the code of PyTorch 2.15 (`torch/serialization.py`, `caffe2/serialize/inline_container.cc`,
//! `torch/csrc/jit/serialization`, `torch/export/pt2_archive`) and of the versions back to 0.1 is what is followed.
//!
//! ```text
//! zip  ─ records ─┬─ data.pkl ─ wire::pickle ─ state ─┬─ analyze    names, types, shapes, byte ranges
//!                 ├─ data/0, data/1, … storages       ├─ tensors    the elements, without running anything
//! five pickles ───┘                                   └─ inspect    what would act
//! code/*.py ─ code ─ script          models/*.json ─ program
//! ```
//!
//! - A tensor is a persistent id that names a storage, an offset, sizes and strides: the pickle says where its elements
//!   lie, and no code of PyTorch is needed to fetch them.
//! - Names are the keys and attributes on the way from the object to the tensor, joined by dots: for a state dictionary
//!   those of the dictionary, for a module those of its `state_dict()`. In a training checkpoint the model is what lies
//!   under `state_dict`, `model_state_dict`, `model`, …; optimizers are told apart and not counted.
//! - A storage that several tensors use is counted once.

mod analyze;
mod code;
mod distributed;
mod dtype;
mod error;
mod graph;
mod inspect;
mod program;
mod records;
mod saved;
mod script;
mod state;
mod tape;
mod tensors;

use crate::descriptor::FormatId;

pub use analyze::TorchAnalyzer;
pub use distributed::{DISTRIBUTED, DistributedAnalyzer, DistributedInspector};
pub use error::TorchError;
pub use inspect::TorchInspector;
pub use program::ExportedProgramAnalyzer;
pub use script::TorchScriptAnalyzer;
pub use tape::{TapeAnalyzer, TapeInspector};
pub use tensors::TorchTensors;

/// What `torch.save` writes.
pub const CHECKPOINT: FormatId = FormatId::new("torch");
/// What `torch.jit.save` writes.
pub const SCRIPT: FormatId = FormatId::new("torchscript");
/// What `torch.export.save` writes.
pub const PROGRAM: FormatId = FormatId::new("exported_program");
