//! Judges what a YAML text does to whoever loads it: tags that build Python objects, aliases that multiply, nesting.
//!
//! `yaml.safe_load` refuses such tags; `yaml.load` with an unsafe loader imports what they name and calls it. Which one
//! reads a config cannot be told from the config.

use crate::error::Location;
use crate::scan::targets::{Named, acts, within};
use crate::scan::{Exam, Part, hydra, rules};
use crate::wire::yaml::{CORE, Stream, Tagged, YamlError};

/// Values that aliases may stand for in all before it is a trap; honest configs stay far below.
const UNFOLDED: u64 = 1_000_000;

/// What `yaml.dump` writes for objects of common libraries: they hold values and do nothing.
const HOLDERS: &[&str] = &[
    "argparse.Namespace",
    "collections.OrderedDict",
    "collections.defaultdict",
    "collections.Counter",
    "collections.deque",
    "pathlib.",
    "datetime.",
    "decimal.Decimal",
    "fractions.Fraction",
    "uuid.UUID",
    "enum.",
    "torch.device",
    "torch.Size",
    "torch.dtype",
    "torch.nn.",
    "torch.optim.",
    "numpy.dtype",
    "numpy.ndarray",
    "numpy.core.multiarray.scalar",
    "numpy._core.multiarray.scalar",
    "numpy.core.multiarray._reconstruct",
    "numpy._core.multiarray._reconstruct",
    "omegaconf.",
    "pytorch_lightning.",
    "lightning.",
    "lightning_fabric.",
    "transformers.",
    "easydict.EasyDict",
    "yacs.config.CfgNode",
    "builtins.set",
    "builtins.frozenset",
    "builtins.range",
    "builtins.slice",
    "builtins.complex",
    "builtins.bytearray",
    "__builtin__.set",
    "types.SimpleNamespace",
];

/// Reports what loading a text does.
pub fn examine(text: &Stream, part: &Part, exam: &mut Exam<'_>) {
    for tagged in &text.tags {
        tag(tagged, part, exam);
    }
    if let Some(fault @ YamlError::TooDeep { at, .. }) = &text.fault {
        let at = Location { line: at.line, ..part.location() };
        exam.report(&rules::bundle::YAML_NESTS, at, fault.to_string());
    }
    if text.unfolded > UNFOLDED && text.unfolded / 100 > text.nodes {
        let values = text.nodes;
        let message = format!("{values} values stand for {} once aliases are replaced", text.unfolded);
        exam.report(&rules::bundle::YAML_UNFOLDS, part.location(), message);
    }
}

fn tag(tagged: &Tagged, part: &Part, exam: &mut Exam<'_>) {
    let at = Location { line: Some(tagged.line), ..part.location() };
    let foreign =
        |tag: &str| ["ruby/", "java/", "javax.", "java.", "perl/", "php/"].iter().any(|of| tag.starts_with(of));
    let local = tagged.tag.strip_prefix(CORE).or_else(|| tagged.tag.strip_prefix('!')).unwrap_or(&tagged.tag);
    let Some(python) = local.strip_prefix("python/") else {
        if let Some((kind @ ("new" | "apply" | "name" | "module"), name)) = local.split_once(':') {
            reference(kind, name, tagged, at, exam);
        } else if foreign(local) {
            let message = format!("the tag '{}' builds an object of another language's library", tagged.tag);
            exam.report_seen(&rules::bundle::YAML_UNKNOWN, at, message, &tagged.shown);
        }
        return;
    };
    let (kind, name) = python.split_once(':').unwrap_or((python, ""));
    let calls = match kind {
        "object/apply" | "object/new" => true,
        "object" | "name" | "module" => false,
        _ => return, // tuple, unicode, complex, …: values
    };
    let seen = if calls { format!("{name}({})", tagged.shown) } else { name.to_owned() };
    match judge(name) {
        Named::Acts => {
            let message = format!("the tag '{python}' {} '{name}'", if calls { "calls" } else { "reaches for" });
            exam.report_seen(&rules::bundle::YAML_CALLS, at, message, seen);
        }
        Named::Unknown if calls => {
            let message = format!("the tag '{python}' calls '{name}', of which nothing is known");
            exam.report_seen(&rules::bundle::YAML_UNKNOWN, at, message, seen);
        }
        Named::Harmless | Named::Unknown => {}
    }
}

/// Reports a tag of HyperPyYAML that names what acts: its only loader imports the name and, for two kinds, calls it.
/// Configs of SpeechBrain consist of such tags, so that what is unknown is no finding.
fn reference(kind: &str, name: &str, tagged: &Tagged, at: Location, exam: &mut Exam<'_>) {
    if hydra::judge(name) == Named::Acts {
        let does = if matches!(kind, "new" | "apply") { "calls" } else { "reaches for" };
        let message = format!("the tag '!{kind}:{name}' {does} '{name}'");
        exam.report_seen(&rules::bundle::YAML_CALLS, at, message, format!("{name}({})", tagged.shown));
    }
}

fn judge(name: &str) -> Named {
    let last = name.rsplit('.').next().unwrap_or(name);
    let class = last.starts_with(|c: char| c.is_ascii_uppercase()) || HOLDERS.contains(&name);
    if within(name, HOLDERS) && class && !name.contains("__") {
        Named::Harmless
    } else if acts(name) {
        Named::Acts
    } else {
        Named::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_dumps_of_honest_programs_hold_is_harmless() {
        for name in ["argparse.Namespace", "pathlib.PosixPath", "torch.device", "torch.nn.ReLU", "builtins.set"] {
            assert_eq!(judge(name), Named::Harmless, "{name}");
        }
        for name in
            ["os.system", "subprocess.Popen", "builtins.eval", "eval", "pathlib.os.system", "types.FunctionType"]
        {
            assert_eq!(judge(name), Named::Acts, "{name}");
        }
        assert_eq!(judge("mine.Thing"), Named::Unknown);
    }
}
