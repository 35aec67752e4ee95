//! Classical models: the domain `ai.onnx.ml`.

use crate::ir::attribute::AttributeValue;
use crate::ir::infer::call::{Call, Gap, Outcome, Rule};
use crate::ir::infer::dims;
use crate::ir::infer::elementwise::same_shape;
use crate::ir::schema::OpType;
use crate::ir::types::{Dim, Type, TypeKind};
use crate::tensor::DType;

pub(super) fn rule(op: &OpType) -> Option<Rule> {
    Some(match op {
        OpType::Binarizer | OpType::Imputer | OpType::Normalizer | OpType::Scaler => same_shape,
        OpType::ArrayFeatureExtractor => extract,
        OpType::CategoryMapper => map_categories,
        OpType::LabelEncoder => encode_labels,
        OpType::OneHotEncoder => one_hot,
        OpType::FeatureVectorizer => join_features,
        OpType::LinearClassifier | OpType::SVMClassifier | OpType::TreeEnsembleClassifier => classify,
        OpType::LinearRegressor => linear,
        OpType::SVMRegressor => svm,
        OpType::TreeEnsemble | OpType::TreeEnsembleRegressor => trees,
        OpType::ZipMap => zip_map,
        _ => return None,
    })
}

/// Rows of the first input; a single row may come without its axis.
fn rows(call: &Call<'_, '_>) -> Result<Dim, Gap> {
    match call.shape(0)? {
        [rows, _] => Ok(rows.clone()),
        [_] => Ok(Dim::Known(1)),
        other => Err(Gap::conflict(format!("features of rank {}", other.len()))),
    }
}

fn length(call: &Call<'_, '_>, name: &str) -> Option<usize> {
    match call.attribute(name)? {
        AttributeValue::Ints(values) => Some(values.len()),
        AttributeValue::Floats(values) => Some(values.len()),
        AttributeValue::Strings(values) => Some(values.len()),
        _ => None,
    }
    .filter(|&length| length > 0)
}

fn extract(call: &mut Call<'_, '_>) -> Outcome {
    let picked = dims::product(call.shape(1)?);
    let dims = match call.shape(0)? {
        [] => return Err(Gap::conflict("a scalar has no features")),
        [_] => vec![Dim::Known(1), picked],
        [outer @ .., _] => [outer, &[picked]].concat(),
    };
    call.shaped(0, dims)
}

/// Words become numbers and numbers words.
fn swapped(call: &Call<'_, '_>) -> Option<DType> {
    Some(if call.dtype(0)? == DType::String { DType::Int64 } else { DType::String })
}

fn map_categories(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = swapped(call);
    call.typed(0, dtype);
    same_shape(call)
}

fn encode_labels(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = if call.opset < 2 {
        swapped(call)
    } else if let Some(AttributeValue::Tensor(values)) = call.attribute("values_tensor") {
        Some(values.dtype)
    } else {
        let spelt =
            [("values_floats", DType::Float32), ("values_int64s", DType::Int64), ("values_strings", DType::String)];
        spelt.iter().find(|(name, _)| length(call, name).is_some()).map(|(_, dtype)| *dtype)
    };
    call.typed(0, dtype);
    same_shape(call)
}

fn one_hot(call: &mut Call<'_, '_>) -> Outcome {
    let count = length(call, "cats_int64s").or_else(|| length(call, "cats_strings")).ok_or(Gap::Open)?;
    let mut dims = call.shape(0)?.to_vec();
    dims.push(Dim::Known(count as u64));
    call.shaped(0, dims)
}

fn join_features(call: &mut Call<'_, '_>) -> Outcome {
    let widths = call.ints("inputdimensions").ok_or(Gap::Open)?;
    let width = widths.iter().try_fold(0_i64, |sum, &width| sum.checked_add(width)).ok_or(Gap::Open)?;
    let dims = vec![rows(call)?, dims::from_i64(width)];
    call.shaped(0, dims)
}

fn classify(call: &mut Call<'_, '_>) -> Outcome {
    let words = ["classlabels_strings"].iter().find_map(|name| length(call, name));
    let numbers = ["classlabels_ints", "classlabels_int64s"].iter().find_map(|name| length(call, name));
    call.typed(0, Some(if words.is_some() { DType::String } else { DType::Int64 }));
    let rows = rows(call)?;
    call.shaped(0, vec![rows.clone()])?;
    let count = words.or(numbers).filter(|&count| count > 1).ok_or(Gap::Open)?;
    call.shaped(1, vec![rows, Dim::Known(count as u64)])
}

fn linear(call: &mut Call<'_, '_>) -> Outcome {
    let dims = vec![rows(call)?, dims::from_i64(call.int("targets").unwrap_or(1))];
    call.shaped(0, dims)
}

fn svm(call: &mut Call<'_, '_>) -> Outcome {
    let dims = vec![rows(call)?, Dim::Known(1)];
    call.shaped(0, dims)
}

fn trees(call: &mut Call<'_, '_>) -> Outcome {
    let dims = vec![rows(call)?, dims::from_i64(call.int("n_targets").unwrap_or(1))];
    call.shaped(0, dims)
}

fn zip_map(call: &mut Call<'_, '_>) -> Outcome {
    let key = if length(call, "classlabels_strings").is_some() { DType::String } else { DType::Int64 };
    let value = Type { kind: TypeKind::Tensor { dtype: Some(DType::Float32), shape: None }, denotation: None };
    let map = Type { kind: TypeKind::Map { key: Some(key), value: Some(Box::new(value)) }, denotation: None };
    call.other(0, Type { kind: TypeKind::Sequence(Some(Box::new(map))), denotation: None })
}
