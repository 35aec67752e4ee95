//! The source text inside TorchScript archives, looked at word by word: which operators it calls.
//!
//! TorchScript is a small language, and what it can do beyond computing it does through operators: `torch.name(…)` for
//! those of `aten`, `ops.namespace.name(…)` for all. No other way leads out, so listing the operators is enough; names
//! that are bound to something else first (`_0 = torch`) are reported too.

use crate::blob::Blob;

/// A use of an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Use {
    /// Where in the text.
    pub(super) byte: u64,
    /// The namespace.
    pub(super) domain: String,
    /// The operator; empty where the namespace itself is taken as a value.
    pub(super) name: String,
}

/// What an operator does beyond computing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Writes,
    Reads,
    /// PyTorch does not bring it.
    Unknown,
}

/// Operators that PyTorch brings and that do more than compute. Those of `aten` are a closed set; the rest of it
/// computes.
const ACTING: &[(&str, &str, Act)] = &[
    ("aten", "save", Act::Writes),
    ("aten", "_save", Act::Writes),
    ("aten", "from_file", Act::Reads),
    ("aten", "load", Act::Reads),
    ("aten", "_load", Act::Reads),
    ("aten", "open", Act::Reads),
    ("image", "write_file", Act::Writes),
    ("image", "read_file", Act::Reads),
    ("prim", "rpc_async", Act::Unknown),
    ("prim", "rpc_sync", Act::Unknown),
    ("prim", "rpc_remote", Act::Unknown),
    ("prim", "PythonOp", Act::Unknown),
];

/// Namespaces that PyTorch and its domain libraries bring and that compute.
const COMPUTING: &[&str] = &[
    "aten",
    "prim",
    "prims",
    "quantized",
    "_quantized",
    "quantized_decomposed",
    "mkldnn",
    "mkldnn_prepacked",
    "onednn",
    "sparse",
    "static_runtime",
    "tensorexpr",
    "image",
    "torchvision",
    "torchaudio",
    "torchtext",
    "higher_order",
    "inductor",
    "prepacked",
    "metal_prepack",
    "vulkan_prepack",
    "_caffe2",
    "torch",
    "profiler",
    "cuda",
    "xnnpack",
    "rev",
];

impl Use {
    /// What it does beyond computing.
    pub(super) fn act(&self) -> Option<Act> {
        if self.name.is_empty() {
            return Some(Act::Unknown);
        }
        let known = ACTING.iter().find(|(domain, name, _)| *domain == self.domain && *name == self.name);
        if let Some((.., act)) = known {
            return Some(*act);
        }
        // sox and video read and write files by name
        let files = ["sox_io", "read_video", "load_audio", "save_audio"];
        if files.iter().any(|part| self.name.contains(part)) {
            return Some(Act::Reads);
        }
        (!COMPUTING.contains(&self.domain.as_str())).then_some(Act::Unknown)
    }
}

/// The operators that a text uses, in order.
pub(super) fn uses(text: &Blob) -> Vec<Use> {
    let mut uses = Vec::new();
    let mut words = Words { text, at: 0 };
    while let Some((start, chain)) = words.next_chain() {
        let byte = start as u64;
        let mut steps = chain.split('.');
        match (steps.next(), steps.next(), steps.next()) {
            (Some("torch"), Some("ops"), _) | (Some("torch" | "ops"), None, _) => {
                uses.push(Use { byte, domain: chain.to_owned(), name: String::new() });
            }
            (Some("torch"), Some(name), None) => {
                uses.push(Use { byte, domain: "aten".to_owned(), name: name.to_owned() });
            }
            (Some("torch"), Some(module), Some(name)) => {
                // torch.classes.ns.Name, torch.jit.annotate, torch._C.…
                let domain =
                    if matches!(module, "jit" | "nn") { "torch".to_owned() } else { format!("torch.{module}") };
                uses.push(Use { byte, domain, name: name.to_owned() });
            }
            (Some("ops"), Some(domain), name) => {
                let (domain, name) = (domain.to_owned(), name.unwrap_or_default().to_owned());
                uses.push(Use { byte, domain, name });
            }
            (Some("__torch__"), Some("torch"), Some("classes")) => {
                let domain = steps.next().unwrap_or_default().to_owned();
                uses.push(Use { byte, domain, name: steps.next().unwrap_or_default().to_owned() });
            }
            _ => {}
        }
    }
    uses
}

