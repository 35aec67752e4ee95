//! The tree: its arrays by the way to each.

use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::TensorDescriptor;
use crate::error::Result;
use crate::formats::flax::FlaxError;
use crate::tensor::DType;
use crate::wire::msgpack::{self, Value};

const CHUNKED: &str = "__msgpack_chunked_array__";

/// The arrays of a checkpoint.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// Those of the model, in the order of the file.
    pub(super) model: Vec<TensorDescriptor>,
    /// Those of whoever trained it.
    pub(super) state: Vec<TensorDescriptor>,
    /// Numbers and texts that stand in the tree, by the way to each.
    pub(super) plain: Vec<(String, String)>,
}

/// True if the bytes begin as a tree does: dictionaries with texts for keys, down to an array.
pub(super) fn begins_like_one(blob: &Blob) -> bool {
    let bytes: &[u8] = blob;
    let mut at = 0_usize;
    let mut seen_map = false;
    // a few plain values can stand in front of the first array
    for _ in 0..256 {
        let Some((head, rest)) = bytes.get(at..).and_then(<[u8]>::split_first) else { return false };
        let number = |size: usize| {
            rest.get(..size)
                .map(|bytes| bytes.iter().fold(0_usize, |sum, byte| sum.wrapping_shl(8) | usize::from(*byte)))
        };
        let skip = match head {
            0x81..=0x8f => {
                seen_map = true;
                1
            }
            0xde | 0xdf => {
                seen_map = true;
                if *head == 0xde { 3 } else { 5 }
            }
            0x80 | 0xc0 | 0xc2 | 0xc3 | 0x00..=0x7f | 0xe0..=0xff => 1,
            0xa0..=0xbf => usize::from(head & 31).saturating_add(1),
            0xd9 => number(1).unwrap_or(0).saturating_add(2),
            0xcc | 0xd0 => 2,
            0xcd | 0xd1 => 3,
            0xca | 0xce | 0xd2 => 5,
            0xcb | 0xcf | 0xd3 => 9,
            0xc7 | 0xc8 | 0xc9 => {
                let size = match head {
                    0xc7 => 1_usize,
                    0xc8 => 2,
                    _ => 4,
                };
                let body = rest.get(size..).unwrap_or_default();
                // type 1 or 3: a list of three, a list, a text
                return seen_map && matches!(body, [1 | 3, 0x93, 0x90..=0x9f, ..]);
            }
            _ => return false,
        };
        if !seen_map {
            return false;
        }
        at = at.saturating_add(skip);
    }
    false
}

/// Reads the whole tree.
pub(super) fn read(blob: &Blob, file: &str, cx: &Context) -> Result<Tree> {
    let root = msgpack::parse(blob, cx)?;
    let Value::Map(_) = root else { return Err(FlaxError::NoTree { at: blob.location(0) }.into()) };
    let mut walk = Walk { blob, file, cx, tree: Tree::default(), count: 0 };
    walk.value(&root, &mut Vec::new())?;
    Ok(walk.tree)
}

struct Walk<'a> {
    blob: &'a Blob,
    file: &'a str,
    cx: &'a Context,
    tree: Tree,
    count: u64,
}

impl<'a> Walk<'a> {
    /// Depth is bounded, since reading the bytes bounded it.
    fn value(&mut self, value: &'a Value, way: &mut Vec<String>) -> Result<()> {
        match value {
            Value::Map(entries) => {
                if value.get(CHUNKED).is_some() {
                    return self.chunked(value, way);
                }
                for (key, value) in entries {
                    way.push(match key {
                        Value::Text(text) => text.clone(),
                        Value::Int(number) => number.to_string(),
                        _ => "?".to_owned(),
                    });
                    self.value(value, way)?;
                    way.pop();
                }
            }
            Value::Array(items) => {
                for (at, value) in items.iter().enumerate() {
                    way.push(at.to_string());
                    self.value(value, way)?;
                    way.pop();
                }
            }
            Value::Ext(1 | 3, body) => {
                let tensor = self.array(body, way.join("."))?;
                self.push(tensor, way)?;
            }
            Value::Ext(2, _) | Value::Nil => {}
            Value::Ext(kind, body) => {
                let name = way.join(".");
                return Err(FlaxError::Extension { at: body.location(0), name, kind: *kind }.into());
            }
            Value::Bool(value) => self.plain(way, value.to_string()),
            Value::Int(number) => self.plain(way, number.to_string()),
            Value::Float(number) => self.plain(way, number.to_string()),
            Value::Text(text) => self.plain(way, text.clone()),
            Value::Bytes(bytes) => self.plain(way, format!("{} bytes", bytes.len())),
        }
        Ok(())
    }

    fn plain(&mut self, way: &[String], value: String) {
        // a tree of millions of numbers is told by its first thousand
        if self.tree.plain.len() < 1000 {
            self.tree.plain.push((way.join("."), value));
        }
    }

