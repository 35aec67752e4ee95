//! What may be used: lists of licences that are allowed, refused, or for a person to look at.

use serde::{Deserialize, Serialize};

use schemars::JsonSchema;

use crate::descriptor::LicenseDescriptor;

/// What a policy says to a licence. In the order in which one outweighs another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It may be used.
    Allow,
    /// A person must look.
    #[default]
    Review,
    /// It must not be used.
    Deny,
}

/// Licences by SPDX identifier; `*` stands for any letters: `CC-BY-NC-*`, `LicenseRef-*`.
///
/// `deny` outweighs `review`, `review` outweighs `allow`. What no list names is allowed if `allow` is empty, else it is
/// for review; a model without a licence is what `unknown` says. Of alternatives (`OR`) the mildest counts, of licences
/// that hold together (`AND`, and several pieces of evidence) the gravest.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LicensePolicy {
    /// Licences that may be used.
    pub allow: Vec<String>,
    /// Licences that must not.
    pub deny: Vec<String>,
    /// Licences that a person must look at.
    pub review: Vec<String>,
    /// What is said to a model of which no licence is known.
    pub unknown: Decision,
}

/// What a policy came to, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Judgement {
    /// The decision.
    pub decision: Decision,
    /// One line for each licence.
    pub reasons: Vec<String>,
}

impl LicensePolicy {
    /// Judges a model by its licences, those of base models included.
    pub fn judge(&self, license: Option<&LicenseDescriptor>) -> Judgement {
        let named: &[String] = license.map_or(&[], |license| &license.spdx);
        if named.is_empty() {
            let reasons = vec!["no file of the model says under which licence it comes".to_owned()];
            return Judgement { decision: self.unknown, reasons };
        }
        let judged: Vec<_> = named.iter().map(|spdx| (spdx, self.judge_expression(spdx))).collect();
        let decision = judged.iter().map(|(_, decision)| *decision).max().unwrap_or(self.unknown);
        let reason = |(spdx, decision): &(&String, Decision)| {
            let word = match decision {
                Decision::Allow => "is allowed",
                Decision::Review => "is for review",
                Decision::Deny => "is denied",
            };
            format!("{spdx} {word}")
        };
        Judgement { decision, reasons: judged.iter().map(reason).collect() }
    }

    fn judge_expression(&self, spdx: &str) -> Decision {
        let Ok(expression) = ::spdx::Expression::parse(spdx) else { return self.judge_id(spdx) };
        if expression.evaluate(|part| self.judge_id(&part.to_string()) == Decision::Allow) {
            Decision::Allow
        } else if expression.evaluate(|part| self.judge_id(&part.to_string()) != Decision::Deny) {
            Decision::Review
        } else {
            Decision::Deny
        }
    }

    fn judge_id(&self, id: &str) -> Decision {
        let listed = |list: &[String]| list.iter().any(|pattern| matches(pattern, id));
        if matches!(id, "LicenseRef-Unknown" | "LicenseRef-Other") && !listed(&self.allow) && !listed(&self.deny) {
            return self.unknown;
        }
        match (listed(&self.deny), listed(&self.review), listed(&self.allow) || self.allow.is_empty()) {
            (true, ..) => Decision::Deny,
            (_, true, _) | (.., false) => Decision::Review,
            (false, false, true) => Decision::Allow,
        }
    }
}

/// Whether a pattern with `*` covers an identifier, whatever the case of letters. Linear but for the stars.
fn matches(pattern: &str, id: &str) -> bool {
    let (pattern, id) = (pattern.to_ascii_lowercase(), id.to_ascii_lowercase());
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == id };
    let Some(mut left) = id.strip_prefix(first) else { return false };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return left.ends_with(part);
        }
        let Some(at) = left.find(part) else { return false };
        left = left.get(at.saturating_add(part.len())..).unwrap_or_default();
    }
    true
}

/// Whether two identifiers name the same text: `GPL-3.0-or-later` and `GPL-3.0-only` have one.
pub(super) fn names_same(a: &str, b: &str) -> bool {
    let stem = |id: &str| {
        id.trim_end_matches("-only").trim_end_matches("-or-later").trim_end_matches('+').to_ascii_lowercase()
    };
    let parts = |id: &str| id.split([' ', '(', ')']).map(stem).collect::<Vec<_>>();
    let (a, b) = (parts(a), parts(b));
    a.iter().any(|part| !matches!(part.as_str(), "or" | "and" | "with" | "") && b.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(policy: &LicensePolicy, spdx: &[&str]) -> Decision {
        let spdx = spdx.iter().map(|id| (*id).to_owned()).collect();
        policy.judge(Some(&LicenseDescriptor { spdx, ..LicenseDescriptor::default() })).decision
    }

    fn list(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    #[test]
    fn deny_outweighs_review_and_review_allow() {
        let policy = LicensePolicy {
            allow: list(&["Apache-2.0", "MIT", "CC-BY-*"]),
            deny: list(&["CC-BY-NC-*", "*GPL*"]),
            review: list(&["CC-BY-SA-*"]),
            ..LicensePolicy::default()
        };
        for (spdx, decision) in [
            (&["MIT"][..], Decision::Allow),
            (&["CC-BY-4.0"], Decision::Allow),
            (&["CC-BY-SA-4.0"], Decision::Review),
            (&["CC-BY-NC-4.0"], Decision::Deny),
            (&["LicenseRef-Gemma"], Decision::Review),
            (&["MIT OR GPL-3.0-only"], Decision::Allow),
            (&["MIT AND GPL-3.0-only"], Decision::Deny),
            (&["MIT", "AGPL-3.0-only"], Decision::Deny),
            (&[], Decision::Review),
        ] {
            assert_eq!(judge(&policy, spdx), decision, "{spdx:?}");
        }
    }

    #[test]
    fn without_a_list_of_allowed_ones_all_else_may_be_used() {
        let policy =
            LicensePolicy { deny: list(&["LicenseRef-*"]), unknown: Decision::Deny, ..LicensePolicy::default() };
        assert_eq!(judge(&policy, &["MIT"]), Decision::Allow);
        assert_eq!(judge(&policy, &["LicenseRef-Gemma"]), Decision::Deny);
        assert_eq!(policy.judge(None).decision, Decision::Deny);
    }

    #[test]
    fn stars_stand_for_any_letters() {
        for (pattern, id, covered) in [
            ("*", "MIT", true),
            ("CC-*-4.0", "cc-by-nc-4.0", true),
            ("CC-*-4.0", "CC-BY-3.0", false),
            ("*gpl*", "LGPL-2.1-only", true),
            ("GPL-*", "LGPL-2.1-only", false),
            ("a*a", "a", false),
        ] {
            assert_eq!(matches(pattern, id), covered, "{pattern} {id}");
        }
    }
}
