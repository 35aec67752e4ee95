"""How far two models are apart: by their outputs, and by the first node that differs."""

from __future__ import annotations

from modelium._report import TableReport
from modelium.errors import MismatchError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from modelium._types import Document, Row


class ParityReport(TableReport):
    """How far two models' outputs are apart, per sample and output."""

    _header = ("sample", "output", "max absolute", "max relative", "cosine", "within tolerance")

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

    def _sum(self) -> str:
        return "in parity" if self.passed else "MISMATCH"

    def _title(self) -> str:
        return "parity"

    def _rows(self) -> Iterable[Row]:
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


class LayerReport(TableReport):
    """Which outputs of two models differ, and the first node that does."""

    _header = ("output", "max absolute", "max relative", "within tolerance")

    def __init__(self, document: Document, text: str) -> None:
        super().__init__(document)
        self._text = text

    @property
    def passed(self) -> bool:
        """Every output lies within the tolerance."""
        passed: bool = self._document["passed"]
        return passed

    @property
    def first(self) -> Document | None:
        """The first node that differs, with what it reads; ``None`` where all outputs are equal."""
        first: Document | None = self._document.get("first")
        return first

    def __bool__(self) -> bool:
        return self.passed

    def _sum(self) -> str:
        node = (self.first or {}).get("node", {})
        where = f": first at {node.get('name') or node.get('op')}" if node else ""
        return f"{'equal' if self.passed else 'different'}{where}"

    def __str__(self) -> str:
        return self._text

    def _rows(self) -> Iterable[Row]:
        return [
            (output["name"], output.get("max_absolute"), output.get("max_relative"), output["passed"])
            for output in self._document["outputs"]
        ]
