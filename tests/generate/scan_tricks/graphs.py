"""TensorFlow and ONNX graphs, protobuf by hand: operators that act, wherever a graph can hold one."""

import struct

from wire import block, number, tag, varint

from .ops import run, stream

OUT = b"/nonexistent/owned"
STRING, GRAPH, TENSOR = 3, 5, 4


def files():
    for name, technique, reference, expected, content in [*tensorflow(), *onnx()]:
        yield name, technique, reference, expected, content


# TensorFlow


def node(op, name="n", inputs=(), **attrs):
    """A NodeDef; attributes are encoded AttrValues."""
    body = block(1, name) + block(2, op) + b"".join(block(3, i) for i in inputs)
    return body + b"".join(block(5, block(1, key) + block(2, value)) for key, value in attrs.items())


def text_const(value, name="c"):
    tensor = number(1, 7) + block(2, b"") + block(8, value)
    return node("Const", name, dtype=number(6, 7), value=block(8, tensor))


def function(name, *nodes):
    return block(1, block(1, name)) + b"".join(block(3, item) for item in nodes)


def graph_def(*nodes, functions=()):
    library = block(2, b"".join(block(1, item) for item in functions)) if functions else b""
    return b"".join(block(1, item) for item in nodes) + library + block(4, number(1, 1882))


def saved_model(graph, signatures=b"", extra=b""):
    meta = block(1, block(4, "serve") + block(5, "2.15.0"))
    return number(1, 1) + block(2, meta + block(2, graph) + signatures + extra)


def folder(graph, **more):
    return {"saved_model.pb": saved_model(graph), **more}


