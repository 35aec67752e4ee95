//! The judgement of Keras configurations: every object in them, at any depth, is known by name or it is reported.
//!
//! Keras builds a model from JSON. Wherever an object with a `class_name` stands (a layer, a loss, an initializer, an
//! argument of a call), the loader looks the name up, in Keras 3 below the `module` that stands beside it, and calls
//! what it found. So each object is one call, and the question is the same everywhere: is what is called part of Keras,
//! and does it only compute? The lists of names are generated from the packages ([`names`]); the few classes that load,
//! unpickle or call by name are judged one by one ([`layers`]).
//!
//! Three loaders read such configurations: Keras 3 from `.keras`, Keras of any version from HDF5, and TensorFlow from
//! `keras_metadata.pb` of a `SavedModel`. They differ in one thing: what is not known stops the first two, unless the
//! host registered it, while a `SavedModel` revives it from its functions.

mod bytecode;
mod layers;
mod names;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::blob::Blob;
use crate::error::Result;
use crate::finding::Rule;
use crate::scan::{Exam, Part, rules};
use crate::wire::json::{self, Json};

/// Who reads the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loader {
    /// Keras, from a `.keras` archive or an HDF5 file.
    Keras,
    /// TensorFlow, from the metadata of a `SavedModel`: classes that it does not know are revived without their code.
    SavedModel,
}

/// Judges every object of a configuration that is given as text.
///
/// `what` names the text in findings: `config.json`, `model_config`.
///
/// # Errors
/// `Cancelled`; `Malformed` or `LimitExceeded` if the text is not JSON that a loader would take.
pub fn judge_text(text: &Blob, what: &str, loader: Loader, part: &Part, exam: &mut Exam<'_>) -> Result<Json> {
    let document = json::parse(text, exam.cx())?;
    // loaders take the last of two; a reader that takes the first one sees another model
    for (key, byte) in document.duplicates.iter().filter(|(key, _)| DECIDING.contains(&key.as_str())) {
        let message = format!("the key '{key}' stands twice in one object of {what} (byte {byte})");
        exam.report(&rules::keras::AMBIGUOUS, part.item(format!("{what}, {key}")), message);
    }
    judge(&document.root, what, loader, part, exam)?;
    Ok(document.root)
}

/// Judges every object of a configuration.
///
/// # Errors
/// `Cancelled`.
pub fn judge(root: &Json, what: &str, loader: Loader, part: &Part, exam: &mut Exam<'_>) -> Result<()> {
    Judge { what, loader, part, exam, reported: BTreeSet::new(), objects: 0 }.walk(root, &mut Vec::new())
}

/// Keys by which a loader decides what to call.
const DECIDING: [&str; 7] = ["class_name", "module", "config", "registered_name", "function", "vocabulary", "layers"];

/// Values that stand for themselves in a configuration: tensors, slices, shapes.
const PLAIN: [&str; 18] = [
    "__keras_tensor__",
    "__tensor__",
    "__numpy__",
    "__bytes__",
    "__ellipsis__",
    "__slice__",
    "__tuple__",
    "__set__",
    "__complex__",
    "__symbolic_tensor__",
    "__random_seed_generator__",
    "TensorShape",
    "TypeSpec",
    "CompositeTensor",
    "DType",
    "Ellipsis",
    "RaggedTensorSpec",
    "Tokenizer", // counts of words, as Keras 2 writes them
];

/// Packages that are Keras under one of its names.
const KERAS: [&str; 5] = ["keras", "tf_keras", "keras_core", "tensorflow.keras", "tensorflow.python.keras"];

/// Packages of the Keras team, which loaders of Keras import from; their classes are layers and models.
const FAMILY: [&str; 4] = ["keras_hub", "keras_nlp", "keras_cv", "keras_rs"];

/// Modules whose functions act on the machine. Only to tell the gravity: what is not known is reported anyway.
const ACTING: [&str; 57] = [
    "os",
    "posix",
    "nt",
    "posixpath",
    "ntpath",
    "sys",
    "subprocess",
    "builtins",
    "__builtin__",
    "shutil",
    "importlib",
    "imp",
    "runpy",
    "pkgutil",
    "pickle",
    "_pickle",
    "cPickle",
    "cloudpickle",
    "dill",
    "joblib",
    "marshal",
    "shelve",
    "ctypes",
    "cffi",
    "code",
    "codeop",
    "pty",
    "socket",
    "socketserver",
    "asyncio",
    "multiprocessing",
    "threading",
    "_thread",
    "signal",
    "webbrowser",
    "urllib",
    "urllib3",
    "http",
    "ftplib",
    "smtplib",
    "telnetlib",
    "requests",
    "httpx",
    "aiohttp",
    "paramiko",
    "pathlib",
    "io",
    "_io",
    "tempfile",
    "zipfile",
    "tarfile",
    "pip",
    "ensurepip",
    "timeit",
    "pdb",
    "operator",
    "functools",
];

