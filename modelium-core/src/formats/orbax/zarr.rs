//! The document of one zarr array, version 2 or 3.

use crate::descriptor::TensorDescriptor;
use crate::error::Location;
use crate::formats::orbax::OrbaxError;
use crate::tensor::DType;
use crate::wire::compress::Codec;
use crate::wire::json::Json;

/// The last step of the name of a document.
pub(super) const DOCUMENTS: [&str; 2] = [".zarray", "zarr.json"];

/// An array.
#[derive(Debug)]
pub(super) struct Array {
    pub(super) tensor: TensorDescriptor,
    /// Shape of one chunk, in the outermost grid.
    pub(super) chunk: Vec<u64>,
    /// The compression of a chunk, if it is one that is known and the only step.
    pub(super) codec: Option<Codec>,
    /// True if chunks hold the elements as they are.
    pub(super) plain: bool,
    /// The name of the first chunk.
    pub(super) first_chunk: String,
    /// True if elements are pickles.
    pub(super) pickled: bool,
}

/// True for a document of zarr.
pub(super) fn is_document(json: &Json) -> bool {
    json.get("zarr_format").is_some()
}

/// Reads a document; none for a group.
pub(super) fn array(json: &Json, name: &str, at: &Location, rank_cap: u32) -> Result<Option<Array>, OrbaxError> {
    if json.get("node_type").and_then(Json::as_str) == Some("group") {
        return Ok(None);
    }
    let missing = |what: &'static str| OrbaxError::NoField { at: at.clone(), name: name.to_owned(), what };
    let dims = |json: Option<&Json>| -> Option<Vec<u64>> { json?.items().iter().map(Json::as_u64).collect() };
    let shape = dims(json.get("shape")).filter(|shape| shape.len() as u64 <= u64::from(rank_cap));
    let shape = shape.ok_or_else(|| missing("shape"))?;
    let version = json.get("zarr_format").and_then(Json::as_u64).unwrap_or_default();
    let (key, grid) = if version == 3 {
        ("data_type", json.at(&["chunk_grid", "configuration", "chunk_shape"]))
    } else {
        ("dtype", json.get("chunks"))
    };
    let stored = json.get(key).and_then(Json::as_str).ok_or_else(|| missing("type"))?;
    let chunk = dims(grid).ok_or_else(|| missing("shape of chunks"))?;
    let (dtype, size) = type_of(stored);
    let elements = shape.iter().try_fold(1_u64, |product, dim| product.checked_mul(*dim));
    let bytes = elements.and_then(|elements| elements.checked_mul(size));
    let too_large = || OrbaxError::TooLarge { at: at.clone(), name: name.to_owned(), shape: shape.clone() };
    let bytes = bytes.ok_or_else(too_large)?;
    let codecs = codecs(json);
    let codec = match codecs.as_slice() {
        ["zstd"] => Some(Codec::Zstd),
        ["gzip"] => Some(Codec::Gzip),
        ["zlib"] => Some(Codec::Zlib),
        _ => None,
    };
    let separator = json.get("dimension_separator").and_then(Json::as_str).unwrap_or(".");
    let zeros = vec!["0"; shape.len()];
    let first_chunk = match (version, zeros.is_empty()) {
        (3, true) => "c".to_owned(),
        (3, false) => format!("c/{}", zeros.join("/")),
        (_, true) => "0".to_owned(),
        (_, false) => zeros.join(separator),
    };
    let pickled = codecs.iter().any(|codec| matches!(*codec, "pickle" | "dill" | "cloudpickle"));
    let tensor = TensorDescriptor { name: name.to_owned(), dtype, shape, bytes, ..TensorDescriptor::default() };
    Ok(Some(Array { tensor, chunk, codec, plain: codecs.is_empty(), first_chunk, pickled }))
}

/// Names of what a chunk passes through, the order of the bytes of an element left out.
fn codecs(json: &Json) -> Vec<&str> {
    let mut found = Vec::new();
    if let Some(compressor) = json.get("compressor").and_then(|codec| codec.get("id")).and_then(Json::as_str) {
        found.push(compressor);
    }
    let filters = json.get("filters").map(Json::items).unwrap_or_default();
    found.extend(filters.iter().filter_map(|codec| codec.get("id")).filter_map(Json::as_str));
    let steps = json.get("codecs").map(Json::items).unwrap_or_default();
    found.extend(
        steps.iter().filter_map(|codec| codec.get("name")).filter_map(Json::as_str).filter(|name| *name != "bytes"),
    );
    found
}

/// The name and the size of an element, as numpy or as zarr 3 spells the type.
fn type_of(stored: &str) -> (String, u64) {
    let letters = stored.trim_start_matches(['<', '>', '|', '=']);
    let numpy = match letters {
        "f2" => Some(DType::Float16),
        "f4" => Some(DType::Float32),
        "f8" => Some(DType::Float64),
        "i1" => Some(DType::Int8),
        "i2" => Some(DType::Int16),
        "i4" => Some(DType::Int32),
        "i8" => Some(DType::Int64),
        "u1" => Some(DType::Uint8),
        "u2" => Some(DType::Uint16),
        "u4" => Some(DType::Uint32),
        "u8" => Some(DType::Uint64),
        "b1" => Some(DType::Bool),
        "c8" => Some(DType::Complex64),
        "c16" => Some(DType::Complex128),
        "float8_e4m3fn" => Some(DType::Float8E4M3Fn),
        "float8_e5m2" => Some(DType::Float8E5M2),
        other => DType::from_name(other),
    };
    // elements that are smaller than a byte take one each here
    let size = numpy.and_then(DType::bits).map_or(0, |bits| bits.div_ceil(8));
    (numpy.map_or_else(|| stored.to_owned(), |dtype| dtype.name().to_owned()), size)
}
