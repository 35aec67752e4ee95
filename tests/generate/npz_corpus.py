"""Writes tests/corpus/npz: arrays as numpy saves them, and expected.json with what is in each.

    python npz_corpus.py            writes the files
    python npz_corpus.py --check    writes nothing; exits 1 if a committed file differs
"""

import io
import json
import zipfile

import numpy
from numpy.lib import format as npy

from output import deliver

NUMBERS = "b1 i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 c8 c16".split()


def numbers(kind, order="<"):
    """Six different elements of a type."""
    if kind == "b1":
        return numpy.array([[True, False, True], [False, False, True]])
    values = numpy.arange(1, 7) * (1 - 2j if kind.startswith("c") else 1.5 if kind.startswith("f") else 21)
    return values.astype(order + kind).reshape(2, 3)


ARRAYS = {
    "numbers": {kind: numbers(kind) for kind in NUMBERS},
    "big_endian": {kind: numbers(kind, ">") for kind in NUMBERS} | {"text": numpy.array(["aé", ""], ">U3")},
    "column_major": {
        "matrix": numpy.asfortranarray(numpy.arange(6, dtype="<i4").reshape(2, 3)),
        "cube": numpy.asfortranarray(numpy.arange(24, dtype=">i2").reshape(2, 3, 4)),
        "text": numpy.asfortranarray(numpy.array([["a", "bc"], ["d", "e"]])),
        "vector": numpy.asfortranarray(numpy.arange(3, dtype="<i8")),
    },
    "shapes": {
        "scalar": numpy.array(7, "<i8"),
        "empty": numpy.zeros((0,), "<f4"),
        "empty_between": numpy.zeros((3, 0, 2), "<f4"),
        "ones": numpy.ones((1, 1, 1, 1, 1), "<f4"),
        "ränk/0 of a name": numpy.zeros((1,), "u1"),
    },
    "strings": {
        "text": numpy.array([["cat", "naïve"], ["日本", ""]]),
        "inside": numpy.array(["a\0b"]),
        "bytes": numpy.array([b"ab", b"\xff", b""]),
        "one": numpy.array("scalar"),
    },
}


def name(dtype):
    """The name that modelium gives an element type."""
    return "string" if dtype.kind in "US" else dtype.name


def expected(array):
    """Type, shape and elements: little-endian bytes in row-major order, in hexadecimal."""
    facts = {"dtype": name(array.dtype), "dims": list(array.shape)}
    if array.dtype.kind in "US":
        encode = (lambda item: item) if array.dtype.kind == "S" else lambda item: str(item).encode()
        return facts | {"strings": [encode(item).hex() for item in array.flat]}
    little = array.astype(array.dtype.newbyteorder("<"))
    return facts | {"bytes": numpy.ascontiguousarray(little).tobytes().hex()}


def archive(arrays, method, version=None):
    """An .npz with the dates left out, as no two runs would agree on them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for key, array in arrays.items():
            data = io.BytesIO()
            npy.write_array(data, array, version=version, allow_pickle=False)
            member = zipfile.ZipInfo(f"{key}.npy", (1980, 1, 1, 0, 0, 0))
            file.writestr(member, data.getvalue(), method, 9)
    return out.getvalue()


def main():
    files, facts = {}, {}
    for key, arrays in ARRAYS.items():
        facts[key] = {name: expected(array) for name, array in arrays.items()}
        files[f"{key}.npz"] = archive(arrays, zipfile.ZIP_STORED)
    files["compressed.npz"] = archive(ARRAYS["numbers"], zipfile.ZIP_DEFLATED)
    files["version_2.npz"] = archive(ARRAYS["shapes"], zipfile.ZIP_STORED, (2, 0))
    files["version_3.npz"] = archive(ARRAYS["strings"], zipfile.ZIP_STORED, (3, 0))
    facts |= {"compressed": facts["numbers"], "version_2": facts["shapes"], "version_3": facts["strings"]}
    files["expected.json"] = (json.dumps(facts, indent=1) + "\n").encode()
    deliver(__doc__, "tests/corpus/npz", files)


if __name__ == "__main__":
    main()
