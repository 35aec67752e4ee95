"""Writes what CPython makes of many pickles, for the machine of `wire/pickle` to agree with.

Two files in `tests/corpus/pickle_machine/`:

- `values.json`: objects of every kind in every protocol, and opcodes that no writer emits, put together by hand. Each has
  its opcodes as `pickletools` lists them, and the value that `_pickle.Unpickler` builds, with every import and call
  recorded instead of made.
- `mutants.json`: mutations of those that CPython still loads. Whatever CPython loads, the machine must run.

    python tests/generate/pickle_machine.py
"""

import collections
import datetime
import decimal
import fractions
import io
import json
import pathlib
import pickle
import pickletools
import random
import struct
import uuid

OUT = pathlib.Path(__file__).parents[1] / "corpus" / "pickle_machine"


class Recorder(type):
    """Classes whose calls are written down."""

    def __call__(cls, *args, **kwargs):
        return cls._make("call", args, kwargs)


class Recorded(metaclass=Recorder):
    place = ("", "")

    @classmethod
    def _make(cls, kind, args, kwargs):
        self = object.__new__(cls)
        self.__dict__.update(kind=kind, args=args, kwargs=kwargs, states=[], appended=[], entries=[])
        return self

    def __new__(cls, *args, **kwargs):
        return cls._make("new", args, kwargs)

    def __setstate__(self, state):
        self.states.append(state)

    def append(self, item):
        self.appended.append(item)

    def extend(self, items):
        self.appended.extend(items)

    def add(self, item):
        self.appended.append(item)

    def __setitem__(self, key, value):
        self.entries.append((key, value))


class Persistent:
    def __init__(self, pid):
        self.pid = pid


class Loader(pickle.Unpickler):
    """The C unpickler; nothing is imported."""

    def find_class(self, module, name):
        return Recorder(name, (Recorded,), {"place": (module, name)})

    def persistent_load(self, pid):
        return Persistent(pid)

    def get_extension(self, code):
        raise ValueError(code)


def told(value, depth=60):
    if depth == 0:
        raise RecursionError
    inner = lambda items: [told(item, depth - 1) for item in items]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, type) and issubclass(value, Recorded):
        return {"global": list(value.place)}
    if isinstance(value, Recorded):
        call = {value.kind: list(type(value).place), "args": inner(value.args), "states": inner(value.states)}
        call["kwargs"] = [[told(key, depth - 1), told(item, depth - 1)] for key, item in value.kwargs.items()]
        call["items"] = inner(value.appended)
        call["entries"] = [inner(pair) for pair in value.entries]
        return call
    if isinstance(value, Persistent):
        return {"persistent": told(value.pid, depth - 1)}
    if isinstance(value, int):
        return {"int": str(value)} if -(1 << 63) <= value < 1 << 63 else {"long": True}
    if isinstance(value, float):
        return {"float": struct.pack(">d", value).hex()}
    if isinstance(value, str):
        return {"str": value.encode("utf-8", "surrogatepass").hex()}
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, bytearray):
        return {"bytearray": value.hex()}
    if isinstance(value, (set, frozenset)):
        kind = "set" if isinstance(value, set) else "frozenset"
        return {kind: sorted(inner(value), key=lambda item: json.dumps(item, sort_keys=True))}
    if isinstance(value, dict):
        return {"dict": [[told(key, depth - 1), told(item, depth - 1)] for key, item in value.items()]}
    return {type(value).__name__: inner(value)}


class State:
    def __init__(self):
        self.a = 1
        self.b = [self.__class__.__name__]


class Slots:
    __slots__ = ("x", "y")

    def __init__(self):
        self.x, self.y = 1, "two"


class Listed(list):
    pass


class Keyed(dict):
    pass


class Wanting:
    """Made with named arguments."""

    def __new__(cls, *args, **kwargs):
        return object.__new__(cls)

    def __getnewargs_ex__(self):
        return (1, "two"), {"three": 3}


