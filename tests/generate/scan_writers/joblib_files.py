"""joblib: compressors and levels, and raw arrays between the opcodes."""

import io

import joblib
import numpy as np
from sklearn.linear_model import Ridge


def dumped(value, **options):
    out = io.BytesIO()
    joblib.dump(value, out, **options)
    return out.getvalue()


def files():
    arrays = {
        "weights": np.arange(20, dtype="f4").reshape(4, 5),
        "fortran": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "labels": np.array(["a", "bc"]),
        "objects": np.array([{"a": 1}, "x", None], dtype=object),
        "records": np.array([(1, 2.0)], [("a", "i4"), ("b", "f8")]),
        "empty": np.zeros((0, 2)),
        "scalar": np.array(2.0),
        "big_endian": np.arange(3, dtype=">i4"),
        "matrix": np.matrix([[1, 2]]),
        "text": "between the arrays",
    }
    model = {"model": Ridge().fit(np.eye(3), [1, 2, 3]), "arrays": arrays}
    yield "arrays.joblib", "several arrays in one file", "joblib", dumped(arrays)
    yield "model.joblib", "a model and arrays", "joblib", dumped(model)
    for protocol in (2, 3, 4, 5):
        yield f"arrays_p{protocol}.joblib", f"protocol {protocol}", "joblib", dumped(arrays, protocol=protocol)
    for method in ("zlib", "gzip", "bz2", "lzma", "xz", "lz4"):
        for level in (1, 9) if method != "lz4" else (0, 3):
            data = dumped(model, compress=(method, level))
            yield f"model_{method}_{level}.joblib", f"{method}, level {level}", "joblib", data
    for extension in ("z", "gz", "bz2", "xz", "lzma"):
        from . import saved

        data = saved(lambda path: joblib.dump(arrays, path), f"m.joblib.{extension}")
        yield f"by_name.joblib.{extension}", f"compressor by the file's name: {extension}", "joblib", data
    yield "one_array.joblib", "one array alone", "joblib", dumped(np.arange(5))
    yield "no_array.joblib", "no array", "joblib", dumped({"a": [1, 2]})
    yield (
        "unaligned.joblib",
        "arrays at odd offsets",
        "joblib",
        dumped([f"{'x' * n}" for n in range(3)] + [np.arange(3)] * 2),
    )
    yield (
        "nested_objects.joblib",
        "object arrays of arrays",
        "joblib",
        dumped(np.array([np.arange(3), np.arange(2)], dtype=object)),
    )
