"""Pickles of what the standard library gives, and what cloudpickle and dill make of the same data."""

import array
import collections
import datetime
import decimal
import fractions
import functools
import http
import io
import ipaddress
import operator
import pathlib
import pickle
import pstats
import random
import re
import string
import types
import uuid
import zoneinfo

import cloudpickle
import dill

UTC = datetime.UTC
NIL = uuid.UUID("12345678123456781234567812345678")


def values():
    """By name, what to pickle: the kinds of values that configurations, vocabularies and caches are made of."""
    shared = [1, 2]
    loop = []
    loop.append(loop)
    own = {"name": "model"}
    own["self"] = own
    return {
        "scalars": [None, True, False, 0, -1, 255, 65536, 2**31, -(2**63), 2**200, 1.5, float("inf"), 1j],
        "text": ["", "latin é", "日本語", "🤖", "a\nb\\u0041\0", "x" * 300],
        "bytes": [b"", b"\x80\x04.", bytes(range(256)), bytearray(b"abc"), b"PK\3\4" * 4],
        "containers": {"l": [1, [2, [3]]], "t": (1, (2,), ()), "s": {1, 2}, "f": frozenset("ab"), "d": {1: {2: {}}}},
        "shared_and_loops": [shared, shared, loop, own],
        "dates": [
            datetime.date(2024, 2, 29),
            datetime.time(1, 2, 3, tzinfo=UTC),
            datetime.timedelta(days=1, seconds=5),
            datetime.datetime(2024, 5, 6, 7, 8, 9, 10, tzinfo=UTC),
            datetime.datetime(2020, 1, 1, fold=1),
            datetime.timezone(datetime.timedelta(hours=5, minutes=30), "IST"),
        ],
        "zoneinfo": datetime.datetime(2024, 1, 1, tzinfo=zoneinfo.ZoneInfo("UTC")),
        "numbers": [decimal.Decimal("1.25"), decimal.Decimal("NaN"), fractions.Fraction(22, 7), complex(1, -2)],
        "uuids": [NIL, uuid.uuid5(uuid.NAMESPACE_DNS, "example.org")],
        "paths": [pathlib.PurePosixPath("/opt/models/a.bin"), pathlib.PureWindowsPath("C:\\m"), pathlib.PosixPath("x")],
        "collections": [
            collections.OrderedDict(a=1, b=2),
            collections.deque([1, 2], maxlen=3),
            collections.Counter("hello"),
            collections.defaultdict(list, {"a": [1]}),
            collections.defaultdict(int, x=1),
            collections.ChainMap({"a": 1}, {"b": 2}),
            collections.UserDict(a=1),
            collections.UserList([1]),
        ],
        "defaultdict_nested": collections.defaultdict(
            functools.partial(collections.defaultdict, int), {"a": collections.defaultdict(int, b=1)}
        ),
        "ranges": [range(3), range(0, 10, 2), slice(1, None, -1), ..., NotImplemented],
        "patterns": [re.compile(r"\b\w\w+\b"), re.compile(rb"x", re.I), re.compile("é", re.M | re.S)],
        "addresses": [
            ipaddress.ip_address("10.0.0.1"),
            ipaddress.ip_network("10.0.0.0/8"),
            ipaddress.ip_address("::1"),
        ],
        "enums": [http.HTTPStatus.OK, re.RegexFlag.IGNORECASE, http.HTTPMethod.GET, uuid.SafeUUID.unknown],
        "namespaces": [types.SimpleNamespace(lr=1e-3, layers=[1, 2]), types.SimpleNamespace()],
        "argparse": __import__("argparse").Namespace(lr=0.1, data="train.csv", gpu=None),
        "arrays": [array.array("d", [1.0, 2.0]), array.array("i", [1, -1]), array.array("B", b"abc")],
        "random_state": random.Random(0).getstate(),
        "random_object": random.Random(1),
        "builtin_classes": [int, float, str, dict, list, object, type(None), Exception, ValueError],
        "builtin_functions": [len, min, sum, operator.itemgetter(1), operator.attrgetter("a.b"), operator.add],
        "exceptions": [ValueError("bad", 3), KeyError("x"), FileNotFoundError(2, "No such file", "a.txt")],
        "streams": [io.BytesIO(b"abc"), io.StringIO("text")],
        "dataclass": pstats.FunctionProfile("1", 0.5, 0.5, 0.5, 0.5, "f.py", 3),
        "named_tuples": [__import__("urllib.parse").parse.urlparse("https://example.org/a?b#c")],
        "template_strings": string.Template("hello $who"),
        "text_of_attacks": [
            "os.system('true')",
            "__reduce__",
            "cposix\nsystem\n(S'id'\ntR.",
            "eval",
            "{{ x.__class__ }}",
        ],
        "words": {f"word{i}": i for i in range(400)},
        "deep": functools.reduce(lambda inner, _: [inner], range(120), "end"),
    }


def files():
    python = "python"
    for index, (name, value) in enumerate(values().items()):
        protocol = (2, 3, 4, 5, 0, 1)[index % 6]
        if name in ("zoneinfo", "streams", "enums", "builtin_functions"):
            protocol = max(protocol, 2)
        yield f"{name}_p{protocol}.pkl", f"{name}, protocol {protocol}", python, pickle.dumps(value, protocol)
    everything = values()
    for protocol in (0, 2, 5):
        data = {key: everything[key] for key in ("scalars", "text", "bytes", "containers", "dates", "collections")}
        yield f"many_p{protocol}.pickle", f"many values, protocol {protocol}", python, pickle.dumps(data, protocol)
    out = io.BytesIO()
    for value in ({"version": 1}, [1, 2, 3], "end"):
        pickle.dump(value, out, 4)
    yield "three_streams.pkl", "three dumps in one file", python, out.getvalue()
    slow = io.BytesIO()
    pickler = pickle._Pickler(slow, 4)
    pickler.dump(everything["containers"])
    yield "python_pickler.pkl", "written by the pickler in Python", python, slow.getvalue()
    fast = io.BytesIO()
    pickler = pickle.Pickler(fast, 2)
    pickler.fast = True
    pickler.dump({"a": [1, 2], "b": (3, 4)})
    yield "fast_mode.pkl", "without a memo", python, fast.getvalue()
    import pickletools

    optimized = pickletools.optimize(pickle.dumps(everything["collections"], 4))
    yield "optimized.pkl", "pickletools.optimize", python, optimized
    large = pickle.dumps([bytes(70_000)[:100] * 3, "y" * 1000, b"z" * 66_000], 4)
    yield "framed_large.pkl", "an object outside of frames", python, large
    for name in ("collections", "dates", "containers", "namespaces", "patterns"):
        yield f"cloudpickle_{name}.pkl", f"{name} by cloudpickle", "cloudpickle", cloudpickle.dumps(everything[name])
        yield f"dill_{name}.pkl", f"{name} by dill", "dill", dill.dumps(everything[name])
