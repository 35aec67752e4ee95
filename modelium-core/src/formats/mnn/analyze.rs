//! Bytes → descriptor.

use crate::artifact::Artifact;
use crate::context::Context;
use crate::descriptor::{Dimension, ModelDescriptor, PortDescriptor, Producer, TensorDescriptor};
use crate::error::Result;
use crate::formats::mnn::FORMAT;
use crate::formats::mnn::schema::{Net, Operator, is_net, operator_name};
use crate::formats::single::{only_file, the_file};
use crate::formats::{Analyzer, FormatId, Match};
use crate::tensor::DType;
use crate::wire::budget::{Budget, list_item};
use crate::wire::flatbuffers::Table;

/// Describes MNN models.
#[derive(Debug, Clone, Copy, Default)]
pub struct MnnAnalyzer;

impl Analyzer for MnnAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        match only_file(artifact) {
            Some((_, blob)) if is_net(&blob) => Match::Certain,
            _ => Match::No,
        }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let (name, blob) = the_file(artifact)?;
        let mut budget = Budget::new(cx);
        let net = Net::read(&blob, &mut budget)?;
        let mut model = ModelDescriptor::of(artifact, FORMAT, name);
        model.framework = Some(Producer { name: "mnn".to_owned(), version: None });
        let source = ["caffe", "tensorflow", "tflite", "onnx", "torch"].get(usize::from(net.source));
        model.metadata.extend(source.map(|source| ("source".to_owned(), (*source).to_owned())));
        let texts = [("code", &net.code), ("uuid", &net.uuid)];
        model
            .metadata
            .extend(texts.into_iter().filter_map(|(key, text)| Some((key.to_owned(), text.as_ref()?.to_string()))));
        let mut tensors = Vec::new();
        for operator in &net.operators {
            let count = model.operators.entry(operator_name(operator.kind).into_owned()).or_insert(0);
            *count = count.saturating_add(1);
            model.nodes = model.nodes.saturating_add(1);
            if operator_name(operator.kind) == "Input" {
                model.inputs.push(input(&net, operator)?);
            }
            weights(operator, name, &mut budget, &mut tensors)?;
        }
        model.outputs = net
            .outputs
            .iter()
            .map(|name| PortDescriptor {
                name: name.to_string(),
                ty: "?".to_owned(),
                dtype: None,
                shape: None,
                optional: false,
            })
            .collect();
        let mut model = model.with_tensors(tensors);
        model.layers.clear();
        Ok(model)
    }
}

/// `DataType` of the schema.
fn dtype(code: i32) -> Option<DType> {
    Some(match code {
        1 => DType::Float32,
        2 => DType::Float64,
        3 => DType::Int32,
        4 => DType::Uint8,
        5 => DType::Int16,
        6 => DType::Int8,
        7 => DType::String,
        9 => DType::Int64,
        10 => DType::Bool,
        14 => DType::Bfloat16,
        17 => DType::Uint16,
        19 => DType::Float16,
        _ => return None,
    })
}

/// An input; its parameters are of kind 21: dimensions, element type.
fn input(net: &Net<'_>, operator: &Operator<'_>) -> Result<PortDescriptor> {
    let index = operator.outputs.first().and_then(|index| usize::try_from(*index).ok());
    let name = index.and_then(|index| net.tensor_names.get(index)).unwrap_or(&operator.name).to_string();
    let mut port = PortDescriptor { name, ty: "?".to_owned(), dtype: None, shape: None, optional: false };
    if let Some((21, parameters)) = operator.parameters {
        let dims = parameters.i32s(0)?.map(|dim| u64::try_from(dim).map_or(Dimension::Unknown, Dimension::Known));
        let dims: Vec<_> = dims.collect();
        port.dtype = dtype(parameters.i32(1, 1)?);
        let words =
            dims.iter().map(|dim| if let Dimension::Known(dim) = dim { dim.to_string() } else { "?".to_owned() });
        let words = words.collect::<Vec<_>>().join(", ");
        port.ty = format!("{}[{words}]", port.dtype.map_or("?", DType::name));
        port.shape = Some(dims);
    }
    Ok(port)
}

/// Weights of an operator: those of the kinds of parameters that hold any.
fn weights(
    operator: &Operator<'_>,
    file: &str,
    budget: &mut Budget<'_>,
    tensors: &mut Vec<TensorDescriptor>,
) -> Result<()> {
    let Some((kind, table)) = operator.parameters else { return Ok(()) };
    let mut run =
        |table: Table<'_>, slot: u16, what: &str, dtype: &str, size: u64, shape: Option<Vec<u64>>| -> Result<()> {
            let Some(vector) = table.vector(slot, size)?.filter(|vector| vector.len() > 0) else { return Ok(()) };
            budget.tensor(list_item::<TensorDescriptor>())?;
            let shape = shape.filter(|shape| {
                shape.iter().try_fold(1_u64, |product, dim| product.checked_mul(*dim)) == Some(vector.len())
            });
            tensors.push(TensorDescriptor {
                name: if what.is_empty() { operator.name.to_string() } else { format!("{}.{what}", operator.name) },
                dtype: dtype.to_owned(),
                shape: shape.unwrap_or_else(|| vec![vector.len()]),
                strides: None,
                bytes: vector.len().saturating_mul(size),
                file: Some(file.to_owned()),
                start: Some(vector.position()),
                shares: None,
            });
            Ok(())
        };
    match kind {
        // BatchNorm
        5 => {
            for (slot, what) in [(1, "slope"), (2, "mean"), (3, "variance"), (4, "bias")] {
                run(table, slot, what, "float32", 4, None)?;
            }
        }
        // Blob: a constant
        7 => {
            let dims: Vec<u64> = table.i32s(0)?.map(|dim| u64::try_from(dim).unwrap_or(0)).collect();
            let shape = || Some(dims.clone());
            run(table, 3, "", "uint8", 1, shape())?;
            run(table, 4, "", "int8", 1, shape())?;
            run(table, 5, "", "int32", 4, shape())?;
            run(table, 6, "", "int64", 8, shape())?;
            run(table, 7, "", "float32", 4, shape())?;
        }
        // Convolution2D, Convolution3D
        9 | 79 | 80 => {
            run(table, 1, "weight", "float32", 4, None)?;
            run(table, 2, "bias", "float32", 4, None)?;
            if let Some(quantized) = table.table(3)?.filter(|_| kind == 9) {
                run(quantized, 0, "quantized_weight", "mnn_quantized", 1, None)?;
                run(quantized, 1, "alpha", "float32", 4, None)?;
            }
        }
        // InnerProduct
        20 => {
            run(table, 3, "weight", "float32", 4, None)?;
            run(table, 4, "bias", "float32", 4, None)?;
        }
        // PRelu
        32 => run(table, 1, "slope", "float32", 4, None)?,
        // Scale
        58 => {
            run(table, 1, "scale", "float32", 4, None)?;
            run(table, 2, "bias", "float32", 4, None)?;
        }
        _ => {}
    }
    Ok(())
}
