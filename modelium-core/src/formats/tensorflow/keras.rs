//! What Keras before version 3 leaves in a saved model: the configuration of each object, as JSON.

use crate::blob::Blob;
use crate::error::Result;
use crate::scan::{Exam, Part, rules};
use crate::wire::json::{self, Json};
use crate::wire::protobuf::Message;

/// Judges `keras_metadata.pb`: each object's configuration.
pub(super) fn judge_metadata(message: Message<'_>, part: &Part, exam: &mut Exam<'_>) -> Result<()> {
    for node in message.fields() {
        let node = node?;
        if node.number != 1 {
            continue;
        }
        for field in node.message()?.fields() {
            let field = field?;
            if field.number == 5 {
                judge_config(field.message()?, part, exam)?;
            }
        }
    }
    Ok(())
}

/// Judges the configuration of one object. What Keras cannot parse it does not load.
pub(super) fn judge_config(text: Message<'_>, part: &Part, exam: &mut Exam<'_>) -> Result<()> {
    let at = text.offset();
    let blob = Blob::from_bytes(part.name(), text.bytes().to_vec());
    let document = json::parse(&blob, exam.cx())?;
    lambdas(&document.root, at, part, exam);
    Ok(())
}

/// Reports layers that hold Python bytecode, at any depth; the parser has bounded it.
fn lambdas(value: &Json, at: u64, part: &Part, exam: &mut Exam<'_>) {
    if value.get("class_name").and_then(Json::as_str) == Some("Lambda") {
        let function = value.at(&["config", "function"]);
        let coded = function.is_some_and(|function| {
            !function.items().is_empty() || function.get("class_name").and_then(Json::as_str) == Some("__lambda__")
        });
        if coded {
            exam.report(&rules::graph::RUNS_CODE, part.at(at), "a Lambda layer of Keras holds Python bytecode");
        } else {
            exam.report(
                &rules::graph::NEEDS_LIBRARY,
                part.at(at),
                "a Lambda layer of Keras calls a function by its name",
            );
        }
    }
    for (_, inner) in value.entries() {
        lambdas(inner, at, part, exam);
    }
    for inner in value.items() {
        lambdas(inner, at, part, exam);
    }
}
