"""What releases of some years ago wrote: scikit-learn 0.20 and 1.2 with their neighbours, Python since 2.7, joblib since 0.8.

`requirements-scan-older.txt` and `requirements-scan-oldest.txt` are environments of their own (Python 3.11 and 3.7). The
environment variables `OLDER_PYTHON` and `OLDEST_PYTHON` name their interpreters, `OLDER_JOBLIB` is a folder with one joblib release in each folder below it, and `OLDER_INTERPRETERS` lists Pythons,
with colons between them.
"""

import json
import os
import pathlib
import subprocess
import tempfile

# runs there: writes files, and says which library wrote each
MODELS = r"""
import json, pickle, sys, warnings
import joblib, numpy as np, pandas as pd, scipy.sparse, sklearn, lightgbm, xgboost, cloudpickle
from sklearn import datasets, ensemble, feature_extraction, linear_model, naive_bayes, neighbors, pipeline, preprocessing, svm, tree
warnings.simplefilter("ignore")
root = sys.argv[1]
X, y = datasets.make_classification(30, 4, random_state=0)
frame = pd.DataFrame({"i": [1, 2], "f": [0.5, None], "s": ["a", None], "c": pd.Categorical(["x", "y"]), "t": pd.date_range("2024", periods=2, tz="UTC")})
text = ["good film", "bad film"] * 4
values = {
    "numpy": (np, lambda: [np.arange(3), np.float64(1), np.dtype("f4"), np.array(["a"]), np.array([1, "x"], object), np.ma.masked_array([1, 2], [0, 1]), np.matrix([1])]),
    "numpy_random": (np, lambda: [np.random.RandomState(0), np.random.default_rng(0)]),
    "frame": (pd, lambda: frame), "series": (pd, lambda: frame["c"]), "indexed": (pd, lambda: frame.set_index(["i", "s"])), "period": (pd, lambda: pd.Series(pd.period_range("2024-01", periods=2, freq="M"))),
    "index_numeric": (pd, lambda: [pd.Index([1.5]), pd.Index([1]), pd.Index([1], dtype="uint64")]),
    "scalars": (pd, lambda: [pd.Timestamp("2024-01-01", tz="UTC"), pd.Timedelta("1h"), pd.NaT, pd.NA]),
    "sparse": (scipy, lambda: scipy.sparse.csr_matrix(np.eye(2))),
    "logistic": (sklearn, lambda: linear_model.LogisticRegression().fit(X, y)),
    "forest": (sklearn, lambda: ensemble.RandomForestClassifier(2, max_depth=2, random_state=0).fit(X, y)),
    "boosting": (sklearn, lambda: ensemble.GradientBoostingRegressor(n_estimators=2, max_depth=2).fit(X, y)),
    "boosting_classes": (sklearn, lambda: ensemble.GradientBoostingClassifier(n_estimators=2, max_depth=2).fit(X, y)),
    "histogram": (sklearn, lambda: ensemble.HistGradientBoostingClassifier(max_iter=2, max_leaf_nodes=4).fit(X, y)),
    "neighbours": (sklearn, lambda: neighbors.KNeighborsClassifier(algorithm="kd_tree").fit(X, y)),
    "text": (sklearn, lambda: pipeline.make_pipeline(feature_extraction.text.TfidfVectorizer(), naive_bayes.MultinomialNB()).fit(text, [1, 0] * 4)),
    "svm": (sklearn, lambda: pipeline.make_pipeline(preprocessing.StandardScaler(), svm.SVC(probability=True)).fit(X, y)),
    "sgd": (sklearn, lambda: linear_model.SGDClassifier().fit(X, y)),
    "tree": (sklearn, lambda: tree.DecisionTreeRegressor(max_depth=2).fit(X, y)),
    "lightgbm": (lightgbm, lambda: lightgbm.LGBMClassifier(n_estimators=2, num_leaves=3).fit(X, y)),
    "xgboost": (xgboost, lambda: xgboost.XGBClassifier(n_estimators=2, max_depth=2).fit(X, y)),
}
said = {}
highest = pickle.HIGHEST_PROTOCOL
made = {}
for index, (name, (library, make)) in enumerate(values.items()):
    try:
        value = made[name] = make()
    except (AttributeError, TypeError):
        continue  # this release does not have it
    protocol = min((4, 2, 3, 5)[index % 4], highest)
    with open(f"{root}/{name}_p{protocol}.pkl", "wb") as file:
        pickle.dump(value, file, protocol)
    said[f"{name}_p{protocol}.pkl"] = f"{library.__name__} {library.__version__}"
    if name in ("forest", "text", "numpy", "frame"):
        joblib.dump(value, f"{root}/{name}.joblib", compress=("zlib", 3) if name == "text" else 0)
        said[f"{name}.joblib"] = f"joblib {joblib.__version__}"
with open(f"{root}/cloudpickle.pkl", "wb") as file:
    cloudpickle.dump(made["svm"], file)
said["cloudpickle.pkl"] = f"cloudpickle {cloudpickle.__version__}"
booster = made["xgboost"].get_booster()
booster.save_model(f"{root}/xgboost.deprecated")
said["xgboost.deprecated"] = f"xgboost {xgboost.__version__}"
json.dump(said, open(f"{root}/said.json", "w"))
"""

