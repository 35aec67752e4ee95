//! What simple, pure calls would come to, so that a name that is put together while loading is seen through.

use std::collections::HashMap;

use bytes::Bytes;

use crate::scan::callables;
use crate::wire::pickle::{Call, Trace, Value, ValueId};

/// How far chains of calls are followed.
const DEPTH: u32 = 40;
/// The longest text or bytes that are put together; constants may be longer.
const MOST: usize = 1 << 20;

/// The longest path that is followed through calls.
const LONGEST_PATH: usize = 1000;
/// Paths that are remembered at one time.
const PATHS_KEPT: usize = 10_000;

/// What a value comes to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Folded {
    /// A module, or something in it, by its canonical path.
    Path(String),
    /// Text, as UTF-8.
    Text(Bytes),
    /// Bytes. What decompresses them is left out: an encoding is recognised by its content.
    Raw(Bytes),
    /// A number.
    Int(i64),
    /// `operator.attrgetter(name)`.
    AttrGetter(String),
    /// `operator.itemgetter(name)`.
    ItemGetter(String),
    /// `operator.methodcaller(name, …)`.
    MethodCaller(String),
}

/// Folds the values of one trace.
pub(super) struct Folder<'t> {
    trace: &'t Trace,
    calls: HashMap<ValueId, Option<Folded>>,
    /// Canonical paths by module and name: most pickles name the same few things again and again.
    paths: HashMap<(String, String), String>,
    /// Bytes that may still be put together.
    room: usize,
}

impl<'t> Folder<'t> {
    pub(super) fn new(trace: &'t Trace) -> Self {
        Self { trace, calls: HashMap::new(), paths: HashMap::new(), room: 16 * MOST }
    }

    pub(super) fn path(&mut self, id: ValueId) -> Option<String> {
        if let Some(Folded::Path(path)) = self.fold(id) { Some(path) } else { None }
    }

    pub(super) fn text(&mut self, id: ValueId) -> Option<String> {
        let Some(Folded::Text(text)) = self.fold(id) else { return None };
        Some(String::from_utf8_lossy(&text).into_owned())
    }

    pub(super) fn bytes(&mut self, id: ValueId) -> Option<Bytes> {
        match self.fold(id) {
            Some(Folded::Raw(bytes) | Folded::Text(bytes)) => Some(bytes),
            _ => None,
        }
    }

    pub(super) fn fold(&mut self, id: ValueId) -> Option<Folded> {
        self.fold_within(id, DEPTH)
    }

    fn fold_within(&mut self, id: ValueId, depth: u32) -> Option<Folded> {
        let depth = depth.checked_sub(1)?;
        match self.trace.value(id) {
            Value::Str(span) => Some(Folded::Text(self.trace.blob(span).bytes().clone())),
            Value::Bytes(span) | Value::ByteArray(span) => Some(Folded::Raw(self.trace.blob(span).bytes().clone())),
            Value::Int(value) => Some(Folded::Int(value)),
            Value::Global { module, name } => {
                let module = self.text_within(module, depth)?;
                let name = self.text_within(name, depth)?;
                Some(Folded::Path(self.canonical(module, name)))
            }
            // torch kept the source of a class beside its name once, and gives back the class
            Value::Persistent(pid) => match *self.trace.items(pid)? {
                [kind, class, ..] if self.trace.str(kind) == Some("module") => self.fold_within(class, depth),
                _ => None,
            },
            Value::Call(_) => {
                if let Some(folded) = self.calls.get(&id) {
                    return folded.clone();
                }
                let call = self.trace.call(id)?;
                // a path that grows with every call says nothing past some length
                let long = |folded: &Folded| matches!(folded, Folded::Path(path) if path.len() > LONGEST_PATH);
                let folded = self.call(call, depth).filter(|folded| !long(folded));
                self.calls.insert(id, folded.clone());
                folded
            }
            _ => None,
        }
    }

    fn canonical(&mut self, module: String, name: String) -> String {
        if self.paths.len() > PATHS_KEPT {
            self.paths.clear();
        }
        let key = (module, name);
        if let Some(path) = self.paths.get(&key) {
            return path.clone();
        }
        let path = callables::path(&key.0, &key.1);
        self.paths.insert(key, path.clone());
        path
    }

    fn text_within(&mut self, id: ValueId, depth: u32) -> Option<String> {
        let Some(Folded::Text(text)) = self.fold_within(id, depth) else { return None };
        Some(String::from_utf8_lossy(&text).into_owned())
    }

    fn call(&mut self, call: &Call, depth: u32) -> Option<Folded> {
        let callee = self.fold_within(call.callee, depth)?;
        let args = self.trace.items(call.args)?;
        let first = *args.first()?;
        match callee {
            Folded::AttrGetter(name) => {
                let Folded::Path(owner) = self.fold_within(first, depth)? else { return None };
                Some(Folded::Path(callables::path(&owner, &name)))
            }
            Folded::ItemGetter(name) => {
                let Folded::Path(owner) = self.fold_within(first, depth)? else { return None };
                item(&owner, &name)
            }
            Folded::Path(path) => self.known_call(&path, call, first, args, depth),
            _ => None,
        }
    }

