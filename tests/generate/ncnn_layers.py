"""Writes the names of all layers that the ncnn package has, by asking it for each word in its library.

    python tests/generate/ncnn_layers.py > modelium-core/src/formats/ncnn/generated/layers.txt
"""

import os
import re
import tempfile
from pathlib import Path

import ncnn

library = next(Path(ncnn.__file__).parent.glob("*.so")).read_bytes()
words = {word.decode() for word in re.findall(rb"\x00([A-Za-z0-9_]{2,60})(?=\x00)", library)}
# linkers store a name that ends another one inside it
words = {word[at:] for word in words for at in range(len(word)) if word[at].isupper()}
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    for word in sorted(words):
        Path("probe.param").write_text(f"7767517\n1 1\n{word} a 0 1 x\n")
        log = os.open("log", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        child = os.fork()
        if child == 0:
            os.dup2(log, 2)
            ncnn.Net().load_param("probe.param")
            os._exit(0)
        os.waitpid(child, 0)
        os.close(log)
        if "not exists" not in Path("log").read_text():
            print(word, flush=True)
