//! What building the nodes would call.

use std::collections::HashSet;

use crate::descriptor::FormatId;
use crate::error::Result;
use crate::formats::skops::FORMAT;
use crate::formats::skops::schema::{self, name, text};
use crate::formats::{Inspector, Sniff, Taken};
use crate::scan::bundle::{acts, within};
use crate::scan::members::zip_member;
use crate::scan::{Exam, Part, content, rules};
use crate::wire::json::Json;
use crate::wire::yaml::shown;
use crate::wire::zip::Directory;

/// Looks for danger in skops archives.
#[derive(Debug, Clone, Copy, Default)]
pub struct SkopsInspector;

/// Libraries whose classes and functions estimators are made of.
const LIBRARIES: &[&str] = &[
    "sklearn.",
    "numpy.",
    "scipy.",
    "pandas.",
    "xgboost.",
    "lightgbm.",
    "catboost.",
    "imblearn.",
    "quantile_forest.",
    "sktime.",
    "category_encoders.",
    "_loss.",
    "skops.",
    "joblib.numpy_pickle.NumpyArrayWrapper",
    "collections.OrderedDict",
    "collections.defaultdict",
    "collections.Counter",
    "collections.deque",
    "functools.partial",
    "datetime.",
    "zoneinfo.ZoneInfo",
    "decimal.Decimal",
    "fractions.Fraction",
    "uuid.UUID",
    "re.Pattern",
    "operator.itemgetter",
    "operator.attrgetter",
    "pathlib.",
];

/// Builtins that hold values.
const BUILTINS: &[&str] = &[
    "dict",
    "list",
    "set",
    "frozenset",
    "tuple",
    "str",
    "int",
    "float",
    "complex",
    "bool",
    "bytes",
    "bytearray",
    "slice",
    "range",
    "object",
    "type",
    "NoneType",
    "map",
    "zip",
    "ellipsis",
    "len",
    "max",
    "min",
    "sum",
    "abs",
    "round",
    "sorted",
    "any",
    "all",
];

/// The loaders of skops.
const LOADERS: &[&str] = &[
    "DictNode",
    "DefaultDictNode",
    "ListNode",
    "SetNode",
    "TupleNode",
    "BytesNode",
    "BytearrayNode",
    "SliceNode",
    "FunctionNode",
    "MethodNode",
    "PartialNode",
    "TypeNode",
    "ConstructorFromReduceNode",
    "ObjectNode",
    "JsonNode",
    "OperatorFuncNode",
    "NdArrayNode",
    "MaskedArrayNode",
    "DTypeNode",
    "RandomStateNode",
    "RandomGeneratorNode",
    "SparseMatrixNode",
    "QuantileForestNode",
    "ReduceNode",
    "TreeNode",
    "LossNode",
    "SGDNode",
    "_DictWithDeprecatedKeysNode",
    "CachedNode",
    "KeyNode",
];

impl Inspector for SkopsInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if schema::is_skops(&part.blob, &crate::context::Context::new()) { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let directory = Directory::read(&part.blob, exam.cx())?;
        let schemas = directory.entries.iter().filter(|entry| entry.name == schema::NAME);
        let mut raw = HashSet::new();
        for entry in schemas {
            // readers differ on which of two members counts
            let tree = schema::tree(entry, &part.blob, &directory, exam.cx())?;
            raw.extend(examine(&tree, part, exam)?);
        }
        for entry in directory.entries.iter().filter(|entry| !entry.is_folder() && !entry.is_link) {
            match () {
                () if entry.name == schema::NAME => {}
                // what a node keeps as raw bytes is handed to nobody but its owner
                () if raw.contains(&entry.name) => {
                    let range = entry.data.clone().unwrap_or_default();
                    content::search(part, range, exam)?;
                }
                () => zip_member(part, &directory, entry, exam)?,
            }
        }
        Ok(Taken::Yes)
    }
}

/// Judges every node; gives the members that nodes hold as bytes.
fn examine(tree: &Json, part: &Part, exam: &mut Exam<'_>) -> Result<HashSet<String>> {
    let mut raw = HashSet::new();
    let mut waiting = vec![tree];
    let mut done = 0_u64;
    while let Some(value) = waiting.pop() {
        done = done.saturating_add(1);
        if done.is_multiple_of(1 << 10) {
            exam.cx().tick("scan", done, 0)?;
        }
        if value.get("__loader__").is_some() || value.get("__class__").is_some() {
            node(value, part, exam);
        }
        if matches!(text(value, "__loader__"), "BytesNode" | "BytearrayNode") {
            raw.extend(
                value.get("file").or_else(|| value.at(&["content", "file"])).and_then(Json::as_str).map(str::to_owned),
            );
        }
        let below = value.entries().iter().map(|(_, value)| value).chain(value.items());
        waiting.extend(below.filter(|value| matches!(value, Json::Object(_) | Json::Array(_))));
    }
    Ok(raw)
}

