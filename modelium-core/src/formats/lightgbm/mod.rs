//! LightGBM: boosted trees as the text that `Booster.save_model` writes.
//!
//! A header of `key=value` lines, one block for each tree, then importances, the parameters of training and what pandas
//! knew of categories. [The reader](https://lightgbm.readthedocs.io/en/stable/Python-API.html) takes versions v2 to v4.
//!
//! # What is counted
//!
//! `parameters` is one number for each split (its threshold) and one for each leaf (its value), and for trees of linear
//! leaves their constants and coefficients. LightGBM keeps each in 64 bits.
//!
//! Nothing in the format acts. What its loader would trip over is refused: lists that are shorter than the tree says,
//! children beyond their tree, trees that are fewer than `tree_sizes` lists.

mod analyze;
mod error;
mod inspect;
mod text;

use crate::descriptor::FormatId;

pub use analyze::LightgbmAnalyzer;
pub use error::LightgbmError;
pub use inspect::LightgbmInspector;

/// LightGBM.
pub const FORMAT: FormatId = FormatId::new("lightgbm");
