"""A model that was opened: the facts of its descriptor, and the table that shows them."""

from __future__ import annotations

import os

from modelium import _tables
from modelium._progress import listener

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from modelium._native import Opened
    from modelium._pipeline import Pipeline
    from modelium._plan import Plan
    from modelium._scan import ScanReport
    from modelium._types import Document, Progress, Range, StrPath


class Model:
    """A model that was opened: what it is, and what can be made of it."""

    def __init__(self, pipeline: Pipeline, handle: Opened) -> None:
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
        with listener(progress) as callback:
            outcome = self._pipeline._engine.plan(
                self._handle, requirements, None if samples is None else os.fspath(samples), callback
            )
        from modelium._plan import Plan

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


def _range(value: Range) -> Document:
    least, most = (value, value) if isinstance(value, int) else value
    return {"min": least, "max": most}
