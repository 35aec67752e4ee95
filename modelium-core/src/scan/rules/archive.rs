//! Rules about archives: what their members do to whoever unpacks them.

use crate::finding::{Rule, Severity};

/// The rules of this area.
pub const RULES: &[&Rule] = &[&TOO_DEEP];

/// Archives nested beyond the cap.
pub const TOO_DEEP: Rule = Rule {
    id: "archive.too_deep",
    severity: Severity::Suspicious,
    title: "Archives nested too deeply",
    remedy: "unpack the outer archives by hand and scan what is inside",
    cwe: &[400],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};
