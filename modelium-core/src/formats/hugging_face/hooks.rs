//! Places in a configuration that make a loader import or fetch code.

use crate::finding::Rule;
use crate::scan::rules::repository as rules;
use crate::scan::targets;
use crate::wire::json::Json;

use super::kind::{self, Kind};

/// One such place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hook {
    pub(super) rule: &'static Rule,
    /// The way to it: `auto_map.AutoModel`.
    pub(super) item: String,
    pub(super) message: String,
    pub(super) seen: String,
    /// The file of the folder that would run, if it is one of the folder.
    pub(super) file: Option<String>,
}

/// Libraries whose classes loaders build, and everything below them.
const LIBRARIES: &[&str] = &[
    "transformers",
    "diffusers",
    "peft",
    "sentence_transformers",
    "timm",
    "open_clip",
    "torch",
    "torchvision",
    "torchaudio",
    "accelerate",
    "optimum",
    "onnxruntime",
    "tokenizers",
    "k_diffusion",
    "setfit",
    "span_marker",
    "flair",
    "pyannote",
    "speechbrain",
    "espnet2",
    "trl",
    "unsloth",
    "adapters",
    "auto_gptq",
    "gptqmodel",
    "awq",
    "bitsandbytes",
    "mamba_ssm",
    "nemo",
    "pylate",
    "model2vec",
    "flax",
    "jax",
    "spacy",
    "sklearn",
    "keras",
    "tensorflow",
];

/// Modules of diffusers that a pipeline names without the library in front.
const PIPELINES: &[&str] = &[
    "stable_diffusion",
    "stable_diffusion_safe",
    "stable_diffusion_xl",
    "stable_diffusion_3",
    "paint_by_example",
    "latent_diffusion",
    "audioldm2",
    "deepfloyd_if",
    "kandinsky",
    "kandinsky2_2",
    "kandinsky3",
    "shap_e",
    "unidiffuser",
    "unclip",
    "versatile_diffusion",
    "alt_diffusion",
    "wuerstchen",
    "stable_cascade",
    "semantic_stable_diffusion",
    "t2i_adapter",
    "controlnet",
    "consistency_models",
    "ddim",
    "ddpm",
    "dit",
    "musicldm",
    "blip_diffusion",
    "gligen",
    "stable_unclip",
    "text_to_video_synthesis",
    "i2vgen_xl",
    "pixart_alpha",
    "hunyuandit",
    "flux",
    "lumina",
    "lumina2",
    "cogvideo",
    "mochi",
    "ltx",
    "allegro",
    "sana",
    "wan",
    "qwenimage",
    "stable_audio",
    "deprecated",
    "visualcloze",
    "ledits_pp",
    "marigold",
    "aura_flow",
    "latte",
    "kolors",
    "omnigen",
    "chroma",
    "bria",
    "skyreels_v2",
    "cosmos",
];

/// All places of a document, whatever it is.
pub(super) fn of_document(root: &Json) -> Vec<Hook> {
    let mut hooks = Vec::new();
    match kind::of_document(root) {
        Some(kind @ (Kind::Pipeline | Kind::Part)) => pipeline(root, kind, &mut hooks),
        Some(Kind::Modules) => modules(root, &mut hooks),
        _ => {}
    }
    let mut waiting = vec![(root, String::new())];
    while let Some((value, path)) = waiting.pop() {
        for (key, below) in value.entries() {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            entry(key, below, &path, &mut hooks);
            if matches!(below, Json::Object(_) | Json::Array(_)) && path.len() < 1000 {
                waiting.push((below, path));
            }
        }
        let nested = value.items().iter().filter(|item| matches!(item, Json::Object(_) | Json::Array(_)));
        waiting.extend(nested.map(|item| (item, path.clone())));
    }
    hooks
}

