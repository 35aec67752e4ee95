"""Writes the corpus of TensorFlow.js.

    pip install -r tests/generate/requirements-tfjs.txt
    pip install --no-deps tensorflowjs==4.22.0
    python tests/generate/formats_tfjs.py

The converter imports JAX and decision forests, which it does not need here; they are left out. What must hold of each
file is told by Keras, whose weights went in, and by the document that the converter wrote.
"""

import json
import os
import shutil
import sys
from pathlib import Path
from unittest import mock

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
for name in ("tensorflow_decision_forests", "jax", "jax.experimental", "jax.experimental.jax2tf"):
    sys.modules[name] = mock.MagicMock()

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
import tensorflowjs as tfjs  # noqa: E402
import tf_keras  # noqa: E402

OUT = Path(__file__).resolve().parents[1] / "corpus" / "formats" / "tfjs"


def facts_of(folder):
    model = json.loads((folder / "model.json").read_text())
    weights = [weight for group in model["weightsManifest"] for weight in group["weights"]]
    stored = [(weight, weight.get("quantization", {}).get("dtype", weight["dtype"])) for weight in weights]
    weight_bytes = {}
    for weight, dtype in stored:
        weight_bytes[dtype] = weight_bytes.get(dtype, 0) + int(np.prod(weight["shape"], dtype=int)) * np.dtype(dtype).itemsize
    return {"format": "tfjs", "format_version": model["format"], "weight_bytes": weight_bytes,
            "parameters": sum(int(np.prod(weight["shape"], dtype=int)) for weight in weights),
            "tensors": [{"name": weight["name"], "shape": weight["shape"], "dtype": dtype} for weight, dtype in stored]}


if __name__ == "__main__":
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    tf.random.set_seed(1)
    keras = tf_keras.Sequential([tf_keras.Input((6, 6, 1), name="image"), tf_keras.layers.Conv2D(2, 3, name="conv"),
                                 tf_keras.layers.Flatten(name="flat"), tf_keras.layers.Dense(3, name="dense")])
    facts = {}
    for name, options in (("layers", {}), ("layers_uint8", {"quantization_dtype_map": {"uint8": "*"}})):
        tfjs.converters.save_keras_model(keras, str(OUT / name), **options)
        facts[name] = facts_of(OUT / name)
        facts[name]["layers"] = [{"name": layer.name, "kind": type(layer).__name__} for layer in keras.layers]
        assert facts[name]["parameters"] == keras.count_params()
    json_layers = json.loads((OUT / "layers" / "model.json").read_text())["modelTopology"]["model_config"]["config"]["layers"]
    for name in ("layers", "layers_uint8"):
        facts[name]["layers"] = [{"name": layer["config"]["name"], "kind": layer["class_name"]} for layer in json_layers]

    class Dense(tf.Module):
        def __init__(self):
            super().__init__()
            self.kernel = tf.Variable(np.ones((4, 3), np.float32))

        @tf.function(input_signature=[tf.TensorSpec([None, 4], tf.float32, name="x")])
        def __call__(self, x):
            return {"y": tf.nn.relu(x @ self.kernel)}

    module = Dense()
    tf.saved_model.save(module, "saved", signatures={"serving_default": module.__call__})
    tfjs.converters.convert_tf_saved_model("saved", str(OUT / "graph"))
    shutil.rmtree("saved")
    facts["graph"] = facts_of(OUT / "graph")
    nodes = json.loads((OUT / "graph" / "model.json").read_text())["modelTopology"]["node"]
    facts["graph"]["nodes"] = len(nodes)
    (OUT / "facts.json").write_text(json.dumps(facts, indent=2, sort_keys=True) + "\n")
