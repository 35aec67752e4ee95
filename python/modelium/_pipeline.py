"""The journey from a stored model to a served one, as Python objects over the native library."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence

from modelium import _native, _tables
from modelium._graph import CheckReport, InferReport, LayerReport, Simplified
from modelium._progress import Bar, Callback, Listener
from modelium._scan import ScanDiff, ScanReport
from modelium.errors import InvalidArgumentError, MismatchError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    Document = dict[str, Any]
else:
    Document = dict

StrPath = str | os.PathLike[str]
#: A range of one dimension: a number, or the least and the most.
Range = int | tuple[int, int]
#: ``True`` draws a bar on stderr; a function is called with stage, done and total.
Progress = bool | Callback | None


def _package_folders() -> list[str]:
    """The folders that hold the package ``onnxruntime``, found without importing it."""
    from importlib.util import find_spec

    spec = find_spec("onnxruntime")
    return [os.path.dirname(folder) for folder in (spec.submodule_search_locations or [])] if spec else []


def _listener(progress: Progress) -> Bar | Listener:
    if progress is True:
        return Bar()
    return Listener(progress or None)


def _range(value: Range) -> Document:
    least, most = (value, value) if isinstance(value, int) else value
    return {"min": least, "max": most}


def _scan_options(depth: str, digests: bool, policy: Mapping[str, Any] | None) -> Document:
    return {"depth": depth, "digests": digests, "policy": dict(policy or {})}


def _comparison(samples: StrPath | None, seed: int, **wishes: float | None) -> Document:
    options: Document = {"seed": seed, **{key: value for key, value in wishes.items() if value is not None}}
    return options if samples is None else {**options, "samples": os.fspath(samples)}


class Pipeline:
    """What there is to work with: runtimes, validators, deployers and limits. Reusable and thread-safe.

    The functions of this module use one with the defaults. Make your own to pass in Python objects: a *runtime* has
    ``name``, ``version()`` and ``load(path)``; a *validator* has ``review(plan, model)`` and returns findings; a
    *deployer* has ``target``, ``render(request, folder)``, ``apply(rendered)`` and ``health(deployment)``. With
    ``runs=False`` ONNX Runtime is not looked for: it starts at once, and cannot run models.
    """

    def __init__(
        self,
        *,
        onnxruntime: StrPath | None = None,
        runtimes: Sequence[Any] = (),
        validators: Sequence[Any] = (),
        deployers: Sequence[Any] = (),
        limits: Mapping[str, Any] | None = None,
        policy: Mapping[str, Any] | None = None,
        worker: Sequence[str] | None = None,
        runs: bool = True,
    ) -> None:
        library = None if onnxruntime is None else os.fspath(onnxruntime)
        program = list(worker) if worker else [sys.executable, "-m", "modelium._worker"]
        # objects of this process cannot run in another one
        self._isolation = "in_process" if runtimes or deployers else "worker"
        self._engine = _native.Engine(
            runs=runs,
            onnxruntime=library,
            packages=_package_folders() if runs else [],
            runtimes=list(runtimes),
            validators=list(validators),
            deployers=list(deployers),
            limits=None if limits is None else dict(limits),
            policy=None if policy is None else dict(policy),
            worker=program if library is None else [*program, "--onnxruntime", library],
        )

    def open(self, path: StrPath, *, progress: Progress = None) -> Model:
        """Opens a model file or folder and describes it. Weights are not read, and nothing of it is executed."""
        with _listener(progress) as callback:
            return Model(self, self._engine.open(os.fspath(path), callback))

    def compare(
        self,
        original: StrPath,
        result: StrPath,
        *,
        samples: StrPath | None = None,
        absolute: float | None = None,
        relative: float | None = None,
        cosine: float | None = None,
        seed: int = 0,
        progress: Progress = None,
    ) -> ParityReport:
        """Runs both models on the same inputs and says how far their outputs are apart."""
        options = _comparison(samples, seed, absolute=absolute, relative=relative, cosine=cosine)
        with _listener(progress) as callback:
            report = self._engine.compare(os.fspath(original), os.fspath(result), options, callback)
        return ParityReport(report)

    def compare_layers(
        self,
        original: StrPath,
        result: StrPath,
        *,
        samples: StrPath | None = None,
        absolute: float | None = None,
        relative: float | None = None,
        seed: int = 0,
        progress: Progress = None,
    ) -> LayerReport:
        """Runs two ONNX models on the same input; where an output differs, finds the first node that does.

        It bisects: each probe runs a part of both models and holds the values of one line through them.
        """
        options = _comparison(samples, seed, absolute=absolute, relative=relative)
        with _listener(progress) as callback:
            return LayerReport(*self._engine.compare_layers(os.fspath(original), os.fspath(result), options, callback))

    def scan(
        self,
        *paths: StrPath,
        depth: str = "content",
        digests: bool = False,
        policy: Mapping[str, Any] | None = None,
        progress: Progress = None,
    ) -> ScanReport:
        """Looks for what must not be in models; nothing is executed. A path is a file, or a folder with all below it.

        ``depth="structure"`` leaves the raw bytes of weights unread. ``policy`` accepts findings by rule and digest,
        with a reason: ``schemas/scan_options.json``.
        """
        names = [os.fspath(path) for path in paths]
        options = _scan_options(depth, digests, policy)
        with _listener(progress) as callback:
            return ScanReport(self, names, self._engine.scan(names, options, callback))

    def scan_diff(
        self,
        old: StrPath,
        new: StrPath,
        *,
        depth: str = "content",
        policy: Mapping[str, Any] | None = None,
        progress: Progress = None,
    ) -> ScanDiff:
        """What the model at ``new`` does that the one at ``old`` does not."""
        options = _scan_options(depth, False, policy)
        with _listener(progress) as callback:
            return ScanDiff(self._engine.scan_diff(os.fspath(old), os.fspath(new), options, callback))

    def convert(
        self,
        path: StrPath,
        out: StrPath | None = None,
        *,
        to: str = "safetensors",
        replace: bool = False,
        progress: Progress = None,
    ) -> Document:
        """Takes the tensors out of a checkpoint without running it; ``out`` appears only when it is complete.

        Names and tied weights are kept, and each tensor has the bytes that the framework would have loaded. Nothing is
        taken from a file that does not scan clean: :class:`~modelium.errors.UnsafeContentError` names the call. By
        default ``out`` lies beside the checkpoint, with the ending of the format.
        """
        if to != "safetensors":
            raise InvalidArgumentError(f"cannot convert to '{to}'; there is 'safetensors'")
        source = os.fspath(path)
        target = os.fspath(out) if out is not None else os.path.splitext(source)[0] + ".safetensors"
        with _listener(progress) as callback:
            document = self._engine.extract_tensors(source, target, replace, callback)
        return {**document, "path": target}

    def simplify(
        self,
        model: StrPath | Model,
        out: StrPath,
        *,
        level: str = "portable",
        without: Sequence[str] = (),
        growth_bytes: int = 0,
        replace: bool = False,
        progress: Progress = None,
    ) -> Simplified:
        """Makes a model smaller that computes the same, and writes it as ONNX to ``out``.

        ``level="portable"`` uses the standard operators of the model's own operator set, ``"onnxruntime"`` those of
        ONNX Runtime too. ``without`` names passes that must not run, ``growth_bytes`` allows folded constants to make
        the file larger. Dynamic dimensions stay dynamic; ``out`` appears only when it is complete.
        """
        options = {"level": level, "without": list(without), "growth_bytes": growth_bytes, "replace": replace}
        target = os.fspath(out)
        with _listener(progress) as callback:
            return Simplified(target, self._engine.simplify(_path_of(model), target, options, callback))

    def check(self, model: StrPath | Model, *, full: bool = True, progress: Progress = None) -> CheckReport:
        """Whether a model is what the specification demands; ``full`` holds its types and shapes against it too."""
        source = _path_of(model)
        with _listener(progress) as callback:
            return CheckReport(source, self._engine.check(source, full, callback))

    def infer(
        self,
        model: StrPath | Model,
        out: StrPath | None = None,
        *,
        dims: Mapping[str, int] | None = None,
        replace: bool = False,
        progress: Progress = None,
    ) -> InferReport:
        """The types of all values between, symbols included; ``dims`` gives numbers to symbols.

        With ``out``, the model is written there with them.
        """
        target = os.fspath(out) if out is not None else None
        with _listener(progress) as callback:
            return InferReport(self._engine.infer(_path_of(model), target, dict(dims or {}), replace, callback))

    def upgrade(
        self,
        model: StrPath | Model,
        out: StrPath,
        *,
        opset: int,
        replace: bool = False,
        progress: Progress = None,
    ) -> Document:
        """Writes a model in another version of the standard operator set, up or down, so that it computes the same.

        Where a node has no equivalent, :class:`~modelium.errors.UnsupportedError` names each, and nothing is written.
        Returns the versions and the nodes that had to change (``schemas/upgraded.json``).
        """
        target = os.fspath(out)
        with _listener(progress) as callback:
            return {**self._engine.upgrade(_path_of(model), target, opset, replace, callback), "path": target}

    def deploy(
        self,
        folder: StrPath,
        to: StrPath,
        *,
        server: str | None = None,
        keep_versions: int | None = None,
        wait_seconds: float = 60.0,
        progress: Progress = None,
    ) -> Deployment:
        """Publishes a model repository's models into another, and has the server at ``server`` load them."""
        if keep_versions is not None and keep_versions < 1:
            raise InvalidArgumentError(f"keep_versions is {keep_versions}; it counts from 1")
        with _listener(progress) as callback:
            document = self._engine.deploy(
                os.fspath(folder), os.fspath(to), server, keep_versions, wait_seconds, callback
            )
        return Deployment(self, document)

    def lint(self, repository: StrPath, *, progress: Progress = None) -> list[Document]:
        """Every disagreement between a Triton model repository's configs and its models, with line and remedy."""
        with _listener(progress) as callback:
            findings: list[Document] = self._engine.lint(os.fspath(repository), callback)
        return findings

    def health(self, server: str, model: str | None = None) -> Document:
        """How a server is, per model and version; where it is not ready, why."""
        document: Document = self._engine.health(server, model)
        return document

    def formats(self) -> Document:
        """The formats, passes, runtimes and targets that this pipeline knows."""
        document: Document = self._engine.formats()
        return document


