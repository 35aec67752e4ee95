//! A scan report as SARIF 2.1.0 (OASIS), which code hosts and triage tools read.
//!
//! Members of archives are artifacts with a parent; bytes are `region.byteOffset`, counted in the innermost artifact; nodes
//! and tensors are logical locations. CWE, OWASP and MITRE ATLAS are taxonomies. What was not understood makes
//! `executionSuccessful` false and is a notification each. There is no date in it: the same report gives the same bytes.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::artifact::sha256_hex;
use crate::error::Location;
use crate::finding::{Finding, Rule, Severity};
use crate::scan::{ScanReport, ScannedFile, rules};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Renders a report.
pub fn render(report: &ScanReport) -> Value {
    let rules: Vec<&Rule> = rules::all().collect();
    let mut artifacts = Artifacts::default();
    let (mut results, mut notifications) = (Vec::new(), Vec::new());
    for file in &report.files {
        artifacts.file(file);
        for finding in &file.findings {
            results.push(result(finding, None, &rules, &mut artifacts));
        }
        for accepted in &file.accepted {
            results.push(result(&accepted.finding, Some(&accepted.reason), &rules, &mut artifacts));
        }
        for gap in &file.gaps {
            let text = format!("{} bytes were not understood: {}", gap.bytes, gap.reason);
            notifications.push(json!({
                "descriptor": {"id": "scan.not_understood"},
                "level": "warning",
                "message": {"text": text},
                "locations": [location(&gap.location, &mut artifacts)],
            }));
        }
    }
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": report.tool.name,
                "semanticVersion": report.tool.version,
                "rules": rules.iter().map(|rule| describe(rule)).collect::<Vec<_>>(),
                "notifications": [{
                    "id": "scan.not_understood",
                    "shortDescription": {"text": "Bytes that were not understood"},
                }],
                "supportedTaxonomies": TAXONOMIES.map(|(name, ..)| json!({"name": name})),
            }},
            "taxonomies": TAXONOMIES.map(|(name, organization, taxa)| json!({
                "name": name,
                "organization": organization,
                "shortDescription": {"text": name},
                "taxa": unique(&rules, taxa).iter().map(|id| json!({"id": id})).collect::<Vec<_>>(),
            })),
            "invocations": [{
                "executionSuccessful": notifications.is_empty(),
                "toolExecutionNotifications": notifications,
            }],
            "artifacts": artifacts.rendered,
            "results": results,
            "columnKind": "unicodeCodePoints",
            "properties": {"verdict": report.verdict.as_str()},
        }],
    })
}

/// The identifiers that a rule has in a taxonomy.
type Taxa = fn(&Rule) -> Vec<String>;

const TAXONOMIES: [(&str, &str, Taxa); 3] = [
    ("CWE", "MITRE", |rule| rule.cwe.iter().map(ToString::to_string).collect()),
    ("OWASP", "OWASP", |rule| rule.owasp.iter().map(ToString::to_string).collect()),
    ("ATLAS", "MITRE", |rule| rule.atlas.iter().map(ToString::to_string).collect()),
];

fn unique(rules: &[&Rule], taxa: Taxa) -> std::collections::BTreeSet<String> {
    rules.iter().flat_map(|rule| taxa(rule)).collect()
}

fn describe(rule: &Rule) -> Value {
    let relationships = TAXONOMIES.iter().flat_map(|(name, _, taxa)| {
        let relate = move |id| json!({"target": {"id": id, "toolComponent": {"name": name}}, "kinds": ["relevant"]});
        taxa(rule).into_iter().map(relate)
    });
    json!({
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "help": {"text": rule.remedy},
        "defaultConfiguration": {"level": level(rule.severity)},
        "relationships": relationships.collect::<Vec<_>>(),
        "properties": {"security-severity": score(rule.severity), "tags": ["security"]},
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error | Severity::Suspicious | Severity::Danger => "error",
    }
}

/// Where code hosts sort a finding: from 9 on critical, from 7 on high, from 4 on medium.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "0.1",
        Severity::Warning => "3.0",
        Severity::Error => "4.0",
        Severity::Suspicious => "6.5",
        Severity::Danger => "9.5",
    }
}

