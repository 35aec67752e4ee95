"""What all reports share: a document, one line that sums it up, and mostly a table."""

from __future__ import annotations

from abc import ABC, abstractmethod

from modelium import _tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from modelium._types import Document, Row


class Report(ABC):
    """A document of the native library, with a face for people."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @property
    def document(self) -> Document:
        """All of it; its schema has the class's name: ``schemas/check_report.json`` for ``CheckReport``."""
        return self._document

    @abstractmethod
    def _sum(self) -> str:
        """The whole in a few words."""

    def __repr__(self) -> str:
        return f"<modelium.{type(self).__name__}: {self._sum()}>"


class TableReport(Report):
    """A report that a table shows: as text in a terminal, as HTML in a notebook."""

    #: What the columns are called.
    _header: tuple[str, ...]

    @abstractmethod
    def _rows(self) -> Iterable[Row]:
        """The table."""

    def _title(self) -> str:
        """What stands above the table in a notebook."""
        return repr(self)[1:-1]

    def __str__(self) -> str:
        return _tables.text(self._header, self._rows())

    def _repr_html_(self) -> str:
        return _tables.html(self._title(), self._header, self._rows())
