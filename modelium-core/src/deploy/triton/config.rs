//! The part of `ModelConfig` that we write, typed, and its text.
//!
//! Field names are Triton's. What a user's config may hold beyond this is lint's business, which reads trees.

use std::collections::BTreeMap;

use crate::tensor::DType;

use super::pbtxt::{Message, Value};

/// What `config.pbtxt` says about one model.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ModelConfig {
    pub(super) name: String,
    pub(super) backend: &'static str,
    /// Written only where it is not the back end's own `model.onnx`.
    pub(super) default_model_filename: Option<String>,
    /// 0: the model does not batch, and dims are whole shapes.
    pub(super) max_batch_size: u32,
    pub(super) inputs: Vec<Port>,
    pub(super) outputs: Vec<Port>,
    pub(super) version_policy: VersionPolicy,
    pub(super) dynamic_batching: Option<DynamicBatching>,
    pub(super) instance_groups: Vec<InstanceGroup>,
    pub(super) optimization: Optimization,
    pub(super) warmup: Vec<Warmup>,
    pub(super) parameters: BTreeMap<String, String>,
}

/// One input or output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Port {
    pub(super) name: String,
    pub(super) data_type: &'static str,
    /// Without the batch axis if the model batches; `None` is written as -1.
    pub(super) dims: Vec<Option<u64>>,
    /// A request may leave it out.
    pub(super) optional: bool,
    pub(super) label_filename: Option<String>,
}

/// Which versions are served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionPolicy {
    /// The so many newest.
    Latest(u32),
    /// All that lie in the model's folder.
    All,
    /// These.
    Specific(Vec<u64>),
}

impl Default for VersionPolicy {
    fn default() -> Self {
        Self::Latest(1)
    }
}

/// How the server joins waiting requests to batches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DynamicBatching {
    /// Sizes at which a batch is sent without waiting on; empty means the maximum.
    pub preferred_batch_size: Vec<u32>,
    /// Microseconds that a request may wait for others.
    pub max_queue_delay_microseconds: u64,
}

/// Copies of the model that run side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceGroup {
    /// Where they run.
    pub kind: InstanceKind,
    /// How many, on each GPU or on the CPU.
    pub count: u32,
    /// The GPUs; empty means all.
    pub gpus: Vec<u32>,
}

/// Where instances run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum InstanceKind {
    /// On the GPUs if there are any, else on the CPU.
    #[default]
    Auto,
    /// On GPUs; a server without one refuses the model.
    Gpu,
    /// On the CPU.
    Cpu,
}

/// What the back end may do to the graph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Optimization {
    /// ONNX Runtime's graph optimisation: -1 basic, 1 extended, 2 none; `None` leaves all on.
    pub graph_level: Option<i32>,
    /// Execution providers on a GPU: `tensorrt`, `cuda`.
    pub gpu_accelerators: Vec<Accelerator>,
    /// Execution providers on the CPU: `openvino`.
    pub cpu_accelerators: Vec<Accelerator>,
}

/// An execution provider and its options.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accelerator {
    /// Its name in Triton.
    pub name: String,
    /// Its options.
    pub parameters: BTreeMap<String, String>,
}

/// A request of zeros that the server runs before the model is ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Warmup {
    pub(super) name: String,
    /// Rows of the request; 1 for a model that does not batch.
    pub(super) batch_size: u32,
    pub(super) inputs: Vec<WarmupInput>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WarmupInput {
    pub(super) name: String,
    pub(super) data_type: &'static str,
    pub(super) dims: Vec<u64>,
}

/// How Triton spells an element type; `None` if it has no such type.
pub(super) fn data_type(dtype: DType) -> Option<&'static str> {
    Some(match dtype {
        DType::Bool => "TYPE_BOOL",
        DType::Uint8 => "TYPE_UINT8",
        DType::Uint16 => "TYPE_UINT16",
        DType::Uint32 => "TYPE_UINT32",
        DType::Uint64 => "TYPE_UINT64",
        DType::Int8 => "TYPE_INT8",
        DType::Int16 => "TYPE_INT16",
        DType::Int32 => "TYPE_INT32",
        DType::Int64 => "TYPE_INT64",
        DType::Float16 => "TYPE_FP16",
        DType::Bfloat16 => "TYPE_BF16",
        DType::Float32 => "TYPE_FP32",
        DType::Float64 => "TYPE_FP64",
        DType::String => "TYPE_STRING",
        _ => return None,
    })
}

