//! The machine: stack, marks and memo.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::blob::Blob;
use crate::context::Context;
use crate::error::Result;
use crate::wire::pickle::opcodes::{self, Argument, Instruction};
use crate::wire::pickle::text::{self, Number};
use crate::wire::pickle::trace::OWNED;
use crate::wire::pickle::value::{Call, CallKind, Container, Span, Value, ValueId};
use crate::wire::pickle::{Effect, EffectKind, Fault, FaultKind, Trace};

const NONE: ValueId = ValueId(0);
const FALSE: ValueId = ValueId(1);
const TRUE: ValueId = ValueId(2);
const EMPTY: ValueId = ValueId(3);

/// Instructions between two ticks.
const PER_TICK: u64 = 1 << 16;

/// How to run.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The stage that ticks are reported under.
    pub stage: &'static str,
    /// The most instructions to carry out; `None` for [`Limits::instructions`](crate::Limits::instructions).
    pub instructions: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Self { stage: "scan", instructions: None }
    }
}

/// What a loader does beyond the machine: joblib reads raw arrays from the stream behind some `BUILD`s.
pub trait Host {
    /// Called behind each `BUILD` with its receiver; `at` is the byte where raw bytes would start.
    ///
    /// # Errors
    /// `Cancelled` only.
    fn built(&mut self, trace: &Trace, target: ValueId, at: u64) -> Result<Built>;
}

/// What a host says about a `BUILD`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Built {
    /// Nothing special.
    Plain,
    /// Raw bytes follow, and what they stand for takes the receiver's place.
    Raw(Raw),
    /// Raw bytes follow, and nobody can say how many.
    Unknown(String),
}

/// Raw bytes in the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raw {
    /// The host's own number for them, kept in [`Value::Raw`].
    pub number: u64,
    /// Where the pickle goes on.
    pub end: u64,
}

struct NoHost;

impl Host for NoHost {
    fn built(&mut self, _: &Trace, _: ValueId, _: u64) -> Result<Built> {
        Ok(Built::Plain)
    }
}

/// Runs the pickle that starts at a byte of the blob.
///
/// # Errors
/// `Cancelled` only; all else is a fault of the trace.
pub fn run(blob: &Blob, start: u64, options: Options, cx: &Context) -> Result<Trace> {
    run_with(blob, start, options, &mut NoHost, cx)
}

/// As [`run`], with a host that knows what a loader reads beside opcodes.
///
/// # Errors
/// `Cancelled` only.
pub fn run_with(blob: &Blob, start: u64, options: Options, host: &mut dyn Host, cx: &Context) -> Result<Trace> {
    let mut machine = Machine {
        trace: Trace::new(blob, start),
        stack: Vec::new(),
        marks: Vec::new(),
        memo: Memo::default(),
        room: cx.limits().structure_bytes,
        cap: cx.limits().structure_bytes,
        frame: None,
        here: start,
        opcode: "",
    };
    let most = options.instructions.unwrap_or(cx.limits().instructions);
    let mut at = start;
    loop {
        let done = machine.trace.instructions;
        if done.is_multiple_of(PER_TICK) {
            cx.tick(options.stage, at, blob.len())?;
        }
        if done >= most {
            machine.fault(FaultKind::TooManyInstructions { cap: most });
            break;
        }
        machine.here = at;
        let instruction = match opcodes::decode(blob, at) {
            Ok(instruction) => instruction,
            Err(fault) => {
                machine.trace.fault = Some(fault);
                break;
            }
        };
        machine.opcode = instruction.opcode.name;
        if let Err(kind) = machine.step(blob, &instruction) {
            machine.fault(kind);
            break;
        }
        machine.trace.instructions = done.saturating_add(1);
        at = machine.next(instruction.end);
        machine.trace.end = at;
        if instruction.opcode.code == opcodes::STOP {
            break;
        }
        if instruction.opcode.code == opcodes::BUILD
            && let Some(&target) = machine.stack.last()
        {
            // a loader that buffers frames reads raw bytes from behind the frame
            let raw_at = machine.frame.map_or(at, |(_, resume)| resume);
            match host.built(&machine.trace, target, raw_at)? {
                Built::Plain => {}
                Built::Raw(raw) => {
                    if let Err(kind) = machine.take_raw(raw) {
                        machine.fault(kind);
                        break;
                    }
                    match &mut machine.frame {
                        Some((_, resume)) => *resume = raw.end,
                        None => at = raw.end,
                    }
                    at = machine.next(at);
                    machine.trace.end = at;
                }
                Built::Unknown(reason) => {
                    machine.fault(FaultKind::Raw { reason });
                    break;
                }
            }
        }
    }
    Ok(machine.trace)
}

