"""Writes tests/corpus/formats/{xgboost,lightgbm,catboost,skops}: models as their own libraries save them, and facts.json
with what the libraries say of each.

    python formats_tabular.py

Needs requirements-tabular.txt. Two runs differ in times and identifiers, and in no fact.
"""

import json
import pathlib
import shutil
import zipfile

import catboost
import lightgbm
import numpy
import skops.io
import sklearn
import xgboost
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingRegressor, RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression, SGDClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

CORPUS = pathlib.Path(__file__).parents[2] / "tests/corpus/formats"
random = numpy.random.default_rng(3)
ROWS = random.normal(size=(60, 4))
BINARY = (ROWS[:, 0] + ROWS[:, 1] > 0).astype(int)
CLASSES = numpy.digitize(ROWS[:, 0], [-0.5, 0.5])
NUMBER = ROWS @ [1.0, -2.0, 0.5, 0.0]
NAMES = ["age", "income", "height", "weight"]


def folder(name):
    path = CORPUS / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def tell(path, facts):
    (path / "facts.json").write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n")


def port(name, dtype, width=None):
    return {"name": name, "dtype": dtype, "shape": ["batch"] + ([width] if width else [])}


def exact(**figures):
    return {name: {"value": int(value), "method": "exact"} for name, value in figures.items()}


def of_xgboost():
    out, facts = folder("xgboost"), {}
    named = {"feature_names": NAMES, "feature_types": ["float", "float", "q", "int"]}
    rows = ROWS.copy()
    rows[:, 3] = numpy.round(rows[:, 3])

    def train(target, rounds, named=named, **params):
        data = xgboost.DMatrix(rows, target, **named)
        return xgboost.train({"max_depth": 2, "verbosity": 0, **params}, data, rounds)

    def save(booster, name, output=None):
        booster.save_model(out / name)
        config = json.loads(booster.save_config())["learner"]
        kind = config["gradient_booster"]["name"]
        suffix = pathlib.Path(name).suffix
        version = xgboost.__version__ if suffix != ".deprecated" else ".".join(xgboost.__version__.split(".")[:2])
        told = {
            "format": "xgboost",
            "format_version": {".json": "json", ".ubj": "ubjson", ".deprecated": "binary"}[suffix],
            "framework": {"name": "xgboost", "version": version},
            "architecture": kind,
            "task": "tabular",
            "inputs": [port("features", "float32", booster.num_features())],
            "outputs": [port("prediction", "float32", output)],
            "metadata": {"objective": config["objective"]["name"]},
        }
        if booster.feature_names and suffix != ".deprecated":
            told["metadata"]["feature_names"] = ",".join(booster.feature_names)
            told["metadata"]["feature_types"] = ",".join(booster.feature_types)
        if kind == "gblinear":
            dump = booster.get_dump()[0].split()
            told["parameters"] = len(dump) - 2  # two words stand between the numbers
        else:
            frame = booster.trees_to_dataframe()
            leaves = int((frame.Feature == "Leaf").sum())
            told["parameters"] = len(frame)
            told["weight_bytes"] = {"float32": 4 * len(frame)}
            told["resources"] = exact(trees=frame.Tree.nunique(), tree_nodes=len(frame), tree_leaves=leaves)
        facts[name] = told

    binary = train(BINARY, 3, objective="binary:logistic")
    for name in ["binary.json", "binary.ubj", "binary.deprecated"]:
        save(binary, name)
    save(train(NUMBER, 3, objective="reg:squarederror", tree_method="exact"), "regression.ubj")
    save(train(CLASSES, 2, objective="multi:softprob", num_class=3), "classes.json", 3)
    save(train(CLASSES, 2, objective="multi:softmax", num_class=3), "class.ubj")
    save(train(NUMBER, 2, booster="dart", objective="reg:squarederror", rate_drop=0.5), "dart.json")
    save(train(NUMBER, 2, booster="dart", objective="reg:squarederror", rate_drop=0.5), "dart.deprecated")
    save(train(NUMBER, 2, booster="gblinear", objective="reg:squarederror"), "linear.json")
    save(train(NUMBER, 2, booster="gblinear", objective="reg:squarederror"), "linear.deprecated")
    pruned = {"updater": "grow_colmaker,prune", "gamma": 40.0, "max_depth": 3}
    save(train(NUMBER, 2, objective="reg:squarederror", tree_method="exact", **pruned), "pruned.json")
    save(train(NUMBER, 2, objective="reg:squarederror", tree_method="exact", **pruned), "pruned.deprecated")
    estimator = xgboost.XGBClassifier(n_estimators=2, max_depth=2).fit(ROWS, BINARY)
    save(estimator.get_booster(), "estimator.json")
    tell(out, facts)


