//! Fusions: several operators that together are one.
//!
//! Each looks from the operator that ends or centres it along the data flow, and fires only where shapes and constants prove
//! what it needs. [`flow`] asks the small questions that several share; [`layout`] says what transposes and reshapes do to
//! axes; [`size`] makes inputs of dimensions.

pub(super) mod activations;
pub(super) mod attention;
mod flow;
pub(super) mod gelu;
pub(super) mod group_norm;
mod layout;
pub(super) mod norm;
pub(super) mod rotary;
mod size;
pub(super) mod skip_norm;
#[cfg(test)]
mod tests;
