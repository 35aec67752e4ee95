//! External data: elements of a tensor that lie in a file beside the model.
//!
//! A location is a path relative to the model's folder. What could lead out of that folder is refused by
//! [`Artifact::resolve`](crate::Artifact::resolve); this file adds that offset and length lie inside the file and are
//! what the tensor's type and dimensions say. Each file is mapped once for a model.

use crate::blob::Blob;
use crate::error::Result;
use crate::formats::onnx::error::{OnnxFault, Quoted};
use crate::formats::onnx::import::Reader;
use crate::formats::onnx::tensors::Claim;
use crate::ir::Property;
use crate::tensor::External;

impl Reader<'_> {
    /// Maps the bytes that a tensor's `external_data` points at.
    pub(super) fn external(&mut self, claim: &Claim, entries: Vec<Property>) -> Result<External> {
        let fail = |fault| claim.fail(fault);
        let entry = |key: &'static str| {
            let mut found = entries.iter().filter(|(name, _)| name.as_deref() == Some(key));
            let value = found.next().map(|(_, value)| value.clone().unwrap_or_default());
            match found.next() {
                Some(_) => Err(fail(OnnxFault::ExternalTwice { tensor: claim.tensor.clone(), key })),
                None => Ok(value),
            }
        };
        let number = |key: &'static str| {
            let Some(value) = entry(key)? else { return Ok(None) };
            value.parse::<u64>().map(Some).map_err(|_| {
                fail(OnnxFault::ExternalNumber { tensor: claim.tensor.clone(), key, value: Quoted(value) })
            })
        };
        let (location, offset, length) = (entry("location")?, number("offset")?, number("length")?);
        let Some(location) = location else {
            return Err(fail(OnnxFault::NoLocation { tensor: claim.tensor.clone() }));
        };
        let claimed = claim.bytes()?;
        if let Some(length) = length {
            claim.expect_bytes("'length' of its external data", length)?;
        }
        let file = self.external_file(claim, &location)?;
        let offset = offset.unwrap_or(0);
        // without a length the rest of the file is meant, of which readers take what the tensor needs
        let end = offset.checked_add(claimed);
        let blob = end.and_then(|end| file.slice(offset..end)).ok_or_else(|| {
            let (tensor, at, available) = (claim.tensor.clone(), Quoted(location), file.len());
            fail(OnnxFault::ExternalRange { tensor, at, offset, claimed, available })
        })?;
        Ok(External { blob, entries })
    }

    fn external_file(&mut self, claim: &Claim, location: &str) -> Result<Blob> {
        if let Some(file) = self.external.get(location) {
            return Ok(file.clone());
        }
        let cap = self.cx.limits().entries;
        if self.external.len() as u64 >= cap {
            return Err(claim.fail(OnnxFault::ExternalFiles { cap }));
        }
        let file = self.artifact.resolve(self.entry, location).map_err(|reason| {
            let (tensor, at) = (claim.tensor.clone(), Quoted(location.to_owned()));
            claim.fail(OnnxFault::ExternalRefused { tensor, at, reason })
        })?;
        self.external.insert(location.to_owned(), file.clone());
        Ok(file)
    }
}
