//! Operators of `ai.onnx.ml`.

use bytes::Bytes;

use crate::ir::AttributeValue;
use crate::opset::step::{Outcome, Step};
use crate::tensor::DType;

/// `LabelEncoder`, up: one list of classes becomes keys and values.
pub(super) fn labels_to_pairs(step: &mut Step<'_>) -> Outcome {
    let classes: Vec<Bytes> = match step.node.attribute("classes_strings") {
        Some(AttributeValue::Strings(classes)) => classes.clone(),
        _ => return Err("attribute 'classes_strings' is missing, or an argument of the function".to_owned()),
    };
    let numbers = (0..).take(classes.len()).collect();
    let (keys, values) = match step.dtype(0)? {
        DType::String => {
            (("keys_strings", AttributeValue::Strings(classes)), ("values_int64s", AttributeValue::Ints(numbers)))
        }
        DType::Int64 => {
            (("keys_int64s", AttributeValue::Ints(numbers)), ("values_strings", AttributeValue::Strings(classes)))
        }
        other => return Err(format!("labels of type {other}")),
    };
    step.drop("classes_strings");
    for (name, value) in [keys, values] {
        step.set(name, value);
    }
    step.keep()
}

/// `LabelEncoder`, down: keys and values become one list if the numbers are positions in it.
pub(super) fn labels_to_list(step: &mut Step<'_>) -> Outcome {
    let attribute = |name: &str| step.node.attribute(name).cloned();
    let pairs = [("keys_strings", "values_int64s"), ("values_strings", "keys_int64s")];
    let found = pairs.iter().find_map(|&(texts, numbers)| match (attribute(texts), attribute(numbers)) {
        (Some(AttributeValue::Strings(texts)), Some(AttributeValue::Ints(numbers))) => Some((texts, numbers)),
        _ => None,
    });
    let (texts, numbers) = found.ok_or("labels other than text and integers")?;
    if texts.len() != numbers.len() || !numbers.iter().zip(0_i64..).all(|(&number, position)| number == position) {
        return Err("labels that are no positions in a list".to_owned());
    }
    for name in ["keys_strings", "values_int64s", "values_strings", "keys_int64s", "default_float"] {
        step.drop(name);
    }
    step.set("classes_strings", AttributeValue::Strings(texts));
    step.keep()
}
