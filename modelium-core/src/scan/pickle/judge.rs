//! The judgement of a trace: which of its effects are harmless, which act, and which are not known.

mod shapes;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use bytes::Bytes;

use crate::finding::{Rule, Severity};
use crate::scan::callables::{self, Act, Shape, Trust};
use crate::scan::pickle::fold::{Folded, Folder};
use crate::scan::pickle::render::render;
use crate::scan::rules::pickle as rules;
use crate::wire::pickle::{Call, CallKind, EffectKind, Trace, Value, ValueId};

/// Charges of one rule beyond which further ones are counted and not kept.
const KEPT_PER_RULE: u32 = 100;
/// Names that are kept for comparing two versions of a model.
const USES_KEPT: usize = 4096;

/// What speaks against a pickle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Charge {
    pub(super) rule: &'static Rule,
    pub(super) byte: u64,
    pub(super) message: String,
    pub(super) evidence: String,
}

/// What a trace came to.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub(super) charges: Vec<Charge>,
    /// Bytes that are handed to something that loads them, and what that is.
    pub(super) nested: Vec<Nested>,
    /// Names that are called or looked up, harmless or not.
    pub(super) uses: BTreeSet<String>,
}

/// Bytes inside a pickle that are loaded by themselves.
#[derive(Debug)]
pub(super) struct Nested {
    pub(super) byte: u64,
    pub(super) loader: String,
    pub(super) bytes: Bytes,
}

impl Judged {
    /// The gravest severity.
    pub(super) fn gravest(&self) -> Option<Severity> {
        self.charges.iter().map(|charge| charge.rule.severity).max()
    }
}

/// Judges every effect of a trace.
pub(super) fn judge(trace: &Trace) -> Judged {
    let callees = trace.calls().iter().map(|call| call.callee).collect();
    let mut judge = Judge {
        trace,
        folder: Folder::new(trace),
        callees,
        judged: Judged::default(),
        per_rule: BTreeMap::new(),
        named: HashMap::new(),
        acts: HashMap::new(),
        shapes: HashMap::new(),
    };
    for effect in trace.effects() {
        judge.effect(effect.byte, effect.kind);
    }
    judge.judged
}

struct Judge<'t> {
    trace: &'t Trace,
    folder: Folder<'t>,
    /// Names that are called, which are judged by their calls.
    callees: HashSet<ValueId>,
    judged: Judged,
    per_rule: BTreeMap<&'static str, u32>,
    named: HashMap<String, bool>,
    acts: HashMap<String, Option<Act>>,
    shapes: HashMap<String, Option<Shape>>,
}

