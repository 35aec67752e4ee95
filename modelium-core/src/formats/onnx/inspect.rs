//! What would act in an ONNX model: operators that call back into Python or need a library, data that leads elsewhere,
//! credentials in what the writer left.
//!
//! Every record is looked at, wherever it stands: subgraphs, functions, sparse tensors, attributes, training graphs. Then
//! the model is imported, so that whatever a strict reader refuses is told too.

mod beside;
mod external;

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use prost::Message as _;

use crate::artifact::Artifact;
use crate::error::{ErrorKind, Location, Result};
use crate::formats::onnx::kept::{Kept, Other, Values};
use crate::formats::onnx::schema::{
    AttributeProto, FunctionProto, GraphProto, ModelProto, NodeProto, SparseTensorProto, StringStringEntryProto,
    TRAINING_INFO, TensorProto, TrainingInfoProto, ValueInfoProto,
};
use crate::formats::onnx::{import, locate};
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::{Exam, Part, content, rules, secrets};

pub use beside::OnnxDataInspector;
use external::Files;

/// Domains whose operators every runtime has, or that its makers ship.
const KNOWN_DOMAINS: [&str; 9] = [
    "",
    "ai.onnx",
    "ai.onnx.ml",
    "ai.onnx.preview",
    "ai.onnx.preview.training",
    "ai.onnx.training",
    "com.microsoft",
    "com.microsoft.nchwc",
    "com.ms.internal.nhwc",
];

/// Operators that call back into Python, wherever they are registered: a model that holds one runs what it names.
pub(super) const RUN_PYTHON: [&str; 4] = ["PyCustomOp", "PyOp", "PythonOp", "PythonOpGrad"];

/// Operators whose content is a program for a device, in an encoding of its own.
const OPAQUE: &str = "EPContext";

/// The longest text that is looked through for credentials.
const TEXT: usize = 1 << 20;

/// Looks for danger in ONNX models.
#[derive(Debug, Clone, Copy, Default)]
pub struct OnnxInspector;

impl Inspector for OnnxInspector {
    fn format(&self) -> FormatId {
        FormatId::ONNX
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if locate::looks_like_onnx(&part.blob) { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let cx = exam.cx();
        let memory;
        let (artifact, entry) = match exam.entry(part) {
            Some(beside) => beside,
            None => {
                memory = Artifact::from_bytes(part.name(), part.blob.bytes().clone());
                (&memory, part.name())
            }
        };
        let (record, census) = import::decode(&part.blob, cx)?;
        if let Some(unknown) = census.first_unknown.first() {
            let message = format!("{} fields that readers skip; the first is in '{}'", census.unknown, unknown.path);
            let byte = unknown.byte.saturating_sub(part.blob.offset());
            exam.report(&rules::structure::UNKNOWN_FIELD, part.at(byte), message);
        }
        let own = record.known.functions.iter().map(|function| (function.domain.clone(), function.name.clone()));
        let mut look = Look {
            part,
            exam,
            files: Files::new(artifact, entry),
            own: own.map(|(domain, name)| (domain.unwrap_or_default(), name.unwrap_or_default())).collect(),
            within: None,
            calls: BTreeMap::new(),
            strangers: BTreeMap::new(),
        };
        look.model(&record)?;
        look.tell_strangers();
        look.tell_cycles();
        let missing = look.files.missing();
        match import::build(record, &census, &part.blob, artifact, entry, cx) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
            // told already, with the reason
            Err(error) if error.kind() == ErrorKind::UnsafeContent => {}
            Err(error) if error.kind() == ErrorKind::Io && missing => {}
            Err(error) => exam.fault(&error, part),
        }
        Ok(Taken::Yes)
    }
}

/// Domain and name of a function.
type Key = (Bytes, Bytes);

/// A walk over records.
struct Look<'a, 'e, 'x> {
    part: &'a Part,
    exam: &'e mut Exam<'x>,
    files: Files<'a>,
    /// The functions that the model itself defines.
    own: BTreeSet<Key>,
    /// The function whose body is looked at.
    within: Option<Key>,
    /// Which function calls which.
    calls: BTreeMap<Key, BTreeSet<Key>>,
    /// Operators that no runtime has by itself, by domain.
    strangers: BTreeMap<String, BTreeSet<String>>,
}

