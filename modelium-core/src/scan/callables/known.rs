//! What is known to be harmless, and with which arguments. These tables alone let a file pass.

mod packages;
mod python;
mod torch;

use crate::scan::callables::{Row, find};

pub(super) static TABLES: &[&[Row<Shape>]] = &[python::TABLE, packages::TABLE, torch::TABLE];

/// The arguments with which something is harmless.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Any: they are kept or computed with, never called.
    Any,
    /// Values of Python's own and objects of known classes; nothing that could be called.
    Data,
    /// Values as they stand in the file or as Python's containers hold them: what is handed in is walked through, and
    /// the walk would call what something else has made.
    Literal,
    /// A container or a number; numbers must not ask for much memory.
    Size,
    /// `_codecs.encode(text, 'latin1')`, and `_codecs.decode` of such a name.
    Encode,
    /// `getattr(class or object, 'plain_name')`.
    Getattr,
    /// A function and its arguments: the function must be known itself.
    Callable,
    /// A factory or nothing, then values as in `Literal`.
    Factory,
    /// A class that is harmless to make, then data: `copyreg._reconstructor(C, object, None)`, `_new_Index(C, {…})`.
    Class,
    /// As `Class`, and the arguments for its `__new__` follow: `copyreg.__newobj__(C, …)`.
    NewObject,
    /// As `Class`, then the type of C below it, whose `__init__` gets the state: `copyreg._reconstructor(C, dict, {…})`.
    Reconstructor,
    /// As `Class`, for the indices of pandas alone, whose `__new__` gets the arguments.
    Index,
    /// Names and classes of numpy's generators, which are called.
    Generator,
    /// `tzfile(None, name)`: without a file to read, which would come first.
    Fileless,
    /// Made without arguments, or named. With arguments it would read a file, or trust a pointer.
    Made,
    /// `numpy.core._ufunc_reconstruct('numpy', 'add')`: a library of numbers, and the name of a function in it.
    Ufunc,
    /// `_rebuild_tensor_v2(storage, …)`: a storage that the loader supplies comes first.
    Tensor,
    /// `_frombuffer(bytes, dtype, …)`: elements that are numbers, since bytes of objects would be pointers.
    Buffer,
    /// `_rebuild_from_type_v2(f, type, args, state)`: a call of the function with the arguments.
    Apply,
    /// Bytes that are a file of torch by themselves.
    TorchFile,
    /// `type(value)`, which tells a class; with three arguments it makes one.
    TypeOf,
    /// The name of a plain type: `'SimpleNamespace'`, `'list'`.
    TypeName,
    /// Only named, or made without a call; never called.
    Reference,
}

/// The arguments with which the callable of that canonical path is harmless; `None` if it is not known.
pub fn known(path: &str) -> Option<Shape> {
    let found = TABLES.iter().filter_map(|table| find(table, path)).max_by_key(|found| found.steps)?;
    // every step must be known, not only the first ones
    found.whole.then_some(found.meaning)
}
