//! Judges configs that name what to build: `_target_` of Hydra, `class_path` of Lightning, `target` of others.
//!
//! Whoever instantiates such a config imports the name and calls it with the keys beside it. Trees of libraries whose
//! classes are made for that are harmless; names that act are dangerous wherever they stand; what is unknown is
//! suspicious only where a loader will call it by itself, as NeMo does with the config in its archive (CVE-2025-23304).

use crate::error::{Location, Result};
use crate::scan::targets::{Named, acts, leads_elsewhere, within};
use crate::scan::{Exam, rules};
use crate::wire::json::Json;
use crate::wire::yaml;

/// Who reads the config.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// A loader that builds what it names, on its own.
    Loader,
    /// Nobody that is known; a person's program may.
    Unknown,
}

/// Trees of classes that exist to be named in configs. The last step must be spelt as a class is, or stand here alone.
const TREES: &[&str] = &[
    "nemo.collections.",
    "nemo.core.",
    "nemo.lightning.",
    "nemo.utils.exp_manager.",
    "torch.nn.",
    "torch.optim.",
    "torch.utils.data.",
    "torch.distributions.",
    "torch.distributed.fsdp.",
    "torchmetrics.",
    "torchvision.transforms.",
    "torchvision.models.",
    "torchvision.datasets.",
    "torchaudio.transforms.",
    "torchaudio.models.",
    "pytorch_lightning.",
    "lightning.",
    "lightning_fabric.",
    "lightning_utilities.",
    "transformers.",
    "diffusers.",
    "megatron.core.",
    "timm.",
    "omegaconf.",
    "collections.OrderedDict",
    "speechbrain.",
    "espnet2.",
    "ldm.",
    "sgm.",
    "sklearn.",
    "apex.optimizers.",
    "apex.normalization.",
    "bitsandbytes.optim.",
    "peft.",
    "monai.",
    "segmentation_models_pytorch.",
    "xgboost.",
    "lightgbm.",
    "catboost.",
];

/// Trees of functions that compute or build.
const FUNCTIONS: &[&str] =
    &["torch.nn.functional.", "torch.nn.init.", "torch.nn.utils.", "torchvision.models.", "timm.models."];

/// Functions in those trees, not spelt as classes are, that only build.
const BUILDERS: &[&str] = &["from_pretrained", "from_config", "create_model", "partial"];

/// What calling a name from a config does.
pub(crate) fn judge(name: &str) -> Named {
    let last = name.rsplit('.').next().unwrap_or(name);
    if within(name, TREES) && BUILDERS.contains(&last) && !leads_elsewhere(name) {
        return Named::Harmless;
    }
    if acts(name) {
        return Named::Acts;
    }
    let class = last.trim_start_matches('_').starts_with(|c: char| c.is_ascii_uppercase());
    if within(name, TREES) && (class || within(name, FUNCTIONS)) { Named::Harmless } else { Named::Unknown }
}

/// Reports the targets in a config that act or, for a loader's config, that are not known.
///
/// # Errors
/// `Cancelled` only.
pub fn examine(config: &Json, at: &Location, reader: Reader, exam: &mut Exam<'_>) -> Result<()> {
    let mut waiting = vec![(config, String::new())];
    while let Some((value, path)) = waiting.pop() {
        exam.cx().tick("scan", waiting.len() as u64, 0)?;
        for (key, below) in value.entries() {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            if let Some(name) = below.as_str().filter(|_| names_target(key, value)) {
                target(config, value, (name, &path), at, reader, exam);
            }
            if matches!(below, Json::Object(_) | Json::Array(_)) {
                waiting.push((below, shorten(path)));
            }
        }
        for (index, below) in value.items().iter().enumerate() {
            if matches!(below, Json::Object(_) | Json::Array(_)) {
                waiting.push((below, shorten(format!("{path}[{index}]"))));
            }
        }
    }
    Ok(())
}

