//! The records in front of the tensors: one walk over the mapped bytes, which keeps places and small values.

use std::collections::HashSet;
use std::ops::Range;

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::formats::gguf::MAGIC;
use crate::formats::gguf::error::{Flaw, GgufFault};
use crate::formats::gguf::types::{self, NEWEST, Type};

/// Lists inside lists that are followed.
const DEEPEST: u32 = 4;

/// The most dimensions that ggml's tensors have.
const RANK: u32 = 4;

/// Where tensors are aligned to if the file does not say.
const ALIGNMENT: u64 = 32;

/// Zeros behind the last tensor that are taken for padding.
const PADDING: u64 = 1 << 16;

/// Everything in front of the tensors.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) version: u32,
    pub(super) big_endian: bool,
    pub(super) pairs: Vec<Pair>,
    pub(super) tensors: Vec<Entry>,
    /// Where the tensors start.
    pub(super) data_start: u64,
    pub(super) alignment: u64,
}

/// A key and its value.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) key: String,
    /// The byte of the key.
    pub(super) at: u64,
    pub(super) value: Value,
}

/// A value. Texts and lists stay where they are.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Bool(bool),
    Text(Range<u64>),
    List(List),
}

/// A list: what its items are, how many, and where.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct List {
    pub(super) code: u32,
    pub(super) count: u64,
    pub(super) at: u64,
}

/// One tensor of the table.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    /// The byte of its name.
    pub(super) at: u64,
    /// Dimensions, outermost first.
    pub(super) shape: Vec<u64>,
    pub(super) code: u32,
    /// Its first byte, counted from where the tensors start.
    pub(super) offset: u64,
}

impl Entry {
    pub(super) fn ty(&self) -> Option<&'static Type> {
        types::by_code(self.code)
    }

    /// Bytes that it takes.
    pub(super) fn bytes(&self) -> Result<u64, Flaw> {
        let Some(ty) = self.ty() else {
            return Err(Flaw::UnknownType { name: show(&self.name), code: self.code, newest: NEWEST });
        };
        let overflow = || Flaw::Overflow { name: show(&self.name), ty: ty.name, shape: self.shape.clone() };
        if self.shape.contains(&0) {
            return Err(Flaw::NoElements { name: show(&self.name), shape: self.shape.clone() });
        }
        let row = self.shape.last().copied().unwrap_or(1);
        if !row.is_multiple_of(ty.block) {
            return Err(Flaw::Ragged { name: show(&self.name), ty: ty.name, row, block: ty.block });
        }
        // elements too: readers multiply them before they divide by the block
        let elements = self.shape.iter().try_fold(1_u64, |product, dim| product.checked_mul(*dim));
        let elements = elements.filter(|elements| i64::try_from(*elements).is_ok()).ok_or_else(overflow)?;
        let blocks = elements.checked_div(ty.block).ok_or_else(overflow)?;
        blocks.checked_mul(ty.bytes).filter(|bytes| i64::try_from(*bytes).is_ok()).ok_or_else(overflow)
    }
}

