//! What the config says by itself: Triton's own validation, before any model is opened.

mod batching;
mod warmup;

use std::collections::HashMap;
use std::path::Path;

use super::super::render::MODEL_FILE;
use super::super::repository::Version;
use super::Report;
use super::suggest::choose;
use super::view::{self, At, Port, View};

/// Who serves the model, as far as lint has more to say about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Backend {
    OnnxRuntime,
    Ensemble,
    Other,
}

/// The back ends with a fixed platform: name, platforms, the file that gives them away.
const BACKENDS: &[(&str, &[&str], &str)] = &[
    ("onnxruntime", &["onnxruntime_onnx"], MODEL_FILE),
    ("tensorrt", &["tensorrt_plan"], "model.plan"),
    ("pytorch", &["pytorch_libtorch"], "model.pt"),
    ("tensorflow", &["tensorflow_savedmodel", "tensorflow_graphdef"], "model.savedmodel"),
    ("openvino", &[], "model.xml"),
    ("python", &[], "model.py"),
];
/// Back ends that bring their own rules.
const OTHER_BACKENDS: &[&str] = &[
    "dali",
    "fil",
    "identity",
    "rapids-identity",
    "repeat",
    "square",
    "tensorrtllm",
    "vllm",
    "recommended",
    "minimal",
];

/// Finds the back end from `backend`, `platform` and the files, as Triton does.
pub(super) fn backend(view: &View<'_>, folder: &Path, versions: &[Version], report: &mut Report) -> Backend {
    if view.is_ensemble() {
        ensemble(view, report);
        return Backend::Ensemble;
    }
    let by_platform = |platform: &str| BACKENDS.iter().find(|(_, platforms, _)| platforms.contains(&platform));
    let holds = |file: &str| versions.iter().any(|version| folder.join(&version.folder).join(file).exists());
    match (view.backend, view.platform) {
        (Some(backend), platform) => {
            if let Some(platform) = platform
                && let Some((_, platforms, _)) = BACKENDS.iter().find(|(name, ..)| *name == backend.value)
                && !platforms.is_empty()
                && !platforms.contains(&platform.value)
            {
                let message = format!("platform '{}' does not belong to backend '{}'", platform.value, backend.value);
                report.error(
                    "triton.backend_conflict",
                    platform.at,
                    message,
                    "remove 'platform'; 'backend' says it all",
                );
            }
            named(backend, holds(MODEL_FILE), report)
        }
        (None, Some(platform)) => {
            if let Some((name, ..)) = by_platform(platform.value) {
                known(name)
            } else {
                let message = format!("platform '{}' is unknown, and 'backend' is not said", platform.value);
                let platforms = BACKENDS.iter().flat_map(|(_, platforms, _)| platforms.iter().copied());
                report.error("triton.unknown_backend", platform.at, message, choose(platform.value, platforms));
                Backend::Other
            }
        }
        (None, None) => {
            let file = view.default_model_filename.map(|file| file.value);
            let found = BACKENDS.iter().find(|(_, _, own)| file.map_or_else(|| holds(own), |file| file == *own));
            let Some((name, _, file)) = found else {
                let message = "neither 'backend' nor 'platform' is said, and no file tells";
                report.error("triton.no_backend", None, message, "add backend: \"onnxruntime\"");
                return Backend::Other;
            };
            let message = format!("the back end is not said; Triton concludes '{name}' from {file}");
            report.note("triton.no_backend", None, message, format!("add backend: \"{name}\""));
            known(name)
        }
    }
}

fn known(name: &str) -> Backend {
    if name == "onnxruntime" { Backend::OnnxRuntime } else { Backend::Other }
}

fn named(backend: At<&str>, holds_onnx: bool, report: &mut Report) -> Backend {
    let names = || BACKENDS.iter().map(|(name, ..)| *name).chain(OTHER_BACKENDS.iter().copied());
    if names().any(|name| name == backend.value) {
        return known(backend.value);
    }
    let message = format!("backend '{}' is none of Triton's own", backend.value);
    if holds_onnx || super::suggest::nearest(backend.value, names()).is_some() {
        let remedy = if holds_onnx { "did you mean 'onnxruntime'?".to_owned() } else { choose(backend.value, names()) };
        report.error("triton.unknown_backend", backend.at, message, remedy);
    } else {
        let remedy = "see that the server has it; nothing is known here of what it expects";
        report.note("triton.unknown_backend", backend.at, message, remedy);
    }
    Backend::Other
}

