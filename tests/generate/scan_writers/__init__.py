"""Honest files, one module for each group of libraries that write them.

Each module has `files()`, which yields `(name, technique, library, content)`: the name below the module's folder, what
the file shows, the distribution that wrote it, and its bytes; or, for a folder, a map from relative path to bytes.
"""

import contextlib
import pathlib
import tempfile


@contextlib.contextmanager
def folder():
    """A folder of one's own for writers that only write to disk."""
    with tempfile.TemporaryDirectory() as path:
        yield pathlib.Path(path)


def saved(write, name="model"):
    """What `write(path)` leaves there: the bytes of a file, or a map for a folder."""
    with folder() as root:
        path = root / name
        write(path)
        if path.is_dir():
            return tree(path)
        return path.read_bytes()


def tree(root):
    """A folder as a map from relative path to bytes."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