type Step<T = ()> = Result<T, FaultKind>;

struct Machine {
    trace: Trace,
    stack: Vec<ValueId>,
    /// Heights of the stack at each mark.
    marks: Vec<usize>,
    memo: Memo,
    /// Bytes of memory that values may still take.
    room: u64,
    cap: u64,
    /// Where the current frame ends, and where the stream goes on then.
    frame: Option<(u64, u64)>,
    here: u64,
    opcode: &'static str,
}

impl Machine {
    fn fault(&mut self, kind: FaultKind) {
        self.trace.fault = Some(Fault { byte: self.here, kind });
    }

    /// Where the instruction behind `end` is: a frame that has ended hands over to the stream.
    fn next(&mut self, end: u64) -> u64 {
        match self.frame {
            Some((frame_end, resume)) if end >= frame_end => {
                self.frame = None;
                if end == frame_end { resume } else { end }
            }
            _ => end,
        }
    }

    fn charge(&mut self, bytes: usize) -> Step {
        match self.room.checked_sub(bytes as u64) {
            Some(room) => {
                self.room = room;
                Ok(())
            }
            None => Err(FaultKind::TooManyValues { cap: self.cap }),
        }
    }

    fn add(&mut self, value: Value) -> Step<ValueId> {
        self.charge(size_of::<Value>())?;
        let id = u32::try_from(self.trace.values.len()).map_err(|_| FaultKind::TooManyValues { cap: self.cap })?;
        self.trace.values.push(value);
        Ok(ValueId(id))
    }

    fn push(&mut self, id: ValueId) -> Step {
        self.charge(size_of::<ValueId>())?;
        self.stack.push(id);
        Ok(())
    }

    fn push_new(&mut self, value: Value) -> Step {
        let id = self.add(value)?;
        self.push(id)
    }

    fn underflow(&self) -> FaultKind {
        FaultKind::Underflow { opcode: self.opcode }
    }

