"""Runs what opset conversion makes of the official suite, and compares with the suite's own outputs.

    MODELIUM_OPSETS=OUT cargo test -p modelium-core --test it opsets::what_converts
    python tests/opsets.py OUT SUITE [--peer]

A case counts where ONNX Runtime passes it as the suite has it. Exits 1 if a converted model loads and computes something
else. With --peer the converter of the package `onnx` is asked too: what it converts rightly and modelium refuses is
listed.
"""

import argparse
import collections
import json
import multiprocessing
import pathlib
import sys

import numpy
import onnx
import onnxruntime
from onnx import numpy_helper, version_converter

READ = {
    "tensor_type": (onnx.TensorProto, numpy_helper.to_array),
    "sequence_type": (onnx.SequenceProto, numpy_helper.to_list),
    "optional_type": (onnx.OptionalProto, numpy_helper.to_optional),
}


def value(path, declared):
    kind = declared.type.WhichOneof("value")
    message, read = READ[kind]
    data = path.read_bytes()
    if kind == "optional_type":
        try:
            return read(onnx.OptionalProto.FromString(data))
        except Exception:  # the suite stores the content where there is one
            return numpy_helper.to_array(onnx.TensorProto.FromString(data))
    return read(message.FromString(data))


def same(found, expected, rtol, atol):
    if isinstance(expected, list):
        return len(found) == len(expected) and all(same(*pair, rtol, atol) for pair in zip(found, expected))
    if expected is None or found is None:
        return expected is found
    found, expected = numpy.asarray(found), numpy.asarray(expected)
    if found.shape != expected.shape:
        return False
    if expected.dtype.kind in "OSU" or found.dtype.kind in "OSU":
        return found.astype(str).tolist() == expected.astype(str).tolist()
    if expected.dtype.kind == "V" or found.dtype != expected.dtype:
        return found.tobytes() == expected.tobytes()
    if expected.dtype.kind in "fc":
        return numpy.allclose(found, expected, rtol=rtol, atol=atol, equal_nan=True)
    return numpy.array_equal(found, expected)


def run(model, folder, case):
    """None if the outputs are the suite's, else what is wrong."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    try:
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        return f"load: {error}"
    declared = onnx.load(folder / "model.onnx", load_external_data=False).graph
    for data in sorted(folder.glob("test_data_set_*")):
        given = {port.name: value(data / f"input_{index}.pb", port) for index, port in enumerate(declared.input)
                 if (data / f"input_{index}.pb").exists()}
        expected = [value(data / f"output_{index}.pb", port) for index, port in enumerate(declared.output)]
        try:
            found = session.run(None, given)
        except Exception as error:
            return f"run: {error}"
        if not all(same(a, b, case["rtol"], case["atol"]) for a, b in zip(found, expected, strict=True)):
            return "wrong"
    return None


def one(job):
    name, out, suite, peer = job
    folder = suite / name
    case = json.loads((folder / "case.json").read_text())
    found = {}
    try:
        if run((folder / "model.onnx").read_bytes(), folder, case) is not None:
            return name, None, {}
        for path in sorted((out / name).glob("*.onnx")) if (out / name).exists() else []:
            found[path.stem.replace('_', ' and up to ')] = run(path.read_bytes(), folder, case)
    except Exception as error:
        return name, f"harness: {error}", {}
    theirs = {}
    if peer:
        model = onnx.load(folder / "model.onnx", load_external_data=False)
        for target in peer:
            try:
                made = version_converter.convert_version(model, target)
                theirs[target] = run(made.SerializeToString(), folder, case)
            except Exception as error:
                theirs[target] = f"convert: {error}"
    return name, found, theirs


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("suite", type=pathlib.Path)
    parser.add_argument("--peer", action="store_true")
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    refused = collections.defaultdict(dict)
    for line in (given.out / "refused.txt").read_text().splitlines():
        name, target, reason = line.split("\t")
        refused[name][int(target)] = reason
    names = sorted(path.parent.name for path in given.suite.glob("*/case.json") if '"node"' in path.read_text())
    names = [name for name in names if given.only in name]
    targets = sorted({target for found in refused.values() for target in found})
    jobs = [(name, given.out, given.suite, targets if given.peer else []) for name in names]
    counts, wrong, unloaded, better = collections.Counter(), [], collections.Counter(), []
    samples = {}
    with multiprocessing.Pool(2, maxtasksperchild=100) as pool:
        for name, found, theirs in pool.imap_unordered(one, jobs, chunksize=8):
            if not isinstance(found, dict):
                counts["cases that do not pass as they are"] += 1
                if found:
                    print(name, found)
                continue
            counts["cases"] += 1
            for target, fault in found.items():
                if fault is None:
                    counts[f"{target} passed"] += 1
                elif fault == "wrong":
                    counts[f"{target} wrong"] += 1
                    wrong.append((name, target))
                else:
                    counts[f"{target} not taken by the runtime"] += 1
                    key = fault.split("\n")[0][:110]
                    unloaded[key] += 1
                    samples.setdefault(key, (name, target))
            for target, reason in refused[name].items():
                counts[f"{target} refused"] += 1
                if theirs.get(target, "none") is None:
                    better.append((name, target, reason))
            for target, fault in theirs.items():
                word = "passed" if fault is None else "wrong" if fault == "wrong" else "failed"
                counts[f"peer {target} {word}"] += 1
    for key in sorted(counts, key=lambda key: (key.startswith("peer"), [int(x) if x.isdigit() else x for x in key.split()][:2].__repr__(), key)):
        print(f"{key}: {counts[key]}")
    print("what the runtime does not take:")
    for key, count in unloaded.most_common():
        print(f"  {count} {key}  e.g. {samples[key]}")
    print(f"the package onnx converts and modelium refuses: {len(better)}")
    for name, target, reason in sorted(better):
        print(f"  {name} → {target}: {reason}")
    print(f"wrong: {len(wrong)}", sorted(wrong))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
