"""Writes tests/corpus/formats/{torch,torchscript,exported_program,torch_distributed}/: files as PyTorch writes them, `facts.json` with what
PyTorch says of each, and `torch/tensors.json` with the SHA-256 of every tensor as `torch.load` gives it.

Needs requirements-torch.txt. TorchScript keeps the paths of the sources that it was made of: run it from a checkout and an
environment whose paths say nothing of you.
"""

import collections
import hashlib
import io
import json
import pathlib
import pickle
import shutil
import struct
import tarfile
import warnings

import torch
import torch.distributed.checkpoint
from torch import nn

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
CORPUS = REPOSITORY / "tests/corpus/formats"
NAMES = {
    torch.float8_e4m3fn: "float8e4m3fn",
    torch.float8_e4m3fnuz: "float8e4m3fnuz",
    torch.float8_e5m2: "float8e5m2",
    torch.float8_e5m2fnuz: "float8e5m2fnuz",
    torch.float8_e8m0fnu: "float8e8m0",
}
PLAIN = [
    torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.uint16, torch.uint32, torch.uint64,
    torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex64,
]


def name_of(dtype):
    return NAMES.get(dtype) or str(dtype).removeprefix("torch.")


def elements(tensor):
    """The bytes of the elements, row-major."""
    tensor = tensor.detach().resolve_conj().resolve_neg().contiguous()
    return bytes(tensor.reshape(-1).view(torch.uint8).numpy()) if tensor.numel() else b""


def table(tensors):
    return [{"name": name, "dtype": name_of(t.dtype), "shape": list(t.shape), "bytes": t.numel() * t.element_size()} for name, t in tensors]


def digests(tensors):
    return {
        name: {"dtype": name_of(t.dtype), "shape": list(t.shape), "sha256": hashlib.sha256(elements(t)).hexdigest()}
        for name, t in tensors
    }


def unique(tensors):
    """Elements, each storage range once; good for tensors that are whole storages or the same view of one."""
    seen = {}
    for _, t in tensors:
        seen[(t.untyped_storage().data_ptr() if t.numel() else id(t), t.storage_offset(), tuple(t.shape))] = t.numel()
    return sum(seen.values())


def net():
    torch.manual_seed(7)
    return nn.Sequential(
        collections.OrderedDict(
            conv=nn.Conv2d(1, 2, 3), norm=nn.BatchNorm2d(2), act=nn.ReLU(), pool=nn.AdaptiveAvgPool2d(1), flat=nn.Flatten(),
            head=nn.Linear(2, 3),
        )
    ).eval()