/// Keys that mean the same wherever they stand.
fn entry(key: &str, value: &Json, path: &str, hooks: &mut Vec<Hook>) {
    match key {
        "auto_map" => auto_map(value, path, hooks),
        "custom_pipelines" => {
            for (name, pipeline) in value.entries() {
                if let Some(class) = pipeline.get("impl").and_then(Json::as_str) {
                    reference(class, &format!("{path}.{name}.impl"), hooks);
                }
            }
        }
        "auto_mapping" => {
            let library = value.get("parent_library").and_then(Json::as_str);
            if let Some(library) = library {
                let class = value.get("base_model_class").and_then(Json::as_str).unwrap_or("?");
                imported(library, class, &format!("{path}.parent_library"), &[], hooks);
            }
        }
        "custom_generate" | "custom_pipeline" => {
            if let Some(source) = value.as_str().filter(|source| !source.is_empty()) {
                let remote = source.contains('/');
                let (rule, what) = if remote {
                    (&rules::REMOTE_CODE, "fetches and runs code of")
                } else {
                    (&rules::OWN_CODE, "runs the folder's")
                };
                let file = (!remote).then(|| format!("{}.py", source.trim_end_matches(".py")));
                hooks.push(Hook {
                    rule,
                    item: path.to_owned(),
                    message: format!("'{path}' {what} '{source}'"),
                    seen: source.to_owned(),
                    file,
                });
            }
        }
        "py/object" | "py/reduce" | "py/repr" | "py/function" | "py/newargs" | "py/newargsex" | "py/initargs" => {
            json_pickle(key, value, path, hooks);
        }
        "trust_remote_code" if value.as_bool() == Some(true) => hooks.push(Hook {
            rule: &rules::TRUSTS_CODE,
            item: path.to_owned(),
            message: format!("'{path}' lets loaders run code that a repository brings"),
            seen: "trust_remote_code: true".to_owned(),
            file: None,
        }),
        "attn_implementation" | "_attn_implementation" | "_attn_implementation_internal" => {
            if let Some(name) = value.as_str().filter(|name| name.contains('/')) {
                hooks.push(Hook {
                    rule: &rules::REMOTE_KERNEL,
                    item: path.to_owned(),
                    message: format!("'{path}' asks for the kernels of '{name}'"),
                    seen: name.to_owned(),
                    file: None,
                });
            }
        }
        _ => {}
    }
}

/// `{"AutoModel": "modeling.Model"}`, or a list with a slow and a fast class; a repository in front of `--`.
fn auto_map(value: &Json, path: &str, hooks: &mut Vec<Hook>) {
    if let Some(class) = value.as_str() {
        reference(class, path, hooks);
    }
    for (name, classes) in value.entries() {
        let one = classes.as_str();
        let several = classes.items().iter().filter_map(Json::as_str);
        for class in one.into_iter().chain(several) {
            reference(class, &format!("{path}.{name}"), hooks);
        }
    }
}

/// `module.Class`, or `owner/repository--module.Class`.
fn reference(class: &str, item: &str, hooks: &mut Vec<Hook>) {
    let (repository, local) =
        class.split_once("--").map_or((None, class), |(repository, local)| (Some(repository), local));
    let module = local.rsplit_once('.').map_or(local, |(module, _)| module);
    let name = local.rsplit('.').next().unwrap_or(local);
    let file = format!("{}.py", module.replace('.', "/"));
    let (rule, message) = match repository {
        Some(repository) => (
            &rules::REMOTE_CODE,
            format!("'{item}' makes a loader fetch '{file}' of the repository '{repository}' and run it for '{name}'"),
        ),
        None => (&rules::OWN_CODE, format!("'{item}' makes a loader run '{file}' of the folder for '{name}'")),
    };
    let file = repository.is_none().then_some(file);
    hooks.push(Hook { rule, item: item.to_owned(), message, seen: class.to_owned(), file });
}

/// Tags of jsonpickle: it imports the class of an object, calls the first item of a reduction, and evaluates a repr.
fn json_pickle(key: &str, value: &Json, path: &str, hooks: &mut Vec<Hook>) {
    const HOLDERS: &[&str] = &[
        "builtins.",
        "collections.",
        "datetime.",
        "decimal.Decimal",
        "fractions.",
        "uuid.UUID",
        "pathlib.",
        "numpy.",
        "pandas.",
    ];
    let first = value.items().first();
    let name =
        value.as_str().or_else(|| first?.as_str()).or_else(|| first?.entries().first()?.1.as_str()).unwrap_or("?");
    let holder = HOLDERS.iter().any(|start| name.starts_with(start))
        || LIBRARIES.contains(&name.split('.').next().unwrap_or(name));
    if key == "py/object" && holder && !targets::acts(name) {
        return;
    }
    hooks.push(Hook {
        rule: &rules::JSON_PICKLE,
        item: path.to_owned(),
        message: format!("'{key}' makes jsonpickle build or call '{name}'"),
        seen: name.to_owned(),
        file: None,
    });
}

/// A module that a loader imports to take a class from it; `also` are modules that are known beside the libraries.
fn imported(module: &str, class: &str, item: &str, also: &[&str], hooks: &mut Vec<Hook>) {
    let top = module.split('.').next().unwrap_or(module);
    let full = format!("{module}.{class}");
    let acts = targets::acts(&full);
    if !acts && (LIBRARIES.contains(&top) || also.contains(&module)) {
        return;
    }
    let (rule, message) = if acts {
        (&rules::ACTING_LIBRARY, format!("'{item}' makes a loader take '{class}' from '{module}', which acts"))
    } else {
        (&rules::UNKNOWN_LIBRARY, format!("'{item}' makes a loader import '{module}', of which nothing is known"))
    };
    let file = Some(format!("{}.py", module.replace('.', "/")));
    hooks.push(Hook { rule, item: item.to_owned(), message, seen: full, file });
}

