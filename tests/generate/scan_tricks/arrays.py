"""joblib and numpy: the stream goes on behind raw arrays; object arrays are pickles."""

import bz2
import gzip
import lzma
import struct
import zlib

from .ops import build, newobj, reduce, run, stack, stream
from .streams import HARMLESS, PAYLOAD
from .zips import archive

MAGIC = b"\x93NUMPY"


def npy(data, descr="'<f4'", shape="(2,)", version=(1, 0), order="False", length=None, extra=""):
    header = f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, {extra}}}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    size = len(header) if length is None else length
    return MAGIC + bytes(version) + struct.pack("<H" if version[0] == 1 else "<I", size) + header + data


def wrapper(dtype="f4", shape=(2,), **state):
    """A joblib NumpyArrayWrapper; the array's bytes follow the opcode that made it."""
    kind = reduce(stack("numpy", "dtype"), dtype, False, True)
    state = {
        "subclass": stack("numpy", "ndarray"),
        "shape": shape,
        "order": "C",
        "dtype": kind,
        "allow_mmap": True,
        **state,
    }
    return build(newobj(stack("joblib.numpy_pickle", "NumpyArrayWrapper")), state)


def padded(front, data, align=16):
    """Raw bytes as newer releases write them: how much padding, then the padding, then the array."""
    fill = align - (len(front) + 1) % align
    return front + bytes([fill]) + b"\xff" * fill + data


def behind_array(rest, aligned=True, data=bytes(8), **options):
    options = {"numpy_array_alignment_bytes": 16, **options} if aligned else options
    front = b"\x80\x04(" + wrapper(**options)
    return (padded(front, data) if aligned else front + data) + rest


def files():
    for name, technique, expected, content in [*raw_arrays(), *objects()]:
        yield name, technique, "joblib and numpy", expected, content


def raw_arrays():
    bad = "malicious"
    rest = run() + b"t."
    plain = behind_array(rest)
    yield "behind_array.joblib", "the stream goes on behind a raw array", bad, plain
    yield "behind_array_unaligned.joblib", "an older release, without padding", bad, behind_array(rest, aligned=False)
    yield "behind_stops.joblib", "the array's bytes are STOPs", bad, behind_array(rest, data=b"........")
    yield (
        "array_of_opcodes.joblib",
        "the array's bytes look like a fault",
        bad,
        behind_array(rest, data=b"\xff\xff)R0.\xff\xff"),
    )
    yield (
        "behind_large_array.joblib",
        "behind an array of some size",
        bad,
        behind_array(rest, data=bytes(4000), shape=(1000,)),
    )
    yield "behind_empty_array.joblib", "behind an array of no elements", bad, behind_array(rest, data=b"", shape=(0, 5))
    two = padded(b"\x80\x04(" + wrapper(numpy_array_alignment_bytes=16), bytes(8))
    two = padded(two + wrapper(dtype="i8", shape=(1,), numpy_array_alignment_bytes=16), bytes(8))
    yield "behind_two_arrays.joblib", "behind two arrays", bad, two + run() + b"t."
    yield (
        "before_array.joblib",
        "before the array",
        bad,
        padded(b"\x80\x04(" + run() + wrapper(numpy_array_alignment_bytes=16), bytes(8)) + b"t.",
    )
    inner = behind_array(b"t.", aligned=False, dtype="O8", shape=(1,), data=PAYLOAD)
    yield "object_array.joblib", "an object array: a pickle in the stream", bad, inner
    yield "array_beyond_file.joblib", "an array larger than the file", "suspicious", behind_array(b"t.", shape=(10**6,))
    yield "array_uncountable.joblib", "a shape beyond 64 bits", "suspicious", behind_array(b"t.", shape=(2**40, 2**40))
    yield (
        "array_subclass.joblib",
        "the subclass is what acts",
        "suspicious",
        behind_array(b"t.", subclass=stack("subprocess", "Popen")),
    )
    for name, packed in {
        "zlib": zlib.compress(plain, 3),
        "gzip": gzip.compress(plain, mtime=0),
        "bz2": bz2.compress(plain),
        "xz": lzma.compress(plain),
        "lzma": lzma.compress(plain, lzma.FORMAT_ALONE),
        "lz4": lz4(plain),
    }.items():
        yield f"compressed_{name}.joblib", f"behind an array, {name}", bad, packed
    yield (
        "zfile.pkl",
        "joblib's compression of before 2016",
        bad,
        b"ZF" + hex(len(PAYLOAD)).encode().ljust(19) + zlib.compress(PAYLOAD),
    )
    old = build(
        newobj(stack("joblib.numpy_pickle", "NDArrayWrapper")),
        {"filename": "../../owned.npy", "subclass": stack("numpy", "ndarray"), "allow_mmap": True},
    )
    yield "array_in_other_file.pkl", "an old wrapper that names another file", "suspicious", stream(old)


