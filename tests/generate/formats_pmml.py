"""Writes the corpus of PMML.

    pip install -r tests/generate/requirements-pmml.txt
    python tests/generate/formats_pmml.py

What must hold of each file is told by scikit-learn, whose models went in, and by nyoka, which wrote them.
"""

import json
import shutil
from importlib.metadata import version
from pathlib import Path

import nyoka
import numpy as np
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import Pipeline
from sklearn.tree import DecisionTreeClassifier

OUT = Path(__file__).resolve().parents[1] / "corpus" / "formats" / "pmml"
FEATURES = ["height", "width"]

if __name__ == "__main__":
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    random = np.random.default_rng(1)
    inputs = random.normal(size=(40, 2))
    facts = {}
    for name, model, target, kind in (("tree.pmml", DecisionTreeClassifier(max_depth=2, random_state=1), (inputs[:, 0] > 0).astype(int), "TreeModel"),
                                      ("line.pmml", LinearRegression(), inputs.sum(1), "RegressionModel")):
        pipeline = Pipeline([("model", model.fit(inputs, target))])
        nyoka.skl_to_pmml(pipeline, FEATURES, "target", str(OUT / name))
        facts[name] = {"format": "pmml", "format_version": "4.4.1", "architecture": kind, "task": "tabular",
                       "producer": {"name": "Nyoka", "version": version("nyoka")},
                       "inputs": [{"name": feature, "dtype": "float64"} for feature in FEATURES], "outputs": [{"name": "target"}]}
    (OUT / "facts.json").write_text(json.dumps(facts, indent=2, sort_keys=True) + "\n")
