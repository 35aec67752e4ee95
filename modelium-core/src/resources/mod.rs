//! What it takes to hold and to serve a language model, computed from its sizes.
//!
//! ```text
//! config.json, GGUF metadata ─▶ LanguageModelShape ─┐
//! headers of tensors ─▶ Stored ─────────────────────┼─▶ figures ─▶ Resources
//! Setting (context, batch, bits of the cache) ──────┘
//! ```
//!
//! `count` knows what a shape weighs, `cache` what a served sequence keeps, `figures` puts both beside what was counted
//! in the files. Every figure names its method and, unless it was counted, the interval that the truth lies in. All
//! arithmetic saturates: sizes come from files.
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation
)]

mod cache;
mod count;
mod figures;

pub use figures::{Setting, Stored, figures};
