"""XGBoost, LightGBM and CatBoost: pickles, and their own formats."""

import pickle

import catboost
import cloudpickle
import lightgbm
import xgboost
from sklearn.datasets import make_classification

from . import saved
from .joblib_files import dumped


def files():
    X, y = make_classification(40, 4, random_state=0)
    yield from xgboosts(X, y)
    yield from lightgbms(X, y)
    yield from catboosts(X, y)


def xgboosts(X, y):
    model = xgboost.XGBClassifier(n_estimators=2, max_depth=2).fit(X, y)
    ranker = xgboost.XGBRegressor(n_estimators=2, max_depth=2, booster="dart").fit(X, y)
    linear = xgboost.train({"booster": "gblinear"}, xgboost.DMatrix(X, y), 2)
    for name, value in (("classifier", model), ("dart", ranker), ("booster", model.get_booster()), ("linear", linear)):
        yield f"xgboost_{name}.pkl", f"XGBoost {name} pickled", "xgboost", pickle.dumps(value)
    yield "xgboost.joblib", "XGBoost by joblib", "xgboost", dumped(model, compress=3)
    yield "xgboost_cloudpickle.pkl", "XGBoost by cloudpickle", "xgboost", cloudpickle.dumps(model)
    for extension in ("json", "ubj"):
        data = saved(lambda path: model.save_model(path), f"model.{extension}")
        yield f"xgboost.{extension}", f"XGBoost's own {extension}", "xgboost", data
    config = model.get_booster().save_config().encode()
    yield "xgboost_config.json", "configuration of a booster, without its model", "xgboost", config
        data = saved(lambda path: linear.save_model(path), f"model.{extension}")
        yield f"xgboost_linear.{extension}", f"gblinear, {extension}", "xgboost", data


def lightgbms(X, y):
    model = lightgbm.LGBMClassifier(n_estimators=2, num_leaves=3, verbose=-1).fit(X, y)
    yield "lightgbm_classifier.pkl", "LightGBM classifier pickled", "lightgbm", pickle.dumps(model)
    yield "lightgbm_booster.pkl", "LightGBM booster pickled", "lightgbm", pickle.dumps(model.booster_)
    yield "lightgbm.joblib", "LightGBM by joblib", "lightgbm", dumped(model)
    yield "lightgbm.txt", "LightGBM's own text", "lightgbm", model.booster_.model_to_string().encode()
    yield (
        "lightgbm_dump.json",
        "LightGBM's dump",
        "lightgbm",
        __import__("json").dumps(model.booster_.dump_model()).encode(),
    )


def catboosts(X, y):
    options = {"iterations": 2, "depth": 2, "verbose": 0, "allow_writing_files": False, "random_seed": 0}
    model = catboost.CatBoostClassifier(**options).fit(X, y)
    yield "catboost_classifier.pkl", "CatBoost classifier pickled", "catboost", pickle.dumps(model)
    yield "catboost.joblib", "CatBoost by joblib", "catboost", dumped(model)
    for extension, kind in (("cbm", "cbm"), ("json", "json"), ("onnx", "onnx")):
        data = saved(lambda path: model.save_model(str(path), format=kind), f"model.{extension}")
        yield f"catboost.{extension}", f"CatBoost's own {kind}", "catboost", data
