//! MLflow: a folder with the file `MLmodel`, which tells how each flavour loads what lies beside it.
//!
//! Follows [the format](https://mlflow.org/docs/latest/ml/model/). `mlflow.pyfunc.load_model` imports the module that
//! `flavors.python_function.loader_module` names and calls its `_load_pyfunc`; folders under `code` go to the front of
//! Python's path first. So the loader is held against MLflow's own modules, code that comes along is reported, and each
//! path is held inside the folder. The files of the flavours are examined by their own formats.

mod analyze;
mod config;
mod inspect;

use crate::descriptor::FormatId;

pub use analyze::MlflowAnalyzer;
pub use inspect::MlflowInspector;

/// `MLflow`.
pub const FORMAT: FormatId = FormatId::new("mlflow");
