"""Writes tests/corpus/scan/attacks_own: attacks by hand, none of which may scan clean.

    python scan_attacks.py            writes the files
    python scan_attacks.py --check    writes nothing; exits 1 if a committed file differs

`manifest.json` tells how each of them works, where that was published, and the verdict that is due.
"""

import json

from output import deliver
from scan_tricks import (
    arrays,
    consumers,
    documents,
    gadgets,
    graphs,
    hub,
    indirections,
    keras,
    spellings,
    streams,
    tensors,
    torch_files,
    zips,
)

MODULES = (
    arrays,
    consumers,
    documents,
    gadgets,
    graphs,
    hub,
    indirections,
    keras,
    spellings,
    streams,
    tensors,
    torch_files,
    zips,
)


def main():
    files, samples = {}, []
    for module in MODULES:
        group = module.__name__.rpartition(".")[2]
        for name, technique, reference, expected, content in module.files():
            for inner, data in content.items() if isinstance(content, dict) else [(None, content)]:
                files[f"{group}/{name}/{inner}" if inner else f"{group}/{name}"] = data
            samples.append(
                {
                    "file": f"{group}/{name}",
                    "technique": technique,
                    "reference": reference,
                    "expected": expected,
                }
            )
    assert len({sample["file"] for sample in samples}) == len(samples), "two samples of one name"
    samples.sort(key=lambda sample: sample["file"])
    files["manifest.json"] = (json.dumps({"samples": samples}, indent=1, ensure_ascii=False) + "\n").encode()
    deliver(__doc__, "tests/corpus/scan/attacks_own", files)


if __name__ == "__main__":
    main()
