//! What an HDF5 file of Keras holds: its marks, its tensors.

use crate::descriptor::TensorDescriptor;
use crate::wire::hdf5::{Dataset, File, Layout, Object};

/// The tensors of a file: those that are the model's, and those of whoever trained it.
#[derive(Debug, Default)]
pub(super) struct Tensors {
    pub(super) model: Vec<TensorDescriptor>,
    pub(super) state: Vec<TensorDescriptor>,
}

/// The text of an attribute of the root, or of the group that holds the weights of a whole model.
pub(super) fn attribute(file: &File, name: &str) -> Option<String> {
    let root = |path: &str| file.objects.iter().find(|object| object.path == path);
    let found = root("/").and_then(|object| object.attribute(name));
    let found = found.or_else(|| root("/model_weights").and_then(|object| object.attribute(name)));
    found.and_then(|attribute| attribute.texts().into_iter().next())
}

/// True if Keras wrote the file: it leaves its version, or the names of layers, or stores variables by number.
pub(super) fn is_keras(file: &File) -> bool {
    let marked = |object: &Object| {
        ["keras_version", "model_config", "layer_names"].iter().any(|name| object.attribute(name).is_some())
    };
    file.objects.iter().filter(|object| matches!(object.path.as_str(), "/" | "/model_weights")).any(marked)
        || file.objects.iter().any(|object| {
            object.dataset().is_some()
                && object.path.rsplit('/').nth(1) == Some("vars")
                && object.path.rsplit('/').next().is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_digit()))
        })
}

/// Every dataset as a tensor of the file `name`; `mapped` if its bytes lie there as they are.
pub(super) fn tensors(file: &File, name: &str, mapped: bool) -> Tensors {
    let mut tensors = Tensors::default();
    for object in &file.objects {
        let Some(dataset) = object.dataset() else { continue };
        let path = object.path.trim_start_matches('/');
        let tensor = tensor(path, dataset, name, mapped);
        if is_state(path) { tensors.state.push(tensor) } else { tensors.model.push(tensor) }
    }
    tensors
}

fn tensor(path: &str, dataset: &Dataset, file: &str, mapped: bool) -> TensorDescriptor {
    let start = match dataset.layout {
        Layout::Compact { start } => Some(start),
        Layout::Contiguous { start } if dataset.external.is_empty() => start,
        _ => None,
    };
    TensorDescriptor {
        name: path.to_owned(),
        dtype: dataset.datatype.name().to_owned(),
        shape: dataset.shape.clone().unwrap_or_default(),
        bytes: dataset.bytes,
        file: Some(file.to_owned()),
        start: start.filter(|_| mapped && dataset.filters.is_empty()),
        ..TensorDescriptor::default()
    }
}

/// True for what training leaves: it is not among the parameters that Keras counts.
fn is_state(path: &str) -> bool {
    let mut steps = path.split('/');
    let first = steps.next().unwrap_or_default();
    matches!(first, "optimizer" | "optimizer_weights" | "metrics" | "compile_metrics" | "_compile_metrics")
        || path.split('/').any(|step| matches!(step, "seed_generator" | "_compile_metrics" | "compile_metrics"))
}
