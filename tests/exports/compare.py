"""Simplifies every model of the corpus with modelium and its peers; compares what is left and what it computes.

    python compare.py CORPUS [--only WORD…] [--peers-only] [--targets] [--modelium PROGRAM]

CORPUS is what `tests/generate/onnx_exports.py` wrote, or `tests/corpus/exports`. Writes CORPUS/peers.{md,json} (kept
from one run to the next, as long as model and peer are the same) and CORPUS/compared.{md,json}. Exits with 1 where
modelium leaves more nodes than the best peer, where its model does not run or computes something else, where dynamic
inputs became fixed, or where it does not find each attention layer.

`--targets` writes `tests/corpus/exports/peers.json`: what the peers leave of the exports that are committed.

A peer's count is only a target if its model runs and computes the same. Equal means within 1e-4 of the largest
magnitude of PyTorch's output, on two batch sizes and two lengths; where the exporter itself is further off than that,
what the exported model computes in ONNX Runtime takes PyTorch's place.
"""

import argparse
import hashlib
import json
import pathlib
import sys
import tempfile

import graphs
import onnx
import outputs
import tools

LEVELS = ["portable", "onnxruntime"]
COMMITTED = pathlib.Path(__file__).resolve().parents[1] / "corpus" / "exports"
KEPT = 2 << 20  # results of peers up to this size stay beside their case, to look at


