//! A machine-learning bill of materials: CycloneDX 1.6 (ECMA-424), models with their cards, files with their digests, scan
//! findings as vulnerabilities. There is no date in it, and the serial number comes from the content.

use serde_json::{Map, Value, json};

use crate::artifact::sha256_hex;
use crate::descriptor::{ModelDescriptor, PortDescriptor, Task};
use crate::finding::{Finding, Rule, Severity};
use crate::scan::{ScanReport, rules};

/// Renders what was scanned, and what is known of the models in it.
pub fn render(report: &ScanReport, models: &[ModelDescriptor]) -> Value {
    let mut components: Vec<Value> = models.iter().map(model).collect();
    for file in &report.files {
        let mut component = json!({
            "type": "file",
            "bom-ref": format!("file:{}", file.path),
            "name": file.path,
            "properties": [
                {"name": "modelium:verdict", "value": file.verdict.as_str()},
                {"name": "modelium:bytes", "value": file.bytes.to_string()},
            ],
        });
        if let (Some(sha256), Some(object)) = (&file.sha256, component.as_object_mut()) {
            object.insert("hashes".to_owned(), json!([{"alg": "SHA-256", "content": sha256}]));
        }
        components.push(component);
    }
    let libraries = models.iter().flat_map(|model| &model.dependencies).collect::<std::collections::BTreeSet<_>>();
    components.extend(libraries.into_iter().map(|package| {
        let (name, version) = package.split_once("==").map_or((package.as_str(), None), |(name, v)| (name, Some(v)));
        let mut library = json!({"type": "library", "bom-ref": format!("library:{package}"), "name": name});
        if let (Some(version), Some(object)) = (version, library.as_object_mut()) {
            object.insert("version".to_owned(), json!(version));
        }
        library
    }));
    let vulnerabilities: Vec<Value> = report
        .files
        .iter()
        .flat_map(|file| {
            let kept = file.findings.iter().map(move |finding| (file, finding, None));
            kept.chain(file.accepted.iter().map(move |accepted| (file, &accepted.finding, Some(&accepted.reason))))
        })
        .filter(|(_, finding, _)| finding.severity >= Severity::Suspicious)
        .map(|(file, finding, accepted)| vulnerability(&file.path, finding, accepted.map(String::as_str)))
        .collect();
    let mut bom = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"tools": {"components": [
            {"type": "application", "name": report.tool.name, "version": report.tool.version},
        ]}},
        "components": components,
        "vulnerabilities": vulnerabilities,
    });
    let serial = serial(&bom.to_string());
    if let Some(object) = bom.as_object_mut() {
        object.insert("serialNumber".to_owned(), json!(serial));
    }
    bom
}

/// A UUID that the content decides (version 8 of RFC 9562).
fn serial(content: &str) -> String {
    let digest = sha256_hex(content.as_bytes());
    let part = |from: usize, to: usize| digest.get(from..to).unwrap_or_default();
    format!("urn:uuid:{}-{}-8{}-a{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

fn model(model: &ModelDescriptor) -> Value {
    let port = |port: &PortDescriptor| json!({"format": format!("{}: {}", port.name, port.ty)});
    let mut parameters = Map::new();
    if let Some(task) = model.task {
        parameters.insert("task".to_owned(), json!(task_name(task)));
    }
    if let Some(framework) = &model.framework {
        parameters.insert("architectureFamily".to_owned(), json!(framework.name));
    }
    if let Some(architecture) = &model.architecture {
        parameters.insert("modelArchitecture".to_owned(), json!(architecture));
    }
    parameters.insert("inputs".to_owned(), model.inputs.iter().map(port).collect());
    parameters.insert("outputs".to_owned(), model.outputs.iter().map(port).collect());
    let mut component = json!({
        "type": "machine-learning-model",
        "bom-ref": format!("model:{}", model.name),
        "name": model.name,
        "modelCard": {"modelParameters": parameters},
        "properties": [
            {"name": "modelium:format", "value": model.format.as_str()},
            {"name": "modelium:parameters", "value": model.parameters.to_string()},
            {"name": "modelium:weight_bytes", "value": model.total_weight_bytes().to_string()},
        ],
    });
    if let Some(object) = component.as_object_mut() {
        if !model.tags.is_empty() {
            object.insert("tags".to_owned(), json!(model.tags));
        }
        if let Some(license) = model.license.as_ref().filter(|license| !license.spdx.is_empty()) {
            // an identifier outside the SPDX list is a name
            let licence = |id: &String| {
                let key = if id.starts_with("LicenseRef-") { "name" } else { "id" };
                json!({"license": {key: id}})
            };
            object.insert("licenses".to_owned(), license.spdx.iter().map(licence).collect());
        }
        let digest = model.files.iter().find_map(|file| file.sha256.as_ref());
        if let Some(sha256) = digest {
            object.insert("hashes".to_owned(), json!([{"alg": "SHA-256", "content": sha256}]));
        }
    }
    component
}

fn task_name(task: Task) -> String {
    serde_json::to_value(task).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

fn vulnerability(file: &str, finding: &Finding, accepted: Option<&str>) -> Value {
    let rule = rules::all().find(|rule| rule.id == finding.code);
    let severity = if finding.severity == Severity::Danger { "critical" } else { "medium" };
    let members = &finding.location.members;
    let place = match finding.location.byte {
        _ if !members.is_empty() => format!(" (in {})", members.join(" / ")),
        Some(byte) => format!(" (byte {byte})"),
        None => String::new(),
    };
    let mut vulnerability = json!({
        "bom-ref": sha256_hex(format!("{file}\0{}\0{:?}\0{}", finding.code, finding.location, finding.message).as_bytes()),
        "id": finding.code,
        "source": {"name": "modelium"},
        "ratings": [{"severity": severity, "method": "other"}],
        "cwes": rule.map_or(&[][..], |rule: &Rule| rule.cwe),
        "description": format!("{}{place}", finding.message),
        "affects": [{"ref": format!("file:{file}")}],
    });
    if let Some(object) = vulnerability.as_object_mut() {
        if let Some(evidence) = &finding.evidence {
            object.insert("detail".to_owned(), json!(evidence));
        }
        if let Some(remedy) = &finding.remedy {
            object.insert("recommendation".to_owned(), json!(remedy));
        }
        if let Some(reason) = accepted {
            object.insert("analysis".to_owned(), json!({"state": "not_affected", "detail": reason}));
        }
    }
    vulnerability
}