/// Functions of Keras that load, save, fetch or lift the safeguards: known not to belong into a configuration.
const ACTING_IN_KERAS: [&str; 14] = [
    "get_file",
    "load_model",
    "load_weights",
    "save_model",
    "save_weights",
    "load_img",
    "save_img",
    "model_from_json",
    "model_from_yaml",
    "model_from_config",
    "enable_unsafe_deserialization",
    "func_load",
    "deserialize_keras_object",
    "extract_archive",
];

struct Judge<'a, 'e, 'x> {
    what: &'a str,
    loader: Loader,
    part: &'a Part,
    exam: &'e mut Exam<'x>,
    /// Names that were reported: one finding for each, however often it stands there.
    reported: BTreeSet<(&'static str, String)>,
    objects: u64,
}

/// One step of the way to a value.
enum Step<'a> {
    Key(&'a str),
    Item(usize),
}

/// An object of a configuration, as the loader reads it.
struct Object<'a> {
    json: &'a Json,
    class: &'a str,
    module: Option<&'a str>,
    registered: Option<&'a str>,
    config: Option<&'a Json>,
}

impl<'a> Object<'a> {
    /// The object, if the value is one: it has a class. Python takes the last of keys that stand twice.
    fn of(json: &'a Json) -> Option<Self> {
        let class = json.get("class_name")?.as_str()?;
        let text = |key: &str| json.get(key).and_then(Json::as_str);
        let (module, registered) = (text("module"), text("registered_name"));
        Some(Self { json, class, module, registered, config: json.get("config") })
    }

    /// A setting of the object.
    fn setting(&self, key: &str) -> Option<&'a Json> {
        self.config.and_then(|config| config.get(key))
    }
}

impl<'a> Judge<'a, '_, '_> {
    /// Walks every value. The depth is bounded, since reading the text bounded it.
    fn walk(&mut self, value: &'a Json, way: &mut Vec<Step<'a>>) -> Result<()> {
        if value.is_object() {
            self.exam.cx().tick("scan", self.objects, 0)?;
            self.objects = self.objects.saturating_add(1);
            self.look(value, way)?;
        }
        for (key, value) in value.entries() {
            way.push(Step::Key(key));
            self.walk(value, way)?;
            way.pop();
        }
        for (at, value) in value.items().iter().enumerate() {
            // numbers of a constant need no walk
            if matches!(value, Json::Object(_) | Json::Array(_)) {
                way.push(Step::Item(at));
                self.walk(value, way)?;
                way.pop();
            }
        }
        Ok(())
    }