def digest(path: pathlib.Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def signature(path: pathlib.Path) -> list:
    """Names and types of inputs and outputs; a dynamic dimension is None."""
    graph = onnx.load(path, load_external_data=False).graph
    constants = {tensor.name for tensor in graph.initializer}
    ports = [*(port for port in graph.input if port.name not in constants), None, *graph.output]

    def dims(port):
        return [dim.dim_value if dim.HasField("dim_value") else None for dim in port.type.tensor_type.shape.dim]

    return [port and [port.name, port.type.tensor_type.elem_type, dims(port)] for port in ports]


def fixed(before: pathlib.Path, after: pathlib.Path) -> bool:
    """True if an input's dynamic dimension has a number now, or a name or type is another."""
    inputs = [signature[: signature.index(None)] for signature in (signature(before), signature(after))]
    return inputs[0] != inputs[1]


def measure(tool: str, modelium: str, folder: pathlib.Path, reference: list) -> dict:
    """What one tool makes of one model."""
    given = folder / "model.onnx"
    with tempfile.TemporaryDirectory() as scratch:
        out = pathlib.Path(scratch) / "out.onnx"
        seconds, failure = tools.simplify(tool, modelium, given, out)
        result = {"seconds": round(seconds, 2), "nodes": None, "bytes": None, "failure": failure}
        if failure is None:
            try:
                found = graphs.operators(out)
                result |= {
                    "nodes": found.total(),
                    "bytes": sum(f.stat().st_size for f in out.parent.iterdir()),
                    "attention": graphs.attention(found),
                    "operators": dict(found.most_common()),
                }
                result["distance"] = outputs.distance(outputs.run(out, folder), reference)
                if result["distance"] > outputs.TOLERANCE:
                    result["failure"] = f"differs by {result['distance']:.1e}"
                elif fixed(given, out):
                    result["failure"] = "inputs became others"
            except outputs.Refused as refusal:
                result["failure"] = f"does not run: {refusal}"
            except Exception as error:  # whatever a peer's model does to the reader
                result["failure"] = f"{type(error).__name__}: {str(error)[:150]}"
            kept = folder / "peers" / f"{tool}.onnx"
            if out.stat().st_size <= KEPT and tool in tools.PEERS:
                kept.parent.mkdir(parents=True, exist_ok=True)
                kept.write_bytes(out.read_bytes())
    return result


def reference(folder: pathlib.Path) -> tuple[list, float]:
    """What results are compared with, and how far the export itself is from PyTorch."""
    torch, exported = outputs.expected(folder), outputs.run(folder / "model.onnx", folder)
    off = outputs.distance(exported, torch)
    return (exported if off > outputs.TOLERANCE else torch), off


def best(peers: dict) -> int | None:
    """The fewest nodes of a peer whose model is sound."""
    return min((peer["nodes"] for peer in peers.values() if peer["failure"] is None), default=None)


def verdict(entry: dict) -> list[str]:
    """What is wrong with modelium's results; empty if nothing is."""
    wrong = []
    limit = best(entry["peers"])
    for level in LEVELS:
        ours = entry["modelium"][level]
        if ours["failure"] is not None:
            wrong.append(f"{level}: {ours['failure']}")
        elif limit is not None and ours["nodes"] > limit:
            wrong.append(f"{level}: {ours['nodes']} nodes, {limit} possible")
        if level == "onnxruntime" and ours["failure"] is None and ours["attention"] != entry["attention"]:
            wrong.append(f"{level}: {ours['attention']} of {entry['attention']} attention layers")
    return wrong


def write_targets(entries: dict) -> None:
    """The nodes of each sound result, for the exports that are committed."""
    names = sorted(folder.parent.name for folder in COMMITTED.glob("*/case.json"))
    targets = {
        name: {tool: peer["nodes"] for tool, peer in entries[name]["peers"].items() if peer["failure"] is None}
        for name in names
        if "peers" in entries.get(name, {})
    }
    text = json.dumps(targets, indent=1, sort_keys=True) + "\n"
    (COMMITTED / "peers.json").write_text(text, encoding="utf-8")


def cell(result: dict | None) -> str:
    if result is None:
        return ""
    return (
        str(result["nodes"]) if result["failure"] is None else f"~~{result['nodes'] or '–'}~~ {result['failure'][:40]}"
    )


def table(entries: dict) -> str:
    """The results for people. What is struck out is no valid result."""
    columns = [*tools.PEERS, "best"]
    ours = any(entry.get("modelium") for entry in entries.values())
    head = ["model", "input", *columns, *(f"modelium {level}" for level in LEVELS if ours), "attention layers"]
    rows = [head, ["---"] * len(head)]
    for name, entry in entries.items():
        row = [
            name,
            str(entry["nodes"]),
            *(cell(entry["peers"].get(tool)) for tool in tools.PEERS),
            str(best(entry["peers"]) or "–"),
        ]
        if ours:
            row += [cell(entry.get("modelium", {}).get(level)) for level in LEVELS]
        found = entry.get("modelium", {}).get("onnxruntime", {}).get("attention")
        rows.append([*row, str(entry["attention"]) if found is None else f"{found} of {entry['attention']}"])
    return "".join("| " + " | ".join(cell.replace("|", "/") for cell in row) + " |\n" for row in rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--only", nargs="*", default=[], help="words, one of which the name has to begin with")
    parser.add_argument("--peers-only", action="store_true")
    parser.add_argument("--targets", action="store_true")
    parser.add_argument("--modelium", default=str(pathlib.Path("build/venv/bin/modelium").absolute()))
    given = parser.parse_args()
    cache = given.corpus / "peers.json"
    entries = json.loads(cache.read_text(encoding="utf-8")) if cache.exists() else {}
    versions = {tool: tools.version(tool) for tool in tools.PEERS}
    folders = sorted(case.parent for case in given.corpus.glob("*/case.json") if case.parent.suffix != ".draft")
    folders = [folder for folder in folders if not given.only or folder.name.startswith(tuple(given.only))]
    if not folders:
        parser.error(f"{given.corpus} holds no case of these names")
    compared = {}
    for folder in folders:
        name, case = folder.name, json.loads((folder / "case.json").read_text(encoding="utf-8"))
        key = {"model": digest(folder / "model.onnx"), "versions": versions}
        entry = entries.get(name, {})
        if entry.get("key") != key:
            found = graphs.operators(folder / "model.onnx")
            entry = {
                "key": key,
                "nodes": found.total(),
                "attention": case["attention"],
                "operators": dict(found.most_common()),
            }
        if "peers" in entry and given.peers_only:
            continue
        try:
            wanted, entry["export_distance"] = reference(folder)
        except outputs.Refused as refusal:
            print(f"{name}: left out, the export itself does not run: {refusal}", flush=True)
            continue
        if "peers" not in entry:
            entry["peers"] = {tool: measure(tool, "", folder, wanted) for tool in tools.PEERS}
            entries[name] = entry
            cache.write_text(json.dumps(entries, indent=1, sort_keys=True) + "\n", encoding="utf-8")
            (given.corpus / "peers.md").write_text(table(dict(sorted(entries.items()))), encoding="utf-8")
            print(
                f"{name}: {entry['nodes']} → " + ", ".join(cell(peer) for peer in entry["peers"].values()), flush=True
            )
        if not given.peers_only:
            entry = entry | {
                "modelium": {level: measure(f"modelium-{level}", given.modelium, folder, wanted) for level in LEVELS}
            }
            entry["wrong"] = verdict(entry)
            compared[name] = entry
            print(
                f"{name}: best {best(entry['peers'])}, ours "
                + ", ".join(cell(entry["modelium"][level]) for level in LEVELS)
                + "".join(f"\n    {line}" for line in entry["wrong"]),
                flush=True,
            )
    if given.targets:
        write_targets(entries)
    if given.peers_only:
        return 0
    (given.corpus / "compared.json").write_text(json.dumps(compared, indent=1) + "\n", encoding="utf-8")
    (given.corpus / "compared.md").write_text(table(compared), encoding="utf-8")
    wrong = sum(bool(entry["wrong"]) for entry in compared.values())
    print(f"{len(compared)} models compared, {wrong} of them with something wrong")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
