//! Python's own library.

use crate::scan::callables::Row;
use crate::scan::callables::known::Shape::{
    self, Any, Callable, Class, Data, Encode, Factory, Getattr, NewObject, Reference, Size,
};

/// In the order of the modules.
pub(super) static TABLE: &[Row<Shape>] = &[
    ("_codecs", Encode, "encode decode"),
    ("_struct", Data, "Struct"),
    ("_weakrefset", Any, "WeakSet"),
    ("argparse", Any, "Namespace"),
    ("array", Data, "array _array_reconstructor"),
    ("builtins", Any, "set frozenset list dict tuple object enumerate zip reversed iter bool slice"),
    (
        "builtins",
        Data,
        "complex int float str BaseException Exception ArithmeticError AssertionError AttributeError EOFError Ellipsis NotImplemented",
    ),
    (
        "builtins",
        Data,
        "IndexError KeyError LookupError NameError NotImplementedError OSError OverflowError RuntimeError RuntimeWarning StopIteration",
    ),
    (
        "builtins",
        Data,
        "SyntaxError TypeError UnicodeDecodeError UnicodeError UserWarning ValueError Warning ZeroDivisionError DeprecationWarning FutureWarning",
    ),
    (
        "builtins",
        Data,
        "FileNotFoundError ImportError ModuleNotFoundError KeyboardInterrupt MemoryError TimeoutError ConnectionError PermissionError",
    ),
    ("builtins", Getattr, "getattr"),
    (
        "builtins",
        Reference,
        "abs all any ascii bin callable chr divmod format hash hex id isinstance issubclass len max min next oct ord pow print repr round sorted sum type property staticmethod classmethod memoryview",
    ),
    ("builtins", Size, "bytes bytearray range"),
    ("calendar", Any, "Day Month"),
    ("collections", Any, "OrderedDict deque Counter ChainMap UserDict UserList UserString"),
    ("collections", Factory, "defaultdict"),
    ("collections.abc", Reference, "*"),
    ("copyreg", Class, "_reconstructor"),
    ("copyreg", NewObject, "__newobj__ __newobj_ex__"),
    ("dataclasses", Any, "_MISSING_TYPE _HAS_DEFAULT_FACTORY_CLASS MISSING"),
    ("datetime", Data, "datetime date time timedelta timezone tzinfo UTC"),
    ("decimal", Data, "Decimal Context"),
    ("enum", Any, "Enum IntEnum Flag IntFlag StrEnum auto"),
    ("fractions", Data, "Fraction"),
    ("functools", Callable, "partial"),
    ("inspect", Any, "Signature Parameter _ParameterKind"),
    ("io", Data, "BytesIO StringIO"),
    ("ipaddress", Data, "IPv4Address IPv6Address IPv4Network IPv6Network IPv4Interface IPv6Interface"),
    ("itertools", Any, "chain count cycle repeat islice product permutations combinations zip_longest accumulate"),
    ("logging", Data, "getLogger Logger RootLogger"),
    ("math", Reference, "sqrt exp log log1p log2 log10 sin cos tan floor ceil pow fabs erf tanh sinh cosh isnan isinf"),
    ("operator", Data, "itemgetter attrgetter"),
    (
        "operator",
        Reference,
        "add sub mul truediv floordiv mod neg pos abs eq ne lt le gt ge and_ or_ xor not_ matmul pow getitem",
    ),
    ("pathlib", Data, "PosixPath WindowsPath Path PurePath PurePosixPath PureWindowsPath"),
    ("random", Any, "Random"),
    ("re", Data, "_compile compile RegexFlag Pattern template"),
    ("string", Data, "Template"),
    ("time", Data, "struct_time"),
    ("types", Any, "SimpleNamespace MappingProxyType NoneType EllipsisType"),
    ("typing", Any, "NewType OrderedDict"),
    ("typing", Reference, "Any Optional Union List Dict Tuple Callable Sequence Mapping Iterable Literal"),
    ("uuid", Data, "UUID SafeUUID"),
    ("weakref", Any, "WeakKeyDictionary WeakValueDictionary WeakSet"),
    ("zoneinfo", Data, "ZoneInfo ZoneInfo._unpickle"),
    ("zoneinfo.ZoneInfo", Data, "_unpickle"),
];