impl Judge<'_> {
    fn charge(&mut self, rule: &'static Rule, byte: u64, message: impl AsRef<str>, seen: ValueId) {
        let count = self.per_rule.entry(rule.id).or_default();
        *count = count.saturating_add(1);
        if *count <= KEPT_PER_RULE {
            let evidence = render(self.trace, seen);
            self.judged.charges.push(Charge { rule, byte, message: one_line(message.as_ref()), evidence });
        }
    }

    /// True for what is known, or belongs to a library that is.
    fn harmless_to_name(&mut self, path: &str) -> bool {
        if let Some(harmless) = self.named.get(path) {
            return *harmless;
        }
        let harmless = callables::known(path).is_some() || callables::trust(path).is_some();
        if self.named.len() < USES_KEPT {
            self.named.insert(path.to_owned(), harmless);
        }
        harmless
    }

    /// What is known to act, asked once for each path.
    fn act(&mut self, path: &str) -> Option<Act> {
        if let Some(act) = self.acts.get(path) {
            return *act;
        }
        let act = callables::act(path);
        if self.acts.len() < USES_KEPT {
            self.acts.insert(path.to_owned(), act);
        }
        act
    }

    /// The arguments with which something is harmless, asked once for each path.
    fn known(&mut self, path: &str) -> Option<Shape> {
        if let Some(shape) = self.shapes.get(path) {
            return *shape;
        }
        let shape = callables::known(path);
        if self.shapes.len() < USES_KEPT {
            self.shapes.insert(path.to_owned(), shape);
        }
        shape
    }

    fn uses(&mut self, path: &str) {
        if self.judged.uses.len() < USES_KEPT && !self.judged.uses.contains(path) {
            self.judged.uses.insert(path.to_owned());
        }
    }

    fn effect(&mut self, byte: u64, kind: EffectKind) {
        match kind {
            EffectKind::Reference(id) => self.reference(byte, id),
            EffectKind::Computed(id) => self.computed(byte, id),
            EffectKind::Call(id) => {
                if let Some(call) = self.trace.call(id) {
                    self.call(byte, id, call);
                }
            }
            EffectKind::Build { target, state } => {
                self.build(byte, target, state);
                self.outside_file(byte, target);
            }
            EffectKind::Append { target, .. } => self.append(byte, target),
            EffectKind::SetItem { target, .. } => self.set_item(byte, target),
            EffectKind::Extension(id) => {
                let message =
                    "looks up an extension code, which stands for whatever the process has registered".to_owned();
                self.charge(&rules::OUTSIDE_STATE, byte, message, id);
            }
            EffectKind::Persistent(id) => self.persistent(byte, id),
            EffectKind::Buffer(_) => {}
        }
    }

    fn reference(&mut self, byte: u64, id: ValueId) {
        if self.callees.contains(&id) {
            return;
        }
        let Some(path) = self.folder.path(id) else { return };
        self.uses(&path);
        if self.harmless_to_name(&path) {
            return;
        }
        match self.act(&path) {
            Some(act) if act.endangers() => {
                let message = format!("names '{path}', which {}", act.verb());
                self.charge(&rules::KEEPS_DANGER, byte, message, id);
            }
            Some(act) => {
                let message = format!("names '{path}', which {}", act.verb());
                self.charge(&rules::KEEPS_READER, byte, message, id);
            }
            None => {
                let message = format!("names '{path}', which is not known, and does not call it");
                self.charge(&rules::REFERS, byte, message, id);
            }
        }
    }

    fn computed(&mut self, byte: u64, id: ValueId) {
        let path = self.folder.path(id);
        let act = path.as_deref().and_then(callables::act).filter(|act| act.endangers());
        match (path, act) {
            (Some(path), Some(act)) => {
                let message = format!("computes the name '{path}', which {}", act.verb());
                self.charge(&rules::KEEPS_DANGER, byte, message, id);
            }
            (Some(path), None) => {
                let message = format!("computes the name '{path}' while loading");
                self.charge(&rules::COMPUTED_NAME, byte, message, id);
            }
            (None, _) => {
                let message = "imports a name that is computed while loading".to_owned();
                self.charge(&rules::COMPUTED_NAME, byte, message, id);
            }
        }
    }

    fn call(&mut self, byte: u64, id: ValueId, call: &Call) {
        match self.folder.fold(call.callee) {
            Some(Folded::Path(path)) => self.call_path(byte, id, &path, call.kind, call.args),
            Some(Folded::MethodCaller(name)) => {
                let owner = self.trace.items(call.args).and_then(|args| args.first().copied());
                match owner.and_then(|owner| self.folder.path(owner)) {
                    Some(owner) => {
                        let path = callables::path(&owner, &name);
                        self.call_path(byte, id, &path, call.kind, call.args);
                    }
                    None => self.unknown(byte, id, &format!("calls the method '{name}' of what it has loaded")),
                }
            }
            // what is fetched is judged as if it had been fetched by getattr
            Some(Folded::AttrGetter(name) | Folded::ItemGetter(name)) => match self.folder.path(id) {
                Some(path) => self.fetched(byte, id, &path),
                None => self.unknown(byte, id, &format!("fetches '{name}' of what it has loaded")),
            },
            _ => self.unknown(byte, id, "calls what it has loaded or computed"),
        }
    }

    fn unknown(&mut self, byte: u64, id: ValueId, what: &str) {
        self.charge(&rules::CALLS_UNKNOWN, byte, what, id);
    }

    /// A call of something with a name.
    fn call_path(&mut self, byte: u64, id: ValueId, path: &str, kind: CallKind, args: ValueId) {
        // arguments that something else has put together could be any
        let whole = self.trace.items(args).is_some();
        let items = self.trace.items(args).unwrap_or_default().to_vec();
        self.uses(path);
        if let Some(shape) = self.known(path).filter(|_| whole)
            && self.fits(byte, id, path, shape, kind, &items)
        {
            return;
        }
        if path == "types.MethodType" && whole && self.is_plain_method(&items) {
            return;
        }
        if let Some(act) = self.act(path) {
            let act = if act == Act::Open { self.opening(id, &items) } else { act };
            let message = format!("calls '{path}', which {}", act.verb());
            let rule = if act.endangers() { &rules::CALLS_DANGER } else { &rules::CALLS_READER };
            self.charge(rule, byte, message, id);
            if matches!(act, Act::Load | Act::Open | Act::Execute) {
                self.nest(byte, path, &items);
            }
            return;
        }
        // members of enumerations in TorchScript are called with their value alone, in no tuple
        if (whole || path.starts_with("__torch__.")) && self.harmless_class(path, kind, &items) {
            return;
        }
        // cython gives back an object of the class that comes first
        if path.rsplit('.').next().is_some_and(|name| name.starts_with("__pyx_unpickle_"))
            && whole
            && callables::trust(&format!("{}.C", path.rsplit_once('.').unwrap_or_default().0)).is_some()
            && self.class_argument(byte, id, &items)
        {
            return;
        }
        if whole && items.is_empty() && self.is_new_of_its_class(id, path) {
            return;
        }
        match callables::act_of_word(path).filter(|_| kind.calls()) {
            Some(act) => {
                let message = format!("calls '{path}', which by its name {}", act.verb());
                self.charge(&rules::CALLS_DANGER, byte, message, id);
                self.nest(byte, path, &items);
            }
            None if self.known(path).is_some() => {
                let message = format!("calls '{path}' with arguments that no writer gives");
                self.charge(&rules::CALLS_UNKNOWN, byte, message, id);
            }
            None if kind.calls() => self.unknown(byte, id, &format!("calls '{path}', which is not known")),
            None => self.unknown(byte, id, &format!("makes an object of '{path}', which is not known")),
        }
    }

    /// True for a harmless function of a class and an object: a method, which cloudpickle writes as a call.
    fn is_plain_method(&mut self, items: &[ValueId]) -> bool {
        let [function, _] = items else { return false };
        let Some(path) = self.folder.path(*function) else { return false };
        let owner = path.rsplit_once('.').unwrap_or_default().0;
        callables::is_class_name(owner) && self.act(&path).is_none() && self.harmless_to_name(&path)
    }

    /// True for `partial(C.__new__, C, …)()`, by which protocols 2 and 3 make objects whose `__new__` takes keywords.
    fn is_new_of_its_class(&mut self, id: ValueId, path: &str) -> bool {
        let Some(class) = path.strip_suffix(".__new__") else { return false };
        let partial = self.trace.call(id).and_then(|call| self.trace.call(call.callee));
        let args = partial.and_then(|partial| {
            // a second state could come after the call
            let [state] = partial.states.as_slice() else { return None };
            self.trace.items(*self.trace.items(*state)?.get(1)?)
        });
        let Some([first, rest @ ..]) = args else { return false };
        self.folder.path(*first).as_deref() == Some(class) && self.harmless_class(class, CallKind::NewObj, rest)
    }

    /// True if making an object of the class, or calling it in this way, cannot act.
    fn harmless_class(&self, path: &str, kind: CallKind, items: &[ValueId]) -> bool {
        let Some(trust) = callables::trust(path) else { return false };
        match kind {
            CallKind::NewObj | CallKind::NewObjEx => true,
            _ if !callables::is_class_name(path) => false,
            _ if trust == Trust::Constructed => true,
            // an enumeration is looked up by its value
            _ => {
                let [value] = items else { return false };
                let scalar = matches!(self.trace.value(*value), Value::Str(_) | Value::Int(_) | Value::Long(_));
                scalar && names_enumeration(path)
            }
        }
    }

    /// Something was fetched from a module or a class by its name.
    fn fetched(&mut self, byte: u64, id: ValueId, path: &str) {
        if callables::known(path).is_some() || callables::is_class_name(path) && callables::trust(path).is_some() {
            return;
        }
        let (owner, name) = path.rsplit_once('.').unwrap_or_default();
        // with a class that is called with itself alone, see `is_new_of_its_class`
        if name == "__new__" && callables::is_class_name(owner) && callables::trust(owner).is_some() {
            return;
        }
        match callables::act(path).or_else(|| callables::act(owner)) {
            Some(act) if act.endangers() => {
                let message = format!("fetches '{path}', which {}", act.verb());
                self.charge(&rules::CALLS_DANGER, byte, message, id);
            }
            // a member or a method of a class
            None if callables::is_class_name(owner) && !name.starts_with("__") => {
                let known = callables::trust(owner).is_some() || callables::known(owner).is_some();
                if !known {
                    self.charge(&rules::REFERS, byte, format!("names '{path}', which is not known"), id);
                }
            }
            _ => {
                let message = format!("fetches '{path}' by its name, as no writer does");
                self.charge(&rules::CALLS_READER, byte, message, id);
            }
        }
    }

    /// What opening a file comes to, by its mode.
    fn opening(&mut self, id: ValueId, items: &[ValueId]) -> Act {
        let named = self.trace.call(id).and_then(|call| self.trace.get(call.kwargs?, "mode"));
        let modes = items.get(1..).unwrap_or_default().iter().copied().chain(named);
        for mode in modes.collect::<Vec<_>>() {
            // the flags of os.open: anything but reading
            if self.trace.int(mode).is_some_and(|flags| flags & 3 != 0 && items.len() == 2) {
                return Act::Write;
            }
            let Some(mode) = self.folder.text(mode) else { continue };
            if mode.len() <= 4 && mode.contains(['w', 'a', 'x', '+']) {
                return Act::Write;
            }
        }
        Act::Open
    }

    fn nest(&mut self, byte: u64, loader: &str, items: &[ValueId]) {
        for item in items {
            if let Some(bytes) = self.folder.bytes(*item).filter(|bytes| bytes.len() > 1)
                && self.judged.nested.len() < KEPT_PER_RULE as usize
            {
                self.judged.nested.push(Nested { byte, loader: loader.to_owned(), bytes });
            }
        }
    }

    fn build(&mut self, byte: u64, target: ValueId, state: ValueId) {
        match self.trace.value(target) {
            Value::Call(_) if self.is_tensor(target) => {
                let message = "gives a state to a tensor or a storage while it is loaded".to_owned();
                self.charge(&rules::CORRUPTS_MEMORY, byte, message, target);
            }
            Value::Call(_) => {
                self.shadows(byte, target, state);
                // the second of a pair is set attribute by attribute, and so can change the class
                let slots = match self.trace.items(state) {
                    Some([_, slots]) if matches!(self.trace.value(state), Value::Tuple(..)) => *slots,
                    _ => return,
                };
                let special = self.trace.entries(slots).filter_map(|(key, _)| self.trace.str(key));
                let special = special.filter(|key| key.starts_with("__") && key.ends_with("__")).map(str::to_owned);
                if let Some(key) = special.into_iter().next() {
                    let message = format!("sets the special attribute '{key}' of an object");
                    self.charge(&rules::PATCHES, byte, message, target);
                }
            }
            Value::Global { .. } => {
                let what = self.folder.path(target).unwrap_or_else(|| "what it has imported".to_owned());
                let message = format!("changes attributes of '{what}' itself");
                self.charge(&rules::PATCHES, byte, message, target);
            }
            _ => {
                let message = "gives a state to something that has none".to_owned();
                self.charge(&rules::UNEXPECTED_TARGET, byte, message, target);
            }
        }
    }

    /// Unpicklers ask the object itself for `__setstate__`, `append`, `extend` and `add`: a state can put others there.
    fn shadows(&mut self, byte: u64, target: ValueId, state: ValueId) {
        let parts = match self.trace.value(state) {
            Value::Tuple(..) => self.trace.items(state).unwrap_or_default().to_vec(),
            _ => vec![state],
        };
        let mut pairs = Vec::new();
        for part in parts {
            pairs.extend(self.trace.entries(part));
            if let Some(call) = self.trace.call(part) {
                let lists = self.trace.items(call.args).unwrap_or_default();
                for list in lists {
                    pairs.extend(self.trace.entries(*list));
                    let inner = self.trace.items(*list).unwrap_or_default().iter();
                    let inner = inner.filter_map(|pair| self.trace.items(*pair));
                    pairs.extend(inner.filter_map(|pair| Some((*pair.first()?, *pair.get(1)?))));
                }
            }
        }
        for (key, value) in pairs {
            let Some(key) = self.trace.str(key).filter(|key| ASKED_FOR.contains(key)).map(str::to_owned) else {
                continue;
            };
            if key.starts_with("__") || !self.stands_as_it_is(value) {
                let message = format!("puts '{key}' into an object, which the unpickler then calls");
                self.charge(&rules::PATCHES, byte, message, target);
            }
        }
    }

    /// Before version 0.10 joblib kept arrays in files beside the pickle, whose names are joined to its folder.
    fn outside_file(&mut self, byte: u64, target: ValueId) {
        let class = self.trace.class(target).map(|(_, name)| name.to_owned()).unwrap_or_default();
        // the array is made of this class
        if class == "NumpyArrayWrapper"
            && let Some(subclass) = self.trace.attr(target, "subclass")
            && let Some(path) = self.folder.path(subclass)
        {
            self.made(byte, subclass, &path, &[], false);
        }
        let wrapper = class.ends_with("NDArrayWrapper");
        let Some(name) = self.trace.attr(target, "filename").filter(|_| wrapper) else { return };
        let name = self.folder.text(name).unwrap_or_default();
        if name.contains(['/', '\\']) || name.is_empty() {
            let message = format!("reads the file '{name}', which is not beside it");
            self.charge(&rules::CALLS_READER, byte, message, target);
        }
    }

    fn append(&mut self, byte: u64, target: ValueId) {
        if !self.is_object(target) {
            let message = "appends to something that is no list".to_owned();
            self.charge(&rules::UNEXPECTED_TARGET, byte, message, target);
        }
    }

    fn set_item(&mut self, byte: u64, target: ValueId) {
        if self.is_object(target) {
            return;
        }
        if self.is_tensor(target) || matches!(self.trace.value(target), Value::Persistent(_)) {
            let message = "sets items of a tensor or a storage while it is loaded".to_owned();
            self.charge(&rules::CORRUPTS_MEMORY, byte, message, target);
        } else {
            let message = "sets items of something that is no dictionary".to_owned();
            self.charge(&rules::UNEXPECTED_TARGET, byte, message, target);
        }
    }

    /// True for what the functions of torch make that rebuild tensors and storages.
    fn is_tensor(&mut self, id: ValueId) -> bool {
        let Some(maker) = self.trace.call(id).map(|call| call.callee) else { return false };
        let Some(path) = self.folder.path(maker) else { return false };
        let rebuilt = path.starts_with("torch._utils._rebuild_") || path.starts_with("torch._tensor._rebuild_");
        rebuilt || matches!(callables::known(&path), Some(Shape::Tensor | Shape::Apply | Shape::TorchFile))
    }

    /// True for an object of a class, which may well be a list or a dictionary of its own kind.
    fn is_object(&mut self, id: ValueId) -> bool {
        let Some(call) = self.trace.call(id) else { return false };
        let Some(path) = self.folder.path(call.callee) else { return false };
        !call.kind.calls()
            || callables::is_class_name(&path)
            || !path.starts_with("torch.")
                && matches!(
                    callables::known(&path),
                    Some(
                        Shape::Any
                            | Shape::Class
                            | Shape::Factory
                            | Shape::Literal
                            | Shape::NewObject
                            | Shape::Reconstructor
                    )
                )
    }

    fn persistent(&mut self, byte: u64, id: ValueId) {
        let Value::Persistent(pid) = self.trace.value(id) else { return };
        // ('storage', torch.FloatStorage, key, location, elements), ('module', …) before version 1.0
        let kind = self.trace.items(pid).and_then(|items| self.trace.str(*items.first()?));
        if !matches!(kind, Some("storage" | "module")) {
            let message = "asks the loader for an object by an id that only the loader knows".to_owned();
            self.charge(&rules::OUTSIDE_STATE, byte, message, id);
        }
    }
}

