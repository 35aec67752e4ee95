"""What was published, as an object to ask and to take back."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from modelium._pipeline import Pipeline
    from modelium._types import Document


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
