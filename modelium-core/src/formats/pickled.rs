//! What formats of pickled objects share: the description of an object as its library left it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::{Component, Dimension, ModelDescriptor, PortDescriptor, Producer, Task, TensorDescriptor};
use crate::error::{Classify as _, Error, ErrorKind, Result};
use crate::finding::{Finding, Severity};
use crate::formats::FormatId;
use crate::scan::callables;
use crate::scan::pickle::{JoblibHost, StreamArray};
use crate::wire::pickle::{Options, Trace, Value, ValueId, ndarray, run_with};

/// Libraries whose objects are models, in the order in which they outweigh one another, and the name of the package.
const LIBRARIES: &[(&str, &str)] = &[
    ("imblearn", "imbalanced-learn"),
    ("xgboost", "xgboost"),
    ("lightgbm", "lightgbm"),
    ("catboost", "catboost"),
    ("sklearn", "scikit-learn"),
    ("statsmodels", "statsmodels"),
    ("prophet", "prophet"),
    ("gensim", "gensim"),
    ("torch", "torch"),
    ("tensorflow", "tensorflow"),
    ("keras", "keras"),
    ("pandas", "pandas"),
    ("scipy", "scipy"),
    ("numpy", "numpy"),
];

/// Libraries of tables: what they model has rows and columns.
const TABULAR: &[&str] =
    &["sklearn", "xgboost", "lightgbm", "catboost", "imblearn", "statsmodels", "pandas", "hmmlearn", "sktime"];

/// Modules that come with Python, as far as pickles name them.
const PYTHON: &[&str] = &[
    "",
    "__main__",
    "_codecs",
    "_struct",
    "argparse",
    "array",
    "ast",
    "builtins",
    "calendar",
    "collections",
    "copyreg",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "fractions",
    "functools",
    "http",
    "inspect",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "logging",
    "math",
    "operator",
    "os",
    "pathlib",
    "pickle",
    "pstats",
    "queue",
    "random",
    "re",
    "string",
    "sys",
    "threading",
    "time",
    "types",
    "typing",
    "urllib",
    "uuid",
    "warnings",
    "weakref",
    "zoneinfo",
];

/// Hyperparameters that are kept.
const PARAMETERS_KEPT: usize = 200;
/// Letters of a value that are kept.
const TEXT_KEPT: usize = 200;

/// Describes the object in a pickle. `stored` is true if the bytes lie in the file as they are.
///
/// # Errors
/// `Malformed` with the byte where the pickle breaks, `LimitExceeded`, `Cancelled`.
pub(crate) fn describe(
    artifact: &Artifact,
    entry: &str,
    format: FormatId,
    blob: &Blob,
    stored: bool,
    cx: &Context,
) -> Result<ModelDescriptor> {
    let mut host = JoblibHost::new(blob, cx);
    let options = Options { stage: "analyze", ..Options::default() };
    let trace = run_with(blob, 0, options, &mut host, cx)?;
    if let Some(fault) = trace.fault() {
        return Err(Error::new(fault.kind(), fault.kind.to_string()).with_location(blob.location(fault.byte)));
    }
    let mut model = ModelDescriptor::of(artifact, format, entry);
    model.format_version = trace.protocol().map(|protocol| protocol.to_string());
    let Some(root) = trace.result() else { return Ok(model) };
    let reader = Reader { trace: &trace, arrays: &host.arrays, file: stored.then_some(entry) };
    let packages = packages(&trace);
    let class = trace.class(root).map(|(module, name)| callables::path(module, name));
    model.architecture = class.as_deref().and_then(|path| path.rsplit('.').next()).map(str::to_owned);
    let library = class.as_deref().and_then(|path| path.split('.').next()).filter(|root| !PYTHON.contains(root));
    let known = LIBRARIES.iter().map(|(module, _)| *module).find(|module| packages.contains(*module));
    let library = library.or(known).map(str::to_owned);
    let versions = versions(&trace);
    if let Some(library) = &library {
        let version =
            versions.get(library.as_str()).or_else(|| versions.get("sklearn").filter(|_| library == "imblearn"));
        let version = version.filter(|_| library != "imblearn").cloned();
        model.framework = Some(Producer { name: package(library).to_owned(), version });
        model.task = TABULAR.contains(&library.as_str()).then_some(Task::Tabular);
    }
    model.dependencies = packages
        .iter()
        .map(|module| match versions.get(module.as_str()) {
            Some(version) => format!("{}=={version}", package(module)),
            None => package(module).to_owned(),
        })
        .collect();
    reader.ports(root, &mut model);
    reader.components(root, &mut model);
    reader.metadata(root, &mut model);
    reader.unknown_classes(&mut model);
    let tensors = reader.tensors(root, cx)?;
    Ok(model.with_tensors(tensors))
}