    fn push(&mut self, tensor: TensorDescriptor, way: &[String]) -> Result<()> {
        self.count = self.count.saturating_add(1);
        let cap = self.cx.limits().tensors;
        if self.count > cap {
            return Err(FlaxError::TooMany { at: self.blob.location(0), cap }.into());
        }
        let first = way.first().map(String::as_str).unwrap_or_default();
        let is_state = matches!(first, "opt_state" | "optimizer" | "optimizer_state" | "step" | "rng" | "rngs");
        let arrays = if is_state { &mut self.tree.state } else { &mut self.tree.model };
        arrays.push(tensor);
        Ok(())
    }

    /// An array: its shape, the name of its type, its bytes.
    fn array(&self, body: &Blob, name: String) -> Result<TensorDescriptor> {
        let at = body.location(0);
        let parts = msgpack::parse(body, self.cx)?;
        let [shape, Value::Text(dtype), Value::Bytes(data)] = parts.items() else {
            let found = format!("{} values", parts.items().len());
            return Err(FlaxError::NotAnArray { at, name, found }.into());
        };
        let dims: Option<Vec<u64>> = shape.items().iter().map(Value::as_u64).collect();
        let Some(shape) = dims.filter(|_| matches!(shape, Value::Array(_))) else {
            let found = "a shape that is no list of sizes".to_owned();
            return Err(FlaxError::NotAnArray { at, name, found }.into());
        };
        let (found, cap) = (shape.len() as u64, self.cx.limits().rank);
        if found > u64::from(cap) {
            return Err(FlaxError::Rank { at, found, cap }.into());
        }
        if dtype == "object" || dtype.starts_with(['O', '|']) {
            return Err(FlaxError::Objects { at, name, dtype: dtype.clone() }.into());
        }
        let elements = shape.iter().try_fold(1_u64, |product, dim| product.checked_mul(*dim));
        let known = DType::from_name(dtype.as_str());
        if let Some(dtype) = known.filter(|dtype| dtype.bits().is_some_and(|bits| bits >= 8)) {
            let needed = elements.and_then(|elements| dtype.bytes_for(elements));
            let Some(needed) = needed else { return Err(FlaxError::TooLarge { at, name, shape }.into()) };
            let found = data.len();
            if needed != found {
                let dtype = dtype.name().to_owned();
                return Err(FlaxError::Size { at, name, shape, dtype, needed, found }.into());
            }
        }
        Ok(TensorDescriptor {
            name,
            dtype: dtype.clone(),
            shape,
            bytes: data.len(),
            file: Some(self.file.to_owned()),
            start: Some(data.offset()),
            ..TensorDescriptor::default()
        })
    }

    /// An array that was cut into flat chunks: one tensor, whose bytes lie in several places.
    fn chunked(&mut self, value: &'a Value, way: &[String]) -> Result<()> {
        let name = way.join(".");
        let at = || self.blob.location(0);
        let numbered = |value: Option<&'a Value>| {
            let entries = value.map(Value::entries).unwrap_or_default();
            let mut items: Vec<(u64, &Value)> = Vec::new();
            for (key, value) in entries {
                let number = key.as_str().and_then(|key| key.parse().ok()).or_else(|| key.as_u64())?;
                items.push((number, value));
            }
            items.sort_by_key(|(number, _)| *number);
            let in_order = items.iter().enumerate().all(|(at, (number, _))| *number == at as u64);
            in_order.then(|| items.into_iter().map(|(_, value)| value).collect::<Vec<_>>())
        };
        let chunks = numbered(value.get("chunks")).filter(|chunks| !chunks.is_empty());
        let shape = numbered(value.get("shape")).and_then(|dims| dims.into_iter().map(Value::as_u64).collect());
        let (Some(chunks), Some(shape)): (_, Option<Vec<u64>>) = (chunks, shape) else {
            let found = value.get("chunks").map_or(0, |chunks| chunks.entries().len() as u64);
            return Err(FlaxError::Chunks { at: at(), name, found }.into());
        };
        let mut whole: Option<TensorDescriptor> = None;
        for chunk in chunks {
            let Value::Ext(1, body) = chunk else {
                let found = "a chunk that is none".to_owned();
                return Err(FlaxError::NotAnArray { at: at(), name, found }.into());
            };
            let part = self.array(body, name.clone())?;
            whole = Some(match whole {
                None => TensorDescriptor { start: None, shape: shape.clone(), ..part },
                Some(sum) => TensorDescriptor { bytes: sum.bytes.saturating_add(part.bytes), ..sum },
            });
        }
        let Some(whole) = whole else { return Ok(()) };
        if let Some(needed) = DType::from_name(&whole.dtype).and_then(|dtype| dtype.bytes_for(whole.elements()))
            && needed != whole.bytes
        {
            let (found, dtype) = (whole.bytes, whole.dtype.clone());
            return Err(FlaxError::Size { at: at(), name, shape, dtype, needed, found }.into());
        }
        self.push(whole, way)
    }
}