def _path_of(model: StrPath | Model) -> str:
    return model.path if isinstance(model, Model) else os.fspath(model)


class Model:
    """A model that was opened: what it is, and what can be made of it."""

    def __init__(self, pipeline: Pipeline, handle: _native.Opened) -> None:
        self._pipeline = pipeline
        self._handle = handle
        self._descriptor: Document = handle.descriptor()

    @property
    def descriptor(self) -> Document:
        """All that analysis found out; ``schemas/model_descriptor.json`` is its schema."""
        return self._descriptor

    @property
    def path(self) -> str:
        """The path as it was given."""
        name: str = self._descriptor["name"]
        return name

    @property
    def format(self) -> str:
        """The format it is stored in."""
        name: str = self._descriptor["format"]
        return name

    @property
    def inputs(self) -> list[Document]:
        """What a caller supplies: name, type, dtype and shape of each input."""
        ports: list[Document] = self._descriptor["inputs"]
        return ports

    @property
    def outputs(self) -> list[Document]:
        """What it computes: name, type, dtype and shape of each output."""
        ports: list[Document] = self._descriptor["outputs"]
        return ports

    @property
    def operators(self) -> dict[str, int]:
        """How often each operator occurs."""
        histogram: dict[str, int] = self._descriptor["operators"]
        return histogram

    @property
    def parameters(self) -> int:
        """Elements of all weights; shared ones count once."""
        count: int = self._descriptor["parameters"]
        return count

    @property
    def findings(self) -> list[Document]:
        """What a person should know, danger included: what acts in the files was looked for on opening."""
        findings: list[Document] = self._descriptor["findings"]
        return findings

    @property
    def tensors(self) -> list[Document]:
        """Every stored tensor: name, dtype, shape, file and byte range."""
        tensors: list[Document] = self._descriptor.get("tensors", [])
        return tensors

    @property
    def layers(self) -> list[Document]:
        """Layers, or the modules of a weight format: name, kind, parameters, bytes."""
        layers: list[Document] = self._descriptor.get("layers", [])
        return layers

    @property
    def tokenizer(self) -> Document | None:
        """The tokenizer that comes with it, as its files describe it; None if there is none."""
        tokenizer: Document | None = self._descriptor.get("tokenizer")
        return tokenizer

    @property
    def license(self) -> Document | None:
        """SPDX identifiers with their evidence; None if no file names a licence."""
        licence: Document | None = self._descriptor.get("license")
        return licence

    @property
    def resources(self) -> dict[str, Document]:
        """What it takes to hold and to serve it; each figure with its method and, unless exact, its interval."""
        figures: dict[str, Document] = self._descriptor.get("resources", {})
        return figures

    def scan(self, *, depth: str = "content", progress: Progress = None) -> ScanReport:
        """Looks for what must not be in its files."""
        return self._pipeline.scan(self.path, depth=depth, progress=progress)

    def costs(self, **bindings: int) -> Document:
        """Multiply-accumulates and the activation peak at the given numbers for symbolic dimensions."""
        document: Document = self._pipeline._engine.costs(self._handle, bindings)
        return document

    def plan(
        self,
        *,
        target: str = "files",
        precision: str = "keep",
        objective: str = "latency",
        name: str | None = None,
        samples: StrPath | None = None,
        batch: Range | None = None,
        dims: Mapping[str, Range] | None = None,
        max_memory: int | None = None,
        max_size: int | None = None,
        max_seconds: int | None = None,
        tolerance: Mapping[str, float] | None = None,
        license: Mapping[str, Any] | None = None,
        allow_unproven: bool = False,
        progress: Progress = None,
    ) -> Plan:
        """Plans the way to what is wanted. Nothing runs.

        ``license`` lists SPDX identifiers that the model must come under, or must not: ``{"allow": ["Apache-2.0"]}``.

        Raises :class:`~modelium.errors.NoRouteError` if nothing leads there; its notes say what was looked at.
        """
        constraints: Document = {"allow_unproven": allow_unproven}
        for key, value in {
            "max_memory_bytes": max_memory,
            "max_size_bytes": max_size,
            "max_seconds": max_seconds,
            "tolerance": dict(tolerance) if tolerance else None,
            "license": dict(license) if license else None,
        }.items():
            if value is not None:
                constraints[key] = value
        workload: Document = {"dims": {symbol: _range(span) for symbol, span in (dims or {}).items()}}
        if batch is not None:
            workload["batch"] = _range(batch)
        requirements: Document = {
            "target": target,
            "precision": precision,
            "objective": objective,
            "constraints": constraints,
            "workload": workload,
        }
        if name is not None:
            requirements["name"] = name
        with _listener(progress) as callback:
            outcome = self._pipeline._engine.plan(
                self._handle, requirements, None if samples is None else os.fspath(samples), callback
            )
        return Plan(self._pipeline, self._handle, outcome)

    def __repr__(self) -> str:
        return f"<modelium.Model {self.path!r}: {self.format}, {_tables.quantity(self.parameters)} parameters>"

    def __str__(self) -> str:
        return _tables.text(("", ""), self._rows()).lstrip("\n")

    def _repr_html_(self) -> str:
        return _tables.html(self.path, ("fact", "value"), self._rows())

    def _rows(self) -> list[tuple[str, object]]:
        found = self._descriptor
        opsets = ", ".join(f"{domain or 'ai.onnx'} {version}" for domain, version in found["opsets"].items())
        weights = {**found["weight_bytes"], **found.get("encoded_bytes", {})}
        costs = found["costs"]
        bindings = ", ".join(f"{symbol}={number}" for symbol, number in costs["bindings"].items())
        operators = sorted(self.operators.items(), key=lambda item: (-item[1], item[0]))
        rows: list[tuple[str, object]] = [
            ("format", " ".join(filter(None, (self.format, found.get("format_version"))))),
            ("framework", _named(found.get("framework"))),
            ("architecture", found.get("architecture")),
            ("task", found.get("task")),
            ("producer", _named(found.get("producer"))),
            ("opsets", opsets or None),
            *[("input", f"{port['name']}: {port['type']}") for port in self.inputs],
            *[("output", f"{port['name']}: {port['type']}") for port in self.outputs],
            ("nodes", found["nodes"] or None),
            ("operators", ", ".join(f"{name} {count}" for name, count in operators[:12]) or None),
            ("layers", len(self.layers) or None),
            ("tensors", len(self.tensors) or None),
            ("parameters", f"{self.parameters:,}"),
            ("weights", ", ".join(f"{dtype} {_tables.size(count)}" for dtype, count in weights.items()) or None),
            *[(name.replace("_", " "), _figure(name, figure)) for name, figure in self.resources.items()],
            ("tokenizer", _tokenizer(self.tokenizer)),
            ("licence", ", ".join((self.license or {}).get("spdx", [])) or None),
            *[("component", _component(part)) for part in found.get("components", [])],
            ("needs", ", ".join(found.get("dependencies", [])) or None),
            ("tags", ", ".join(found.get("tags", [])) or None),
            ("at", bindings or None),
            ("MACs", None if costs.get("macs") is None else _tables.quantity(costs["macs"])),
            (
                "activation peak",
                None if costs.get("activation_peak_bytes") is None else _tables.size(costs["activation_peak_bytes"]),
            ),
            ("files", ", ".join(f"{file['name']} ({_tables.size(file['bytes'])})" for file in found["files"])),
            *[(f"{finding['severity']}", f"{finding['message']} [{finding['code']}]") for finding in self.findings],
        ]
        return [row for row in rows if row[1] is not None]


