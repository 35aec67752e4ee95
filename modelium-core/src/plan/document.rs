//! A plan as bytes: written the same way each time, read without trust.

use serde::de::DeserializeOwned;

use crate::artifact::sha256_hex;
use crate::error::{Classify, ErrorKind, Location, Result};
use crate::plan::types::{ConversionPlan, PlanOutcome};

/// The most bytes that a plan's document may have. A plan of the most steps that any policy admits is far smaller.
pub const MAX_DOCUMENT_BYTES: usize = 16 << 20;

/// Why bytes are not a plan.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum DocumentError {
    #[error("the document has {bytes} bytes; a plan has at most {MAX_DOCUMENT_BYTES}")]
    TooLong { bytes: usize },
    #[error("not a plan: {reason}")]
    Malformed { line: usize, reason: String },
}

impl Classify for DocumentError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::TooLong { .. } => ErrorKind::LimitExceeded,
            Self::Malformed { .. } => ErrorKind::Malformed,
        }
    }

    fn location(&self) -> Location {
        match self {
            Self::TooLong { .. } => Location::default(),
            Self::Malformed { line, .. } => Location { line: Some(*line as u64), ..Location::default() },
        }
    }
}

impl ConversionPlan {
    /// The canonical document: JSON without spaces, fields in the order of the schema. Equal plans give equal bytes.
    ///
    /// # Errors
    /// None for a plan that was admitted; `Internal` if a number is not finite, which JSON cannot say.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| crate::Error::internal(format!("cannot write a plan: {error}")))
    }

    /// Reads a document, spaced as it may be. Unknown fields, more than [`MAX_DOCUMENT_BYTES`] and deep nesting are refused.
    ///
    /// # Errors
    /// `Malformed` with the line; `LimitExceeded` if it is too long.
    pub fn from_json(document: &[u8]) -> Result<Self> {
        read(document)
    }

    /// SHA-256 of the canonical document, in lower-case hexadecimal: the identity of the plan.
    ///
    /// # Errors
    /// As [`to_json`](Self::to_json).
    pub fn digest(&self) -> Result<String> {
        Ok(sha256_hex(self.to_json()?.as_bytes()))
    }
}

impl PlanOutcome {
    /// Reads a document by the same rules as [`ConversionPlan::from_json`].
    ///
    /// # Errors
    /// As there.
    pub fn from_json(document: &[u8]) -> Result<Self> {
        read(document)
    }
}

fn read<T: DeserializeOwned>(document: &[u8]) -> Result<T> {
    if document.len() > MAX_DOCUMENT_BYTES {
        return Err(DocumentError::TooLong { bytes: document.len() }.into());
    }
    // serde_json refuses more than 128 levels by itself
    serde_json::from_slice(document).map_err(|error| {
        let text = error.to_string();
        let reason = text.split(" at line ").next().unwrap_or_default().to_owned();
        DocumentError::Malformed { line: error.line(), reason }.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::tests::{plan, step};

    #[test]
    fn a_plan_survives_its_document() {
        let before = plan(vec![step("a", &[])]);
        let document = before.to_json().unwrap();
        let after = ConversionPlan::from_json(document.as_bytes()).unwrap();
        assert_eq!(after, before);
        assert_eq!(after.to_json().unwrap(), document);
    }

    #[test]
    fn spaces_do_not_change_the_digest() {
        let plan = plan(vec![step("a", &[])]);
        let spaced = serde_json::to_vec_pretty(&plan).unwrap();
        assert_eq!(ConversionPlan::from_json(&spaced).unwrap().digest().unwrap(), plan.digest().unwrap());
    }

    #[test]
    fn an_unknown_field_is_named_with_its_line() {
        let document =
            plan(vec![step("a", &[])]).to_json().unwrap().replace("\"needs\"", "\n\"shell\":\"rm\",\"needs\"");
        let error = ConversionPlan::from_json(document.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert!(error.to_string().starts_with("not a plan: unknown field `shell`, expected"), "{error}");
        assert_eq!(error.location().line, Some(2));
    }

    #[test]
    fn a_deep_document_is_refused() {
        let error = ConversionPlan::from_json("[".repeat(100_000).as_bytes()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed);
    }

    #[test]
    fn a_long_document_is_refused() {
        let error = ConversionPlan::from_json(&vec![b' '; MAX_DOCUMENT_BYTES + 1]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LimitExceeded);
    }
}
