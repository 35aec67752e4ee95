"""Writes tests/hostile/check: models with a fault in their meaning, and expected.json, the official checker's verdicts.

    python onnx_broken.py            writes the models and expected.json
    python onnx_broken.py --check    writes nothing; exits 1 if a committed file differs
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import onnx

from onnx_verdicts import CASES, attributes, dump, functions, shapes, structure, tensors  # noqa: F401
from output import deliver

LIMIT = 4_000
MESSAGE = 300

# Run in a process of its own, which a checker may bring down: for each path one marked line, for it prints warnings too.
MARK = "verdict: "
PROBE = f"""
import json, sys
import onnx
for path in sys.argv[1:]:
    try:
        onnx.checker.check_model(path, full_check=True)
        said = None
    except Exception as error:
        said = str(error)
    print("\\n{MARK}" + json.dumps(said), flush=True)
"""


def verdicts(paths):
    """What the official full check says of each: None, or its message."""
    found = []
    while len(found) < len(paths):
        done = subprocess.run(
            [sys.executable, "-c", PROBE, *paths[len(found):]], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, timeout=300, check=False,
        )
        found += [json.loads(line.removeprefix(MARK)) for line in done.stdout.splitlines() if line.startswith(MARK)]
        if done.returncode:
            found.append("crashes")
    return found


def main():
    files, rows = {}, []
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        for name, case in sorted(CASES.items()):
            first = f"{name}.onnx" if case.beside is None else f"{name}/model.onnx"
            made = {first: dump(case.model)} | {f"{name}/{part}": data for part, data in (case.beside or {}).items()}
            for path, data in made.items():
                if len(data) > LIMIT:
                    raise ValueError(f"{path} has {len(data)} bytes, more than {LIMIT}")
                (scratch / path).parent.mkdir(parents=True, exist_ok=True)
                (scratch / path).write_bytes(data)
            files |= made
            rows.append((first, case.what))
        for (file, what), said in zip(rows, verdicts([str(scratch / file) for file, _ in rows]), strict=True):
            row = {"file": file, "what": what, "verdict": "accepted" if said is None else "refused"}
            if said is not None:
                said = said.replace(f"{scratch}/", "").replace(str(scratch), ".")
                row["message"] = " ".join(said.split())[:MESSAGE]
            files.setdefault("expected.json", []).append("  " + json.dumps(row, ensure_ascii=False))
    body = ",\n".join(files["expected.json"])
    files["expected.json"] = f'{{\n "onnx": "{onnx.__version__}",\n "cases": [\n{body}\n ]\n}}\n'.encode()
    deliver(__doc__, "tests/hostile/check", files)


if __name__ == "__main__":
    main()
