//! Facts that a person should know about a model, a plan or a deployment. A finding is data, not an error.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Location, one_line};

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
    /// A person must look before it is loaded: it could act, or bring a loader down.
    Suspicious,
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
    /// What was seen, in readable form: `os.system('true')`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

/// What a kind of finding means, for whoever triages it. The security rules are listed in `scan::rules`.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The code of its findings: stable, dotted, most general first.
    pub id: &'static str,
    /// How much its findings matter; this alone decides the verdict.
    pub severity: Severity,
    /// What it is about, in a few words, as a title.
    pub title: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
    /// Numbers of the Common Weakness Enumeration.
    pub cwe: &'static [u16],
    /// OWASP Machine Learning Security Top 10 and LLM Top 10: `ML06`, `LLM03`.
    pub owasp: &'static [&'static str],
    /// MITRE ATLAS techniques: `AML.T0010`.
    pub atlas: &'static [&'static str],
}

impl Finding {
    /// A finding without a place.
    pub fn new(code: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code: Cow::Borrowed(code),
            severity,
            message: one_line(message.into()),
            location: Location::default(),
            evidence: None,
            remedy: None,
        }
    }

    /// A finding of a rule.
    pub fn of(rule: &'static Rule, message: impl Into<String>) -> Self {
        Self::new(rule.id, rule.severity, message).remedy(rule.remedy)
    }

    /// Shows what was seen. What is long is cut; control characters are spelt out.
    #[must_use]
    pub fn evidence(mut self, evidence: impl AsRef<str>) -> Self {
        const MOST: usize = 200;
        let mut letters = evidence.as_ref().chars().flat_map(|c| {
            let spelt = c.is_control().then(|| c.escape_debug());
            let plain = (!c.is_control()).then_some(c);
            spelt.into_iter().flatten().chain(plain)
        });
        let mut text: String = letters.by_ref().take(MOST).collect();
        if letters.next().is_some() {
            text.push('…');
        }
        self.evidence = Some(text);
        self
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
