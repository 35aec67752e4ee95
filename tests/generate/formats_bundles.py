"""Writes tests/corpus/formats/{mlflow,torchserve,nemo,bentoml,oci,triton_repository}: bundles as their tools lay them
out, and facts.json with what the tools say of each.

    python formats_bundles.py

Needs requirements-tabular.txt. MLflow, BentoML and torch-model-archiver write their own; NeMo takes gigabytes to install,
so its archives are laid out here as `SaveRestoreConnector` does, with tarfile; OCI layouts and Ollama's store are laid out
after their specifications. Two runs differ in times and identifiers, and in no fact.
"""

import hashlib
import io
import json
import os
import pathlib
import pickle
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

WORK = pathlib.Path(tempfile.mkdtemp())
os.environ["MLFLOW_TRACKING_URI"] = (WORK / "runs").as_uri()
os.environ["BENTOML_HOME"] = str(WORK / "bentoml")
os.environ["BENTOML_DO_NOT_TRACK"] = "True"

import bentoml
import lightgbm
import mlflow
import numpy
import pandas
import sklearn
import xgboost
import yaml
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression

CORPUS = pathlib.Path(__file__).parents[2] / "tests/corpus/formats"
random = numpy.random.default_rng(3)
ROWS = pandas.DataFrame(random.normal(size=(40, 3)), columns=["age", "income", "height"])
BINARY = (ROWS.age > 0).astype(int)


def folder(name):
    path = CORPUS / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def tell(path, facts):
    (path / "facts.json").write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n")


def column(name, dtype):
    return {"name": name, "dtype": dtype, "shape": ["batch"]}


def of_mlflow():
    out, facts = folder("mlflow"), {}
    pinned = ["mlflow-skinny", f"scikit-learn=={sklearn.__version__}"]

    def loaded(name):
        """What MLflow itself reads back."""
        model = mlflow.models.Model.load(str(out / name))
        flavors = [flavor for flavor in model.flavors if flavor != "python_function"]
        told = {
            "format": "mlflow",
            "producer": {"name": "mlflow", "version": mlflow.__version__},
            "metadata": {
                "loader_module": model.flavors["python_function"]["loader_module"],
                "model_uuid": model.model_uuid,
                "model_size_bytes": str(model.model_size_bytes),
            },
            "dependencies": (out / name / "requirements.txt").read_text().split(),
        }
        if flavors:
            told["framework"] = {"name": flavors[0]}
        return told

    model = LogisticRegression().fit(ROWS, BINARY)
    signature = infer_signature(ROWS, model.predict(ROWS))
    mlflow.sklearn.save_model(model, str(out / "sklearn"), signature=signature, pip_requirements=pinned)
    facts["sklearn"] = loaded("sklearn") | {
        "framework": {"name": "sklearn", "version": sklearn.__version__},
        "task": "tabular",
        "inputs": [column(name, "float64") for name in ROWS.columns],
        "outputs": [{"dtype": "int64", "shape": ["batch"]}],
    }
    mlflow.sklearn.save_model(model, str(out / "pickled"), serialization_format="pickle", pip_requirements=pinned)
    facts["pickled"] = loaded("pickled") | {"inputs": []}

    booster = xgboost.train({"max_depth": 2}, xgboost.DMatrix(ROWS, BINARY), 2)
    signature = infer_signature(ROWS.to_numpy(numpy.float32), numpy.zeros((40,), numpy.float32))
    mlflow.xgboost.save_model(booster, str(out / "xgboost"), signature=signature, pip_requirements=["xgboost"])
    facts["xgboost"] = loaded("xgboost") | {
        "framework": {"name": "xgboost", "version": xgboost.__version__},
        "architecture": "xgboost.core.Booster",
        "inputs": [{"name": "input", "dtype": "float32", "shape": ["batch", 3]}],
    }
    trees = lightgbm.train({"verbosity": -1, "min_data_in_leaf": 5}, lightgbm.Dataset(ROWS, BINARY), 2)
    mlflow.lightgbm.save_model(trees, str(out / "lightgbm"), pip_requirements=["lightgbm"])
    facts["lightgbm"] = loaded("lightgbm") | {"framework": {"name": "lightgbm", "version": lightgbm.__version__}}

    code = WORK / "program.py"
    code.write_text(
        "import mlflow\n\n\nclass Echo(mlflow.pyfunc.PythonModel):\n"
        "    def predict(self, context, model_input, params=None):\n        return model_input\n\n\n"
        "mlflow.models.set_model(Echo())\n"
    )
    # the model is a program: a person must read it
    mlflow.pyfunc.save_model(str(out / "program"), python_model=str(code), pip_requirements=["mlflow-skinny"])
    config = out / "program/MLmodel"
    config.write_text(config.read_text().replace(str(WORK), "/home/author"))
    facts["program"] = loaded("program") | {"verdict": "suspicious"}
    shutil.copy(out / "sklearn" / "MLmodel", out / "alone")
    facts["alone"] = {"format": "mlflow", "framework": {"name": "sklearn", "version": sklearn.__version__}}
    tell(out, facts)


