//! Element types of numpy as pickles spell them: a call of `numpy.dtype`, and the state that completes it.

use crate::wire::pickle::{Trace, Value, ValueId};

/// Records inside records are followed so far.
const DEPTH: u32 = 16;

/// The type of the elements of an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// As numpy spells it, without the byte order: `f8`, `U10`, `V16`.
    pub code: String,
    /// `<`, `>`, `|` or `=`.
    pub order: char,
    /// Bytes of one element.
    pub bytes: u64,
    /// True if Python objects are in it, so that its bytes are no numbers.
    pub objects: bool,
}

impl Element {
    /// The name of the type in words: `float64`; records and texts keep numpy's own spelling.
    pub fn name(&self) -> String {
        let name = match self.code.as_str() {
            "b1" | "?" => "bool",
            "i1" => "int8",
            "i2" => "int16",
            "i4" => "int32",
            "i8" => "int64",
            "u1" => "uint8",
            "u2" => "uint16",
            "u4" => "uint32",
            "u8" => "uint64",
            "f2" => "float16",
            "f4" => "float32",
            "f8" => "float64",
            "c8" => "complex64",
            "c16" => "complex128",
            other => return other.to_lowercase(),
        };
        name.to_owned()
    }
}

/// Reads an element type; `None` for what is none, or is spelt in a way that numpy does not write.
pub fn element(trace: &Trace, dtype: ValueId) -> Option<Element> {
    element_within(trace, dtype, DEPTH)
}

fn element_within(trace: &Trace, dtype: ValueId, depth: u32) -> Option<Element> {
    let depth = depth.checked_sub(1)?;
    let (module, name) = trace.callee(dtype)?;
    let call = trace.call(dtype)?;
    if name != "dtype" || module.split('.').next() != Some("numpy") {
        return None;
    }
    let code = trace.text(*trace.items(call.args)?.first()?)?.into_owned();
    // (version, order, subarray, names, fields, bytes, alignment, flags)
    let state = call.states.last().and_then(|state| trace.items(*state)).unwrap_or_default();
    let order = state.get(1).and_then(|order| trace.text(*order)?.chars().next()).unwrap_or('|');
    let (kind, digits) = code.split_at_checked(1)?;
    let counted: Option<u64> = if digits.is_empty() { None } else { Some(digits.parse().ok()?) };
    let stated = state.get(5).and_then(|bytes| trace.int(*bytes)).and_then(|bytes| u64::try_from(bytes).ok());
    let bytes = match kind {
        "U" => counted?.checked_mul(4)?,
        // times, and their unit in the state
        "M" | "m" => counted.unwrap_or(8),
        "O" => 8,
        "?" => 1,
        "V" => stated.or(counted)?,
        "b" | "i" | "u" | "f" | "c" | "S" | "a" | "B" | "h" | "l" | "q" | "d" | "g" => counted?,
        _ => return None,
    };
    let mut objects = kind == "O";
    if let Some(fields) = state.get(4).filter(|fields| !matches!(trace.value(**fields), Value::None)) {
        for (_, field) in trace.entries(*fields) {
            let inner = *trace.items(field)?.first()?;
            objects |= element_within(trace, inner, depth)?.objects;
        }
    }
    // a subarray: its element and its shape
    if let Some([inner, _]) = state.get(2).and_then(|subarray| trace.items(*subarray)) {
        objects |= element_within(trace, *inner, depth)?.objects;
    }
    Some(Element { code, order, bytes, objects })
}

/// The sizes in a tuple or a list of dimensions.
pub fn dims(trace: &Trace, shape: ValueId) -> Option<Vec<u64>> {
    match trace.items(shape) {
        Some(items) => items.iter().map(|dim| number(trace, *dim)).collect(),
        None => number(trace, shape).map(|dim| vec![dim]),
    }
}

/// A size; numpy's own integers count too, where a writer has kept them.
fn number(trace: &Trace, id: ValueId) -> Option<u64> {
    if let Some(size) = trace.size(id) {
        return Some(size);
    }
    let [dtype, bytes] = trace.args(id)? else { return None };
    let element = element(trace, *dtype)?;
    let bytes = trace.bytes(*bytes)?;
    if !matches!(element.code.as_bytes().first(), Some(b'i' | b'u')) || bytes.len() > 8 {
        return None;
    }
    let mut word = [0; 8];
    word.get_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(u64::from_le_bytes(word))
}