def _named(tool: Document | None) -> str | None:
    return " ".join(filter(None, (tool.get("name"), tool.get("version")))) if tool else None


def _figure(name: str, figure: Document) -> str:
    show = _tables.size if "bytes" in name else lambda count: f"{count:,}"
    at = ", ".join(f"{symbol}={number}" for symbol, number in figure.get("at", {}).items())
    span = ""
    if figure.get("low") is not None and figure.get("high") is not None:
        span = f", {show(figure['low'])} to {show(figure['high'])}"
    return f"{show(figure['value'])} ({figure['method']}{span}{f'; {at}' if at else ''})"


def _tokenizer(found: Document | None) -> str | None:
    if found is None:
        return None
    vocabulary = f", {found['vocabulary']:,} entries" if found.get("vocabulary") is not None else ""
    return f"{found['kind']}{vocabulary}"


def _component(part: Document) -> str:
    facts = ", ".join(filter(None, (part.get("library"), part.get("architecture"), part.get("format"))))
    return f"{part['name']}: {facts}" if facts else str(part["name"])


class Plan:
    """A typed recipe. It holds operations from a closed list, and no commands; nothing ran yet."""

    def __init__(self, pipeline: Pipeline, handle: _native.Opened, outcome: Document) -> None:
        self._pipeline = pipeline
        self._handle = handle
        self._outcome = outcome

    @property
    def document(self) -> Document:
        """The plan itself; ``schemas/conversion_plan.json`` is its schema."""
        plan: Document = self._outcome["plan"]
        return plan

    @property
    def outcome(self) -> Document:
        """The plan with its alternatives, what was rejected and why, and how the decision was reached."""
        return self._outcome

    @property
    def steps(self) -> list[Document]:
        """The steps, in an order in which they can run."""
        steps: list[Document] = self.document["steps"]
        return steps

    @property
    def rejected(self) -> list[Document]:
        """Ways that would not work, and why."""
        rejected: list[Document] = self._outcome["rejected"]
        return rejected

    def explain(self) -> str:
        """What would be done, what it should take, and what was rejected, as text."""
        return self._pipeline._engine.explain(self._outcome)

    def to_json(self) -> str:
        """The canonical bytes: the same model, wishes and machine give the same."""
        return self._pipeline._engine.plan_json(self.document)

    def run(
        self,
        out: StrPath,
        *,
        replace: bool = False,
        isolation: str | None = None,
        workspace: StrPath | None = None,
        progress: Progress = None,
    ) -> Execution:
        """Runs the plan; ``out`` appears only when everything is done and in parity.

        ``isolation`` is ``"worker"`` (a child process with limits on time and memory, the default) or
        ``"in_process"`` (the default where the pipeline holds runtimes or deployers in Python). A ``workspace`` that is
        kept lets an interrupted run resume from the steps it finished.
        """
        options: Document = {"replace": replace, "isolation": isolation or self._pipeline._isolation}
        if workspace is not None:
            options["workspace"] = os.fspath(workspace)
        with _listener(progress) as callback:
            document = self._pipeline._engine.run(self._handle, self.document, os.fspath(out), options, callback)
        from pathlib import Path

        return Execution(self._pipeline, Path(os.fspath(out)), document)

    def __repr__(self) -> str:
        return f"<modelium.Plan: {self.document['decision']['summary']}>"

    def __str__(self) -> str:
        return self.explain()

    def _repr_html_(self) -> str:
        rows = [
            (
                step["id"],
                step["operation"]["op"],
                ", ".join(step["needs"]) or None,
                _span(step["expect"]["bytes_out"], _tables.size),
                _span(step["expect"]["peak_bytes"], _tables.size),
                _span(step["expect"]["seconds"], lambda seconds: f"{seconds:.3g} s"),
                step["on_failure"]["then"],
            )
            for step in self.steps
        ]
        header = ("step", "operation", "needs", "writes", "peak memory", "time", "on failure")
        table = _tables.html(self.document["decision"]["summary"], header, rows)
        if self.rejected:
            refused = [(one["what"], one["reason"]) for one in self.rejected]
            table += _tables.html("rejected", ("what", "why"), refused)
        return table