    fn known_call(&mut self, path: &str, call: &Call, first: ValueId, args: &[ValueId], depth: u32) -> Option<Folded> {
        let second = args.get(1).copied();
        match path {
            "importlib.import_module" | "importlib.__import__" | "pkgutil.resolve_name" | "pydoc.locate" => {
                let name = self.text_within(first, depth)?.replace(':', ".");
                Some(Folded::Path(callables::path(&name, "")))
            }
            "builtins.__import__" => {
                // without a list of names it returns the outermost package
                let name = self.text_within(first, depth)?;
                let outer = name.split('.').next().unwrap_or(&name);
                Some(Folded::Path(callables::path(if args.len() > 3 { &name } else { outer }, "")))
            }
            "builtins.getattr"
            | "builtins.object.__getattribute__"
            | "builtins.type.__getattribute__"
            | "inspect.getattr_static" => {
                let owner = self.fold_within(first, depth)?;
                let name = self.text_within(second?, depth)?;
                let Folded::Path(owner) = owner else { return None };
                Some(Folded::Path(callables::path(&owner, &name)))
            }
            "builtins.vars" => {
                let Folded::Path(owner) = self.fold_within(first, depth)? else { return None };
                Some(Folded::Path(format!("{owner}.__dict__")))
            }
            "builtins.dict.get"
            | "builtins.dict.__getitem__"
            | "builtins.dict.pop"
            | "builtins.dict.setdefault"
            | "operator.getitem" => {
                let Folded::Path(owner) = self.fold_within(first, depth)? else { return None };
                let name = self.text_within(second?, depth)?;
                item(&owner, &name)
            }
            "operator.attrgetter" => self.text_within(first, depth).map(Folded::AttrGetter),
            "operator.itemgetter" => self.text_within(first, depth).map(Folded::ItemGetter),
            "operator.methodcaller" => self.text_within(first, depth).map(Folded::MethodCaller),
            "functools.partial" => {
                // a state replaces the function that was given first
                let state = call.states.last().and_then(|state| self.trace.items(*state)?.first().copied());
                self.fold_within(state.unwrap_or(first), depth)
            }
            "cloudpickle.cloudpickle._builtin_type" | "cloudpickle._builtin_type" => {
                let name = self.text_within(first, depth)?;
                Some(Folded::Path(callables::path("types", &name)))
            }
            "dill._dill._load_type" => {
                let name = self.text_within(first, depth)?;
                let module = if name.ends_with("Type") || name == "SimpleNamespace" { "types" } else { "builtins" };
                Some(Folded::Path(callables::path(module, &name)))
            }
            "builtins.chr" => {
                let Folded::Int(code) = self.fold_within(first, depth)? else { return None };
                let letter = u32::try_from(code).ok().and_then(char::from_u32)?;
                Some(Folded::Text(letter.to_string().into()))
            }
            _ => self.text_call(path, first, args, depth),
        }
    }

