"""The measured claims of the README: modelium beside its peers, in one run on one machine.

Each piece of work runs in a process of its own, the two in turn, so that a machine that slows down slows both. The
tables hold medians, and the ratio of each pair. `make bench` runs it and writes them into `benches/RESULTS.md` and the
README.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
FOLDER = ROOT / "build" / "bench"
BINARY = ROOT / "target" / "release" / "modelium-bench"
PEERS = ROOT / "build" / "venv-peers" / "bin" / "python"
CORPUS = ROOT / "build" / "corpus"
EXPORT = ROOT / "build" / "venv-export" / "bin"


@dataclass
class Measured:
    """The medians of one piece of work."""

    seconds: float
    resident: float
    peak: float


@dataclass
class Pair:
    """One piece of work done by both."""

    what: str
    peer_name: str
    peer: Measured | None
    ours: Measured
    ratio: float | None
    goal: str


def once(command: list[str]) -> dict[str, float]:
    """Runs one process and reads the line it prints."""
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    result: dict[str, float] = json.loads(output.strip().splitlines()[-1])
    return result


def pair(what: str, peer_name: str, goal: str, runs: int, peer: list[str] | None, ours: list[str]) -> Pair:
    """Runs both in turn, after one warm-up each."""
    samples: dict[str, list[dict[str, float]]] = {"peer": [], "ours": []}
    for run in range(runs + 1):
        for name, command in (("peer", peer), ("ours", ours)):
            if command:
                measured = once(command)
                if run:
                    samples[name].append(measured)

    def median(name: str) -> Measured:
        return Measured(
            *(statistics.median(one[key] for one in samples[name]) for key in ("seconds", "resident", "peak"))
        )

    ratio = None
    if peer:
        ratios = [a["seconds"] / b["seconds"] for a, b in zip(samples["peer"], samples["ours"], strict=True)]
        ratio = statistics.median(ratios)
    print(f"  {what}: {'' if ratio is None else f'{ratio:.1f}×'}", file=sys.stderr)
    return Pair(what, peer_name, median("peer") if peer else None, median("ours"), ratio, goal)


def spawn(code: str) -> list[str]:
    """Times an import in a fresh interpreter, from inside it."""
    measure = (
        "import json,time\n"
        "def memory():\n"
        "    lines = dict(l.split(':', 1) for l in open('/proc/self/status').read().splitlines() if ':' in l)\n"
        "    return [int(lines[n].split()[0]) * 1024 for n in ('VmRSS', 'VmHWM')]\n"
        "before = memory()[0]; start = time.perf_counter()\n"
        f"{code}\n"
        "seconds = time.perf_counter() - start; now, peak = memory()\n"
        "print(json.dumps({'seconds': seconds, 'resident': now - before, 'peak': peak - before}))"
    )
    return [sys.executable, "-c", measure]


def milliseconds(seconds: float) -> str:
    """A time as the table says it."""
    return f"{seconds * 1000:.2f} ms" if seconds < 0.01 else f"{seconds * 1000:.0f} ms"


def mebibytes(count: float) -> str:
    """Bytes as the table says them."""
    return f"{count / 2**20:.1f} MiB"


def memory(measured: Measured) -> str:
    """What stayed resident at the end, and the most there was."""
    return f"{mebibytes(measured.resident)}, {mebibytes(measured.peak)}"


def table(pairs: list[Pair]) -> str:
    """The pairs as a Markdown table."""
    lines = [
        "| what | peer | its time | modelium's time | faster | goal | its memory, peak | modelium's memory, peak |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in pairs:
        cells = [
            one.what,
            one.peer_name,
            milliseconds(one.peer.seconds) if one.peer else "–",
            milliseconds(one.ours.seconds),
            f"{one.ratio:.0f}×" if one.ratio and one.ratio >= 10 else f"{one.ratio:.1f}×" if one.ratio else "–",
            one.goal,
            memory(one.peer) if one.peer else "–",
            memory(one.ours),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def bandwidth(folder: Path) -> str:
    """What this machine can do: the limits that the figures are held against."""
    import time

    block = os.urandom(1 << 20) * 256
    started = time.perf_counter()
    bytes(bytearray(block))
    copied = 2 * len(block) / (time.perf_counter() - started)
    started = time.perf_counter()
    with (folder / "bandwidth").open("wb") as file:
        file.write(block)
    written = len(block) / (time.perf_counter() - started)
    (folder / "bandwidth").unlink()
    return f"memcpy {copied / 1e9:.1f} GB/s, write() of a new file {written / 1e9:.1f} GB/s (one thread)"


def main() -> None:
    """Measures, prints and writes the tables."""
    sections = {"files": files, "graphs": graphs, "scanning": scanning}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each")
    parser.add_argument("--only", nargs="+", choices=sections, default=list(sections), help="which tables")
    options = parser.parse_args()
    sys.path.insert(0, str(HERE))
    FOLDER.mkdir(parents=True, exist_ok=True)
    for section in options.only:
        figures = table(sections[section](options.runs))
        wheel = max((ROOT / "build" / "wheels").glob("modelium-*.whl"), default=None)
        facts = [
            f"Medians of {options.runs} runs on {platform.machine()}, {os.cpu_count()} cores, Python"
            f" {platform.python_version()}; {bandwidth(FOLDER)}.",
            f"The wheel: {mebibytes(wheel.stat().st_size)} (goal: 15 MiB at the most)." if wheel else "",
        ]
        write_figures(ROOT / "README.md", section, figures)
        write_figures(HERE / "RESULTS.md", section, "\n".join([figures, "", *filter(None, facts)]))
        print(figures)


def files(runs: int) -> list[Pair]:
    """Opening, describing, writing and serving ONNX files."""
    from models import build

    paths = build(FOLDER)

    def peer(work: str, model: Path, out: str = "") -> list[str]:
        return [sys.executable, str(HERE / "peer.py"), work, str(model), out]

    def ours(work: str, model: Path, out: str = "") -> list[str]:
        return [str(BINARY), work, str(model), out]

    resnet, bert = paths["resnet50"], paths["bert-base"]
    size = {name: f"{path.stat().st_size / 2**20:.0f} MiB" for name, path in paths.items()}
    with tempfile.TemporaryDirectory(dir=FOLDER) as scratch:
        theirs, mine = f"{scratch}/peer.onnx", f"{scratch}/ours.onnx"
        return [
            pair(
                f"open ResNet-50, {size['resnet50']}",
                "`onnx.load`",
                "100×",
                runs,
                peer("open", resnet),
                ours("open", resnet),
            ),
            pair(
                f"open BERT-base, {size['bert-base']}",
                "`onnx.load`",
                "100×",
                runs,
                peer("open", bert),
                ours("open", bert),
            ),
            pair(
                "describe ResNet-50",
                "`onnx.load` + `infer_shapes`",
                "50×",
                runs,
                peer("describe", resnet),
                ours("describe", resnet),
            ),
            pair(
                "describe BERT-base",
                "`onnx.load` + `infer_shapes`",
                "50×",
                runs,
                peer("describe", bert),
                ours("describe", bert),
            ),
            pair(
                "import → export BERT-base",
                "`onnx.load` + `onnx.save`",
                "4×",
                runs,
                peer("copy", bert, theirs),
                ours("copy", bert, mine),
            ),
            pair(
                "render a Triton repository of BERT-base",
                "–",
                "ms beyond the copy",
                runs,
                None,
                ours("render", bert, f"{scratch}/repo"),
            ),
            pair("copy that file: the limit of that", "–", "–", runs, None, ours("cp", bert, f"{scratch}/cp")),
            pair("import the package", "`import onnx`", "5×", runs, spawn("import onnx"), spawn("import modelium")),
        ]


def graphs(runs: int) -> list[Pair]:
    """Checking, inferring and simplifying real exports beside the tools that people use for it."""
    goals = {"check": "80×", "infer": "100×", "symbolic": "500×", "onnxsim": "20×", "onnxslim": "100×"}
    works = (
        ("check", "check", "onnx.checker", "check"),
        ("infer", "infer", "onnx.shape_inference", "infer"),
        ("infer", "symbolic", "symbolic_shape_infer", "infer"),
        ("simplify", "onnxsim", "onnxsim", "simplify"),
        ("simplify", "onnxslim", "onnxslim", "simplify"),
    )
    pairs = []
    for model, few in (("bert-base.legacy", False), ("swin-t.legacy-raw", True)):
        path = CORPUS / model / "model.onnx"
        name = f"{model}, {path.stat().st_size / 2**20:.0f} MiB"
        for what, peer, title, ours in works:
            count = 1 if few or peer == "onnxslim" else runs
            theirs = [str(EXPORT / "python"), str(HERE / "peer_graph.py"), peer, str(path), ""]
            mine = [str(BINARY), ours, str(path), ""]
            pairs.append(pair(f"{what} {name}", f"`{title}`", goals[peer], count, theirs, mine))
        with tempfile.TemporaryDirectory(dir=FOLDER) as scratch:
            theirs = [str(EXPORT / "python"), str(HERE / "peer_graph.py"), "onnxsim_save", str(path), f"{scratch}/a"]
            mine = [str(BINARY), "simplify-save", str(path), f"{scratch}/b"]
            what = f"simplify {name}, from file to file"
            pairs.append(pair(what, "`onnxsim`", "8×, peak 1.2× the file", 1 if few else runs, theirs, mine))
    minilm = CORPUS / "minilm.legacy"
    for peer, title, goal in (("evaluate", "`onnx.reference`", "1 s"), ("ort", "ONNX Runtime", "–")):
        given = [str(minilm / "model.onnx"), str(minilm / "inputs_1.npz")]
        theirs = [str(EXPORT / "python"), str(HERE / "peer_graph.py"), peer, *given]
        what = "evaluate MiniLM, 2 × 32 tokens, one thread"
        pairs.append(pair(what, title, goal, runs, theirs, [str(BINARY), "evaluate", *given]))
    small = CORPUS / "resnet-tiny.legacy" / "model.onnx"
    with tempfile.TemporaryDirectory(dir=FOLDER) as scratch:
        theirs = [str(HERE / "process.py"), str(EXPORT / "onnxslim"), str(small), f"{scratch}/a.onnx"]
        mine = [str(HERE / "process.py"), str(Path(sys.executable).with_name("modelium")), "simplify", "--replace"]
        mine += [str(small), f"{scratch}/b.onnx"]
        what = "`modelium simplify` on a small model, the whole process"
        pairs.append(pair(what, "`onnxslim`", "50×", runs, [sys.executable, *theirs], [sys.executable, *mine]))
    return pairs


def scanning(runs: int) -> list[Pair]:
    """Scanners and header readers; each peer has a row of its own."""
    from scan_models import build

    paths = build(FOLDER)

    def peer(name: str, path: Path) -> list[str]:
        return [str(PEERS), str(HERE / "peer_scan.py"), name, str(path)]

    def ours(work: str, path: Path, threads: int = 1) -> list[str]:
        return [str(BINARY), work, str(path), str(threads)]

    checkpoint, small, folder = paths["checkpoint"], paths["small"], paths["hugging_face"]
    rows: list[tuple[str, str, str, list[str] | None, list[str]]] = []
    for name in ("picklescan", "modelscan", "modelaudit"):
        what = "scan a torch checkpoint of 1 GiB, structure"
        rows.append((what, name, "50 ms, 32 MiB", peer(name, checkpoint), ours("scan-structure", checkpoint)))
    rows.append(("the same with its contents", "–", "1 GB/s", None, ours("scan", checkpoint)))
    for name in ("picklescan", "modelscan", "modelaudit"):
        rows.append(("scan 1,000 small models, one thread", name, "–", peer(name, small), ours("scan", small)))
    rows += [
        ("the same on two threads", "–", "–", None, ours("scan", small, 2)),
        (
            "describe a safetensors file of 10 GB",
            "`safe_open`",
            "ms",
            peer("safetensors", paths["safetensors"]),
            ours("describe", paths["safetensors"]),
        ),
        (
            "describe a GGUF file of 2 GB",
            "`GGUFReader`",
            "ms",
            peer("gguf", paths["gguf"]),
            ours("describe", paths["gguf"]),
        ),
        ("describe a Hugging Face folder", "hf-mem's parser", "–", peer("hf_mem", folder), ours("describe", folder)),
        ("describe a Hugging Face folder", "`AutoConfig`", "–", peer("auto_config", folder), ours("describe", folder)),
    ]
    # the slowest peer takes most of a minute for the small models
    slow = {"scan 1,000 small models, one thread": {"modelaudit": 1}}
    return [
        pair(what, name, goal, slow.get(what, {}).get(name, runs), theirs, mine)
        for what, name, goal, theirs, mine in rows
    ]


def write_figures(document: Path, section: str, figures: str) -> None:
    """Puts a table between its marks."""
    start, end = f"<!-- {section}: written by make bench -->\n", f"<!-- end of {section} -->"
    before, rest = document.read_text().split(start)
    document.write_text(f"{before}{start}{figures}\n{end}{rest.split(end, 1)[1]}")


if __name__ == "__main__":
    main()