enum Judged {
    Harmless,
    Unknown(String),
    Acts(String),
}

fn node(node: &Json, part: &Part, exam: &mut Exam<'_>) {
    let (loader, own) = (text(node, "__loader__"), name(node));
    exam.uses(&own);
    let judged = match loader {
        "FunctionNode" => function(node, &own),
        "MethodNode" => method(node, &own),
        "OperatorFuncNode" => operator(node, &own),
        _ if LOADERS.contains(&loader) => class(&own),
        _ => match class(&own) {
            Judged::Harmless => Judged::Unknown(format!("loader '{loader}' is none that skops has")),
            judged => judged,
        },
    };
    let id = node.get("__id__").and_then(Json::as_i64).map_or_else(|| loader.to_owned(), |id| format!("{loader} {id}"));
    let at = part.item(id);
    match judged {
        Judged::Harmless => {}
        Judged::Acts(what) => exam.report_seen(&rules::bundle::SKOPS_ACTS, at, what, seen(node, &own)),
        Judged::Unknown(what) => exam.report_seen(&rules::bundle::SKOPS_UNKNOWN, at, what, seen(node, &own)),
    }
}

fn seen(node: &Json, own: &str) -> String {
    match node.get("content").or_else(|| node.get("attrs")) {
        Some(content) => format!("{own}: {}", shown(content)),
        None => own.to_owned(),
    }
}

fn is_known(name: &str) -> bool {
    let builtin = name.strip_prefix("builtins.").is_some_and(|name| BUILTINS.contains(&name));
    builtin || (within(name, LIBRARIES) && !acts(name))
}

/// A name that skops imports, builds or names.
fn class(name: &str) -> Judged {
    if is_known(name) || name == "builtins.function" || name == "builtins.builtin_function_or_method" {
        Judged::Harmless
    } else if acts(name) {
        Judged::Acts(format!("builds '{name}', which acts"))
    } else {
        Judged::Unknown(format!("builds '{name}', of which nothing is known"))
    }
}

/// A function by its name: of the node itself, or, up to protocol 0, of its content.
fn function(node: &Json, own: &str) -> Judged {
    let content = node.get("content").unwrap_or(&Json::Null);
    let old = format!("{}.{}", text(content, "module_path"), text(content, "function"));
    let name = if content.get("function").is_some() { old.as_str() } else { own };
    if is_known(name) {
        Judged::Harmless
    } else if acts(name) {
        Judged::Acts(format!("reaches for the function '{name}', which acts"))
    } else {
        Judged::Unknown(format!("reaches for the function '{name}', of which nothing is known"))
    }
}

fn method(node: &Json, own: &str) -> Judged {
    let Some(object) = node.at(&["content", "obj"]) else {
        return Judged::Unknown("takes a method of nothing".to_owned());
    };
    let (of, method) = (name(object), node.at(&["content", "func"]).and_then(Json::as_str).unwrap_or_default());
    if of != own {
        return Judged::Acts(format!("says that it is '{own}' and takes a method of '{of}'"));
    }
    let path = format!("{of}.{method}");
    if method.starts_with('_') || acts(&path) {
        return Judged::Acts(format!("takes the method '{method}' of '{of}'"));
    }
    class(&of)
}

fn operator(node: &Json, own: &str) -> Judged {
    let arguments = node.get("attrs").or_else(|| node.get("content")).unwrap_or(&Json::Null);
    let hidden = || texts(arguments).iter().any(|text| text.contains("__"));
    match own {
        "operator.itemgetter" => Judged::Harmless,
        "operator.attrgetter" if !hidden() => Judged::Harmless,
        "operator.methodcaller" if !hidden() => {
            Judged::Unknown("builds 'operator.methodcaller', which calls a method by its name".to_owned())
        }
        _ => Judged::Acts(format!("calls '{own}'")),
    }
}

/// All texts in a value.
fn texts(value: &Json) -> Vec<&str> {
    let (mut found, mut waiting) = (Vec::new(), vec![value]);
    while let Some(value) = waiting.pop() {
        // the keys of nodes are dunders themselves; what stands below `content` is the writer's
        let below = value.entries().iter().filter(|(key, _)| !key.starts_with("__")).map(|(_, value)| value);
        waiting.extend(below.chain(value.items()));
        found.extend(value.as_str());
    }
    found
}