class Reduced:
    """All that `__reduce__` can return."""

    def __reduce__(self):
        return (collections.OrderedDict, (), {"state": 1}, iter([1, 2]), iter([("k", "v")]))


def objects():
    yield from [None, True, False, 0, 1, 255, 256, 65535, 65536, -1, 2**31 - 1, -(2**31), 2**31, 2**63 - 1, -(2**63)]
    yield from [2**63, -(2**63) - 1, 2**2000, 10**30, 0.0, -0.0, 1.5, 1e300, float("inf"), float("nan"), 5e-324]
    yield from ["", "abc", "é", "€uro", "\n\\u0041\\", "\x00\x7f", "𝄞", "\ud800", "x" * 300, "line\nline", "\r\x1a"]
    yield from [b"", b"abc", bytes(range(256)), b"y" * 300, bytearray(b""), bytearray(b"mutable")]
    yield from [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], [1], [1, "two", 3.0], {}, {"a": 1}, {1: (2, [3])}]
    yield from [set(), {1}, {1, 2, "three"}, frozenset(), frozenset([1, (2, 3)]), [[]] * 3, {"k": {"k": {"k": []}}}]
    shared = ["shared"]
    yield [shared, shared, (shared, shared)]
    yield {index: str(index) for index in range(300)}
    yield list(range(300))
    yield [(index, -index, index / 7) for index in range(12)]
    yield from [State(), Slots(), Listed([1, 2, 3]), Keyed(a=1, b=2), Wanting(), Reduced()]
    yield from [State, len, collections.OrderedDict, State.__init__]
    yield from [collections.OrderedDict(a=1, b=2), collections.deque([1, 2], 5), collections.Counter("abca")]
    yield from [collections.defaultdict(list, {"k": [1]}), datetime.datetime(2024, 2, 29, 12, 30, 1, 5), decimal.Decimal("1.10")]
    yield from [datetime.timedelta(days=3), fractions.Fraction(3, 7), uuid.UUID(int=7), pathlib.PurePosixPath("/a/b"), range(3, 9, 2)]
    yield from [complex(1, -2), slice(1, None, 2), Ellipsis, NotImplemented, ValueError("bad", 3), type(None)]


def op(name):
    return next(opcode.code for opcode in pickletools.opcodes if opcode.name == name).encode("latin1")


def assembled():
    """Opcodes as no writer puts them."""
    text = lambda string: op("SHORT_BINUNICODE") + bytes([len(string)]) + string.encode()
    stop = op("STOP")
    yield b"I01\n" + stop
    yield b"I00\n" + stop
    yield b"I-12\n" + stop
    yield b"I0x1f\n" + stop
    yield b"L12L\n" + stop
    yield b"L-9223372036854775808\n" + stop
    yield b"F-1.25e2\n" + stop
    yield b"Finf\n" + stop
    yield b"S'it\\'s \\x41\\102\\n\\q'\n" + stop
    yield b'S"double"\n' + stop
    yield b"Vraw \\u00e9 \\U0001d11e \\\\u0041 \\n\n" + stop
    yield b"Pan id\n" + stop
    yield b"(cos\nsystem\nS'x'\no."
    yield b"(cos\nsystem\no."
    yield b"(S'x'\nios\nsystem\n."
    yield b"(ios\nsystem\n."
    yield b"cos\nsystem\n(S'x'\ntR."
    yield b"cm\nC\n)\x81}S'a'\nI1\nsb."
    yield b"cm\nC\n(I1\nt}S'k'\nI2\ns\x92."
    yield b"(lp0\nI1\nag0\n0."
    yield b"(dp7\nS'k'\nI1\nsg7\n."
    yield b"(I1\nI2\nl."
    yield b"(I1\nI2\nd."
    yield b"((I1\n1I2\n."
    yield b"I1\n20."
    yield b"(0I3\n."
    yield b"]q\x05(K\x01K\x02e0h\x05."
    yield b"]r\x39\x30\x00\x00j\x39\x30\x00\x00\x86."
    yield b"\x8f(K\x01K\x02\x90."
    yield b"(K\x01K\x02\x91."
    yield b"\x80\x04" + text("os") + text("system") + b"\x93" + text("x") + b"\x85R."
    yield b"\x80\x04" + text("os") + b"2\x93."
    yield b"\x80\x04\x95\x03\x00\x00\x00\x00\x00\x00\x00K\x07."
    yield b"\x80\x04\x95\x02\x00\x00\x00\x00\x00\x00\x00K\x07."
    yield b"\x8a\x00."
    yield b"\x8a\x01\xff."
    yield b"\x8a\x02\xff\x00."
    yield b"\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f."
    yield b"\x8b\x01\x00\x00\x00\x80."
    yield b"T\x03\x00\x00\x00abc."
    yield b"U\x03abc."
    yield b"\x8d\x01\x00\x00\x00\x00\x00\x00\x00a."
    yield b"\x8e\x01\x00\x00\x00\x00\x00\x00\x00a."
    yield b"\x96\x01\x00\x00\x00\x00\x00\x00\x00a."
    yield b"S'id'\nQ."
    yield b"\x80\x05C\x01a\x98."
    yield b"}(S'a'\nI1\nS'b'\nI2\nu."
    yield b"](e."
    yield b"cm\nC\n)R(I1\nI2\ne(S'k'\nI3\nu."
    yield b"cm\nC\n)RI1\naS'k'\nI2\ns."
    yield b"cm\nC\n)R\x94h\x00\x86."
    yield b"K\x01\x94K\x02\x94h\x00h\x01\x86."
    yield b"K\x01q\x07K\x02\x94h\x01\x86."


