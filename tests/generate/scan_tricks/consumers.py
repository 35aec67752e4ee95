"""Callables that look harmless by name, and call, open or trust what they are given."""

from .ops import Raw, build, call, const, inst, line, newobj, newobj_ex, obj, reduce, stack, stream

OUT = "/nonexistent/owned"


def array():
    """An array of numpy, as it pickles itself."""
    made = reduce(stack("numpy._core.multiarray", "_reconstruct"), stack("numpy", "ndarray"), (0,), b"b")
    kind = reduce(stack("numpy", "dtype"), "u1", False, True)
    return build(made, (1, (4,), kind, False, b"true"))


def tofile():
    """The bound method of an array that writes it to a file."""
    return reduce(stack("builtins", "getattr"), array(), "tofile")


def namespace():
    return newobj(stack("argparse", "Namespace"))


UNKNOWN = stack("somebody.elses", "function")


def files():
    for name, technique, expected, content in [*walks(), *lookups(), *constructors(), *factories()]:
        yield f"{name}.pkl", technique, "callables that call", expected, stream(content)


def walks():
    odd = "suspicious"
    partial = reduce(stack("functools", "partial"), tofile(), OUT)
    for owner, function in (("method", partial), ("unknown", UNKNOWN)):
        yield (
            f"iter_{owner}",
            "iter calls a callable until a sentinel",
            odd,
            reduce(stack("builtins", "list"), reduce(stack("builtins", "iter"), function, 0)),
        )
        yield (
            f"accumulate_{owner}",
            "accumulate calls a function on items",
            odd,
            reduce(stack("builtins", "list"), reduce(stack("itertools", "accumulate"), [OUT, ","], function)),
        )
        yield (
            f"dictionary_keys_{owner}",
            "dict asks its argument for keys",
            odd,
            reduce(stack("builtins", "dict"), build(namespace(), {"keys": function})),
        )
        yield (
            f"counter_keys_{owner}",
            "Counter walks through what another call made",
            odd,
            reduce(stack("collections", "Counter"), reduce(stack("builtins", "iter"), function, 0)),
        )
        yield (
            f"deque_{owner}",
            "deque walks through an iterator",
            odd,
            reduce(
                stack("collections", "deque"),
                reduce(stack("builtins", "zip"), reduce(stack("builtins", "iter"), function, 0)),
            ),
        )
        yield (
            f"bytes_{owner}",
            "bytes walks through an iterator",
            odd,
            reduce(stack("builtins", "bytes"), reduce(stack("builtins", "iter"), function, 0)),
        )
        yield (
            f"array_{owner}",
            "array walks through an iterator",
            odd,
            reduce(stack("array", "array"), "i", reduce(stack("builtins", "iter"), function, 0)),
        )
    yield (
        "endless",
        "a list of an endless iterator",
        odd,
        reduce(stack("builtins", "list"), reduce(stack("itertools", "repeat"), 1)),
    )
    yield (
        "endless_count",
        "a set of an endless iterator",
        odd,
        reduce(stack("builtins", "set"), reduce(stack("itertools", "count"))),
    )


def lookups():
    odd = "suspicious"
    for owner, function in (("method", tofile()), ("unknown", UNKNOWN)):
        yield (
            f"setstate_{owner}",
            "a state that holds __setstate__",
            odd,
            build(build(namespace(), {"__setstate__": function}), OUT),
        )
        yield (
            f"setstate_slots_{owner}",
            "a state of slots that holds __setstate__",
            odd,
            build(build(namespace(), (None, {"__setstate__": function})), OUT),
        )
        state = reduce(stack("collections", "OrderedDict"), [["__setstate__", function]])
        yield (
            f"setstate_hidden_{owner}",
            "__setstate__ in an OrderedDict as the state",
            odd,
            build(build(namespace(), state), OUT),
        )
        state = Raw(reduce(stack("collections", "OrderedDict")) + const("__setstate__") + function + b"s")
        yield f"setstate_set_{owner}", "__setstate__ set on the state", odd, build(build(namespace(), state), OUT)
        yield (
            f"append_{owner}",
            "APPEND asks an object for append",
            odd,
            Raw(build(namespace(), {"append": function}) + const(OUT) + b"a"),
        )
        yield (
            f"extend_{owner}",
            "APPENDS asks an object for extend",
            odd,
            Raw(build(namespace(), {"extend": function}) + b"(" + const(OUT) + b"e"),
        )
        yield (
            f"add_{owner}",
            "ADDITEMS asks an object for add",
            odd,
            Raw(build(namespace(), {"add": function}) + b"(" + const(OUT) + b"\x90"),
        )


