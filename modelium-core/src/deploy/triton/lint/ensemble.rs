//! The steps of an ensemble against the models that they name, and the flow of tensors between them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::pbtxt::{Message, Position};
use super::suggest::choose;
use super::view::{self, At, Port, View};
use super::{Model, Report};

/// An ensemble tensor: what wrote it, of which type and shape.
struct Tensor {
    data_type: Option<&'static str>,
    dims: Vec<i64>,
    batches: bool,
    from: String,
}

pub(super) fn check(view: &View<'_>, models: &BTreeMap<String, Model>, report: &mut Report) {
    let Some(scheduling) = view.message("ensemble_scheduling") else { return };
    let steps: Vec<_> = view::messages(scheduling.value, "step").collect();
    if steps.is_empty() {
        let message = "the ensemble has no step";
        report.error("triton.ensemble_steps", scheduling.at, message, "add step [ { model_name: ... } ]");
        return;
    }
    let mut tensors: BTreeMap<&str, Tensor> = BTreeMap::new();
    for (role, ports) in [("input", &view.inputs), ("output", &view.outputs)] {
        for port in ports.iter().filter(|port| port.name.is_some()) {
            let from = format!("the ensemble's {role}");
            tensors.insert(port.called(), Tensor::of(port, port.model_sizes(), view.batches(), from));
        }
    }
    for (at, step) in &steps {
        step_ports(*at, step, view, models, &mut tensors, report);
    }
    flow(view, &steps, report);
}

impl Tensor {
    fn of(port: &Port<'_>, dims: Vec<i64>, batches: bool, from: String) -> Self {
        let data_type = view::enumeration(port.message, "data_type", "DataType").map(|data_type| data_type.value);
        Self { data_type, dims, batches, from }
    }

    /// Shapes agree if they do without or with the batch axis; -1 agrees with all.
    fn agrees(&self, other: &Self) -> bool {
        let same =
            |a: &[i64], b: &[i64]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b || *a == -1 || *b == -1);
        same(&self.dims, &other.dims) || same(&self.whole(), &other.whole())
    }

    fn whole(&self) -> Vec<i64> {
        let axis = if self.batches { &[-1][..] } else { &[] };
        [axis, &self.dims].concat()
    }
}

fn step_ports<'a>(
    at: Position,
    step: &'a Message,
    view: &View<'_>,
    models: &'a BTreeMap<String, Model>,
    tensors: &mut BTreeMap<&'a str, Tensor>,
    report: &mut Report,
) {
    let Some(name) = view::text(step, "model_name").filter(|name| !name.value.is_empty()) else {
        report.error("triton.ensemble_steps", at, "the step names no model", "add model_name: \"...\"");
        return;
    };
    for field in ["input_map", "output_map"] {
        if step.all(field).next().is_none() {
            let message = format!("the step of '{}' has no {field}", name.value);
            report.error("triton.ensemble_map", at, message, format!("add {field} {{ key: \"...\" value: \"...\" }}"));
        }
    }
    let Some(model) = models.get(name.value) else {
        let message = format!("the repository has no model '{}'", name.value);
        report.error("triton.ensemble_model", name.at, message, choose(name.value, models.keys().map(String::as_str)));
        return;
    };
    if let Some(version) = view::integer(step, "model_version").filter(|version| version.value >= 0)
        && !model.versions.iter().any(|there| i64::try_from(there.number) == Ok(version.value))
    {
        let message = format!("model '{}' has no version {}", name.value, version.value);
        report.error("triton.ensemble_model", version.at, message, "write model_version: -1 for the newest");
    }
    let Some(target) = model.view() else { return }; // its own findings say why
    let most = target.max_batch();
    if most > 0 && most < view.max_batch() {
        let message = format!("max_batch_size is {}, and model '{}' takes {most}", view.max_batch(), name.value);
        report.error(
            "triton.ensemble_batch",
            view.max_batch_size.map(|size| size.at),
            message,
            format!("write max_batch_size: {most} or less"),
        );
    }
    for (field, role, ports) in [("input_map", "input", &target.inputs), ("output_map", "output", &target.outputs)] {
        if ports.is_empty() {
            continue; // left to the server
        }
        let mut mapped = BTreeSet::new();
        for (key, value) in view::entries(step, field) {
            if !mapped.insert(key.value) {
                let message = format!("{role} '{}' of '{}' is mapped twice", key.value, name.value);
                report.error("triton.ensemble_map", key.at, message, "keep one of them");
            }
            let Some(port) = ports.iter().find(|port| port.called() == key.value) else {
                let message = format!("model '{}' has no {role} '{}'", name.value, key.value);
                report.error("triton.ensemble_map", key.at, message, choose(key.value, ports.iter().map(Port::called)));
                continue;
            };
            let Some(tensor) = value.and_then(|value| value.as_str()) else { continue };
            let from = format!("{role} '{}' of '{}'", key.value, name.value);
            let found = Tensor::of(port, port.sizes(), target.batches(), from);
            connect(key, tensor, found, tensors, report);
        }
        for port in ports.iter().filter(|port| role == "input" && !port.is_optional() && port.name.is_some()) {
            if !mapped.contains(port.called()) {
                let message = format!("input '{}' of '{}' is mapped from nothing", port.called(), name.value);
                let remedy = format!("add input_map {{ key: \"{}\" value: \"...\" }}", port.called().escape_default());
                report.error("triton.ensemble_map", at, message, remedy);
            }
        }
    }
}

