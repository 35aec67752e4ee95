//! Warmup requests must be ones that the model takes: a wrong one fails the load, a too large one can end the server.

use std::collections::HashMap;

use super::super::super::pbtxt::Position;
use super::super::Report;
use super::super::suggest::choose;
use super::super::view::{self, At, Port, View};

pub(super) fn check(view: &View<'_>, report: &mut Report) {
    for (at, warmup) in view::messages(view.tree, "model_warmup") {
        let most = view.max_batch().max(1);
        let size = view::integer(warmup, "batch_size");
        if let Some(size) = size.filter(|size| size.value > most) {
            let message =
                format!("the warmup has {} rows and the model takes {most}; Triton can crash on it", size.value);
            report.error("triton.warmup_batch_size", size.at, message, format!("write batch_size: {most} or less"));
        }
        if size.is_none_or(|size| size.value == 0) {
            let message = "the warmup has no batch_size, so it may run nothing";
            report.warning("triton.warmup_batch_size", size.map_or(at, |size| size.at), message, "write batch_size: 1");
        }
        let mut given = HashMap::new();
        for (key, value) in view::entries(warmup, "inputs") {
            given.insert(key.value, key.at);
            let known = view.inputs.iter().find(|port| port.called() == key.value);
            if let Some(port) = known {
                if let Some(input) = value.and_then(|value| value.as_message()) {
                    compare(port, key, input, report);
                }
            } else if !view.inputs.is_empty() {
                let message = format!("the warmup gives '{}', which is no input", key.value);
                let remedy = choose(key.value, view.inputs.iter().map(Port::called));
                report.error("triton.warmup_input", key.at, message, remedy);
            }
        }
        missing(at, view, &given, report);
    }
}

fn missing(at: Position, view: &View<'_>, given: &HashMap<&str, Position>, report: &mut Report) {
    for port in view.inputs.iter().filter(|port| !port.is_optional() && !port.called().is_empty()) {
        if !given.contains_key(port.called()) {
            let message = format!("the warmup leaves out input '{}'", port.called());
            report.error("triton.warmup_input", at, message, "add it, with zero_data: true");
        }
    }
}

fn compare(port: &Port<'_>, key: At<&str>, input: &super::super::super::pbtxt::Message, report: &mut Report) {
    let name = key.value;
    let data_type = view::enumeration(input, "data_type", "DataType");
    if let (Some(found), Some(wanted)) = (data_type, port.data_type)
        && found.value != wanted.value
    {
        let message = format!("the warmup gives '{name}' as {}, the input is {}", found.value, wanted.value);
        report.error("triton.warmup_input", found.at, message, format!("write {}", wanted.value));
    }
    let dims = view::integers(input, "dims");
    let at = dims.first().map_or(key.at, |dim| dim.at);
    if let Some(dim) = dims.iter().find(|dim| dim.value < 1) {
        let message = format!("the warmup gives '{name}' a dimension of {}; its sizes must be numbers", dim.value);
        report.error("triton.warmup_input", dim.at, message, "write the size that requests will have");
    } else if !port.dims.is_empty() {
        let sizes: Vec<_> = dims.iter().map(|dim| dim.value).collect();
        let wanted = port.sizes();
        let fits = sizes.len() == wanted.len()
            && sizes.iter().zip(&wanted).all(|(size, wanted)| *wanted == -1 || size == wanted);
        if !fits {
            let message = format!("the warmup gives '{name}' as {sizes:?}, the input is {wanted:?}");
            report.error("triton.warmup_input", at, message, "use the input's dims, without the batch axis");
        }
    }
    let has_data = ["zero_data", "random_data", "input_data_file"].iter().any(|field| input.get(field).is_some());
    if !has_data {
        let message = format!("the warmup has no data for '{name}'");
        report.error("triton.warmup_input", key.at, message, "add zero_data: true");
    }
}