fn package(module: &str) -> &str {
    LIBRARIES.iter().find(|(root, _)| *root == module).map_or(module, |(_, package)| package)
}

/// The outermost modules that loading imports, Python's own left out.
fn packages(trace: &Trace) -> BTreeSet<String> {
    let globals = trace.values().filter_map(|(id, _)| trace.global(id));
    let roots = globals.map(|(module, name)| {
        let path = callables::path(module, name);
        path.split('.').next().unwrap_or_default().to_owned()
    });
    roots.filter(|root| !PYTHON.contains(&root.as_str())).collect()
}

/// Versions that libraries leave in their objects.
fn versions(trace: &Trace) -> BTreeMap<&'static str, String> {
    let mut versions = BTreeMap::new();
    for (id, value) in trace.values() {
        if let Value::Call(_) = value {
            if let Some(version) = trace.attr(id, "_sklearn_version").and_then(|version| trace.str(version)) {
                versions.entry("sklearn").or_insert_with(|| version.to_owned());
            }
            if let Some(version) = trace.attr(id, "pytorch-lightning_version").and_then(|version| trace.str(version)) {
                versions.entry("pytorch_lightning").or_insert_with(|| version.to_owned());
            }
        }
    }
    versions
}

struct Reader<'t> {
    trace: &'t Trace,
    arrays: &'t [StreamArray],
    /// The file in which the bytes lie.
    file: Option<&'t str>,
}

