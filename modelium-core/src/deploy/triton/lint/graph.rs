//! The config against the model: names, types and shapes, by the rules of Triton's onnxruntime back end.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::artifact::{Artifact, LocationError};
use crate::descriptor::{Dimension, FileRole, ModelDescriptor, PortDescriptor};
use crate::error::{ErrorKind, Result};

use super::super::config::data_type;
use super::suggest::choose;
use super::view::{self, Port, View};
use super::{Describe, Report};

/// The model of one version.
pub(super) struct Stored<'a> {
    pub(super) artifact: &'a Artifact,
    /// The entry that is the model.
    pub(super) main: &'a str,
    /// Whether the config's `max_batch_size` means what it says.
    pub(super) sure_of_batch: bool,
}

/// Compares a config with the model that one version holds.
pub(super) fn check(view: &View<'_>, stored: &Stored<'_>, describe: &Describe<'_>, report: &mut Report) -> Result<()> {
    let path = stored.artifact.path().unwrap_or(Path::new(stored.main));
    let model = match describe(stored.artifact) {
        Ok(model) => model,
        Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
        Err(error) => {
            let message = format!("the model cannot be read: {}", error.message());
            let remedy = error.notes().first().cloned().unwrap_or_else(|| "put a whole ONNX model there".to_owned());
            report.about(path, "triton.unreadable_model", message, remedy);
            return Ok(());
        }
    };
    for file in model.files.iter().filter(|file| file.role == FileRole::ExternalData) {
        match stored.artifact.resolve(stored.main, &file.name) {
            Ok(_) => {}
            Err(link @ (LocationError::SymbolicLink | LocationError::HardLink)) => {
                let message = format!("the model's weights '{}' are not looked at: {link}", file.name);
                report.note("triton.external_data", None, message, "see that the server can read them");
            }
            Err(refused) => {
                let message = format!("the model's weights '{}' cannot be opened: {refused}", file.name);
                let remedy = "put the file beside the model, under that name";
                report.about(path, "triton.external_data", message, remedy);
            }
        }
    }
    let batch = stored.sure_of_batch.then(|| view.batches()).filter(|_| view.max_batch() >= 0);
    inputs(view, &model, batch, report);
    outputs(view, &model, batch, report);
    Ok(())
}

fn inputs(view: &View<'_>, model: &ModelDescriptor, batch: Option<bool>, report: &mut Report) {
    if view.inputs.is_empty() {
        left_to_server("inputs", report);
        return;
    }
    let by_name = index(&model.inputs);
    for port in view.inputs.iter().filter(|port| port.name.is_some()) {
        let Some(known) = find(port, "input", &model.inputs, &by_name, report) else { continue };
        if known.optional != port.is_optional() && !(port.is_optional() && view.batches()) {
            optional(port, known.optional, report);
        }
        compare(port, known, "input", batch, report);
    }
    let sequence = view.tree.get("sequence_batching").is_some(); // its controls and states are inputs of the model too
    let batch_inputs = view::messages(view.tree, "batch_input")
        .flat_map(|(_, input)| input.all("target_name").filter_map(|(_, name)| name.as_str()));
    let given: HashSet<_> = view.inputs.iter().map(Port::called).chain(batch_inputs).collect();
    for known in model.inputs.iter().filter(|known| !known.optional && !sequence) {
        if !given.contains(known.name.as_str()) {
            let message = format!("the model's input '{}', {}, is not in the config", known.name, known.ty);
            let remedy = format!("add it: {}", spelt(known, view.batches()));
            report.error("triton.missing_input", view.inputs.first().map(|port| port.at), message, remedy);
        }
    }
}