    /// Functions of text and bytes.
    fn text_call(&mut self, path: &str, first: ValueId, args: &[ValueId], depth: u32) -> Option<Folded> {
        let second = args.get(1).copied();
        let keep = |like: &Folded, bytes: Vec<u8>| match like {
            Folded::Text(_) => Folded::Text(bytes.into()),
            _ => Folded::Raw(bytes.into()),
        };
        if path == "builtins.bytes" || path == "builtins.bytearray" {
            if let Some(items) = self.trace.items(first) {
                let bytes: Option<Vec<u8>> =
                    items.iter().map(|item| u8::try_from(self.trace.int(*item)?).ok()).collect();
                return self.made(Folded::Raw(bytes?.into()));
            }
            return self.fold_within(first, depth);
        }
        let value = self.fold_within(first, depth)?;
        let (Folded::Text(bytes) | Folded::Raw(bytes)) = &value else { return None };
        let made = match path {
            "builtins.str.join" | "builtins.bytes.join" => {
                let mut joined = Vec::new();
                for (index, item) in self.trace.items(second?)?.to_vec().into_iter().enumerate() {
                    if index > 0 {
                        joined.extend_from_slice(bytes);
                    }
                    let (Folded::Text(part) | Folded::Raw(part)) = self.fold_within(item, depth)? else { return None };
                    joined.extend_from_slice(&part);
                    if joined.len() > MOST {
                        return None;
                    }
                }
                keep(&value, joined)
            }
            "operator.add" | "operator.concat" | "builtins.str.__add__" | "builtins.bytes.__add__" => {
                let (Folded::Text(more) | Folded::Raw(more)) = self.fold_within(second?, depth)? else { return None };
                if bytes.len().saturating_add(more.len()) > MOST {
                    return None;
                }
                keep(&value, [bytes.as_ref(), more.as_ref()].concat())
            }
            "builtins.str.replace" | "builtins.bytes.replace" => {
                let (Folded::Text(from) | Folded::Raw(from)) = self.fold_within(second?, depth)? else { return None };
                let to = self.fold_within(*args.get(2)?, depth)?;
                let (Folded::Text(to) | Folded::Raw(to)) = to else { return None };
                let text = String::from_utf8_lossy(bytes);
                let longest = text.len().saturating_mul(to.len().saturating_add(1));
                if longest > MOST {
                    return None;
                }
                let replaced = text.replace(&*String::from_utf8_lossy(&from), &String::from_utf8_lossy(&to));
                keep(&value, replaced.into_bytes())
            }
            "builtins.str.lower" | "builtins.bytes.lower" => keep(&value, bytes.to_ascii_lowercase()),
            "builtins.str.upper" | "builtins.bytes.upper" => keep(&value, bytes.to_ascii_uppercase()),
            "builtins.str.strip" | "builtins.bytes.strip" => keep(&value, bytes.trim_ascii().to_vec()),
            "builtins.bytes.decode" | "builtins.bytearray.decode" | "builtins.str" => Folded::Text(bytes.clone()),
            // what is compressed is recognised by whoever looks into it
            "builtins.str.encode"
            | "io.BytesIO"
            | "builtins.memoryview"
            | "zlib.decompress"
            | "gzip.decompress"
            | "bz2.decompress"
            | "lzma.decompress" => Folded::Raw(bytes.clone()),
            "_codecs.encode" | "_codecs.decode" | "codecs.encode" | "codecs.decode" => {
                let codec = match second {
                    Some(codec) => self.text_within(codec, depth)?,
                    None => "utf-8".to_owned(),
                };
                match codec.replace(['-', '_'], "").to_lowercase().as_str() {
                    "rot13" => Folded::Text(rot13(bytes).into()),
                    "hex" | "hexcodec" => Folded::Raw(unhex(bytes)?.into()),
                    "base64" | "base64codec" => Folded::Raw(unbase64(bytes)?.into()),
                    // as latin1 writes it in a pickle of protocol 2, each character is one byte
                    "latin1" | "iso88591" if path == "_codecs.encode" => {
                        let text = std::str::from_utf8(bytes).ok()?;
                        let bytes: Option<Vec<u8>> = text.chars().map(|letter| u8::try_from(letter).ok()).collect();
                        Folded::Raw(bytes?.into())
                    }
                    _ if path.ends_with("encode") => Folded::Raw(bytes.clone()),
                    _ => Folded::Text(bytes.clone()),
                }
            }
            "builtins.bytes.fromhex"
            | "builtins.bytearray.fromhex"
            | "binascii.unhexlify"
            | "binascii.a2b_hex"
            | "base64.b16decode" => Folded::Raw(unhex(bytes)?.into()),
            "base64.b64decode"
            | "base64.standard_b64decode"
            | "base64.urlsafe_b64decode"
            | "base64.decodebytes"
            | "binascii.a2b_base64" => Folded::Raw(unbase64(bytes)?.into()),
            _ => return None,
        };
        self.made(made)
    }

    fn made(&mut self, folded: Folded) -> Option<Folded> {
        if let Folded::Text(bytes) | Folded::Raw(bytes) = &folded {
            self.room = self.room.checked_sub(bytes.len())?;
        }
        Some(folded)
    }
}

/// What a dictionary of a module holds under a name.
fn item(owner: &str, name: &str) -> Option<Folded> {
    if owner == "sys.modules" || owner.ends_with(".sys.modules") {
        return Some(Folded::Path(callables::path(name, "")));
    }
    for dictionary in ["__builtins__", "__builtins__.__dict__"] {
        if owner.ends_with(dictionary) {
            return Some(Folded::Path(callables::path("builtins", name)));
        }
    }
    let owner = owner.strip_suffix(".__dict__").or_else(|| owner.strip_suffix(".__globals__"))?;
    Some(Folded::Path(callables::path(owner, name)))
}

fn rot13(bytes: &[u8]) -> Vec<u8> {
    let turn = |byte: u8, first: u8| byte.wrapping_sub(first).wrapping_add(13).rem_euclid(26).wrapping_add(first);
    let letter = |byte: &u8| match *byte {
        b'a'..=b'z' => turn(*byte, b'a'),
        b'A'..=b'Z' => turn(*byte, b'A'),
        other => other,
    };
    bytes.iter().map(letter).collect()
}

pub(super) fn unhex(bytes: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let digits: Vec<u8> = bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let (pairs, rest) = digits.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| Some((digit(*high)? << 4) | digit(*low)?)).collect()
}

pub(super) fn unbase64(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    let (mut word, mut bits) = (0_u32, 0_u32);
    for byte in bytes.iter().filter(|byte| !byte.is_ascii_whitespace() && **byte != b'=') {
        let digit = match byte {
            b'A'..=b'Z' => byte.wrapping_sub(b'A'),
            b'a'..=b'z' => byte.wrapping_sub(b'a').wrapping_add(26),
            b'0'..=b'9' => byte.wrapping_sub(b'0').wrapping_add(52),
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        word = (word << 6) | u32::from(digit);
        bits = bits.wrapping_add(6);
        if bits >= 8 {
            bits = bits.wrapping_sub(8);
            out.push(u8::try_from((word >> bits) & 0xff).ok()?);
        }
    }
    Some(out)
}
