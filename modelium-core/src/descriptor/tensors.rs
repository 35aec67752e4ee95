//! What is stored, tensor by tensor and layer by layer.

use std::collections::{BTreeMap, HashSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::descriptor::ModelDescriptor;
use crate::tensor::DType;

/// One stored tensor: its type and where its bytes lie.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TensorDescriptor {
    /// Its name.
    pub name: String,
    /// The element type as [`DType`] spells it, or the format's own name in lower case: `float32`, `q4_k`.
    pub dtype: String,
    /// Dimensions, outermost first.
    pub shape: Vec<u64>,
    /// Distances between elements along each dimension, in elements; left out for row-major tensors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strides: Option<Vec<u64>>,
    /// Bytes that it takes in its file, or once inflated.
    pub bytes: u64,
    /// The file it lies in, relative to the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The first byte in that file; left out where the bytes are compressed or encoded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<u64>,
    /// The name of an earlier tensor whose bytes these are too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shares: Option<String>,
}

/// A layer, or a module of a weight format: what its tensors have in common.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LayerDescriptor {
    /// Its name: the path of the module, or the layer's own name.
    pub name: String,
    /// Its class, where the file says so: `Conv2D`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Elements of its tensors, shared ones once.
    pub parameters: u64,
    /// Bytes of its tensors, shared ones once.
    pub bytes: u64,
}

impl TensorDescriptor {
    /// Number of elements; saturates.
    pub fn elements(&self) -> u64 {
        self.shape.iter().fold(1, |product: u64, dim| product.saturating_mul(*dim))
    }
}

impl ModelDescriptor {
    /// Takes the tensors over, and with them the exact counts: parameters, bytes by type, layers by module path.
    /// Tensors that share bytes count once.
    #[must_use]
    pub fn with_tensors(mut self, tensors: Vec<TensorDescriptor>) -> Self {
        let mut layers: Vec<LayerDescriptor> = Vec::new();
        let mut index: BTreeMap<&str, usize> = BTreeMap::new();
        let mut seen: HashSet<&str> = HashSet::new();
        for tensor in tensors.iter().filter(|tensor| seen.insert(&tensor.name)) {
            let module = tensor.name.rsplit_once('.').map_or("", |(module, _)| module);
            let at = *index.entry(module).or_insert_with(|| {
                layers.push(LayerDescriptor { name: module.to_owned(), ..LayerDescriptor::default() });
                layers.len().saturating_sub(1)
            });
            if tensor.shares.is_some() {
                continue;
            }
            self.parameters = self.parameters.saturating_add(tensor.elements());
            let total = match DType::from_name(&tensor.dtype) {
                Some(dtype) => self.weight_bytes.entry(dtype).or_default(),
                None => self.encoded_bytes.entry(tensor.dtype.clone()).or_default(),
            };
            *total = total.saturating_add(tensor.bytes);
            if let Some(layer) = layers.get_mut(at) {
                layer.parameters = layer.parameters.saturating_add(tensor.elements());
                layer.bytes = layer.bytes.saturating_add(tensor.bytes);
            }
        }
        if self.layers.is_empty() {
            self.layers = layers;
        }
        self.tensors = tensors;
        self
    }
}