    fn look(&mut self, json: &'a Json, way: &[Step<'_>]) -> Result<()> {
        if json.get("safe_mode").and_then(Json::as_bool) == Some(false) {
            let message = "the configuration sets safe_mode to false";
            self.report(&rules::keras::UNSAFE_MODE, way, "safe_mode", message, "safe_mode=False");
        }
        match json.get("class_name") {
            None | Some(Json::Null) => return Ok(()),
            Some(Json::String(_)) => {}
            Some(_) => {
                let message = "an object whose class_name is not a string";
                self.report(&rules::keras::UNKNOWN_OBJECT, way, "class_name", message, "");
                return Ok(());
            }
        }
        let Some(object) = Object::of(json) else { return Ok(()) };
        if layers::judge(self, &object, way)? || PLAIN.contains(&object.class) {
            return Ok(());
        }
        match (object.class, object.config) {
            ("__typespec__", _) => self.type_spec(&object, way),
            ("function", Some(Json::String(name))) => self.function(&object, name, way),
            _ => self.class(&object, way),
        }
        Ok(())
    }

    /// `__typespec__` names the class of a tensor's type, which the loader imports.
    fn type_spec(&mut self, object: &Object<'_>, way: &[Step<'_>]) {
        let name = object.json.get("spec_name").and_then(Json::as_str).unwrap_or_default();
        let module = object.module.unwrap_or_default();
        if !(name.ends_with("Spec") && (is_below(module, "tensorflow") || is_keras(module))) {
            self.unknown("type", module, name, way);
        }
    }

    /// A function that is found by its name.
    fn function(&mut self, object: &Object<'_>, name: &str, way: &[Step<'_>]) {
        let module = object.module.unwrap_or("builtins");
        // Keras writes 'builtins' for its own functions, and looks for them among its own
        let own = module == "builtins" || is_keras(module);
        let known = is_function(name) && !ACTING_IN_KERAS.contains(&name);
        if !(own && known) {
            self.unknown("function", module, name, way);
        } else if let Some(custom) = object.registered.filter(|registered| *registered != "function") {
            self.registered(custom, name, way);
        }
    }

    /// A class that is found by its name.
    fn class(&mut self, object: &Object<'_>, way: &[Step<'_>]) {
        let (module, class) = (object.module.unwrap_or_default(), object.class);
        let own = module.is_empty() || is_keras(module);
        // Keras 2 registers some of its own classes as a user's
        let plain = if module.is_empty() { class.strip_prefix("Custom>").unwrap_or(class) } else { class };
        // classes and functions share the registries of losses and metrics
        if own && is_known(plain) && !ACTING_IN_KERAS.contains(&class) {
            if let Some(custom) = object.registered {
                self.registered(custom, class, way);
            }
            return;
        }
        let is_class = class.starts_with(|c: char| c.is_ascii_uppercase());
        let package = if own { class.split('>').next() } else { module.split('.').next() }.unwrap_or_default();
        let revived = self.loader == Loader::SavedModel;
        if !acts(module, class) && (revived || (FAMILY.contains(&package) && is_class)) {
            let shown = show(module, class);
            let message = format!("the class '{shown}' comes with a package besides Keras");
            self.report(&rules::keras::OTHER_PACKAGE, way, &shown, message, "");
            return;
        }
        self.unknown("class", module, class, way);
    }

    /// A registered name goes before the module and the class: what the host registered is called in their place.
    fn registered(&mut self, custom: &str, name: &str, way: &[Step<'_>]) {
        let own = custom.is_empty() || custom == name || custom.split('>').next().is_some_and(is_keras_package);
        if !own {
            self.unknown("registered object", "", custom, way);
        }
    }

    /// Something that Keras does not bring: what acts on the machine is a gadget, the rest needs a look.
    fn unknown(&mut self, sort: &str, module: &str, name: &str, way: &[Step<'_>]) {
        let shown = show(module, name);
        if acts(module, name) {
            let message = format!("the configuration names the {sort} '{shown}', which acts beyond computing");
            self.report(&rules::keras::GADGET, way, &shown, message, &shown);
        } else {
            let message = format!("the {sort} '{shown}' is not part of Keras; a loader needs its code");
            self.report(&rules::keras::UNKNOWN_OBJECT, way, &shown, message, &shown);
        }
    }

    /// Reports each thing once.
    fn report(&mut self, rule: &'static Rule, way: &[Step<'_>], key: &str, message: impl Into<String>, seen: &str) {
        if self.reported.insert((rule.id, key.to_owned())) {
            let at = self.part.item(self.place(way));
            if seen.is_empty() {
                self.exam.report(rule, at, message);
            } else {
                self.exam.report_seen(rule, at, message, seen);
            }
        }
    }

    /// `config.json, config.layers[1].config`.
    fn place(&self, way: &[Step<'_>]) -> String {
        let mut text = self.what.to_owned();
        let mut separator = ", ";
        for step in way {
            match step {
                Step::Key(key) => {
                    text.push_str(separator);
                    text.extend(key.chars().take(80));
                }
                Step::Item(at) => {
                    let _ = write!(text, "[{at}]"); // writing to a string does not fail
                }
            }
            separator = ".";
        }
        text
    }
}

/// True for a class or a function that Keras brings and that only computes.
fn is_known(name: &str) -> bool {
    is_class(name) || is_function(name)
}

fn is_class(name: &str) -> bool {
    names::CLASSES.binary_search(&name).is_ok()
}

fn is_function(name: &str) -> bool {
    names::FUNCTIONS.binary_search(&name).is_ok()
}

/// True if a module is Keras or lies in it.
fn is_keras(module: &str) -> bool {
    KERAS.iter().any(|keras| is_below(module, keras))
}

/// The package that Keras registers its own objects under, in either spelling.
fn is_keras_package(package: &str) -> bool {
    package.eq_ignore_ascii_case("keras") || package.eq_ignore_ascii_case("tf_keras")
}

/// True if a module is `package` or lies in it.
fn is_below(module: &str, package: &str) -> bool {
    module.strip_prefix(package).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// True for what is known to act on the machine. A name can lead on: `logging` with `os.system`.
fn acts(module: &str, name: &str) -> bool {
    if is_keras(module) || module.is_empty() || module == "builtins" {
        let last = name.rsplit(['.', '>']).next().unwrap_or(name);
        if ACTING_IN_KERAS.contains(&last) {
            return true;
        }
    }
    let steps = || module.split('.').chain(name.split('.'));
    let outer = module.split('.').next().unwrap_or_default();
    let inner = steps().skip(1).any(|step| matches!(step, "os" | "sys" | "subprocess" | "builtins" | "importlib"));
    ACTING.contains(&outer) || (!module.is_empty() && inner) || matches!(name, "eval" | "exec" | "__import__")
}

/// How messages spell a class in a module.
fn show(module: &str, name: &str) -> String {
    if module.is_empty() { name.to_owned() } else { format!("{module}.{name}") }
}

#[cfg(test)]
mod tests;