def of_lightgbm():
    out, facts = folder("lightgbm"), {}

    def save(name, target, rounds, output=None, rows=ROWS, categorical="auto", **params):
        data = lightgbm.Dataset(rows, target, feature_name=NAMES, categorical_feature=categorical)
        params = {"num_leaves": 4, "min_data_in_leaf": 5, "verbosity": -1, **params}
        booster = lightgbm.train(params, data, rounds)
        booster.save_model(out / name)
        trees = booster.dump_model()["tree_info"]
        leaves = sum(tree["num_leaves"] for tree in trees)
        facts[name] = {
            "format": "lightgbm",
            "format_version": booster.dump_model()["version"],
            "framework": {"name": "lightgbm"},
            "architecture": params.get("boosting", "gbdt"),
            "task": "tabular",
            "inputs": [port("features", "float64", booster.num_feature())],
            "outputs": [port("prediction", "float64", output)],
            "resources": exact(trees=booster.num_trees(), tree_leaves=leaves, tree_nodes=2 * leaves - len(trees)),
            "metadata": {
                "objective": booster.dump_model()["objective"],
                "feature_names": ",".join(booster.feature_name()),
            },
        }
        if not params.get("linear_tree"):
            facts[name]["parameters"] = 2 * leaves - len(trees)

    save("binary.txt", BINARY, 3, objective="binary")
    save("classes.txt", CLASSES, 2, 3, objective="multiclass", num_class=3)
    save("dart.txt", NUMBER, 3, objective="regression", boosting="dart")
    save("forest.txt", BINARY, 3, objective="binary", boosting="rf", bagging_fraction=0.7, bagging_freq=1)
    save("linear.txt", NUMBER, 2, objective="regression", linear_tree=True)
    save("stumps.txt", numpy.ones(60), 2, objective="regression")
    kinds = ROWS.copy()
    kinds[:, 3] = numpy.arange(60) % 5
    save("categories.txt", NUMBER, 2, rows=kinds, categorical=["weight"], objective="regression", min_data_per_group=5)
    tell(out, facts)


def of_catboost():
    out, facts = folder("catboost"), {}

    def save(kind, target, names, output=None, rows=ROWS, features=None, **params):
        model = kind(iterations=3, depth=2, verbose=0, allow_writing_files=False, thread_count=1, **params)
        model.fit(catboost.Pool(rows, target, feature_names=features, cat_features=params.get("cat_features")))
        for name in names:
            model.save_model(str(out / name), format="json" if name.endswith(".json") else "cbm")
            leaves, splits = len(model.get_leaf_values()), None
            told = {
                "format": "catboost",
                "format_version": "json" if name.endswith(".json") else "cbm",
                "framework": {"name": "catboost", "version": catboost.__version__},
                "task": "tabular",
                "inputs": [port("features", "float64", len(model.feature_names_))],
                "outputs": [port("prediction", "float64", output)],
                "resources": exact(trees=model.tree_count_, tree_leaf_values=leaves),
                "weight_bytes": {"float64": 8 * leaves},
                "metadata": {"loss_function": model.get_all_params()["loss_function"]},
            }
            if params.get("grow_policy") is None:
                # a leaf for each way through the splits, a value for each dimension
                each = model.get_tree_leaf_counts()
                told["parameters"] = leaves + int(numpy.log2(each).sum())
                told["architecture"] = "oblivious_trees"
            if features:
                told["metadata"]["feature_names"] = ",".join(model.feature_names_)
            facts[name] = told

    save(catboost.CatBoostClassifier, BINARY, ["binary.cbm", "binary.json"], features=NAMES)
    save(catboost.CatBoostClassifier, CLASSES, ["classes.cbm", "classes.json"], 3, loss_function="MultiClass")
    save(catboost.CatBoostRegressor, NUMBER, ["lossguide.cbm", "lossguide.json"], grow_policy="Lossguide")
    kinds = [[*row[:3], "abc"[index % 3]] for index, row in enumerate(ROWS.tolist())]
    save(catboost.CatBoostRegressor, NUMBER, ["categories.cbm"], rows=kinds, cat_features=[3], one_hot_max_size=1)
    tell(out, facts)


def of_skops():
    out, facts = folder("skops"), {}

    def arrays(path):
        """Every array once, as numpy reads it."""
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.endswith(".npy")]
            return [numpy.load(archive.open(name), allow_pickle=False) for name in names]

    def save(name, model, target, rows=ROWS, **more):
        skops.io.dump(model.fit(rows, target), out / name, compression=zipfile.ZIP_DEFLATED)
        found = arrays(out / name)
        facts[name] = {
            "format": "skops",
            "framework": {"name": "sklearn", "version": sklearn.__version__},
            "producer": {"name": "skops", "version": skops.__version__},
            "architecture": type(model).__name__,
            "task": "tabular",
            "inputs": [port("X", "float64", 4)],
            "parameters": int(sum(array.size for array in found)),
            "dependencies": [f"scikit-learn=={sklearn.__version__}"],
            **more,
        }

    save("logistic.skops", LogisticRegression(), BINARY)
    save("linear.skops", LinearRegression(), NUMBER)
    save("sgd.skops", SGDClassifier(random_state=0), BINARY)
    save("svc.skops", SVC(probability=True), BINARY)
    save("hist.skops", HistGradientBoostingRegressor(max_iter=2, max_depth=2, random_state=0), NUMBER)
    boosted = GradientBoostingClassifier(n_estimators=2, max_depth=2, random_state=0)
    save("boosted.skops", boosted, BINARY)
    forest = RandomForestClassifier(2, max_depth=2, random_state=0)
    steps = [("scale", StandardScaler()), ("forest", forest)]
    parts = [{"name": name, "architecture": type(step).__name__, "library": "sklearn"} for name, step in steps]
    save("pipeline.skops", Pipeline(steps), CLASSES, components=parts)
    tell(out, facts)


if __name__ == "__main__":
    of_xgboost()
    of_lightgbm()
    of_catboost()
    of_skops()
    print(f"xgboost {xgboost.__version__}, lightgbm {lightgbm.__version__}, catboost {catboost.__version__}")
