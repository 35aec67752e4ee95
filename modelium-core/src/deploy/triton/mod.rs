//! Triton.