fn result(finding: &Finding, accepted: Option<&str>, rules: &[&Rule], artifacts: &mut Artifacts) -> Value {
    let at = &finding.location;
    let said = finding.evidence.as_ref().unwrap_or(&finding.message);
    // bytes move between versions of a file; what is said, and inside which member, stays
    let print = sha256_hex(format!("{}\0{:?}\0{:?}\0{said}", finding.code, at.members, at.item).as_bytes());
    let mut result = json!({
        "ruleId": finding.code,
        "level": level(finding.severity),
        "message": {"text": finding.message},
        "locations": [location(at, artifacts)],
        "partialFingerprints": {"modeliumFinding/v1": print},
        "properties": {"severity": finding.severity, "evidence": finding.evidence, "remedy": finding.remedy},
    });
    if let Some(object) = result.as_object_mut() {
        if let Some(index) = rules.iter().position(|rule| rule.id == finding.code) {
            object.insert("ruleIndex".to_owned(), json!(index));
        }
        if let Some(reason) = accepted {
            object.insert("suppressions".to_owned(), json!([{"kind": "external", "justification": reason}]));
        }
    }
    result
}

fn location(at: &Location, artifacts: &mut Artifacts) -> Value {
    let index = artifacts.index(at.file.as_deref().unwrap_or_default(), &at.members);
    let mut physical = json!({"artifactLocation": {"index": index}});
    if let Some(object) = physical.as_object_mut() {
        match (at.byte, at.line) {
            (Some(byte), _) => drop(object.insert("region".to_owned(), json!({"byteOffset": byte, "byteLength": 0}))),
            (None, Some(line)) => drop(object.insert("region".to_owned(), json!({"startLine": line}))),
            (None, None) => {}
        }
        if let Some(uri) = at.file.as_deref().filter(|_| at.members.is_empty()) {
            object.insert("artifactLocation".to_owned(), json!({"uri": to_uri(uri), "index": index}));
        }
    }
    let logical = at.item.iter().map(|item| json!({"fullyQualifiedName": item, "kind": "member"}));
    json!({"physicalLocation": physical, "logicalLocations": logical.collect::<Vec<_>>()})
}

/// Files and members, each once.
#[derive(Default)]
struct Artifacts {
    rendered: Vec<Value>,
    known: BTreeMap<(String, Vec<String>), usize>,
}

impl Artifacts {
    fn file(&mut self, file: &ScannedFile) {
        let index = self.index(&file.path, &[]);
        if let Some(object) = self.rendered.get_mut(index).and_then(Value::as_object_mut) {
            object.insert("length".to_owned(), json!(file.bytes));
            if let Some(sha256) = &file.sha256 {
                object.insert("hashes".to_owned(), json!({"sha-256": sha256}));
            }
            object.insert("properties".to_owned(), json!({"verdict": file.verdict, "formats": file.formats}));
        }
    }

    fn index(&mut self, file: &str, members: &[String]) -> usize {
        let key = (file.to_owned(), members.to_vec());
        if let Some(index) = self.known.get(&key) {
            return *index;
        }
        let artifact = match members.split_last() {
            None => json!({"location": {"uri": to_uri(file)}}),
            Some((name, outer)) => {
                let parent = self.index(file, outer);
                // the path inside a container stands in the uri; what it is relative to is the parent
                json!({"location": {"uri": to_uri(name.trim_start_matches('/'))}, "parentIndex": parent})
            }
        };
        let index = self.rendered.len();
        self.rendered.push(artifact);
        self.known.insert(key, index);
        index
    }
}

/// A path as a URI reference: what RFC 3986 does not allow in a path is percent-encoded.
pub(super) fn to_uri(path: &str) -> String {
    use std::fmt::Write as _;
    let mut uri = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            b'\\' => uri.push('/'),
            other => drop(write!(uri, "%{other:02X}")), // writing to a string does not fail
        }
    }
    uri
}
