//! Pickles: objects of Python as programs for the machine of its `pickle` module, protocols 0 to 5.
//!
//! Reference: the documentation of `pickle` and `pickletools` of `CPython`. There is no magic number before protocol 2, so a
//! file is known by running its first opcodes. Analysis reads what scikit-learn, XGBoost, LightGBM and others leave in
//! their objects: class, versions, what goes in and comes out, arrays with their bytes. Inspection answers for every
//! stream in the file. Nothing is imported or called.

mod analyze;
mod inspect;

use crate::descriptor::FormatId;

pub use analyze::PickleAnalyzer;
pub use inspect::PickleInspector;

/// The format's name.
pub const FORMAT: FormatId = FormatId::new("pickle");