def weights():
    """A state dict of one tensor, zipped as torch.save does."""
    class Storage:
        pass

    class Pickler(pickle.Pickler):
        def persistent_id(self, item):
            return ("storage", item.kind, "0", "cpu", 4) if isinstance(item, Storage) else None

    module = type(sys)("torch")
    utils = type(sys)("torch._utils")

    def _rebuild_tensor_v2(*args):
        pass

    class FloatStorage:
        pass

    for item, owner in [(_rebuild_tensor_v2, utils), (FloatStorage, module)]:
        item.__module__, item.__qualname__ = owner.__name__, item.__name__
        setattr(owner, item.__name__, item)
    module._utils = utils
    sys.modules.update({"torch": module, "torch._utils": utils})

    class Tensor:
        def __reduce__(self):
            from collections import OrderedDict

            storage = Storage()
            storage.kind = FloatStorage
            return _rebuild_tensor_v2, (storage, 0, (2, 2), (2, 1), False, OrderedDict())

    data = io.BytesIO()
    Pickler(data, protocol=2).dump({"encoder.weight": Tensor()})
    for name in ["torch", "torch._utils"]:
        del sys.modules[name]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in [
            ("data.pkl", data.getvalue()),
            ("byteorder", b"little"),
            ("data/0", numpy.arange(4, dtype="<f4").tobytes()),
            ("version", b"3\n"),
        ]:
            archive.writestr(zipfile.ZipInfo(f"archive/{name}", (1980, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


def of_torchserve():
    out, facts = folder("torchserve"), {}
    (WORK / "model.pt").write_bytes(weights())
    (WORK / "index_to_name.json").write_text(json.dumps({"0": "cat", "1": "dog"}))
    (WORK / "requirements.txt").write_text("numpy==1.26.4\n")
    (WORK / "handler.py").write_text(
        "from ts.torch_handler.base_handler import BaseHandler\n\n\nclass Handler(BaseHandler):\n"
        "    def postprocess(self, data):\n        return data.argmax(1).tolist()\n"
    )

    def pack(name, *more):
        command = [str(pathlib.Path(sys.executable).parent / "torch-model-archiver"), "--model-name", name]
        command += ["--version", "1.2", "--serialized-file", "model.pt", "--export-path", str(out), *more]
        subprocess.run(command, cwd=WORK, check=True, capture_output=True)
        with zipfile.ZipFile(out / f"{name}.mar") as archive:
            manifest = json.loads(archive.read("MAR-INF/MANIFEST.json"))
        facts[f"{name}.mar"] = {
            "format": "torchserve",
            "framework": {"name": "torch"},
            "producer": {"name": "torch-model-archiver", "version": manifest["archiverVersion"]},
            "metadata": {
                "model_name": manifest["model"]["modelName"],
                "model_version": manifest["model"]["modelVersion"],
                "handler": manifest["model"]["handler"],
                "runtime": manifest["runtime"],
            },
            "components": [{"name": "model", "path": "model.pt", "library": "torch"}],
        }
        return facts[f"{name}.mar"]

    pack("own_handler", "--handler", "image_classifier", "--extra-files", "index_to_name.json")["task"] = "vision"
    shipped = pack("shipped_handler", "--handler", "handler.py", "--requirements-file", "requirements.txt")
    shipped |= {"verdict": "suspicious", "dependencies": ["numpy==1.26.4"]}
    tell(out, facts)


NEMO = {
    "target": "nemo.collections.asr.models.ctc_bpe_models.EncDecCTCModelBPE",
    "nemo_version": "1.23.0",
    "sample_rate": 16000,
    "preprocessor": {"_target_": "nemo.collections.asr.modules.AudioToMelSpectrogramPreprocessor", "features": 80},
    "encoder": {"_target_": "nemo.collections.asr.modules.ConformerEncoder", "d_model": 176, "n_layers": 2},
    "decoder": {"_target_": "nemo.collections.asr.modules.ConvASRDecoder", "num_classes": 128},
    "tokenizer": {"dir": None, "type": "bpe", "vocab_path": "nemo:tokenizer_vocab.txt"},
    "optim": {"name": "adamw", "lr": 0.001, "betas": [0.9, 0.98], "sched": {"name": "CosineAnnealing"}},
}


def of_nemo():
    out, facts = folder("nemo"), {}

    def pack(name, mode, config):
        with tarfile.open(out / name, mode) as archive:
            for member, data in [
                ("./model_config.yaml", yaml.safe_dump(config).encode()),
                ("./model_weights.ckpt", weights()),
                ("./tokenizer_vocab.txt", b"a\nb\nc\n"),
            ]:
                info = tarfile.TarInfo(member)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        built = [(key, value) for key, value in sorted(config.items()) if isinstance(value, dict)]
        parts = {key: value["_target_"] for key, value in built if "_target_" in value}
        facts[name] = {
            "format": "nemo",
            "framework": {"name": "nemo", "version": config["nemo_version"]},
            "architecture": config["target"].split(".")[-1],
            "task": "audio",
            "metadata": {"target": config["target"], "sample_rate": "16000"},
            "components": [
                {"name": key, "architecture": target.split(".")[-1], "library": "nemo"} for key, target in parts.items()
            ] + [{"name": "weights", "path": "model_weights.ckpt", "library": "torch"}],
        }

    pack("ctc.nemo", "w:", NEMO)
    pack("gzipped.nemo", "w:gz", NEMO)
    pack("own.nemo", "w:", NEMO | {"encoder": {"_target_": "our_lab.encoders.Encoder", "layers": 2}})
    facts["own.nemo"]["verdict"] = "suspicious"
    facts["own.nemo"]["components"][1] |= {"architecture": "Encoder", "library": "our_lab"}
    tell(out, facts)


SERVICE = '''import bentoml


@bentoml.service
class Classifier:
    model = bentoml.models.BentoModel("classifier:1")

    @bentoml.api
    def predict(self, rows: list[list[float]]) -> list[int]:
        return self.model.predict(rows)
'''


def of_bentoml():
    out, facts = folder("bentoml"), {}
    estimator = LogisticRegression().fit(ROWS.to_numpy(), BINARY)
    model = bentoml.sklearn.save_model("classifier:1", estimator, labels={"stage": "test"})
    shutil.copytree(model.path, out / "model")
    facts["model"] = {
        "format": "bentoml",
        "producer": {"name": "bentoml", "version": bentoml.__version__},
        "framework": {"name": model.info.context.framework_name, "version": sklearn.__version__},
        "metadata": {"name": "classifier", "version": "1", "module": model.info.module},
        "dependencies": [f"scikit-learn=={sklearn.__version__}"],
        "tags": ["stage=test"],
    }
    source = WORK / "service"
    source.mkdir()
    (source / "service.py").write_text(SERVICE)
    bento = bentoml.build("service:Classifier", name="classifier", version="1", build_ctx=str(source))
    shutil.copytree(bento.path, out / "bento")
    facts["bento"] = {
        "format": "bentoml",
        "verdict": "suspicious",  # a service is code
        "producer": {"name": "bentoml", "version": bentoml.__version__},
        "metadata": {"name": "classifier", "version": "1"},
    }
    tell(out, facts)


def of_oci():
    out, facts = folder("oci"), {}

    def store(path, data, name="{}/{}"):
        digest = hashlib.sha256(data).hexdigest()
        file = path / "blobs" / name.format("sha256", digest)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return {"digest": f"sha256:{digest}", "size": len(data)}

    def document(value):
        return json.dumps(value, separators=(",", ":")).encode()

    def layout(name, config, config_type, layers, artifact_type=None):
        path = out / name
        path.mkdir()
        manifest = {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": {"mediaType": config_type, **store(path, document(config))},
            "layers": [{"mediaType": kind, **store(path, data), "annotations": notes} for kind, data, notes in layers],
        }
        if artifact_type:
            manifest["artifactType"] = artifact_type
        listed = {"mediaType": manifest["mediaType"], **store(path, document(manifest))}
        listed["annotations"] = {"org.opencontainers.image.ref.name": "1.0"}
        (path / "index.json").write_bytes(document({"schemaVersion": 2, "manifests": [listed]}))
        (path / "oci-layout").write_bytes(document({"imageLayoutVersion": "1.0.0"}))
        return manifest

    trees = lightgbm.train({"verbosity": -1, "min_data_in_leaf": 5}, lightgbm.Dataset(ROWS, BINARY), 1)
    text = trees.model_to_string().encode()
    pack = {"descriptor": {"name": "churn", "version": "1.0", "family": "trees"},
            "config": {"architecture": "gbdt", "format": "lightgbm"}, "modelfs": {"type": "layers", "diffIds": []}}
    titled = {"org.cncf.model.filepath": "model.txt"}
    kinds = "application/vnd.cncf.model."
    made = layout("modelpack", pack, kinds + "config.v1+json", [
        (kinds + "weight.v1.raw", text, titled),
        (kinds + "doc.v1.raw", b"# Churn\n\nHow it was trained.\n", {"org.cncf.model.filepath": "README.md"}),
    ], kinds + "manifest.v1+json")
    facts["modelpack"] = {
        "format": "oci",
        "architecture": "gbdt",
        "tags": ["1.0"],
        "metadata": {"artifact_type": made["artifactType"], "name": "churn", "weights_format": "lightgbm"},
        "components": [
            {"name": "model.txt", "path": "blobs/" + made["layers"][0]["digest"].replace(":", "/")},
            {"name": "README.md", "path": "blobs/" + made["layers"][1]["digest"].replace(":", "/")},
        ],
    }
    path = out / "ollama"
    config = {"model_format": "lightgbm", "model_family": "trees", "model_type": "1K", "file_type": "F64"}
    kinds = "application/vnd.ollama.image."
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": {"mediaType": "application/vnd.docker.container.image.v1+json",
                   **store(path, document(config), "{}-{}")},
        "layers": [{"mediaType": kinds + "model", **store(path, text, "{}-{}")},
                   {"mediaType": kinds + "license", **store(path, b"MIT License\n", "{}-{}")}],
    }
    file = path / "manifests/registry.ollama.ai/library/churn/latest"
    file.parent.mkdir(parents=True)
    file.write_bytes(document(manifest))
    facts["ollama"] = {
        "format": "oci",
        "producer": {"name": "ollama"},
        "tags": ["churn:latest"],
        "metadata": {"family": "trees", "weights_format": "lightgbm", "quantization": "F64", "parameters": "1K"},
        "components": [{"name": "vnd.ollama.image.model"}, {"name": "vnd.ollama.image.license"}],
    }
    tell(out, facts)


CONFIG = '''name: "{name}"
backend: "{backend}"
max_batch_size: {batch}
input [ {{ name: "rows" data_type: TYPE_FP32 dims: [ 3 ] }} ]
output [ {{ name: "prediction" data_type: TYPE_FP32 dims: [ 1 ] }} ]
'''

PROGRAM = '''import triton_python_backend_utils as pb_utils


class TritonPythonModel:
    def execute(self, requests):
        return [pb_utils.InferenceResponse([]) for _ in requests]
'''


def of_triton_repository():
    out, facts = folder("triton_repository"), {}
    booster = xgboost.train({"max_depth": 2}, xgboost.DMatrix(ROWS, BINARY), 2)

    def model(path, name, backend="fil", batch=8, versions=(1,), file="xgboost.json", text=None):
        for version in versions:
            (path / str(version)).mkdir(parents=True)
            if text is None:
                booster.save_model(path / str(version) / file)
            else:
                (path / str(version) / file).write_text(text)
        (path / "config.pbtxt").write_text(CONFIG.format(name=name, backend=backend, batch=batch))

    model(out / "one", "trees", versions=(1, 3))
    facts["one"] = {
        "format": "triton_repository",
        "inputs": [{"name": "rows", "dtype": "float32", "shape": ["batch", 3]}],
        "outputs": [{"name": "prediction", "dtype": "float32", "shape": ["batch", 1]}],
        "symbols": ["batch"],
        "metadata": {"name": "trees", "backend": "fil", "versions": "1,3"},
        "components": [{"name": "trees", "library": "fil", "path": "3/xgboost.json"}],
    }
    model(out / "several/trees", "trees")
    model(out / "several/unbatched", "unbatched", batch=0)
    facts["several"] = {
        "format": "triton_repository",
        "components": [
            {"name": "trees", "library": "fil", "path": "trees/1/xgboost.json"},
            {"name": "unbatched", "library": "fil", "path": "unbatched/1/xgboost.json"},
        ],
    }
    # a program that the server runs: a person must read it
    model(out / "program/echo", "echo", "python", file="model.py", text=PROGRAM)
    facts["program"] = {
        "format": "triton_repository",
        "verdict": "suspicious",
        "components": [{"name": "echo", "library": "python", "path": "echo/1/model.py"}],
    }
    tell(out, facts)


if __name__ == "__main__":
    of_mlflow()
    of_torchserve()
    of_nemo()
    of_bentoml()
    of_oci()
    of_triton_repository()
    shutil.rmtree(WORK)
