"""Arrays, frames and sparse matrices."""

import io
import pickle

import numpy as np
import pandas as pd
import scipy.sparse as sparse


def arrays():
    """By name, an array of each kind."""
    return {
        "float32": np.arange(6, dtype="f4").reshape(2, 3),
        "big_endian": np.arange(3, dtype=">i8"),
        "fortran": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "half": np.arange(4, dtype="f2"),
        "bool": np.array([True, False]),
        "complex": np.array([1 + 2j], "c16"),
        "unicode": np.array(["a", "bcd", "é"]),
        "bytes": np.array([b"a", b"bc"]),
        "dates": np.array(["2024-01-01", "NaT"], "M8[D]"),
        "spans": np.array([1, 2], "m8[ns]"),
        "records": np.array([(1, 2.0, b"x")], [("id", "<i4"), ("w", "<f8"), ("tag", "S4")]),
        "nested_records": np.zeros(2, [("p", [("x", "f4"), ("y", "f4")]), ("m", "i2", (2, 2))]),
        "aligned_records": np.zeros(2, np.dtype([("a", "i1"), ("b", "f8")], align=True)),
        "empty": np.zeros((0, 3)),
        "zero_dim": np.array(3.5),
        "void": np.array([b"ab", b"cd"], "V2"),
        "long_double": np.array([1.5], np.longdouble),
    }


def npy(array, **options):
    out = io.BytesIO()
    np.save(out, array, **options)
    return out.getvalue()


def files():
    every = arrays()
    for name, array in every.items():
        yield f"{name}.npy", f"numpy array: {name}", "numpy", npy(array)
    out = io.BytesIO()
    np.lib.format.write_array(out, every["float32"], version=(2, 0))
    yield "version_2.npy", "npy of version 2", "numpy", out.getvalue()
    out = io.BytesIO()
    np.lib.format.write_array(out, np.zeros(1, [("é", "f4")]), version=(3, 0))
    yield "version_3.npy", "npy of version 3", "numpy", out.getvalue()
    for name, save in (("stored", np.savez), ("deflated", np.savez_compressed)):
        out = io.BytesIO()
        save(out, **every)
        yield f"{name}.npz", f"npz, {name}", "numpy", out.getvalue()
    for protocol in range(6):
        data = pickle.dumps(every, protocol)
        yield f"arrays_p{protocol}.pkl", f"arrays of every kind, protocol {protocol}", "numpy", data
    scalars = [np.float64(1.5), np.int8(3), np.bool_(True), np.datetime64("2024-01-01"), np.complex64(1j), np.str_("x")]
    masked = np.ma.masked_array([1.0, 2.0], [0, 1])
    others = {
        "scalars": scalars,
        "dtypes": [np.dtype(name) for name in ("f4", ">i2", "U3", "M8[us]", "O", "V8")] + [every["records"].dtype],
        "types": [np.float32, np.ndarray, np.dtype, np.int64],
        "masked": masked,
        "objects": np.array([{"a": 1}, None, "x"], dtype=object),
        "matrix": np.matrix([[1, 2], [3, 4]]),
        "recarray": np.rec.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
        "polynomial": np.polynomial.Polynomial([1, 2, 3]),
        "ufuncs": [np.add, np.log1p, np.exp, np.mean],
        "random_generator": np.random.default_rng(0),
        "random_state": np.random.RandomState(0),
        "bit_generators": [np.random.PCG64(1), np.random.Philox(1), np.random.SFC64(1)],
    }
    for index, (name, value) in enumerate(others.items()):
        protocol = (4, 2, 5, 3)[index % 4]
        data = pickle.dumps(value, protocol)
        yield f"numpy_{name}_p{protocol}.pkl", f"numpy {name}, protocol {protocol}", "numpy", data
    strings = np.array(["a", "bb"], dtype=np.dtypes.StringDType())
    yield "numpy_string_dtype.pkl", "numpy StringDType", "numpy", pickle.dumps(strings)
    yield from frames()
    yield from matrices()


