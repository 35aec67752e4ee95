"""One measured piece of work of a scanning peer, in a process of its own.

Prints one JSON line: seconds and the growth of resident memory, current and peak, in bytes. What is imported for the
work is imported before the clock starts.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path

from peer import memory

Work = Callable[[], object]


def picklescan(path: Path) -> Work:
    """A file, or a folder."""
    from picklescan import scanner

    logging.disable(logging.CRITICAL)
    scan = scanner.scan_directory_path if path.is_dir() else scanner.scan_file_path
    return lambda: scan(str(path))


def modelscan(path: Path) -> Work:
    """A file, or a folder."""
    from modelscan.modelscan import ModelScan

    logging.disable(logging.CRITICAL)
    scanner = ModelScan()
    return lambda: scanner.scan(path)


def modelaudit(path: Path) -> Work:
    """A file, or a folder."""
    from modelaudit.core import scan_model_directory_or_file

    logging.disable(logging.CRITICAL)
    return lambda: scan_model_directory_or_file(str(path))


def safetensors(path: Path) -> Work:
    """Every name, type and shape."""
    from safetensors import safe_open

    def work() -> object:
        with safe_open(path, framework="np") as file:
            return [(key, file.get_slice(key).get_dtype(), file.get_slice(key).get_shape()) for key in file.keys()]  # noqa: SIM118

    return work


def gguf(path: Path) -> Work:
    """Metadata and every tensor's type and shape."""
    from gguf import GGUFReader

    def work() -> object:
        reader = GGUFReader(path)
        return [(tensor.name, tensor.tensor_type, tensor.shape.tolist()) for tensor in reader.tensors]

    return work


def hf_mem(path: Path) -> Work:
    """Parameters and bytes by type of all shards, from headers that are read here: the package itself fetches them."""
    from hf_mem.safetensors.metadata import parse_safetensors_metadata

    def work() -> object:
        merged: dict[str, object] = {}
        for shard in sorted(path.glob("*.safetensors")):
            with shard.open("rb") as file:
                merged |= json.loads(file.read(int.from_bytes(file.read(8), "little")))
        return parse_safetensors_metadata({"Transformer": merged})

    return work


def auto_config(path: Path) -> Work:
    """The configuration alone."""
    import os

    os.environ["HF_HUB_OFFLINE"] = "1"
    from transformers import AutoConfig

    return lambda: AutoConfig.from_pretrained(path)


if __name__ == "__main__":
    works = [picklescan, modelscan, modelaudit, safetensors, gguf, hf_mem, auto_config]
    work = {work.__name__: work for work in works}[sys.argv[1]](Path(sys.argv[2]))
    stdout, sys.stdout = sys.stdout, sys.stderr
    before = memory()[0]
    start = time.perf_counter()
    kept = work()
    seconds = time.perf_counter() - start
    now, peak = memory()
    print(json.dumps({"seconds": seconds, "resident": now - before, "peak": peak - before}), file=stdout)
