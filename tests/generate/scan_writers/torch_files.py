"""PyTorch: state dicts, whole modules, checkpoints of training, TorchScript and exported programs."""

import argparse
import collections
import datetime
import io
import pathlib
import random

import numpy as np
import torch
from torch import nn

from . import folder, saved, tree


def stored(value, **options):
    out = io.BytesIO()
    torch.save(value, out, **options)
    return out.getvalue()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3)
        self.norm = nn.BatchNorm2d(2)
        self.head = nn.Linear(2, 3)

    def forward(self, x):
        return self.head(torch.relu(self.norm(self.conv(x))).mean((2, 3)))


class Gate(nn.Module):
    def forward(self, x, n: int):
        total = x
        for i in range(n):
            if bool(total.sum() > 10):
                break
            total = total + x * i
        return total, {"n": n}


def layers():
    """By name, whole modules of torch.nn; their pickles name the classes."""
    encoder = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True)
    return {
        "sequential": nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Dropout(0.1), nn.Linear(4, 2), nn.Softmax(-1)),
        "convolutions": nn.Sequential(
            nn.Conv1d(1, 2, 3),
            nn.Conv3d(1, 1, 2),
            nn.ConvTranspose2d(1, 1, 2),
            nn.MaxPool2d(2),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
        ),
        "norms": nn.ModuleList(
            [nn.BatchNorm1d(2), nn.LayerNorm(4), nn.GroupNorm(1, 2), nn.InstanceNorm2d(2), nn.RMSNorm(4)]
        ),
        "recurrent": nn.ModuleDict(
            {"lstm": nn.LSTM(2, 3, 2), "gru": nn.GRU(2, 3, bidirectional=True), "cell": nn.LSTMCell(2, 2)}
        ),
        "attention": nn.Sequential(nn.MultiheadAttention(4, 2), encoder),
        "transformer": nn.TransformerEncoder(encoder, 1),
        "embeddings": nn.ModuleList([nn.Embedding(5, 3, padding_idx=0), nn.EmbeddingBag(4, 2)]),
        "activations": nn.Sequential(
            nn.GELU(),
            nn.SiLU(),
            nn.LeakyReLU(0.1),
            nn.Hardswish(),
            nn.PReLU(),
            nn.Identity(),
            nn.Upsample(scale_factor=2),
        ),
        "losses": [nn.CrossEntropyLoss(torch.ones(3)), nn.MSELoss(), nn.BCEWithLogitsLoss()],
        "parameters": nn.ParameterList([nn.Parameter(torch.ones(2))]),
        "parametrized": nn.utils.parametrizations.weight_norm(nn.Linear(2, 2)).state_dict(),
    }


def tensors():
    base = torch.arange(12, dtype=torch.float32)
    kinds = (
        "float32",
        "float64",
        "float16",
        "bfloat16",
        "int8",
        "uint8",
        "int16",
        "int32",
        "int64",
        "bool",
        "complex64",
        "complex128",
        "float8_e4m3fn",
        "float8_e5m2",
        "uint16",
        "uint32",
        "uint64",
    )
    every = {name: torch.ones(2).to(getattr(torch, name)) for name in kinds}
    return {
        "dtypes": every,
        "views": {"a": base[:6].view(2, 3), "b": base.view(3, 4).t(), "tied": base, "again": base},
        "parameters": {
            "p": nn.Parameter(torch.ones(2, 2)),
            "frozen": nn.Parameter(torch.ones(1), requires_grad=False),
            "buffer": nn.Buffer(torch.ones(1)),
        },
        "scalars": {"zero": torch.tensor(1.0), "empty": torch.empty(0, 3), "grad": torch.ones(1, requires_grad=True)},
        "sparse": {
            "coo": torch.eye(3).to_sparse(),
            "csr": torch.eye(3).to_sparse_csr(),
            "csc": torch.eye(3).to_sparse_csc(),
            "bsr": torch.eye(4).to_sparse_bsr((2, 2)),
        },
        "quantized": {
            "tensor": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8),
            "channel": torch.quantize_per_channel(torch.ones(2, 2), torch.ones(2), torch.zeros(2), 0, torch.quint8),
        },
        "meta": torch.empty(2, 2, device="meta"),
        "conjugate": torch.tensor([1j]).conj(),
        "nested": {
            "model": {"w": base},
            "list": [base[:2], (base[2:4],)],
            "size": torch.Size([1, 2]),
            "dtype": torch.float16,
            "device": torch.device("cpu"),
        },
        "storage": torch.ones(3).untyped_storage(),
        "numpy_inside": {"w": base, "mean": np.array([0.5, 0.5]), "scalar": np.float64(2.0)},
        "nested_tensor": torch.nested.nested_tensor([torch.ones(2), torch.ones(3)]),
    }


