"""Writes what the official full check says of each model of the suite.

    python onnx_suite_checks.py SUITE

SUITE is what onnx_suite.py wrote; the result is SUITE/checks.json: per case null, or the checker's message. Not committed.
"""

import argparse
import json
import pathlib

import onnx


def verdict(path):
    try:
        onnx.checker.check_model(str(path), full_check=True)
    except Exception as error:  # whatever it dislikes
        return " ".join(str(error).split())[:300]
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", type=pathlib.Path, help="the folder that onnx_suite.py wrote")
    suite = parser.parse_args().suite
    cases = {path.parent.name: verdict(path) for path in sorted(suite.glob("*/model.onnx"))}
    (suite / "checks.json").write_text(json.dumps(cases, indent=0) + "\n", encoding="utf-8")
    print(f"{len(cases)} cases, {sum(said is not None for said in cases.values())} refused")


if __name__ == "__main__":
    main()
