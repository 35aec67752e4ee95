//! The committed JSON Schemas are those of the types: documents that scripts rely on.

use modelium_core::error::ErrorReport;
use modelium_core::parity::ParityReport;
use schemars::JsonSchema;

use crate::support::golden;

fn committed<T: JsonSchema>(name: &str) {
    let schema = serde_json::to_string_pretty(&schemars::schema_for!(T)).expect("a schema is a document");
    golden(&format!("schemas/{name}.json"), &format!("{schema}\n"));
}

#[test]
fn error_report() {
    committed::<ErrorReport>("error_report");
}

#[test]
fn parity_report() {
    committed::<ParityReport>("parity_report");
}