/// What an ensemble must not say.
fn ensemble(view: &View<'_>, report: &mut Report) {
    if let Some(backend) = view.backend {
        report.error("triton.backend_conflict", backend.at, "an ensemble has no back end", "remove 'backend'");
    }
    let scheduling = view.message("ensemble_scheduling");
    match (view.platform, scheduling) {
        (Some(At { value: "ensemble", .. }), Some(_)) | (None, None) => {}
        (Some(platform), Some(_)) => {
            let message = format!("ensemble_scheduling needs platform 'ensemble', not '{}'", platform.value);
            report.error("triton.backend_conflict", platform.at, message, "write platform: \"ensemble\"");
        }
        (None, Some(At { at, .. })) => {
            let message = "ensemble_scheduling needs platform 'ensemble'";
            report.error("triton.no_backend", at, message, "add platform: \"ensemble\"");
        }
        (Some(At { at, .. }), None) => {
            let message = "an ensemble without ensemble_scheduling has nothing to run";
            report.error("triton.ensemble_steps", at, message, "add ensemble_scheduling { step [ ... ] }");
        }
    }
    for field in ["instance_group", "optimization", "model_warmup"] {
        if let Some((at, _)) = view.tree.get(field) {
            let message = format!("an ensemble cannot have '{field}'");
            report.error("triton.ensemble_field", at, message, "move it to the models of the steps");
        }
    }
}

/// All other rules of one config.
pub(super) fn check(folder_name: &str, view: &View<'_>, report: &mut Report) {
    if let Some(At { at, value }) = view.name.filter(|name| !name.value.is_empty() && name.value != folder_name) {
        let message = format!("name is '{value}' and the folder is '{folder_name}'");
        report.error("triton.name_differs", at, message, "rename one of them, or leave 'name' out");
    }
    if let Some(At { at, value }) = view.max_batch_size.filter(|size| size.value < 0) {
        let remedy = "write 0 for a model that does not batch";
        report.error("triton.max_batch_size", at, format!("max_batch_size is {value}; it counts from 0"), remedy);
    }
    for (role, ports) in [("input", &view.inputs), ("output", &view.outputs)] {
        duplicates(role, ports, report);
        for one in ports {
            port(role, one, view, report);
        }
    }
    batching::check(view, report);
    warmup::check(view, report);
    instance_groups(view, report);
    version_policy(view, report);
}