# PyTorch before its zip format was the default
TORCH = r"""
import json, sys
import torch
from torch import nn
net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.Linear(2, 2), nn.LSTM(2, 2))
state = {"epoch": 1, "state_dict": net.state_dict(), "optimizer": torch.optim.Adam(net.parameters()).state_dict()}
half = {"h": torch.ones(2).half(), "i": torch.ones(2).int(), "b": torch.ones(2) > 0, "q": torch.ones(2).to(torch.bfloat16), "view": torch.ones(4)[1:3], "p": nn.Parameter(torch.ones(1))}
said = {}
for name, value in (("state.pth", state), ("module.pth", net), ("half.pth", half)):
    torch.save(value, sys.argv[1] + "/torch_" + name)
    said["torch_" + name] = "torch " + torch.__version__
torch.jit.save(torch.jit.script(nn.Sequential(nn.Linear(2, 2), nn.ReLU())), sys.argv[1] + "/torch_script.pt")
said["torch_script.pt"] = "torch " + torch.__version__
json.dump(said, open(sys.argv[1] + "/said.json", "w"))
"""

# the same with any joblib on the path; the oldest write arrays into files beside the pickle
JOBLIB = r"""
import collections, collections.abc, inspect, json, sys
for name in ("Callable", "Sequence", "Mapping", "Iterable", "Sized"):
    setattr(collections, name, getattr(collections.abc, name))
inspect.getargspec = inspect.getfullargspec
sys.path.insert(0, sys.argv[2])
import joblib, numpy as np
value = {"w": np.arange(12.0).reshape(3, 4), "f": np.asfortranarray(np.arange(6.0).reshape(2, 3)), "names": ["a", "b"]}
joblib.dump(value, sys.argv[1] + "/plain.pkl")
joblib.dump(value, sys.argv[1] + "/compressed.pkl", compress=3)
json.dump({"plain.pkl": joblib.__version__, "compressed.pkl": joblib.__version__}, open(sys.argv[1] + "/said.json", "w"))
"""

# and values of the standard library, by interpreters from 2.7 on
PLAIN = r"""
import collections, datetime, decimal, json, os, pickle, platform, re, sys, uuid
values = {
    "scalars": [None, True, 1, -1, 2 ** 70, 1.5, 1j, u"text", b"bytes", bytearray(b"x")],
    "containers": {"a": [1, (2,)], "s": {1, 2}, "f": frozenset([1]), "o": collections.OrderedDict(a=1), "d": collections.deque([1]), "c": collections.Counter("ab"), "dd": collections.defaultdict(list)},
    "times": [datetime.datetime(2020, 1, 2, 3), datetime.date(2020, 1, 1), datetime.timedelta(1), datetime.time(1)],
    "others": [decimal.Decimal("1.5"), uuid.UUID(int=5), re.compile("a+"), ValueError("x"), range(3), slice(1, 2), int, str, object(), len],
}
if sys.version_info > (3,):
    import pathlib
    values["others"] += [pathlib.PurePosixPath("a/b"), pathlib.PurePosixPath("/x"), datetime.timezone.utc]
said = {}
for protocol in (0, 2, pickle.HIGHEST_PROTOCOL):
    name = "plain_%s_p%d.pkl" % (platform.python_version(), protocol)
    with open(os.path.join(sys.argv[1], name), "wb") as file:
        pickle.dump(values, file, protocol)
    said[name] = "python %s" % platform.python_version()
json.dump(said, open(os.path.join(sys.argv[1], "said.json"), "w"))
"""


def files():
    for age, python in (("older", os.environ["OLDER_PYTHON"]), ("oldest", os.environ["OLDEST_PYTHON"])):
        for name, *rest in written(python, MODELS):
            yield f"{age}_{name}", *rest
    yield from written(os.environ["OLDEST_PYTHON"], TORCH)
    for python in os.environ["OLDER_INTERPRETERS"].split(":"):
        yield from written(python, PLAIN)
    for release in sorted(pathlib.Path(os.environ["OLDER_JOBLIB"]).iterdir()):
        with tempfile.TemporaryDirectory() as root:
            subprocess.run([os.environ["OLDER_PYTHON"], "-W", "ignore", "-c", JOBLIB, root, str(release)], check=True)
            found = {
                path.name: path.read_bytes()
                for path in sorted(pathlib.Path(root).iterdir())
                if path.name != "said.json"
            }
            version = json.loads(pathlib.Path(root, "said.json").read_text())["plain.pkl"]
            yield f"joblib_{version}", f"what joblib {version} wrote", f"joblib {version}", found


def written(python, code):
    with tempfile.TemporaryDirectory() as root:
        subprocess.run([python, "-W", "ignore", "-c", code, root], check=True)
        for name, library in json.loads(pathlib.Path(root, "said.json").read_text()).items():
            yield name, f"{name} of {library}", library, pathlib.Path(root, name).read_bytes()