/// Names come from the file: a message is one line of bounded length, whatever they are.
fn one_line(message: &str) -> String {
    const MOST: usize = 300;
    let spelt = |letter: char| {
        let escaped = letter.is_control().then(|| letter.escape_debug());
        let plain = (!letter.is_control()).then_some(letter);
        escaped.into_iter().flatten().chain(plain)
    };
    let mut line: String = message.chars().take(MOST).flat_map(spelt).collect();
    if message.chars().nth(MOST).is_some() {
        line.push('…');
    }
    line
}

/// Types that only hold values.
const PLAIN_TYPES: &[&str] = &[
    "BuiltinType",
    "DictProxyType",
    "EllipsisType",
    "EllipsisType_",
    "GenericAlias",
    "MappingProxyType",
    "MethodType",
    "NoneType",
    "NotImplementedType",
    "SimpleNamespace",
    "bool",
    "bytearray",
    "bytes",
    "complex",
    "dict",
    "float",
    "frozenset",
    "int",
    "list",
    "object",
    "range",
    "set",
    "slice",
    "str",
    "tuple",
    "type",
];

/// Types of C below classes, to which `copyreg._reconstructor` gives the state of the base.
const BASES: &[&str] = &[
    "builtins.BaseException",
    "builtins.Exception",
    "builtins.bytearray",
    "builtins.bytes",
    "builtins.complex",
    "builtins.dict",
    "builtins.float",
    "builtins.frozenset",
    "builtins.int",
    "builtins.list",
    "builtins.object",
    "builtins.set",
    "builtins.str",
    "builtins.tuple",
    "collections.OrderedDict",
    "collections.defaultdict",
    "collections.deque",
    "datetime.date",
    "datetime.datetime",
    "datetime.timedelta",
    "datetime.tzinfo",
    "numpy.ndarray",
];

