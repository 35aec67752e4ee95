"""Keras and HDF5 files, written by keras, tf_keras and h5py, with the facts that these libraries tell of them.

Run: `python tests/generate/formats_keras.py` with `requirements-keras.txt`. Archives hold the time of their writing, so
two runs differ in some bytes and in no fact.
"""

import io
import json
import os
import pathlib
import shutil
import tempfile
import zipfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"

import h5py
import keras
import numpy as np
import tf_keras
from keras import layers, ops

CORPUS = pathlib.Path(__file__).parents[2] / "tests/corpus/formats"
STATE = ("optimizer", "optimizer_weights", "metrics", "compile_metrics")
keras.utils.set_random_seed(7)


def is_state(path):
    return path.split("/")[0] in STATE or "seed_generator" in path


def tensors(file, base=0, mapped=True):
    """Every dataset in the order in which h5py visits them, those of training last."""
    found = []

    def visit(path, item):
        if isinstance(item, h5py.Dataset):
            tensor = {"name": path, "dtype": item.dtype.name, "shape": list(item.shape), "bytes": item.nbytes}
            if mapped and item.id.get_offset() is not None:
                tensor["start"] = base + item.id.get_offset()
            found.append(tensor)

    file.visititems(visit)
    return sorted(found, key=lambda tensor: is_state(tensor["name"]))


def weight_bytes(found):
    total = {}
    for tensor in found:
        if not is_state(tensor["name"]):
            total[tensor["dtype"]] = total.get(tensor["dtype"], 0) + tensor["bytes"]
    return total


def dims(shape):
    return ["batch" if dim is None and at == 0 else dim for at, dim in enumerate(shape)]


def leaves(model, outer=""):
    """The layers that the model's own configuration lists, inputs too, those of inner models in their place."""
    for spec in model.get_config()["layers"]:
        name = spec["config"]["name"]
        layer = next((layer for layer in model.layers if layer.name == name), None)
        if isinstance(layer, (keras.Model, tf_keras.Model)):
            yield from leaves(layer, f"{outer}{name}/")
        else:
            yield {"name": outer + name, "kind": spec["class_name"], "parameters": layer.count_params() if layer else 0}


def facts(model, found, version):
    return {
        "framework": {"name": "keras", "version": version},
        "architecture": type(model).__name__,
        "parameters": model.count_params(),
        "weight_bytes": weight_bytes(found),
        "inputs": [{"name": tensor.name.split(":")[0], "shape": dims(tensor.shape)} for tensor in model.inputs],
        "layers": list(leaves(model)),
        **({"tensors": found} if found else {}),
    }


def save_archive(folder, name, model, **more):
    path = folder / f"{name}.keras"
    model.save(path)
    with zipfile.ZipFile(path) as archive:
        entry = next(entry for entry in archive.infolist() if entry.filename.endswith(".weights.h5"))
        stored = entry.compress_type == zipfile.ZIP_STORED
        header = path.read_bytes()[entry.header_offset:entry.header_offset + 30]
        start = entry.header_offset + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        with h5py.File(io.BytesIO(archive.read(entry)), "r") as file:
            found = tensors(file, start, stored)
    return path.name, {"format": "keras", **facts(model, found, keras.__version__), **more}


def save_h5(folder, name, model, version, **more):
    path = folder / f"{name}.h5"
    model.save(path)
    with h5py.File(path) as file:
        return path.name, {"format": "keras_h5", **facts(model, tensors(file), version), **more}


def save_weights(folder, name, model, version=None):
    path = folder / f"{name}.weights.h5"
    model.save_weights(path)
    with h5py.File(path) as file:
        found = tensors(file)
    told = {"format": "keras_h5", "parameters": model.count_params(), "weight_bytes": weight_bytes(found), "tensors": found}
    if version:
        told["framework"] = {"name": "keras", "version": version}
    return path.name, told