def tensorflow():
    bad, cve = "malicious", "TensorAbuse, JFrog TFLOW-MALOPS"
    write = node("WriteFile", "w", ["f", "d"])
    for op, expected in (
        ("WriteFile", bad),
        ("ReadFile", bad),
        ("PyFunc", bad),
        ("EagerPyFunc", bad),
        ("PyFuncStateless", bad),
        ("RpcCall", "suspicious"),
        ("RpcClient", "suspicious"),
        ("RpcServer", "suspicious"),
        ("FixedLengthRecordDatasetV2", "suspicious"),
        ("TextLineDataset", "suspicious"),
        ("TFRecordDatasetV2", "suspicious"),
        ("WholeFileReaderV2", "suspicious"),
        ("TextLineReader", "suspicious"),
        ("ImmutableConst", "suspicious"),
        ("LoadDataset", "suspicious"),
        ("SnapshotDatasetV2", "suspicious"),
        ("SaveDatasetV2", "suspicious"),
        ("DatasetToTFRecord", "suspicious"),
        ("MatchingFilesDataset", "suspicious"),
        ("SqlDataset", "suspicious"),
        ("CreateSummaryFileWriter", "suspicious"),
        ("RegisterDatasetV2", "suspicious"),
        ("DataServiceDatasetV4", "suspicious"),
        ("DatasetFromGraph", "suspicious"),
        ("RemoteCall", "suspicious"),
        ("RemoteFusedGraphExecute", "suspicious"),
        ("GenerateBigQueryReaderPartitions", "suspicious"),
        ("CloudBigtableClient", "suspicious"),
        ("KafkaDataset", "suspicious"),
        ("CompilerOp", "suspicious"),
        ("MyOwnOp", "suspicious"),
        ("Evil>Op", "suspicious"),
    ):
        yield (
            f"op_{op.replace('>', '_')}",
            f"TensorFlow operator {op}",
            cve,
            expected,
            folder(graph_def(text_const(OUT), node(op, "x", ["c"]))),
        )
    stream_to = block(2, b"file://" + OUT)
    yield (
        "print_to_file",
        "PrintV2 into a file",
        cve,
        "suspicious",
        folder(graph_def(text_const(b"x"), node("PrintV2", "p", ["c"], output_stream=stream_to))),
    )
    urls = block(1, block(2, b"grpc://203.0.113.1:9"))
    for op in ("DebugIdentity", "DebugIdentityV3", "DebugNumericSummary"):
        yield (
            f"debug_to_url_{op}",
            f"{op} sends tensors elsewhere",
            cve,
            "suspicious",
            folder(graph_def(text_const(b"x"), node(op, "p", ["c"], debug_urls=urls))),
        )
    yield (
        "frozen_write.pb",
        "WriteFile in a frozen graph",
        cve,
        bad,
        graph_def(text_const(OUT, "f"), text_const(b"x", "d"), write),
    )
    yield (
        "frozen_named.bin",
        "a frozen graph of another name",
        cve,
        bad,
        graph_def(text_const(OUT, "f"), text_const(b"x", "d"), write),
    )
    parts = [text_const(value, name) for name, value in (("f", OUT), ("a", b"a"), ("dot", b"."), ("up", b"./x"))]
    merge, save = node("MergeV2Checkpoints", "m", ["a", "f"]), node("SaveV2", "s", ["j"])
    dots = node("StringJoin", "j", ["dot", "up"])
    separator = node("StringJoin", "j", ["a", "a"], separator=block(2, b"/../../"))
    for name, technique, acting in (
        ("merge_elsewhere.pb", "a merged checkpoint goes elsewhere", [merge]),
        ("save_joined_dots.pb", "two dots that are joined", [dots, save]),
        ("save_separator.pb", "steps upwards in a separator", [separator, save]),
    ):
        yield name, technique, cve, bad, graph_def(*parts, *acting)
    yield (
        "meta_graph.meta",
        "WriteFile in a MetaGraphDef",
        cve,
        bad,
        block(1, block(5, "2.15.0")) + block(2, graph_def(write)),
    )
    yield (
        "in_function",
        "WriteFile in a function",
        cve,
        bad,
        folder(
            graph_def(
                node("StatefulPartitionedCall", "p", f=block(10, block(1, "f"))), functions=[function("f", write)]
            )
        ),
    )
    yield (
        "in_function_uncalled",
        "WriteFile in a function that nothing calls",
        cve,
        "suspicious",
        folder(graph_def(functions=[function("f", write)])),
    )
    yield (
        "in_branch",
        "WriteFile in a branch of If",
        cve,
        bad,
        folder(
            graph_def(
                node("StatelessIf", "i", then_branch=block(10, block(1, "t")), else_branch=block(10, block(1, "e"))),
                functions=[function("t", write), function("e", node("NoOp"))],
            )
        ),
    )
    inner = graph_def(write)
    yield (
        "nested_const",
        "a GraphDef as a string of a Const, for DatasetFromGraph",
        "hf tfhunt-savedmodel-nested-writefile",
        bad,
        folder(graph_def(text_const(inner), node("DatasetFromGraph", "d", ["c"]))),
    )
    yield (
        "nested_const_alone",
        "a GraphDef as a string of a Const",
        "hf tfhunt-savedmodel-nested-writefile",
        "suspicious",
        folder(graph_def(text_const(inner))),
    )
    yield (
        "nested_twice",
        "a GraphDef in a GraphDef in a Const",
        "hf tfhunt-savedmodel-nested-writefile",
        bad,
        folder(
            graph_def(
                text_const(graph_def(text_const(inner), node("DatasetFromGraph", "d", ["c"]))),
                node("DatasetFromGraph", "d", ["c"]),
            )
        ),
    )
    yield (
        "nested_attribute",
        "a GraphDef as a string attribute",
        cve,
        "suspicious",
        folder(graph_def(node("DatasetFromGraph", "d", ["c"], graph_def=block(2, inner)))),
    )
    yield (
        "nested_list",
        "a function in a list attribute",
        cve,
        bad,
        folder(
            graph_def(node("Case", "c", branches=block(1, block(9, block(1, "f")))), functions=[function("f", write)])
        ),
    )
    yield (
        "second_meta_graph",
        "the second meta graph writes",
        cve,
        bad,
        {
            "saved_model.pb": saved_model(graph_def(node("NoOp")))
            + block(2, block(1, block(4, "train")) + block(2, inner))
        },
    )
    yield (
        "split_field",
        "a graph in two pieces that protobuf merges",
        "protobuf",
        bad,
        {"saved_model.pb": number(1, 1) + block(2, block(2, graph_def(node("NoOp"))) + block(2, inner))},
    )
    yield (
        "overlong_varint",
        "lengths of ten bytes",
        "protobuf",
        bad,
        {"saved_model.pb": number(1, 1) + tag(2, 2) + varint(len(block(2, inner)), 9) + block(2, inner)},
    )
    yield (
        "text_format.pbtxt",
        "a graph as text",
        cve,
        bad,
        b'node {\n  name: "w"\n  op: "WriteFile"\n  input: "f"\n  input: "d"\n}\nversions { producer: 1882 }\n',
    )
    yield (
        "saved_model_text",
        "a saved model as text",
        cve,
        bad,
        {
            "saved_model.pbtxt": b'saved_model_schema_version: 1\nmeta_graphs {\n  graph_def {\n    node { name: "w" op: "WriteFile" input: "f" input: "d" }\n  }\n}\n'
        },
    )
    yield (
        "asset_traversal",
        "an asset that leaves the folder",
        cve,
        bad,
        {"saved_model.pb": saved_model(graph_def(node("NoOp")), extra=block(6, block(2, "../../etc/passwd")))},
    )
    yield (
        "asset_pickle",
        "a pickle among the assets",
        "containers",
        bad,
        folder(graph_def(node("NoOp")), **{"assets/vocab.pkl": stream(run())}),
    )
    yield (
        "native_library",
        "a library among the assets",
        "native code",
        "suspicious",
        folder(graph_def(node("NoOp")), **{"assets.extra/op.so": b"\x7fELF\2\1\1" + bytes(57)}),
    )
    yield (
        "deep_message",
        "messages in each other, 3,000 deep",
        "protobuf",
        "suspicious",
        {"saved_model.pb": number(1, 1) + deep(3000)},
    )
    yield "cut", "a saved model that is cut", "protobuf", "suspicious", {"saved_model.pb": saved_model(inner)[:-20]}
    keras = b'{"class_name": "Functional", "config": {"layers": [{"class_name": "Lambda", "config": {"name": "l", "function": {"class_name": "__lambda__", "config": {"code": "4wEAAAA="}}}}]}}'
    yield (
        "keras_metadata",
        "a Lambda in keras_metadata.pb",
        "modelscan",
        bad,
        folder(
            graph_def(node("NoOp")),
            **{
                "keras_metadata.pb": block(
                    1, number(2, 1) + block(3, "root.layer-0") + block(4, "_tf_keras_layer") + block(5, keras)
                )
            },
        ),
    )


