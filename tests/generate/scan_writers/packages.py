"""Models in packages and with companions: MLflow, skops, ONNX, archives, configurations."""

import gzip
import io
import json
import pickle
import tarfile
import zipfile

import numpy as np
import onnx
import yaml
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from . import folder, saved, tree
from .torch_files import Net, stored


def fitted():
    X, y = make_classification(20, 4, random_state=0)
    return make_pipeline(StandardScaler(), LogisticRegression()).fit(X, y)


def zipped(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(members, mode):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def files():
    yield from tracked()
    yield from graphs()
    yield from archives()
    yield from companions()


def tracked():
    import mlflow.sklearn
    import skops.io

    def write(path):
        mlflow.sklearn.save_model(fitted(), path, pip_requirements=["scikit-learn"])

    try:
        yield "mlflow_sklearn", "MLflow's folder, cloudpickle", "mlflow-skinny", saved(write)
    except Exception as error:
        print("mlflow", error)

    def write_pickle(path):
        mlflow.sklearn.save_model(
            fitted(),
            path,
            serialization_format="pickle",
            pip_requirements=["scikit-learn"],
            input_example=np.zeros((1, 4)),
        )

    try:
        yield "mlflow_sklearn_pickle", "MLflow's folder, pickle", "mlflow-skinny", saved(write_pickle)
    except Exception as error:
        print("mlflow", error)
    yield "pipeline.skops", "skops", "skops", skops.io.dumps(fitted())
    forest = RandomForestClassifier(2, max_depth=2, random_state=0).fit(*make_classification(20, 4, random_state=0))
    yield (
        "forest.skops",
        "skops, a forest",
        "skops",
        skops.io.dumps(
            {"model": forest, "columns": ["a"], "range": range(3), "array": np.arange(3), "function": np.log1p}
        ),
    )


def graphs():
    from skl2onnx import to_onnx

    yield "sklearn.onnx", "ONNX by skl2onnx", "skl2onnx", to_onnx(fitted(), np.zeros((1, 4), "f4")).SerializeToString()
    from onnx import TensorProto, helper, numpy_helper

    weight = numpy_helper.from_array(np.ones((2, 2), "f4"), "w")
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["h"]), helper.make_node("Relu", ["h"], ["y"])],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 2])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 2])],
        [weight],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    yield "plain.onnx", "ONNX by its helper", "onnx", model.SerializeToString()
    with folder() as root:
        onnx.save_model(
            model, root / "model.onnx", save_as_external_data=True, location="model.onnx.data", size_threshold=0
        )
        yield "external", "ONNX with external data", "onnx", tree(root)
    branch = helper.make_graph(
        [helper.make_node("Identity", ["x"], ["b"])],
        "b",
        [],
        [helper.make_tensor_value_info("b", TensorProto.FLOAT, ["n", 2])],
    )
    control = helper.make_graph(
        [helper.make_node("If", ["c"], ["y"], then_branch=branch, else_branch=branch)],
        "g",
        [
            helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 2]),
            helper.make_tensor_value_info("c", TensorProto.BOOL, []),
        ],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 2])],
    )
    yield (
        "control.onnx",
        "ONNX with branches",
        "onnx",
        helper.make_model(control, opset_imports=[helper.make_opsetid("", 17)]).SerializeToString(),
    )


def archives():
    model, state = pickle.dumps(fitted(), 4), stored(Net().state_dict())
    members = {
        "model/model.pkl": model,
        "model/weights.pt": state,
        "model/config.json": b'{"n": 4}',
        "model/README.md": b"# model\n",
    }
    yield "models.zip", "a zip of honest models", "python", zipped(members)
    yield "stored.zip", "a zip without compression", "python", zipped(members, zipfile.ZIP_STORED)
    yield "lzma.zip", "a zip by lzma", "python", zipped(members, zipfile.ZIP_LZMA)
    yield "bzip2.zip", "a zip by bzip2", "python", zipped(members, zipfile.ZIP_BZIP2)
    for mode in ("w", "w:gz", "w:bz2", "w:xz"):
        name = mode.replace("w:", "").replace("w", "")
        yield f"models.tar{'.' if name else ''}{name}", f"a tar, {name or 'plain'}", "python", tarred(members, mode)
    yield (
        "sagemaker.tar.gz",
        "as SageMaker wants it, with code beside",
        "python",
        tarred({"model.pth": state, "labels.json": b'["cat", "dog"]'}, "w:gz"),
    )
    yield "model.pkl.gz", "a pickle in gzip", "python", gzip.compress(model)
    yield "nested.zip", "a zip in a zip", "python", zipped({"inner.zip": zipped(members), "notes.md": b"notes"})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.comment = b"made by hand"
        archive.mkdir("folder")
        archive.writestr("folder/a.npy", __import__("scan_writers.arrays").arrays.npy(np.arange(3)))
    yield "folders.zip", "folders and a comment", "python", out.getvalue()


def companions():
    config = {
        "model": {"name": "tiny", "layers": [1, 2], "lr": 1e-3, "path": "/data/train"},
        "seed": 0,
        "note": "a: b # c",
    }
    yield "config.yaml", "a configuration", "pyyaml", yaml.safe_dump(config).encode()
    anchors = "base: &base\n  lr: 0.1\n  steps: [1, 2]\ntrain:\n  <<: *base\n  lr: 0.2\ntext: |\n  several\n  lines\n"
    yield "anchors.yaml", "anchors and merges", "pyyaml", anchors.encode()
    tags = (
        "seed: 1\nset: !apply:torch.manual_seed [!ref <seed>]\n"
        "opt: !name:torch.optim.Adam\n  lr: 0.1\nnet: !new:mine.Net\n"
    )
    yield "hyperparams.yaml", "tags of HyperPyYAML", "speechbrain 1.0", tags.encode()
    targets = "a:\n  _target_: os.path.join\n  _args_: [a, b]\nb:\n  _target_: builtins.dict\n"
    yield "targets.yaml", "targets that only compute", "hydra 1.3", targets.encode()
    dataset = {
        "README.md": b"# data\nRun `python train.py`, then `curl https://example.org`.\n",
        "LICENSE": b"MIT License\n\nPermission is hereby granted\n",
        "data.csv": b"a,b\n1,2\n=SUM(A1),3\n",
        "labels.txt": "cat\ndog\né\n".encode(),
        "rows.jsonl": b'{"a": 1}\n{"a": 2}\n',
        "merges.txt": b"#version: 0.2\na b\nc d\n",
        "vocab.json": json.dumps({"a": 0, "os": 1, "eval": 2}).encode(),
        "pixel.png": png(),
        "requirements.txt": b"numpy==2.0\ntorch>=2\n",
        "model.pkl": pickle.dumps({"w": [1, 2]}, 4),
    }
    yield "companions", "what lies beside models", "python", dataset
    notebook = {
        "cells": [{"cell_type": "markdown", "metadata": {}, "source": ["# title"]}],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    yield "notebook.ipynb", "a notebook without outputs", "python", json.dumps(notebook).encode()


def png():
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (2, 2), (255, 0, 0)).save(out, "PNG")
    return out.getvalue()
