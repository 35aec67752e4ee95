//! The files of one model: `<name>/config.pbtxt`, `<name>/<version>/model.onnx`, weights and labels beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use crate::artifact::Sink;
use crate::context::Context;
use crate::deploy::{DeployRequest, Rendered};
use crate::descriptor::FileRole;
use crate::error::{Error, ErrorKind, Result};
use crate::finding::{Finding, Severity};
use crate::formats::FormatId;
use crate::runtime::{REFERENCE, Session};

use super::TritonOptions;
use super::batch::{self, Outcome, Wish};
use super::config::{self, InstanceKind, ModelConfig, Warmup, WarmupInput};
use super::error::TritonError;
use super::signature::{Port, Signature};

/// What the back end looks for in a version's folder.
pub(super) const MODEL_FILE: &str = "model.onnx";

/// Writes the folder of one model into the sink.
pub(super) fn render(
    options: &TritonOptions,
    request: &DeployRequest<'_>,
    out: &mut dyn Sink,
    cx: &Context,
) -> Result<Rendered> {
    let model = request.descriptor;
    check_name(request.name)?;
    check(options)?;
    if model.format != FormatId::ONNX {
        return Err(TritonError::Format { format: model.format.clone() }.into());
    }
    let (mut session, unknown) = load(request, cx)?;
    let signature = Signature::read(model, session.as_deref())?;
    let wish = Wish {
        max_batch_size: options.max_batch_size,
        trust: options.trust_batch_axis,
        dims: &options.dims,
        warmup: options.warmup,
        unknown,
    };
    let outcome = batch::prove(&signature, session.as_deref_mut(), &wish, cx)?;
    drop(session); // its memory is better used for the copy
    let Outcome { max_batch_size, mut findings, warmup } = outcome;
    let batches = max_batch_size > 0;

    let labels = label_files(options, &signature)?;
    let files = Files::of(request)?;
    let mut inputs: Vec<_> = signature.inputs.iter().map(|port| config_port(port, batches, false)).collect();
    offer_defaults(request, &signature, batches, &mut inputs, &mut findings);
    let mut outputs: Vec<_> = signature.outputs.iter().map(|port| config_port(port, batches, false)).collect();
    for output in &mut outputs {
        output.label_filename = labels.get(&output.name).map(|(file, _)| file.clone());
    }
    element_types(&signature, &mut findings);
    label_counts(options, &signature, batches, &mut findings);
    let config = ModelConfig {
        name: request.name.to_owned(),
        backend: "onnxruntime",
        default_model_filename: (files.main_to != MODEL_FILE).then(|| files.main_to.clone()),
        max_batch_size,
        inputs,
        outputs,
        version_policy: options.version_policy.clone(),
        dynamic_batching: options.dynamic_batching.clone().filter(|_| max_batch_size > 1).map(|mut batching| {
            batching.preferred_batch_size.retain(|&size| size <= max_batch_size);
            batching
        }),
        instance_groups: options.instance_groups.clone(),
        optimization: options.optimization.clone(),
        warmup: warmup.map(|rows| warmups(&signature, &rows, max_batch_size)).unwrap_or_default(),
        parameters: options.parameters.clone(),
    };

    let mut written = vec![format!("{}/config.pbtxt", request.name)];
    write(out, &written[0], config.to_text().as_bytes())?;
    for (file, lines) in labels.values() {
        let name = format!("{}/{file}", request.name);
        let text = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect::<String>();
        write(out, &name, text.as_bytes())?;
        written.push(name);
    }
    let folder = format!("{}/{}", request.name, options.version);
    let name = format!("{folder}/{}", files.main_to);
    out.copy(&name, &request.model.blob(&files.main_from)?, cx)?;
    written.push(name);
    for (location, beside) in &files.beside {
        let blob = request.model.resolve(&files.main_from, location).map_err(|refused| {
            Error::new(ErrorKind::UnsafeContent, format!("external data '{location}': {refused}"))
                .with_file(request.model.display(&files.main_from))
        })?;
        let name = format!("{folder}/{beside}");
        out.copy(&name, &blob, cx)?;
        written.push(name);
    }
    Ok(Rendered {
        target: super::TARGET.to_owned(),
        name: request.name.to_owned(),
        root: std::path::PathBuf::new(),
        files: written,
        findings,
    })
}

/// The model where a runtime has loaded it, and why the evaluator that stands in for one does not know it.
type Loaded = (Option<Box<dyn Session>>, Option<Error>);

