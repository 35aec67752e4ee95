"""What checking, inferring and simplifying a graph found, as Python objects."""

from __future__ import annotations

from modelium import _tables
from modelium._report import Report, TableReport
from modelium.errors import MalformedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from modelium._types import Document, Row


class Simplified(TableReport):
    """What simplification did: the model before and after, and every rewrite on the way."""

    _header = ("operator", "before", "after")

    def __init__(self, path: str, document: Document) -> None:
        super().__init__(document)
        self._path = path

    @property
    def path(self) -> str:
        """The file that was written."""
        return self._path

    @property
    def before(self) -> Document:
        """How much there was: nodes, operators, bytes."""
        before: Document = self._document["before"]
        return before

    @property
    def after(self) -> Document:
        """How much there is."""
        after: Document = self._document["after"]
        return after

    @property
    def rewrites(self) -> list[Document]:
        """Every change in order: the pass, what went, what came."""
        rewrites: list[Document] = self._document["rewrites"]
        return rewrites

    def explain(self) -> str:
        """Every rewrite on a line."""
        lines = []
        for rewrite in self.rewrites:
            graph = f" in {rewrite['graph']}" if rewrite.get("graph") else ""
            went, came = _some(rewrite["removed"]), _some(rewrite.get("added", []))
            lines.append(f"{rewrite['pass']}{graph}: {went or 'nothing'}{f' → {came}' if came else ''}")
        return "\n".join(lines) or "nothing to simplify"

    def _sum(self) -> str:
        return f"{self.before['nodes']} → {self.after['nodes']} nodes"

    def __str__(self) -> str:
        seconds = self._document["seconds"]
        total = sum(seconds.values())
        times = ", ".join(f"{name} {_time(value)}" for name, value in seconds.items())
        return f"{super().__str__()}\n\n{_time(total)}: {times}; {len(self.rewrites)} rewrites → {self._path}"

    def _rows(self) -> Iterable[Row]:
        before, after = self.before["operators"], self.after["operators"]
        rows: list[tuple[str, object, object]] = [
            (operator, before.get(operator), after.get(operator)) for operator in sorted({*before, *after})
        ]
        rows.append(("nodes", self.before["nodes"], self.after["nodes"]))
        rows.append(("bytes", _tables.size(self.before["bytes"]), _tables.size(self.after["bytes"])))
        return rows


class CheckReport(Report):
    """Whether a model is valid, and if not, why."""

    def __init__(self, path: str, document: Document) -> None:
        super().__init__(document)
        self._path = path

    @property
    def valid(self) -> bool:
        """True if nothing is wrong."""
        valid: bool = self._document["valid"]
        return valid

    @property
    def fault(self) -> Document | None:
        """What is wrong, and where."""
        fault: Document | None = self._document.get("fault")
        return fault

    def check(self) -> CheckReport:
        """Raises :class:`~modelium.errors.MalformedError` unless the model is valid; returns itself."""
        if self.fault is not None:
            raise MalformedError(self._reason())
        return self

    def _reason(self) -> str:
        fault = self.fault or {}
        item = fault.get("location", {}).get("item")
        return f"{item}: {fault.get('message')}" if item else str(fault.get("message"))

    def __bool__(self) -> bool:
        return self.valid

    def _sum(self) -> str:
        return "valid" if self.valid else "invalid"

    def __str__(self) -> str:
        size = self._document["size"]
        opsets = ", ".join(f"{domain} {version}" for domain, version in self._document["opsets"].items())
        head = f"{self._path}: {size['nodes']} nodes, {opsets or 'no operator sets'}"
        return f"{head}: {self._sum()}" if self.valid else f"{head}: {self._sum()}\n  {self._reason()}"


class InferReport(TableReport):
    """The types of all values between."""

    _header = ("value", "operator", "type")

    @property
    def types(self) -> dict[str, str]:
        """For each value that a node computes, its type: ``float32[batch, 128]``."""
        return {value["name"]: value["type"] for value in self._document["values"]}

    @property
    def faults(self) -> list[str]:
        """What does not fit together."""
        faults: list[str] = self._document["faults"]
        return faults

    def __str__(self) -> str:
        return "\n".join([super().__str__(), "", self._sum(), *[f"  {fault}" for fault in self.faults]])

    def _title(self) -> str:
        return self._sum()

    def _rows(self) -> Iterable[Row]:
        return [(value["name"], value["op"], value["type"]) for value in self._document["values"]]

    def _sum(self) -> str:
        known, count = self._document["known"], len(self._document["values"])
        return f"the shapes of {known} of {count} values are known, {len(self.faults)} faults"


def _some(names: list[str], most: int = 6) -> str:
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest


def _time(seconds: float) -> str:
    return f"{seconds * 1e3:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"
