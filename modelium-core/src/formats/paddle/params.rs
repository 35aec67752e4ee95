//! A stream of parameters: for each a version, levels of detail, a description in protobuf, and the elements.

use crate::blob::Blob;
use crate::descriptor::TensorDescriptor;
use crate::error::{Classify, Error, ErrorKind, Location, Result};
use crate::tensor::DType;
use crate::wire::budget::{Budget, list_item};
use crate::wire::protobuf::Message;

/// Why a model cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{fault}")]
pub struct PaddleError {
    /// What is wrong.
    #[source]
    pub fault: PaddleFault,
    /// Where.
    pub location: Location,
}

/// What is wrong.
#[derive(Debug, thiserror::Error)]
pub enum PaddleFault {
    #[error("no PaddlePaddle model among the files")]
    NoModel,
    #[error("{claimed} bytes are claimed for {what} but the file has {available} left")]
    Overrun { what: &'static str, claimed: u64, available: u64 },
    #[error("found version {0} of a tensor, expected 0")]
    Version(u32),
    #[error("a tensor has element type {0}, which has no fixed size")]
    ElementType(u64),
    #[error("a tensor has a dimension of {0}")]
    Dimension(i64),
    #[error("a tensor claims more bytes than 64 bits can count")]
    Overflow,
    #[error("the program names {names} parameters but the file holds {tensors}")]
    Names { names: u64, tensors: u64 },
}

impl PaddleFault {
    /// The error, with its place.
    pub(super) fn at(self, location: Location) -> Error {
        PaddleError { fault: self, location }.into()
    }
}

impl Classify for PaddleError {
    fn kind(&self) -> ErrorKind {
        if matches!(self.fault, PaddleFault::NoModel) { ErrorKind::Unsupported } else { ErrorKind::Malformed }
    }

    fn location(&self) -> Location {
        self.location.clone()
    }
}

/// `VarType.Type`.
pub(super) fn dtype(code: u64) -> Option<DType> {
    Some(match code {
        0 => DType::Bool,
        1 => DType::Int16,
        2 => DType::Int32,
        3 => DType::Int64,
        4 => DType::Float16,
        5 => DType::Float32,
        6 => DType::Float64,
        20 => DType::Uint8,
        21 => DType::Int8,
        22 => DType::Bfloat16,
        23 => DType::Complex64,
        24 => DType::Complex128,
        32 => DType::Float8E4M3Fn,
        33 => DType::Float8E5M2,
        _ => return None,
    })
}

/// `TensorDesc`: the code of the element type, and the dimensions with -1 for open ones.
pub(super) fn description(message: Message<'_>, budget: &Budget<'_>) -> Result<(u64, Vec<i64>)> {
    let (mut code, mut dims) = (0, Vec::new());
    for field in message.fields() {
        let field = field?;
        match field.number {
            1 => code = field.int()?,
            2 => {
                for dim in field.ints()? {
                    budget.rank(dims.len() as u64)?;
                    dims.push(dim.cast_signed());
                }
            }
            _ => {}
        }
    }
    Ok((code, dims))
}

/// True for a stream: version 0, no levels of detail to speak of, version 0 again, a short description.
pub(super) fn is_stream(blob: &Blob) -> bool {
    let word = |at: usize| blob.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes);
    let plain = word(0) == Some(0) && word(4) == Some(0) && word(8) == Some(0) && word(12) == Some(0);
    let size = word(16).filter(|size| plain && (2..256).contains(size));
    let description = size.and_then(|size| blob.slice(20..u64::from(size).checked_add(20)?));
    description.is_some_and(|bytes| {
        bytes.first() == Some(&0x08)
            && Message::whole(&bytes).fields().all(|field| field.is_ok_and(|field| matches!(field.number, 1 | 2)))
    })
}

/// Reads a stream; elements are not looked at.
///
/// # Errors
/// `Malformed` with the byte, `LimitExceeded`, `Cancelled`.
pub(super) fn read(blob: &Blob, file: &str, budget: &mut Budget<'_>) -> Result<Vec<TensorDescriptor>> {
    let mut tensors = Vec::new();
    let mut at = 0_u64;
    while at < blob.len() {
        budget.tensor(list_item::<TensorDescriptor>())?;
        let start = at;
        let mut take = |count: u64, what: &'static str| -> Result<Blob> {
            let taken = at.checked_add(count).and_then(|end| blob.slice(at..end));
            let Some(taken) = taken else {
                let available = blob.len().saturating_sub(at);
                return Err(PaddleFault::Overrun { what, claimed: count, available }.at(blob.location(at)));
            };
            at = at.saturating_add(count);
            Ok(taken)
        };
        let u32_of = |bytes: &Blob| bytes.as_ref().try_into().map(u32::from_le_bytes).unwrap_or_default();
        let u64_of = |bytes: &Blob| bytes.as_ref().try_into().map(u64::from_le_bytes).unwrap_or_default();
        let version = u32_of(&take(4, "the version of a tensor")?);
        if version != 0 {
            return Err(PaddleFault::Version(version).at(blob.location(start)));
        }
        let levels = u64_of(&take(8, "the number of levels")?);
        for _ in 0..levels {
            let size = u64_of(&take(8, "the size of a level")?);
            take(size, "a level")?;
        }
        let version = u32_of(&take(4, "the version of a tensor")?);
        if version != 0 {
            return Err(PaddleFault::Version(version).at(blob.location(start)));
        }
        let size = u32_of(&take(4, "the size of a description")?);
        let text = take(size.into(), "a description")?;
        let (code, dims) = description(Message::whole(&text), budget)?;
        let fault = |fault: PaddleFault| fault.at(blob.location(start));
        let dtype = dtype(code).ok_or_else(|| fault(PaddleFault::ElementType(code)))?;
        let shape = dims.iter().map(|dim| u64::try_from(*dim).map_err(|_| fault(PaddleFault::Dimension(*dim))));
        let shape = shape.collect::<Result<Vec<u64>>>()?;
        let elements = shape.iter().try_fold(1_u64, |product, dim| product.checked_mul(*dim));
        let bytes =
            elements.and_then(|elements| dtype.bytes_for(elements)).ok_or_else(|| fault(PaddleFault::Overflow))?;
        let elements = take(bytes, "the elements of a tensor")?;
        tensors.push(TensorDescriptor {
            name: tensors.len().to_string(),
            dtype: dtype.name().to_owned(),
            shape,
            strides: None,
            bytes,
            file: Some(file.to_owned()),
            start: Some(elements.offset().saturating_sub(blob.offset())),
            shares: None,
        });
    }
    Ok(tensors)
}
