//! Keras models: the archive of Keras 3, HDF5 files of every version, and the weights of either.
//!
//! | file | what it is | what is read |
//! |---|---|---|
//! | `.keras` | a zip of `config.json`, `metadata.json`, `model.weights.h5`, `assets/` | the three, each as stored |
//! | `.h5` | HDF5 with the configuration in attributes of the root (`model_config`, `training_config`) | attributes, datasets |
//! | `.weights.h5` | HDF5 without a configuration | datasets, names of layers |
//! | `.json` | the configuration alone (`to_json`) | itself, by the scanner |
//!
//! Keras has no specification; what is followed is its source, `saving_lib.py` and `legacy_h5_format.py`. A layer's tensors
//! lie in a group of its own. Keras 3 names the groups by class and count (`layers/conv2d_1/vars/0`) and, since 3.6, notes
//! the layer's own name at the group; HDF5 models name the group like the layer.
//!
//! # What is counted
//!
//! `parameters` is what `count_params()` says: the variables of an optimizer, of metrics and of random generators are
//! listed among the tensors, and not counted.
//!
//! HDF5 without any sign of Keras is described too, as `hdf5`.

mod analyze;
mod config;
mod error;
mod h5;
mod inspect;
mod outline;

use crate::descriptor::FormatId;

pub use analyze::{KerasAnalyzer, KerasH5Analyzer};
pub use error::KerasError;
pub use inspect::{KerasConfigInspector, KerasH5Inspector, KerasInspector};

/// The archive of Keras 3.
pub const FORMAT: FormatId = FormatId::new("keras");
/// HDF5 files of Keras.
pub const FORMAT_H5: FormatId = FormatId::new("keras_h5");
/// HDF5 files that are not Keras's.
const HDF5: FormatId = FormatId::new("hdf5");

/// Members that an archive of Keras has.
mod member {
    pub(super) const CONFIG: &str = "config.json";
    pub(super) const METADATA: &str = "metadata.json";
    pub(super) const WEIGHTS: &str = ".weights.h5";
}