impl Reader<'_> {
    /// The last step of a pipeline is what predicts; its first is what is fed.
    fn steps(&self, object: ValueId) -> Vec<(String, ValueId)> {
        let steps = ["steps", "transformer_list", "estimators", "transformers_", "transformers"]
            .into_iter()
            .find_map(|name| self.trace.items(self.trace.attr(object, name)?));
        let step = |item: &ValueId| match self.trace.items(*item) {
            Some([name, object, ..]) => self.trace.text(*name).map(|name| (name.into_owned(), *object)),
            _ => None,
        };
        steps.unwrap_or_default().iter().filter_map(step).collect()
    }

    /// An attribute of the object, or of what it wraps.
    fn deep_attr(&self, object: ValueId, name: &str, last: bool) -> Option<ValueId> {
        let mut object = object;
        for _ in 0..16 {
            if let Some(found) = self.trace.attr(object, name) {
                return Some(found);
            }
            let steps = self.steps(object);
            let inner = if last { steps.last() } else { steps.first() }.map(|(_, inner)| *inner);
            let wrapped = ["best_estimator_", "estimator_", "regressor_", "base_estimator_", "estimator"];
            object = inner.or_else(|| wrapped.iter().find_map(|name| self.trace.attr(object, name)))?;
        }
        None
    }

    fn ports(&self, root: ValueId, model: &mut ModelDescriptor) {
        let batch = || Dimension::Symbol("batch".to_owned());
        let features = self.deep_attr(root, "n_features_in_", false).and_then(|count| self.size(count));
        if let Some(features) = features {
            model.inputs.push(PortDescriptor {
                name: "X".to_owned(),
                ty: format!("array[batch, {features}]"),
                dtype: None,
                shape: Some(vec![batch(), Dimension::Known(features)]),
                optional: false,
            });
            model.symbols.push("batch".to_owned());
        }
        let classes = self.deep_attr(root, "classes_", true).and_then(|classes| self.array(classes));
        if let Some(&[classes]) = classes.as_ref().map(|array| array.shape.as_slice()) {
            model.metadata.insert("classes".to_owned(), classes.to_string());
            model.outputs.push(PortDescriptor {
                name: "label".to_owned(),
                ty: "array[batch]".to_owned(),
                dtype: None,
                shape: Some(vec![batch()]),
                optional: false,
            });
        }
    }

    /// A number, plain or of numpy.
    fn size(&self, id: ValueId) -> Option<u64> {
        ndarray::dims(self.trace, id)?.first().copied()
    }

    fn components(&self, root: ValueId, model: &mut ModelDescriptor) {
        let named: Vec<(String, ValueId)> = match self.trace.value(root) {
            Value::Dict(_) => {
                let text = |id| self.trace.text(id).map(std::borrow::Cow::into_owned);
                self.trace.entries(root).filter_map(|(key, value)| Some((text(key)?, value))).collect()
            }
            _ => self.steps(root),
        };
        for (name, object) in named.into_iter().take(PARAMETERS_KEPT) {
            let Some((module, class)) = self.trace.class(object) else { continue };
            let path = callables::path(module, class);
            let library = path.split('.').next().unwrap_or_default();
            if PYTHON.contains(&library) || library == "numpy" {
                continue;
            }
            model.components.push(Component {
                name,
                architecture: Some(class.to_owned()),
                library: Some(package(library).to_owned()),
                ..Component::default()
            });
        }
    }

    /// Hyperparameters: plain values that an estimator keeps under the names of its constructor's arguments.
    fn metadata(&self, root: ValueId, model: &mut ModelDescriptor) {
        let states = self.trace.call(root).map(|call| call.states.clone()).unwrap_or_default();
        let entries = states.iter().flat_map(|state| self.trace.entries(*state)).take(PARAMETERS_KEPT);
        for (key, value) in entries {
            let Some(key) = self.trace.str(key) else { continue };
            if key.starts_with('_') || key.ends_with('_') || key.contains("__") {
                continue;
            }
            let value = match self.trace.value(value) {
                Value::Bool(value) => value.to_string(),
                Value::Int(value) => value.to_string(),
                Value::Float(value) => value.to_string(),
                Value::Str(_) => match self.trace.text(value) {
                    Some(text) => text.chars().take(TEXT_KEPT).collect(),
                    None => continue,
                },
                _ => continue,
            };
            model.metadata.insert(key.to_owned(), value);
        }
        let trees = self.trace.attr(root, "estimators_").map(|trees| match self.array(trees) {
            Some(array) => array.elements(),
            None => self.trace.items(trees).map_or(0, |items| items.len() as u64),
        });
        if let Some(trees) = trees {
            model.metadata.insert("estimators".to_owned(), trees.to_string());
        }
        if let Some(names) = self.deep_attr(root, "feature_names_in_", false).and_then(|names| self.array(names)) {
            model.metadata.insert("feature_names".to_owned(), names.elements().to_string());
        }
    }

    fn unknown_classes(&self, model: &mut ModelDescriptor) {
        let mut unknown = BTreeSet::new();
        for (id, value) in self.trace.values() {
            let Value::Call(_) = value else { continue };
            let Some((module, name)) = self.trace.class(id) else { continue };
            let path = callables::path(module, name);
            if callables::known(&path).is_none() && callables::trust(&path).is_none() && unknown.len() < PARAMETERS_KEPT
            {
                unknown.insert(path);
            }
        }
        for path in unknown {
            let path: String = path.chars().take(TEXT_KEPT).collect();
            let message = format!("loading needs '{}', which is not known", path.escape_debug());
            model.findings.push(Finding::new("pickle.unknown_class", Severity::Note, message));
        }
    }

    /// Every array that can be reached from the object, named by the way to it.
    fn tensors(&self, root: ValueId, cx: &Context) -> Result<Vec<TensorDescriptor>> {
        let mut tensors = Vec::new();
        let mut seen = HashSet::new();
        // the last one is looked at first, so what comes first is pushed last
        let mut open = vec![(root, String::new())];
        while let Some((id, name)) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            if seen.len().is_multiple_of(1 << 16) {
                cx.tick("analyze", seen.len() as u64, 0)?;
            }
            if let Some(mut tensor) = self.array(id) {
                tensor.name = if name.is_empty() { "array".to_owned() } else { name };
                if tensors.len() as u64 >= cx.limits().tensors {
                    let message =
                        format!("more than {} arrays; raise Limits::tensors to read them", cx.limits().tensors);
                    return Err(Error::new(ErrorKind::LimitExceeded, message));
                }
                tensors.push(tensor);
                continue;
            }
            // names of ways grow with depth; past some length they say nothing
            let name = if name.len() > 1000 { "…".to_owned() } else { name };
            let mut inner = Vec::new();
            let step = |key: ValueId| match (self.trace.text(key), self.trace.int(key)) {
                (Some(text), _) => text.chars().take(TEXT_KEPT).collect(),
                (None, Some(number)) => number.to_string(),
                _ => "?".to_owned(),
            };
            let join = |step: &str| if name.is_empty() { step.to_owned() } else { format!("{name}.{step}") };
            for (key, value) in self.trace.entries(id) {
                inner.push((value, join(&step(key))));
            }
            for (index, item) in self.trace.items(id).unwrap_or_default().iter().enumerate() {
                inner.push((*item, join(&index.to_string())));
            }
            if let Some(call) = self.trace.call(id) {
                for (index, arg) in self.trace.items(call.args).unwrap_or_default().iter().enumerate() {
                    inner.push((*arg, join(&index.to_string())));
                }
                for state in &call.states {
                    inner.push((*state, name.clone()));
                }
                for (index, item) in call.items.iter().enumerate() {
                    inner.push((*item, join(&index.to_string())));
                }
            }
            let holds = |id: &ValueId| {
                matches!(
                    self.trace.value(*id),
                    Value::Call(_) | Value::Dict(_) | Value::List(_) | Value::Tuple(..) | Value::Raw(_)
                )
            };
            open.extend(inner.into_iter().rev().filter(|(id, _)| holds(id)));
        }
        Ok(tensors)
    }

    /// The array that a value is, without its name.
    fn array(&self, id: ValueId) -> Option<TensorDescriptor> {
        if let Value::Raw(index) = self.trace.value(id) {
            let array = self.arrays.get(usize::try_from(index).ok()?)?;
            let bytes = if array.element.objects { 0 } else { array.end.saturating_sub(array.start) };
            return Some(TensorDescriptor {
                dtype: if array.element.objects { "object".to_owned() } else { array.element.name() },
                strides: strides(&array.dims, array.column_major),
                shape: array.dims.clone(),
                bytes,
                file: self.file.filter(|_| bytes > 0).map(str::to_owned),
                start: self.file.filter(|_| bytes > 0).map(|_| array.start),
                ..TensorDescriptor::default()
            });
        }
        let (module, name) = self.trace.callee(id)?;
        let call = self.trace.call(id)?;
        if module.split('.').next() != Some("numpy") {
            return None;
        }
        let (dtype, shape, column_major, data) = match name {
            // (version, shape, dtype, is column-major, bytes or a list of objects)
            "_reconstruct" | "_mareconstruct" => match self.trace.items(*call.states.last()?)? {
                [_, shape, dtype, order, data, ..] => (*dtype, *shape, self.trace.bool(*order) == Some(true), *data),
                _ => return None,
            },
            "_frombuffer" => match self.trace.items(call.args)? {
                [data, dtype, shape, order] => (*dtype, *shape, self.trace.str(*order) == Some("F"), *data),
                _ => return None,
            },
            _ => return None,
        };
        let element = ndarray::element(self.trace, dtype)?;
        let dims = ndarray::dims(self.trace, shape)?;
        let span = self.trace.span_of(data).filter(|_| !element.objects);
        let count = dims.iter().fold(1_u64, |product, dim| product.saturating_mul(*dim));
        let place = span.and_then(|span| self.trace.place(span)).filter(|_| self.file.is_some());
        Some(TensorDescriptor {
            dtype: if element.objects { "object".to_owned() } else { element.name() },
            strides: strides(&dims, column_major),
            bytes: if element.objects { 0 } else { count.saturating_mul(element.bytes) },
            shape: dims,
            file: self.file.filter(|_| place.is_some()).map(str::to_owned),
            start: place,
            ..TensorDescriptor::default()
        })
    }
}

/// Distances between elements of an array whose first dimension varies fastest; none for others.
fn strides(dims: &[u64], column_major: bool) -> Option<Vec<u64>> {
    (column_major && dims.len() > 1).then(|| {
        let mut step = 1_u64;
        let next = |dim: &u64| {
            let here = step;
            step = step.saturating_mul(*dim);
            here
        };
        dims.iter().map(next).collect()
    })
}