/// Loads the model where there is a runtime. What the evaluator does not know, the server's own runtime may.
fn load(request: &DeployRequest<'_>, cx: &Context) -> Result<Loaded> {
    let Some(runtime) = request.runtime else { return Ok((None, None)) };
    match runtime.load(request.model, cx) {
        Ok(session) => Ok((Some(session), None)),
        Err(error) if runtime.name() != REFERENCE => Err(error.with_note(
            "the server would load the model with onnxruntime too; to render it unproven all the same, give no runtime",
        )),
        Err(error) if error.kind() == ErrorKind::Unsupported => Ok((None, Some(error))),
        Err(error) => Err(error),
    }
}

/// The model's own files: where they come from and what they are called in the version's folder.
struct Files {
    main_from: String,
    main_to: String,
    /// External data: as the model refers to it, and the same as a plain path.
    beside: BTreeMap<String, String>,
}

impl Files {
    fn of(request: &DeployRequest<'_>) -> Result<Self, TritonError> {
        let files = &request.descriptor.files;
        let named = |role| files.iter().filter(move |file| file.role == role).map(|file| file.name.clone());
        let main_from = named(FileRole::Model).next().ok_or(TritonError::NoModelFile)?;
        // `./w` and `w` are one file: the plain path is written once, and either spelling finds it
        let plain = |name: &str| {
            let parts: Vec<_> = name.split(['/', '\\']).filter(|part| !matches!(*part, "" | ".")).collect();
            parts.join("/")
        };
        let by_path: BTreeMap<_, _> = named(FileRole::ExternalData).map(|name| (plain(&name), name)).collect();
        let beside: BTreeMap<_, _> = by_path.into_iter().map(|(path, name)| (name, path)).collect();
        // weights may have taken the name that the back end expects of the model
        let base = main_from.rsplit('/').next().unwrap_or(&main_from);
        let taken = beside.values().any(|path| path == MODEL_FILE);
        let main_to = if taken { base.to_owned() } else { MODEL_FILE.to_owned() };
        Ok(Self { main_from, main_to, beside })
    }
}

/// A name that is one folder on every file system, and one segment of a URL.
pub(super) fn check_name(name: &str) -> Result<(), TritonError> {
    let reason = if name.is_empty() {
        "it is empty"
    } else if name.starts_with('.') {
        "it starts with a dot, and hidden folders are not models"
    } else if name.len() > 200 {
        "it is longer than 200 bytes"
    } else if name
        .contains(|letter: char| letter.is_control() || letter.is_whitespace() || "/\\%?#:*\"<>|".contains(letter))
    {
        "it holds a blank, a control character or one of / \\ % ? # : * \" < > |"
    } else {
        return Ok(());
    };
    Err(TritonError::Name { name: name.to_owned(), reason })
}

/// Refuses options that Triton would refuse.
fn check(options: &TritonOptions) -> Result<(), TritonError> {
    let refuse =
        |what, found: &dyn ToString, expected| Err(TritonError::Option { what, found: found.to_string(), expected });
    if i32::try_from(options.max_batch_size).is_err() {
        return refuse("max_batch_size", &options.max_batch_size, "Triton takes at most 2147483647");
    }
    if options.version == 0 || i64::try_from(options.version).is_err() {
        return refuse("version", &options.version, "versions count from 1");
    }
    for size in options.dynamic_batching.iter().flat_map(|batching| &batching.preferred_batch_size) {
        if *size == 0 || *size > options.max_batch_size {
            return refuse("a preferred batch size", size, "it must lie between 1 and max_batch_size");
        }
    }
    for group in &options.instance_groups {
        if group.count == 0 || i32::try_from(group.count).is_err() {
            return refuse("the count of an instance group", &group.count, "it must lie between 1 and 2147483647");
        }
        if group.kind == InstanceKind::Cpu && !group.gpus.is_empty() {
            return refuse("an instance group on the CPU", &"given GPUs", "leave the GPUs out, or make it one on GPUs");
        }
    }
    for range in options.dims.values() {
        if range.min == 0 || range.min > range.max {
            let found = format!("{} to {}", range.min, range.max);
            return refuse("the range of a dimension", &found, "it must start at 1 and not run backwards");
        }
    }
    Ok(())
}

fn config_port(port: &Port, batches: bool, optional: bool) -> config::Port {
    let (name, data_type) = (port.name.clone(), port.data_type);
    config::Port { name, data_type, dims: port.dims(batches), optional, label_filename: None }
}

