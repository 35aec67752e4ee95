//! What came of running a pickle, and easy ways to read it.

use std::borrow::Cow;

use crate::blob::Blob;
use crate::wire::pickle::value::{Call, Container, Span, Value, ValueId};
use crate::wire::pickle::{CallKind, Fault};

/// Spans from here on lie in what the machine made, not in the input.
pub(super) const OWNED: u64 = 1 << 63;

/// A run of one pickle.
#[derive(Debug)]
pub struct Trace {
    pub(super) input: Blob,
    pub(super) values: Vec<Value>,
    pub(super) pool: Vec<ValueId>,
    pub(super) containers: Vec<Vec<ValueId>>,
    pub(super) calls: Vec<Call>,
    pub(super) owned: Vec<u8>,
    pub(super) effects: Vec<Effect>,
    pub(super) result: Option<ValueId>,
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) fault: Option<Fault>,
    pub(super) protocol: Option<u8>,
    pub(super) instructions: u64,
    pub(super) highest_key: u64,
}

/// Something that loading does beyond building values of Python's own, and the opcode that does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    /// Where the opcode starts.
    pub byte: u64,
    /// What it does.
    pub kind: EffectKind,
}

/// What an effect is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EffectKind {
    /// A module is imported and a name looked up in it; both are constants.
    Reference(ValueId),
    /// As above, but the module or the name is no constant.
    Computed(ValueId),
    /// A call, or an object made: the [`Value::Call`].
    Call(ValueId),
    /// A state is given to something: `__setstate__`, or its `__dict__` is filled and attributes are set.
    Build {
        /// The receiver.
        target: ValueId,
        /// The state.
        state: ValueId,
    },
    /// `append`, `extend` or `add` of something that is no plain list or set.
    Append {
        /// The receiver.
        target: ValueId,
        /// The first of the values.
        first: Option<ValueId>,
    },
    /// `__setitem__` of something that is no plain dictionary.
    SetItem {
        /// The receiver.
        target: ValueId,
        /// The first of the keys.
        key: Option<ValueId>,
    },
    /// A look-up in the extension registry of the process.
    Extension(ValueId),
    /// A look-up by the loader's own rule for persistent ids.
    Persistent(ValueId),
    /// A buffer beside the pickle is taken.
    Buffer(ValueId),
}

impl Trace {
    pub(super) fn new(input: &Blob, start: u64) -> Self {
        Self {
            input: input.clone(),
            // the constants that every value of their kind shares
            values: vec![Value::None, Value::Bool(false), Value::Bool(true), Value::Tuple(0, 0)],
            pool: Vec::new(),
            containers: Vec::new(),
            calls: Vec::new(),
            owned: Vec::new(),
            effects: Vec::new(),
            result: None,
            start,
            end: start,
            fault: None,
            protocol: None,
            instructions: 0,
            highest_key: 0,
        }
    }

    /// What loading returns; `None` if it ends with a fault.
    pub fn result(&self) -> Option<ValueId> {
        self.result
    }

    /// What loading does, in order.
    pub fn effects(&self) -> &[Effect] {
        &self.effects
    }

    /// What ended the run before `STOP`.
    pub fn fault(&self) -> Option<&Fault> {
        self.fault.as_ref()
    }

    /// The first byte of the pickle.
    pub fn start(&self) -> u64 {
        self.start
    }

    /// The byte behind the last instruction that was carried out.
    pub fn end(&self) -> u64 {
        self.end
    }

    /// The protocol that it declares.
    pub fn protocol(&self) -> Option<u8> {
        self.protocol
    }

    /// Instructions that were carried out.
    pub fn instructions(&self) -> u64 {
        self.instructions
    }

    /// The highest key of the memo that was used; a loader makes room for all keys below it.
    pub fn highest_key(&self) -> u64 {
        self.highest_key
    }

    /// Every call, in order.
    pub fn calls(&self) -> &[Call] {
        &self.calls
    }

    /// Every value that the run made, in order, used or not.
    pub fn values(&self) -> impl Iterator<Item = (ValueId, Value)> {
        (0..).map(ValueId).zip(self.values.iter().copied())
    }

    /// The value.
    pub fn value(&self, id: ValueId) -> Value {
        self.values.get(id.0 as usize).copied().unwrap_or(Value::None)
    }

    /// The bytes of a span.
    pub fn span(&self, span: Span) -> &[u8] {
        let (bytes, start) = match span.start.checked_sub(OWNED) {
            Some(start) => (self.owned.as_slice(), start),
            None => (&*self.input, span.start),
        };
        let range = usize::try_from(start).ok().zip(usize::try_from(span.length).ok());
        range.and_then(|(start, length)| bytes.get(start..start.checked_add(length)?)).unwrap_or_default()
    }

    /// The span as a window of the input, so that its place in the file is known; bytes that the machine made are copied.
    pub fn blob(&self, span: Span) -> Blob {
        let window = span.start.checked_add(span.length).and_then(|end| self.input.slice(span.start..end));
        window.unwrap_or_else(|| Blob::from_bytes(self.input.name(), self.span(span).to_vec()))
    }

    /// Where a span starts in the input; `None` for bytes that the machine made.
    pub fn place(&self, span: Span) -> Option<u64> {
        (span.start < OWNED).then_some(span.start)
    }