fn duplicates(role: &str, ports: &[Port<'_>], report: &mut Report) {
    let mut seen = HashMap::new();
    for name in ports.iter().filter_map(|port| port.name) {
        if let Some(first) = seen.insert(name.value, name.at) {
            let message = format!("{role} '{}' stands here and at line {}", name.value, first.line);
            report.error("triton.duplicate_port", name.at, message, "keep one of them");
        }
    }
}

/// One input or output by itself.
fn port(role: &str, port: &Port<'_>, view: &View<'_>, report: &mut Report) {
    let called = port.name.map_or_else(|| format!("the {role}"), |name| format!("{role} '{}'", name.value));
    if port.name.is_none() {
        let message = format!("an {role} has no name");
        report.error("triton.missing_name", port.at, message, "add name: \"...\"");
    }
    if port.data_type.is_none()
        && !port.message.all("data_type").any(|(_, value)| value.as_word() != Some("TYPE_INVALID"))
    {
        let remedy = "add data_type, for example TYPE_FP32";
        report.error("triton.missing_data_type", port.at, format!("{called} has no data_type"), remedy);
    }
    if port.message.all("dims").next().is_none() {
        let remedy = "add dims: [ ... ]; a single number is dims: [ 1 ]";
        report.error("triton.missing_dims", port.at, format!("{called} has no dims"), remedy);
    }
    for dim in port.dims.iter().filter(|dim| dim.value < 1 && dim.value != -1) {
        let message = format!("{called} has dimension {}; a dimension is 1 or more, or -1", dim.value);
        report.error("triton.bad_dims", dim.at, message, "write -1 for one that varies");
    }
    if let Some(reshape) = &port.reshape {
        reshaped(&called, port, reshape, view.batches(), report);
    }
    let format =
        view::enumeration(port.message, "format", "ModelInput.Format").filter(|format| format.value != "FORMAT_NONE");
    if let Some(At { at, value }) = format.filter(|_| !port.dims.is_empty() && port.dims.len() != 3) {
        let message = format!("{called} is {value} and has {} dims; an image has 3", port.dims.len());
        report.error("triton.format_dims", at, message, "leave 'format' out; the back end does not need it");
    }
    for field in ["is_shape_tensor", "is_non_linear_format_io"] {
        let set = view::boolean(port.message, field).filter(|set| set.value);
        if let Some(At { at, .. }) = set.filter(|_| view.backend.is_none_or(|backend| backend.value != "tensorrt")) {
            let message = format!("'{field}' is for TensorRT plans only");
            report.error("triton.tensorrt_only", at, message, "remove it");
        }
    }
    if let Some(At { at, .. }) = port.optional.filter(|optional| optional.value && view.batches()) {
        let message = format!("{called} is optional, which a model that batches cannot have");
        report.error("triton.optional_input", at, message, "remove the input; the model then uses its default");
    }
}

/// A reshape must keep the number of elements between each pair of dimensions that vary.
fn reshaped(called: &str, port: &Port<'_>, reshape: &At<Vec<i64>>, batches: bool, report: &mut Report) {
    let shape = &reshape.value;
    if let Some(dim) = shape.iter().find(|dim| **dim < 1 && **dim != -1) {
        let message = format!("the reshape of {called} has dimension {dim}; a dimension is 1 or more, or -1");
        report.error("triton.bad_dims", reshape.at, message, "write -1 for one that varies");
        return;
    }
    if shape.is_empty() && !batches {
        let message = format!("{called} is reshaped to nothing, which needs max_batch_size above 0");
        report.error("triton.reshape", reshape.at, message, "remove the reshape: dims: [ 1 ] stands for a scalar");
        return;
    }
    let runs = |sizes: &[i64]| -> Option<Vec<i64>> {
        let product = |run: &[i64]| run.iter().try_fold(1_i64, |product, &size| product.checked_mul(size));
        sizes.split(|size| *size == -1).map(product).collect()
    };
    let sizes = port.sizes();
    if !sizes.is_empty() && sizes.iter().all(|size| *size >= 1 || *size == -1) && runs(&sizes) != runs(shape) {
        let message =
            format!("{called} has dims {sizes:?} and is reshaped to {shape:?}, which holds another number of elements");
        report.error("triton.reshape", reshape.at, message, "dims are what clients send, shape is what the model gets");
    }
}

fn instance_groups(view: &View<'_>, report: &mut Report) {
    for (at, group) in view::messages(view.tree, "instance_group") {
        let kind = view::enumeration(group, "kind", "ModelInstanceGroup.Kind").map_or("KIND_AUTO", |kind| kind.value);
        let gpus = view::integers(group, "gpus");
        if let Some(gpu) = gpus.first().filter(|_| matches!(kind, "KIND_CPU" | "KIND_MODEL")) {
            let message = format!("an instance group of {kind} names GPUs");
            report.error("triton.instance_group", gpu.at, message, "remove 'gpus', or write kind: KIND_GPU");
        }
        for gpu in gpus.iter().filter(|gpu| gpu.value < 0) {
            let message = format!("GPU {} does not exist; they count from 0", gpu.value);
            report.error("triton.instance_group", gpu.at, message, "name the GPUs as nvidia-smi counts them");
        }
        if let Some(count) = view::integer(group, "count").filter(|count| count.value < 1) {
            let message = format!("count is {}; Triton silently takes its default instead", count.value);
            report.warning(
                "triton.instance_group",
                count.at,
                message,
                "write how many copies are to run, or leave it out",
            );
        }
        if kind == "KIND_MODEL" {
            let message = "KIND_MODEL leaves devices to the back end, which onnxruntime does not do";
            report.warning("triton.instance_group", at, message, "write KIND_CPU, KIND_GPU or KIND_AUTO");
        }
        if let Some((at, _)) =
            group.get("profile").filter(|_| view.backend.is_none_or(|backend| backend.value != "tensorrt"))
        {
            report.error("triton.tensorrt_only", at, "'profile' is for TensorRT plans only", "remove it");
        }
    }
}

fn version_policy(view: &View<'_>, report: &mut Report) {
    let Some(At { value: policy, .. }) = view.message("version_policy") else { return };
    if let Some(At { at, value: latest }) = view::message(policy, "latest") {
        let count = view::integer(latest, "num_versions");
        if count.is_none_or(|count| count.value == 0)
            && latest.all("num_versions").all(|(_, value)| value.as_i64() == Some(0))
        {
            let message = "latest keeps 0 versions, so none is served";
            report.error("triton.version_policy", count.map_or(at, |count| count.at), message, "write num_versions: 1");
        }
    }
    if let Some(At { at, value: specific }) = view::message(policy, "specific") {
        let versions = view::integers(specific, "versions");
        if versions.is_empty() && specific.all("versions").next().is_none() {
            let message = "specific names no version, so none is served";
            report.error("triton.version_policy", at, message, "write versions: [ ... ]");
        }
        for version in versions.iter().filter(|version| version.value < 0) {
            let message = format!("version {} cannot exist; versions are numbers from 0", version.value);
            report.error("triton.version_policy", version.at, message, "name the folders that are there");
        }
    }
}