    /// Values below the innermost mark cannot be reached.
    fn fence(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    fn top(&self) -> Step<ValueId> {
        let reachable = self.stack.get(self.fence()..).unwrap_or_default();
        reachable.last().copied().ok_or_else(|| self.underflow())
    }

    fn pop(&mut self) -> Step<ValueId> {
        let top = self.top()?;
        self.stack.pop();
        Ok(top)
    }

    fn pop_mark(&mut self) -> Step<Vec<ValueId>> {
        let height = self.marks.pop().ok_or(FaultKind::NoMark { opcode: self.opcode })?;
        let items = self.stack.split_off(height.min(self.stack.len()));
        self.charge(size_of_val(items.as_slice()))?;
        Ok(items)
    }

    fn own(&mut self, bytes: &[u8]) -> Step<Span> {
        self.charge(bytes.len())?;
        let start = OWNED.saturating_add(self.trace.owned.len() as u64);
        self.trace.owned.extend_from_slice(bytes);
        Ok(Span { start, length: bytes.len() as u64 })
    }

    /// A span of the input, or of a copy where decoding changed the bytes.
    fn span(&mut self, place: (u64, u64), bytes: Cow<'_, [u8]>, whole: &[u8]) -> Step<Span> {
        match bytes {
            Cow::Borrowed(part) => {
                let offset = (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize) as u64;
                Ok(Span { start: place.0.saturating_add(offset), length: part.len() as u64 })
            }
            Cow::Owned(bytes) => self.own(&bytes),
        }
    }

    fn tuple(&mut self, items: &[ValueId]) -> Step<ValueId> {
        if items.is_empty() {
            return Ok(EMPTY);
        }
        let (start, count) = self.pooled(items)?;
        self.add(Value::Tuple(start, count))
    }

    fn pooled(&mut self, items: &[ValueId]) -> Step<(u32, u32)> {
        self.charge(size_of_val(items))?;
        let full = |_| FaultKind::TooManyValues { cap: self.cap };
        let start = u32::try_from(self.trace.pool.len()).map_err(full)?;
        let count = u32::try_from(items.len()).map_err(full)?;
        self.trace.pool.extend_from_slice(items);
        Ok((start, count))
    }

    fn contain(&mut self, items: Vec<ValueId>) -> Step<Container> {
        self.charge(size_of::<Vec<ValueId>>())?;
        let index = u32::try_from(self.trace.containers.len());
        let index = index.map_err(|_| FaultKind::TooManyValues { cap: self.cap })?;
        self.trace.containers.push(items);
        Ok(Container(index))
    }

    fn effect(&mut self, kind: EffectKind) -> Step {
        self.charge(size_of::<Effect>())?;
        self.trace.effects.push(Effect { byte: self.here, kind });
        Ok(())
    }

    fn take_raw(&mut self, raw: Raw) -> Step {
        self.pop()?;
        self.push_new(Value::Raw(raw.number))
    }

    #[expect(clippy::too_many_lines, reason = "one row for each opcode")]
    fn step(&mut self, input: &[u8], instruction: &Instruction) -> Step {
        let bytes = |(start, length): (u64, u64)| -> &[u8] {
            let range = usize::try_from(start).ok().zip(usize::try_from(length).ok());
            range.and_then(|(start, length)| input.get(start..start.checked_add(length)?)).unwrap_or_default()
        };
        let (number, place) = match instruction.argument {
            Argument::Number(number) => (number, (0, 0)),
            Argument::Bytes(start, length) => (0, (start, length)),
            _ => (0, (0, 0)),
        };
        let span = Span { start: place.0, length: place.1 };
        let wrong = |expected| FaultKind::Argument {
            opcode: instruction.opcode.name,
            found: bytes(place).iter().take(40).flat_map(|byte| byte.escape_ascii()).map(char::from).collect(),
            expected,
        };
        match instruction.opcode.code {
            opcodes::PROTO => {
                let protocol = u8::try_from(number).unwrap_or(u8::MAX);
                if protocol > 5 {
                    return Err(FaultKind::Protocol { found: number });
                }
                self.trace.protocol = Some(protocol);
            }
            opcodes::FRAME => {
                let Argument::Long(claimed) = instruction.argument else { return Ok(()) };
                let available = input.len() as u64;
                let available = available.saturating_sub(instruction.end);
                if claimed > available {
                    return Err(FaultKind::Frame { claimed, available });
                }
                let end = instruction.end.saturating_add(claimed);
                self.frame = Some((end, end));
            }
            opcodes::STOP => {
                let result = self.pop()?;
                self.trace.result = Some(result);
            }
            opcodes::MARK => {
                self.charge(size_of::<usize>())?;
                self.marks.push(self.stack.len());
            }
            opcodes::POP => {
                // a mark on top is what is popped
                if self.marks.last() == Some(&self.stack.len()) {
                    self.marks.pop();
                } else {
                    self.pop()?;
                }
            }
            opcodes::POP_MARK => {
                self.pop_mark()?;
            }
            opcodes::DUP => {
                let top = self.top()?;
                self.push(top)?;
            }
            opcodes::NONE => self.push(NONE)?,
            opcodes::NEWTRUE => self.push(TRUE)?,
            opcodes::NEWFALSE => self.push(FALSE)?,
            opcodes::BININT | opcodes::BININT1 | opcodes::BININT2 => self.push_new(Value::Int(number))?,
            opcodes::INT | opcodes::LONG => {
                let line = bytes(place);
                let read = if instruction.opcode.code == opcodes::INT { text::int(line) } else { text::long(line) };
                match read.ok_or_else(|| wrong("an integer"))? {
                    Number::Bool(value) => self.push(if value { TRUE } else { FALSE })?,
                    Number::Int(value) => self.push_new(Value::Int(value))?,
                    Number::Digits(digits) => {
                        let digits = self.span(place, Cow::Borrowed(digits), line)?;
                        self.push_new(Value::Digits(digits))?;
                    }
                }
            }
            opcodes::LONG1 | opcodes::LONG4 => self.push_new(Value::Long(span))?,
            opcodes::FLOAT => {
                let value = text::float(bytes(place)).ok_or_else(|| wrong("a number"))?;
                self.push_new(Value::Float(value))?;
            }
            opcodes::BINFLOAT => {
                let Argument::Float(value) = instruction.argument else { return Ok(()) };
                self.push_new(Value::Float(value))?;
            }
            opcodes::STRING => {
                let line = bytes(place);
                let decoded = text::string(line).ok_or_else(|| wrong("a string in quotes"))?;
                let span = self.span(place, decoded, line)?;
                self.push_new(Value::Str(span))?;
            }
            opcodes::UNICODE => {
                let line = bytes(place);
                let decoded = text::unicode(line).ok_or_else(|| wrong("text with raw escapes"))?;
                let span = self.span(place, decoded, line)?;
                self.push_new(Value::Str(span))?;
            }
            opcodes::BINSTRING
            | opcodes::SHORT_BINSTRING
            | opcodes::BINUNICODE
            | opcodes::SHORT_BINUNICODE
            | opcodes::BINUNICODE8 => self.push_new(Value::Str(span))?,
            opcodes::BINBYTES | opcodes::SHORT_BINBYTES | opcodes::BINBYTES8 => self.push_new(Value::Bytes(span))?,
            opcodes::BYTEARRAY8 => self.push_new(Value::ByteArray(span))?,
            opcodes::EMPTY_TUPLE => self.push(EMPTY)?,
            opcodes::TUPLE1 => self.tuple_of::<1>()?,
            opcodes::TUPLE2 => self.tuple_of::<2>()?,
            opcodes::TUPLE3 => self.tuple_of::<3>()?,
            opcodes::TUPLE => {
                let items = self.pop_mark()?;
                let tuple = self.tuple(&items)?;
                self.push(tuple)?;
            }
            opcodes::FROZENSET => {
                let items = self.pop_mark()?;
                let (start, count) = self.pooled(&items)?;
                self.push_new(Value::FrozenSet(start, count))?;
            }
            opcodes::EMPTY_LIST | opcodes::EMPTY_SET | opcodes::EMPTY_DICT => {
                let container = self.contain(Vec::new())?;
                self.push_new(match instruction.opcode.code {
                    opcodes::EMPTY_LIST => Value::List(container),
                    opcodes::EMPTY_SET => Value::Set(container),
                    _ => Value::Dict(container),
                })?;
            }
            opcodes::LIST => {
                let items = self.pop_mark()?;
                let container = self.contain(items)?;
                self.push_new(Value::List(container))?;
            }
            opcodes::DICT => {
                let items = self.pop_mark()?;
                self.even(&items)?;
                let container = self.contain(items)?;
                self.push_new(Value::Dict(container))?;
            }
            opcodes::APPEND => {
                let item = self.pop()?;
                self.append(&[item])?;
            }
            opcodes::APPENDS => {
                let items = self.pop_mark()?;
                self.append(&items)?;
            }
            opcodes::ADDITEMS => {
                let items = self.pop_mark()?;
                self.add_items(&items)?;
            }
            opcodes::SETITEM => {
                let value = self.pop()?;
                let key = self.pop()?;
                self.set_items(&[key, value])?;
            }
            opcodes::SETITEMS => {
                let items = self.pop_mark()?;
                self.even(&items)?;
                self.set_items(&items)?;
            }
            opcodes::PUT => {
                let key = text::key(bytes(place)).ok_or_else(|| wrong("a key of the memo"))?;
                self.memoize(key)?;
            }
            opcodes::BINPUT | opcodes::LONG_BINPUT => self.memoize(number.unsigned_abs())?,
            opcodes::MEMOIZE => self.memoize(self.memo.count)?,
            opcodes::GET => {
                let key = text::key(bytes(place)).ok_or_else(|| wrong("a key of the memo"))?;
                self.recall(key)?;
            }
            opcodes::BINGET | opcodes::LONG_BINGET => self.recall(number.unsigned_abs())?,
            opcodes::GLOBAL => {
                let Argument::Lines(module, name) = instruction.argument else { return Ok(()) };
                let global = self.global_of_lines(module, name)?;
                self.push(global)?;
            }
            opcodes::STACK_GLOBAL => {
                let name = self.pop()?;
                let module = self.pop()?;
                let global = self.global(module, name)?;
                self.push(global)?;
            }
            opcodes::INST => {
                let Argument::Lines(module, name) = instruction.argument else { return Ok(()) };
                let items = self.pop_mark()?;
                let callee = self.global_of_lines(module, name)?;
                let args = self.tuple(&items)?;
                self.call(CallKind::Inst, callee, args, None)?;
            }
            opcodes::OBJ => {
                let items = self.pop_mark()?;
                let (&callee, items) = items.split_first().ok_or_else(|| self.underflow())?;
                let args = self.tuple(items)?;
                self.call(CallKind::Obj, callee, args, None)?;
            }
            opcodes::REDUCE | opcodes::NEWOBJ => {
                let args = self.pop()?;
                let callee = self.pop()?;
                let reduce = instruction.opcode.code == opcodes::REDUCE;
                self.call(if reduce { CallKind::Reduce } else { CallKind::NewObj }, callee, args, None)?;
            }
            opcodes::NEWOBJ_EX => {
                let kwargs = self.pop()?;
                let args = self.pop()?;
                let callee = self.pop()?;
                self.call(CallKind::NewObjEx, callee, args, Some(kwargs))?;
            }
            opcodes::BUILD => {
                let state = self.pop()?;
                let target = self.top()?;
                if let Some(call) = self.call_mut(target) {
                    call.states.push(state);
                }
                self.effect(EffectKind::Build { target, state })?;
            }
            opcodes::PERSID => {
                let id = self.add(Value::Str(span))?;
                self.persistent(id)?;
            }
            opcodes::BINPERSID => {
                let id = self.pop()?;
                self.persistent(id)?;
            }
            opcodes::EXT1 | opcodes::EXT2 | opcodes::EXT4 => {
                if number <= 0 {
                    return Err(FaultKind::Extension { code: number });
                }
                let id = self.add(Value::Extension(number))?;
                self.effect(EffectKind::Extension(id))?;
                self.push(id)?;
            }
            opcodes::NEXT_BUFFER => {
                let id = self.add(Value::Buffer)?;
                self.effect(EffectKind::Buffer(id))?;
                self.push(id)?;
            }
            opcodes::READONLY_BUFFER => {
                self.top()?;
            }
            _ => return Err(FaultKind::UnknownOpcode { code: instruction.opcode.code }),
        }
        Ok(())
    }

    fn tuple_of<const N: usize>(&mut self) -> Step {
        let mut items = [NONE; N];
        for item in items.iter_mut().rev() {
            *item = self.pop()?;
        }
        let tuple = self.tuple(&items)?;
        self.push(tuple)
    }

    fn even(&self, items: &[ValueId]) -> Step {
        if items.len().is_multiple_of(2) { Ok(()) } else { Err(FaultKind::OddItems { opcode: self.opcode }) }
    }

    fn call_mut(&mut self, id: ValueId) -> Option<&mut Call> {
        let Value::Call(index) = self.trace.value(id) else { return None };
        self.trace.calls.get_mut(index as usize)
    }

    fn grow(&mut self, container: Container, items: &[ValueId]) {
        if let Some(held) = self.trace.containers.get_mut(container.0 as usize) {
            held.extend_from_slice(items);
        }
    }

    fn append(&mut self, items: &[ValueId]) -> Step {
        self.charge(size_of_val(items))?;
        let target = self.top()?;
        if let Value::List(container) = self.trace.value(target) {
            self.grow(container, items);
            return Ok(());
        }
        self.append_to_object(target, items)
    }

    fn add_items(&mut self, items: &[ValueId]) -> Step {
        self.charge(size_of_val(items))?;
        let target = self.top()?;
        if let Value::Set(container) = self.trace.value(target) {
            self.grow(container, items);
            return Ok(());
        }
        self.append_to_object(target, items)
    }

    fn append_to_object(&mut self, target: ValueId, items: &[ValueId]) -> Step {
        if let Some(call) = self.call_mut(target) {
            call.items.extend_from_slice(items);
        }
        self.effect(EffectKind::Append { target, first: items.first().copied() })
    }

    fn set_items(&mut self, items: &[ValueId]) -> Step {
        self.charge(size_of_val(items))?;
        let target = self.top()?;
        if let Value::Dict(container) = self.trace.value(target) {
            self.grow(container, items);
            return Ok(());
        }
        if let Some(call) = self.call_mut(target) {
            call.entries.extend_from_slice(items);
        }
        self.effect(EffectKind::SetItem { target, key: items.first().copied() })
    }

    fn memoize(&mut self, key: u64) -> Step {
        let top = self.top()?;
        self.charge(size_of::<(u64, ValueId)>())?;
        self.memo.put(key, top);
        self.trace.highest_key = self.trace.highest_key.max(key);
        Ok(())
    }

    fn recall(&mut self, key: u64) -> Step {
        let id = self.memo.get(key).ok_or(FaultKind::NoMemo { key })?;
        self.push(id)
    }

    fn global_of_lines(&mut self, module: (u64, u64), name: (u64, u64)) -> Step<ValueId> {
        let module = self.add(Value::Str(Span { start: module.0, length: module.1 }))?;
        let name = self.add(Value::Str(Span { start: name.0, length: name.1 }))?;
        self.global(module, name)
    }

    fn global(&mut self, module: ValueId, name: ValueId) -> Step<ValueId> {
        let constant = |id| matches!(self.trace.value(id), Value::Str(_));
        let constant = constant(module) && constant(name);
        let id = self.add(Value::Global { module, name })?;
        self.effect(if constant { EffectKind::Reference(id) } else { EffectKind::Computed(id) })?;
        Ok(id)
    }

    fn call(&mut self, kind: CallKind, callee: ValueId, args: ValueId, kwargs: Option<ValueId>) -> Step {
        self.charge(size_of::<Call>())?;
        let index = u32::try_from(self.trace.calls.len());
        let index = index.map_err(|_| FaultKind::TooManyValues { cap: self.cap })?;
        let (states, items, entries) = (Vec::new(), Vec::new(), Vec::new());
        self.trace.calls.push(Call { kind, callee, args, kwargs, byte: self.here, states, items, entries });
        let id = self.add(Value::Call(index))?;
        self.effect(EffectKind::Call(id))?;
        self.push(id)
    }

    fn persistent(&mut self, id: ValueId) -> Step {
        let id = self.add(Value::Persistent(id))?;
        self.effect(EffectKind::Persistent(id))?;
        self.push(id)
    }
}

/// What was put aside, by key. Writers count from zero; anything else is kept too, at the price of its entry.
#[derive(Default)]
struct Memo {
    dense: Vec<ValueId>,
    sparse: HashMap<u64, ValueId>,
    /// Keys in use, which is the key that `MEMOIZE` takes.
    count: u64,
}

impl Memo {
    fn put(&mut self, key: u64, id: ValueId) {
        let next = self.dense.len();
        match usize::try_from(key) {
            Ok(key) if key < next => {
                if let Some(slot) = self.dense.get_mut(key) {
                    *slot = id;
                }
            }
            Ok(dense) if dense == next && !self.sparse.contains_key(&key) => {
                self.dense.push(id);
                self.count = self.count.saturating_add(1);
            }
            _ => {
                if self.sparse.insert(key, id).is_none() {
                    self.count = self.count.saturating_add(1);
                }
            }
        }
    }

    fn get(&self, key: u64) -> Option<ValueId> {
        let dense = usize::try_from(key).ok().and_then(|key| self.dense.get(key));
        dense.or_else(|| self.sparse.get(&key)).copied()
    }
}