/// Whether a key of a config names what is to be built from the keys beside it.
fn names_target(key: &str, beside: &Json) -> bool {
    match key {
        "_target_" => true,
        // Lightning's command line; configs of latent diffusion; NeMo's class of the whole model
        "class_path" => beside.get("init_args").is_some() || beside.entries().len() == 1,
        "target" => beside.get("params").is_some() || beside.get("nemo_version").is_some() || dotted(beside.get(key)),
        _ => false,
    }
}

/// A name with dots and nothing that a name does not have.
fn dotted(value: Option<&Json>) -> bool {
    let name = value.and_then(Json::as_str).unwrap_or_default();
    let step = |step: &str| !step.is_empty() && step.chars().all(|c| c.is_alphanumeric() || c == '_');
    name.contains('.') && name.split('.').all(step)
}

fn target(root: &Json, node: &Json, (name, path): (&str, &str), at: &Location, reader: Reader, exam: &mut Exam<'_>) {
    let name = resolve(name.trim(), root);
    let at = Location { item: Some(path.to_owned()), ..at.clone() };
    let seen = || {
        let plain = |key: &&(String, Json)| key.0 != "_target_" && key.0 != "class_path" && key.0 != "target";
        let arguments = node.entries().iter().filter(plain).cloned().collect();
        format!("{name}({})", yaml::shown(&Json::Object(arguments)))
    };
    let remote = node.get("trust_remote_code").and_then(Json::as_bool) == Some(true);
    match judge(&name) {
        Named::Acts => {
            let message = format!("'{path}' names '{name}', which acts when it is called");
            exam.report_seen(&rules::bundle::TARGET_ACTS, at, message, seen());
        }
        Named::Harmless if remote => {
            let message = format!("'{path}' lets '{name}' fetch and run code");
            exam.report_seen(&rules::bundle::TARGET_UNKNOWN, at, message, seen());
        }
        Named::Unknown if reader == Reader::Loader => {
            let message = format!("'{path}' names '{name}', of which nothing is known, and the loader calls it");
            exam.report_seen(&rules::bundle::TARGET_UNKNOWN, at, message, seen());
        }
        Named::Harmless | Named::Unknown => {}
    }
}

/// Replaces `${path}` by what stands there, as OmegaConf does before a target is called.
fn resolve(name: &str, root: &Json) -> String {
    const ROUNDS: usize = 8;
    const LONGEST: usize = 4096;
    let mut text = name.to_owned();
    for _ in 0..ROUNDS {
        let Some((before, rest)) = text.split_once("${") else { break };
        let Some((path, after)) = rest.split_once('}') else { break };
        let keys = path.trim_start_matches('.').split('.');
        let found = keys.clone().try_fold(root, |value, key| value.get(key)).and_then(Json::as_str);
        let Some(found) = found else { break };
        text = format!("{before}{found}{after}");
        if text.len() > LONGEST {
            break;
        }
    }
    text
}

/// Paths in messages end somewhere.
fn shorten(path: String) -> String {
    const LONGEST: usize = 200;
    match path.char_indices().nth(LONGEST) {
        Some((end, _)) => path.get(..end).unwrap_or_default().to_owned(),
        None => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_known_trees_are_harmless_and_chains_through_them_are_not() {
        assert_eq!(judge("nemo.collections.asr.models.EncDecCTCModel"), Named::Harmless);
        assert_eq!(judge("torch.optim.AdamW"), Named::Harmless);
        assert_eq!(judge("nemo.collections.asr.models.os.system"), Named::Acts);
        assert_eq!(judge("nemo.collections.common.run"), Named::Unknown);
        assert_eq!(judge("my_project.models.Net"), Named::Unknown);
        assert_eq!(judge("hydra.utils.get_method"), Named::Acts);
    }

    #[test]
    fn an_interpolation_is_resolved_before_it_is_judged() {
        let entry = |key: &str, value: &str| (key.to_owned(), Json::String(value.to_owned()));
        let root = Json::Object(vec![entry("m", "os"), entry("f", "${m}.system")]);
        assert_eq!(resolve("${f}", &root), "os.system");
        let endless = Json::Object(vec![entry("a", "${a}${a}")]);
        assert!(resolve("${a}", &endless).len() < 8192);
    }
}