def files():
    torch.manual_seed(0)
    for name, value in tensors().items():
        yield f"tensors_{name}.pt", f"tensors: {name}", "torch", stored(value)
        if name in ("dtypes", "views", "parameters", "sparse"):
            data = stored(value, _use_new_zipfile_serialization=False)
            yield f"tensors_{name}_legacy.pt", f"tensors: {name}, before the zip format", "torch", data
    for name, value in layers().items():
        yield f"module_{name}.pt", f"whole torch.nn modules: {name}", "torch", stored(value)
    yield (
        "module_legacy.pth",
        "a whole module before the zip format",
        "torch",
        stored(layers()["sequential"], _use_new_zipfile_serialization=False),
    )
    yield "state_dict.bin", "a state dict named .bin", "torch", stored(Net().state_dict())
    yield "state_dict_p4.pt", "pickle protocol 4", "torch", stored(Net().state_dict(), pickle_protocol=4)
    yield "state_dict_p5.pt", "pickle protocol 5", "torch", stored(Net().state_dict(), pickle_protocol=5)
    yield (
        "state_dict_pickle.pkl",
        "a state dict by pickle.dump",
        "torch",
        __import__("pickle").dumps(Net().state_dict()),
    )
    yield "module_pickle.pkl", "a module by pickle.dump", "torch", __import__("pickle").dumps(layers()["sequential"])
    yield (
        "state_dict.joblib",
        "a state dict by joblib",
        "torch",
        __import__("scan_writers.joblib_files").joblib_files.dumped(Net().state_dict()),
    )
    yield from training()
    yield from scripts()
    yield from vision()


def training():
    """Checkpoints as training loops leave them."""
    for name in ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "NAdam", "RAdam", "Adamax"):
        net = nn.Linear(2, 2)
        optimizer = getattr(torch.optim, name)(net.parameters(), lr=0.1)
        net(torch.ones(1, 2)).sum().backward()
        optimizer.step()
        schedule = torch.optim.lr_scheduler.StepLR(optimizer, 2)
        state = {
            "epoch": 1,
            "model": net.state_dict(),
            "optimizer": optimizer.state_dict(),
            "scheduler": schedule.state_dict(),
            "loss": 0.5,
        }
        yield f"train_{name}.tar", f"checkpoint with {name}", "torch", stored(state)
    yield (
        "train_optimizer_object.pt",
        "an optimizer as an object",
        "torch",
        stored(torch.optim.Adam(nn.Linear(1, 1).parameters())),
    )
    optimizer = torch.optim.SGD(nn.Linear(1, 1).parameters(), lr=0.1, momentum=0.9)
    schedulers = [
        torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 5),
        torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer),
    ]
    yield (
        "train_schedulers.pt",
        "states of schedulers",
        "torch",
        stored([schedule.state_dict() for schedule in schedulers]),
    )
    scaler = torch.amp.GradScaler("cpu").state_dict()
    yield (
        "train_misc.pt",
        "arguments, random states, dates and paths",
        "torch",
        stored(
            {
                "args": argparse.Namespace(lr=0.1, out=pathlib.PurePosixPath("runs/1"), tags=["a"]),
                "scaler": scaler,
                "rng": {"python": random.getstate(), "numpy": np.random.get_state(), "torch": torch.get_rng_state()},
                "date": datetime.datetime(2024, 1, 1),
                "classes": {0: "cat", 1: "dog"},
                "best": float("inf"),
                "git": "0123456789abcdef0123456789abcdef01234567",
                "counts": collections.Counter("aab"),
                "history": collections.defaultdict(list, loss=[1.0]),
            }
        ),
    )
    net = Net()
    yield (
        "lightning.ckpt",
        "keys as Lightning writes them",
        "torch",
        stored(
            {
                "epoch": 3,
                "global_step": 100,
                "pytorch-lightning_version": "2.4.0",
                "state_dict": {f"model.{k}": v for k, v in net.state_dict().items()},
                "loops": {
                    "fit_loop": {"state_dict": {}, "epoch_progress": {"total": {"ready": 1}, "current": {"ready": 1}}}
                },
                "callbacks": {
                    "ModelCheckpoint{'monitor': 'val_loss', 'mode': 'min'}": {
                        "best_model_score": torch.tensor(0.1),
                        "dirpath": "/tmp/runs",
                        "kth_value": torch.tensor(0.2),
                    }
                },
                "optimizer_states": [{"state": {}, "param_groups": [{"lr": 0.001, "params": [0]}]}],
                "lr_schedulers": [],
                "hparams_name": "kwargs",
                "hyper_parameters": {"lr": 1e-3, "layers": [1, 2]},
                "MixedPrecision": None,
            }
        ),
    )
    ema = torch.optim.swa_utils.AveragedModel(nn.Linear(1, 1))
    yield "train_averaged.pt", "state of an averaged model", "torch", stored(ema.state_dict())


