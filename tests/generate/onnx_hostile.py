"""Writes tests/hostile/onnx: broken models with one fault each, odd ones that are sound, and cases.json about them.

    python onnx_hostile.py            writes the models and cases.json
    python onnx_hostile.py --check    writes nothing; exits 1 if a committed file differs
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import onnx

from onnx_faults import CASES, dump, encoding, external, graphs, sound, tensors  # noqa: F401
from output import deliver

LIMIT = 20_000
# The file outside every model's folder that no model may reach: two floats that would fit the sound model.
OUTSIDE = "outside.bin"

# Run in a process of its own: a checker that crashes is an answer too.
PROBE = """
import sys
import onnx
for full in (False, True):
    try:
        onnx.checker.check_model(sys.argv[1], full_check=full)
        print("accepts", flush=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError, ValueError, OSError):
        print("refuses", flush=True)
"""


def verdicts(path):
    """What the official checker does without and with inference: accepts, refuses, crashes or hangs."""
    command = [sys.executable, "-c", PROBE, path]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
        said, otherwise = done.stdout, "crashes"
    except subprocess.TimeoutExpired as slow:
        said, otherwise = (slow.stdout or b"").decode(), "hangs"
    said = said.split() + [otherwise] * 2
    return {"checker": said[0], "full_checker": said[1]}


def link(folder, kind, name, target):
    """Makes a link as the tests have to."""
    path = folder / name
    match kind:
        case "symlink":
            path.symlink_to(target)
        case "hardlink":
            path.hardlink_to(folder / target)
        case "fifo":
            os.mkfifo(path)


def write(folder, files):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def main():
    files = {
        OUTSIDE: bytes.fromhex("0000803f00000040"),
        "two_models/first.onnx": dump(sound()), "two_models/second.onnx": dump(sound()),
        "no_model/config.json": b"{}\n",
    }
    facts = [
        {"file": "two_models", "what": "a folder with two models", "expect": "refused", "kind": "invalid_argument"},
        {"file": "no_model", "what": "a folder without a model", "expect": "refused", "kind": "unsupported"},
        {"file": "not_there.onnx", "what": "a path that does not exist", "expect": "refused", "kind": "io"},
    ]
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        write(scratch, files)
        for name, fault in sorted(CASES.items()):
            first = f"{name}.onnx" if fault.beside is None else f"{name}/model.onnx"
            data = {first: dump(fault.model)}
            data |= {f"{name}/{part}": content for part, content in (fault.beside or {}).items()}
            write(scratch, data)
            for made in fault.links:
                link(scratch / name, *made)
            if len(data[first]) > LIMIT and name != "nodes_100000":
                raise ValueError(f"{first} has {len(data[first])} bytes, more than {LIMIT}")
            files |= data
            fact = {"file": first, "what": fault.what, "expect": fault.expect}
            if fault.expect == "refused":
                fact |= {"kind": fault.kind} if fault.kind else {}
                fact |= {"item": fault.item} if fault.item else {}
            fact |= {"links": fault.links} if fault.links else {}
            facts.append(fact | verdicts(str(scratch / first)))
    body = ",\n".join("  " + json.dumps(fact, ensure_ascii=False) for fact in facts)
    files["cases.json"] = f'{{\n "onnx": {json.dumps(onnx.__version__)},\n "cases": [\n{body}\n ]\n}}\n'.encode()
    deliver(__doc__, "tests/hostile/onnx", files)


if __name__ == "__main__":
    main()
