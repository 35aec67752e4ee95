"""The command line: ``modelium`` and ``python -m modelium``.

Exit codes: 0 fine, 1 failed, 2 usage, 3 danger found, 4 undetermined. With ``--json`` one document goes to stdout,
errors included; progress goes to stderr, and only if that is a terminal.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from modelium import _tables
from modelium._native import __version__
from modelium._pipeline import Pipeline
from modelium.errors import InvalidArgumentError, IoError, ModeliumError, UnsafeContentError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FINE, FAILED, USAGE, DANGER, UNDETERMINED = range(5)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    argv = sys.argv[1:] if argv is None else argv
    options = _parser(argv).parse_args(argv)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except ModeliumError as error:
        if options.json:
            _print_json({"error": error.to_dict()})
        print(f"modelium: {error}", file=sys.stderr)
        for note in error.notes:
            print(f"  {note}", file=sys.stderr)
        return DANGER if isinstance(error, UnsafeContentError) else FAILED
    except KeyboardInterrupt:
        print("modelium: interrupted", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        sys.stderr.close()  # whoever read stdout has gone; there is nobody to tell
        return FAILED


def _parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of the command that is asked for, so that starting up makes no others; else of every command."""
    parser = argparse.ArgumentParser(
        prog="modelium",
        description="From a stored model to a served one: analyse, plan, convert, prove and deploy.",
        epilog="exit codes: 0 fine, 1 failed, 2 usage, 3 danger found, 4 undetermined",
        formatter_class=_help,
    )
    parser.add_argument("--version", action="version", version=f"modelium {__version__}")
    subs = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    listed = _commands()
    for name in argv[:1] if argv and argv[0] in listed else listed:
        run, about, arguments = listed[name]
        sub = subs.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".", formatter_class=_help)
        sub.set_defaults(command=run)
        sub.add_argument("--json", action="store_true", help="print one JSON document")
        arguments(sub)
    return parser


def _help(prog: str) -> argparse.HelpFormatter:
    """As wide as the terminal; argparse would import half the library to find out."""
    try:
        columns = int(os.environ.get("COLUMNS", 0)) or os.get_terminal_size().columns
    except (OSError, ValueError):
        columns = 80
    return argparse.HelpFormatter(prog, width=columns - 2)


def _commands() -> dict[
    str, tuple[Callable[[argparse.Namespace], int], str, Callable[[argparse.ArgumentParser], None]]
]:
    """What runs a command, what it does, and what adds its arguments."""
    return {
        "inspect": (_inspect, "say what a model is, without reading its weights", _inspect_arguments),
        "scan": (_scan, "look for what must not be in a model; executes nothing", _scan_arguments),
        "convert": (_convert, "take the tensors out of a checkpoint without running it", _convert_arguments),
        "simplify": (_simplify, "make a model smaller that computes the same", _simplify_arguments),
        "check": (_check, "hold a model against the ONNX specification", _check_arguments),
        "infer": (_infer, "say what type and shape every value has", _infer_arguments),
        "upgrade": (_upgrade, "write a model in another version of the ONNX operators", _upgrade_arguments),
        "plan": (_plan, "plan the way to a target; nothing runs", _plan_arguments),
        "run": (_run, "the whole journey: plan, convert, prove, package", _run_arguments),
        "compare": (_compare, "run two models on the same inputs and say how far they are apart", _compare_arguments),
        "deploy": (_deploy, "publish a result into a Triton model repository", _deploy_arguments),
        "lint": (_lint, "compare a model repository's configs with its models", _lint_arguments),
        "health": (_health, "ask a server how it is, and why not", _health_arguments),
        "formats": (_formats, "list formats, passes, runtimes and targets", _no_arguments),
    }


def _no_arguments(_: argparse.ArgumentParser) -> None:
    pass


def _inspect_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("model", metavar="MODEL")


def _scan_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("paths", metavar="PATH", nargs="*", help="files, and folders with all below them")
    sub.add_argument("--format", choices=("table", "json", "sarif", "cyclonedx"), default="table")
    sub.add_argument("--out", metavar="FILE", help="write the document here, and the table to the terminal")
    sub.add_argument("--structure", action="store_true", help="leave the raw bytes of weights unread")
    sub.add_argument("--digests", action="store_true", help="digest every file")
    sub.add_argument("--policy", metavar="FILE", help="accept findings by rule and digest, with a reason")
    sub.add_argument("--against", metavar="OLD", help="say what PATH does that OLD does not")
    sub.add_argument("--rules", action="store_true", help="list the rules and end")


def _convert_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("model", metavar="CHECKPOINT")
    sub.add_argument("--to", choices=("safetensors",), default="safetensors")
    sub.add_argument("--out", metavar="FILE", help="beside the checkpoint by default")
    sub.add_argument("--replace", action="store_true", help="take the place of an existing FILE")


