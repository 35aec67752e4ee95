"""The simplifiers that modelium is measured beside, each in a process of its own.

python tools.py TOOL IN OUT
"""

import importlib.metadata
import pathlib
import subprocess
import sys
import time

PEERS = ["onnxsim", "onnxslim", "onnxoptimizer"]
SECONDS = 900


def version(tool: str) -> str:
    return importlib.metadata.version(tool)


def command(tool: str, modelium: str, given: pathlib.Path, out: pathlib.Path) -> list[str]:
    if tool.startswith("modelium-"):
        return [modelium, "simplify", str(given), str(out), "--level", tool.removeprefix("modelium-")]
    return [sys.executable, __file__, tool, str(given), str(out)]


def simplify(tool: str, modelium: str, given: pathlib.Path, out: pathlib.Path) -> tuple[float, str | None]:
    """Runs one tool as its users do; gives the seconds of the whole process, and why it failed if it did."""
    out.unlink(missing_ok=True)
    started = time.monotonic()
    try:
        done = subprocess.run(
            command(tool, modelium, given, out), capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return SECONDS, f"not done after {SECONDS} s"
    seconds = time.monotonic() - started
    if done.returncode != 0 or not out.exists():
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        return seconds, (lines or [f"exit status {done.returncode}"])[-1][:200]
    return seconds, None


def main() -> None:
    """One peer with its defaults; dynamic dimensions stay dynamic."""
    tool, given, out = sys.argv[1:]
    import onnx

    if tool == "onnxsim":
        import onnxsim

        model, _ = onnxsim.simplify(onnx.load(given))
        onnx.save(model, out)
    elif tool == "onnxslim":
        import onnxslim

        onnxslim.slim(given, out)
    elif tool == "onnxoptimizer":
        import onnxoptimizer

        passes = onnxoptimizer.get_fuse_and_elimination_passes()
        onnx.save(onnxoptimizer.optimize(onnx.load(given), passes, fixed_point=True), out)
    else:
        raise SystemExit(f"no tool is named {tool}")


if __name__ == "__main__":
    main()