def frames():
    days = pd.date_range("2024-01-01", periods=3, tz="UTC")
    frame = pd.DataFrame(
        {
            "i": [1, 2, 3],
            "f": [0.5, np.nan, 2.0],
            "s": ["a", "b", None],
            "b": [True, False, True],
            "c": pd.Categorical(["x", "y", "x"]),
            "t": days,
            "d": pd.to_timedelta([1, 2, 3], "h"),
        }
    )
    nullable = frame[["i", "f", "s", "b"]].convert_dtypes()
    values = {
        "frame": frame,
        "nullable": nullable,
        "series": pd.Series([1, 2], name="y", index=["a", "b"]),
        "categorical": pd.Series(pd.Categorical(["a", "b"], ordered=True)),
        "multi_index": frame.set_index(["i", "s"]),
        "date_index": pd.Series(range(3), index=pd.date_range("2024", periods=3, freq="D")),
        "period": pd.Series(pd.period_range("2024-01", periods=2, freq="M")),
        "interval": pd.Series(pd.cut([1, 5, 9], [0, 3, 6, 10])),
        "sparse": pd.DataFrame({"a": pd.arrays.SparseArray([0, 0, 1])}),
        "scalars": [
            pd.Timestamp("2024-01-01", tz="Europe/Paris"),
            pd.Timedelta("1h"),
            pd.NaT,
            pd.NA,
            pd.Interval(0, 1),
            pd.Period("2024-01", "M"),
        ],
        "offsets": [pd.offsets.MonthEnd(2), pd.offsets.BDay(), pd.offsets.Hour(3), pd.DateOffset(days=1)],
        "timezones": pd.Series(pd.date_range("2024", periods=2, tz="America/New_York")),
        "range_index": pd.RangeIndex(3),
        "indices": [pd.Index(["a", "b"]), pd.Index([1.5]), pd.CategoricalIndex(["u"]), pd.TimedeltaIndex(["1h"])],
        "empty": pd.DataFrame(),
        "attrs": pd.DataFrame({"a": [1]}).set_flags(allows_duplicate_labels=False),
        "dtypes": frame.dtypes,
        "arrow": pd.Series(["a", "b"], dtype="string[pyarrow]"),
    }
    for index, (name, value) in enumerate(values.items()):
        protocol = (5, 4, 2, 3)[index % 4]
        data = pickle.dumps(value, protocol)
        yield f"pandas_{name}_p{protocol}.pkl", f"pandas {name}, protocol {protocol}", "pandas", data
    out = io.BytesIO()
    frame.to_pickle(out, compression="gzip")
    yield "pandas_frame.pkl.gz", "pandas frame, gzip", "pandas", out.getvalue()
    out = io.BytesIO()
    frame.to_pickle(out, compression="xz")
    yield "pandas_frame.pkl.xz", "pandas frame, xz", "pandas", out.getvalue()
    out = io.BytesIO()
    nullable.to_parquet(out)
    yield "pandas_frame.parquet", "pandas frame, parquet", "pyarrow", out.getvalue()
    yield "pandas_frame.csv", "pandas frame, CSV", "pandas", frame.to_csv().encode()


def matrices():
    dense = np.array([[0, 1.0], [2.0, 0]])
    for index, kind in enumerate(("csr", "csc", "coo", "bsr", "dia", "dok", "lil")):
        protocol = (2, 4, 5, 3)[index % 4]
        both = [getattr(sparse, f"{kind}_matrix")(dense), getattr(sparse, f"{kind}_array")(dense)]
        yield (
            f"sparse_{kind}_p{protocol}.pkl",
            f"scipy {kind}, protocol {protocol}",
            "scipy",
            pickle.dumps(both, protocol),
        )
    out = io.BytesIO()
    sparse.save_npz(out, sparse.csr_matrix(dense))
    yield "sparse_csr.npz", "scipy sparse.save_npz", "scipy", out.getvalue()
    from scipy import interpolate, spatial, stats

    frozen = stats.norm(0, 2)
    others = {
        "distribution": [frozen, stats.uniform(0, 1), stats.randint(1, 5)],
        "interpolation": interpolate.interp1d([0, 1, 2], [0, 1, 4]),
        "spline": interpolate.BSpline([0, 0, 1, 1], [1.0, 2.0], 1),
        "kd_tree": spatial.cKDTree(np.arange(8.0).reshape(4, 2)),
        "rotation": spatial.transform.Rotation.identity(),
        "kde": stats.gaussian_kde([1.0, 2.0, 4.0]),
    }
    for name, value in others.items():
        yield f"scipy_{name}.pkl", f"scipy {name}", "scipy", pickle.dumps(value)
