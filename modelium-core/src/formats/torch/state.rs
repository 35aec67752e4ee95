//! From a pickle that was run to the tensors that loading it would make.

use std::collections::HashSet;

use crate::formats::torch::dtype::{self, Element};
use crate::formats::torch::records::storage_element;
use crate::wire::pickle::{Trace, Value, ValueId};

/// Objects inside objects.
const DEEPEST: usize = 256;
/// Steps from a parameter to the tensor that it wraps.
const WRAPPERS: usize = 8;

/// Keys under which training scripts keep the weights of a model, the usual ones first.
const MODEL_KEYS: &[&str] = &[
    "state_dict",
    "model_state_dict",
    "model_state",
    "model",
    "module",
    "net",
    "network",
    "weights",
    "params",
    "generator",
    "ema",
    "model_ema",
    "state_dict_ema",
];

/// A storage as a persistent id names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Storage<'a> {
    pub(super) key: &'a str,
    /// The type of its elements, where the class is known.
    pub(super) element: Option<Element>,
    /// The class that holds it.
    pub(super) class: &'a str,
    pub(super) elements: u64,
    /// Elements in front of a view of a larger storage, in files of torch 0.3 and before.
    pub(super) view: u64,
}

impl<'a> Storage<'a> {
    /// Reads `('storage', class, key, device, elements[, view])`.
    pub(super) fn of(trace: &'a Trace, id: ValueId) -> Option<Self> {
        let Value::Persistent(pid) = trace.value(id) else { return None };
        let items = trace.items(pid)?;
        let [tag, class, key, _device, elements, rest @ ..] = items else { return None };
        if trace.bytes(*tag)? != b"storage" {
            return None;
        }
        let class = trace.global(*class).map_or("", |(_, name)| name);
        let view = rest.first().and_then(|view| trace.items(*view)).and_then(|view| trace.size(*view.get(1)?));
        Some(Self {
            key: trace.str(*key)?,
            element: storage_element(class),
            class,
            elements: trace.size(*elements)?,
            view: view.unwrap_or(0),
        })
    }
}

/// A tensor as a pickle builds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tensor<'a> {
    /// Where the pickle builds it.
    pub(super) byte: u64,
    pub(super) storage: Storage<'a>,
    pub(super) element: Option<Element>,
    /// Elements of the storage in front of it.
    pub(super) offset: u64,
    pub(super) shape: Vec<u64>,
    pub(super) strides: Vec<u64>,
    /// What it is if it is more than its elements: a quantised tensor.
    pub(super) more: Option<&'static str>,
}

/// What a value is to whoever looks for tensors.
pub(super) enum Seen<'a> {
    Tensor(Tensor<'a>),
    /// A tensor whose elements are not in a storage of the file as they are.
    Other(&'static str),
    /// Something else.
    No,
}

/// Reads a value as a tensor.
pub(super) fn tensor(trace: &Trace, id: ValueId) -> Seen<'_> {
    let mut at = id;
    for _ in 0..WRAPPERS {
        let Some(call) = trace.call(at) else { return Seen::No };
        let Some((module, name)) = trace.global(call.callee) else { return Seen::No };
        let Some(mut args) = trace.items(call.args) else { return Seen::No };
        let (mut module, mut name) = (module, name);
        if (module, name) == ("torch._tensor", "_rebuild_from_type_v2") {
            // (function, class, its arguments, state)
            let inner = args.first().and_then(|function| trace.global(*function));
            let (Some(inner), Some(rest)) = (inner, args.get(2).and_then(|args| trace.items(*args))) else {
                return Seen::No;
            };
            ((module, name), args) = (inner, rest);
        }
        match (module, name) {
            ("torch._utils", "_rebuild_parameter" | "_rebuild_parameter_with_state")
            | ("torch.nn.parameter", "Parameter" | "Buffer") => {
                let Some(inner) = args.first() else { return Seen::No };
                at = *inner;
            }
            ("torch._utils", "_rebuild_tensor" | "_rebuild_tensor_v2" | "_rebuild_tensor_v3" | "_rebuild_qtensor") => {
                let Some(tensor) = rebuilt(trace, name, args, call.byte) else { return Seen::No };
                return Seen::Tensor(tensor);
            }
            ("torch._utils", "_rebuild_sparse_tensor" | "_rebuild_sparse_csr_tensor") => return Seen::Other("sparse"),
            ("torch._utils", "_rebuild_nested_tensor") => return Seen::Other("nested"),
            ("torch._utils", "_rebuild_meta_tensor_no_storage") => return Seen::Other("without data"),
            ("torch._utils", "_rebuild_wrapper_subclass" | "_rebuild_device_tensor_from_numpy") => {
                return Seen::Other("of a class of its own");
            }
            _ => return Seen::No,
        }
    }
    Seen::No
}

