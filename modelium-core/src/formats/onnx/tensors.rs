//! `TensorProto` and `SparseTensorProto` → [`Tensor`] and [`SparseTensor`]: elements stay where they are.

use bytes::Bytes;

use crate::blob::Blob;
use crate::error::{Error, Location, Result};
use crate::formats::onnx::error::{OnnxFault, TensorName};
use crate::formats::onnx::import::Reader;
use crate::formats::onnx::kept::{Kept, Other, Values};
use crate::formats::onnx::schema::{self, SparseTensorProto, TensorProto};
use crate::formats::onnx::text::place;
use crate::ir::SparseTensor;
use crate::tensor::{DType, Data, Field, Notes, Tensor};
use crate::wire::protobuf::{Cursor, count_varints};

/// `TensorProto.DataLocation`.
const DEFAULT: i32 = 0;
const EXTERNAL: i32 = 1;

/// What a tensor says of itself, for the checks and for messages.
pub(super) struct Claim {
    pub(super) tensor: TensorName,
    pub(super) dtype: DType,
    pub(super) dims: Vec<u64>,
    pub(super) elements: u64,
    /// What messages point at: its content, its name, or what is nearest.
    near: Bytes,
    file: Blob,
}

impl Claim {
    /// The error, at the tensor's place.
    pub(super) fn fail(&self, fault: OnnxFault) -> Error {
        fault.at(place(&self.file, &self.near))
    }

    /// Bytes of the elements, packed.
    pub(super) fn bytes(&self) -> Result<u64> {
        self.dtype.bytes_for(self.elements).ok_or_else(|| {
            let (tensor, dtype, dims) = (self.tensor.clone(), self.dtype, self.dims.clone());
            self.fail(OnnxFault::Overflow { tensor, dtype, dims })
        })
    }

    /// Compares the bytes that it needs with those that are there.
    pub(super) fn expect_bytes(&self, place: &'static str, available: u64) -> Result<()> {
        let claimed = self.bytes()?;
        if claimed == available {
            return Ok(());
        }
        let (tensor, dtype, dims) = (self.tensor.clone(), self.dtype, self.dims.clone());
        Err(self.fail(OnnxFault::ByteCount { tensor, dtype, dims, claimed, place, available }))
    }

    fn expect_entries(&self, place: &'static str, claimed: u64, available: u64) -> Result<()> {
        if claimed == available {
            return Ok(());
        }
        let (tensor, dtype, dims) = (self.tensor.clone(), self.dtype, self.dims.clone());
        Err(self.fail(OnnxFault::EntryCount { tensor, dtype, dims, claimed, place, available }))
    }
}

/// Name of a typed field in the schema.
fn field_name(field: Field) -> &'static str {
    match field {
        Field::Float => "float_data",
        Field::Int32 => "int32_data",
        Field::Int64 => "int64_data",
        Field::Double => "double_data",
        Field::Uint64 => "uint64_data",
    }
}

/// The typed fields and their numbers in `TensorProto`.
pub(super) const FIELDS: [(u32, Field); 5] =
    [(4, Field::Float), (5, Field::Int32), (7, Field::Int64), (10, Field::Double), (11, Field::Uint64)];

fn numbered_field(number: u32) -> Option<Field> {
    FIELDS.iter().find(|(known, _)| *known == number).map(|(_, field)| *field)
}

/// The typed field that an element type belongs in; `None` for strings.
fn field_for(dtype: DType) -> Option<Field> {
    Some(match dtype {
        DType::Float32 | DType::Complex64 => Field::Float,
        DType::Float64 | DType::Complex128 => Field::Double,
        DType::Int64 => Field::Int64,
        DType::Uint32 | DType::Uint64 => Field::Uint64,
        DType::String => return None,
        _ => Field::Int32,
    })
}