def cnn(k):
    model = k.Sequential([
        k.layers.Input((8, 8, 1), name="image"),
        k.layers.Conv2D(2, 3, activation="relu"),
        k.layers.BatchNormalization(),
        k.layers.MaxPooling2D(),
        k.layers.Flatten(),
        k.layers.Dropout(0.2),
        k.layers.Dense(3, activation="softmax", kernel_regularizer=k.regularizers.L2(0.01)),
    ], name="cnn")
    model.compile(k.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(np.zeros((2, 8, 8, 1), "float32"), np.zeros(2), verbose=0)
    return model


def two_towers():
    left = keras.Input((4,), name="left")
    right = keras.Input((6, 5), name="right")
    inner_in = keras.Input((4,))
    inner = keras.Model(inner_in, layers.Dense(3)(layers.Dense(4, activation="gelu")(inner_in)), name="tower")
    attended = layers.MultiHeadAttention(2, 3)(right, right)
    attended = layers.TimeDistributed(layers.Dense(3))(layers.LayerNormalization()(attended))
    joined = ops.concatenate([inner(left), ops.mean(attended, axis=1)], axis=-1)
    label = layers.Dense(2, name="label")(joined)
    score = layers.Activation("sigmoid", name="score")(layers.Dense(1)(joined))
    model = keras.Model([left, right], [label, score], name="two_towers")
    model.compile(keras.optimizers.AdamW(keras.optimizers.schedules.CosineDecay(0.1, 10)),
                  loss={"label": keras.losses.CategoricalFocalCrossentropy(), "score": "mse"},
                  metrics={"score": [keras.metrics.AUC()]})
    return model


def text():
    vectors = layers.TextVectorization(max_tokens=8, output_sequence_length=4)
    vectors.adapt(["a model of words", "a word of models"])
    return keras.Sequential([
        keras.Input((1,), dtype="string", name="text"), vectors, layers.Embedding(8, 3, mask_zero=True),
        layers.Bidirectional(layers.LSTM(2)), layers.Dense(1),
    ], name="text")


def lookups():
    words = keras.Input((1,), dtype="string", name="words")
    looked = layers.StringLookup(vocabulary=["red", "green"])(words)
    coded = layers.CategoryEncoding(4, output_mode="multi_hot")(looked)
    scaled = layers.Normalization(mean=[0.0] * 4, variance=[1.0] * 4)(coded)
    return keras.Model(words, layers.Dense(2)(scaled), name="lookups")


def half():
    policy = keras.dtype_policies.DTypePolicy("mixed_bfloat16")
    return keras.Sequential([
        keras.Input((4,), name="x"), layers.Dense(4, dtype=policy), layers.Reshape((2, 2)),
        layers.SimpleRNN(2), layers.Dense(1, dtype="float16"),
    ], name="half")


def archives(folder):
    yield save_archive(folder, "cnn", cnn(keras), outputs=[{"name": "dense", "shape": ["batch", 3]}])
    yield save_archive(folder, "two_towers", two_towers(),
                       outputs=[{"name": "label", "shape": ["batch", 2]}, {"name": "score", "shape": ["batch", 1]}])
    yield save_archive(folder, "text", text())
    yield save_archive(folder, "lookups", lookups())
    yield save_archive(folder, "half", half())
    twice = eval(compile("lambda x: x * 2", "twice.py", "eval"))  # the name of the file goes into the bytecode
    runs_code = keras.Sequential([keras.Input((4,), name="x"), layers.Lambda(twice, output_shape=(4,))], name="twice")
    yield save_archive(folder, "lambda", runs_code, verdict="malicious")

    @keras.saving.register_keras_serializable(package="mine")
    class Scale(layers.Layer):
        def call(self, x):
            return x * 2

    custom = keras.Sequential([keras.Input((4,), name="x"), Scale(), layers.Dense(1)], name="custom")
    yield save_archive(folder, "custom_layer", custom, verdict="suspicious")


def hdf5(folder):
    yield save_h5(folder, "cnn_keras3", cnn(keras), keras.__version__)
    yield save_h5(folder, "cnn_keras2", cnn(tf_keras), tf_keras.__version__)
    yield save_weights(folder, "cnn_keras3", cnn(keras))
    yield save_weights(folder, "two_towers", two_towers())
    model = tf_keras.Sequential([tf_keras.layers.Input((5, 2), name="x"), tf_keras.layers.GRU(2),
                                 tf_keras.layers.Dense(1)])
    path = folder / "gru_keras2_weights.h5"
    model.save_weights(path)
    with h5py.File(path) as file:
        found = tensors(file)
    yield path.name, {"format": "keras_h5", "framework": {"name": "keras", "version": tf_keras.__version__},
                      "parameters": model.count_params(), "tensors": found}
    x = tf_keras.Input((4, 4), name="x")
    y = tf_keras.layers.Dense(2)(x * 2.0 + 1.0)
    yield save_h5(folder, "operators_keras2", tf_keras.Model(x, y), tf_keras.__version__)
    # what else HDF5 can do, without Keras
    yield from plain(folder)


def plain(folder):
    def write(name, fill, verdict=None, told=True, **options):
        path = folder / f"{name}.h5"
        with h5py.File(path, "w", **options) as file:
            fill(file)
        with h5py.File(path) as file:
            expected = {"format": "hdf5"}
            if told:
                expected["tensors"] = tensors(file)
        if verdict:
            expected["verdict"] = verdict
        return path.name, expected

    def shapes(file):
        file["scalar"] = np.float64(1)
        file["empty"] = np.zeros((0, 3), "int8")
        file["group/deep/er/values"] = np.arange(12, dtype=">i4").reshape(3, 4)
        file["bools"] = np.array([True, False])
        file["complex"] = np.ones(2, "complex64")
        file["half"] = np.ones(3, "float16")
        file.attrs["note"] = "a text of any length"
        file.attrs["fixed"] = np.bytes_("of fixed length")
        file.attrs["list"] = ["one", "two"]
        file.attrs["numbers"] = np.arange(3)
        file["alias"] = file["group/deep"]
        file["soft"] = h5py.SoftLink("/group/deep/er")
        file["group/deep/up"] = file["group"]

    def packed(file):
        data = np.arange(4096, dtype="float32").reshape(64, 64)
        file.create_dataset("gzip", data=data, chunks=(16, 64), compression="gzip", shuffle=True)
        file.create_dataset("lzf", data=data % 7, chunks=(32, 32), compression="lzf", fletcher32=True)
        file.create_dataset("growing", data=data[:2], maxshape=(None, 64))

    def many(file):
        for number in range(300):
            file[f"many/array_{number:03}"] = np.int8(number % 100)
        for number in range(200):
            file["many"].attrs[f"attribute_{number:03}"] = f"value {number}" * (1 + number % 7)
        file.attrs["long"] = "x" * 3000

    yield write("shapes_earliest", shapes, libver="earliest")
    yield write("shapes_latest", shapes, libver="latest")
    yield write("packed_earliest", packed, libver="earliest")
    yield write("packed_latest", packed, libver="latest")
    yield write("many_earliest", many, libver="earliest")
    yield write("many_latest", many, libver="latest")
    yield write("user_block", shapes, userblock_size=512, told=False)

    def tracked(file):
        group = file.create_group("ordered", track_order=True)
        for name in "zyxwvutsrqponmlk":
            group[name] = np.int16(1)
            group.attrs[name] = name

    yield write("track_order", tracked, libver="latest", told=False)

    def outward(file):
        file["link"] = h5py.ExternalLink("other.h5", "/secret")

    def stored_apart(file):
        file.create_dataset("values", (4,), "int32", external=[("values.bin", 0, 16)])

    def view(file):
        layout = h5py.VirtualLayout((4,), "int32")
        layout[:] = h5py.VirtualSource("other.h5", "values", (4,))
        file.create_virtual_dataset("view", layout)

    def opaque(file):
        file.attrs["object"] = np.void(b"\x01\x02\x03\x04")

    yield write("external_link_earliest", outward, "suspicious", False, libver="earliest")
    yield write("external_link_latest", outward, "suspicious", False, libver="latest")
    yield write("external_storage", stored_apart, "suspicious", False)
    yield write("virtual_dataset", view, "suspicious", False, libver="latest")
    yield write("opaque_attribute", opaque, "suspicious", False)


def main():
    for format, make in (("keras", archives), ("keras_h5", hdf5)):
        with tempfile.TemporaryDirectory() as scratch:
            scratch = pathlib.Path(scratch)
            told = dict(make(scratch))
            (scratch / "facts.json").write_text(json.dumps(told, indent=1) + "\n")
            shutil.rmtree(CORPUS / format, ignore_errors=True)
            (CORPUS / format).mkdir(parents=True)
            for path in scratch.iterdir():
                if path.name == "values.bin":
                    continue
                shutil.copy(path, CORPUS / format / path.name)


if __name__ == "__main__":
    main()
