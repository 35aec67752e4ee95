"""Writes the corpora of pickles, joblib files and arrays of numpy, with what their libraries say of each.

    python tests/generate/formats_pickle.py          (versions: requirements-pickle.txt)

Files go to `tests/corpus/formats/{pickle,joblib,numpy}`, facts beside them. Every fact is asked of the object in memory.
"""

import json
import pathlib
import pickle
import shutil

import catboost
import joblib
import lightgbm
import numpy
import pandas
import scipy.sparse
import sklearn
import xgboost
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, IsolationForest, RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC

CORPUS = pathlib.Path(__file__).parents[1] / "corpus" / "formats"
RNG = numpy.random.default_rng(7)
X = RNG.normal(size=(40, 4))
Y = (X[:, 0] > 0).astype(numpy.int64)
TABULAR = "tabular"


def tensor(name, array):
    row = {"name": name, "dtype": dtype(array.dtype), "shape": list(array.shape), "bytes": array.nbytes}
    if array.flags.f_contiguous and not array.flags.c_contiguous:
        row["strides"] = [stride // array.itemsize for stride in array.strides]
    return row


def dtype(of):
    if of.kind == "U":
        return f"u{of.itemsize // 4}"
    return of.name.replace("str", "u") if of.kind != "O" else "object"


def arrays(model):
    """The arrays that a flat estimator keeps, in the order of its attributes."""
    return [tensor(name, value) for name, value in model.__getstate__().items() if isinstance(value, numpy.ndarray)]


def estimator(model, flat=False):
    module = type(model).__module__.split(".")[0]
    package = {"sklearn": "scikit-learn"}.get(module, module)
    facts = {
        "architecture": type(model).__name__,
        "framework": {"name": package},
        "task": TABULAR,
    }
    if module == "sklearn":
        facts["framework"]["version"] = sklearn.__version__
        inputs = getattr(model, "n_features_in_", None)
        if inputs is not None:
            facts["inputs"] = [{"name": "X", "shape": ["batch", inputs]}]
        classes = getattr(model, "classes_", None)
        if classes is not None and classes.ndim == 1:
            facts["metadata"] = {"classes": str(len(classes))}
            facts["outputs"] = [{"name": "label", "shape": ["batch"]}]
    if hasattr(model, "estimators_"):
        facts.setdefault("metadata", {})["estimators"] = str(numpy.asarray(model.estimators_, dtype=object).size)
    if hasattr(model, "steps"):
        facts["components"] = [{"name": name, "architecture": type(step).__name__} for name, step in model.steps]
    if flat:
        facts["tensors"] = arrays(model)
        facts["parameters"] = sum(int(numpy.prod(row["shape"], dtype=int)) for row in facts["tensors"])
    return facts


def models():
    yield "logistic", LogisticRegression().fit(X, Y), True
    yield "ridge", Ridge().fit(X, X[:, 1] * 3), True
    yield "bayes", GaussianNB().fit(X, Y), True
    yield "isolation", IsolationForest(n_estimators=3, random_state=0).fit(X), False
    yield "forest", RandomForestClassifier(n_estimators=3, max_depth=2, random_state=0).fit(X, Y), False
    yield "histogram", HistGradientBoostingClassifier(max_iter=2, max_leaf_nodes=4).fit(X, Y), False
    yield "neighbours", KNeighborsClassifier(algorithm="kd_tree").fit(X, Y), False
    yield "perceptron", MLPRegressor(hidden_layer_sizes=(3,), max_iter=5, random_state=0).fit(X, X[:, 1]), False
    yield "vectors", SVC().fit(X, Y), False
    yield "pipeline", make_pipeline(StandardScaler(), LogisticRegression()).fit(X, Y), False
    yield "grid", GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, cv=2).fit(X, Y), False


def boosters():
    yield "xgboost", xgboost.XGBClassifier(n_estimators=2, max_depth=2).fit(X, Y)
    yield "lightgbm", lightgbm.LGBMClassifier(n_estimators=2, num_leaves=4, verbose=-1).fit(X, Y)
    yield "catboost", catboost.CatBoostClassifier(iterations=2, depth=2, verbose=0, allow_writing_files=False).fit(X, Y)


def write_pickles(folder):
    facts = {}

    def put(name, value, told, protocol=pickle.DEFAULT_PROTOCOL):
        (folder / name).write_bytes(pickle.dumps(value, protocol))
        facts[name] = {"format": "pickle", **told}

    for index, (name, model, flat) in enumerate(models()):
        protocol = 2 + index % 4
        # before protocol 5 the bytes of an array are text, or lie in a state
        told = estimator(model, flat and protocol >= 3)
        put(f"{name}.p{protocol}.pkl", model, told | {"format_version": str(protocol)}, protocol)
    for name, model in boosters():
        put(f"{name}.pkl", model, estimator(model))
    words = TfidfVectorizer().fit(["one two three", "two three four"])
    put("words.pkl", words, {"architecture": "TfidfVectorizer", "framework": {"name": "scikit-learn", "version": sklearn.__version__}})
    columns = ColumnTransformer([("scale", StandardScaler(), [0, 1]), ("code", OneHotEncoder(), [2])]).fit(numpy.abs(X).round())
    put("columns.pkl", columns, estimator(columns))
    put("bundle.pkl", {"model": LogisticRegression().fit(X, Y), "scaler": StandardScaler().fit(X), "threshold": 0.5}, {
        "framework": {"name": "scikit-learn", "version": sklearn.__version__},
        "components": [
            {"name": "model", "architecture": "LogisticRegression", "library": "scikit-learn"},
            {"name": "scaler", "architecture": "StandardScaler", "library": "scikit-learn"},
        ],
    })
    matrix = scipy.sparse.csr_matrix(numpy.eye(5))
    put("sparse.pkl", matrix, {"architecture": "csr_matrix", "framework": {"name": "scipy"}})
    frame = pandas.DataFrame({"a": [1, 2], "b": ["x", "y"], "c": pandas.to_datetime(["2024-01-01", "2024-01-02"])})
    put("frame.pkl", frame, {"architecture": "DataFrame", "framework": {"name": "pandas"}, "task": TABULAR})
    array = numpy.arange(12, dtype=">f4").reshape(3, 4, order="F")
    put("array.pkl", array, {"tensors": [tensor("array", array)], "parameters": 12})
    put("numbers.p0.pkl", {"a": [1, 2.5, None, True, "text"]}, {"parameters": 0}, 0)
    put("tensors.p5.pkl", {"w": {"kernel": X, "bias": X[0]}}, {"tensors": [tensor("w.kernel", X), tensor("w.bias", X[0])]}, 5)
    return facts