impl Header {
    /// Reads everything in front of the tensors.
    ///
    /// # Errors
    /// `Malformed` if a count, length or type does not fit; `LimitExceeded` beyond [`Limits::tensors`](crate::Limits).
    pub(super) fn read(blob: &Blob, cx: &Context) -> Result<Self> {
        let found = blob.get(..4).unwrap_or(blob);
        if found != MAGIC {
            return Err(GgufFault::Magic { found: found.to_vec() }.at(blob.location(0)));
        }
        let mut reader = Reader { blob, at: 4, big_endian: false, wide: true };
        let mut version = reader.u32("the version")?;
        if version & 0xffff == 0 && version != 0 {
            version = version.swap_bytes();
            reader.big_endian = true;
        }
        if !(1..=3).contains(&version) {
            return Err(GgufFault::Version { version }.at(blob.location(4)));
        }
        reader.wide = version > 1;
        let counts = reader.at;
        let (tensors, pairs) = (reader.count("the count of tensors")?, reader.count("the count of keys")?);
        let limits = cx.limits();
        let place = blob.location(counts);
        for (what, count, least) in [("tensors", tensors, 17), ("keys", pairs, 9)] {
            let available = reader.available();
            let Some(bytes) = count.checked_mul(least) else {
                return Err(GgufFault::Wraps { what: "the header", count, width: least }.at(place));
            };
            if bytes > available {
                return Err(GgufFault::Count { what, count, available }.at(place));
            }
        }
        if tensors > limits.tensors {
            return Err(GgufFault::TooManyTensors { cap: limits.tensors }.at(place));
        }
        if pairs > limits.entries {
            return Err(GgufFault::TooManyKeys { cap: limits.entries }.at(place));
        }
        let mut header = Self {
            version,
            big_endian: reader.big_endian,
            pairs: Vec::new(),
            tensors: Vec::new(),
            data_start: 0,
            alignment: ALIGNMENT,
        };
        for _ in 0..pairs {
            cx.tick("analyze", reader.at, blob.len())?;
            let at = reader.at;
            let key = reader.name("a key")?;
            let code = reader.u32("the type of a value")?;
            let value = reader.value(code, &key)?;
            header.pairs.push(Pair { key, at, value });
        }
        for index in 0..tensors {
            if index.is_multiple_of(1024) {
                cx.tick("analyze", reader.at, blob.len())?;
            }
            let entry = reader.entry()?;
            header.tensors.push(entry);
        }
        match header.get("general.alignment") {
            None => {}
            Some(Value::Unsigned(alignment)) if alignment.is_power_of_two() && *alignment >= 8 => {
                header.alignment = *alignment;
            }
            Some(Value::Unsigned(alignment)) => {
                return Err(GgufFault::Alignment { alignment: *alignment }.at(blob.location(counts)));
            }
            Some(_) => return Err(GgufFault::AlignmentType.at(blob.location(counts))),
        }
        let start = reader.at.checked_next_multiple_of(header.alignment);
        header.data_start = start.ok_or_else(|| GgufFault::NoStart.at(blob.location(reader.at)))?;
        Ok(header)
    }

