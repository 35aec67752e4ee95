//! Tables written by `tests/generate/onnx_schemas.py` from the schemas of the package `onnx`.
//!
//! Nothing here is edited by hand: change the script, run it, commit both. [`super::schema`] is the face of
//! these tables and explains them.

#[rustfmt::skip]
pub(super) mod op_type;
#[rustfmt::skip]
pub(super) mod schemas;