def _span(interval: Document, form: Any) -> str:
    low, high = form(interval["low"]), form(interval["high"])
    return str(low) if low == high else f"{low} – {high}"


class Execution:
    """A plan that ran: what it wrote, how long it took, and the proof."""

    def __init__(self, pipeline: Pipeline, path: Path, document: Document) -> None:
        self._pipeline = pipeline
        self._path = path
        self._document = document

    @property
    def path(self) -> Path:
        """The folder that appeared."""
        return self._path

    @property
    def document(self) -> Document:
        """The whole record; ``schemas/execution.json`` is its schema."""
        return self._document

    @property
    def steps(self) -> list[Document]:
        """What each step took and did."""
        steps: list[Document] = self._document["steps"]
        return steps

    @property
    def parity(self) -> ParityReport | None:
        """The proof that the result computes the same; None if the plan went on without one."""
        for step in self.steps:
            if step.get("parity"):
                return ParityReport(step["parity"])
        return None

    @property
    def files(self) -> list[Path]:
        """Every file of the result."""
        return sorted(path for path in self._path.rglob("*") if path.is_file())

    def deploy(
        self,
        to: StrPath,
        *,
        server: str | None = None,
        keep_versions: int | None = None,
        wait_seconds: float = 60.0,
        progress: Progress = None,
    ) -> Deployment:
        """Publishes the result into a model repository as the next version; the server at ``server`` loads it."""
        return self._pipeline.deploy(
            self._path, to, server=server, keep_versions=keep_versions, wait_seconds=wait_seconds, progress=progress
        )

    def tree(self) -> str:
        """What was written, as a tree."""
        lines = [f"{self._path}/"]
        _branch(self._path, "", lines)
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<modelium.Execution {str(self._path)!r}: {self._document['status']}>"

    def __str__(self) -> str:
        return _tables.text(self._header, self._rows())

    _header = ("step", "operation", "time", "peak memory", "in", "out", "result")

    def _repr_html_(self) -> str:
        table = _tables.html(str(self._path), self._header, self._rows())
        return table + (self.parity._repr_html_() if self.parity else "")

    def _rows(self) -> list[tuple[object, ...]]:
        return [
            (
                step["id"],
                step["operation"],
                f"{step['wall_seconds']:.3f} s",
                None if step.get("peak_bytes") is None else _tables.size(step["peak_bytes"]),
                _tables.size(step["bytes_in"]),
                _tables.size(step["bytes_out"]),
                step["status"],
            )
            for step in self.steps
        ]