    /// The span of a string, bytes or a byte array.
    pub fn span_of(&self, id: ValueId) -> Option<Span> {
        match self.value(id) {
            Value::Str(span) | Value::Bytes(span) | Value::ByteArray(span) => Some(span),
            _ => None,
        }
    }

    /// A string, if it is one and is UTF-8.
    pub fn str(&self, id: ValueId) -> Option<&str> {
        let Value::Str(span) = self.value(id) else { return None };
        std::str::from_utf8(self.span(span)).ok()
    }

    /// A string; what is not UTF-8 (text of Python 2, halves of surrogate pairs) is replaced.
    pub fn text(&self, id: ValueId) -> Option<Cow<'_, str>> {
        let Value::Str(span) = self.value(id) else { return None };
        Some(String::from_utf8_lossy(self.span(span)))
    }

    /// Bytes, a byte array, or the bytes of a string, which Python 2 did not tell apart.
    pub fn bytes(&self, id: ValueId) -> Option<&[u8]> {
        self.span_of(id).map(|span| self.span(span))
    }

    /// An integer of 64 bits.
    pub fn int(&self, id: ValueId) -> Option<i64> {
        match self.value(id) {
            Value::Int(value) => Some(value),
            Value::Bool(value) => Some(value.into()),
            Value::Long(span) => {
                // writers use the long form for small numbers too
                let bytes = self.span(span);
                let filler = if bytes.last().is_some_and(|last| last & 0x80 != 0) { 0xff } else { 0 };
                let mut word = [filler; 8];
                word.get_mut(..bytes.len())?.copy_from_slice(bytes);
                Some(i64::from_le_bytes(word))
            }
            _ => None,
        }
    }

    /// A number that is not negative.
    pub fn size(&self, id: ValueId) -> Option<u64> {
        self.int(id).and_then(|value| u64::try_from(value).ok())
    }

    /// True or false.
    pub fn bool(&self, id: ValueId) -> Option<bool> {
        if let Value::Bool(value) = self.value(id) { Some(value) } else { None }
    }

    /// The values in a tuple, list, set or frozen set.
    pub fn items(&self, id: ValueId) -> Option<&[ValueId]> {
        match self.value(id) {
            Value::Tuple(start, count) | Value::FrozenSet(start, count) => {
                let start = start as usize;
                self.pool.get(start..start.checked_add(count as usize)?)
            }
            Value::List(container) | Value::Set(container) => Some(self.container(container)),
            _ => None,
        }
    }

    /// The values of a list or set, or the keys and values of a dictionary in turn.
    pub fn container(&self, container: Container) -> &[ValueId] {
        self.containers.get(container.0 as usize).map(Vec::as_slice).unwrap_or_default()
    }

    /// Keys and values of a dictionary, or those that were set on an object (`OrderedDict`), in order.
    pub fn entries(&self, id: ValueId) -> impl Iterator<Item = (ValueId, ValueId)> {
        let flat = match self.value(id) {
            Value::Dict(container) => self.container(container),
            Value::Call(_) => self.call(id).map(|call| call.entries.as_slice()).unwrap_or_default(),
            _ => &[],
        };
        flat.as_chunks().0.iter().map(|[key, value]| (*key, *value))
    }

    /// The last value under a key that is a string.
    pub fn get(&self, id: ValueId, key: &str) -> Option<ValueId> {
        self.entries(id).filter(|(found, _)| self.str(*found) == Some(key)).last().map(|(_, value)| value)
    }

    /// Module and name, where both are constants.
    pub fn global(&self, id: ValueId) -> Option<(&str, &str)> {
        let Value::Global { module, name } = self.value(id) else { return None };
        self.str(module).zip(self.str(name))
    }

    /// The call that made a value.
    pub fn call(&self, id: ValueId) -> Option<&Call> {
        let Value::Call(index) = self.value(id) else { return None };
        self.calls.get(index as usize)
    }

    /// What was called to make a value, where it is a constant name.
    pub fn callee(&self, id: ValueId) -> Option<(&str, &str)> {
        self.global(self.call(id)?.callee)
    }

    /// The positional arguments of the call that made a value.
    pub fn args(&self, id: ValueId) -> Option<&[ValueId]> {
        self.items(self.call(id)?.args)
    }

    /// The class of an object: what was called, or the first argument of the functions of `copyreg` that stand for it.
    pub fn class(&self, id: ValueId) -> Option<(&str, &str)> {
        let call = self.call(id)?;
        match self.global(call.callee)? {
            ("copyreg" | "copy_reg", "_reconstructor" | "__newobj__" | "__newobj_ex__")
                if call.kind == CallKind::Reduce =>
            {
                self.global(*self.items(call.args)?.first()?)
            }
            class => Some(class),
        }
    }

    /// An attribute of an object, from its last state that has it; a state may be a dictionary, or a pair of two.
    pub fn attr(&self, id: ValueId, name: &str) -> Option<ValueId> {
        let states = &self.call(id)?.states;
        states.iter().rev().find_map(|state| {
            self.get(*state, name).or_else(|| match (self.value(*state), self.items(*state)) {
                (Value::Tuple(..), Some([state, slots])) => self.get(*slots, name).or_else(|| self.get(*state, name)),
                _ => None,
            })
        })
    }
}