/// What makes values that can be walked through without a call.
const VALUES: &[&str] = &[
    "_codecs.encode",
    "builtins.bytearray",
    "builtins.bytes",
    "builtins.complex",
    "builtins.dict",
    "builtins.float",
    "builtins.frozenset",
    "builtins.int",
    "builtins.list",
    "builtins.range",
    "builtins.set",
    "builtins.slice",
    "builtins.str",
    "builtins.tuple",
    "collections.Counter",
    "collections.OrderedDict",
    "collections.defaultdict",
    "collections.deque",
];

/// Attributes that unpicklers look up on objects.
const ASKED_FOR: &[&str] = &["__setstate__", "append", "extend", "add"];

/// More elements than this must be in the file.
const MOST_ELEMENTS: i64 = 1 << 24;

/// Words in which the names of enumerations end.
fn names_enumeration(path: &str) -> bool {
    const WORDS: &[&str] = &[
        "Type",
        "Types",
        "EvaluationStrategy",
        "HubStrategy",
        "IntervalStrategy",
        "SaveStrategy",
        "Mode",
        "Names",
        "Enum",
        "Kind",
        "Status",
        "Stage",
        "Level",
        "Format",
        "Method",
        "DynamoBackend",
        "Dtype",
        "DType",
        "Role",
        "Option",
        "TrainerFn",
        "Interpolation",
        "Reduction",
        "Scheme",
        "Flag",
    ];
    WORDS.iter().any(|word| path.ends_with(word))
}
