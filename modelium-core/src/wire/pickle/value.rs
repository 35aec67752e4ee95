//! What the machine's stack holds.

/// A value of a [`Trace`](super::Trace), by its place in the arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ValueId(pub(super) u32);

impl ValueId {
    /// Its place: values are numbered in the order in which they are made.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Bytes of the input, or bytes that the machine made; [`Trace::span`](super::Trace::span) reads them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub(super) start: u64,
    pub(super) length: u64,
}

/// A list, dictionary or set that grows, by its place in the trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Container(pub(super) u32);

/// One value. What it holds is read through the trace.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "each name is Python's type")]
pub enum Value {
    None,
    Bool(bool),
    Int(i64),
    /// An integer beyond 64 bits: little-endian two's complement.
    Long(Span),
    /// An integer beyond 64 bits, in decimal digits.
    Digits(Span),
    Float(f64),
    Str(Span),
    Bytes(Span),
    ByteArray(Span),
    /// So many values from there in the trace's pool.
    Tuple(u32, u32),
    /// As a tuple.
    FrozenSet(u32, u32),
    List(Container),
    Set(Container),
    /// Keys and values in turn.
    Dict(Container),
    /// `module.name`: two strings, unless they are computed.
    Global {
        module: ValueId,
        name: ValueId,
    },
    /// What a call returned, or an object that was made: an index into the trace's calls.
    Call(u32),
    /// What the loader finds under this id outside of the pickle.
    Persistent(ValueId),
    /// What the process registered under this code of `copyreg`.
    Extension(i64),
    /// The next buffer that the caller supplies beside the pickle.
    Buffer,
    /// Raw bytes that follow in the stream, which the [`Host`](super::Host) found: its own number for them.
    Raw(u64),
}

/// How something is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallKind {
    /// `REDUCE`: `callee(*args)`.
    Reduce,
    /// `OBJ`: as `INST`, the class taken from the stack.
    Obj,
    /// `INST`: `callee(*args)`, or `callee.__new__(callee)` without arguments.
    Inst,
    /// `NEWOBJ`: `callee.__new__(callee, *args)`.
    NewObj,
    /// `NEWOBJ_EX`: `callee.__new__(callee, *args, **kwargs)`.
    NewObjEx,
}

impl CallKind {
    /// True if the callee itself is called, false if only `__new__` of it.
    pub fn calls(self) -> bool {
        matches!(self, Self::Reduce | Self::Obj | Self::Inst)
    }
}

/// A call, and what was done to its result.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// How.
    pub kind: CallKind,
    /// What is called.
    pub callee: ValueId,
    /// The positional arguments: a tuple, unless it is computed.
    pub args: ValueId,
    /// The named arguments: a dictionary, unless it is computed.
    pub kwargs: Option<ValueId>,
    /// Where the opcode is.
    pub byte: u64,
    /// The states given to the result by `BUILD`, in order.
    pub states: Vec<ValueId>,
    /// Values appended or added to the result.
    pub items: Vec<ValueId>,
    /// Keys and values set on the result, in turn.
    pub entries: Vec<ValueId>,
}
