//! What serving keeps of a sequence: keys and values that grow with it, states that do not.

use crate::descriptor::resources::{LanguageModelShape, Mixer};

impl Mixer {
    /// Elements that each token adds, and the number of tokens after which it adds none.
    fn per_token(&self) -> (u64, Option<u64>) {
        match *self {
            Self::Attention { shared: true, .. } | Self::Attention { encoder: true, .. } | Self::State { .. } => {
                (0, None)
            }
            Self::Attention { kv_heads, key_dim, value_dim, window, .. } => {
                (kv_heads.saturating_mul(key_dim.saturating_add(value_dim)), window)
            }
            Self::Latent { kv_rank, rope_dim, .. } => (kv_rank.saturating_add(rope_dim), None),
        }
    }
}

impl LanguageModelShape {
    fn sum(&self, of_mixer: impl Fn(&Mixer) -> u64) -> u64 {
        self.layers.iter().fold(0, |sum: u64, layer| {
            let mixers = layer.mixers.iter().map(&of_mixer).fold(0, u64::saturating_add);
            sum.saturating_add(layer.repeat.saturating_mul(mixers))
        })
    }

    /// Elements that one more token adds to the cache while every layer still sees the first one.
    pub fn cache_elements_per_token(&self) -> u64 {
        self.sum(|mixer| mixer.per_token().0)
    }

    /// Elements that one more token adds once the sequence is longer than every window.
    pub fn cache_elements_per_late_token(&self) -> u64 {
        self.sum(|mixer| if mixer.per_token().1.is_some() { 0 } else { mixer.per_token().0 })
    }

    /// Elements of keys and values that a sequence of `context` tokens keeps; layers with a window keep that window only.
    pub fn cache_elements(&self, context: u64) -> u64 {
        self.sum(|mixer| {
            let (elements, window) = mixer.per_token();
            elements.saturating_mul(window.map_or(context, |window| window.min(context)))
        })
    }

    /// Elements of the states that a sequence of any length keeps.
    pub fn state_elements(&self) -> u64 {
        self.sum(|mixer| if let Mixer::State { state, window, .. } = mixer { state.saturating_add(*window) } else { 0 })
    }

    /// True if serving it keeps something of each sequence: it writes token by token.
    pub fn is_decoder(&self) -> bool {
        self.cache_elements_per_token() > 0 || self.state_elements() > 0
    }
}