    /// The last value under a key.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.pairs.iter().rev().find(|pair| pair.key == key).map(|pair| &pair.value)
    }

    /// A whole number that is not negative.
    pub(super) fn unsigned(&self, key: &str) -> Option<u64> {
        match self.get(key)? {
            Value::Unsigned(number) => Some(*number),
            Value::Signed(number) => u64::try_from(*number).ok(),
            _ => None,
        }
    }

    /// What is wrong, each with its byte in the file; nothing for a file that an honest writer wrote.
    pub(super) fn flaws(&self, blob: &Blob) -> Vec<(u64, Flaw)> {
        let mut flaws = Vec::new();
        let mut keys = HashSet::new();
        for pair in self.pairs.iter().filter(|pair| !keys.insert(pair.key.as_str())) {
            flaws.push((pair.at, Flaw::Duplicate { what: "key", name: show(&pair.key) }));
        }
        let mut names = HashSet::new();
        for entry in self.tensors.iter().filter(|entry| !names.insert(entry.name.as_str())) {
            flaws.push((entry.at, Flaw::Duplicate { what: "tensor", name: show(&entry.name) }));
        }
        self.look_at_ranges(blob, &mut flaws);
        flaws
    }

    fn look_at_ranges(&self, blob: &Blob, flaws: &mut Vec<(u64, Flaw)>) {
        let available = blob.len().saturating_sub(self.data_start);
        let padded = |end: u64| end.checked_next_multiple_of(self.alignment).unwrap_or(u64::MAX);
        let mut ranges: Vec<(u64, u64, &Entry)> = Vec::with_capacity(self.tensors.len());
        // writers lay tensors out one behind the other: a file that ends early was cut, any other one lies
        let (mut expected, mut in_order) = (0_u64, true);
        for entry in &self.tensors {
            let bytes = match entry.bytes() {
                Ok(bytes) => bytes,
                Err(flaw) => {
                    flaws.push((entry.at, flaw));
                    continue;
                }
            };
            in_order &= entry.offset == expected;
            expected = padded(entry.offset.saturating_add(bytes));
            if !entry.offset.is_multiple_of(self.alignment) {
                let (name, offset, alignment) = (show(&entry.name), entry.offset, self.alignment);
                flaws.push((entry.at, Flaw::Misaligned { name, offset, alignment }));
            }
            ranges.push((entry.offset, bytes, entry));
        }
        let mut cut = false;
        ranges.retain(|(offset, bytes, entry)| {
            let end = offset.checked_add(*bytes);
            if end.is_some_and(|end| end <= available) {
                return true;
            }
            let name = show(&entry.name);
            match end.filter(|_| in_order) {
                Some(_) if cut => {}
                Some(end) => flaws.push((entry.at, Flaw::CutOff { name, end, available })),
                None => {
                    let flaw = Flaw::OutOfBounds { name, offset: *offset, bytes: *bytes, available };
                    flaws.push((entry.at, flaw));
                }
            }
            cut = true;
            false
        });
        if !ranges.is_sorted_by_key(|(offset, bytes, _)| (*offset, *bytes)) {
            ranges.sort_by_key(|(offset, bytes, _)| (*offset, *bytes));
        }
        let (mut end, mut last) = (0_u64, None::<&Entry>);
        for (offset, bytes, entry) in ranges {
            let stop = offset.saturating_add(bytes);
            if offset < end && bytes > 0 {
                let other = last.map_or_else(String::new, |last| show(&last.name));
                let flaw =
                    Flaw::Overlap { name: show(&entry.name), other, bytes: end.min(stop).saturating_sub(offset) };
                flaws.push((entry.at, flaw));
            } else if offset > padded(end) {
                let hole = padded(end);
                let bytes = offset.saturating_sub(hole);
                flaws.push((self.data_start.saturating_add(hole), Flaw::Hole { name: show(&entry.name), bytes }));
            }
            if stop >= end {
                (end, last) = (stop, Some(entry));
            }
        }
        let behind = self.data_start.saturating_add(end).min(blob.len());
        let bytes = blob.len().saturating_sub(behind);
        let rest = blob.slice(behind..blob.len()).filter(|_| !cut && bytes > 0);
        let is_padding = |rest: &Blob| rest.len() <= PADDING && rest.iter().all(|byte| *byte == 0);
        if rest.is_some_and(|rest| !is_padding(&rest)) {
            flaws.push((behind, Flaw::Trailing { bytes }));
        }
    }

    /// The header itself, if nothing is wrong with it.
    ///
    /// # Errors
    /// `Malformed` with the first flaw.
    pub(super) fn strict(self, blob: &Blob) -> Result<Self> {
        match self.flaws(blob).into_iter().next() {
            Some((at, flaw)) => Err(GgufFault::Flawed(flaw).at(blob.location(at))),
            None => Ok(self),
        }
    }

    /// A text, halves of characters replaced.
    pub(super) fn text(&self, blob: &Blob, key: &str) -> Option<String> {
        match self.get(key)? {
            Value::Text(range) => Some(lossy(blob, range)),
            _ => None,
        }
    }

    /// The texts of a list, as many as `most`.
    pub(super) fn texts(&self, blob: &Blob, key: &str, most: u64) -> Vec<String> {
        let Some(Value::List(list)) = self.get(key) else { return Vec::new() };
        if list.code != 8 {
            return Vec::new();
        }
        let mut reader = Reader { blob, at: list.at, big_endian: self.big_endian, wide: self.version > 1 };
        (0..list.count.min(most)).map_while(|_| reader.text("a text").ok()).map(|range| lossy(blob, &range)).collect()
    }

    /// The texts of a list at these places, by one walk.
    pub(super) fn texts_at(&self, blob: &Blob, key: &str, places: &[u64]) -> Vec<Option<String>> {
        let mut found = vec![None; places.len()];
        let Some(Value::List(list)) = self.get(key).filter(|_| !places.is_empty()) else { return found };
        let last = places.iter().copied().filter(|place| *place < list.count).max();
        let (Some(last), 8) = (last, list.code) else { return found };
        let mut reader = Reader { blob, at: list.at, big_endian: self.big_endian, wide: self.version > 1 };
        for at in 0..=last {
            let Ok(range) = reader.text("a text") else { break };
            for (slot, _) in found.iter_mut().zip(places).filter(|(_, place)| **place == at) {
                *slot = Some(lossy(blob, &range));
            }
        }
        found
    }

    /// The numbers of a list, as many as `most`.
    pub(super) fn numbers(&self, blob: &Blob, key: &str, most: u64) -> Vec<u64> {
        let Some(Value::List(list)) = self.get(key) else { return Vec::new() };
        let mut reader = Reader { blob, at: list.at, big_endian: self.big_endian, wide: self.version > 1 };
        let number = |value: Value| match value {
            Value::Unsigned(number) => Some(number),
            Value::Signed(number) => u64::try_from(number).ok(),
            Value::Bool(value) => Some(value.into()),
            _ => None,
        };
        (0..list.count.min(most)).map_while(|_| reader.value(list.code, key).ok().and_then(number)).collect()
    }
}

