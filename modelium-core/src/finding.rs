//! Facts that a person should know about a model, a plan or a deployment. A finding is data, not an error.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::Location;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Note,
    /// Likely to bite.
    Warning,
    /// Will not work as it stands.
    Error,
    /// Could run or reach something that was not meant to.
    Danger,
}

/// One fact, with a stable code that scripts can match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Stable, dotted, most general first: `onnx.unknown_operator`, `triton.dims_disagree`.
    pub code: Cow<'static, str>,
    /// How much it matters.
    pub severity: Severity,
    /// One line: found, expected.
    pub message: String,
    /// Where.
    #[serde(default, skip_serializing_if = "Location::is_empty")]
    pub location: Location,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl Finding {
    /// A finding without a place.
    pub fn new(code: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code: Cow::Borrowed(code),
            severity,
            message: message.into(),
            location: Location::default(),
            remedy: None,
        }
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.location = location;
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}