def deep(levels):
    data = b""
    for _ in range(levels):
        data = block(2, data)
    return data


# ONNX


def tensor(name="w", dims=(2,), raw=bytes(8), external=None):
    body = b"".join(number(1, d) for d in dims) + number(2, 1) + block(8, name)
    if external is None:
        return body + block(9, raw)
    return body + b"".join(block(13, block(1, key) + block(2, value)) for key, value in external) + number(14, 1)


def onnx_node(op="Identity", inputs=("w",), outputs=("y",), domain="", attributes=()):
    body = b"".join(block(1, i) for i in inputs) + b"".join(block(2, o) for o in outputs) + block(4, op)
    return body + b"".join(block(5, a) for a in attributes) + (block(7, domain) if domain else b"")


def value(name):
    return block(1, name) + block(2, block(1, number(1, 1) + block(2, block(1, number(1, 2)))))


def onnx_graph(nodes=None, initializers=(), extra=b""):
    nodes = [onnx_node()] if nodes is None else nodes
    return (
        b"".join(block(1, n) for n in nodes)
        + block(2, "g")
        + b"".join(block(5, t) for t in initializers)
        + block(12, value("y"))
        + extra
    )


def model(graph, extra=b"", domains=()):
    opsets = block(8, number(2, 17)) + b"".join(block(8, block(1, d) + number(2, 1)) for d in domains)
    return number(1, 8) + block(2, "pytorch") + opsets + block(7, graph) + extra


