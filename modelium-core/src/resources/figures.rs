//! The figures of a language model.

use crate::descriptor::Resources;
use crate::descriptor::resources::{Figure, LanguageModelShape};
use crate::resources::count::dot;

/// The context that figures are computed at where the model takes more and nobody said otherwise.
const USUAL_CONTEXT: u64 = 8192;

/// Tokens of a prompt that a server works on at one time.
const CHUNK: u64 = 2048;

/// What a runtime takes beside the model on an accelerator: its context, kernels, and pools that do not fit exactly.
const RUNTIME_BYTES: u64 = 1 << 30;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Tokens of each sequence; the model's own context up to 8192 if left out.
    pub context: Option<u64>,
    /// Sequences at one time.
    pub batch: u64,
    /// Bits of one element of the cache: 32, 16, 8, 4.
    pub cache_bits: u64,
}

impl Default for Setting {
    fn default() -> Self {
        Self { context: None, batch: 1, cache_bits: 16 }
    }
}

/// What was counted in the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stored {
    /// Elements of all weights, shared ones once.
    pub parameters: Option<u64>,
    /// Bytes of all weights, shared ones once.
    pub weight_bytes: Option<u64>,
}

/// What it takes to hold and to serve a model of this shape.
///
/// | figure | at | interval |
/// |---|---|---|
/// | `parameters`, `weight_bytes` | | counted where headers are there; else the formula's value |
/// | `active_parameters` | | with and without the token embedding, which is looked up and not multiplied |
/// | `kv_cache_bytes_per_token` | `cache_bits` | from a token beyond every window to one within all |
/// | `kv_cache_bytes` | `context`, `batch`, `cache_bits` | windows honoured, to every layer keeping all |
/// | `state_bytes_per_sequence` | | states in 16 bits, in 32 bits |
/// | `serve_bytes_float32` … `serve_bytes_int4` | `context`, `batch`, `cache_bits` | weights and cache, to those with scratch memory and a runtime |
///
/// Quantised bits of the cache count the codes and one 16-bit scale for every 32 elements, as servers store them.
pub fn figures(shape: &LanguageModelShape, stored: Stored, setting: Setting) -> Resources {
    let mut resources = Resources::default();
    let computed = shape.parameters();
    let parameters = stored.parameters.unwrap_or(computed);
    let exact_or = |exact: Option<u64>, value| exact.map_or(Figure::analytic(value, value, value), Figure::exact);
    resources.insert("parameters", exact_or(stored.parameters, computed));
    if let Some(bytes) = stored.weight_bytes {
        resources.insert("weight_bytes", Figure::exact(bytes));
    }
    if shape.has_experts() {
        let active = parameters.saturating_sub(shape.idle_parameters());
        let low = active.saturating_sub(shape.vocabulary.saturating_mul(shape.hidden));
        resources.insert("active_parameters", Figure::analytic(active, low, active));
    }
    let (batch, bits) = (setting.batch.max(1), setting.cache_bits);
    let context = setting.context.unwrap_or_else(|| shape.context.unwrap_or(USUAL_CONTEXT).min(USUAL_CONTEXT));
    let states = shape.state_elements().saturating_mul(batch);
    // recurrences are kept in 32 bits by most servers, in 16 by some
    let state_bytes = states.saturating_mul(4);
    let cache = cache_bytes(shape.cache_elements(context).saturating_mul(batch), bits);
    let whole = cache_bytes(shape.cache_elements_per_token().saturating_mul(context).saturating_mul(batch), bits);
    let at = [("context", context), ("batch", batch), ("cache_bits", bits)];
    if shape.cache_elements_per_token() > 0 {
        let early = cache_bytes(shape.cache_elements_per_token(), bits);
        let late = cache_bytes(shape.cache_elements_per_late_token(), bits);
        let figure = Figure::analytic(early, late, early).at([("cache_bits", bits)]);
        resources.insert("kv_cache_bytes_per_token", figure);
        resources.insert("kv_cache_bytes", Figure::analytic(cache, cache, whole).at(at));
    }
    if shape.state_elements() > 0 {
        let one = shape.state_elements();
        let figure = Figure::analytic(one.saturating_mul(4), one.saturating_mul(2), one.saturating_mul(4));
        resources.insert("state_bytes_per_sequence", figure);
    }
    if !shape.is_decoder() {
        return resources;
    }
    let kept = cache.saturating_add(state_bytes);
    let matrices = shape.matrix_parameters().min(parameters);
    for precision in [Precision::Float32, Precision::Bfloat16, Precision::Int8, Precision::Int4] {
        let weights = precision.weight_bytes(matrices, parameters.saturating_sub(matrices));
        let low = weights.saturating_add(kept.saturating_sub(states.saturating_mul(2)));
        let value = weights.saturating_add(kept).saturating_add(scratch_bytes(shape, context, batch, precision));
        let high = value.saturating_add(whole.saturating_sub(cache)).saturating_add(RUNTIME_BYTES);
        let name = format!("serve_bytes_{}", precision.name());
        resources.insert(&name, Figure::analytic(value, low, high).at(at));
    }
    resources
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Precision {
    Float32,
    Bfloat16,
    Int8,
    Int4,
}

impl Precision {
    fn name(self) -> &'static str {
        match self {
            Self::Float32 => "float32",
            Self::Bfloat16 => "bfloat16",
            Self::Int8 => "int8",
            Self::Int4 => "int4",
        }
    }

    /// Matrices take the precision; all else stays in 16 bits at least. Eight bits carry one 16-bit scale for each row
    /// of about 4096, four bits a 16-bit scale and a 4-bit zero for each group of 128.
    fn weight_bytes(self, matrices: u64, others: u64) -> u64 {
        match self {
            Self::Float32 => dot(&[(matrices, 4), (others, 4)]),
            Self::Bfloat16 => dot(&[(matrices, 2), (others, 2)]),
            Self::Int8 => dot(&[(matrices, 1), (matrices / 2048, 1), (others, 2)]),
            Self::Int4 => dot(&[(matrices / 2, 1), (matrices / 128, 2), (matrices / 256, 1), (others, 2)]),
        }
    }

    /// Bytes of an activation's element.
    fn activation(self) -> u64 {
        if self == Self::Float32 { 4 } else { 2 }
    }
}

/// Bytes of so many elements of the cache.
fn cache_bytes(elements: u64, bits: u64) -> u64 {
    let codes = elements.saturating_mul(bits).div_ceil(8);
    if bits < 16 { codes.saturating_add(elements.div_ceil(32).saturating_mul(2)) } else { codes }
}

/// Memory that a step of a server works in: the widest activations of one chunk of a prompt, and the logits in 32 bits.
fn scratch_bytes(shape: &LanguageModelShape, context: u64, batch: u64, precision: Precision) -> u64 {
    let tokens = context.saturating_mul(batch).min(CHUNK);
    let widest = shape.layers.iter().map(|layer| layer.width(shape.hidden)).max().unwrap_or_default();
    let activations = tokens.saturating_mul(widest).saturating_mul(precision.activation());
    activations.saturating_add(dot(&[(batch.saturating_mul(4), shape.vocabulary)]))
}
