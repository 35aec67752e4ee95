"""Writes the names of everything that Keras itself can build from a configuration.

The scanner calls an object known if its class or function is one of these. Names come from the packages, never from a
list by hand: Keras 3 (`keras`), Keras 2 (`tf_keras`), and TensorFlow's public functions, which Keras 2 calls by name
(`TFOpLambda`). Run: `python tests/generate/keras_names.py` with `requirements-keras.txt`.
"""

import importlib
import inspect
import os
import pathlib
import pkgutil

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import tensorflow as tf
import tf_keras

OUT = pathlib.Path(__file__).parents[2] / "modelium-core/src/scan/keras/names.rs"
# what loading must never reach although Keras exports it: these are judged one by one in the scanner
JUDGED = {"Lambda", "TorchModuleWrapper", "TFSMLayer", "FlaxLayer", "JaxLayer", "TFOpLambda", "TensorFlowOpLayer",
          "ClassMethod", "ModuleWrapper", "SlicingOpLambda", "InstanceMethod", "InstanceProperty"}
CLASS_AREAS = ["layers", "losses", "metrics", "optimizers", "optimizers.schedules", "optimizers.legacy", "initializers",
               "regularizers", "constraints", "models", "dtype_policies", "mixed_precision", "quantizers", "random",
               "experimental", "utils"]
UTILS = {"FeatureSpace", "bounding_boxes"}
FUNCTION_AREAS = ["activations", "losses", "metrics", "initializers", "regularizers", "constraints", "ops", "ops.nn",
                  "ops.numpy", "ops.image", "ops.linalg"]
# functions of TensorFlow that only compute
TF_AREAS = ["", "math", "nn", "linalg", "signal", "image", "strings", "random", "sparse", "ragged", "bitwise", "sets",
            "quantization", "dtypes", "compat.v1", "compat.v1.math", "compat.v1.nn", "compat.v1.image", "nn.experimental",
            "linalg.experimental", "math.special", "random.experimental", "keras.backend", "keras.activations"]
TF_ACTS = ("py_func", "numpy_function", "py_function", "load_", "print", "Print", "read_", "write_", "matching_files",
           "import_", "executing", "function", "enable_", "disable_", "save", "restore", "gather_nd_file")


# layers of Keras 1 that no later package has; loaders that know them still read such files
KERAS_1 = {"AtrousConvolution1D", "AtrousConvolution2D", "Highway", "MaxoutDense", "TimeDistributedDense"}


def from_config(value):
    return inspect.isclass(value) and hasattr(value, "from_config")


def public(package, areas):
    for area in areas:
        module = package
        for step in filter(None, area.split(".")):
            module = getattr(module, step, None)
        if module is not None and inspect.ismodule(module):
            for name, value in vars(module).items():
                if not name.startswith("_"):
                    yield name, value


def sources(package, below):
    """Classes where they are defined: configurations name some by their source module."""
    for prefix in below:
        root = importlib.import_module(f"{package}.{prefix}")
        for found in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
            if found.name.endswith("_test") or "test" in found.name.rsplit(".", 1)[-1]:
                continue
            try:
                module = importlib.import_module(found.name)
            except Exception:
                continue
            for name, value in vars(module).items():
                if from_config(value) and value.__module__ == found.name and not name.startswith("_"):
                    yield name, value


def classes():
    names = {}
    for package in (keras, tf_keras):
        for name, value in public(package, CLASS_AREAS):
            if from_config(value):
                names[name] = value
        for name, value in public(package, [""]):
            if from_config(value):
                names[name] = value
    names |= dict(sources("keras.src", ["layers", "losses", "metrics", "optimizers", "initializers", "models", "ops",
                                        "dtype_policies", "regularizers", "constraints", "quantizers"]))
    names |= dict(sources("tf_keras.src", ["layers", "optimizers", "initializers", "engine", "metrics", "saving",
                                           "mixed_precision", "premade_models", "feature_column", "legacy_tf_layers"]))
    # Keras 1 and early Keras 2 names that its converters still take, and aliases that registries know
    from tf_keras.src.layers import serialization
    serialization.populate_deserializable_objects()
    names |= {name: value for name, value in serialization.LOCAL.ALL_OBJECTS.items() if inspect.isclass(value)}
    return sorted((set(names) | KERAS_1) - JUDGED)


def functions():
    names = set()
    for package in (keras, tf_keras):
        for name, value in public(package, FUNCTION_AREAS):
            if inspect.isfunction(value):
                names.add(name)
    for module in ("keras.src.activations", "keras.src.losses", "keras.src.metrics"):
        names |= {name for name in getattr(importlib.import_module(module), "ALL_OBJECTS_DICT", {})}
    for module in ("tf_keras.src.activations", "tf_keras.src.losses", "tf_keras.src.metrics"):
        root = importlib.import_module(module)
        names |= {name for name, value in vars(root).items()
                  if inspect.isfunction(value) and value.__module__.startswith(module) and not name.startswith("_")}
    left_out = {"serialize", "deserialize", "get"}
    return sorted(name for name in names - left_out if name.isidentifier())


def tensorflow_functions():
    names = set()
    for area in TF_AREAS:
        prefix = f"{area}." if area else ""
        module = tf
        for step in filter(None, area.split(".")):
            module = getattr(module, step, None)
        if module is None:
            continue
        for name in dir(module):
            value = getattr(module, name, None)
            if name.startswith("_") or not callable(value) or inspect.isclass(value) or name.startswith(TF_ACTS):
                continue
            names.add(prefix + name)
    operators = ["add", "sub", "mul", "div", "truediv", "floordiv", "mod", "pow", "matmul", "neg", "abs", "eq", "ne",
                 "lt", "le", "gt", "ge", "and", "or", "xor", "invert", "getitem", "radd", "rsub", "rmul", "rdiv",
                 "rtruediv", "rfloordiv", "rmod", "rpow", "rmatmul", "rand", "ror", "rxor", "ragged_getitem"]
    return sorted(names | {f"__operators__.{name}" for name in operators})


def table(name, doc, names):
    lines, line = [], "   "
    for item in names:
        word = f' "{item}",'
        if len(line) + len(word) > 118:
            lines.append(line)
            line = "   "
        line += word
    body = "\n".join([*lines, line])
    return f"/// {doc}\n#[rustfmt::skip]\npub(super) const {name}: &[&str] = &[\n{body}\n];\n"


def main():
    head = (f"// Written by tests/generate/keras_names.py from keras {keras.__version__}, tf_keras "
            f"{tf_keras.__version__} and tensorflow {tf.__version__}. Do not edit.\n\n")
    tables = [
        table("CLASSES", "Classes that Keras builds from a configuration and that only compute, by name.", classes()),
        table("FUNCTIONS", "Functions that Keras finds by name and that only compute.", functions()),
        table("TENSORFLOW", "Functions of TensorFlow that only compute, by their path below `tf`.",
              tensorflow_functions()),
    ]
    OUT.write_text(head + "\n".join(tables))


if __name__ == "__main__":
    main()