def constructors():
    odd = "suspicious"
    yield (
        "star_row",
        "a module that a known module imported",
        odd,
        reduce(stack("pandas._libs.tslibs.offsets", "np.load"), OUT, None, True),
    )
    yield "star_row_deep", "the same, another way", odd, reduce(stack("numpy.dtypes", "os.system"), "true")
    yield (
        "memmap",
        "numpy.memmap writes a file",
        odd,
        reduce(stack("numpy._core.memmap", "memmap"), OUT, "u1", "w+", 0, (4,)),
    )
    yield "memmap_new", "numpy.memmap by NEWOBJ", odd, newobj(stack("numpy", "memmap"), OUT, "u1", "w+", 0, (4,))
    yield (
        "memmap_new_named",
        "numpy.memmap by named arguments",
        odd,
        newobj_ex(stack("numpy._core.memmap", "memmap"), filename=OUT, mode="w+", shape=4),
    )
    yield (
        "memmap_newobj",
        "numpy.memmap by copyreg",
        odd,
        reduce(stack("copyreg", "__newobj__"), stack("numpy._core.memmap", "memmap"), OUT),
    )
    yield (
        "memmap_index",
        "numpy.memmap by pandas' _new_Index",
        odd,
        reduce(
            stack("pandas.core.indexes.base", "_new_Index"),
            stack("numpy._core.memmap", "memmap"),
            {"filename": OUT, "mode": "w+", "shape": 4},
        ),
    )
    objects = reduce(stack("numpy", "dtype"), "O8", False, True)
    yield (
        "array_of_pointers",
        "an array of objects over given bytes",
        odd,
        reduce(stack("numpy", "ndarray"), (1,), objects, b"A" * 8),
    )
    yield "array_of_pointers_new", "the same by NEWOBJ", odd, newobj(stack("numpy", "ndarray"), (1,), objects, b"A" * 8)
    yield (
        "array_of_pointers_newobj",
        "the same by copyreg",
        odd,
        reduce(stack("copyreg", "__newobj__"), stack("numpy", "ndarray"), (1,), objects, b"A" * 8),
    )
    yield (
        "array_of_pointers_index",
        "the same by _new_Index",
        odd,
        reduce(
            stack("pandas.core.indexes.base", "_new_Index"),
            stack("numpy", "ndarray"),
            {"shape": (1,), "dtype": objects, "buffer": b"A" * 8},
        ),
    )
    for path, args in (
        ("lightgbm.basic:Booster", (None, None, "/etc/passwd")),
        ("xgboost.core:Booster", ({}, None, "/etc/passwd")),
        ("xgboost.core:DMatrix", ("/etc/passwd?format=csv",)),
        ("catboost.core:Pool", ("/etc/passwd",)),
        ("sklearn.utils._testing:TempMemmap", ([1],)),
        ("tokenizers.models:BPE", ("/etc/passwd", "/etc/passwd")),
        ("sentencepiece:SentencePieceProcessor", ("/etc/passwd",)),
        ("scipy.stats._distn_infrastructure:rv_continuous_frozen", (namespace(),)),
        ("torch.storage:UntypedStorage", (10**15,)),
    ):
        yield (
            f"constructor_{path.replace(':', '.')}",
            f"the constructor of {path.replace(':', '.')}",
            odd,
            call(path, *args),
        )
    store = stack("pandas", "HDFStore")
    yield (
        "reconstructor_base",
        "copyreg._reconstructor calls __init__ of the base",
        odd,
        reduce(stack("copyreg", "_reconstructor"), store, store, OUT),
    )
    yield (
        "reconstructor_base_unknown",
        "the same of an unknown base",
        odd,
        reduce(
            stack("copyreg", "_reconstructor"), stack("argparse", "Namespace"), stack("somebody.elses", "Base"), OUT
        ),
    )
    yield (
        "computed_arguments",
        "arguments put together by tuple()",
        odd,
        Raw(stack("numpy._core.memmap", "memmap") + reduce(stack("builtins", "tuple"), [OUT, "u1", "w+", 0, 4]) + b"R"),
    )
    yield (
        "computed_arguments_made",
        "the same of a class of a trusted library",
        odd,
        Raw(stack("xgboost.core", "DMatrix") + reduce(stack("builtins", "tuple"), ["/etc/passwd"]) + b"R"),
    )
    yield "function_by_inst", "INST without arguments calls a function", odd, inst("torch.utils.collect_env", "main")
    yield (
        "function_by_obj",
        "OBJ without arguments calls a function",
        odd,
        obj(line("transformers.utils.hub", "get_file")),
    )


def factories():
    odd = "suspicious"
    yield (
        "bit_generator_class",
        "numpy's constructor of generators calls a class",
        odd,
        reduce(stack("numpy.random._pickle", "__bit_generator_ctor"), stack("somebody.elses", "Class")),
    )
    for name in ("__generator_ctor", "__randomstate_ctor"):
        for owner, function in (("method", tofile()), ("unknown", UNKNOWN)):
            yield (
                f"{name.strip('_')}_{owner}",
                "numpy's constructor calls its second argument",
                odd,
                reduce(stack("numpy.random._pickle", name), OUT, function),
            )
    yield (
        "rebuild_from_type",
        "torch's _rebuild_from_type_v2 calls its first argument",
        odd,
        reduce(stack("torch._tensor", "_rebuild_from_type_v2"), UNKNOWN, stack("torch", "Tensor"), (OUT,), {}),
    )
    yield (
        "constructor_like_enumeration",
        "a constructor whose name ends as those of enumerations do",
        odd,
        reduce(stack("accelerate.state", "PartialState"), "gloo"),
    )
    yield (
        "setstate_of_library",
        "a state with which a library connects to a database",
        odd,
        build(newobj(stack("optuna.storages._rdb.storage", "RDBStorage")), {"url": "sqlite:////nonexistent/owned"}),
    )
