//! Encodings that formats share.
//!
//! What is here knows how bytes are laid out and nothing of what they mean: [`protobuf`] is the wire format below ONNX,
//! TensorFlow and Core ML; [`flatbuffers`] the one below TensorFlow Lite and MNN; [`zip`] holds the files of many formats; [`npy`] and [`npz`] are arrays as numpy stores them.
//! TensorFlow and Core ML; [`json`], [`yaml`] and [`ubjson`] are values as text or bytes; [`compress`] inflates streams;
//! [`zip`] holds the files of many formats; [`npy`] and [`npz`] are arrays as numpy stores them; [`safetensors`] is the
//! header of that format, read and written.
//! Each encoding offers a cursor that cannot leave its bytes, and a walk that refuses hostile input before anything is
//! allocated for it.
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation
)]

pub mod budget;
pub mod compress;
pub mod flatbuffers;
pub mod hdf5;
pub mod json;
pub mod json_stream;
pub mod msgpack;
pub mod npy;
pub mod npz;
pub mod pbtxt;
pub mod pickle;
pub mod protobuf;
pub mod safetensors;
pub mod tar;
pub mod ubjson;
pub mod xml;
pub mod yaml;
pub mod zip;
