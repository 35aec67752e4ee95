//! Hugging Face folders.
pub mod shape;
