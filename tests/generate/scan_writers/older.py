"""What releases of some years ago wrote: numpy 1, pandas 1, scikit-learn 1.2, and joblib since 0.8.

`requirements-scan-older.txt` is an environment of its own; its interpreter is what the environment variable `OLDER_PYTHON`
names, and `OLDER_JOBLIB` is a folder with one joblib release in each folder below it.
"""

import json
import os
import pathlib
import subprocess
import tempfile

# runs there: writes files, and says which library wrote each
MODELS = r"""
import json, pickle, sys, warnings
import joblib, numpy as np, pandas as pd, scipy.sparse, sklearn, statsmodels, lightgbm, xgboost, cloudpickle
from sklearn import datasets, ensemble, feature_extraction, linear_model, naive_bayes, neighbors, pipeline, preprocessing, svm, tree
warnings.simplefilter("ignore")
root = sys.argv[1]
X, y = datasets.make_classification(30, 4, random_state=0)
frame = pd.DataFrame({"i": [1, 2], "f": [0.5, None], "s": ["a", None], "c": pd.Categorical(["x", "y"]), "t": pd.date_range("2024", periods=2, tz="UTC")})
text = ["good film", "bad film"] * 4
values = {
    "numpy": (np, [np.arange(3), np.float64(1), np.dtype("f4"), np.array(["a"]), np.array([1, "x"], object), np.ma.masked_array([1, 2], [0, 1]), np.matrix([1])]),
    "numpy_random": (np, [np.random.RandomState(0), np.random.default_rng(0)]),
    "frame": (pd, frame), "series": (pd, frame["c"]), "indexed": (pd, frame.set_index(["i", "s"])), "period": (pd, pd.Series(pd.period_range("2024-01", periods=2, freq="M"))),
    "index_numeric": (pd, [pd.Index([1.5]), pd.Index([1]), pd.Index([1], dtype="uint64")]),
    "scalars": (pd, [pd.Timestamp("2024-01-01", tz="UTC"), pd.Timedelta("1h"), pd.NaT, pd.NA]),
    "sparse": (scipy, scipy.sparse.csr_matrix(np.eye(2))),
    "logistic": (sklearn, linear_model.LogisticRegression().fit(X, y)),
    "forest": (sklearn, ensemble.RandomForestClassifier(2, max_depth=2, random_state=0).fit(X, y)),
    "boosting": (sklearn, ensemble.GradientBoostingRegressor(n_estimators=2, max_depth=2).fit(X, y)),
    "boosting_classes": (sklearn, ensemble.GradientBoostingClassifier(n_estimators=2, max_depth=2).fit(X, y)),
    "histogram": (sklearn, ensemble.HistGradientBoostingClassifier(max_iter=2, max_leaf_nodes=4).fit(X, y)),
    "neighbours": (sklearn, neighbors.KNeighborsClassifier(algorithm="kd_tree").fit(X, y)),
    "text": (sklearn, pipeline.make_pipeline(feature_extraction.text.TfidfVectorizer(), naive_bayes.MultinomialNB()).fit(text, [1, 0] * 4)),
    "svm": (sklearn, pipeline.make_pipeline(preprocessing.StandardScaler(), svm.SVC(probability=True)).fit(X, y)),
    "sgd": (sklearn, linear_model.SGDClassifier().fit(X, y)),
    "tree": (sklearn, tree.DecisionTreeRegressor(max_depth=2).fit(X, y)),
    "lightgbm": (lightgbm, lightgbm.LGBMClassifier(n_estimators=2, num_leaves=3).fit(X, y)),
    "xgboost": (xgboost, xgboost.XGBClassifier(n_estimators=2, max_depth=2).fit(X, y)),
}
said = {}
for index, (name, (library, value)) in enumerate(values.items()):
    protocol = (4, 2, 3, 5)[index % 4]
    with open(f"{root}/{name}_p{protocol}.pkl", "wb") as file:
        pickle.dump(value, file, protocol)
    said[f"{name}_p{protocol}.pkl"] = f"{library.__name__} {library.__version__}"
    if name in ("forest", "text", "numpy", "frame"):
        joblib.dump(value, f"{root}/{name}.joblib", compress=("zlib", 3) if name == "text" else 0)
        said[f"{name}.joblib"] = f"joblib {joblib.__version__}"
with open(f"{root}/cloudpickle.pkl", "wb") as file:
    cloudpickle.dump(values["svm"][1], file)
said["cloudpickle.pkl"] = f"cloudpickle {cloudpickle.__version__}"
booster = values["xgboost"][1].get_booster()
booster.save_model(f"{root}/xgboost.deprecated")
said["xgboost.deprecated"] = f"xgboost {xgboost.__version__}"
json.dump(said, open(f"{root}/said.json", "w"))
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


def files():
    python, joblibs = os.environ["OLDER_PYTHON"], pathlib.Path(os.environ["OLDER_JOBLIB"])
    with tempfile.TemporaryDirectory() as root:
        subprocess.run([python, "-W", "ignore", "-c", MODELS, root], check=True)
        for name, library in json.loads(pathlib.Path(root, "said.json").read_text()).items():
            yield name, f"{name} of {library}", library, pathlib.Path(root, name).read_bytes()
    for release in sorted(path for path in joblibs.iterdir() if path.is_dir()):
        with tempfile.TemporaryDirectory() as root:
            subprocess.run([python, "-W", "ignore", "-c", JOBLIB, root, str(release)], check=True)
            written = {path.name: path.read_bytes() for path in sorted(pathlib.Path(root).iterdir()) if path.name != "said.json"}
            version = json.loads(pathlib.Path(root, "said.json").read_text())["plain.pkl"]
            yield f"joblib_{version}", f"what joblib {version} wrote", f"joblib {version}", written