def lz4(data):
    """A frame of one stored block, as lz4 writes what does not shrink."""
    header = b"\x60\x40"
    return (
        b"\x04\x22\x4d\x18"
        + header
        + bytes([xxh32(header) >> 8 & 255])
        + struct.pack("<I", len(data) | 1 << 31)
        + data
        + bytes(4)
    )


def xxh32(data):
    """XXH32 of less than 16 bytes, seed 0."""
    mask, prime = 2**32 - 1, (2654435761, 2246822519, 3266489917, 668265263, 374761393)
    value, at = prime[4] + len(data), 0
    while at + 4 <= len(data):
        value = (value + int.from_bytes(data[at : at + 4], "little") * prime[2]) & mask
        value = ((value << 17 | value >> 15) & mask) * prime[3] & mask
        at += 4
    for byte in data[at:]:
        value = (value + byte * prime[4]) & mask
        value = ((value << 11 | value >> 21) & mask) * prime[0] & mask
    value = (value ^ value >> 15) * prime[1] & mask
    value = (value ^ value >> 13) * prime[2] & mask
    return value ^ value >> 16


def objects():
    bad = "malicious"
    yield "object.npy", "an object array", bad, npy(PAYLOAD, "'|O'", "(1,)")
    yield "object_version_2.npy", "an object array, version 2", bad, npy(PAYLOAD, "'|O'", "(1,)", (2, 0))
    yield "object_version_3.npy", "an object array, version 3", bad, npy(PAYLOAD, "'|O'", "(1,)", (3, 0))
    yield "object_o8.npy", "the type written O8", bad, npy(PAYLOAD, "'O8'", "(1,)")
    yield "object_field.npy", "a field of objects", bad, npy(PAYLOAD, "[('a', '<f4'), ('b', '|O')]", "(1,)")
    yield (
        "object_nested_field.npy",
        "a field of a field of objects",
        bad,
        npy(PAYLOAD, "[('a', [('b', [('c', 'O')])])]", "(1,)"),
    )
    yield "object_subarray.npy", "a field of arrays of objects", bad, npy(PAYLOAD, "[('a', '|O', (2,))]", "(1,)")
    yield "pickle_named.npy", "no array at all: numpy.load takes a pickle", bad, PAYLOAD
    yield (
        "pickle_behind_array.npy",
        "a pickle behind the array, for numpy.load of an open file",
        "suspicious",
        npy(bytes(8)) + PAYLOAD,
    )
    yield "header_call.npy", "a call in the header", "suspicious", npy(bytes(8), "__import__('os').system('true')")
    yield (
        "header_deep.npy",
        "a header of 5,000 brackets",
        "suspicious",
        npy(bytes(8), "[" * 5000 + "]" * 5000, version=(2, 0)),
    )
    yield "header_beyond_file.npy", "a header longer than the file", "suspicious", npy(bytes(8), length=60000)
    yield "shape_beyond_file.npy", "a shape larger than the file", "suspicious", npy(bytes(8), shape="(1000000,)")
    yield (
        "shape_uncountable.npy",
        "a shape beyond 64 bits",
        "suspicious",
        npy(bytes(8), shape="(4294967296, 4294967296, 4)"),
    )
    yield "shape_negative.npy", "a negative shape", "suspicious", npy(bytes(8), shape="(-2,)")
    harmless = npy(bytes(8))
    yield (
        "object.npz",
        "an object array in an npz",
        bad,
        archive(("a.npy", harmless), ("b.npy", npy(PAYLOAD, "'|O'", "(1,)"))),
    )
    yield "pickle_member.npz", "a member that is a pickle", "suspicious", archive(("a.npy", harmless), ("b", PAYLOAD))
    yield "pickle_member_npy.npz", "a pickle named .npy", bad, archive(("a.npy", PAYLOAD))
    yield (
        "object_two_streams.npy",
        "an object array of a harmless stream, then a payload",
        "suspicious",
        npy(HARMLESS + PAYLOAD, "'|O'", "(1,)"),
    )
    yield (
        "object_harmless_global.npy",
        "a callable nobody knows in an object array",
        "suspicious",
        npy(stream(reduce(stack("somebody.elses", "factory"), 1)), "'|O'", "(1,)"),
    )
