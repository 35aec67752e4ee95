//! The committed schemas of the documents that only this face reads.

use std::fs;
use std::path::Path;

use schemars::JsonSchema;

/// Compares the schema of a document with the committed one; `BLESS=1` writes it instead. Defaults that depend on the
/// machine are left out.
#[expect(clippy::disallowed_methods, reason = "a test reads its golden")]
pub(crate) fn assert_committed<T: JsonSchema>(name: &str) {
    let mut schema = schemars::schema_for!(T);
    for (place, field) in [("/$defs/Limits/properties/threads", "default"), ("/properties/limits/default", "threads")] {
        schema.pointer_mut(place).and_then(|place| place.as_object_mut()?.remove(field));
    }
    let schema = serde_json::to_string_pretty(&schema).expect("a schema is a document");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../schemas/{name}.json"));
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, schema + "\n").expect("the schema can be written");
        return;
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == schema + "\n", "{} is another; run `make bless` and read the change", path.display());
}
