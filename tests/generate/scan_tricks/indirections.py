"""What calls a function that it is handed: attribute readers, maps, partials, reconstructors of libraries."""

from .ops import build, call, line, newobj, reduce, run, stack, stream

SYSTEM = line("os", "system")


def files():
    for name, technique, expected, content in cases():
        yield f"{name}.pkl", technique, "callables that call", expected, content


def cases():
    bad, system = "malicious", SYSTEM
    module = call("importlib:import_module", "os")
    yield "getattr", "getattr of a module", bad, stream(reduce(call("builtins:getattr", module, "system"), "true"))
    yield (
        "getattr_global",
        "getattr of a name",
        bad,
        stream(reduce(reduce(stack("builtins", "getattr"), stack("numpy", "os"), "system"), "true")),
    )
    yield (
        "import",
        "__import__ and attrgetter",
        bad,
        stream(reduce(reduce(call("operator:attrgetter", "system"), call("builtins:__import__", "os")), "true")),
    )
    yield (
        "methodcaller",
        "operator.methodcaller",
        bad,
        stream(reduce(call("operator:methodcaller", "system", "true"), module)),
    )
    yield (
        "itemgetter",
        "operator.itemgetter on a dictionary of functions",
        bad,
        stream(reduce(reduce(call("operator:itemgetter", 0), [system]), "true")),
    )
    yield (
        "partial",
        "functools.partial, called",
        bad,
        stream(reduce(reduce(stack("functools", "partial"), system, "true"))),
    )
    yield (
        "partial_partial",
        "partial of partial",
        bad,
        stream(reduce(reduce(stack("functools", "partial"), reduce(stack("functools", "partial"), system), "true"))),
    )
    yield (
        "partialmethod",
        "functools.partialmethod",
        "suspicious",
        stream(reduce(stack("functools", "partialmethod"), system, "true")),
    )
    yield (
        "reduce_function",
        "functools.reduce",
        bad,
        stream(reduce(stack("functools", "reduce"), system, ["true", "x"])),
    )
    yield (
        "cached",
        "functools.lru_cache",
        "suspicious",
        stream(reduce(reduce(stack("functools", "lru_cache"), system), "true")),
    )
    yield (
        "filter",
        "filter and tuple",
        bad,
        stream(reduce(stack("builtins", "tuple"), reduce(stack("builtins", "filter"), system, ["true"]))),
    )
    yield "max_key", "max with a key", "suspicious", stream(reduce(stack("builtins", "max"), ["true", "x"], system))
    yield (
        "sorted_key",
        "list.sort with a key",
        "suspicious",
        stream(reduce(call("operator:methodcaller", "sort"), ["true"])),
    )
    yield (
        "starmap",
        "itertools.starmap",
        bad,
        stream(reduce(stack("collections", "deque"), reduce(stack("itertools", "starmap"), system, [("true",)]))),
    )
    yield (
        "accumulate",
        "itertools.accumulate",
        bad,
        stream(reduce(stack("builtins", "list"), reduce(stack("itertools", "accumulate"), ["true", "x"], system))),
    )
    yield (
        "iter_sentinel",
        "iter with a callable",
        bad,
        stream(
            reduce(
                stack("builtins", "list"),
                reduce(stack("builtins", "iter"), reduce(stack("functools", "partial"), system, "true"), 0),
            )
        ),
    )
    yield (
        "counter_of_map",
        "a Counter that consumes a map",
        bad,
        stream(reduce(stack("collections", "Counter"), reduce(stack("builtins", "map"), system, ["true"]))),
    )
    yield (
        "ordered_dict_of_map",
        "an OrderedDict that consumes a map",
        bad,
        stream(reduce(stack("collections", "OrderedDict"), reduce(stack("builtins", "map"), system, ["true"]))),
    )
    yield (
        "bytes_of_map",
        "bytes() that consumes a map",
        bad,
        stream(reduce(stack("builtins", "bytes"), reduce(stack("builtins", "map"), system, ["true"]))),
    )
    yield (
        "frozenset_of_map",
        "frozenset() that consumes a map",
        bad,
        stream(reduce(stack("builtins", "frozenset"), reduce(stack("builtins", "map"), system, ["true"]))),
    )
    yield (
        "array_of_map",
        "an array that consumes a map",
        bad,
        stream(reduce(stack("array", "array"), "i", reduce(stack("builtins", "map"), system, ["true"]))),
    )
    yield (
        "numpy_apply",
        "numpy.apply_along_axis",
        "suspicious",
        stream(reduce(stack("numpy", "apply_along_axis"), system, 0, ["true"])),
    )
    yield (
        "numpy_vectorize",
        "numpy.vectorize called",
        bad,
        stream(reduce(reduce(stack("numpy", "vectorize"), system), ["true"])),
    )
    yield (
        "pandas_apply",
        "Series.apply",
        "suspicious",
        stream(reduce(call("operator:methodcaller", "apply", system), newobj(stack("pandas", "Series")))),
    )
    yield (
        "function_transformer",
        "FunctionTransformer that holds os.system",
        "suspicious",
        stream(
            build(
                newobj(stack("sklearn.preprocessing._function_transformer", "FunctionTransformer")),
                {"func": system, "_sklearn_version": "1.5.0"},
            )
        ),
    )
    yield (
        "make_scorer",
        "a scorer that holds os.system",
        "suspicious",
        stream(
            build(
                newobj(stack("sklearn.metrics._scorer", "_Scorer")), {"_score_func": system, "_sign": 1, "_kwargs": {}}
            )
        ),
    )
    yield (
        "vectorizer_analyzer",
        "a vectorizer whose analyzer is eval",
        "suspicious",
        stream(
            build(
                newobj(stack("sklearn.feature_extraction.text", "CountVectorizer")),
                {"analyzer": stack("builtins", "eval")},
            )
        ),
    )
    yield (
        "copyreg_table",
        "copyreg.pickle changes the process",
        "suspicious",
        stream(reduce(stack("copyreg", "pickle"), stack("builtins", "int"), system)),
    )
    yield (
        "copyreg_reconstructor",
        "copyreg._reconstructor of a class that acts",
        "suspicious",
        stream(
            reduce(stack("copyreg", "_reconstructor"), stack("subprocess", "Popen"), stack("builtins", "object"), None)
        ),
    )
    yield (
        "copyreg_newobj",
        "copyreg.__newobj__ of a class that acts",
        "suspicious",
        stream(reduce(stack("copyreg", "__newobj__"), stack("zipimport", "zipimporter"), "x.zip")),
    )
    yield (
        "copyreg_newobj_ex",
        "copyreg.__newobj_ex__",
        "suspicious",
        stream(reduce(stack("copyreg", "__newobj_ex__"), stack("subprocess", "Popen"), (["true"],), {})),
    )
    yield (
        "torch_rebuild_from_type",
        "torch._tensor._rebuild_from_type_v2 calls its first argument",
        bad,
        stream(
            reduce(stack("torch._tensor", "_rebuild_from_type_v2"), system, stack("torch", "Tensor"), ("true",), {})
        ),
    )
    yield (
        "torch_rebuild_wrapper",
        "torch._utils._rebuild_wrapper_subclass",
        "suspicious",
        stream(reduce(stack("torch._utils", "_rebuild_wrapper_subclass"), system, 1, 2)),
    )
    yield (
        "torch_unpickle_parametrized",
        "torch.ao pickles that call",
        "suspicious",
        stream(
            reduce(stack("torch.fx.graph_module", "reduce_deploy_graph_module"), system, {"_code": "x"}, "import os")
        ),
    )
    yield (
        "numpy_reconstruct_subtype",
        "numpy's _reconstruct of a class that acts",
        "suspicious",
        stream(reduce(stack("numpy.core.multiarray", "_reconstruct"), stack("subprocess", "Popen"), (0,), b"b")),
    )
    yield (
        "numpy_ufunc_reconstruct",
        "numpy.core._ufunc_reconstruct imports a module",
        "suspicious",
        stream(reduce(stack("numpy.core", "_ufunc_reconstruct"), "antigravity", "x")),
    )
    yield (
        "numpy_generator_ctor",
        "numpy's __bit_generator_ctor with a callable",
        "suspicious",
        stream(reduce(stack("numpy.random._pickle", "__bit_generator_ctor"), system)),
    )
    yield (
        "pandas_unpickle_subclass",
        "pandas' _new_Index of a class that acts",
        "suspicious",
        stream(reduce(stack("pandas.core.indexes.base", "_new_Index"), stack("subprocess", "Popen"), {"args": "true"})),
    )
    yield (
        "datetime_tz_call",
        "a datetime whose zone is made by a call",
        bad,
        stream(reduce(stack("datetime", "datetime"), b"\x07\xe8\1\1\0\0\0\0\0\0", run())),
    )
    yield (
        "weakref_callback",
        "a weakref with a callback",
        "suspicious",
        stream(reduce(stack("weakref", "ref"), stack("builtins", "int"), system)),
    )
    yield (
        "property_getter",
        "a property made of it",
        "suspicious",
        stream(reduce(stack("builtins", "property"), system)),
    )
    yield (
        "zip_of_map",
        "dict(zip(map))",
        bad,
        stream(
            reduce(
                stack("builtins", "dict"),
                reduce(stack("builtins", "zip"), reduce(stack("builtins", "map"), system, ["true"]), [1]),
            )
        ),
    )
    yield (
        "string_format",
        "str.format reaches attributes",
        "suspicious",
        stream(reduce(stack("builtins", "str.format"), "{0.__init__.__globals__}", stack("logging", "Logger"))),
    )
    yield (
        "code_object",
        "a function from code",
        bad,
        stream(reduce(reduce(stack("types", "FunctionType"), call("marshal:loads", b"c\0"), {}))),
    )
    yield (
        "cloudpickle_function",
        "a function as cloudpickle stores it",
        "suspicious",
        stream(
            reduce(
                stack("cloudpickle.cloudpickle", "_make_function"),
                reduce(stack("cloudpickle.cloudpickle", "_builtin_type"), "CodeType"),
                {},
                "f",
                None,
                None,
            )
        ),
    )
    yield (
        "cloudpickle_builtin_type",
        "cloudpickle's _builtin_type gives CodeType",
        "suspicious",
        stream(reduce(reduce(stack("cloudpickle.cloudpickle", "_builtin_type"), "CodeType"), 0, 0)),
    )
    yield (
        "dill_load_type",
        "dill's _load_type gives FunctionType",
        "suspicious",
        stream(reduce(reduce(stack("dill._dill", "_load_type"), "FunctionType"), None, {})),
    )
    yield (
        "joblib_partial_state",
        "a joblib wrapper around it",
        "suspicious",
        stream(build(newobj(stack("joblib.parallel", "BatchedCalls")), {"items": [(system, ("true",), {})]})),
    )
