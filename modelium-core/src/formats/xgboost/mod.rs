//! XGBoost: boosted trees and linear models, in each of the three encodings that XGBoost has written.
//!
//! | encoding | since | how it is told |
//! |---|---|---|
//! | JSON, after the [schema](https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html) | 1.0 | an object with `learner` |
//! | UBJSON of the same document | 1.6 | `{` and a binary length in front of `learner` |
//! | binary, the memory of C++ structures | 0.x to 2.x | the letters `binf`; before 1.0, the names behind the parameters |
//!
//! The document of a booster's memory snapshot (`Config` and `Model`) is read too.
//!
//! # What is counted
//!
//! `parameters` is one number for each node that is not deleted (the threshold of a split, the value of a leaf), and as
//! many for a leaf as its vector is long; for linear models, the weights with their bias. XGBoost keeps each in 32 bits.
//!
//! Nothing in the format acts. What a loader would trip over is refused: children beyond their tree, nodes with two
//! parents (a prediction would not end), counts that are not those of the lists.

mod analyze;
mod document;
mod error;
mod facts;
mod inspect;
mod legacy;

use crate::descriptor::FormatId;

pub use analyze::XgboostAnalyzer;
pub use error::XgboostError;
pub use inspect::XgboostInspector;

/// XGBoost.
pub const FORMAT: FormatId = FormatId::new("xgboost");
