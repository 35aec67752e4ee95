"""Exports real PyTorch models to ONNX, with inputs and what PyTorch itself makes of them.

    python onnx_exports.py OUT [--only WORD…] [--forms FORM…] [--tiny] [--again] [--committed]

By both exporters, with and without their own optimisation: OUT/<model>.<form>/ with form `legacy-raw`, `legacy`,
`dynamo-raw` or `dynamo`, each with model.onnx, case.json, and inputs_<i>.npz and outputs_<i>.npz for two batch sizes and
two lengths. `failed.json` says which exports their exporter refused, and why. Nothing is downloaded: weights are random,
from fixed seeds. Each export runs in a process of its own, and one that is there already is kept.

Needs `requirements-exports.txt`. `--committed` copies some of the smallest into `tests/corpus/exports/`, without the stack
traces that the exporter attaches to every node: those are what is committed.
"""

import argparse
import json
import multiprocessing
import os
import pathlib
import shutil
import time
import traceback

FORMS = ["legacy-raw", "legacy", "dynamo-raw", "dynamo"]
SECONDS = 900  # for one export
COMMITTED = pathlib.Path(__file__).resolve().parents[1] / "corpus" / "exports"
# each by both exporters, at their defaults
SMALL = [
    "bert-tiny", "clip-text-tiny", "clip-vision-tiny", "gpt2-past-tiny", "llama-past-tiny", "lstm-tiny", "minilm-tiny",
    "resnet-tiny", "ssd-tiny", "swin-stage-tiny", "t5-decoder-tiny", "t5-encoder-tiny", "vit-tiny", "whisper-decoder-tiny",
    "whisper-encoder-tiny",
]
SMALL_RAW = ["bert-tiny", "llama-tiny", "resnet-tiny"]
SMALL_EAGER = ["llama-eager-past-tiny.dynamo", "whisper-eager-past-tiny.legacy"]
TRACES = {f"pkg.torch.onnx.{what}" for what in ("stack_trace", "class_hierarchy", "fx_node")}
LARGEST = 300_000  # bytes of a committed model


