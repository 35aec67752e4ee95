//! BentoML: a model of its store (`model.yaml` and what a framework saved) and a bento (`bento.yaml`, code in `src/`).
//!
//! Follows [BentoML's store](https://docs.bentoml.com/en/latest/build-with-bentoml/model-loading-and-management.html). A
//! model is loaded by the module that its config names; a bento is a service: its code is imported and serves requests,
//! and its image may run a script of its own when it is built.

mod analyze;
mod config;
mod inspect;

use crate::descriptor::FormatId;

pub use analyze::BentomlAnalyzer;
pub use inspect::BentomlInspector;

/// `BentoML`.
pub const FORMAT: FormatId = FormatId::new("bentoml");
