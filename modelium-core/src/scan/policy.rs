//! What a team decided about findings: which it accepts in which file and why, and how grave it takes others to be.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::finding::Severity;
use crate::scan::{Accepted, ScannedFile, Verdict, rules};

/// Stands for "bytes that were not understood" where a policy names a rule.
pub const NOT_UNDERSTOOD: &str = "scan.not_understood";

/// Decisions about findings. A policy names content, not paths: what changed must be decided again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ScanPolicy {
    /// Findings that may stand.
    pub accept: Vec<Acceptance>,
    /// How grave the findings of a rule are to this team, by the rule's id.
    pub severity: BTreeMap<String, Severity>,
}

/// One finding that may stand in one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// The rule's id; `scan.not_understood` for gaps.
    pub code: String,
    /// SHA-256 of the whole file, in lower-case hexadecimal.
    pub sha256: String,
    /// Why it may stand.
    pub reason: String,
}

impl ScanPolicy {
    /// Refuses a policy that decides nothing where it seems to.
    ///
    /// # Errors
    /// `InvalidArgument` for an unknown rule, a digest that is none, or a missing reason.
    pub fn check(&self) -> Result<()> {
        let known = |code: &str| code == NOT_UNDERSTOOD || rules::all().any(|rule| rule.id == code);
        for code in self.accept.iter().map(|accept| &accept.code).chain(self.severity.keys()) {
            if !known(code) {
                return Err(Error::argument(format!("the policy names '{code}', which is the id of no rule"))
                    .with_note("`modelium scan --rules` lists the ids"));
            }
        }
        for accept in &self.accept {
            if accept.sha256.len() != 64 || !accept.sha256.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
            {
                let message = format!("'{}' is not a SHA-256 in lower-case hexadecimal", accept.sha256);
                return Err(Error::argument(message));
            }
            if accept.reason.trim().is_empty() {
                let message = format!("the policy accepts '{}' without a reason", accept.code);
                return Err(Error::argument(message));
            }
        }
        Ok(())
    }

    /// True if files must be digested for it.
    pub fn needs_digests(&self) -> bool {
        !self.accept.is_empty()
    }

    /// Applies the decisions to a file, whose digest is known where [`needs_digests`](Self::needs_digests) says so.
    pub fn apply(&self, file: &mut ScannedFile) {
        for finding in &mut file.findings {
            if let Some(severity) = self.severity.get(finding.code.as_ref()) {
                finding.severity = *severity;
            }
        }
        let sha256 = file.sha256.clone();
        let accepts = |code: &str| {
            let mut of_file = self.accept.iter().filter(|accept| Some(&accept.sha256) == sha256.as_ref());
            of_file.find(|accept| accept.code == code)
        };
        for finding in std::mem::take(&mut file.findings) {
            match accepts(&finding.code) {
                Some(accept) => file.accepted.push(Accepted { finding, reason: accept.reason.clone() }),
                None => file.findings.push(finding),
            }
        }
        let gaps_stand = accepts(NOT_UNDERSTOOD).is_some();
        file.verdict = Verdict::of(&file.findings, if gaps_stand { &[] } else { &file.gaps });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Finding;

    fn policy(sha256: &str) -> ScanPolicy {
        let accept = Acceptance {
            code: "scan.malformed".to_owned(),
            sha256: sha256.to_owned(),
            reason: "known truncated upload".to_owned(),
        };
        ScanPolicy { accept: vec![accept], severity: BTreeMap::new() }
    }

    fn file(sha256: &str) -> ScannedFile {
        let finding = Finding::of(&rules::structure::MALFORMED, "ends early");
        let verdict = Verdict::Suspicious;
        ScannedFile { sha256: Some(sha256.to_owned()), findings: vec![finding], verdict, ..ScannedFile::default() }
    }

    #[test]
    fn an_accepted_finding_stands_in_that_file_alone() {
        let (ours, other) = ("ab".repeat(32), "cd".repeat(32));
        let policy = policy(&ours);
        policy.check().unwrap();
        let (mut accepted, mut refused) = (file(&ours), file(&other));
        policy.apply(&mut accepted);
        policy.apply(&mut refused);
        assert_eq!((accepted.verdict, accepted.accepted.len()), (Verdict::Clean, 1));
        assert_eq!((refused.verdict, refused.accepted.len()), (Verdict::Suspicious, 0));
    }

    #[test]
    fn a_policy_without_a_reason_or_with_an_unknown_rule_is_refused() {
        let mut silent = policy(&"ab".repeat(32));
        silent.accept[0].reason = " ".to_owned();
        assert!(silent.check().unwrap_err().to_string().contains("without a reason"));
        let mut unknown = policy(&"ab".repeat(32));
        unknown.accept[0].code = "no.such_rule".to_owned();
        assert!(unknown.check().unwrap_err().to_string().contains("the id of no rule"));
    }

    #[test]
    fn a_team_can_take_a_rule_more_or_less_gravely() {
        let severity = BTreeMap::from([("scan.malformed".to_owned(), Severity::Note)]);
        let policy = ScanPolicy { severity, ..ScanPolicy::default() };
        let mut file = file("");
        policy.apply(&mut file);
        assert_eq!(file.verdict, Verdict::Clean);
    }
}
