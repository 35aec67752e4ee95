//! Folders as Hugging Face's libraries write them, and the JSON files that they consist of.
//!
//! | library | file that tells | what it says |
//! |---|---|---|
//! | transformers, timm | `config.json` | family, architecture, sizes, element type, quantisation, code to run |
//! | diffusers | `model_index.json` | the pipeline's class, and library and class of each part, a folder each |
//! | peft | `adapter_config.json` | the kind of adapter and the model that it changes |
//! | sentence-transformers | `modules.json` | the steps, each with its class and folder |
//!
//! There is no specification but the libraries: transformers 5.24, diffusers 0.39, peft 0.20 and sentence-transformers 5.6
//! wrote the test files. Files are told by the keys in them, not by their names alone.
//!
//! # What analysis promises
//!
//! - Tensors of safetensors files, one or many, with their shards held against the index: every tensor is in the shard
//!   that the index names, and every shard is there. Other weights (`pytorch_model.bin`, GGUF, ONNX) are listed as
//!   components; their own formats describe them.
//! - What the model card, the licence and the tokenizer say, and where they contradict the configuration.
//! - For language models whose family is known, what it takes to serve them: see [`resources`](crate::resources).
//!
//! # What inspection promises
//!
//! Every place that makes a loader import code that the folder ships or names is a finding: `auto_map`,
//! `custom_generate`, `auto_mapping`, classes of pipelines and modules, `_target_`. Templates and credentials are looked
//! for in every JSON file, whatever its name.

mod analyze;
mod components;
mod config;
mod error;
mod hooks;
mod inspect;
mod kind;
mod pieces;
mod quantization;
pub mod shape;
mod task;
mod weights;

pub use analyze::HuggingFaceAnalyzer;
pub use error::HuggingFaceError;
pub use inspect::HuggingFaceInspector;
pub use pieces::SentencePieceInspector;

use crate::descriptor::FormatId;

/// A folder of Hugging Face's libraries, or one of its JSON files.
pub const FORMAT: FormatId = FormatId::new("hugging_face");
