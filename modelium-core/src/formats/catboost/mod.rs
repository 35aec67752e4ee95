//! CatBoost: gradient-boosted oblivious and non-symmetric trees, as `.cbm` or as its JSON export.
//!
//! A `.cbm` is `CBM1`, the length of a buffer of FlatBuffers after [`model.fbs`](https://github.com/catboost/catboost), the buffer,
//! and the parts that the buffer lists (tables of categorical statistics). The JSON export is the same model in words.
//!
//! # What is counted
//!
//! `parameters` is one number for each split of each tree and one for each value of each leaf; CatBoost keeps values in 64
//! bits and splits as indices of 32 bits into the borders of the features.
//!
//! Nothing in the format acts. What a loader would trip over is refused: trees that are longer than their lists, leaves
//! that are not as many as the trees have.

mod analyze;
mod error;
mod export;
mod facts;
mod inspect;
mod native;

use crate::descriptor::FormatId;

pub use analyze::CatboostAnalyzer;
pub use error::CatboostError;
pub use inspect::CatboostInspector;

/// `CatBoost`.
pub const FORMAT: FormatId = FormatId::new("catboost");
