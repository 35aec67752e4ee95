//! A file of arrays: `NDArray` lists.

use crate::blob::Blob;
use crate::descriptor::TensorDescriptor;
use crate::error::{Classify, Error, ErrorKind, Location, Result};
use crate::tensor::DType;
use crate::wire::budget::{Budget, list_item};

/// Why a model cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{fault}")]
pub struct MxnetError {
    /// What is wrong.
    #[source]
    pub fault: MxnetFault,
    /// Where.
    pub location: Location,
}

/// What is wrong.
#[derive(Debug, thiserror::Error)]
pub enum MxnetFault {
    #[error("no MXNet model among the files")]
    NoModel,
    #[error("{claimed} bytes are claimed for {what} but the file has {available} left")]
    Overrun { what: &'static str, claimed: u64, available: u64 },
    #[error("an array has a dimension of {0}")]
    Dimension(i64),
    #[error("an array has element type {0}, which MXNet does not have")]
    ElementType(u32),
    #[error("an array is stored sparse; only dense ones are read")]
    Sparse,
    #[error("{names} names for {arrays} arrays")]
    Names { names: u64, arrays: u64 },
    #[error("an array claims more bytes than 64 bits can count")]
    Overflow,
    #[error("found {found} of {what}, expected {expected}")]
    Node { what: &'static str, found: String, expected: &'static str },
}

impl MxnetFault {
    /// The error, with its place.
    pub(super) fn at(self, location: Location) -> Error {
        MxnetError { fault: self, location }.into()
    }
}

impl Classify for MxnetError {
    fn kind(&self) -> ErrorKind {
        match self.fault {
            MxnetFault::NoModel | MxnetFault::Sparse | MxnetFault::ElementType(_) => ErrorKind::Unsupported,
            _ => ErrorKind::Malformed,
        }
    }

    fn location(&self) -> Location {
        self.location.clone()
    }
}

/// The number that a list of arrays begins with.
const LIST: u64 = 0x112;
const VERSION_1: u32 = 0xf993_fac8;
const VERSION_2: u32 = 0xf993_fac9;
const VERSION_3: u32 = 0xf993_faca;

/// True for a list of arrays.
pub(super) fn is_list(bytes: &[u8]) -> bool {
    let word = |at: usize| bytes.get(at..at.checked_add(8)?)?.try_into().ok().map(u64::from_le_bytes);
    word(0) == Some(LIST) && word(8) == Some(0) && word(16).is_some_and(|arrays| arrays < 1 << 32)
}

struct Reader<'a> {
    blob: &'a Blob,
    at: u64,
}

impl Reader<'_> {
    fn take(&mut self, count: u64, what: &'static str) -> Result<Blob> {
        let taken = self.at.checked_add(count).and_then(|end| self.blob.slice(self.at..end));
        let Some(taken) = taken else {
            let available = self.blob.len().saturating_sub(self.at);
            return Err(MxnetFault::Overrun { what, claimed: count, available }.at(self.blob.location(self.at)));
        };
        self.at = self.at.saturating_add(count);
        Ok(taken)
    }

    fn u32(&mut self, what: &'static str) -> Result<u32> {
        let bytes = self.take(4, what)?;
        Ok(bytes.as_ref().try_into().map(u32::from_le_bytes).unwrap_or_default())
    }

    fn u64(&mut self, what: &'static str) -> Result<u64> {
        let bytes = self.take(8, what)?;
        Ok(bytes.as_ref().try_into().map(u64::from_le_bytes).unwrap_or_default())
    }
}

/// Reads a list; elements are not looked at. Also gives the first byte behind it.
///
/// # Errors
/// `Malformed` with the byte, `Unsupported` for sparse arrays, `LimitExceeded`, `Cancelled`.
pub(super) fn read(blob: &Blob, file: &str, budget: &mut Budget<'_>) -> Result<(Vec<TensorDescriptor>, u64)> {
    let mut reader = Reader { blob, at: 16 };
    let arrays = reader.u64("the number of arrays")?;
    let mut tensors: Vec<TensorDescriptor> = Vec::new();
    for _ in 0..arrays {
        budget.tensor(list_item::<TensorDescriptor>())?;
        tensors.push(array(&mut reader, file, budget)?);
    }
    let names = reader.u64("the number of names")?;
    if names != 0 && names != arrays {
        return Err(MxnetFault::Names { names, arrays }.at(blob.location(reader.at)));
    }
    for (index, tensor) in tensors.iter_mut().enumerate() {
        tensor.name = index.to_string();
        if names > 0 {
            let length = reader.u64("the length of a name")?;
            let name = reader.take(length, "a name")?;
            budget.spend(length)?;
            tensor.name = String::from_utf8_lossy(&name).into_owned();
        }
    }
    Ok((tensors, reader.at))
}

fn array(reader: &mut Reader<'_>, file: &str, budget: &Budget<'_>) -> Result<TensorDescriptor> {
    let start = reader.blob.location(reader.at);
    let magic = reader.u32("an array")?;
    let rank = match magic {
        VERSION_2 | VERSION_3 => {
            if reader.u32("a storage type")? != 0 {
                return Err(MxnetFault::Sparse.at(start));
            }
            reader.u32("a rank")?
        }
        VERSION_1 => reader.u32("a rank")?,
        // the first versions begin with the rank, and have dimensions of 32 bits
        rank => rank,
    };
    let wide = matches!(magic, VERSION_1 | VERSION_2 | VERSION_3);
    budget.rank(rank.into())?;
    let mut shape = Vec::new();
    for _ in 0..rank {
        let dim = if wide { reader.u64("a dimension")?.cast_signed() } else { reader.u32("a dimension")?.into() };
        shape.push(u64::try_from(dim).map_err(|_| MxnetFault::Dimension(dim).at(start.clone()))?);
    }
    let tensor = TensorDescriptor { file: Some(file.to_owned()), ..TensorDescriptor::default() };
    // an array of unknown shape, and before version 3 one of rank 0, has nothing more
    if rank == 0 && magic != VERSION_3 {
        return Ok(TensorDescriptor { shape: vec![0], dtype: "float32".to_owned(), ..tensor });
    }
    reader.take(8, "a device")?;
    let code = reader.u32("an element type")?;
    let dtype = match code {
        0 => DType::Float32,
        1 => DType::Float64,
        2 => DType::Float16,
        3 => DType::Uint8,
        4 => DType::Int32,
        5 => DType::Int8,
        6 => DType::Int64,
        7 => DType::Bool,
        12 => DType::Bfloat16,
        code => return Err(MxnetFault::ElementType(code).at(start)),
    };
    let elements = shape.iter().try_fold(1_u64, |product, dim| product.checked_mul(*dim));
    let Some(bytes) = elements.and_then(|elements| dtype.bytes_for(elements)) else {
        return Err(MxnetFault::Overflow.at(start));
    };
    let at = reader.at;
    reader.take(bytes, "the elements of an array")?;
    Ok(TensorDescriptor { dtype: dtype.name().to_owned(), shape, bytes, start: Some(at), ..tensor })
}