def _branch(folder: Path, indent: str, lines: list[str]) -> None:
    items = sorted(folder.iterdir(), key=lambda path: (path.is_file(), path.name))
    for index, item in enumerate(items):
        last = index == len(items) - 1
        detail = f"  {_tables.size(item.stat().st_size)}" if item.is_file() else "/"
        lines.append(f"{indent}{'└── ' if last else '├── '}{item.name}{detail}")
        if item.is_dir():
            _branch(item, indent + ("    " if last else "│   "), lines)


class ParityReport:
    """How far two models' outputs are apart, per sample and output."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @property
    def document(self) -> Document:
        """The whole report; ``schemas/parity_report.json`` is its schema."""
        return self._document

    @property
    def passed(self) -> bool:
        """Every output of every sample lies within the tolerance."""
        passed: bool = self._document["passed"]
        return passed

    def check(self) -> ParityReport:
        """Raises :class:`~modelium.errors.MismatchError` unless it passed; returns itself."""
        if not self.passed:
            failed = sorted(
                {
                    output["name"]
                    for sample in self._document["samples"]
                    for output in sample["outputs"]
                    if not output["passed"]
                }
            )
            raise MismatchError(f"outputs differ: {', '.join(failed)}")
        return self

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        return f"<modelium.ParityReport: {'in parity' if self.passed else 'MISMATCH'}>"

    def __str__(self) -> str:
        return _tables.text(self._header, self._rows())

    _header = ("sample", "output", "max absolute", "max relative", "cosine", "within tolerance")

    def _repr_html_(self) -> str:
        return _tables.html("parity", self._header, self._rows())

    def _rows(self) -> Iterable[tuple[object, ...]]:
        for sample in self._document["samples"]:
            for output in sample["outputs"]:
                yield (
                    _sample(sample),
                    output["name"],
                    output.get("max_absolute"),
                    output.get("max_relative"),
                    output.get("cosine"),
                    output["passed"],
                )


def _sample(sample: Document) -> str:
    """A sample as people call it: its bindings, or whose it is."""
    if sample["source"] == "own":
        return f"own samples, {sample['rows']} rows"
    return ", ".join(f"{symbol}={number}" for symbol, number in sample["binding"].items()) or "generated"


class Deployment:
    """Something that was published, and perhaps loaded by a server."""

    def __init__(self, pipeline: Pipeline, document: Document) -> None:
        self._pipeline = pipeline
        self._document = document

    @property
    def document(self) -> Document:
        """Target, name, version, folder and server."""
        return self._document

    @property
    def name(self) -> str:
        """The name it is served under."""
        name: str = self._document["name"]
        return name

    @property
    def version(self) -> int:
        """The version it got."""
        version: int = self._document["version"]
        return version

    def health(self) -> Document:
        """How it is now; where it is not ready, why."""
        document: Document = self._pipeline._engine.deployment_health(self._document)
        return document

    def rollback(self, *, wait_seconds: float = 60.0) -> Deployment:
        """Takes this version back, so that the one before it is served again."""
        return Deployment(self._pipeline, self._pipeline._engine.rollback(self._document, wait_seconds))

    def __repr__(self) -> str:
        return f"<modelium.Deployment {self.name!r} version {self.version} in {self._document['root']!r}>"


def open(path: StrPath, *, progress: Progress = None) -> Model:  # the name is the habit: ml.open
    """Opens a model file or folder and describes it. Weights are not read, and nothing of it is executed."""
    return Pipeline().open(path, progress=progress)


def compare(original: StrPath, result: StrPath, **options: Any) -> ParityReport:
    """Runs both models on the same inputs and says how far their outputs are apart; see :meth:`Pipeline.compare`."""
    return Pipeline().compare(original, result, **options)


def compare_layers(original: StrPath, result: StrPath, **options: Any) -> LayerReport:
    """Finds the first node at which two models part; see :meth:`Pipeline.compare_layers`."""
    return Pipeline().compare_layers(original, result, **options)


def scan(
    *paths: StrPath,
    depth: str = "content",
    digests: bool = False,
    policy: Mapping[str, Any] | None = None,
    progress: Progress = None,
) -> ScanReport:
    """Looks for what must not be in a model; nothing is executed."""
    return Pipeline().scan(*paths, depth=depth, digests=digests, policy=policy, progress=progress)


def convert(path: StrPath, out: StrPath | None = None, **options: Any) -> Document:
    """Takes the tensors out of a checkpoint without running it; see :meth:`Pipeline.convert`."""
    return Pipeline().convert(path, out, **options)


def scan_diff(old: StrPath, new: StrPath, **options: Any) -> ScanDiff:
    """What the model at ``new`` does that the one at ``old`` does not; see :meth:`Pipeline.scan_diff`."""
    return Pipeline().scan_diff(old, new, **options)


def simplify(model: StrPath | Model, out: StrPath, **options: Any) -> Simplified:
    """Makes a model smaller that computes the same, and writes it to ``out``; see :meth:`Pipeline.simplify`."""
    return Pipeline(runs=False).simplify(model, out, **options)


def check(model: StrPath | Model, **options: Any) -> CheckReport:
    """Whether a model is what the specification demands; see :meth:`Pipeline.check`."""
    return Pipeline(runs=False).check(model, **options)


def infer(model: StrPath | Model, out: StrPath | None = None, **options: Any) -> InferReport:
    """The types of all values between; see :meth:`Pipeline.infer`."""
    return Pipeline(runs=False).infer(model, out, **options)


def upgrade(model: StrPath | Model, out: StrPath, *, opset: int, **options: Any) -> Document:
    """Writes a model in another version of the standard operator set; see :meth:`Pipeline.upgrade`."""
    return Pipeline(runs=False).upgrade(model, out, opset=opset, **options)


def deploy(folder: StrPath, to: StrPath, **options: Any) -> Deployment:
    """Publishes a rendered model repository into another; see :meth:`Pipeline.deploy`."""
    return Pipeline().deploy(folder, to, **options)


def lint(repository: StrPath) -> list[Document]:
    """Every disagreement between a Triton model repository's configs and its models, with line and remedy."""
    return Pipeline().lint(repository)


def health(server: str, model: str | None = None) -> Document:
    """How a server is, per model and version; where it is not ready, why."""
    return Pipeline().health(server, model)


def formats() -> Document:
    """The formats, passes, runtimes and targets there are."""
    return Pipeline().formats()