/// Inputs that have a default: the back end takes them as optional where the model does not batch and where ONNX lets a
/// caller replace the default, from IR version 4 on.
fn offer_defaults(
    request: &DeployRequest<'_>,
    signature: &Signature,
    batches: bool,
    inputs: &mut Vec<config::Port>,
    findings: &mut Vec<Finding>,
) {
    if signature.defaulted.is_empty() {
        return;
    }
    let version = request.descriptor.format_version.as_deref().unwrap_or_default();
    let replaceable =
        version.trim_start_matches(|letter: char| !letter.is_ascii_digit()).parse().is_ok_and(|ir: u32| ir >= 4);
    if !replaceable {
        return; // before IR version 4 all weights are inputs, and fixed
    }
    if !batches {
        inputs.extend(signature.defaulted.iter().map(|port| config_port(port, false, true)));
        return;
    }
    let names: Vec<_> = signature.defaulted.iter().map(|port| format!("'{}'", port.name)).collect();
    let message = format!(
        "inputs with a default are served with it: {}; a model that batches cannot offer them",
        names.join(", ")
    );
    findings.push(Finding::new("triton.defaulted_input", Severity::Note, message));
}

/// Types that Triton has and its onnxruntime back end does not take yet.
fn element_types(signature: &Signature, findings: &mut Vec<Finding>) {
    for (role, ports) in [("input", &signature.inputs), ("output", &signature.outputs)] {
        for port in ports.iter().filter(|port| port.data_type == "TYPE_BF16") {
            let message = format!(
                "{role} '{}' is bfloat16, which Triton knows and its back end onnxruntime may refuse",
                port.name
            );
            let remedy = "cast it to float32 or float16 inside the model if the server refuses it";
            findings.push(Finding::new("triton.bf16", Severity::Warning, message).remedy(remedy));
        }
    }
}

/// File name and lines for each output that has labels.
fn label_files<'a>(
    options: &'a TritonOptions,
    signature: &Signature,
) -> Result<BTreeMap<String, (String, &'a [String])>, TritonError> {
    let known: BTreeSet<_> = signature.outputs.iter().map(|port| port.name.as_str()).collect();
    let mut files = BTreeMap::new();
    for (index, (output, lines)) in options.labels.iter().enumerate() {
        if !known.contains(output.as_str()) {
            let known = known.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
            return Err(TritonError::Labels { name: output.clone(), known });
        }
        if let Some(line) = lines.iter().find(|line| line.contains(['\n', '\r'])) {
            let found = format!("'{}'", line.escape_debug());
            return Err(TritonError::Option { what: "a label", found, expected: "it must be one line" });
        }
        let file = if options.labels.len() == 1 { "labels.txt".to_owned() } else { format!("labels_{index}.txt") };
        files.insert(output.clone(), (file, lines.as_slice()));
    }
    Ok(files)
}

fn label_counts(options: &TritonOptions, signature: &Signature, batches: bool, findings: &mut Vec<Finding>) {
    for (output, lines) in &options.labels {
        let Some(port) = signature.outputs.iter().find(|port| port.name == *output) else { continue };
        let classes = port.dims(batches).iter().try_fold(1_u64, |product, dim| product.checked_mul((*dim)?));
        if let Some(classes) = classes.filter(|&classes| classes != lines.len() as u64) {
            let message = format!("output '{output}' has {classes} values and {} labels", lines.len());
            let remedy = "give one label for each value";
            findings.push(Finding::new("triton.label_count", Severity::Warning, message).remedy(remedy));
        }
    }
}

/// One request of a single row, and one of the largest batch.
fn warmups(signature: &Signature, rows: &[Vec<u64>], max_batch_size: u32) -> Vec<Warmup> {
    let sizes: BTreeSet<u32> = [1, max_batch_size.max(1)].into();
    let inputs: Vec<_> = signature
        .inputs
        .iter()
        .zip(rows)
        .map(|(port, dims)| WarmupInput { name: port.name.clone(), data_type: port.data_type, dims: dims.clone() })
        .collect();
    let warmup = |batch_size| Warmup { name: format!("zeros_{batch_size}"), batch_size, inputs: inputs.clone() };
    sizes.into_iter().map(warmup).collect()
}

/// Writes a small file.
pub(super) fn write(out: &mut dyn Sink, name: &str, bytes: &[u8]) -> Result<()> {
    let mut file = out.create(name)?;
    file.write_all(bytes).and_then(|()| file.flush()).map_err(|error| Error::io("write", name, error))
}
