//! Encodings that formats share.
//!
//! What is here knows how bytes are laid out and nothing of what they mean: [`protobuf`] is the wire format below ONNX,
//! TensorFlow and Core ML; [`zip`] holds the files of many formats; [`npy`] and [`npz`] are arrays as numpy stores them.
//! Each encoding offers a cursor that cannot leave its bytes, and a walk that refuses hostile input before anything is
//! allocated for it.
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation
)]

pub mod hdf5;
pub mod json;
pub mod npy;
pub mod npz;
pub mod protobuf;
pub mod zip;
