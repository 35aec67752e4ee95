//! What a model takes: figures with the method that made them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a figure came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Counted from the file.
    Exact,
    /// A formula whose constants were fitted to measurements.
    Calibrated,
    /// A formula over facts of the file.
    Analytic,
}

/// One number, its method, and, unless it is exact, the interval it lies in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Figure {
    /// The number.
    pub value: u64,
    /// How it came about.
    pub method: Method,
    /// The least it can be; left out for exact figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<u64>,
    /// The most it can be; left out for exact figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<u64>,
    /// What it was computed at: `context`, `batch`, …
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub at: BTreeMap<String, u64>,
}

impl Figure {
    /// A number that was counted.
    pub fn exact(value: u64) -> Self {
        Self { value, method: Method::Exact, low: None, high: None, at: BTreeMap::new() }
    }

    /// A number that a formula gave, and the interval that the truth lies in.
    pub fn analytic(value: u64, low: u64, high: u64) -> Self {
        Self { value, method: Method::Analytic, low: Some(low), high: Some(high), at: BTreeMap::new() }
    }

    /// Says at what it was computed.
    #[must_use]
    pub fn at<'a>(mut self, at: impl IntoIterator<Item = (&'a str, u64)>) -> Self {
        self.at.extend(at.into_iter().map(|(name, value)| (name.to_owned(), value)));
        self
    }
}

/// Figures by name, units in the name: `parameters`, `weight_bytes`, `active_parameters`, `kv_cache_bytes_per_token`, …
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Resources {
    /// The figures.
    pub figures: BTreeMap<String, Figure>,
}

impl Resources {
    /// Adds a figure.
    pub fn insert(&mut self, name: &str, figure: Figure) {
        self.figures.insert(name.to_owned(), figure);
    }

    /// True if nothing is known.
    pub fn is_empty(&self) -> bool {
        self.figures.is_empty()
    }
}

/// The sizes of a transformer or of one of its relatives that decide what it weighs and what a served token costs.
///
/// Written by whoever reads a configuration (`config.json`, GGUF metadata); read by [`resources`](crate::resources).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LanguageModelShape {
    /// Rows of the token embedding.
    pub vocabulary: u64,
    /// Elements of the vector that passes from layer to layer.
    pub hidden: u64,
    /// Elements of a row of the token embedding, where they are not those of a layer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub embedding: Option<u64>,
    /// Tokens that it was made for, prompt and answer together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<u64>,
    /// The output layer uses the token embedding's bytes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tied: bool,
    /// It has an output layer over the vocabulary.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub head: bool,
    /// Parameters outside layers, token embedding and output layer: positions, norms, poolers.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub other_parameters: u64,
    /// The layers in their order, neighbours that are alike in one entry.
    pub layers: Vec<LayerShape>,
}

/// So many layers that are alike.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LayerShape {
    /// How many.
    pub repeat: u64,
    /// What mixes tokens, side by side where there are several.
    pub mixers: Vec<Mixer>,
    /// What follows it, token by token.
    pub feed: Feed,
    /// Parameters of norms, and all else that is neither of the two; of one layer.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub other_parameters: u64,
}

/// How tokens of one layer see each other, and so what a served sequence keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Mixer {
    /// Keys and values of every head group are kept: multi-head, grouped and multi-query attention.
    Attention {
        /// Query heads.
        heads: u64,
        /// Heads of keys and values.
        kv_heads: u64,
        /// Elements of a key, and of a query.
        key_dim: u64,
        /// Elements of a value.
        value_dim: u64,
        /// Tokens that it looks back; all of them if left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        window: Option<u64>,
        /// The cache is another layer's: nothing is kept, and keys and values are not computed.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        shared: bool,
        /// Nothing is kept: every token sees all others at once, as in encoders.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        encoder: bool,
        /// Parameters beyond the four projections: biases, norms of heads, sinks.
        #[serde(default, skip_serializing_if = "is_zero")]
        other_parameters: u64,
    },
    /// One compressed vector for all heads is kept: multi-head latent attention.
    Latent {
        /// Query heads.
        heads: u64,
        /// Elements of the compressed query, where it is compressed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        query_rank: Option<u64>,
        /// Elements of the compressed vector for keys and values.
        kv_rank: u64,
        /// Elements of the part that carries the position, shared by all heads.
        rope_dim: u64,
        /// Elements of a key without the position.
        key_dim: u64,
        /// Elements of a value.
        value_dim: u64,
        /// Parameters beyond the projections: biases and norms.
        #[serde(default, skip_serializing_if = "is_zero")]
        other_parameters: u64,
    },
    /// A state of constant size is kept: state-space layers, linear attention, recurrence.
    State {
        /// Elements of the state that a sequence keeps, convolution windows left out.
        state: u64,
        /// Elements of the windows of short convolutions that a sequence keeps.
        #[serde(default, skip_serializing_if = "is_zero")]
        window: u64,
        /// Its parameters.
        parameters: u64,
    },
}

/// What a layer does with each token alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Feed {
    /// Nothing.
    #[default]
    None,
    /// One network for every token.
    Dense {
        /// Elements between its matrices.
        inner: u64,
        /// Three matrices, one of them a gate; else two.
        gated: bool,
        /// Parameters beyond the matrices.
        #[serde(default, skip_serializing_if = "is_zero")]
        other_parameters: u64,
    },
    /// Several networks, of which a router picks a few for each token.
    Experts {
        /// How many there are.
        experts: u64,
        /// How many of them a token uses.
        active: u64,
        /// Elements between an expert's matrices.
        inner: u64,
        /// Three matrices, one of them a gate; else two.
        gated: bool,
        /// Parameters of one expert beyond its matrices.
        #[serde(default, skip_serializing_if = "is_zero")]
        other_parameters: u64,
        /// Elements between the matrices of the experts that every token uses, taken together.
        #[serde(default, skip_serializing_if = "is_zero")]
        shared_inner: u64,
        /// Parameters of the router, and all else that every token uses.
        router_parameters: u64,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}