def onnx():
    bad, cve = "malicious", "CVE-2022-25882, 2024-27318, 2024-5187, 2025-51480, 2026-27489, 2026-34445, 2026-34446"

    def external(location, *more):
        return model(onnx_graph(initializers=[tensor(external=[("location", location), *more])]))

    for name, location in {
        "traversal": "../../etc/passwd",
        "nested_traversal": "a/../../../etc/passwd",
        "absolute": "/etc/passwd",
        "url": "http://203.0.113.1/w",
        "file_url": "file:///etc/passwd",
        "backslash": "..\\..\\owned",
        "drive": "C:\\Windows\\win.ini",
        "unc": "\\\\host\\share\\w",
        "nul": "w.bin\0/../../x",
        "dot_dot": "..",
        "hidden_dots": "./a/./../../w",
        "encoded": "%2e%2e/%2e%2e/etc/passwd",
        "home": "~/.ssh/id_rsa",
        "device": "/dev/zero",
        "proc": "/proc/self/environ",
        "mixed": "a\\../../w",
    }.items():
        expected = "suspicious" if name in ("encoded", "home", "hidden_dots") else bad
        yield f"external_{name}.onnx", f"external data at {location!r}", cve, expected, external(location)
    for name, more in {
        "offset_negative": [("offset", "-8")],
        "offset_huge": [("offset", str(2**64))],
        "offset_text": [("offset", "0x10")],
        "length_huge": [("length", str(2**62))],
        "unknown_key": [("__class__", "x")],
        "key_twice": [("location", "../../x")],
        "sum_overflows": [("offset", str(2**63 - 1)), ("length", str(2**63 - 1))],
    }.items():
        yield (
            f"external_{name}",
            f"external data: {name.replace('_', ' ')}",
            cve,
            "suspicious",
            {"model.onnx": external("w.bin", *more), "w.bin": bytes(8)},
        )
    yield "external_missing", "external data that is not there", cve, "suspicious", {"model.onnx": external("w.bin")}
    yield (
        "external_no_location.onnx",
        "external data without a location",
        cve,
        "suspicious",
        model(onnx_graph(initializers=[tensor(external=[("offset", "0")])])),
    )
    leaves = tensor(external=[("location", "../../etc/passwd")])
    constant = lambda t: onnx_node(
        "Constant", (), ("y",), attributes=[block(1, "value") + number(20, TENSOR) + block(5, t)]
    )  # noqa: E731
    inner = onnx_graph(nodes=[], initializers=[leaves])
    places = {
        "constant": model(onnx_graph([constant(leaves)])),
        "tensors_attribute": model(
            onnx_graph(
                [onnx_node("Custom", (), ("y",), attributes=[block(1, "v") + number(20, 9) + block(10, leaves)])]
            )
        ),
        "subgraph": model(
            onnx_graph(
                [
                    onnx_node(
                        "If", ("c",), ("y",), attributes=[block(1, "then_branch") + number(20, GRAPH) + block(6, inner)]
                    )
                ]
            )
        ),
        "graphs_attribute": model(
            onnx_graph(
                [onnx_node("If", ("c",), ("y",), attributes=[block(1, "x") + number(20, 10) + block(11, inner)])]
            )
        ),
        "sparse_values": model(onnx_graph(extra=block(15, block(1, leaves) + block(2, tensor("i")) + number(3, 2)))),
        "sparse_indices": model(onnx_graph(extra=block(15, block(1, tensor()) + block(2, leaves) + number(3, 2)))),
        "function": model(onnx_graph(), block(25, block(1, "f") + block(10, "own") + block(7, constant(leaves)))),
        "training": model(onnx_graph(), block(20, block(1, inner))),
        "unused_field": model(
            onnx_graph(initializers=[tensor() + block(13, block(1, "location") + block(2, "../../x")) + number(14, 1)])
        ),
        "uneven_type": model(
            onnx_graph(
                [
                    onnx_node(
                        "Constant", (), ("y",), attributes=[block(1, "value") + number(20, STRING) + block(5, leaves)]
                    )
                ]
            )
        ),
    }
    for name, content in places.items():
        yield (
            f"in_{name}.onnx",
            f"external data that leaves, in: {name.replace('_', ' ')}",
            cve,
            bad if name != "unused_field" else "suspicious",
            content,
        )
    for domain in ("own.domain", "ai.onnx.contrib", "org.pytorch.aten", "com.microsoft.extensions", "ai.onnx.python"):
        yield (
            f"domain_{domain}.onnx",
            f"an operator of {domain}: needs native code",
            "custom operators",
            "suspicious",
            model(onnx_graph([onnx_node("Run", domain=domain)]), domains=[domain]),
        )
    for op in ("PythonOp", "PyOp"):
        yield (
            f"python_{op}.onnx",
            f"{op} runs Python",
            "custom operators",
            "suspicious",
            model(onnx_graph([onnx_node(op, domain="com.microsoft")]), domains=["com.microsoft"]),
        )
    yield (
        "domain_in_subgraph.onnx",
        "a custom operator in a branch",
        "custom operators",
        "suspicious",
        model(
            onnx_graph(
                [
                    onnx_node(
                        "If",
                        ("c",),
                        ("y",),
                        attributes=[
                            block(1, "then_branch")
                            + number(20, GRAPH)
                            + block(6, onnx_graph([onnx_node("Run", domain="own")]))
                        ],
                    )
                ]
            ),
            domains=["own"],
        ),
    )
    yield (
        "context_library.onnx",
        "an EPContext that names a library",
        "custom operators",
        "suspicious",
        model(
            onnx_graph(
                [
                    onnx_node(
                        "EPContext",
                        domain="com.microsoft",
                        attributes=[
                            block(1, "ep_cache_context") + number(20, STRING) + block(4, b"../../evil.so"),
                            block(1, "embed_mode") + number(20, 2) + number(3, 0),
                        ],
                    )
                ]
            ),
            domains=["com.microsoft"],
        ),
    )
    yield (
        "dims_overflow.onnx",
        "dimensions that overflow",
        cve,
        "suspicious",
        model(onnx_graph(initializers=[tensor(dims=(2**32, 2**32, 2**32))])),
    )
    yield (
        "dims_negative.onnx",
        "a negative dimension",
        cve,
        "suspicious",
        model(onnx_graph(initializers=[tensor(dims=(-1,))])),
    )
    yield (
        "data_short.onnx",
        "less data than the shape says",
        cve,
        "suspicious",
        model(onnx_graph(initializers=[tensor(dims=(1000,))])),
    )
    yield (
        "cut.onnx",
        "a model that is cut",
        "protobuf",
        "suspicious",
        model(onnx_graph(initializers=[tensor(raw=bytes(400), dims=(100,))]))[:-50],
    )
    nested = onnx_graph()
    for _ in range(300):
        nested = onnx_graph(
            [
                onnx_node(
                    "If", ("c",), ("y",), attributes=[block(1, "then_branch") + number(20, GRAPH) + block(6, nested)]
                )
            ]
        )
    yield "deep_branches.onnx", "branches 300 deep", "protobuf", "suspicious", model(nested)
    yield (
        "function_cycle.onnx",
        "functions that call each other",
        "recursion",
        "suspicious",
        model(
            onnx_graph([onnx_node("f", domain="own")]),
            b"".join(
                block(
                    25,
                    block(1, a)
                    + block(10, "own")
                    + block(4, "x")
                    + block(5, "y")
                    + block(7, onnx_node(b, ("x",), ("y",), "own")),
                )
                for a, b in (("f", "g"), ("g", "f"))
            ),
            domains=["own"],
        ),
    )
    key = "AKIA" + "Z7QX4LMN2PRT5WVY"
    yield (
        "secret.onnx",
        "a cloud key in the metadata",
        "secrets",
        "suspicious",
        model(onnx_graph(initializers=[tensor()]), block(14, block(1, "aws_access_key_id") + block(2, key))),
    )
    yield (
        "pickle_behind.onnx",
        "a pickle behind the model",
        "polyglot",
        "suspicious",
        model(onnx_graph(initializers=[tensor()])) + stream(run()),
    )
    program = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHI", 3, 62, 1) + bytes(232)
    yield (
        "program_in_weights.onnx",
        "a program as an initializer",
        "weight steganography",
        "suspicious",
        model(onnx_graph(initializers=[tensor(dims=(64,), raw=program)])),
    )