fn outputs(view: &View<'_>, model: &ModelDescriptor, batch: Option<bool>, report: &mut Report) {
    if view.outputs.is_empty() {
        left_to_server("outputs", report);
        return;
    }
    let scattered: HashSet<_> = view::messages(view.tree, "batch_output")
        .flat_map(|(_, output)| output.all("target_name").filter_map(|(_, name)| name.as_str()))
        .collect();
    let by_name = index(&model.outputs);
    for port in view.outputs.iter().filter(|port| port.name.is_some()) {
        let Some(known) = find(port, "output", &model.outputs, &by_name, report) else { continue };
        if !scattered.contains(&port.called()) {
            compare(port, known, "output", batch, report);
        }
    }
    let given: HashSet<_> = view.outputs.iter().map(Port::called).collect();
    for known in &model.outputs {
        if !given.contains(known.name.as_str()) {
            let message = format!(
                "the model's output '{}', {}, is not in the config, so nobody can ask for it",
                known.name, known.ty
            );
            let remedy = format!("add it: {}", spelt(known, view.batches()));
            report.note("triton.missing_output", view.outputs.first().map(|port| port.at), message, remedy);
        }
    }
}

fn left_to_server(ports: &str, report: &mut Report) {
    let message = format!("the {ports} are left to the server, which fills them in unless it was told not to");
    report.note("triton.left_to_server", None, message, "say them, so that a change of the model is noticed");
}

fn index(ports: &[PortDescriptor]) -> HashMap<&str, &PortDescriptor> {
    ports.iter().map(|port| (port.name.as_str(), port)).collect()
}

fn find<'a>(
    port: &Port<'_>,
    role: &str,
    known: &[PortDescriptor],
    by_name: &HashMap<&str, &'a PortDescriptor>,
    report: &mut Report,
) -> Option<&'a PortDescriptor> {
    let found = by_name.get(port.called()).copied();
    if found.is_none() {
        let code = if role == "input" { "triton.unknown_input" } else { "triton.unknown_output" };
        let message = format!("the model has no {role} '{}'", port.called());
        let remedy = choose(port.called(), known.iter().map(|known| known.name.as_str()));
        report.error(code, port.name.map(|name| name.at), message, remedy);
    }
    found
}

fn optional(port: &Port<'_>, in_model: bool, report: &mut Report) {
    let name = port.called();
    if in_model {
        let message = format!("input '{name}' has a default in the model and is required by the config");
        report.error("triton.optional_input", port.at, message, "add optional: true, or remove the input");
    } else {
        let message = format!("input '{name}' is optional in the config and has no default in the model");
        report.error("triton.optional_input", port.optional.map(|optional| optional.at), message, "remove optional");
    }
}

fn compare(port: &Port<'_>, known: &PortDescriptor, role: &str, batch: Option<bool>, report: &mut Report) {
    let name = port.called();
    let Some(wanted) = known.dtype.and_then(data_type) else {
        let message = format!("{role} '{name}' is {} in the model, which Triton does not serve", known.ty);
        report.error(
            "triton.unsupported_port",
            port.at,
            message,
            "change the model to give a dense tensor of a common type",
        );
        return;
    };
    if let Some(found) = port.data_type.filter(|found| found.value != wanted) {
        let message = format!("{role} '{name}' is {} in the model, {} in the config", known.ty, found.value);
        report.error("triton.data_type_differs", found.at, message, format!("write data_type: {wanted}"));
    } else if wanted == "TYPE_BF16" {
        let message = format!("{role} '{name}' is bfloat16, which the back end onnxruntime may refuse");
        report.warning("triton.bf16", port.at, message, "cast it inside the model if the server refuses it");
    }
    let (Some(shape), Some(batches)) = (&known.shape, batch) else { return };
    let sound = port.model_sizes().iter().chain(&port.sizes()).all(|size| *size >= 1 || *size == -1);
    if sound && !port.dims.is_empty() && !port.ragged {
        shapes(port, shape, known, role, batches, report);
    }
}

