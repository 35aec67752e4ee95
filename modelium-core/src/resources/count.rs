//! Parameters of a shape: all of them, those that a token uses, those that quantisation shrinks.

use crate::descriptor::resources::{Feed, LanguageModelShape, LayerShape, Mixer};

/// Sums products without wrapping: `dot(&[(a, b), (c, d)])` is `a·b + c·d`.
pub(super) fn dot(pairs: &[(u64, u64)]) -> u64 {
    pairs.iter().fold(0, |sum: u64, (a, b)| sum.saturating_add(a.saturating_mul(*b)))
}

impl LanguageModelShape {
    /// All parameters, tied ones once.
    pub fn parameters(&self) -> u64 {
        self.total(LayerShape::parameters)
    }

    /// Parameters that one token uses: of the experts only those that its router picks.
    pub fn active_parameters(&self) -> u64 {
        self.parameters().saturating_sub(self.idle_parameters())
    }

    /// Parameters of the experts that a token does not use.
    pub fn idle_parameters(&self) -> u64 {
        let layers = self.layers.iter();
        layers.fold(0, |sum, layer| sum.saturating_add(layer.repeat.saturating_mul(layer.feed.idle(self.hidden))))
    }

    /// True if a token uses only some of the parameters.
    pub fn has_experts(&self) -> bool {
        self.layers.iter().any(|layer| matches!(layer.feed, Feed::Experts { .. }))
    }

    /// Parameters in the matrices of layers: what weight-only quantisation shrinks. Embeddings, the output layer, norms
    /// and biases keep their precision.
    pub fn matrix_parameters(&self) -> u64 {
        let layers = self.layers.iter();
        layers.fold(0, |sum, layer| sum.saturating_add(layer.repeat.saturating_mul(layer.matrices(self.hidden))))
    }

    /// Parameters of the token embedding and, unless it is tied, of the output layer.
    pub fn vocabulary_parameters(&self) -> u64 {
        let matrices = if self.head && !self.tied { 2 } else { 1 };
        self.vocabulary.saturating_mul(self.embedding.unwrap_or(self.hidden)).saturating_mul(matrices)
    }

    fn total(&self, of_layer: impl Fn(&LayerShape, u64) -> u64) -> u64 {
        let layers = self
            .layers
            .iter()
            .fold(0, |sum: u64, layer| sum.saturating_add(layer.repeat.saturating_mul(of_layer(layer, self.hidden))));
        layers.saturating_add(self.vocabulary_parameters()).saturating_add(self.other_parameters)
    }
}

impl LayerShape {
    fn parameters(&self, hidden: u64) -> u64 {
        let mixers = self.mixers.iter().map(|mixer| mixer.matrices(hidden).saturating_add(mixer.others()));
        let mixers = mixers.fold(0, u64::saturating_add);
        mixers.saturating_add(self.feed.parameters(hidden)).saturating_add(self.other_parameters)
    }

    fn matrices(&self, hidden: u64) -> u64 {
        let mixers = self.mixers.iter().map(|mixer| mixer.matrices(hidden)).fold(0, u64::saturating_add);
        mixers.saturating_add(self.feed.matrices(hidden))
    }
}

impl Mixer {
    /// Elements of its projections.
    fn matrices(&self, hidden: u64) -> u64 {
        match *self {
            Self::Attention { heads, kv_heads, key_dim, value_dim, shared, .. } => {
                let outer = dot(&[(heads, key_dim), (heads, value_dim)]);
                let inner = if shared { 0 } else { dot(&[(kv_heads, key_dim), (kv_heads, value_dim)]) };
                hidden.saturating_mul(outer.saturating_add(inner))
            }
            Self::Latent { heads, query_rank, kv_rank, rope_dim, key_dim, value_dim, .. } => {
                let query = heads.saturating_mul(key_dim.saturating_add(rope_dim));
                let query = match query_rank {
                    Some(rank) => dot(&[(hidden, rank), (rank, query)]),
                    None => hidden.saturating_mul(query),
                };
                let down = hidden.saturating_mul(kv_rank.saturating_add(rope_dim));
                let up = kv_rank.saturating_mul(heads).saturating_mul(key_dim.saturating_add(value_dim));
                let out = hidden.saturating_mul(heads).saturating_mul(value_dim);
                query.saturating_add(down).saturating_add(up).saturating_add(out)
            }
            Self::State { parameters, .. } => parameters,
        }
    }

    fn others(&self) -> u64 {
        match *self {
            Self::Attention { other_parameters, .. } | Self::Latent { other_parameters, .. } => other_parameters,
            Self::State { .. } => 0,
        }
    }
}

impl Feed {
    fn parameters(&self, hidden: u64) -> u64 {
        let others = match *self {
            Self::None => 0,
            Self::Dense { other_parameters, .. } => other_parameters,
            Self::Experts { experts, other_parameters, router_parameters, .. } => {
                dot(&[(experts, other_parameters), (1, router_parameters)])
            }
        };
        self.matrices(hidden).saturating_add(others)
    }

    /// Elements of its matrices, routers left out.
    fn matrices(&self, hidden: u64) -> u64 {
        let network = |inner: u64, gated: bool| {
            let matrices = if gated { 3 } else { 2 };
            hidden.saturating_mul(inner).saturating_mul(matrices)
        };
        match *self {
            Self::None => 0,
            Self::Dense { inner, gated, .. } => network(inner, gated),
            Self::Experts { experts, inner, gated, shared_inner, .. } => {
                dot(&[(experts, network(inner, gated)), (1, network(shared_inner, gated))])
            }
        }
    }

    /// Parameters of the experts that a token does not use.
    fn idle(&self, hidden: u64) -> u64 {
        match *self {
            Self::Experts { experts, active, inner, gated, other_parameters, .. } => {
                let one = Self::Dense { inner, gated, other_parameters }.parameters(hidden);
                experts.saturating_sub(active).saturating_mul(one)
            }
            _ => 0,
        }
    }
}

impl LayerShape {
    /// Elements that live at one time for each token: the residual, its norm, and the widest of what a layer makes of them.
    pub(super) fn width(&self, hidden: u64) -> u64 {
        let mixer = |mixer: &Mixer| match *mixer {
            Mixer::Attention { heads, kv_heads, key_dim, value_dim, .. } => {
                dot(&[(heads, key_dim), (heads, value_dim), (kv_heads, key_dim), (kv_heads, value_dim)])
            }
            Mixer::Latent { heads, kv_rank, rope_dim, key_dim, value_dim, .. } => {
                let head = dot(&[(2, key_dim), (2, rope_dim), (2, value_dim)]);
                dot(&[(heads, head), (1, kv_rank), (1, rope_dim)])
            }
            Mixer::State { .. } => hidden.saturating_mul(4),
        };
        let feed = match self.feed {
            Feed::None => 0,
            Feed::Dense { inner, .. } => inner.saturating_mul(2),
            Feed::Experts { active, inner, shared_inner, .. } => {
                dot(&[(2, shared_inner), (2, active.saturating_mul(inner))])
            }
        };
        let mixers = self.mixers.iter().map(mixer).fold(0, u64::saturating_add);
        mixers.max(feed).saturating_add(hidden.saturating_mul(2))
    }
}
