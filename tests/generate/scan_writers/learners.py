"""scikit-learn: every estimator that fits in little, and what people build of them; statsmodels."""

import io
import pickle
import warnings

import joblib
import numpy as np
import sklearn
from sklearn.datasets import make_classification, make_regression
from sklearn.utils import all_estimators

# with these even small data makes a small file
SMALL = {
    "n_estimators": 3,
    "max_iter": 20,
    "max_depth": 2,
    "n_components": 2,
    "n_clusters": 2,
    "hidden_layer_sizes": (3,),
    "random_state": 0,
    "n_quantiles": 4,
    "n_init": 1,
    "n_bins": 3,
    "max_leaf_nodes": 4,
}
# bytes beyond which a file is compressed, or left out
MOST = 24_000


def dump(value, index):
    """The bytes of one way to store it, and its name."""
    way = ("p4.pkl", "p2.pkl", "p5.pkl", "p3.pkl", "joblib", "joblib.z")[index % 6]
    if way.startswith("p"):
        return way, pickle.dumps(value, int(way[1]))
    out = io.BytesIO()
    joblib.dump(value, out, compress=3 if way.endswith("z") else 0)
    return way, out.getvalue()


def fitted(name, kind):
    """An estimator after fitting on what it takes, or None."""
    inner = sklearn.linear_model.Ridge() if "Regress" in name else sklearn.linear_model.LogisticRegression()
    wrapped = {
        "estimator": inner,
        "base_estimator": inner,
        "estimators": [("a", inner), ("b", sklearn.base.clone(inner))],
        "param_grid": {},
        "param_distributions": {},
        "transformers": [("s", sklearn.preprocessing.StandardScaler(), [0, 1])],
        "steps": [("s", sklearn.preprocessing.StandardScaler()), ("m", inner)],
        "transformer_list": [("s", sklearn.preprocessing.StandardScaler())],
        "dictionary": np.eye(4),
        "components": 2,
    }
    signature = __import__("inspect").signature(kind).parameters
    options = {key: value for key, value in SMALL.items() if key in signature}
    for key, parameter in signature.items():
        if key in wrapped and parameter.default is parameter.empty:
            options[key] = wrapped[key]
    classes = make_classification(30, 4, random_state=0)
    values = make_regression(30, 4, random_state=0)
    positive = (np.abs(classes[0]), classes[1])
    targets = np.stack([classes[1], 1 - classes[1]], 1)
    documents = (["the cat", "a dog and a cat", "no"] * 4, [0, 1, 0] * 4)
    tries = [classes, values, positive, (classes[0], targets), (values[0], np.abs(values[1]) + 1), documents]
    tries += [
        ([{"a": 1, "b": "x"}] * 4, None),
        (values[0][:, 0], values[1]),
        (classes[1], None),
        ([["a"], ["b"]], None),
    ]
    for data, target in tries:
        try:
            estimator = kind(**options)
            estimator.fit(data, target) if target is not None else estimator.fit(data)
        except Exception:  # the next kind of data may suit it
            continue
        return estimator
    return None


def files():
    warnings.simplefilter("ignore")
    import sklearn.experimental.enable_halving_search_cv
    import sklearn.experimental.enable_iterative_imputer  # noqa: F401

    for index, (name, kind) in enumerate(all_estimators()):
        estimator = fitted(name, kind)
        if estimator is None:
            continue
        way, data = dump(estimator, index)
        if len(data) > MOST:
            way, data = dump(estimator, 5)
        if len(data) > MOST:
            continue
        yield f"{name}.{way}", f"{name} fitted", "scikit-learn", data
    yield from assemblies()
    yield from statistics()