impl Reader<'_> {
    /// Reads a tensor; errors point at `near` where it has neither content nor name.
    pub(super) fn tensor(&mut self, record: Kept<TensorProto>, near: &Bytes) -> Result<Tensor> {
        self.tick()?;
        let Kept { known: record, others } = record;
        let claim = self.claim(&record, near)?;
        let fail = |fault| claim.fail(fault);
        let tensor = claim.tensor.clone();
        if record.segment.is_some() {
            return Err(fail(OnnxFault::Segment { tensor }));
        }
        let external = match record.data_location {
            None | Some(DEFAULT) => false,
            Some(EXTERNAL) => true,
            Some(code) => return Err(fail(OnnxFault::DataLocation { tensor, code })),
        };

        let typed: Vec<_> =
            others.into_iter().filter_map(|other| Some((numbered_field(other.field)?, other))).collect();
        let mut places: Vec<&'static str> = Vec::new();
        places.extend(external.then_some("external_data"));
        places.extend(record.raw_data.is_some().then_some("raw_data"));
        places.extend((!record.string_data.is_empty()).then_some("string_data"));
        places.extend(typed.iter().map(|(field, _)| field_name(*field)));
        places.dedup();
        if let [first, second, ..] = *places {
            return Err(fail(OnnxFault::TwoContents { tensor, first, second }));
        }

        let right_field = field_for(claim.dtype);
        let expected = right_field.map_or("string_data", field_name);
        let place = places.first().copied().unwrap_or(expected);
        let anywhere = matches!(place, "external_data" | "raw_data") && right_field.is_some();
        if place != expected && !anywhere {
            return Err(fail(OnnxFault::WrongField { tensor, dtype: claim.dtype, found: place, expected }));
        }
        if places.is_empty() && claim.elements > 0 {
            return Err(fail(OnnxFault::NoContent { tensor, dtype: claim.dtype, dims: claim.dims.clone() }));
        }

        let data = if external {
            let entries = self.properties(record.external_data)?;
            Data::External(self.external(&claim, entries)?)
        } else if let Some(raw) = record.raw_data {
            claim.expect_bytes(place, raw.len() as u64)?;
            Data::Raw(self.file.window(raw))
        } else if let Some(field) = right_field {
            let chunks = self.chunks(typed.into_iter().map(|(_, other)| other));
            check_entries(&claim, field, &chunks)?;
            Data::Fields(field, chunks)
        } else {
            claim.expect_entries(place, claim.elements, record.string_data.len() as u64)?;
            Data::Strings(record.string_data)
        };
        let notes = Notes {
            doc: self.text(record.doc_string)?,
            metadata: self.properties(record.metadata_props)?,
            location_spelt: record.data_location == Some(DEFAULT),
        };
        let notes = Some(notes).filter(|notes| *notes != Notes::default()).map(Box::new);
        Ok(Tensor { name: self.name(record.name)?, dtype: claim.dtype, dims: claim.dims, data, notes })
    }

    fn claim(&self, record: &TensorProto, near: &Bytes) -> Result<Claim> {
        let name = self.name(record.name.clone())?.filter(|name| !name.is_empty());
        let tensor = TensorName(name);
        let parts = [record.raw_data.as_ref(), record.name.as_ref(), Some(near)];
        let part = parts.into_iter().flatten().find(|part| !part.is_empty()).unwrap_or(near);
        let place = || self.place(part);
        let dtype = match record.data_type {
            None | Some(0) => return Err(OnnxFault::NoElementType { tensor }.at(place())),
            Some(code) => schema::dtype(code).ok_or_else(|| {
                let location = Location { item: Some(tensor.to_string()), ..place() };
                OnnxFault::UnknownElementType { code }.at(location)
            })?,
        };
        let cap = self.cx.limits().rank;
        if record.dims.len() as u64 > cap.into() {
            return Err(OnnxFault::Rank { tensor, rank: record.dims.len(), cap }.at(place()));
        }
        let mut dims = Vec::with_capacity(record.dims.len());
        for &dim in &record.dims {
            match u64::try_from(dim) {
                Ok(dim) => dims.push(dim),
                Err(_) => return Err(OnnxFault::NegativeDim { tensor, dim }.at(place())),
            }
        }
        let Some(elements) = dims.iter().try_fold(1_u64, |product, &dim| product.checked_mul(dim)) else {
            return Err(OnnxFault::Overflow { tensor, dtype, dims }.at(place()));
        };
        Ok(Claim { tensor, dtype, dims, elements, near: part.clone(), file: self.file.clone() })
    }

    /// Single numbers were gathered into memory by the decoder; all else is a window of the file.
    fn chunks(&self, others: impl Iterator<Item = Other>) -> Vec<Blob> {
        others
            .map(|other| match other.values {
                Values::Window(bytes) => self.file.window(bytes),
                Values::Numbers(bytes) => Blob::from_bytes(self.file.name(), bytes),
            })
            .collect()
    }

    /// Reads a sparse tensor.
    pub(super) fn sparse_tensor(&mut self, record: SparseTensorProto, near: &Bytes) -> Result<SparseTensor> {
        let missing = |part| {
            let tensor = TensorName(None);
            OnnxFault::SparsePart { tensor, part }.at(self.place(near))
        };
        let Some(values) = record.values else { return Err(missing("values")) };
        let Some(indices) = record.indices else { return Err(missing("indices")) };
        let near = values.known.name.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| near.clone());
        let values = self.tensor(*values, &near)?;
        let indices = self.tensor(*indices, &near)?;
        let location = self.place(&near);
        let tensor = TensorName(values.name.clone().filter(|name| !name.is_empty()));
        let mut dims = Vec::with_capacity(record.dims.len().min(64));
        let cap = self.cx.limits().rank;
        if record.dims.len() as u64 > cap.into() {
            return Err(OnnxFault::Rank { tensor, rank: record.dims.len(), cap }.at(location));
        }
        for dim in record.dims {
            match u64::try_from(dim) {
                Ok(dim) => dims.push(dim),
                Err(_) => return Err(OnnxFault::NegativeDim { tensor, dim }.at(location)),
            }
        }
        let sparse = SparseTensor { values, indices, dims };
        check_coordinates(&sparse)
            .map_err(|(what, found, expected)| OnnxFault::Sparse { tensor, what, found, expected }.at(location))?;
        Ok(sparse)
    }
}

