"""Puts generated files where they are committed, or tells which of the committed ones are stale."""

import argparse
import pathlib
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def deliver(description, folder, files):
    """Makes `folder` hold exactly `files`, a map from relative path to bytes.

    What people write there, `*.md` and `*.txt`, is left alone.

    With `--check` on the command line nothing is written; the exit status is 1 if anything would change.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the committed files, write nothing")
    check = parser.parse_args().check

    folder = REPOSITORY / folder
    there = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*")
        if path.is_file() and path.suffix not in (".md", ".txt")
    }
    stale = sorted(there - files.keys())
    stale += [name for name, data in files.items() if name not in there or (folder / name).read_bytes() != data]
    if check:
        for name in stale:
            print(f"{folder.relative_to(REPOSITORY)}/{name} is not what the script gives", file=sys.stderr)
        sys.exit(bool(stale))

    for name in stale:
        path = folder / name
        if name in files:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(files[name])
        else:
            path.unlink()
            if not any(path.parent.iterdir()):
                path.parent.rmdir()
    print(f"{len(files)} files, {sum(map(len, files.values()))} bytes, {len(stale)} changed")