/// Every tensor that loading builds out of a storage, whether the saved object keeps it or not.
pub(super) fn built(trace: &Trace) -> impl Iterator<Item = Tensor<'_>> {
    trace.calls().iter().filter_map(|call| {
        let (mut function, mut args) = (trace.global(call.callee)?, trace.items(call.args)?);
        if function == ("torch._tensor", "_rebuild_from_type_v2") {
            (function, args) = (trace.global(*args.first()?)?, trace.items(*args.get(2)?)?);
        }
        let (
            "torch._utils",
            name @ ("_rebuild_tensor" | "_rebuild_tensor_v2" | "_rebuild_tensor_v3" | "_rebuild_qtensor"),
        ) = function
        else {
            return None;
        };
        rebuilt(trace, name, args, call.byte)
    })
}

fn rebuilt<'a>(trace: &'a Trace, name: &str, args: &[ValueId], byte: u64) -> Option<Tensor<'a>> {
    let [storage, offset, shape, strides, rest @ ..] = args else { return None };
    let storage = Storage::of(trace, *storage)?;
    let element = if name == "_rebuild_tensor_v3" {
        // an untyped storage; the type stands behind requires_grad and hooks
        rest.get(2).and_then(|dtype| trace.global(*dtype)).and_then(|(_, dtype)| dtype::of_name(dtype))
    } else {
        storage.element
    };
    let offset = trace.size(*offset)?.checked_add(storage.view)?;
    let metadata = match name {
        "_rebuild_tensor_v2" => rest.get(2),
        "_rebuild_tensor_v3" => rest.get(3),
        _ => None,
    };
    let set = |key: &str| metadata.and_then(|metadata| trace.bool(trace.get(*metadata, key)?)) == Some(true);
    let more = match name {
        "_rebuild_qtensor" => Some("quantised"),
        _ if set("conj") => Some("conjugated when it is read"),
        _ if set("neg") => Some("negated when it is read"),
        _ => None,
    };
    Some(Tensor {
        byte,
        storage,
        element,
        offset,
        shape: sizes(trace, *shape)?,
        strides: sizes(trace, *strides)?,
        more,
    })
}

/// A tuple of sizes, or `torch.Size` of one.
fn sizes(trace: &Trace, id: ValueId) -> Option<Vec<u64>> {
    let items = trace.items(id).or_else(|| trace.items(*trace.args(id)?.first()?))?;
    items.iter().map(|item| trace.size(*item)).collect()
}

/// What a saved object holds.
#[derive(Debug, Default)]
pub(super) struct State<'a> {
    /// The tensors of the model by name, in the order of the pickle.
    pub(super) tensors: Vec<(String, Tensor<'a>)>,
    /// Tensors that are there and cannot be described so: name and what they are.
    pub(super) others: Vec<(String, &'static str)>,
    /// Modules by path, with their classes.
    pub(super) modules: Vec<(String, String)>,
    /// The class of the saved object, if it is one.
    pub(super) class: Option<(String, String)>,
    /// The key under which the weights were found, if not the object itself.
    pub(super) key: Option<String>,
    /// Tensors beside the model: optimizers, moving averages, states of generators.
    pub(super) beside: u64,
    /// The walk ended before everything was seen.
    pub(super) cut_off: bool,
}

/// Finds the model in a saved object, and its tensors.
pub(super) fn read(trace: &Trace) -> State<'_> {
    let mut state = State::default();
    let Some(root) = trace.result() else { return state };
    let mut model = root;
    if module_class(trace, root).is_none() && !holds_tensor(trace, root) {
        let found = MODEL_KEYS.iter().find_map(|key| Some((*key, trace.get(root, key)?)));
        if let Some((key, inner)) = found.filter(|(_, inner)| is_state(trace, *inner)) {
            model = inner;
            state.key = Some(key.to_owned());
        }
    }
    state.class = module_class(trace, model).map(|(module, name)| (module.to_owned(), name.to_owned()));
    let mut walk = Walk::new(trace);
    walk.from(model, &mut state);
    state.cut_off = walk.cut_off;
    if model != root {
        let of_model: HashSet<ValueId> = walk.seen.clone();
        let mut rest = State::default();
        let mut others = Walk::new(trace);
        others.from(root, &mut rest);
        state.beside = others.seen.difference(&of_model).count() as u64;
    }
    state
}

/// True if some value of a dictionary is a tensor.
fn holds_tensor(trace: &Trace, id: ValueId) -> bool {
    trace.entries(id).any(|(_, value)| !matches!(tensor(trace, value), Seen::No))
}

/// True for a dictionary of tensors, perhaps one level down, and for a module.
fn is_state(trace: &Trace, id: ValueId) -> bool {
    module_class(trace, id).is_some()
        || holds_tensor(trace, id)
        || trace.entries(id).take(64).any(|(_, value)| holds_tensor(trace, value))
}

