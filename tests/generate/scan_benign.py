"""Writes tests/corpus/scan/benign_own: files that honest libraries wrote, each of which must scan clean, or
undetermined if its format is not known.

    python scan_benign.py                 all groups
    python scan_benign.py plain torch     these groups; the files of the others stay as they are

`manifest.json` tells what wrote each of them. Most writers put dates and random names into what they write, so another run
gives files of the same kind, not the same bytes. Needs `requirements-scan.txt` (PyTorch among them: 10 GB installed).
"""

import importlib
import importlib.metadata
import json
import platform
import shutil
import sys

from output import REPOSITORY

ROOT = REPOSITORY / "tests/corpus/scan/benign_own"
GROUPS = (
    "plain",
    "arrays",
    "learners",
    "joblib_files",
    "boosters",
    "torch_files",
    "tensor_files",
    "keras_files",
    "hub",
    "text",
    "packages",
    "older",
)
# of these formats the scanner says that it does not know them, and so nothing of what is in them
UNKNOWN = {"arrays/pandas_frame.parquet", "text/spacy_doc.spacy", "text/spacy_folder", "text/word2vec.bin"}


def version(library):
    """The library with the version that wrote the file."""
    if library == "python":
        return f"python {platform.python_version()}"
    return f"{library} {importlib.metadata.version(library)}" if " " not in library else library


def write(group):
    """Writes the files of a group afresh; gives their lines of the manifest."""
    samples = []
    shutil.rmtree(ROOT / group, ignore_errors=True)
    for name, technique, library, content in importlib.import_module(f"scan_writers.{group}").files():
        for inner, data in content.items() if isinstance(content, dict) else [(None, content)]:
            path = ROOT / group / name / inner if inner else ROOT / group / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        samples.append(
            {
                "file": f"{group}/{name}",
                "technique": technique,
                "library": version(library),
                "expected": "undetermined" if f"{group}/{name}" in UNKNOWN else "clean",
            }
        )
    return samples


def main():
    groups = sys.argv[1:] or GROUPS
    path = ROOT / "manifest.json"
    samples = json.loads(path.read_bytes())["samples"] if path.exists() else []
    for group in groups:
        samples = [sample for sample in samples if not sample["file"].startswith(f"{group}/")] + write(group)
        samples.sort(key=lambda sample: sample["file"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"samples": samples}, indent=1, ensure_ascii=False) + "\n")
    size = sum(file.stat().st_size for file in ROOT.rglob("*") if file.is_file())
    print(f"{len(samples)} samples, {size} bytes")


if __name__ == "__main__":
    main()