class Tied(nn.Module):
    """Two embeddings that are one, as language models tie them."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(5, 4)
        self.head = nn.Linear(4, 5, bias=False)
        self.head.weight = self.embed.weight


def typed(dtype):
    values = torch.arange(6, dtype=torch.float32).reshape(2, 3)
    return values.to(dtype)


def strided():
    base = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
    return {
        "transposed": base.permute(2, 0, 1),
        "column": base[:, :, 1],
        "stepped": base[:, ::2],
        "expanded": torch.tensor([1.0, 2.0]).reshape(2, 1).expand(2, 3),
        "channels_last": torch.arange(16, dtype=torch.float32).reshape(1, 2, 2, 4).to(memory_format=torch.channels_last),
        "offset": base.reshape(-1)[5:9],
        "scalar": torch.tensor(3.5),
        "empty": torch.zeros(0, 3),
        "one": torch.ones(1, 1, 1),
    }


def saved(value, **options):
    out = io.BytesIO()
    torch.save(value, out, **options)
    return out.getvalue()


def flat(state):
    return list(state.items())


def checkpoints():
    """(file, bytes, tensors of the model, further facts)"""
    model = net()
    state = model.state_dict()
    layers = {"framework": {"name": "pytorch"}, "format": "torch"}
    yield "state_dict.pt", saved(state), flat(state), {**layers, "format_version": "3"}
    yield "state_dict_legacy.pt", saved(state, _use_new_zipfile_serialization=False), flat(state), {**layers, "format_version": "legacy"}
    yield "state_dict_protocol4.pt", saved(state, pickle_protocol=4), flat(state), layers
    yield "module.pt", saved(model), flat(state), {**layers, "architecture": "Sequential", "dependencies": ["torch"]}
    yield "module_legacy.pt", saved(model, _use_new_zipfile_serialization=False), flat(state), {**layers, "architecture": "Sequential"}
    half = {name: t.to(torch.bfloat16) if t.is_floating_point() else t for name, t in state.items()}
    yield "bfloat16.pt", saved(half), flat(half), layers
    for dtype in PLAIN:
        one = {"w": typed(dtype)}
        yield f"dtype_{name_of(dtype)}.pt", saved(one), flat(one), layers
    eights = {name_of(dtype): typed(dtype) for dtype in NAMES}
    yield "dtype_float8.pt", saved(eights), flat(eights), layers
    views = strided()
    yield "strided.pt", saved(views), flat(views), {**layers, "parameters": None}
    legacy = {name: t for name, t in views.items() if name != "empty"}
    yield "strided_legacy.pt", saved(legacy, _use_new_zipfile_serialization=False), flat(legacy), {**layers, "parameters": None}
    tied = Tied().state_dict()
    yield "tied.pt", saved(tied), flat(tied), {**layers, "tensors": None}
    parameters = {"p": nn.Parameter(torch.ones(2, 3)), "list": [torch.zeros(2), {"deep": torch.ones(3)}]}
    named = [("p", parameters["p"]), ("list.0", parameters["list"][0]), ("list.1.deep", parameters["list"][1]["deep"])]
    yield "nested.pt", saved(parameters), named, layers
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    model(torch.randn(2, 1, 8, 8)).sum().backward()
    optimizer.step()
    training = {"model_state_dict": model.state_dict(), "optimizer_state_dict": optimizer.state_dict(), "epoch": 3, "loss": 0.25}
    yield "training.pt", saved(training), flat(model.state_dict()), {**layers, "metadata": {"epoch": "3", "loss": "0.25"}}
    lightning = {
        "epoch": 1, "global_step": 20, "pytorch-lightning_version": "2.5.0", "state_dict": model.state_dict(),
        "optimizer_states": [optimizer.state_dict()], "lr_schedulers": [], "hparams_name": "kwargs",
        "hyper_parameters": {"lr": 0.001, "name": "digits"},
    }
    facts = {"framework": {"name": "pytorch_lightning", "version": "2.5.0"}, "metadata": {"hyper_parameters.name": "digits", "global_step": "20"}}
    yield "lightning.ckpt", saved(lightning), flat(model.state_dict()), {"format": "torch", **facts}


def tape(tensors):
    """What torch 0.1 wrote; today's PyTorch still reads it and no longer writes it."""
    pack = lambda value: pickle.dumps(value, protocol=2)
    storages, listed = pack(len(tensors)), pack(len(tensors))
    for key, tensor in enumerate(tensors.values()):
        kind = getattr(torch, {torch.float32: "FloatStorage", torch.int64: "LongStorage"}[tensor.dtype])
        view = {torch.float32: torch.FloatTensor, torch.int64: torch.LongTensor}[tensor.dtype]
        data = elements(tensor.as_strided((tensor.untyped_storage().nbytes() // tensor.element_size(),), (1,), 0))
        storages += pack((key, "cpu", kind)) + struct.pack("<q", len(data) // tensor.element_size()) + data
        listed += pack((key, key, view)) + struct.pack("<i4x", tensor.dim())
        listed += struct.pack(f"<{2 * tensor.dim() + 1}q", *tensor.shape, *tensor.stride(), tensor.storage_offset())

    storages += pack([])  # views of storages

    class Pickler(pickle._Pickler):
        def persistent_id(self, value):
            return value.key if isinstance(value, Key) else None

    class Key:
        def __init__(self, key):
            self.key = key

    out = io.BytesIO()
    Pickler(out, protocol=2).dump({name: Key(key) for key, name in enumerate(tensors)})
    system = pack({"protocol_version": 1000, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}})
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w:", format=tarfile.PAX_FORMAT) as file:
        for name, data in {"sys_info": system, "pickle": out.getvalue(), "tensors": listed, "storages": storages}.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))
    return tar.getvalue()


def main():
    warnings.simplefilter("ignore")
    folders = {name: CORPUS / name for name in ("torch", "torchscript", "exported_program", "torch_distributed")}
    for folder in folders.values():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    facts, expected = {}, {}
    for name, data, tensors, more in checkpoints():
        (folders["torch"] / name).write_bytes(data)
        found = {"parameters": unique(tensors), "tensors": table(tensors), **more}
        facts[name] = {key: value for key, value in found.items() if value is not None}
        torch.load(io.BytesIO(data), weights_only=False)  # PyTorch itself takes it
        expected[name] = digests(tensors)
    sparse = {"s": torch.eye(3).to_sparse()}
    (folders["torch"] / "sparse.pt").write_bytes(saved(sparse))
    facts["sparse.pt"] = {"format": "torch", "parameters": 0}
    old = {"weight": torch.arange(6, dtype=torch.float32).reshape(2, 3), "column": torch.arange(8).reshape(4, 2)[:, 1]}
    (folders["torch"] / "torch01.tar").write_bytes(tape(old))
    again = torch.load(folders["torch"] / "torch01.tar", weights_only=False)
    assert all(torch.equal(again[name], tensor) for name, tensor in old.items())
    facts["torch01.tar"] = {"format": "torch", "format_version": "tar", "tensors": table(flat(old))}
    write(folders["torch"] / "facts.json", facts)
    write(folders["torch"] / "tensors.json", expected)

    state = {"model": net().state_dict(), "optimizer": {"step": torch.tensor(3.0)}}
    torch.distributed.checkpoint.save(state, checkpoint_id=folders["torch_distributed"] / "checkpoint")
    named = [(f"model.{name}", tensor) for name, tensor in state["model"].items()]
    files = [{"name": ".metadata", "role": "model"}, {"name": "__0_0.distcp", "role": "external_data"}]
    facts = {"format": "torch_distributed", "parameters": unique(named), "tensors": table(named), "files": files}
    write(folders["torch_distributed"] / "facts.json", {"checkpoint": facts})

    model = net()
    example = torch.randn(2, 1, 8, 8)
    total = sum(t.numel() for t in model.state_dict().values())
    scripts = {"scripted.pt": torch.jit.script(model), "traced.pt": torch.jit.trace(model, example)}
    facts = {}
    for name, script in scripts.items():
        script.save(str(folders["torchscript"] / name))
        facts[name] = {"format": "torchscript", "framework": {"name": "pytorch"}, "architecture": "Sequential", "parameters": total,
                       "inputs": [{"name": "input", "type": "tensor"}], "outputs": [{"type": "tensor"}]}
    write(folders["torchscript"] / "facts.json", facts)

    batch = torch.export.Dim("batch", min=2, max=64)
    program = torch.export.export(model, (example,), dynamic_shapes=({0: batch},))
    torch.export.save(program, folders["exported_program"] / "net.pt2")
    operators = collections.Counter()
    for node in program.graph.nodes:
        if node.op == "call_function":
            operators["::".join(str(node.target).split(".")[:2])] += 1
    facts = {
        "net.pt2": {
            "format": "exported_program", "framework": {"name": "pytorch", "version": torch.__version__}, "parameters": total,
            "operators": dict(operators), "nodes": sum(operators.values()), "tensors": table(flat(program.state_dict)),
        }
    }
    write(folders["exported_program"] / "facts.json", facts)


def write(path, document):
    path.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