/// Holds the typed field against dtype and dims: as many entries as they say, each in the range of the type.
fn check_entries(claim: &Claim, field: Field, chunks: &[Blob]) -> Result<()> {
    let place = field_name(field);
    let cut = || claim.fail(OnnxFault::CutOff { tensor: claim.tensor.clone(), place });
    let width = match field {
        Field::Float => 4,
        Field::Double => 8,
        Field::Int32 | Field::Int64 | Field::Uint64 => {
            let mut entries = 0_u64;
            for chunk in chunks {
                let count = match integer_range(claim.dtype) {
                    None => count_varints(chunk).ok_or_else(cut)?,
                    Some(range) => {
                        let (mut cursor, mut count) = (Cursor::new(chunk), 0_u64);
                        while !cursor.is_at_end() {
                            let value = cursor.varint().map_err(|_| cut())?.cast_signed();
                            if !range.contains(&value) {
                                let (tensor, dtype) = (claim.tensor.clone(), claim.dtype);
                                return Err(claim.fail(OnnxFault::OutOfRange { tensor, dtype, place, value }));
                            }
                            count = count.saturating_add(1);
                        }
                        count
                    }
                };
                entries = entries.saturating_add(count);
            }
            // two elements of four bits share an entry, and four of two bits; one of six bits has its own
            let whole = claim.dtype.bits().is_none_or(|bits| bits >= 6);
            let claimed = if whole { claim.elements } else { claim.bytes()? };
            return claim.expect_entries(place, claimed, entries);
        }
    };
    let lengths = chunks.iter().map(Blob::len);
    if lengths.clone().any(|length| !length.is_multiple_of(width)) {
        return Err(cut());
    }
    claim.expect_bytes(place, lengths.fold(0, u64::saturating_add))
}

/// What an entry of an integer field may be: the type's bits, read with or without a sign; `None` for 64 bits.
///
/// Writers disagree on the sign: 255 and −1 are both found for the int8 of all ones, and protobuf's own int32 is
/// written in five bytes or in ten.
fn integer_range(dtype: DType) -> Option<std::ops::RangeInclusive<i64>> {
    Some(match dtype.bits()? {
        6 => 0..=0x3f,
        ..=8 => i64::from(i8::MIN)..=u8::MAX.into(),
        16 => i64::from(i16::MIN)..=u16::MAX.into(),
        32 => i64::from(i32::MIN)..=u32::MAX.into(),
        _ => return None,
    })
}

/// What is wrong, what was found, what was expected.
type SparseFault = (&'static str, String, String);

/// Values are a list, indices one position for each of them, in range and in ascending order.
fn check_coordinates(sparse: &SparseTensor) -> Result<(), SparseFault> {
    let SparseTensor { values, indices, dims } = sparse;
    let [count] = *values.dims else {
        return Err(("values of more than one dimension", format!("{:?}", values.dims), "[NNZ]".to_owned()));
    };
    if dims.is_empty() {
        return Err(("dims", "none".to_owned(), "one or more".to_owned()));
    }
    let Some(elements) = dims.iter().try_fold(1_u64, |product, &dim| product.checked_mul(dim)) else {
        return Err(("dims", format!("{dims:?}"), "a product of at most 64 bits".to_owned()));
    };
    if indices.dtype != DType::Int64 {
        return Err(("indices of a wrong type", indices.dtype.to_string(), "int64".to_owned()));
    }
    let rank = dims.len() as u64;
    let width = match *indices.dims {
        [found] if found == count => 1,
        [found, width] if found == count && width == rank => dims.len(),
        _ => {
            let expected = format!("[{count}] or [{count}, {rank}]");
            return Err(("indices of a wrong shape", format!("{:?}", indices.dims), expected));
        }
    };
    let linear = [elements];
    let bounds: &[u64] = if indices.dims.len() == 1 { &linear } else { dims };
    let bytes = indices.to_le_bytes().unwrap_or_default();
    let mut last: Option<&[[u8; 8]]> = None;
    for position in bytes.as_chunks().0.chunks(width) {
        for (index, bound) in position.iter().map(|word| i64::from_le_bytes(*word)).zip(bounds) {
            if u64::try_from(index).is_ok_and(|index| index < *bound) {
                continue;
            }
            return Err(("an index out of range", index.to_string(), format!("0 to {}", bound.saturating_sub(1))));
        }
        let number = |word: &[u8; 8]| i64::from_le_bytes(*word);
        if last.is_some_and(|last| last.iter().map(number).ge(position.iter().map(number))) {
            let found = position.iter().map(number).collect::<Vec<_>>();
            return Err(("indices out of order", format!("{found:?}"), "each position once, ascending".to_owned()));
        }
        last = Some(position);
    }
    Ok(())
}