fn shapes(
    port: &Port<'_>,
    shape: &[Dimension],
    known: &PortDescriptor,
    role: &str,
    batches: bool,
    report: &mut Report,
) {
    let (name, at) = (port.called(), port.dims_at());
    let sizes = port.model_sizes();
    if shape.is_empty() {
        // by the back end's rule a scalar is any number of ones, and has no place for rows
        if sizes.iter().any(|size| *size != 1) {
            let message = format!("{role} '{name}' is a scalar in the model, {sizes:?} in the config");
            report.error("triton.dims_differ", at, message, "write dims: [ 1 ]");
        } else if batches {
            let message = format!("max_batch_size is above 0, but {role} '{name}' is a scalar in the model");
            report.warning("triton.no_batch_axis", at, message, "write max_batch_size: 0");
        }
        return;
    }
    if batches && let Some(Dimension::Known(first)) = shape.first() {
        let message = format!(
            "max_batch_size is above 0, but the first dimension of {role} '{name}', {}, is fixed to {first}",
            known.ty
        );
        report.error(
            "triton.no_batch_axis",
            at,
            message,
            "write max_batch_size: 0 and whole shapes, or export the model with a dynamic first dimension",
        );
        return;
    }
    let of_model = shape.get(usize::from(batches)..).unwrap_or_default();
    if of_model.is_empty() && port.reshape.is_none() && batches && sizes == [1] {
        let message = format!("{role} '{name}' has one number for each row, {}", known.ty);
        report.error("triton.dims_differ", at, message, "add reshape { shape: [ ] } beside dims: [ 1 ]");
        return;
    }
    let fits = sizes.len() == of_model.len()
        && sizes.iter().zip(of_model).all(|(size, dimension)| match dimension {
            Dimension::Known(wanted) => i64::try_from(*wanted) == Ok(*size),
            _ => true,
        });
    if !fits {
        let axis = if batches { ", its first axis being the batch" } else { "" };
        let message = format!("{role} '{name}' is {}{axis}; the config says {sizes:?}", known.ty);
        let with_axis = batches && sizes.len() == shape.len();
        let without_axis = !batches && sizes.len().saturating_add(1) == shape.len();
        let code = if with_axis { "triton.batch_axis_in_dims" } else { "triton.dims_differ" };
        let remedy = match (with_axis, without_axis) {
            (true, _) => format!("leave the batch axis out: {}", dims(of_model)),
            (_, true) => format!("with max_batch_size 0 dims are the whole shape: {}", dims(of_model)),
            _ => format!("write {}", dims(of_model)),
        };
        report.error(code, at, message, remedy);
        return;
    }
    // the back end compares outputs exactly with what onnxruntime infers, which can be more than the file says
    let narrowed =
        sizes.iter().zip(of_model).any(|(size, dimension)| *size != -1 && !matches!(dimension, Dimension::Known(_)));
    if role == "output" && narrowed {
        let message = format!("output '{name}' is {}; the config fixes more: {sizes:?}", known.ty);
        report.note(
            "triton.dims_differ",
            at,
            message,
            format!("write {} unless onnxruntime infers the number", dims(of_model)),
        );
    }
}

/// Dims as they are to be written.
fn dims(shape: &[Dimension]) -> String {
    let size = |dimension: &Dimension| match dimension {
        Dimension::Known(size) => size.to_string(),
        _ => "-1".to_owned(),
    };
    match shape {
        [] => "dims: [ 1 ] reshape { shape: [ ] }".to_owned(),
        shape => format!("dims: [ {} ]", shape.iter().map(size).collect::<Vec<_>>().join(", ")),
    }
}

/// A port as it is to be written.
fn spelt(port: &PortDescriptor, batches: bool) -> String {
    let data_type = port.dtype.and_then(data_type).unwrap_or("TYPE_INVALID");
    let shape = port.shape.as_deref().unwrap_or_default();
    let dims = if shape.is_empty() {
        "dims: [ 1 ]".to_owned()
    } else {
        dims(shape.get(usize::from(batches)..).unwrap_or_default())
    };
    format!("{{ name: \"{}\" data_type: {data_type} {dims} }}", port.name.escape_default())
}