/// Dotted names outside of strings and comments.
struct Words<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Words<'a> {
    fn next_chain(&mut self) -> Option<(usize, &'a str)> {
        loop {
            let byte = *self.text.get(self.at)?;
            match byte {
                b'#' => self.skip_while(|byte| byte != b'\n'),
                b'"' | b'\'' => self.skip_string(byte),
                // the attribute of a value is not a name of its own
                b'.' | b'0'..=b'9' => {
                    self.at = self.at.saturating_add(1);
                    self.skip_while(is_word);
                }
                byte if is_word(byte) => {
                    let start = self.at;
                    self.skip_while(|byte| is_word(byte) || byte == b'.');
                    let chain = self.text.get(start..self.at).and_then(|chain| std::str::from_utf8(chain).ok());
                    return Some((start, chain.unwrap_or_default().trim_end_matches('.')));
                }
                _ => self.at = self.at.saturating_add(1),
            }
        }
    }

    fn skip_while(&mut self, takes: impl Fn(u8) -> bool) {
        while self.text.get(self.at).is_some_and(|byte| takes(*byte)) {
            self.at = self.at.saturating_add(1);
        }
    }

    fn skip_string(&mut self, quote: u8) {
        self.at = self.at.saturating_add(1);
        while let Some(byte) = self.text.get(self.at) {
            let step = if *byte == b'\\' { 2 } else { 1 };
            self.at = self.at.saturating_add(step);
            if *byte == quote {
                return;
            }
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The parameters and the result of a class's `forward`, as the text spells their types; the first parameter is left
/// out.
pub(super) fn forward(text: &str, class: &str) -> Option<(Vec<(String, String)>, String)> {
    let start = text.find(&format!("class {class}("))?;
    let rest = text.get(start..)?;
    let end = rest.get(1..).and_then(|rest| rest.find("\nclass ")).map_or(rest.len(), |end| end.saturating_add(1));
    let body = rest.get(..end)?;
    let open = body.find("def forward(")?.saturating_add("def forward(".len());
    let list = body.get(open..)?;
    let close = list.find(") -> ")?;
    let result = list.get(close..)?.strip_prefix(") -> ")?;
    let result = result.split(":\n").next()?.trim();
    let parameters = split_top(list.get(..close)?).into_iter().skip(1).filter_map(|parameter| {
        let (name, ty) = parameter.split_once(':')?;
        let ty = ty.split('=').next().unwrap_or(ty);
        Some((name.trim().to_owned(), ty.trim().to_owned()))
    });
    Some((parameters.collect(), result.to_owned()))
}

/// Parts between commas that stand outside of brackets.
fn split_top(list: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut from) = (Vec::new(), 0_u32, 0_usize);
    for (at, c) in list.char_indices() {
        match c {
            '[' | '(' => depth = depth.saturating_add(1),
            ']' | ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.extend(list.get(from..at));
                from = at.saturating_add(1);
            }
            _ => {}
        }
    }
    parts.extend(list.get(from..));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operators(text: &str) -> Vec<(String, String)> {
        let uses = uses(&Blob::from_bytes("m.py", text.as_bytes().to_vec()));
        uses.into_iter().map(|found| (found.domain, found.name)).collect()
    }

    #[test]
    fn operators_are_found_outside_of_strings_and_comments() {
        let text = "  # torch.save(x)\n  s = \"ops.a.b\\\" torch.load\"\n  _0 = torch.relu(ops.quantized.add(x, y))\n";
        let expected = [("aten", "relu"), ("quantized", "add")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(operators(text), expected);
    }

    #[test]
    fn a_namespace_that_is_bound_to_a_name_is_no_way_around() {
        assert_eq!(operators("_0 = torch\n_1 = _0.save(x, \"f\")\n"), [("torch".to_owned(), String::new())]);
        let found = uses(&Blob::from_bytes("m.py", &b"ops.mine.run(x)"[..]));
        assert_eq!(found[0].act(), Some(Act::Unknown));
    }

    #[test]
    fn forward_is_read_with_its_types() {
        let text = "class M(Module):\n  def forward(self: __torch__.M,\n    x: Tensor,\n    d: Dict[str, Tensor]) -> Tuple[Tensor, Tensor]:\n    return x\n";
        let (parameters, result) = forward(text, "M").unwrap();
        let expected = [("x", "Tensor"), ("d", "Dict[str, Tensor]")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!((parameters.as_slice(), result.as_str()), (&expected[..], "Tuple[Tensor, Tensor]"));
    }
}
