//! Each fusion before and after, and what comes near but is something else.

mod activations;
mod gelu;
mod group_norm;
mod norm;
mod rotary;
