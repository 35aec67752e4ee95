"""What the scanning benchmarks read: large files whose structure is like that of real ones, and many small ones.

Built once, below `build/bench/`. No framework is needed: the checkpoint is written by the standard library's pickle and
zipfile, in the layout that `torch.save` writes; the sparse files take no room on disk.
"""

from __future__ import annotations

import io
import json
import pickle
import shutil
import struct
import sys
import types
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np

CORPORA = Path(__file__).resolve().parent.parent / "tests" / "corpus"


def build(folder: Path) -> dict[str, Path]:
    """Every file that is not there yet, by name."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {
        "checkpoint": folder / "checkpoint.pt",
        "safetensors": folder / "sparse-10g.safetensors",
        "gguf": folder / "sparse-2g.gguf",
        "small": folder / "small",
        "hugging_face": folder / "hugging_face",
    }
    makers = {
        "checkpoint": checkpoint,
        "safetensors": sparse_safetensors,
        "gguf": sparse_gguf,
        "small": small,
        "hugging_face": hugging_face,
    }
    for name, path in paths.items():
        if not path.exists():
            makers[name](path)
    return paths


class _Storage:
    """Stands for a storage while pickling; goes out as a persistent id."""

    def __init__(self, key: str, elements: int) -> None:
        self.key, self.elements = key, elements


class _Tensor:
    """Stands for a tensor; goes out as a call of `torch._utils._rebuild_tensor_v2`."""

    def __init__(self, storage: _Storage, shape: tuple[int, ...]) -> None:
        self.storage, self.shape = storage, shape

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        strides = [1]
        for size in reversed(self.shape[1:]):
            strides.insert(0, strides[0] * size)
        arguments = (self.storage, 0, self.shape, tuple(strides), False, OrderedDict())
        return sys.modules["torch._utils"]._rebuild_tensor_v2, arguments


class _Pickler(pickle.Pickler):
    def persistent_id(self, value: object) -> object:
        if isinstance(value, _Storage):
            return "storage", sys.modules["torch"].FloatStorage, value.key, "cpu", value.elements
        return None


def _pretend_torch() -> None:
    """Names as `torch` has them, so that the pickle refers to them."""
    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")
    storage = type("FloatStorage", (), {"__module__": "torch"})

    def _rebuild_tensor_v2() -> None: ...

    _rebuild_tensor_v2.__module__, _rebuild_tensor_v2.__qualname__ = "torch._utils", "_rebuild_tensor_v2"
    torch.FloatStorage, utils._rebuild_tensor_v2 = storage, _rebuild_tensor_v2  # type: ignore[attr-defined]
    sys.modules |= {"torch": torch, "torch._utils": utils}


def checkpoint(path: Path) -> None:
    """A state dict of 1 GiB in 256 tensors of random floats, members stored and aligned as torch does."""
    _pretend_torch()
    elements = (1 << 30) // 256 // 4
    storages = [_Storage(str(index), elements) for index in range(256)]
    state = OrderedDict(
        (f"layers.{index // 4}.{index % 4}.weight", _Tensor(storage, (1024, elements // 1024)))
        for index, storage in enumerate(storages)
    )
    buffer = io.BytesIO()
    _Pickler(buffer, protocol=2).dump(state)
    random = np.random.default_rng(7)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("archive/data.pkl", buffer.getvalue())
        archive.writestr("archive/byteorder", "little")
        for storage in storages:
            member = zipfile.ZipInfo(f"archive/data/{storage.key}")
            start = archive.fp.tell() + 30 + len(member.filename) + 4  # type: ignore[union-attr]
            padding = -start % 64
            member.extra = b"FB" + struct.pack("<H", padding) + b"Z" * padding
            archive.writestr(member, random.standard_normal(elements, dtype=np.float32).tobytes())
        archive.writestr("archive/version", "3\n")
        archive.writestr("archive/.data/serialization_id", "0" * 40)
    for name in ("torch", "torch._utils"):
        del sys.modules[name]


def _header(tensors: int, elements: int) -> tuple[bytes, int]:
    table: dict[str, object] = {"__metadata__": {"format": "pt"}}
    for index in range(tensors):
        span = [index * elements * 2, (index + 1) * elements * 2]
        name = f"model.layers.{index // 9}.{index % 9}.weight"
        table[name] = {"dtype": "BF16", "shape": [1024, elements // 1024], "data_offsets": span}
    text = json.dumps(table, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text, tensors * elements * 2


def sparse_safetensors(path: Path) -> None:
    """10 GB in 297 tensors; the file has a hole where the weights would be."""
    header, weights = _header(297, 10_000_000_000 // 297 // 2 // 1024 * 1024)
    with path.open("wb") as file:
        file.write(header)
        file.truncate(len(header) + weights)


def sparse_gguf(path: Path) -> None:
    """2 GB of Q4_K blocks in 291 tensors, with a vocabulary of 32,000 tokens, as a Llama of 7 billion has."""

    def text(value: str) -> bytes:
        encoded = value.encode()
        return struct.pack("<Q", len(encoded)) + encoded

    def pair(key: str, kind: int, value: bytes) -> bytes:
        return text(key) + struct.pack("<I", kind) + value

    tokens = b"".join(text(f"▁token{index}") for index in range(32_000))
    pairs = [
        pair("general.architecture", 8, text("llama")),
        pair("general.name", 8, text("sparse")),
        pair("llama.block_count", 4, struct.pack("<I", 32)),
        pair("llama.context_length", 4, struct.pack("<I", 4096)),
        pair("llama.embedding_length", 4, struct.pack("<I", 4096)),
        pair("llama.attention.head_count", 4, struct.pack("<I", 32)),
        pair("llama.attention.head_count_kv", 4, struct.pack("<I", 8)),
        pair("tokenizer.ggml.model", 8, text("llama")),
        pair("tokenizer.ggml.tokens", 9, struct.pack("<IQ", 8, 32_000) + tokens),
    ]
    columns, rows, count = 4096, 11_008 // 4, 291
    block, in_block = 144, 256
    size = columns * rows // in_block * block
    step = -(-size // 32) * 32
    infos = [
        text(f"blk.{index // 9}.{index % 9}.weight") + struct.pack("<IQQIQ", 2, columns, rows, 12, index * step)
        for index in range(count)
    ]
    header = b"GGUF" + struct.pack("<IQQ", 3, count, len(pairs)) + b"".join(pairs) + b"".join(infos)
    header += b"\0" * (-len(header) % 32)
    with path.open("wb") as file:
        file.write(header)
        file.truncate(len(header) + step * count)


def small(path: Path) -> None:
    """A thousand files of every format in the corpora, each in a folder of its own so that none speaks for another."""
    files = sorted(file for file in CORPORA.rglob("*") if file.is_file() and file.stat().st_size < 100_000)
    # picklescan and modelscan end on these, and with them on the folder
    ends_peers = ("cut.pt", "directory_beyond.pt", "no_end_record.pt", "seven.7z")
    files = [file for file in files if file.suffix != ".md" and "expected" not in file.name]
    files = [file for file in files if file.name not in ends_peers]
    for index in range(1000):
        folder = path / f"{index:04}"
        folder.mkdir(parents=True)
        shutil.copy(files[index * 7 % len(files)], folder)


def hugging_face(path: Path) -> None:
    """A folder of a language model in four shards, whose weights are holes."""
    path.mkdir(parents=True)
    config = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": 4096,
        "intermediate_size": 14336,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "num_hidden_layers": 32,
        "vocab_size": 128256,
        "max_position_embeddings": 8192,
        "rms_norm_eps": 1e-05,
        "rope_theta": 500000.0,
        "hidden_act": "silu",
        "tie_word_embeddings": False,
        "bos_token_id": 128000,
        "eos_token_id": 128001,
        "torch_dtype": "bfloat16",
        "transformers_version": "4.40.0",
    }
    (path / "config.json").write_text(json.dumps(config, indent=2))
    tensors: dict[str, list[int]] = {"model.embed_tokens.weight": [128256, 4096]}
    for layer in range(32):
        for name, shape in {
            "self_attn.q_proj": [4096, 4096],
            "self_attn.k_proj": [1024, 4096],
            "self_attn.v_proj": [1024, 4096],
            "self_attn.o_proj": [4096, 4096],
            "mlp.gate_proj": [14336, 4096],
            "mlp.up_proj": [14336, 4096],
            "mlp.down_proj": [4096, 14336],
            "input_layernorm": [4096],
            "post_attention_layernorm": [4096],
        }.items():
            tensors[f"model.layers.{layer}.{name}.weight"] = shape
    tensors |= {"model.norm.weight": [4096], "lm_head.weight": [128256, 4096]}
    shards: list[dict[str, object]] = [{} for _ in range(4)]
    ends, where = [0] * 4, {}
    for index, (name, shape) in enumerate(tensors.items()):
        shard = index * 4 // len(tensors)
        size = int(np.prod(shape)) * 2
        shards[shard][name] = {"dtype": "BF16", "shape": shape, "data_offsets": [ends[shard], ends[shard] + size]}
        ends[shard] += size
        where[name] = f"model-{shard + 1:05}-of-00004.safetensors"
    for index, (table, end) in enumerate(zip(shards, ends, strict=True)):
        text = json.dumps({"__metadata__": {"format": "pt"}, **table}).encode()
        text += b" " * (-len(text) % 8)
        with (path / f"model-{index + 1:05}-of-00004.safetensors").open("wb") as file:
            file.write(struct.pack("<Q", len(text)) + text)
            file.truncate(8 + len(text) + end)
    index_file = {"metadata": {"total_size": sum(ends)}, "weight_map": where}
    (path / "model.safetensors.index.json").write_text(json.dumps(index_file, indent=2))