/// Bytes of a scalar type; none for texts, lists and what is unknown.
fn width(code: u32) -> Option<u64> {
    Some(match code {
        0 | 1 | 7 => 1,
        2 | 3 => 2,
        4..=6 => 4,
        10..=12 => 8,
        _ => return None,
    })
}

struct Reader<'a> {
    blob: &'a Blob,
    at: u64,
    big_endian: bool,
    /// Counts have 64 bits; in version 1 they have 32.
    wide: bool,
}

impl Reader<'_> {
    fn available(&self) -> u64 {
        self.blob.len().saturating_sub(self.at)
    }

    fn fail(&self, fault: GgufFault) -> Error {
        fault.at(self.blob.location(self.at))
    }

    fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N]> {
        let rest = usize::try_from(self.at).ok().and_then(|at| self.blob.get(at..)).unwrap_or_default();
        let Some(bytes) = rest.first_chunk::<N>() else {
            return Err(self.fail(GgufFault::Ends { what }));
        };
        self.at = self.at.saturating_add(N as u64);
        let mut bytes = *bytes;
        if self.big_endian {
            bytes.reverse();
        }
        Ok(bytes)
    }

    fn u32(&mut self, what: &'static str) -> Result<u32> {
        Ok(u32::from_le_bytes(self.array(what)?))
    }

    fn u64(&mut self, what: &'static str) -> Result<u64> {
        Ok(u64::from_le_bytes(self.array(what)?))
    }

    fn count(&mut self, what: &'static str) -> Result<u64> {
        if self.wide { self.u64(what) } else { Ok(self.u32(what)?.into()) }
    }

    fn skip(&mut self, what: &'static str, count: u64, width: u64) -> Result<Range<u64>> {
        let start = self.at;
        let wraps = || self.fail(GgufFault::Wraps { what, count, width });
        let bytes = count.checked_mul(width).ok_or_else(wraps)?;
        let end = start.checked_add(bytes).ok_or_else(wraps)?;
        if end > self.blob.len() {
            let available = self.available();
            return Err(self.fail(GgufFault::Overrun { what, claimed: bytes, available }));
        }
        self.at = end;
        Ok(start..end)
    }

    fn text(&mut self, what: &'static str) -> Result<Range<u64>> {
        let length = self.count(what)?;
        self.skip(what, length, 1)
    }

    /// A text that others refer to: its letters must be letters.
    fn name(&mut self, what: &'static str) -> Result<String> {
        let at = self.at;
        let range = self.text(what)?;
        let bytes = self.blob.slice(range).unwrap_or_else(|| self.blob.clone());
        match std::str::from_utf8(&bytes) {
            Ok(name) => Ok(name.to_owned()),
            Err(_) => Err(GgufFault::NotUtf8 { what }.at(self.blob.location(at))),
        }
    }

    fn boolean(&self, value: u8) -> Result<bool> {
        if value > 1 { Err(self.fail(GgufFault::Boolean { value })) } else { Ok(value == 1) }
    }

    fn value(&mut self, code: u32, key: &str) -> Result<Value> {
        Ok(match code {
            0 => Value::Unsigned(u8::from_le_bytes(self.array("a value")?).into()),
            1 => Value::Signed(i8::from_le_bytes(self.array("a value")?).into()),
            2 => Value::Unsigned(u16::from_le_bytes(self.array("a value")?).into()),
            3 => Value::Signed(i16::from_le_bytes(self.array("a value")?).into()),
            4 => Value::Unsigned(self.u32("a value")?.into()),
            5 => Value::Signed(i32::from_le_bytes(self.array("a value")?).into()),
            6 => Value::Float(f32::from_le_bytes(self.array("a value")?).into()),
            7 => {
                let [value] = self.array("a value")?;
                Value::Bool(self.boolean(value)?)
            }
            8 => Value::Text(self.text("a text")?),
            9 => Value::List(self.list(key, 0)?),
            10 => Value::Unsigned(self.u64("a value")?),
            11 => Value::Signed(i64::from_le_bytes(self.array("a value")?)),
            12 => Value::Float(f64::from_le_bytes(self.array("a value")?)),
            _ => return Err(self.fail(GgufFault::ValueType { key: show(key), code })),
        })
    }

    fn list(&mut self, key: &str, depth: u32) -> Result<List> {
        if depth >= DEEPEST {
            return Err(self.fail(GgufFault::TooDeep { key: show(key), cap: DEEPEST }));
        }
        let place = self.at;
        let code = self.u32("the type of a list")?;
        let count = self.count("the length of a list")?;
        let list = List { code, count, at: self.at };
        if let Some(width) = width(code) {
            let items = self.skip("a list", count, width)?;
            let booleans = self.blob.slice(items).filter(|_| code == 7);
            if let Some(value) = booleans.and_then(|items| items.iter().copied().find(|value| *value > 1)) {
                self.boolean(value)?;
            }
            return Ok(list);
        }
        // the shortest item is its own length
        let least: u64 = if self.wide { 8 } else { 4 };
        if count.checked_mul(least).is_none_or(|bytes| bytes > self.available()) {
            let available = self.available();
            let fault = match count.checked_mul(least) {
                None => GgufFault::Wraps { what: "a list", count, width: least },
                Some(_) => GgufFault::Count { what: "items of a list", count, available },
            };
            return Err(self.fail(fault));
        }
        for _ in 0..count {
            match code {
                8 => drop(self.text("a text")?),
                9 => drop(self.list(key, depth.saturating_add(1))?),
                _ => {
                    self.at = place;
                    return Err(self.fail(GgufFault::ValueType { key: show(key), code }));
                }
            }
        }
        Ok(list)
    }

    fn entry(&mut self) -> Result<Entry> {
        let at = self.at;
        let name = self.name("the name of a tensor")?;
        let rank = self.u32("the rank of a tensor")?;
        if rank > RANK {
            return Err(self.fail(GgufFault::Rank { rank }));
        }
        let mut shape = Vec::new();
        for _ in 0..rank {
            shape.push(self.count("the shape of a tensor")?);
        }
        shape.reverse();
        let (code, offset) = (self.u32("the type of a tensor")?, self.u64("the offset of a tensor")?);
        Ok(Entry { name, at, shape, code, offset })
    }
}

/// The text in a range, halves of characters replaced.
pub(super) fn lossy(blob: &Blob, range: &Range<u64>) -> String {
    blob.slice(range.clone()).map_or_else(String::new, |text| String::from_utf8_lossy(&text).into_owned())
}

/// A name as messages show it: not too long.
fn show(name: &str) -> String {
    const SHOWN: usize = 120;
    match name.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None => name.to_owned(),
    }
}
