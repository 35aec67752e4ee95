"""The main job: a trained model from its file to a Triton model repository, with the plan, the proof and the tree.

Run it with `make demo`. It reads `examples/models/digits/` and writes `build/demo/`.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import modelium as ml

HERE = Path(__file__).resolve().parent
MODEL = HERE.parent / "models" / "digits" / "digits.onnx"
SAMPLES = MODEL.with_name("samples.npz")
OUT = HERE.parents[1] / "build" / "demo"


def main() -> None:
    """The whole journey."""
    heading("1. What is it?")
    model = ml.open(MODEL)
    print(model)

    heading("2. What would be done? (nothing ran yet)")
    plan = model.plan(target="triton", samples=SAMPLES)
    print(plan.explain())

    heading("3. Done, in a limited child process")
    shutil.rmtree(OUT, ignore_errors=True)
    done = plan.run(OUT / "converted", progress=None)
    print(done)

    heading("4. Proof: the original and the result, on generated inputs and on labelled images")
    assert done.parity is not None
    print(done.parity)
    if accuracy := done.parity.document.get("accuracy"):
        rows, before, after = accuracy["rows"], accuracy["original"], accuracy["result"]
        print(f"\nright answers on {rows} labelled images: {before} before, {after} after")

    heading("5. Published into a model repository")
    deployed = done.deploy(OUT / "models")
    print(f"{deployed.name} version {deployed.version}; findings of the linter: {ml.lint(OUT / 'models') or 'none'}\n")
    config = OUT / "models" / deployed.name / "config.pbtxt"
    print(done.tree())
    print(f"\n{config.relative_to(OUT.parents[1])}:\n{config.read_text()}")
    print("Serve it: tritonserver --model-repository=" + str((OUT / "models").relative_to(OUT.parents[1])))


def heading(text: str) -> None:
    """A line that stands out."""
    print(f"\n\033[1m{text}\033[0m\n")


if __name__ == "__main__":
    main()