def flatten(inputs):
    """Names and tensors; the members of the list `past` are `past.key.0`, `past.value.0`, …"""
    flat = {}
    for name, value in inputs.items():
        if isinstance(value, list):
            kinds = [f"{name}.{kind}.{layer}" for layer in range(len(value) // 2) for kind in ("key", "value")]
            flat.update(zip(kinds, value))
        else:
            flat[name] = value
    return flat


def dynamic_shapes(export, inputs):
    """What `torch.export` wants: the structure of the inputs, with a name for each dynamic axis."""
    def shape(name, value):
        if isinstance(value, list):
            return [shape(name, member) for member in value]
        return dict(export.axes.get(name, {}))

    return {name: shape(name, value) for name, value in inputs.items()}


def write_model(export, form, model, path):
    """Runs the exporter; for the tracing one at the model's opset, for the other at its own default."""
    import torch

    batch, length = export.sizes[-1]
    inputs = export.inputs(batch, length)
    names = list(flatten(inputs))
    if form.startswith("legacy"):
        axes = {name: export.axes[name] for name in [*names, *export.outputs] if export.axes.get(name)}
        torch.onnx.export(
            model, tuple(inputs.values()), path, dynamo=False, input_names=names, output_names=export.outputs,
            dynamic_axes=axes, opset_version=export.opset, do_constant_folding=form == "legacy")
    else:
        torch.onnx.export(
            model, tuple(inputs.values()), path, dynamo=True, input_names=names, output_names=export.outputs,
            dynamic_shapes=dynamic_shapes(export, inputs), optimize=form == "dynamo", external_data=False, verbose=False)


def write_one(name, form, folder):
    """One export, with its inputs and outputs."""
    import numpy
    import onnx
    import torch
    import transformers

    import export_models

    torch.set_num_threads(1)
    torch.backends.mha.set_fastpath_enabled(False)  # one fused operator of PyTorch's own, which no exporter knows
    export = export_models.every()[name]
    torch.manual_seed(0)
    model = export.build().eval()
    if not export.keep_weights:
        export_models.settle(model)
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    with torch.no_grad():
        write_model(export, form, model, folder / "model.onnx")
        for number, (batch, length) in enumerate(export.sizes):
            inputs = export.inputs(batch, length)
            numpy.savez(folder / f"inputs_{number}.npz", **{k: v.numpy() for k, v in flatten(inputs).items()})
            outputs = model(*export.inputs(batch, length).values())
            outputs = outputs if isinstance(outputs, tuple) else (outputs,)
            named = {k: v.numpy() for k, v in zip(export.outputs, outputs, strict=True)}
            if any(not numpy.isfinite(v).all() for v in named.values()):
                raise SystemExit("PyTorch itself gives numbers that are not finite")
            numpy.savez(folder / f"outputs_{number}.npz", **named)
    proto = onnx.load(folder / "model.onnx")
    case = {
        "model": name, "form": form, "attention": export.attention, "tiny": export.tiny,
        "sizes": [list(size) for size in export.sizes], "nodes": len(proto.graph.node),
        "opset": next(opset.version for opset in proto.opset_import if opset.domain in ("", "ai.onnx")),
        "torch": torch.__version__, "transformers": transformers.__version__,
    }
    (folder / "case.json").write_text(json.dumps(case, indent=1) + "\n", encoding="utf-8")


def child(name, form, folder, log):
    """`write_one`, with all that it prints in `log`."""
    with open(log, "w", encoding="utf-8") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    try:
        write_one(name, form, folder)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def run_one(name, form, folder):
    """The same in a process of its own, forked so that libraries load once; gives the reason where it did not work."""
    draft = folder.with_name(f"{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    logs = folder.parent / "logs"
    logs.mkdir(exist_ok=True)
    log = logs / f"{folder.name}.txt"
    started = time.monotonic()
    process = multiprocessing.get_context("fork").Process(target=child, args=(name, form, draft, log))
    process.start()
    process.join(SECONDS)
    reason = None
    if process.is_alive():
        process.kill()
        process.join()
        reason = f"not done after {SECONDS} s"
    elif process.exitcode != 0:
        lines = [line for line in log.read_text(encoding="utf-8").splitlines() if line.strip()]
        errors = [line for line in lines if "Error" in line and not line.startswith(" ")]
        reason = (errors or lines or [f"exit status {process.exitcode}"])[-1]
    print(f"{name}.{form}: {reason or 'ok'} ({time.monotonic() - started:.0f} s)", flush=True)
    if reason is None:
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
        log.unlink()
        return None
    shutil.rmtree(draft)
    return reason[:300]


def commit(out):
    """Copies what is small into the repository."""
    import onnx

    for folder in COMMITTED.glob("*/"):
        shutil.rmtree(folder)
    names = [f"{name}.{form}" for name in SMALL for form in ("legacy", "dynamo")]
    names += [f"{name}.{form}" for name in SMALL_RAW for form in ("legacy-raw", "dynamo-raw")]
    for folder in (out / name for name in names + SMALL_EAGER):
        if not folder.exists():
            print(f"{folder.name}: was not exported")
            continue
        model = onnx.load(folder / "model.onnx")
        bodies = [model.graph, *model.functions]
        for record in [record for body in bodies for records in (body.node, body.value_info) for record in records]:
            kept = [entry for entry in record.metadata_props if entry.key not in TRACES]
            del record.metadata_props[:]
            record.metadata_props.extend(kept)
        data = model.SerializeToString(deterministic=True)
        if len(data) > LARGEST:
            print(f"{folder.name}: {len(data)} bytes are too many")
            continue
        (COMMITTED / folder.name).mkdir(parents=True)
        (COMMITTED / folder.name / "model.onnx").write_bytes(data)
        for file in [*folder.glob("*.npz"), folder / "case.json"]:
            shutil.copy(file, COMMITTED / folder.name)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--only", nargs="*", default=[], help="words, one of which the name has to begin with")
    parser.add_argument("--forms", nargs="*", default=FORMS, choices=FORMS)
    parser.add_argument("--tiny", action="store_true", help="only the models of a few kilobytes")
    parser.add_argument("--again", action="store_true", help="also what is there already")
    parser.add_argument("--committed", action="store_true", help="then write tests/corpus/exports/")
    given = parser.parse_args()

    os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_VERBOSITY": "error", "OMP_NUM_THREADS": "1"}
    import timm  # noqa: F401 (loaded before the fork)
    import torchvision  # noqa: F401

    import export_models

    given.out.mkdir(parents=True, exist_ok=True)
    report = given.out / "failed.json"
    failed = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    for name, export in export_models.every().items():
        if given.tiny and not export.tiny or given.only and not any(name.startswith(word) for word in given.only):
            continue
        for form in given.forms:
            case = f"{name}.{form}"
            if form.split("-")[0] not in export.exporters or (given.out / case).exists() and not given.again:
                continue
            reason = run_one(name, form, given.out / case)
            failed.pop(case, None)
            if reason:
                failed[case] = reason
            report.write_text(json.dumps(failed, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    if given.committed:
        commit(given.out)


if __name__ == "__main__":
    main()