/// The class of a module: an object with the dictionaries of `torch.nn.Module`, or one that `TorchScript` saved.
fn module_class(trace: &Trace, id: ValueId) -> Option<(&str, &str)> {
    let class = trace.class(id).or_else(|| carried_class(trace, id))?;
    let is_module = trace.attr(id, "_modules").is_some() || class.0.starts_with("__torch__");
    is_module.then_some(class)
}

/// The class of an object of a legacy file, where a persistent id carries the class and its source: `('module', class, …)`.
fn carried_class(trace: &Trace, id: ValueId) -> Option<(&str, &str)> {
    let Value::Persistent(pid) = trace.value(trace.call(id)?.callee) else { return None };
    let [tag, class, ..] = trace.items(pid)? else { return None };
    if trace.bytes(*tag)? == b"module" { trace.global(*class) } else { None }
}

struct Walk<'a> {
    trace: &'a Trace,
    /// Tensors that were met.
    seen: HashSet<ValueId>,
    steps: u64,
    most: u64,
    cut_off: bool,
}

impl<'a> Walk<'a> {
    fn new(trace: &'a Trace) -> Self {
        // what is shared may be met more than once, but not without end
        let most = (trace.values().count() as u64).saturating_mul(4).saturating_add(1024);
        Self { trace, seen: HashSet::new(), steps: 0, most, cut_off: false }
    }

    /// Walks everything below a value, in the order of the pickle.
    fn from(&mut self, root: ValueId, state: &mut State<'a>) {
        let mut waiting: Vec<(ValueId, String, usize)> = vec![(root, String::new(), 0)];
        while let Some((id, path, depth)) = waiting.pop() {
            self.steps = self.steps.saturating_add(1);
            if self.steps > self.most || depth > DEEPEST {
                self.cut_off = true;
                if depth > DEEPEST {
                    continue;
                }
                return;
            }
            match tensor(self.trace, id) {
                Seen::Tensor(tensor) => {
                    self.seen.insert(id);
                    state.tensors.push((path, tensor));
                    continue;
                }
                Seen::Other(what) => {
                    self.seen.insert(id);
                    state.others.push((path, what));
                    continue;
                }
                Seen::No => {}
            }
            let mut below = self.below(id, &path, state);
            below.reverse();
            let depth = depth.saturating_add(1);
            waiting.extend(below.into_iter().map(|(id, path)| (id, path, depth)));
        }
    }

    /// What a value holds, by name.
    fn below(&self, id: ValueId, path: &str, state: &mut State<'a>) -> Vec<(ValueId, String)> {
        let trace = self.trace;
        let join = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let named = |id: ValueId| -> Vec<(ValueId, String)> {
            let named = trace.entries(id).filter_map(|(key, value)| Some((value, join(&key_name(trace, key)?))));
            named.collect()
        };
        if let Some((module, class)) = module_class(trace, id) {
            state.modules.push((path.to_owned(), class.to_owned()));
            if module.starts_with("__torch__") && trace.attr(id, "_modules").is_none() {
                let states = trace.call(id).map(|call| call.states.as_slice()).unwrap_or_default();
                return states.iter().flat_map(|state| named(*state)).collect();
            }
            let part = |name: &str| trace.attr(id, name).map(&named).unwrap_or_default();
            let skipped = trace.attr(id, "_non_persistent_buffers_set");
            let is_skipped = |name: &String| {
                let own = name.rsplit('.').next().unwrap_or(name);
                skipped.is_some_and(|set| has_item(trace, set, own))
            };
            let buffers = part("_buffers").into_iter().filter(|(_, name)| !is_skipped(name));
            return part("_parameters").into_iter().chain(buffers).chain(part("_modules")).collect();
        }
        match trace.value(id) {
            Value::Dict(_) => named(id),
            Value::List(_) | Value::Tuple(..) => {
                let items = trace.items(id).unwrap_or_default().iter().enumerate();
                items.map(|(at, item)| (*item, join(&at.to_string()))).collect()
            }
            Value::Call(_) => {
                let entries = named(id);
                if !entries.is_empty() {
                    return entries;
                }
                let call = trace.call(id);
                let states = call.map(|call| call.states.as_slice()).unwrap_or_default();
                states.iter().flat_map(|state| named(*state)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// A key as part of a name.
fn key_name(trace: &Trace, key: ValueId) -> Option<String> {
    trace.text(key).map(std::borrow::Cow::into_owned).or_else(|| trace.int(key).map(|number| number.to_string()))
}

/// True if a set, whichever way it was pickled, holds a string.
fn has_item(trace: &Trace, set: ValueId, name: &str) -> bool {
    let direct = trace.items(set);
    // protocol 2 calls `set` with a list
    let called = || trace.args(set).and_then(|args| trace.items(*args.first()?));
    direct.or_else(called).unwrap_or_default().iter().any(|item| trace.str(*item) == Some(name))
}
