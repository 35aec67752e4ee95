"""A plan that ran: its record, its files and its proof."""

from __future__ import annotations

from modelium import _tables
from modelium._compare import ParityReport
from modelium._report import TableReport

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from modelium._deployment import Deployment
    from modelium._pipeline import Pipeline
    from modelium._types import Document, Progress, Row, StrPath


class Execution(TableReport):
    """A plan that ran: what it wrote, how long it took, and the proof."""

    _header = ("step", "operation", "time", "peak memory", "in", "out", "result")

    def __init__(self, pipeline: Pipeline, path: Path, document: Document) -> None:
        super().__init__(document)
        self._pipeline = pipeline
        self._path = path

    @property
    def path(self) -> Path:
        """The folder that appeared."""
        return self._path

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
        return f"<modelium.Execution {str(self._path)!r}: {self._sum()}>"

    def _sum(self) -> str:
        return str(self._document["status"])

    def _title(self) -> str:
        return str(self._path)

    def _repr_html_(self) -> str:
        return super()._repr_html_() + (self.parity._repr_html_() if self.parity else "")

    def _rows(self) -> Iterable[Row]:
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