def assemblies():
    """Pipelines, searches, scorers and functions inside of estimators."""
    from sklearn import (
        compose,
        ensemble,
        feature_extraction,
        feature_selection,
        gaussian_process,
        impute,
        linear_model,
        metrics,
        model_selection,
        naive_bayes,
        neighbors,
        pipeline,
        preprocessing,
        svm,
        tree,
    )

    X, y = make_classification(30, 4, random_state=0)
    text, labels = ["good film", "bad film", "good play", "bad play"] * 3, [1, 0] * 6
    import pandas as pd

    table = pd.DataFrame({"n": X[:, 0], "m": X[:, 1], "c": list("ab") * 15})
    columns = compose.ColumnTransformer(
        [
            ("number", pipeline.make_pipeline(impute.SimpleImputer(), preprocessing.StandardScaler()), ["n", "m"]),
            ("category", preprocessing.OneHotEncoder(handle_unknown="ignore"), ["c"]),
        ]
    )
    kernel = (
        gaussian_process.kernels.ConstantKernel() * gaussian_process.kernels.RBF()
        + gaussian_process.kernels.WhiteKernel()
    )
    made = {
        "columns": pipeline.make_pipeline(columns, linear_model.LogisticRegression()).fit(table, y),
        "columns_selected": compose.make_column_transformer(
            (preprocessing.MinMaxScaler(), compose.make_column_selector(dtype_include=float)),
            remainder="passthrough",
        ).fit(table),
        "grid": model_selection.GridSearchCV(svm.SVC(), {"C": [1, 10]}, cv=2).fit(X, y),
        "grid_scorer": model_selection.GridSearchCV(
            svm.SVC(), {"C": [1]}, cv=2, scoring=metrics.make_scorer(metrics.f1_score, average="macro")
        ).fit(X, y),
        "random_search": model_selection.RandomizedSearchCV(
            tree.DecisionTreeClassifier(),
            {"max_depth": __import__("scipy.stats").stats.randint(1, 4)},
            n_iter=2,
            cv=2,
            random_state=0,
        ).fit(X, y),
        "halving": model_selection.HalvingGridSearchCV(
            tree.DecisionTreeClassifier(), {"max_depth": [1, 2]}, cv=2, random_state=0
        ).fit(X, y),
        "scorers": [
            metrics.make_scorer(metrics.mean_squared_error, greater_is_better=False),
            metrics.get_scorer("roc_auc"),
        ],
        "tfidf": pipeline.make_pipeline(feature_extraction.text.TfidfVectorizer(), naive_bayes.MultinomialNB()).fit(
            text, labels
        ),
        "count_chars": feature_extraction.text.CountVectorizer(analyzer="char_wb", ngram_range=(1, 2)).fit(text),
        "count_stop_words": feature_extraction.text.CountVectorizer(stop_words="english").fit(text),
        "hashing": feature_extraction.text.HashingVectorizer(n_features=16).fit(text),
        "function_numpy": pipeline.make_pipeline(preprocessing.FunctionTransformer(np.log1p), linear_model.Ridge()).fit(
            np.abs(X), y
        ),
        "function_none": preprocessing.FunctionTransformer().fit(X),
        "select": feature_selection.SelectKBest(feature_selection.f_classif, k=2).fit(X, y),
        "select_from": feature_selection.SelectFromModel(tree.DecisionTreeClassifier(max_depth=2)).fit(X, y),
        "union": pipeline.make_union(preprocessing.StandardScaler(), preprocessing.PolynomialFeatures(2)).fit(X),
        "voting": ensemble.VotingClassifier(
            [("a", linear_model.LogisticRegression()), ("b", naive_bayes.GaussianNB())]
        ).fit(X, y),
        "stacking": ensemble.StackingClassifier([("a", naive_bayes.GaussianNB())], cv=2).fit(X, y),
        "calibrated": sklearn.calibration.CalibratedClassifierCV(svm.LinearSVC(), cv=2).fit(X, y),
        "gaussian_process": gaussian_process.GaussianProcessRegressor(kernel).fit(X[:8], y[:8]),
        "neighbours": neighbors.KNeighborsClassifier(3, algorithm="kd_tree").fit(X, y),
        "neighbours_ball": neighbors.KNeighborsRegressor(3, algorithm="ball_tree", metric="manhattan").fit(X, y),
        "sgd": linear_model.SGDClassifier(loss="log_loss", random_state=0).fit(X, y),
        "transformed_target": compose.TransformedTargetRegressor(
            linear_model.Ridge(), func=np.log1p, inverse_func=np.expm1
        ).fit(X, y),
        "splitters": [
            model_selection.StratifiedKFold(3),
            model_selection.TimeSeriesSplit(2),
            model_selection.ShuffleSplit(2),
        ],
        "bunch": sklearn.utils.Bunch(data=X[:3], target=y[:3], feature_names=["a", "b"]),
        "pandas_output": preprocessing.StandardScaler().set_output(transform="pandas").fit(table[["n", "m"]]),
        "dictionary_of_models": {
            "model": tree.DecisionTreeClassifier(max_depth=2).fit(X, y),
            "columns": ["a"],
            "threshold": 0.5,
            "trained": __import__("datetime").datetime(2024, 1, 1),
            "encoder": preprocessing.LabelEncoder().fit(["x", "y"]),
        },
        "unfitted": [linear_model.LogisticRegression(), ensemble.RandomForestClassifier()],
        "random_states": svm.SVC(random_state=np.random.RandomState(3)).fit(X, y),
    }
    for index, (name, value) in enumerate(made.items()):
        way, data = dump(value, index)
        if len(data) > MOST:
            way, data = dump(value, 5)
        yield f"made_{name}.{way}", f"scikit-learn: {name.replace('_', ' ')}", "scikit-learn", data
    import cloudpickle

    data = cloudpickle.dumps(made["columns"])
    yield "made_columns_cloudpickle.pkl", "a pipeline by cloudpickle", "cloudpickle", data


def statistics():
    import statsmodels.api as sm

    X, y = make_regression(20, 2, random_state=0)
    results = {
        "ols": sm.OLS(y, sm.add_constant(X)).fit(),
        "logit": sm.Logit((y > 0).astype(int), X[:, :1] * 0.01 + 0.3).fit(disp=0),
        "arima": sm.tsa.ARIMA(y[:12], order=(1, 0, 0)).fit(),
    }
    for name, value in results.items():
        data = pickle.dumps(value)
        if name == "arima" and len(data) > 60_000:
            continue
        yield f"statsmodels_{name}.pkl", f"statsmodels {name}", "statsmodels", data