impl ModelConfig {
    /// The text of `config.pbtxt`.
    pub(super) fn to_text(&self) -> String {
        let mut config = Message::default();
        config.push("name", self.name.as_str());
        config.push("backend", self.backend);
        if let Some(file) = &self.default_model_filename {
            config.push("default_model_filename", file.as_str());
        }
        config.push("max_batch_size", self.max_batch_size);
        let batches = self.max_batch_size > 0;
        config.push("input", Value::list(self.inputs.iter().map(|port| port.to_message(batches))));
        config.push("output", Value::list(self.outputs.iter().map(|port| port.to_message(batches))));
        config.push("version_policy", self.version_policy.to_message());
        if let Some(batching) = &self.dynamic_batching {
            config.push("dynamic_batching", batching.to_message());
        }
        if !self.instance_groups.is_empty() {
            let groups = self.instance_groups.iter().map(InstanceGroup::to_message);
            config.push("instance_group", Value::list(groups));
        }
        let optimization = self.optimization.to_message();
        if !optimization.fields.is_empty() {
            config.push("optimization", optimization);
        }
        if !self.warmup.is_empty() {
            config.push("model_warmup", Value::list(self.warmup.iter().map(Warmup::to_message)));
        }
        for (key, value) in &self.parameters {
            let parameter = message([("string_value", value.as_str().into())]);
            config.push("parameters", entry(key, parameter));
        }
        config.to_text()
    }
}

impl Port {
    fn to_message(&self, batches: bool) -> Message {
        let mut port = message([("name", self.name.as_str().into()), ("data_type", Value::word(self.data_type))]);
        let dims = self.dims.iter().map(|dim| dim.map_or(Value::from(-1_i64), Value::from));
        if self.dims.is_empty() {
            // Triton wants at least one dimension. Beside a batch axis the reshape takes it away again; without one a
            // reshape to nothing is refused, and the back end takes [1] for a scalar.
            port.push("dims", Value::list([1_u64]));
            if batches {
                port.push("reshape", message([("shape", Value::List(Vec::new()))]));
            }
        } else {
            port.push("dims", Value::list(dims));
        }
        if let Some(file) = &self.label_filename {
            port.push("label_filename", file.as_str());
        }
        if self.optional {
            port.push("optional", true);
        }
        port
    }
}

impl VersionPolicy {
    /// The message of the field `version_policy`.
    pub(super) fn to_message(&self) -> Message {
        match self {
            Self::Latest(count) => message([("latest", message([("num_versions", (*count).into())]).into())]),
            Self::All => message([("all", Message::default().into())]),
            Self::Specific(versions) => {
                let versions = Value::list(versions.iter().copied());
                message([("specific", message([("versions", versions)]).into())])
            }
        }
    }
}

impl DynamicBatching {
    fn to_message(&self) -> Message {
        let mut batching = Message::default();
        if !self.preferred_batch_size.is_empty() {
            batching.push("preferred_batch_size", Value::list(self.preferred_batch_size.iter().copied()));
        }
        if self.max_queue_delay_microseconds > 0 {
            batching.push("max_queue_delay_microseconds", self.max_queue_delay_microseconds);
        }
        batching
    }
}

impl InstanceGroup {
    fn to_message(&self) -> Message {
        let kind = match self.kind {
            InstanceKind::Auto => "KIND_AUTO",
            InstanceKind::Gpu => "KIND_GPU",
            InstanceKind::Cpu => "KIND_CPU",
        };
        let mut group = message([("kind", Value::word(kind)), ("count", self.count.into())]);
        if !self.gpus.is_empty() {
            group.push("gpus", Value::list(self.gpus.iter().copied()));
        }
        group
    }
}

impl Optimization {
    fn to_message(&self) -> Message {
        let mut optimization = Message::default();
        if let Some(level) = self.graph_level {
            optimization.push("graph", message([("level", i64::from(level).into())]));
        }
        let mut accelerators = Message::default();
        for (field, list) in [
            ("gpu_execution_accelerator", &self.gpu_accelerators),
            ("cpu_execution_accelerator", &self.cpu_accelerators),
        ] {
            if !list.is_empty() {
                accelerators.push(field, Value::list(list.iter().map(Accelerator::to_message)));
            }
        }
        if !accelerators.fields.is_empty() {
            optimization.push("execution_accelerators", accelerators);
        }
        optimization
    }
}

impl Accelerator {
    fn to_message(&self) -> Message {
        let mut accelerator = message([("name", self.name.as_str().into())]);
        for (key, value) in &self.parameters {
            accelerator.push("parameters", entry(key, value.as_str()));
        }
        accelerator
    }
}

impl Warmup {
    fn to_message(&self) -> Message {
        let mut warmup = message([("name", self.name.as_str().into()), ("batch_size", self.batch_size.into())]);
        for input in &self.inputs {
            let dims: &[u64] = if input.dims.is_empty() { &[1] } else { &input.dims };
            let zeros = message([
                ("data_type", Value::word(input.data_type)),
                ("dims", Value::list(dims.iter().copied())),
                ("zero_data", true.into()),
            ]);
            warmup.push("inputs", entry(&input.name, zeros));
        }
        warmup
    }
}

/// An entry of a map field.
fn entry(key: &str, value: impl Into<Value>) -> Message {
    message([("key", key.into()), ("value", value.into())])
}

fn message<const N: usize>(fields: [(&str, Value); N]) -> Message {
    let mut message = Message::default();
    for (name, value) in fields {
        message.push(name, value);
    }
    message
}
