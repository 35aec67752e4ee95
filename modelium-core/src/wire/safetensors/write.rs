//! The header that goes in front of tensors.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::ops::Range;

use crate::error::Result;
use crate::tensor::DType;
use crate::wire::safetensors::{DTYPES, PREFIX, SafetensorsError, dtype_name, show};

/// A tensor that is to be written.
#[derive(Debug, Clone, Copy)]
pub struct NewTensor<'a> {
    /// Its name.
    pub name: &'a str,
    /// Element type.
    pub dtype: DType,
    /// Dimensions, outermost first.
    pub shape: &'a [u64],
}

/// Where everything goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The first bytes of the file: length and header.
    pub header: Vec<u8>,
    /// The tensors by their places in the list that was given, in the order in which their bytes follow the header.
    pub order: Vec<usize>,
    /// The range of each tensor in the file, in the order of the list that was given.
    pub ranges: Vec<Range<u64>>,
}

/// Lays tensors out as the reference implementation does: the widest elements first, then by name, so that each is
/// aligned to its element. The same tensors and metadata give the same bytes.
///
/// # Errors
/// `Unsupported` for an element type that the format does not have; `InvalidArgument` for two tensors of one name.
pub fn layout(tensors: &[NewTensor<'_>], metadata: &BTreeMap<String, String>) -> Result<Layout> {
    let mut names = HashSet::new();
    let rank = |dtype| DTYPES.iter().position(|(known, _)| *known == dtype);
    let mut order = Vec::with_capacity(tensors.len());
    for (index, tensor) in tensors.iter().enumerate() {
        let width = rank(tensor.dtype).ok_or(SafetensorsError::NoDType(tensor.dtype))?;
        if !names.insert(tensor.name) || tensor.name == "__metadata__" {
            return Err(SafetensorsError::WrittenTwice { name: show(tensor.name) }.into());
        }
        order.push((width, tensor.name, index));
    }
    order.sort_unstable();
    let mut text = String::from("{");
    if !metadata.is_empty() {
        text.push_str("\"__metadata__\":{");
        for (key, value) in metadata {
            quote(&mut text, key);
            text.push(':');
            quote(&mut text, value);
            text.push(',');
        }
        text.pop();
        text.push_str("},");
    }
    let mut ranges = vec![0..0; tensors.len()];
    let mut end = 0_u64;
    for (_, _, index) in &order {
        let (Some(tensor), Some(range)) = (tensors.get(*index), ranges.get_mut(*index)) else { continue };
        let elements = tensor.shape.iter().try_fold(1_u64, |product, dim| product.checked_mul(*dim));
        let bytes = elements.and_then(|elements| tensor.dtype.bytes_for(elements));
        let begin = end;
        end = bytes.and_then(|bytes| begin.checked_add(bytes)).ok_or(SafetensorsError::TooLarge)?;
        *range = begin..end;
        quote(&mut text, tensor.name);
        let (dtype, shape) = (dtype_name(tensor.dtype).unwrap_or_default(), tensor.shape);
        let shape = shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        // writing to a string does not fail
        let _ = write!(text, ":{{\"dtype\":\"{dtype}\",\"shape\":[{shape}],\"data_offsets\":[{begin},{end}]}},");
    }
    if text.len() > 1 {
        text.pop();
    }
    text.push('}');
    while !text.len().is_multiple_of(8) {
        text.push(' ');
    }
    let start = PREFIX.saturating_add(text.len() as u64);
    start.checked_add(end).ok_or(SafetensorsError::TooLarge)?;
    for range in &mut ranges {
        *range = range.start.saturating_add(start)..range.end.saturating_add(start);
    }
    let mut header = (text.len() as u64).to_le_bytes().to_vec();
    header.extend_from_slice(text.as_bytes());
    Ok(Layout { header, order: order.into_iter().map(|(_, _, index)| index).collect(), ranges })
}

/// A string as JSON spells it.
fn quote(text: &mut String, value: &str) {
    text.push('"');
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            c if u32::from(c) < 0x20 => {
                let _ = write!(text, "\\u{:04x}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text.push('"');
}
