//! The classes of Keras that do more than compute: they run bytecode, unpickle, load files, or call by name.

use crate::error::Result;
use crate::scan::keras::{Judge, Object, Step, acts, bytecode, is_function, names, show};
use crate::scan::rules;
use crate::wire::json::Json;

/// Judges an object of such a class; true if that settles it.
pub(super) fn judge<'a>(judge: &mut Judge<'a, '_, '_>, object: &Object<'a>, way: &[Step<'_>]) -> Result<bool> {
    match object.class {
        // `module` decides nothing here: whoever writes such an object wants it called
        "__lambda__" => code(judge, object.json, "a serialised function", way),
        "Lambda" => lambda(judge, object, way),
        "TorchModuleWrapper" => pickle(judge, object, way)?,
        "TFSMLayer" => {
            let path = object.setting("filepath").and_then(Json::as_str).unwrap_or("?");
            let message = "the layer TFSMLayer loads a SavedModel by its path and runs it";
            judge.report(&rules::keras::OTHER_MODEL, way, path, message, path);
        }
        "TFOpLambda" | "SlicingOpLambda" => operation(judge, object, way),
        "ClassMethod" | "InstanceMethod" | "InstanceProperty" => member(judge, object, way),
        "TensorFlowOpLayer" => node(judge, object, way),
        _ => {
            vocabulary(judge, object, way);
            return Ok(false);
        }
    }
    Ok(true)
}

/// A `Lambda` runs what its `function` is: bytecode, unless it names a function that Keras brings.
fn lambda(judge: &mut Judge<'_, '_, '_>, object: &Object<'_>, way: &[Step<'_>]) {
    let by_name = |function: &Json| match function {
        Json::String(name) => is_function(name),
        Json::Object(_) => {
            let named = function.get("class_name").and_then(Json::as_str) == Some("function");
            // the walk judges the function itself
            named && function.get("config").and_then(Json::as_str).is_some()
        }
        _ => false,
    };
    let types = ["function_type", "output_shape_type", "mask_type"];
    let coded = types.iter().any(|key| object.setting(key).and_then(Json::as_str) == Some("lambda"));
    if !coded && object.setting("function").is_some_and(by_name) {
        return;
    }
    if let Some(module) = object.module.filter(|module| acts(module, object.class)) {
        let name = object.config.and_then(Json::as_str).unwrap_or(object.class);
        judge.unknown("function", module, name, way);
    }
    code(judge, object.config.unwrap_or(object.json), "the layer Lambda", way);
}

/// Bytecode, with the names that it uses as evidence.
fn code(judge: &mut Judge<'_, '_, '_>, json: &Json, what: &str, way: &[Step<'_>]) {
    let seen = bytecode::names(json);
    let message = match seen.as_slice() {
        [] => format!("{what} runs Python bytecode or a function that the configuration names"),
        _ => format!("{what} runs Python bytecode that the configuration holds"),
    };
    let evidence = if seen.is_empty() { String::new() } else { format!("names in the code: {}", seen.join(", ")) };
    // a Lambda and the function in it are one program
    let key = if evidence.is_empty() { judge.place(way) } else { evidence.clone() };
    judge.report(&rules::keras::BYTECODE, way, &key, message, &evidence);
}