def _simplify_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("model", metavar="MODEL")
    sub.add_argument("out", metavar="OUT")
    sub.add_argument("--level", choices=("portable", "onnxruntime"), default="portable", help="operators it may use")
    sub.add_argument("--without", action="append", default=[], metavar="PASS", help="leave a pass out")
    sub.add_argument(
        "--growth", type=_bytes, default=0, metavar="N", help="bytes by which it may grow; K, M, G allowed"
    )
    sub.add_argument("--explain", action="store_true", help="print every rewrite")
    sub.add_argument("--replace", action="store_true", help="take the place of an existing OUT")


def _check_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("model", metavar="MODEL")
    sub.add_argument("--structure", action="store_true", help="leave types and shapes aside")


def _infer_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("model", metavar="MODEL")
    sub.add_argument("--out", metavar="FILE", help="write the model with them")
    sub.add_argument(
        "--dim", type=_fixed, action="append", default=[], metavar="NAME=N", help="a number for a symbolic dimension"
    )
    sub.add_argument("--replace", action="store_true", help="take the place of an existing FILE")


def _upgrade_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("model", metavar="MODEL")
    sub.add_argument("out", metavar="OUT")
    sub.add_argument("--opset", type=int, required=True, metavar="N", help="the version, newer or older")
    sub.add_argument("--replace", action="store_true", help="take the place of an existing OUT")


def _plan_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("model", metavar="MODEL")
    _add_wishes(sub)


def _run_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("model", metavar="MODEL")
    _add_wishes(sub)
    sub.add_argument("--out", metavar="DIR", required=True, help="appears only when complete and in parity")
    sub.add_argument("--replace", action="store_true", help="take the place of an existing DIR")
    sub.add_argument(
        "--in-process", action="store_true", help="run the steps here instead of in a limited child process"
    )
    sub.add_argument("--workspace", metavar="DIR", help="keep intermediate results here, and resume from them")


def _compare_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("original", metavar="A")
    sub.add_argument("result", metavar="B")
    sub.add_argument("--samples", metavar="FILE.npz", help="inputs by name, instead of generated ones alone")
    sub.add_argument("--absolute", type=float, metavar="X", help="largest absolute difference")
    sub.add_argument("--relative", type=float, metavar="X", help="largest relative difference")
    sub.add_argument("--cosine", type=float, metavar="X", help="least cosine similarity of an output")
    sub.add_argument("--layers", action="store_true", help="find the first node that differs")


def _deploy_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("folder", metavar="DIR")
    sub.add_argument("--to", metavar="REPOSITORY", required=True)
    sub.add_argument("--server", metavar="URL", help="have this server load it, and wait until it is ready")
    sub.add_argument("--keep", type=int, metavar="N", help="versions to keep; all by default")
    sub.add_argument("--wait", type=float, default=60.0, metavar="SECONDS", help="how long to wait for the server")


def _lint_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("repository", metavar="REPOSITORY")


def _health_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--server", metavar="URL", required=True)
    sub.add_argument("--model", metavar="N")


