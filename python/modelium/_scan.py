"""What scanning found, as Python objects: verdicts, findings, and the documents that other tools read."""

from __future__ import annotations

from modelium import _tables
from modelium._report import TableReport
from modelium.errors import UnsafeContentError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from modelium._pipeline import Pipeline
    from modelium._types import Document, Row

_GRAVEST_FIRST = {"danger": 0, "suspicious": 1, "error": 2, "warning": 3, "note": 4}


class ScanReport(TableReport):
    """The verdict on each file, with the findings that led there.

    ``clean``: every byte that a loader would interpret was understood, and nothing in it acts. ``suspicious``: a
    person must look. ``malicious``: it runs code, writes, reaches the network or leads out of its folder.
    ``undetermined``: some of it was not understood; never to be taken for clean.
    """

    _header = ("verdict", "path", "format", "size")

    def __init__(self, pipeline: Pipeline, paths: list[str], document: Document) -> None:
        super().__init__(document)
        self._pipeline = pipeline
        self._paths = paths

    @property
    def verdict(self) -> str:
        """The gravest verdict of all files."""
        verdict: str = self._document["verdict"]
        return verdict

    @property
    def files(self) -> list[Document]:
        """Each file: path, formats, verdict, findings, gaps."""
        files: list[Document] = self._document["files"]
        return files

    @property
    def findings(self) -> list[Document]:
        """The findings of all files, the gravest first."""
        findings = [finding for file in self.files for finding in file["findings"]]
        return sorted(findings, key=lambda finding: _GRAVEST_FIRST[finding["severity"]])

    @property
    def summary(self) -> Document:
        """How many files came to which verdict, and their bytes."""
        summary: Document = self._document["summary"]
        return summary

    def check(self) -> ScanReport:
        """Raises :class:`~modelium.errors.UnsafeContentError` unless everything is clean; returns itself."""
        if self.verdict != "clean":
            lines = [f"{file['verdict']}: {file['path']}" for file in self.files if file["verdict"] != "clean"]
            raise UnsafeContentError(f"the scan is {self.verdict}: {'; '.join(lines[:5])}")
        return self

    def to_json(self) -> str:
        """The report as one JSON document."""
        import json

        return json.dumps(self._document, indent=2, ensure_ascii=False)

    def to_sarif(self) -> Document:
        """The report as SARIF 2.1.0, which code hosts read."""
        return self._pipeline._engine.sarif(self._document)

    def to_cyclonedx(self) -> Document:
        """The bill of materials as CycloneDX 1.6: models, files, libraries, licences, findings as vulnerabilities."""
        return self._pipeline._engine.bill_of_materials(self._paths, self._document)

    def __bool__(self) -> bool:
        return self.verdict == "clean"

    def __str__(self) -> str:
        lines = [super().__str__(), ""] if self.files else []
        for row in self._found():
            place = f"  ({row[2]})" if row[2] else ""
            lines.append(f"{row[0]}: {row[1]}{place}")
            lines += [f"    {line}" for line in row[3:] if line]
        if lines and lines[-1]:
            lines.append("")
        return "\n".join([*lines, self._title()])

    def _repr_html_(self) -> str:
        rows = [row[:4] for row in self._found()]
        found = _tables.html("findings", ("severity", "finding", "where", "evidence"), rows) if rows else ""
        return super()._repr_html_() + found

    def _sum(self) -> str:
        return f"{self.verdict}, {self.summary['files']} files"

    def _title(self) -> str:
        found = self.summary
        kinds = ("malicious", "suspicious", "undetermined", "clean")
        counts = ", ".join(f"{found[kind]} {kind}" for kind in kinds if found[kind]) or "nothing to scan"
        gaps = f"; {_tables.size(found['gap_bytes'])} not understood" if found["gap_bytes"] else ""
        return f"{found['files']} files, {_tables.size(found['bytes'])}: {counts}{gaps}"

    def _rows(self) -> Iterable[Row]:
        return [
            (file["verdict"], file["path"], ", ".join(file.get("formats", [])) or None, _tables.size(file["bytes"]))
            for file in self.files
        ]

    def _found(self) -> list[tuple[str, str, str, str | None, str | None]]:
        """Findings, gaps and what was accepted: what it is, the message, the place, the evidence, the remedy."""
        rows: list[tuple[str, str, str, str | None, str | None]] = []
        for finding in self.findings:
            message = f"{finding['message']} [{finding['code']}]"
            row = (finding["severity"], message, where(finding["location"]), finding.get("evidence"))
            rows.append((*row, finding.get("remedy")))
        for file in self.files:
            for gap in file.get("gaps", []):
                message = f"{_tables.size(gap['bytes'])} not understood: {gap['reason']}"
                rows.append(("gap", message, where(gap["location"]), None, None))
            for accepted in file.get("accepted", []):
                message = f"{accepted['finding']['message']} [{accepted['finding']['code']}]"
                place = where(accepted["finding"]["location"])
                rows.append(("accepted", message, place, None, f"because: {accepted['reason']}"))
        return rows


class ScanDiff(TableReport):
    """What a new version of a model does that the old one did not."""

    _header = ("", "file", "what")

    @property
    def does_more(self) -> bool:
        """The new version does something that the old one did not."""
        more: bool = self._document["does_more"]
        return more

    def __str__(self) -> str:
        return f"{super().__str__()}\n\n{self._title()}" if self._rows() else f"no difference; {self._title()}"

    def _sum(self) -> str:
        return "does more" if self.does_more else "does no more"

    def _title(self) -> str:
        return f"{self._document['before']} → {self._document['after']}"

    def _rows(self) -> list[tuple[str, str, str]]:
        rows: list[tuple[str, str, str]] = []
        for file in self._document["files"]:
            for key, sign in (("appeared", "+"), ("disappeared", "-")):
                if file.get(key):
                    rows.append((sign, file["path"] or ".", "the file"))
            for key, sign in (("new_findings", "+"), ("gone_findings", "-")):
                for finding in file.get(key, []):
                    said = finding.get("evidence") or finding["message"]
                    rows.append((sign, file["path"] or ".", f"{finding['severity']}: {said}"))
            rows += [("+", file["path"] or ".", f"not understood: {gap['reason']}") for gap in file.get("new_gaps", [])]
            rows += [("+", file["path"] or ".", f"uses {name}") for name in file.get("new_uses", [])]
            rows += [("-", file["path"] or ".", f"uses {name}") for name in file.get("gone_uses", [])]
        return rows


def where(location: Document) -> str:
    """A place as people read it."""
    parts = [location.get("file"), *location.get("members", []), location.get("item")]
    if location.get("line") is not None:
        parts.append(f"line {location['line']}")
    if location.get("byte") is not None:
        parts.append(f"byte {location['byte']}")
    return ", ".join(part for part in parts if part)