/// `TorchModuleWrapper` hands the decoded bytes of `module` to `torch.load`.
fn pickle(judge: &mut Judge<'_, '_, '_>, object: &Object<'_>, way: &[Step<'_>]) -> Result<()> {
    let message = "the layer TorchModuleWrapper unpickles the module that its configuration holds";
    let place = judge.place(way);
    judge.report(&rules::keras::PICKLE, way, &place, message, "torch.load(BytesIO(config['module']))");
    let text = object.setting("module").and_then(Json::as_str);
    if let Some(bytes) = text.and_then(bytecode::base64).filter(|bytes| !bytes.is_empty()) {
        judge.exam.inflate(bytes.len() as u64)?;
        let blob = crate::blob::Blob::from_bytes(judge.part.blob.name(), bytes);
        judge.exam.child(judge.part, format!("{place}.config.module"), blob)?;
    }
    Ok(())
}

/// Keras 2 calls functions of TensorFlow by their public name.
fn operation(judge: &mut Judge<'_, '_, '_>, object: &Object<'_>, way: &[Step<'_>]) {
    if object.class == "SlicingOpLambda" && object.setting("function").is_none() {
        return;
    }
    let name = object.setting("function").and_then(Json::as_str).unwrap_or_default();
    if names::TENSORFLOW.binary_search(&name).is_ok() {
        return;
    }
    let last = name.rsplit('.').next().unwrap_or_default();
    let acting = ["write", "Write", "save", "Save", "py_func", "numpy_function", "py_function", "PyFunc", "load_"];
    let (rule, does) = if acting.iter().any(|start| last.contains(start)) {
        (&rules::keras::GADGET, "acts beyond computing")
    } else if ["read", "Read", "matching_files"].iter().any(|start| last.contains(start)) {
        (&rules::keras::FILE_READ, "reads files")
    } else {
        (&rules::keras::UNKNOWN_OBJECT, "is not known to only compute")
    };
    let shown = show("tf", name);
    judge.report(rule, way, &shown, format!("a layer calls '{shown}', which {does}"), &shown);
}

/// Keras 2 calls methods of TensorFlow's classes by name.
fn member(judge: &mut Judge<'_, '_, '_>, object: &Object<'_>, way: &[Step<'_>]) {
    let text = |key: &str| object.setting(key).and_then(Json::as_str).unwrap_or_default();
    let class = text("cls_symbol");
    let name = [text("method_name"), text("attr_name")].into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !name.starts_with("__");
    let known = ["", "RaggedTensor", "SparseTensor", "Tensor", "sparse.SparseTensor", "linalg.LinearOperator"];
    if plain && known.contains(&class) {
        return;
    }
    let shown = show(class, name);
    let rule = if acts(class, name) { &rules::keras::GADGET } else { &rules::keras::UNKNOWN_OBJECT };
    judge.report(rule, way, &shown, format!("a layer calls the method '{shown}'"), &shown);
}

/// A single node of a graph, written out. Which operator it is decides.
fn node(judge: &mut Judge<'_, '_, '_>, object: &Object<'_>, way: &[Step<'_>]) {
    const COMPUTE: [&str; 41] = [
        "Add",
        "AddV2",
        "BatchMatMul",
        "BatchMatMulV2",
        "BiasAdd",
        "Cast",
        "ConcatV2",
        "Cos",
        "Div",
        "Equal",
        "Exp",
        "ExpandDims",
        "Fill",
        "FloorDiv",
        "GatherV2",
        "Greater",
        "Identity",
        "Less",
        "Log",
        "MatMul",
        "Max",
        "Maximum",
        "Mean",
        "Minimum",
        "Mul",
        "Neg",
        "Pack",
        "Pow",
        "RealDiv",
        "Relu",
        "Reshape",
        "Rsqrt",
        "Shape",
        "Sigmoid",
        "Sin",
        "Softmax",
        "Sqrt",
        "Square",
        "StridedSlice",
        "Sub",
        "Sum",
    ];
    let text = object.setting("node_def").and_then(Json::as_str).unwrap_or_default();
    let quoted = text.split("op:").nth(1).or_else(|| text.split("\"op\":").nth(1));
    let name = quoted.and_then(|rest| rest.split('"').nth(1)).unwrap_or_default();
    if COMPUTE.contains(&name) || ["Squeeze", "Tanh", "Tile", "Transpose", "Unpack"].contains(&name) {
        return;
    }
    let acting = ["WriteFile", "PyFunc", "EagerPyFunc", "PyFuncStateless", "SaveV2", "Save"].contains(&name);
    let rule = if acting { &rules::keras::GADGET } else { &rules::keras::UNKNOWN_OBJECT };
    judge.report(rule, way, name, format!("a layer holds a node of a graph, operator '{name}'"), text);
}

/// Lookup layers read a vocabulary that is given as a path, and TensorFlow's paths can be addresses.
fn vocabulary(judge: &mut Judge<'_, '_, '_>, object: &Object<'_>, way: &[Step<'_>]) {
    for key in ["vocabulary", "vocab", "vocabulary_file", "vocab_file", "idf_weights", "merges", "proto"] {
        let Some(path) = object.setting(key).and_then(Json::as_str).filter(|path| !path.is_empty()) else { continue };
        // a tokenizer's model can stand there itself, encoded
        let is_path = path.len() < 4096 && (key != "proto" || path.contains(['/', '.', ':']) || path.len() < 64);
        if !is_path {
            continue;
        }
        let remote = path.split_once("://").is_some_and(|(scheme, _)| {
            !scheme.eq_ignore_ascii_case("file") && scheme.chars().all(|c| c.is_ascii_alphanumeric() || c == '+')
        });
        if remote {
            let message = format!("the object '{}' fetches its {key} from the network", object.class);
            judge.report(&rules::keras::NETWORK, way, path, message, path);
        } else {
            let message = format!("the object '{}' reads its {key} from a file", object.class);
            judge.report(&rules::keras::FILE_READ, way, path, message, path);
        }
    }
}