def load(data):
    return told(Loader(io.BytesIO(data)).load())


def listed(data):
    """Name and byte of each opcode."""
    return [[opcode.name, position] for opcode, _, position in pickletools.genops(data)]


def main():
    rng = random.Random(5)
    cases = []
    for value in objects():
        for protocol in range(6):
            try:
                cases.append(pickle.dumps(value, protocol))
            except (TypeError, pickle.PicklingError):
                continue
    cases.extend(assembled())
    cases = list(dict.fromkeys(cases))
    values = []
    for data in cases:
        try:
            row = {"hex": data.hex(), "value": load(data)}
        except TypeError:
            continue  # what a recorded call gives cannot be called again
        try:
            row["ops"] = listed(data)
        except ValueError:
            pass  # pickletools reads some numbers more narrowly than the unpickler
        # thousands of opcodes of one kind say no more than their number
        if len(row.get("ops", ())) > 400:
            row["count"] = len(row.pop("ops"))
        values.append(row)
    mutants = []
    small = [data for data in cases if len(data) < 120]
    seen = set(cases)
    tries = 0
    while len(mutants) < 600 and tries < 400_000:
        tries += 1
        data = bytearray(rng.choice(small))
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(data))
            match rng.randrange(4):
                case 0:
                    data[at] = rng.randrange(256)
                case 1:
                    data.insert(at, ord(rng.choice([opcode.code for opcode in pickletools.opcodes])))
                case 2 if len(data) > 2:
                    del data[at]
                case 3:
                    other = rng.choice(small)
                    start = rng.randrange(len(other))
                    data[at:at] = other[start : start + rng.randint(1, 12)]
        data = bytes(data)
        if data in seen or len(data) > 150:
            continue
        # keys of the memo that would take gigabytes
        if b"r" in data and any(name == "LONG_BINPUT" for name in names(data)):
            continue
        try:
            value = load(data)
        except Exception:
            continue
        seen.add(data)
        mutants.append({"hex": data.hex(), "value": value})
    OUT.mkdir(parents=True, exist_ok=True)
    for name, rows in [("values", values), ("mutants", mutants)]:
        text = "[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]\n"
        (OUT / f"{name}.json").write_text(text)


def names(data):
    found = []
    try:
        for opcode, _, _ in pickletools.genops(data):
            found.append(opcode.name)
    except Exception:
        pass
    return found


if __name__ == "__main__":
    main()
