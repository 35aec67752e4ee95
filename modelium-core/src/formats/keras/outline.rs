//! Layers with what their tensors come to: the configuration names them, the HDF5 groups hold them.

use std::collections::BTreeMap;

use crate::descriptor::{LayerDescriptor, TensorDescriptor};
use crate::formats::keras::config::Layer;
use crate::wire::hdf5::File;

/// The layers of a configuration with the tensors of their groups.
pub(super) fn layers(listed: &[Layer], file: &File, tensors: &[TensorDescriptor]) -> Vec<LayerDescriptor> {
    let groups = groups(file);
    // each tensor by its path, so that those of one group stand together
    let by_path: BTreeMap<&str, &TensorDescriptor> =
        tensors.iter().map(|tensor| (tensor.name.as_str(), tensor)).collect();
    // many layers can claim one group: each group is summed once
    let mut sums = BTreeMap::<String, Option<(u64, u64)>>::new();
    let one = |layer: &Layer| {
        let sum = |group: String| *sums.entry(group).or_insert_with_key(|group| sum(&by_path, group));
        let (parameters, bytes) = candidates(layer, &groups).into_iter().find_map(sum).unwrap_or_default();
        LayerDescriptor { name: layer.path.join("/"), kind: Some(layer.class.clone()), parameters, bytes }
    };
    listed.iter().map(one).collect()
}

/// The layers of a file without a configuration: the groups that hold tensors.
pub(super) fn groups_of(file: &File, tensors: &[TensorDescriptor]) -> Vec<LayerDescriptor> {
    let names: BTreeMap<String, String> = groups(file).into_iter().map(|(name, group)| (group, name)).collect();
    let mut found: Vec<LayerDescriptor> = Vec::new();
    for tensor in tensors {
        let group = match tensor.name.split_once("/vars/") {
            Some((group, _)) => group,
            None => tensor.name.split('/').find(|step| *step != "model_weights").unwrap_or_default(),
        };
        let name = names.get(group).map_or(group, String::as_str);
        if found.last().is_none_or(|last| last.name != name) {
            found.push(LayerDescriptor { name: name.to_owned(), ..LayerDescriptor::default() });
        }
        if let Some(layer) = found.last_mut() {
            layer.parameters = layer.parameters.saturating_add(tensor.elements());
            layer.bytes = layer.bytes.saturating_add(tensor.bytes);
        }
    }
    found
}

/// Groups by the name of their layer, as Keras notes it beside the variables.
fn groups(file: &File) -> BTreeMap<String, String> {
    let mut groups = BTreeMap::new();
    for object in &file.objects {
        let Some(group) = object.path.strip_suffix("/vars") else { continue };
        let Some(name) = object.attribute("name").and_then(|name| name.texts().into_iter().next()) else { continue };
        groups.insert(name, group.trim_start_matches('/').to_owned());
    }
    groups
}

/// Where the tensors of a layer can lie, the surest place first.
fn candidates(layer: &Layer, groups: &BTreeMap<String, String>) -> Vec<String> {
    let Some(name) = layer.path.last() else { return Vec::new() };
    let mut counted = String::new();
    for (class, index) in layer.outer.iter().chain([&(layer.class.clone(), layer.index)]) {
        let class = snake(class);
        let step = if *index == 0 { class } else { format!("{class}_{index}") };
        counted = if counted.is_empty() { format!("layers/{step}") } else { format!("{counted}/layers/{step}") };
    }
    // an inner model of an HDF5 file holds its layers below its own name
    let outermost = layer.path.first().unwrap_or(name);
    let mut places: Vec<String> = groups.get(name).into_iter().cloned().collect();
    places.extend([counted.clone(), counted.replace("layers/", "_layer_checkpoint_dependencies/")]);
    for base in [format!("model_weights/{outermost}"), outermost.clone()] {
        if layer.path.len() > 1 {
            places.extend([format!("{base}/{}", layer.path.get(1..).unwrap_or_default().join("/"))]);
        } else {
            places.push(base);
        }
    }
    places
}

/// Elements and bytes of the tensors below a group; none if there are none.
fn sum(by_path: &BTreeMap<&str, &TensorDescriptor>, group: &str) -> Option<(u64, u64)> {
    let start = format!("{group}/");
    let below = by_path.range(start.as_str()..).take_while(|(path, _)| path.starts_with(&start));
    below.fold(None, |total: Option<(u64, u64)>, (_, tensor)| {
        let (parameters, bytes) = total.unwrap_or_default();
        Some((parameters.saturating_add(tensor.elements()), bytes.saturating_add(tensor.bytes)))
    })
}

/// `BatchNormalization` to `batch_normalization`, `Conv2D` to `conv2d`, as Keras names groups.
fn snake(class: &str) -> String {
    let letters: Vec<char> = class.chars().filter(|c| c.is_alphanumeric() || *c == '_').collect();
    let mut name = String::new();
    for (at, c) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(at.saturating_add(1));
        let starts = c.is_uppercase()
            && before.is_some_and(|before| {
                let lower = before.is_lowercase();
                lower || ((before.is_uppercase() || before.is_numeric()) && after.is_some_and(|c| c.is_lowercase()))
            });
        if starts {
            name.push('_');
        }
        name.extend(c.to_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::snake;

    #[test]
    fn classes_are_named_as_keras_names_their_groups() {
        for (class, name) in [
            ("BatchNormalization", "batch_normalization"),
            ("Conv2D", "conv2d"),
            ("LSTM", "lstm"),
            ("MaxPooling2D", "max_pooling2d"),
            ("GlobalAveragePooling1D", "global_average_pooling1d"),
            ("MultiHeadAttention", "multi_head_attention"),
            ("ReLU", "re_lu"),
        ] {
            assert_eq!(snake(class), name);
        }
    }
}