def scripts():
    net = Net().eval()
    example = torch.ones(1, 1, 6, 6)
    traced = torch.jit.trace(net, example)
    scripted = torch.jit.script(net)
    variants = {
        "traced": traced,
        "scripted": scripted,
        "frozen": torch.jit.freeze(scripted),
        "control_flow": torch.jit.script(Gate()),
        "recurrent": torch.jit.script(nn.LSTM(2, 2)),
        "optimized": torch.jit.optimize_for_inference(
            torch.jit.script(nn.Sequential(nn.Linear(2, 2), nn.ReLU()).eval())
        ),
    }
    for name, module in variants.items():
        out = io.BytesIO()
        torch.jit.save(module, out)
        yield f"script_{name}.pt", f"TorchScript {name}", "torch", out.getvalue()
    out = io.BytesIO()
    torch.jit.save(traced, out, _extra_files={"labels.txt": "cat\ndog", "config.json": '{"size": 6}'})
    yield "script_extra_files.pt", "TorchScript with extra files", "torch", out.getvalue()
    try:
        lite = scripted._save_to_buffer_for_lite_interpreter()
        yield "script_lite.ptl", "TorchScript for the lite interpreter", "torch", lite
    except (AttributeError, RuntimeError):
        pass
    program = torch.export.export(net, (example,))
    yield "exported.pt2", "an exported program", "torch", saved(lambda path: torch.export.save(program, path), "m.pt2")
    batch = torch.export.Dim("batch")
    program = torch.export.export(net, (torch.ones(2, 1, 6, 6),), dynamic_shapes=({0: batch},))
    yield (
        "exported_dynamic.pt2",
        "an exported program of any batch",
        "torch",
        saved(lambda path: torch.export.save(program, path), "m.pt2"),
    )
    import torch.distributed.checkpoint as dcp

    with folder() as root:
        dcp.save({"model": net.state_dict(), "step": 3}, checkpoint_id=root / "step", no_dist=True)
        yield "distributed", "a distributed checkpoint", "torch", tree(root / "step")


def vision():
    import timm
    import torchvision

    shapes = {
        "torchvision_squeezenet": torchvision.models.squeezenet1_0(num_classes=2),
        "torchvision_resnet18": torchvision.models.resnet18(num_classes=2),
        "torchvision_mobilenet_v3": torchvision.models.mobilenet_v3_small(num_classes=2),
        "timm_resnet10t": timm.create_model("resnet10t", num_classes=2),
        "timm_vit_tiny": timm.create_model("vit_tiny_patch16_224", num_classes=2, depth=2),
    }
    for name, model in shapes.items():
        narrow = collections.OrderedDict(
            (key, value[tuple(slice(0, 1) for _ in value.shape)].clone()) for key, value in model.state_dict().items()
        )
        narrow._metadata = model.state_dict()._metadata
        data = stored(narrow)
        if len(data) > 60_000:
            narrow = collections.OrderedDict(list(narrow.items())[:60])
            data = stored(narrow)
        yield f"{name}.pth", f"names of {name}, widths of one", "torch", data