def write_joblib(folder):
    facts = {}

    def put(name, value, told, **options):
        joblib.dump(value, folder / name, **options)
        facts[name] = {"format": "joblib", "producer": {"name": "joblib"}, **told}

    for name, model, flat in models():
        put(f"{name}.joblib", model, estimator(model, flat))
    for compress in ["zlib", "gzip", "bz2", "lzma", "xz", "lz4"]:
        model = LogisticRegression().fit(X, Y)
        told = {"bz2": "bzip2"}.get(compress, compress)
        facts_of = estimator(model, True)
        facts_of["metadata"]["compression"] = told
        put(f"logistic.{compress}", model, facts_of, compress=(compress, 3))
    state = {"weights": X, "order": numpy.asfortranarray(X[:6]), "names": numpy.array(["a", "bcd"]), "ids": Y}
    put("arrays.joblib", state, {"tensors": [tensor(name, array) for name, array in state.items()], "parameters": X.size + 24 + 2 + Y.size})
    put("objects.joblib", {"mixed": numpy.array([1, "two", None], dtype=object), "after": X[0]}, {
        "tensors": [{"name": "mixed", "dtype": "object", "shape": [3], "bytes": 0}, tensor("after", X[0])],
    })
    return facts


def write_numpy(folder):
    facts = {}
    single = {
        "floats.npy": X,
        "column_major.npy": numpy.asfortranarray(X),
        "big_endian.npy": X.astype(">f8"),
        "half.npy": X.astype("f2"),
        "complex.npy": X.astype("c16"),
        "bools.npy": X > 0,
        "scalar.npy": numpy.array(3.5),
        "empty.npy": numpy.zeros((0, 3), "i4"),
        "texts.npy": numpy.array(["ab", "cde"]),
        "bytes.npy": numpy.array([b"ab", b"cde"]),
        "dates.npy": numpy.array(["2024-01-01", "2024-01-02"], "M8[D]"),
    }
    for name, array in single.items():
        numpy.save(folder / name, array)
        row = tensor("array", array) | {"file": name, "start": (folder / name).stat().st_size - array.nbytes}
        if array.dtype.kind == "U":
            row["dtype"] = f"str{array.itemsize // 4}"
        elif array.dtype.kind in "SM":
            row["dtype"] = array.dtype.str.lstrip("|<>").lower()
        facts[name] = {"format": "numpy", "framework": {"name": "numpy"}, "tensors": [row], "parameters": array.size}
    records = numpy.zeros(3, [("x", "f4"), ("y", "i8", (2, 3)), ("name", "U5"), ("inner", [("a", "u1"), ("b", "f8")])])
    numpy.save(folder / "records.npy", records)
    facts["records.npy"] = {"tensors": [{
        "name": "array", "dtype": "{x: float32, y: int64, name: str5, inner: {a: uint8, b: float64}}", "shape": [3], "bytes": records.nbytes,
    }]}
    long = numpy.zeros(2, [(f"field_{index:05}", "f4") for index in range(3000)])
    numpy.save(folder / "many_fields.npy", long)
    facts["many_fields.npy"] = {"format_version": "2.0", "encoded_bytes": None}
    del facts["many_fields.npy"]["encoded_bytes"]
    numpy.save(folder / "objects.npy", numpy.array([1, "two", [3]], dtype=object), allow_pickle=True)
    facts["objects.npy"] = {"tensors": [{"name": "array", "dtype": "object", "shape": [3], "bytes": 0}]}
    with open(folder / "two.npy", "wb") as file:
        numpy.save(file, X)
        numpy.save(file, Y)
    facts["two.npy"] = {"format": "numpy"}
    numpy.savez(folder / "stored.npz", kernel=X, bias=X[0])
    facts["stored.npz"] = {"tensors": [tensor("kernel", X) | {"file": "stored.npz"}, tensor("bias", X[0])], "parameters": X.size + 4}
    numpy.savez_compressed(folder / "deflated.npz", kernel=X, label=Y)
    facts["deflated.npz"] = {"tensors": [tensor("kernel", X), tensor("label", Y)], "parameters": X.size + Y.size}
    return facts


def main():
    for name, write in [("pickle", write_pickles), ("joblib", write_joblib), ("numpy", write_numpy)]:
        folder = CORPUS / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        facts = write(folder)
        (folder / "facts.json").write_text(json.dumps(facts, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