def _add_wishes(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--target", choices=("files", "triton"), default="files")
    sub.add_argument("--precision", choices=("keep", "fp32", "fp16", "int8", "int4"), default="keep")
    sub.add_argument("--objective", choices=("latency", "throughput", "memory", "size"), default="latency")
    sub.add_argument("--max-memory", type=_bytes, metavar="N", help="bytes that a step may take; K, M, G allowed")
    sub.add_argument("--name", metavar="N", help="the name to serve it under")
    sub.add_argument("--samples", metavar="FILE.npz", help="your own inputs for the proof, by name")
    sub.add_argument("--batch", type=_range, metavar="MIN:MAX", help="requests in one batch")
    sub.add_argument(
        "--dim", type=_dim, action="append", default=[], metavar="NAME=MIN:MAX", help="range of a symbolic dimension"
    )
    sub.add_argument("--allow-unproven", action="store_true", help="go on where no runtime can prove the result")


def _bytes(text: str) -> int:
    units = {"k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}
    unit = units.get(text[-1:].lower())
    try:
        return int(float(text[:-1]) * unit) if unit else int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of bytes, such as 512M") from None


def _range(text: str) -> tuple[int, int]:
    least, _, most = text.partition(":")
    try:
        return int(least), int(most or least)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a range, such as 1:32") from None


def _dim(text: str) -> tuple[str, tuple[int, int]]:
    name, equals, span = text.rpartition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"'{text}' does not name a dimension, such as seq=1:128")
    return name, _range(span)


def _fixed(text: str) -> tuple[str, int]:
    name, (least, most) = _dim(text)
    if least != most:
        raise argparse.ArgumentTypeError(f"'{text}' is not one number, such as batch=8")
    return name, least


def _progress() -> bool:
    return sys.stderr.isatty()


def _print_json(document: Any) -> None:
    import json

    json.dump(document, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def _show(options: argparse.Namespace, document: Any, text: Callable[[], str]) -> None:
    if options.json:
        _print_json(document)
    else:
        print(text())


def _inspect(options: argparse.Namespace) -> int:
    model = Pipeline().open(options.model, progress=_progress())
    _show(options, model.descriptor, lambda: str(model))
    return DANGER if any(finding["severity"] in ("danger", "suspicious") for finding in model.findings) else FINE


def _scan(options: argparse.Namespace) -> int:
    pipeline = Pipeline()
    if options.rules:
        return _rules(options, pipeline)
    if not options.paths:
        print("modelium scan: name a file or a folder", file=sys.stderr)
        return USAGE
    wishes: dict[str, Any] = {"depth": "structure" if options.structure else "content"}
    if options.policy:
        wishes["policy"] = _read_policy(options.policy)
    if options.against:
        return _scan_against(options, pipeline, wishes)
    digests = options.digests or options.format == "cyclonedx"
    report = pipeline.scan(*options.paths, digests=digests, progress=_progress(), **wishes)
    documents: dict[str, Callable[[], Any]] = {
        "json": lambda: report.document,
        "sarif": report.to_sarif,
        "cyclonedx": report.to_cyclonedx,
    }
    kind = "json" if options.json and options.format == "table" else options.format
    if options.out:
        import json
        from pathlib import Path

        document = documents.get(kind, documents["json"])()
        Path(options.out).write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if kind in documents and not options.out:
        _print_json(documents[kind]())
    else:
        print(report)
    return _EXIT[report.verdict]


_EXIT = {"clean": FINE, "undetermined": UNDETERMINED, "suspicious": DANGER, "malicious": DANGER}


def _convert(options: argparse.Namespace) -> int:
    done = Pipeline().convert(options.model, options.out, to=options.to, replace=options.replace, progress=_progress())

    def text() -> str:
        rows = [
            ("wrote", done["path"]),
            ("from", done["from"]),
            ("tensors", f"{done['tensors']:,}"),
            ("size", _tables.size(done["bytes"])),
            *[("tied", f"{name} = {first}") for name, first in done["tied"].items()],
        ]
        return _tables.text(("", ""), rows).lstrip("\n")

    _show(options, done, text)
    return FINE


def _simplify(options: argparse.Namespace) -> int:
    done = Pipeline(runs=False).simplify(
        options.model,
        options.out,
        level=options.level,
        without=options.without,
        growth_bytes=options.growth,
        replace=options.replace,
        progress=_progress(),
    )
    _show(options, done.document, lambda: f"{done.explain()}\n\n{done}" if options.explain else str(done))
    return FINE


def _check(options: argparse.Namespace) -> int:
    report = Pipeline(runs=False).check(options.model, full=not options.structure, progress=_progress())
    _show(options, report.document, lambda: str(report))
    return FINE if report.valid else FAILED


def _infer(options: argparse.Namespace) -> int:
    report = Pipeline(runs=False).infer(
        options.model, options.out, dims=dict(options.dim), replace=options.replace, progress=_progress()
    )
    _show(options, report.document, lambda: str(report))
    return FINE


def _upgrade(options: argparse.Namespace) -> int:
    done = Pipeline(runs=False).upgrade(
        options.model, options.out, opset=options.opset, replace=options.replace, progress=_progress()
    )

    def text() -> str:
        rows = [(changed["op"], ", ".join(changed["into"]) or None, changed["node"]) for changed in done["changed"]]
        table = _tables.text(("operator", "became", "node"), rows) + "\n\n" if rows else ""
        return f"{table}opset {done['from']} → {done['to']}, {len(rows)} nodes changed → {done['path']}"

    _show(options, done, text)
    return FINE


def _rules(options: argparse.Namespace, pipeline: Pipeline) -> int:
    rules = pipeline.formats()["rules"]
    rows = [(rule["id"], rule["severity"], rule["title"]) for rule in rules]
    _show(options, rules, lambda: _tables.text(("rule", "severity", "about"), rows))
    return FINE


def _scan_against(options: argparse.Namespace, pipeline: Pipeline, wishes: dict[str, Any]) -> int:
    if len(options.paths) != 1:
        print("modelium scan: --against compares one PATH", file=sys.stderr)
        return USAGE
    diff = pipeline.scan_diff(options.against, options.paths[0], progress=_progress(), **wishes)
    _show(options, diff.document, lambda: str(diff))
    return max(_EXIT[diff.document["after"]], DANGER if diff.does_more else FINE, key=_GRAVITY.index)


_GRAVITY = [FINE, UNDETERMINED, DANGER]


def _read_policy(path: str) -> Any:
    import json
    from pathlib import Path

    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise IoError(f"cannot read the policy: {error.strerror} ({path})") from error
    except ValueError as error:
        raise InvalidArgumentError(f"the policy is not JSON: {error} ({path})") from error


def _wishes(options: argparse.Namespace) -> dict[str, Any]:
    return {
        "target": options.target,
        "precision": options.precision,
        "objective": options.objective,
        "name": options.name,
        "samples": options.samples,
        "batch": options.batch,
        "dims": dict(options.dim),
        "max_memory": options.max_memory,
        "allow_unproven": options.allow_unproven,
        "progress": _progress(),
    }


def _plan(options: argparse.Namespace) -> int:
    plan = Pipeline().open(options.model, progress=_progress()).plan(**_wishes(options))
    _show(options, plan.outcome, plan.explain)
    return FINE


def _run(options: argparse.Namespace) -> int:
    plan = Pipeline().open(options.model, progress=_progress()).plan(**_wishes(options))
    if not options.json:
        print(plan.explain())
    done = plan.run(
        options.out,
        replace=options.replace,
        isolation="in_process" if options.in_process else "worker",
        workspace=options.workspace,
        progress=_progress(),
    )

    def text() -> str:
        parts = ["", str(done)]
        if done.parity:
            parts += ["", str(done.parity)]
        return "\n".join([*parts, "", done.tree()])

    _show(options, done.document, text)
    return FINE


def _compare(options: argparse.Namespace) -> int:
    if options.layers:
        found = Pipeline().compare_layers(
            options.original,
            options.result,
            samples=options.samples,
            absolute=options.absolute,
            relative=options.relative,
            progress=_progress(),
        )
        _show(options, found.document, lambda: str(found))
        return FINE if found.passed else FAILED
    report = Pipeline().compare(
        options.original,
        options.result,
        samples=options.samples,
        absolute=options.absolute,
        relative=options.relative,
        cosine=options.cosine,
        progress=_progress(),
    )
    _show(options, report.document, lambda: str(report))
    return FINE if report.passed else FAILED


def _deploy(options: argparse.Namespace) -> int:
    deployed = Pipeline().deploy(
        options.folder,
        options.to,
        server=options.server,
        keep_versions=options.keep,
        wait_seconds=options.wait,
        progress=_progress(),
    )
    where = f", served by {options.server}" if options.server else ""
    text = f"{deployed.name} version {deployed.version} is in {deployed.document['root']}{where}"
    _show(options, deployed.document, lambda: text)
    return FINE


def _lint(options: argparse.Namespace) -> int:
    findings = Pipeline().lint(options.repository, progress=_progress())
    text = "\n".join(map(_finding, findings)) or "no findings"
    _show(options, findings, lambda: text)
    return FAILED if any(finding["severity"] in ("error", "danger") for finding in findings) else FINE


def _health(options: argparse.Namespace) -> int:
    health = Pipeline().health(options.server, options.model)

    def text() -> str:
        state = "ready" if health["ready"] else "live, not ready" if health["live"] else "not live"
        header = ("model", "version", "ready", "reason")
        rows = [
            (model["name"], model.get("version"), model["ready"], model.get("reason")) for model in health["models"]
        ]
        return f"{options.server}: {state}\n{_tables.text(header, rows)}" if rows else f"{options.server}: {state}"

    _show(options, health, text)
    models_ready = all(model["ready"] for model in health["models"])
    return FINE if health["live"] and (models_ready if options.model else health["ready"]) else FAILED


def _formats(options: argparse.Namespace) -> int:
    known = Pipeline().formats()

    def text() -> str:
        keys = ("name", "analyze", "scan", "import", "export")
        rows = [tuple(one[key] for key in keys) for one in known["formats"]]
        passes = [(one["name"], one["about"]) for one in known["passes"]]
        runtimes = [(one["name"], one["version"]) for one in known["runtimes"]]
        return "\n\n".join(
            [
                _tables.text(("format", "analyze", "scan", "import", "export"), rows),
                _tables.text(("pass", "what it does"), passes),
                _tables.text(("runtime", "version"), runtimes),
                "targets  " + ", ".join(known["targets"]),
            ]
        )

    _show(options, known, text)
    return FINE


def _finding(finding: dict[str, Any]) -> str:
    place = finding.get("location", {})
    where = ":".join(str(place[key]) for key in ("file", "line") if key in place)
    if "item" in place:
        where = f"{where} {place['item']}".strip()
    remedy = f"\n    {finding['remedy']}" if finding.get("remedy") else ""
    head = f"{where}: " if where else ""
    return f"{head}{finding['severity']}: {finding['message']} [{finding['code']}]{remedy}"


if __name__ == "__main__":
    sys.exit(main())