impl Look<'_, '_, '_> {
    /// Where bytes of the file lie.
    fn at(&self, bytes: &Bytes) -> Location {
        let window = self.part.blob.window(bytes.clone());
        if window.path().is_none() && window.name() != self.part.blob.name() || bytes.is_empty() {
            return self.part.location();
        }
        self.part.at(window.offset().saturating_sub(self.part.blob.offset()))
    }

    fn model(&mut self, record: &Kept<ModelProto>) -> Result<()> {
        let model = &record.known;
        let texts = [&model.producer_name, &model.producer_version, &model.domain, &model.doc_string];
        texts.into_iter().for_each(|text| self.text(text.as_ref()));
        self.properties(&model.metadata_props);
        if let Some(graph) = &model.graph {
            self.graph(&graph.known)?;
        }
        for function in &model.functions {
            self.function(function)?;
        }
        for other in &record.others {
            if let Other { field: TRAINING_INFO, values: Values::Window(bytes), .. } = other
                && let Ok(training) = TrainingInfoProto::decode(bytes.clone())
            {
                for graph in [training.initialization, training.algorithm].into_iter().flatten() {
                    self.graph(&graph.known)?;
                }
            }
        }
        Ok(())
    }

    fn function(&mut self, function: &FunctionProto) -> Result<()> {
        self.text(function.doc_string.as_ref());
        self.properties(&function.metadata_props);
        self.values(&function.value_info);
        for attribute in &function.attribute_proto {
            self.attribute(attribute)?;
        }
        self.within = Some((function.domain.clone().unwrap_or_default(), function.name.clone().unwrap_or_default()));
        let walked = function.node.iter().try_for_each(|node| self.node(&node.known));
        self.within = None;
        walked
    }

    fn graph(&mut self, graph: &GraphProto) -> Result<()> {
        self.text(graph.doc_string.as_ref());
        self.properties(&graph.metadata_props);
        for values in [&graph.input, &graph.output, &graph.value_info] {
            self.values(values);
        }
        for tensor in &graph.initializer {
            self.tensor(&tensor.known)?;
        }
        for tensor in &graph.sparse_initializer {
            self.sparse(tensor)?;
        }
        graph.node.iter().try_for_each(|node| self.node(&node.known))
    }

    fn values(&mut self, values: &[ValueInfoProto]) {
        for value in values {
            self.text(value.doc_string.as_ref());
            self.properties(&value.metadata_props);
        }
    }

    fn node(&mut self, node: &NodeProto) -> Result<()> {
        self.exam.cx().tick("scan", 0, 0)?;
        let (domain, name) = (node.domain.clone().unwrap_or_default(), node.op_type.clone().unwrap_or_default());
        let text = |bytes: &Bytes| String::from_utf8_lossy(bytes).into_owned();
        let (domain_text, name_text) = (text(&domain), text(&name));
        let spelt = if domain_text.is_empty() { name_text.clone() } else { format!("{domain_text}::{name_text}") };
        self.exam.uses(&spelt);
        let key = (domain, name);
        if self.own.contains(&key) {
            if let Some(within) = &self.within {
                self.calls.entry(within.clone()).or_default().insert(key);
            }
        } else {
            let name = &key.1;
            if RUN_PYTHON.contains(&name_text.as_str()) {
                let message = format!("operator '{spelt}' runs code of Python that the model names");
                let at = self.at(name);
                self.exam.report_seen(&rules::graph::RUNS_CODE, at, message, &spelt);
            } else if !KNOWN_DOMAINS.contains(&domain_text.as_str()) {
                self.strangers.entry(domain_text.clone()).or_default().insert(name_text.clone());
            }
        }
        if name_text == OPAQUE {
            self.opaque(node);
        }
        self.text(node.doc_string.as_ref());
        self.properties(&node.metadata_props);
        node.attribute.iter().try_for_each(|attribute| self.attribute(attribute))
    }

    /// A program for a device: in the model, or in a file that the runtime opens.
    fn opaque(&mut self, node: &NodeProto) {
        let named =
            |name: &str| node.attribute.iter().find(|attribute| attribute.name.as_deref() == Some(name.as_bytes()));
        let embedded = named("embed_mode").and_then(|attribute| attribute.i).unwrap_or(1) != 0;
        let Some(program) = named("ep_cache_context").and_then(|attribute| attribute.s.clone()) else { return };
        let at = self.at(&program);
        if embedded {
            let message = "a program for a device, in an encoding of its maker's";
            self.exam.gap(at, program.len() as u64, message);
        } else {
            self.files.open(&String::from_utf8_lossy(&program), &at, self.exam);
        }
    }

    fn attribute(&mut self, attribute: &AttributeProto) -> Result<()> {
        self.text(attribute.doc_string.as_ref());
        for tensor in attribute.t.as_deref().into_iter().chain(&attribute.tensors) {
            self.tensor(&tensor.known)?;
        }
        for tensor in attribute.sparse_tensor.as_deref().into_iter().chain(&attribute.sparse_tensors) {
            self.sparse(tensor)?;
        }
        attribute.g.as_deref().into_iter().chain(&attribute.graphs).try_for_each(|graph| self.graph(&graph.known))
    }

    fn sparse(&mut self, tensor: &SparseTensorProto) -> Result<()> {
        let parts = [&tensor.values, &tensor.indices];
        parts.into_iter().flatten().try_for_each(|tensor| self.tensor(&tensor.known))
    }

    fn tensor(&mut self, tensor: &TensorProto) -> Result<()> {
        self.text(tensor.doc_string.as_ref());
        self.properties(&tensor.metadata_props);
        if !tensor.external_data.is_empty() {
            let near = tensor.external_data.iter().find_map(|entry| entry.value.as_ref().or(entry.key.as_ref()));
            let at = near.or(tensor.name.as_ref()).map_or_else(|| self.part.location(), |near| self.at(near));
            self.files.reference(tensor, &at, self.exam);
        }
        if let Some(raw) = tensor.raw_data.as_ref().filter(|raw| !raw.is_empty()) {
            let start = self.at(raw).byte.unwrap_or_default();
            content::search(self.part, start..start.saturating_add(raw.len() as u64), self.exam)?;
        }
        Ok(())
    }

    fn properties(&mut self, entries: &[StringStringEntryProto]) {
        for entry in entries {
            let (Some(key), Some(value)) = (&entry.key, &entry.value) else { continue };
            if value.len() > TEXT {
                let at = self.at(value);
                self.exam.gap(at, value.len() as u64, "a long text among the metadata is not looked through");
                continue;
            }
            let at = self.at(value);
            let (key, value) = (String::from_utf8_lossy(key), String::from_utf8_lossy(value));
            secrets::examine_entry(&at, &key, &value, self.exam);
        }
    }

    fn text(&mut self, text: Option<&Bytes>) {
        if let Some(text) = text.filter(|text| !text.is_empty() && text.len() <= TEXT) {
            let at = self.at(text);
            secrets::examine(&at, &String::from_utf8_lossy(text), self.exam);
        }
    }

    /// Takes away functions that call none that is left; what remains calls itself, or leads to what does.
    fn tell_cycles(&mut self) {
        let calls = std::mem::take(&mut self.calls);
        let mut callers: BTreeMap<&Key, Vec<&Key>> = BTreeMap::new();
        let mut left: BTreeMap<&Key, usize> = BTreeMap::new();
        for (caller, called) in &calls {
            left.insert(caller, called.len());
            called.iter().for_each(|key| callers.entry(key).or_default().push(caller));
        }
        let mut done: Vec<&Key> = self.own.iter().filter(|key| !calls.contains_key(*key)).collect();
        while let Some(key) = done.pop() {
            for caller in callers.remove(key).unwrap_or_default() {
                let Some(count) = left.get_mut(caller) else { continue };
                *count = count.saturating_sub(1);
                if *count == 0 {
                    left.remove(caller);
                    done.push(caller);
                }
            }
        }
        if let Some(((_, name), _)) = left.into_iter().next() {
            let at = self.at(name);
            let message =
                format!("function '{}' calls itself, or others that lead to it", String::from_utf8_lossy(name));
            self.exam.report(&rules::structure::CYCLE, at, message);
        }
    }

    fn tell_strangers(&mut self) {
        for (domain, names) in std::mem::take(&mut self.strangers) {
            let names = names.into_iter().take(20).collect::<Vec<_>>().join(", ");
            let message = format!("operators of '{domain}' need a library of their own to run: {names}");
            self.exam.report_seen(&rules::graph::NEEDS_LIBRARY, self.part.location(), message, names);
        }
    }
}