/// The parts of a pipeline: `"unet": ["diffusers", "UNet2DConditionModel"]`; the class itself may come with its file.
///
/// A part's own configuration holds lists of two words too, names of classes or of functions without a module.
fn pipeline(root: &Json, kind: Kind, hooks: &mut Vec<Hook>) {
    for (name, value) in root.entries() {
        let [module, class] = value.items() else { continue };
        let (Some(module), Some(class)) = (module.as_str(), class.as_str()) else { continue };
        let lower = module.starts_with(|c: char| c.is_lowercase() || c == '_');
        let upper = class.starts_with(|c: char| c.is_uppercase());
        let names_module = lower && (upper || targets::acts(&format!("{module}.{class}")));
        if name == "_class_name" {
            reference(&format!("{module}.{class}"), name, hooks);
        } else if !name.starts_with('_') && (kind == Kind::Pipeline || names_module) {
            imported(module, class, name, PIPELINES, hooks);
        }
    }
}

/// The steps of sentence-transformers: `"type": "sentence_transformers.models.Pooling"`.
fn modules(root: &Json, hooks: &mut Vec<Hook>) {
    for (index, step) in root.items().iter().enumerate() {
        let Some(class) = step.get("type").and_then(Json::as_str) else { continue };
        let item = format!("[{index}].type");
        if class.contains("--") {
            reference(class, &item, hooks);
            continue;
        }
        let (module, name) = class.rsplit_once('.').unwrap_or(("", class));
        imported(module, name, &item, &[], hooks);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blob::Blob;
    use crate::context::Context;

    fn codes(text: &str) -> Vec<&'static str> {
        let blob = Blob::from_bytes("t", text.as_bytes().to_vec());
        let root = crate::wire::json::parse(&blob, &Context::new()).unwrap().root;
        of_document(&root).iter().map(|hook| hook.rule.id).collect()
    }

    #[test]
    fn classes_of_known_libraries_are_no_hooks() {
        for text in [
            r#"{"_class_name": "StableDiffusionPipeline", "_diffusers_version": "0.30.0", "unet": ["diffusers", "UNet2DConditionModel"],
                "safety_checker": ["stable_diffusion", "StableDiffusionSafetyChecker"], "feature_extractor": [null, null],
                "tokenizer": ["transformers", "CLIPTokenizer"], "scheduler": ["diffusers", "PNDMScheduler"]}"#,
            r#"{"_class_name": "UNet2DModel", "down_block_types": ["DownBlock2D", "AttnDownBlock2D"], "act": ["silu", "gelu"]}"#,
            r#"[{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}]"#,
            r#"{"peft_type": "LORA", "auto_mapping": {"base_model_class": "BertModel", "parent_library": "transformers.models.bert.modeling_bert"}}"#,
            r#"{"model_type": "bert", "auto_map": {}, "trust_remote_code": false, "attn_implementation": "sdpa"}"#,
            r#"{"py/object": "collections.OrderedDict"}"#,
        ] {
            assert_eq!(codes(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn code_of_the_folder_or_of_another_one_is_a_hook_at_any_depth() {
        for (text, code) in [
            (r#"{"auto_map": {"AutoTokenizer": ["tok.T", null]}}"#, "repository.own_code"),
            (r#"{"text_config": {"auto_map": {"AutoModel": "a/b--modeling.M"}}}"#, "repository.remote_code"),
            (r#"{"custom_pipelines": {"x": {"impl": "p.P", "pt": []}}}"#, "repository.own_code"),
            (r#"{"_class_name": ["pipeline", "P"], "unet": ["diffusers", "U"]}"#, "repository.own_code"),
            (r#"{"_class_name": "P", "unet": ["os", "system"]}"#, "repository.acting_library"),
            (r#"{"_class_name": "P", "anything": ["os", "system"]}"#, "repository.acting_library"),
            (r#"{"_class_name": "P", "unet": ["mine", "Net"]}"#, "repository.unknown_library"),
            (r#"[{"idx": 0, "name": "0", "path": "", "type": "custom_st.Transformer"}]"#, "repository.unknown_library"),
            (
                r#"{"peft_type": "LORA", "auto_mapping": {"base_model_class": "E", "parent_library": "mine"}}"#,
                "repository.unknown_library",
            ),
            (r#"{"a": [{"trust_remote_code": true}]}"#, "repository.trusts_code"),
            (r#"{"custom_generate": "owner/name"}"#, "repository.remote_code"),
            (r#"{"a": {"py/reduce": [{"py/type": "os.system"}]}}"#, "repository.json_pickle"),
            (r#"{"py/object": "subprocess.Popen"}"#, "repository.json_pickle"),
            (r#"{"_attn_implementation": "owner/kernel"}"#, "repository.remote_kernel"),
        ] {
            assert_eq!(codes(text), [code], "{text}");
        }
    }
}