/// All that one ensemble tensor connects must be of one type and shape.
fn connect<'a>(
    key: At<&str>,
    name: &'a str,
    found: Tensor,
    tensors: &mut BTreeMap<&'a str, Tensor>,
    report: &mut Report,
) {
    let Some(before) = tensors.get(name) else {
        tensors.insert(name, found);
        return;
    };
    if let (Some(one), Some(other)) = (before.data_type, found.data_type)
        && one != other
    {
        let message = format!("ensemble tensor '{name}' is {one} as {} and {other} as {}", before.from, found.from);
        report.error("triton.ensemble_type", key.at, message, "put a model between them that converts it");
    } else if !before.agrees(&found) && !before.dims.is_empty() && !found.dims.is_empty() {
        let (one, other) = (before.whole(), found.whole());
        let message = format!("ensemble tensor '{name}' is {one:?} as {} and {other:?} as {}", before.from, found.from);
        report.error("triton.ensemble_type", key.at, message, "make the shapes agree; -1 agrees with every size");
    }
}

/// Each tensor is written once and read, starting from the ensemble's inputs and ending at its outputs.
fn flow(view: &View<'_>, steps: &[(Position, &Message)], report: &mut Report) {
    let mut written: BTreeMap<&str, Position> = BTreeMap::new();
    let mut read: BTreeMap<&str, Position> = BTreeMap::new();
    for (_, step) in steps {
        for (map, is_output) in [("input_map", false), ("output_map", true)] {
            for (key, value) in view::entries(step, map) {
                let Some(name) = value.and_then(|value| value.as_str()) else { continue };
                if !is_output {
                    read.entry(name).or_insert(key.at);
                } else if let Some(first) = written.insert(name, key.at) {
                    let message = format!("ensemble tensor '{name}' is written here and at line {}", first.line);
                    report.error("triton.ensemble_flow", key.at, message, "give one of them another name");
                }
            }
        }
    }
    let inputs: BTreeSet<_> = view.inputs.iter().map(Port::called).collect();
    let outputs: BTreeSet<_> = view.outputs.iter().map(Port::called).collect();
    for port in view.inputs.iter().filter(|port| !port.called().is_empty() && !read.contains_key(port.called())) {
        let message = format!("no step reads the ensemble's input '{}'", port.called());
        report.error("triton.ensemble_flow", port.at, message, choose(port.called(), read.keys().copied()));
    }
    for port in view.outputs.iter().filter(|port| !port.called().is_empty() && !written.contains_key(port.called())) {
        let message = format!("no step writes the ensemble's output '{}'", port.called());
        report.error("triton.ensemble_flow", port.at, message, choose(port.called(), written.keys().copied()));
    }
    for (name, at) in read.iter().filter(|(name, _)| !inputs.contains(**name) && !written.contains_key(**name)) {
        let message = format!("ensemble tensor '{name}' is read here and written by no step");
        let known = written.keys().chain(&inputs).copied().collect::<Vec<_>>();
        report.error("triton.ensemble_flow", *at, message, choose(name, known));
    }
    for (name, at) in written.iter().filter(|(name, _)| !outputs.contains(**name) && !read.contains_key(**name)) {
        let message = format!("ensemble tensor '{name}' is written here and used by nobody");
        report.error("triton.ensemble_flow", *at, message, "remove the entry, or make it an output");
    }
    cycle(steps, &inputs, report);
}

/// A step that waits for itself never runs.
fn cycle(steps: &[(Position, &Message)], inputs: &BTreeSet<&str>, report: &mut Report) {
    let names = |step: &Message, map: &'static str| -> Vec<String> {
        let entries = view::entries(step, map);
        entries.filter_map(|(_, value)| value?.as_str().map(str::to_owned)).collect()
    };
    let mut waiting: Vec<_> =
        steps.iter().map(|(at, step)| (*at, names(step, "input_map"), names(step, "output_map"))).collect();
    let written: BTreeSet<String> = waiting.iter().flat_map(|(_, _, outputs)| outputs.iter().cloned()).collect();
    let mut ready: BTreeSet<String> = inputs.iter().map(|&input| input.to_owned()).collect();
    loop {
        let before = waiting.len();
        waiting.retain(|(_, inputs, outputs)| {
            // what nobody writes is reported already
            let runs = inputs.iter().all(|input| ready.contains(input) || !written.contains(input));
            if runs {
                ready.extend(outputs.iter().cloned());
            }
            !runs
        });
        if waiting.len() == before {
            break;
        }
    }
    if let Some((at, inputs, _)) = waiting.first() {
        let input = inputs.iter().find(|input| !ready.contains(*input)).map_or("", String::as_str);
        let message = format!("the step waits for '{input}', which in the end waits for the step");
        report.error("triton.ensemble_flow", *at, message, "break the circle");
    }
}
